/** The log: bounded, whole lines, nothing of what the program was working on, and never a reason to fail. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LabError } from '#shared/errors'
import { reportFailure } from '#shared/failure'
import { ProtocolError } from '#shared/hl1/alerts'
import { logLines } from '#main/log/lines'
import { FileLog } from '#main/log/log'
import { LogFile } from '#main/log/log-file'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'))
  path = join(folder, 'logs', 'handshake-lab.log')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const line = (index: number): string => `${String(index).padStart(9, '0')}\n`

describe('the file', () => {
  it('is for its owner alone, in a folder that is made for it', () => {
    expect(new LogFile(path).append('a\n')).toBe(true)
    expect(readFileSync(path, 'utf8')).toBe('a\n')
    if (process.platform === 'win32') return
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'logs')).mode & 0o777).toBe(0o700)
  })

  it('never exceeds its bounds, loses nothing in between, and goes on where it was after a restart', () => {
    const bounds = { bytes: 100, files: 3 }
    let file = new LogFile(path, bounds)
    for (let index = 0; index < 37; index++) {
      if (index % 8 === 0) file = new LogFile(path, bounds)
      file.append(line(index))
      const names = readdirSync(join(folder, 'logs'))
      expect(names.length).toBeLessThanOrEqual(3)
      for (const name of names) expect(statSync(join(folder, 'logs', name)).size).toBeLessThanOrEqual(100)
    }
    const all = [2, 1, 0].map((age) => readFileSync(file.pathOf(age), 'utf8')).join('')
    expect(all).toBe(Array.from({ length: 27 }, (_, index) => line(index + 10)).join(''))
    expect(file.pathOf(2)).toBe(join(folder, 'logs', 'handshake-lab.2.log'))
  })

  it('takes no more of a text than one file holds', () => {
    const file = new LogFile(path, { bytes: 10, files: 2 })
    file.append('x'.repeat(1000))
    expect(statSync(path).size).toBe(10)
  })

  it('is read from its end, from the beginning of a line', () => {
    const file = new LogFile(path)
    expect(file.read(100)).toBe('')
    file.append([0, 1, 2].map(line).join(''))
    expect(file.read(100)).toBe([0, 1, 2].map(line).join(''))
    expect(file.read(25)).toBe([1, 2].map(line).join(''))
  })

  it('harms nothing where its folder can’t be made, and comes back when it can', () => {
    writeFileSync(join(folder, 'logs'), 'a file in the way')
    const file = new LogFile(path)
    expect(file.append('a\n')).toBe(false)
    expect(file.read(10)).toBe('')
    rmSync(join(folder, 'logs'))
    expect(file.append('b\n')).toBe(true)
    expect(readFileSync(path, 'utf8')).toBe('b\n')
  })

  it('harms nothing in a folder that can only be read', () => {
    // The rights of a folder are nothing to root; that of the processes is for nobody to write in.
    const readOnly = process.platform === 'linux' ? '/proc' : join(folder, 'read-only')
    if (process.platform !== 'linux') mkdirSync(readOnly, { mode: 0o500 })
    expect(new LogFile(join(readOnly, 'logs', 'x.log')).append('a\n')).toBe(false)
  })

  it('is said not to be readable where it is not, rather than shown as empty', () => {
    expect(new LogFile(path).read(100)).toBe('')
    mkdirSync(path, { recursive: true })
    expect(() => new LogFile(path).read(100)).toThrow(expect.objectContaining({ code: 'file_not_read' }))
  })

  it('harms nothing where a folder stands in its place, and when it goes away while the app runs', () => {
    mkdirSync(path, { recursive: true })
    expect(new LogFile(path).append('a\n')).toBe(false)
    rmSync(path, { recursive: true })
    const file = new LogFile(path)
    expect(file.append('a\n')).toBe(true)
    rmSync(join(folder, 'logs'), { recursive: true })
    expect(file.append('b\n')).toBe(false)
    expect(file.append('c\n')).toBe(true)
    expect(readFileSync(path, 'utf8')).toBe('c\n')
  })
})

describe('what is written', () => {
  function logged(act: (log: FileLog) => void): string {
    let text = ''
    const file = { append: (lines: string) => ((text += lines), true) }
    act(
      new FileLog(
        file,
        () => Date.UTC(2026, 0, 2),
        () => undefined,
      ),
    )
    return text
  }

  it('says when, what, and where it was thrown', () => {
    const text = logged((log) => log.failed('While testing.', new TypeError('x is not a function')))
    const [first, second] = text.split('\n')
    expect(first).toBe('2026-01-02T00:00:00.000Z error While testing. TypeError x is not a function')
    expect(second).toMatch(/^ {4}at .*main[\\/]log[\\/]log\.test\.ts:\d+:\d+\)?$/)
    expect(text.endsWith('\n')).toBe(true)
  })

  it('tells what the engine says of code by its names', () => {
    const nothing = undefined as unknown as { member: { other: () => void } }
    const deep = (): unknown => [deep()]
    const cases: readonly [() => unknown, string][] = [
      [() => nothing.member, "TypeError Cannot read properties of undefined (reading 'member')"],
      [() => ({ nothing }).nothing.member.other(), 'TypeError Cannot read properties of undefined'],
      [
        () => {
          const early = (): unknown => late
          early()
          const late = 1
        },
        "ReferenceError Cannot access 'late' before initialization",
      ],
      [deep, 'RangeError Maximum call stack size exceeded'],
      [() => new Array(-1), 'RangeError Invalid array length'],
    ]
    for (const [act, said] of cases) {
      let thrown: unknown
      try {
        act()
      } catch (error) {
        thrown = error
      }
      expect(logged((log) => log.failed('Here.', thrown))).toContain(said)
    }
  })

  it('tells the codes and messages of the project’s own errors, and what they are because of', () => {
    const cause = new ProtocolError({
      code: 'decrypt_failed',
      step: 2,
      message: 'The message could not be opened.',
    })
    const text = logged((log) => log.failed('Here.', new LabError('internal_error', 'Own words.', { cause })))
    expect(text).toContain('LabError (internal_error) Own words.\n')
    expect(text).toContain('  because of ProtocolError (decrypt_failed) The message could not be opened.\n')
  })

  it('tells what the system says of its calls', () => {
    let error: unknown
    try {
      readFileSync(join(folder, 'nothing'))
    } catch (caught) {
      error = caught
    }
    expect(logged((log) => log.failed('Here.', error))).toContain(
      '(ENOENT) ENOENT: no such file or directory',
    )
  })

  it.each([
    ['JSON', () => JSON.parse('SECRET-VALUE')],
    ['a value of Node’s', () => Buffer.alloc('SECRET-VALUE' as unknown as number)],
    ['an address', () => new URL('SECRET-VALUE')],
    ['the engine, of what was searched', () => 'x' in ('SECRET-VALUE' as unknown as object)],
    ['the engine, of what was called', () => [1].map('SECRET-VALUE' as unknown as () => void)],
    ['the engine, of what was listed', () => new Map(['SECRET-VALUE'] as unknown as [])],
    ['the engine, of a time zone', () => new Intl.DateTimeFormat('en', { timeZone: 'SECRET-VALUE' })],
    ['the engine, of a member', () => (undefined as unknown as Record<string, string>)['SECRET-VALUE']],
    [
      'anything thrown',
      () => {
        throw 'SECRET-VALUE'
      },
    ],
    [
      'a foreign error',
      () => {
        throw new Error('SECRET-VALUE\n    at SECRET-VALUE (x.ts:1:1)')
      },
    ],
    [
      'what it is because of',
      () => {
        throw new TypeError('x', { cause: new Error('SECRET-VALUE') })
      },
    ],
  ])('does not quote what the program was working on: %s', (_, act) => {
    let thrown: unknown
    try {
      act()
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeDefined()
    expect(logged((log) => log.failed('Here.', thrown))).not.toContain('SECRET')
  })

  it('lets nothing from outside begin a line, move the cursor or hide', () => {
    const hostile = 'a\r\n2026 error forged\u001b[2J\u202e\u2028\ud800\u0000'
    const failure = {
      name: hostile,
      code: hostile,
      message: hostile,
      frames: [hostile],
      cause: { name: hostile, frames: [] },
    }
    const shown = 'a\\u{d}\\u{a}2026 error forged\\u{1b}[2J\\u{202e}\\u{2028}\\u{d800}\\u{0}'
    const log = new FileLog(
      new LogFile(path),
      () => 0,
      () => undefined,
    )
    log.reported(hostile, failure)
    log.note(hostile)
    expect(readFileSync(path, 'utf8').split('\n')).toEqual([
      `1970-01-01T00:00:00.000Z error ${shown} ${shown} (${shown}) ${shown}`,
      `    at ${shown}`,
      `  because of ${shown}`,
      `1970-01-01T00:00:00.000Z note  ${shown}`,
      '',
    ])
  })

  it('is bounded, whatever a window reports', () => {
    const long = 'x'.repeat(100_000)
    const failure = { name: long, message: long, frames: Array.from({ length: 1000 }, () => long) }
    new FileLog(new LogFile(path), Date.now, () => undefined).reported(long, failure)
    expect(statSync(path).size).toBeLessThan(20_000)
    expect(logLines(0, 'error', long, failure)).toHaveLength(13)
    const error = new LabError('internal_error', long, { cause: new LabError('internal_error', long) })
    expect(JSON.stringify(reportFailure(error)).length).toBeLessThan(20_000)
  })

  it('leaves out what comes too often, and says so', () => {
    let [text, now] = ['', Date.UTC(2026, 0, 2)]
    const log = new FileLog(
      { append: (lines) => ((text += lines), true) },
      () => now,
      () => undefined,
    )
    for (let index = 0; index < 500; index++) log.note(`n${index}`)
    expect(text.split('\n')).toHaveLength(121)
    now += 60_000
    log.note('again')
    expect(text).toMatch(/ 380 entries were left out\.\n.* again\n$/)
  })

  it('harms nobody where it can’t be written', () => {
    writeFileSync(join(folder, 'logs'), '')
    const log = new FileLog(new LogFile(path), Date.now, () => undefined)
    expect(() => log.failed('Here.', new Error('x'))).not.toThrow()
    expect(existsSync(path)).toBe(false)
  })
})
