import { Ajv2020 } from 'ajv/dist/2020.js'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRun } from '#main/recording/read-run'
import { writeRun } from '#main/recording/write-run'
import { fromUtf8, toUtf8, type Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { withoutSecrets } from '#shared/record/record'
import { readRunFile } from '#shared/run/text'
import { missedChanges, suspects } from '../support/changed-run'
import { KINDS, makeRun } from '../support/kept-run'
import { ALL, sampleSize } from '../support/sample'

/** Every byte of a run takes its time: of all of them nobody says how long. */
const TIMEOUT_MS = ALL ? 3_600_000 : 120_000
const ROOT = join(import.meta.dirname, '../..')
const PASSPHRASE = 'correct horse battery staple'
const CASES = SUITE_NAMES.flatMap((suite) => KINDS.map((kind) => ({ suite, kind })))

describe.each(CASES)('a run with $kind in $suite', ({ suite, kind }) => {
  it('is as it was when it is opened, with secrets and without, and every check comes out as recorded', async () => {
    const runs = sampleSize(10, 10)
    for (let seed = 0; seed < runs; seed++) {
      const run = await makeRun(suite, kind, seed)
      const clear = await readRun(await writeRun(run, { secrets: 'in_clear' }))
      expect(clear.isIntact).toBe(true)
      expect(clear.run.records).toEqual(run.records)
      expect({ ...clear.run, records: [], secrets: undefined }).toEqual({
        ...run,
        records: [],
        secrets: undefined,
      })
      expect(clear.run.secrets?.privateKeys).toEqual(run.secrets?.privateKeys)
      expect(suspects(clear)).toEqual([])

      const hidden = await readRun(await writeRun(run, { secrets: 'left_out' }))
      expect(hidden.secrets).toBe('left_out')
      expect(hidden.run.records).toEqual(run.records.map(withoutSecrets))
      expect(suspects(hidden)).toEqual([])
    }
  })
})

describe('secrets under a passphrase', () => {
  it('stay locked without it, open with it, and with no other', async () => {
    const run = await makeRun('modern', 'a session')
    const bytes = await writeRun(run, { secrets: 'locked', passphrase: PASSPHRASE })
    const locked = await readRun(bytes)
    expect(locked.secrets).toBe('locked')
    expect(locked.run.records).toEqual(run.records.map(withoutSecrets))
    const opened = await readRun(bytes, { passphrase: PASSPHRASE })
    expect(opened.run.records).toEqual(run.records)
    await expect(readRun(bytes, { passphrase: 'another' })).rejects.toMatchObject({
      code: 'wrong_passphrase',
    })
    await expect(writeRun(run, { secrets: 'locked', passphrase: '' })).rejects.toMatchObject({
      code: 'passphrase_missing',
    })
  })

  it('are nowhere in a file that leaves them out', async () => {
    const run = await makeRun('classic', 'a session')
    const text = fromUtf8(await writeRun(run, { secrets: 'left_out' }))
    for (const { members } of run.records)
      for (const { secret, value } of members)
        if (secret && value !== undefined)
          expect(text).not.toContain(
            typeof value === 'string'
              ? JSON.stringify(value).slice(1, -1)
              : Buffer.from(value as Bytes).toString('base64'),
          )
  })
})

describe.each(SUITE_NAMES)('a file of a run in %s', (suite) => {
  it(
    'says of every byte that it was changed',
    async () => {
      const bytes = await writeRun(await makeRun(suite, 'a session'), { secrets: 'in_clear' })
      const step = Math.ceil(bytes.length / sampleSize(bytes.length, 150))
      for (let at = 0; at < bytes.length; at += step) {
        const changed = bytes.slice()
        changed[at] = (changed[at] ?? 0) ^ 1
        expect(isFound(changed), `byte ${at}`).toBe(true)
      }
    },
    TIMEOUT_MS,
  )

  it(
    'that was broken off anywhere says so, and where',
    async () => {
      const bytes = await writeRun(await makeRun(suite, 'a session'), { secrets: 'in_clear' })
      const step = Math.ceil(bytes.length / sampleSize(bytes.length, 150))
      for (let length = 0; length < bytes.length; length += step) {
        const error: unknown = orError(() => readRunFile(bytes.slice(0, length)))
        // All is there but the end of the last line: then it is said that it is not as it was written.
        if (length === bytes.length - 1) {
          expect(error).toMatchObject({ isIntact: false })
          continue
        }
        expect(error, `${length} bytes`).toBeInstanceOf(LabError)
        expect(error).toMatchObject({ code: expect.stringMatching(/^(bad_run|not_a_run|empty_file)$/) })
      }
    },
    TIMEOUT_MS,
  )

  it(
    'that somebody has changed so that it looks whole is found out, but for what no check covers',
    async () => {
      const bytes = await writeRun(await makeRun(suite, 'many requests', 3), { secrets: 'in_clear' })
      expect(await missedChanges(bytes, sampleSize(3_000, 20))).toEqual([])
    },
    TIMEOUT_MS,
  )
})

describe('docs/run-file.schema.json', () => {
  it('is what saved files are like', async () => {
    const schema: object = JSON.parse(await readFile(join(ROOT, 'docs/run-file.schema.json'), 'utf8'))
    const validate = new Ajv2020({ strict: false }).compile(schema)
    for (const { suite, kind } of CASES) {
      const run = await makeRun(suite, kind)
      const locked = { secrets: 'locked', passphrase: PASSPHRASE } as const
      // Deriving a key of a passphrase takes its time, and a container is like the other.
      const choices = [
        { secrets: 'left_out' },
        { secrets: 'in_clear' },
        ...(kind === 'a session' ? [locked] : []),
      ] as const
      for (const choice of choices) {
        validate(JSON.parse(fromUtf8(await writeRun(run, choice))))
        expect(validate.errors, `${kind}, ${suite}, ${choice.secrets}`).toBeNull()
      }
    }
  })
})

describe('files that earlier versions have saved', () => {
  it('open, and every check comes out as recorded', async () => {
    const folder = join(ROOT, 'test/vectors/runs')
    const names = await readdir(folder)
    expect(names.length).toBeGreaterThan(1)
    for (const name of names) {
      const read = await readRun(new Uint8Array(await readFile(join(folder, name))))
      expect(read.isIntact, name).toBe(true)
      expect(suspects(read), name).toEqual([])
    }
  })
})

describe('what is no run', () => {
  const codeOf = (bytes: Bytes): unknown => (orError(() => readRunFile(bytes)) as LabError).code
  it('is named', async () => {
    expect(codeOf(new Uint8Array())).toBe('empty_file')
    expect(codeOf(crypto.getRandomValues(new Uint8Array(5_000)))).toBe('not_a_run')
    expect(codeOf(toUtf8('{}'))).toBe('not_a_run')
    expect(codeOf(toUtf8('[1, 2'))).toBe('not_a_run')
    expect(codeOf(toUtf8('{"format":"handshake-lab-run","version":2}'))).toBe('run_of_newer_version')
    expect(codeOf(toUtf8('{"format":"handshake-lab-run","version":1}'))).toBe('bad_run')
    expect(codeOf(toUtf8('{"format":"handshake-lab-run","version":1,'))).toBe('bad_run')
  })
})

function isFound(bytes: Bytes): boolean {
  const read = orError(() => readRunFile(bytes))
  return (
    read instanceof LabError ||
    (typeof read === 'object' && read !== null && 'isIntact' in read && !read.isIntact)
  )
}

function orError(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return error
  }
}
