/** Pieces of shell do what they say in a real one, whatever text they hold. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  areBytes,
  isFile,
  literal,
  literalText,
  not,
  quoted,
  same,
  slice,
  together,
  zeros,
} from '#shared/proof/shell'

const folder = mkdtempSync(join(tmpdir(), 'shell-'))
afterAll(() => rmSync(folder, { recursive: true }))

const run = (line: string, shell = 'sh'): Buffer =>
  execFileSync(shell, ['-c', line], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] })
const holds = (line: string): string => run(`if ${line}; then printf yes; else printf no; fi`).toString()

const TEXTS = [
  '',
  "'",
  "''\\''",
  '$(touch x) `touch x` ${HOME} $1 !!',
  '"; touch x; "',
  '\n\r\t\\n\\0 %s',
  '-n',
  '* ? [a] ~ # & | < > ( ) { }',
  '\u202e\u{1f600}½',
]

describe('a text in a line', () => {
  it.each(['sh', 'bash'])('is itself and nothing else, in %s', (shell) => {
    for (const text of TEXTS) expect(run(`printf '%s|' ${quoted(text)}`, shell).toString()).toBe(`${text}|`)
    expect(run('ls').toString()).toBe('')
  })

  it('of the sheets stays readable where it is plain, and is octal where not', () => {
    expect(literalText('HL/1 server proof')).toBe("printf 'HL/1 server proof'")
    for (const text of ['HL/1 handshake', '\0', '\n', "%d'"])
      expect(run(literalText(text))).toEqual(Buffer.from(text))
  })

  it('is every byte there is, as a literal', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    expect(run(literal(bytes))).toEqual(Buffer.from(bytes))
  })
})

describe('pieces of files', () => {
  it('are cut where they are said to begin and end', () => {
    writeFileSync(join(folder, 'f'), '0123456789')
    expect(run(slice('f', 0)).toString()).toBe('0123456789')
    expect(run(slice('f', 0, 3)).toString()).toBe('012')
    expect(run(slice('f', 4, 6)).toString()).toBe('45')
    expect(run(slice('f', 8)).toString()).toBe('89')
    expect(run(together(slice('f', 8), ...zeros(2), slice('f', 0, 1))).toString()).toBe('89\0\u00000')
    expect(zeros(0)).toEqual([])
  })

  it('are compared to the byte, and nothing is equal to nothing', () => {
    writeFileSync(join(folder, 'g'), '0123456789')
    expect(holds(isFile('cat f', 'g'))).toBe('yes')
    expect(holds(isFile('head -c 9 f', 'g'))).toBe('no')
    expect(holds(not(isFile('head -c 9 f', 'g')))).toBe('yes')
    expect(holds(areBytes('f', 1, new Uint8Array([0x31, 0x32])))).toBe('yes')
    expect(holds(areBytes('f', 1, new Uint8Array([0x31, 0x33])))).toBe('no')
    expect(holds(same('printf 1', 'printf 1'))).toBe('yes')
    expect(holds(same('printf ""', 'printf ""'))).toBe('no')
    expect(holds(same('cat none', 'cat none'))).toBe('no')
  })
})
