import { expand } from '@noble/hashes/hkdf.js'
import forge from 'node-forge'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { OPERATIONS, type Operation, type OperationKind } from '#shared/crypto/primitives/operations'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'
import { compareSuites, type Comparison } from '#shared/side-by-side/compare'
import type { MeasuredRun } from '#shared/side-by-side/meter'
import { START } from '../../support/environment'
import type { HonestRun } from '../../support/handshake'
import { measureHonestRun } from '../../support/measured'

vi.mock('@noble/hashes/hkdf.js', async (original) => {
  const library = await original<typeof import('@noble/hashes/hkdf.js')>()
  return { ...library, expand: vi.fn(library.expand) }
})

interface Measured {
  readonly run: MeasuredRun
  readonly honest: HonestRun
  readonly left: number
  /** Calls of the cryptographic libraries, counted by this test on its own. */
  readonly asked: Readonly<Record<OperationKind, number>>
}

/** Counts calls where they leave this project, by the algorithm that they name. */
function watchLibraries(): () => Measured['asked'] {
  const calls: { readonly method: string; readonly algorithm: string }[] = []
  const nameOf = (algorithm: unknown): string =>
    typeof algorithm === 'string' ? algorithm : (algorithm as { name: string }).name
  for (const method of ['encrypt', 'decrypt', 'sign', 'verify', 'generateKey', 'deriveBits'] as const) {
    const original = crypto.subtle[method].bind(crypto.subtle) as (...rest: unknown[]) => Promise<never>
    vi.spyOn(crypto.subtle, method).mockImplementation((...rest: unknown[]) => {
      calls.push({ method, algorithm: nameOf(rest[0]) })
      return original(...rest)
    })
  }
  vi.mocked(expand).mockClear()
  const ciphers = [vi.spyOn(forge.cipher, 'createCipher'), vi.spyOn(forge.cipher, 'createDecipher')]
  const count = (algorithm: RegExp, ...methods: readonly string[]): number =>
    calls.filter((call) => algorithm.test(call.algorithm) && methods.includes(call.method)).length
  return () => ({
    rsa_generate: count(/^RSA/, 'generateKey'),
    rsa_private: count(/^RSA/, 'decrypt', 'sign'),
    rsa_public: count(/^RSA/, 'encrypt', 'verify'),
    ecdh: count(/^ECDH$/, 'generateKey', 'deriveBits'),
    hkdf: vi.mocked(expand).mock.calls.length,
    aes: count(/^AES-GCM$/, 'encrypt', 'decrypt'),
    des: ciphers.reduce((sum, { mock }) => sum + mock.calls.length, 0),
  })
}

const FACTS = { at: START, rsaBits: 2048, request: 'time' } as const
const measured = {} as Record<SuiteName, Measured>
let comparison: Comparison

beforeAll(async () => {
  // Keys of the other parties are made on first use; a run before the counted ones has them made.
  await measureHonestRun('classic')
  for (const suite of SUITE_NAMES) {
    let read: (() => Measured['asked']) | undefined
    const made = await measureHonestRun(suite, () => (read = watchLibraries()))
    measured[suite] = { ...made, asked: read!() }
    vi.restoreAllMocks()
  }
  comparison = compareSuites({ classic: [measured.classic.run], modern: [measured.modern.run] }, FACTS)
})

describe.each(SUITE_NAMES)('suite %s', (suite) => {
  it('every bytes figure is the length of a frame, its body or its plaintext', () => {
    const { honest } = measured[suite]
    for (const step of STEP_NUMBERS) {
      const { frame, record } = honest.moments[step]
      expect(comparison.suites[suite].steps[step].bytes).toMatchObject({
        frame: frame.length,
        body: frame.length - 8,
        plaintext: record.plaintext!.bytes.length,
      })
    }
  })

  it('the parts of a frame are all of it, each under the key that the record names for those bytes', () => {
    for (const step of STEP_NUMBERS) {
      const { frame, record } = measured[suite].honest.moments[step]
      const { segments } = comparison.suites[suite].steps[step].bytes
      const keys = segments.flatMap(({ bytes, key }) => Array.from({ length: bytes }, () => key ?? 'clear'))
      const expected = Array.from({ length: frame.length }, () => 'clear')
      for (const { start, end, key } of record.ranges) if (key !== undefined) expected.fill(key, start, end)
      expect(keys).toEqual(expected)
    }
  })

  it('the bytes of all ways together are those of all frames', () => {
    const { ways, bytes } = comparison.suites[suite].totals
    const frames = STEP_NUMBERS.map((step) => measured[suite].honest.moments[step].frame.length)
    expect(bytes).toBe(frames.reduce((sum, length) => sum + length, 0))
    expect(ways.map(({ from, to, frames: number }) => `${from} to ${to}: ${number}`)).toEqual([
      'server to authority: 1',
      'authority to server: 1',
      'client to server: 3',
      'server to client: 3',
    ])
    expect(ways.reduce((sum, way) => sum + way.bytes, 0)).toBe(bytes)
    const { segments } = comparison.suites[suite].totals
    expect(segments.reduce((sum, segment) => sum + segment.bytes, 0)).toBe(bytes)
    for (const way of ways)
      expect(way.segments.reduce((sum, segment) => sum + segment.bytes, 0)).toBe(way.bytes)
  })

  it('counts as many operations of each kind as the libraries were asked for', () => {
    const counts = comparison.suites[suite].totals.kinds.map(({ kind, count }) => [kind, count])
    expect(Object.fromEntries(counts)).toEqual(measured[suite].asked)
    expect(measured[suite].left).toBe(0)
  })

  it('the operations of all steps together are those of the totals', () => {
    const { steps, totals } = comparison.suites[suite]
    const ofSteps = STEP_NUMBERS.flatMap((step) => [steps[step].built, steps[step].checked])
      .flatMap(({ operations }) => operations)
      .reduce<Partial<Record<Operation, number>>>(
        (sums, { operation, count }) => ({ ...sums, [operation]: (sums[operation] ?? 0) + count }),
        {},
      )
    for (const { kind, count, operations } of totals.kinds) {
      for (const each of operations) expect(each.count).toBe(ofSteps[each.operation])
      expect(operations.reduce((sum, each) => sum + each.count, 0)).toBe(count)
      for (const { operation } of operations) expect(OPERATIONS[operation].kind).toBe(kind)
    }
  })

  it('has two connections and four round trips', () => {
    expect(comparison.suites[suite].totals).toMatchObject({ connections: 2, roundTrips: 4 })
  })

  it('makes each RSA key once, and leaves its time out of the work', () => {
    const { kinds, working } = comparison.suites[suite].totals
    const keys = kinds.find(({ kind }) => kind === 'rsa_generate')!
    const all = measured[suite].run.messages.reduce((sum, { entry }) => sum + entry.took, 0)
    expect(keys.count).toBe(1)
    expect(working.median).toBeCloseTo(all - keys.together!.median, 6)
  })
})

it('operations are where the protocol has them', () => {
  const at = (suite: SuiteName, step: (typeof STEP_NUMBERS)[number]) => {
    const { built, checked } = comparison.suites[suite].steps[step]
    const text = (operations: typeof built.operations): string =>
      operations.map(({ operation, count }) => `${count} ${operation}`).join(', ')
    return [text(built.operations), text(checked.operations)]
  }
  expect(STEP_NUMBERS.map((step) => at('classic', step))).toEqual([
    ['1 rsa_encrypt', '1 rsa_decrypt'],
    ['1 rsa_generate, 2 rsa_sign, 1 des_encrypt', '1 rsa_sign, 3 rsa_verify, 1 des_decrypt'],
    ['1 des_encrypt', '1 des_decrypt'],
    ['1 des_encrypt', '2 rsa_verify, 1 des_decrypt'],
    ['1 rsa_encrypt', '1 rsa_decrypt'],
    ['1 des_encrypt', '1 des_decrypt'],
    ['1 des_encrypt', '1 des_decrypt'],
    ['1 des_encrypt', '1 des_decrypt'],
  ])
  expect(STEP_NUMBERS.map((step) => at('modern', step))).toEqual([
    [
      '1 rsa_generate, 1 rsa_sign, 1 rsa_encrypt, 1 aes_encrypt',
      '1 rsa_decrypt, 1 rsa_verify, 1 aes_decrypt',
    ],
    ['1 rsa_sign, 1 aes_encrypt', '1 rsa_verify, 1 aes_decrypt'],
    ['1 ecdh_generate', '1 ecdh_generate'],
    [
      '1 rsa_sign, 1 ecdh_agree, 1 hkdf_derive, 1 aes_encrypt',
      '2 rsa_verify, 1 ecdh_agree, 1 hkdf_derive, 1 aes_decrypt',
    ],
    ['1 rsa_encrypt, 1 aes_encrypt', '1 rsa_decrypt, 1 aes_decrypt'],
    // Beside the key of the answer, both ends derive those of steps 7 and 8 here, and forget what they came from.
    ['3 hkdf_derive, 1 aes_encrypt', '3 hkdf_derive, 1 aes_decrypt'],
    ['1 aes_encrypt', '1 aes_decrypt'],
    ['1 aes_encrypt', '1 aes_decrypt'],
  ])
})

it('the comparison holds no value of any member', () => {
  const text = JSON.stringify(comparison)
  for (const suite of SUITE_NAMES) {
    for (const { entry } of measured[suite].run.messages) {
      for (const { kind, value } of entry.members)
        if (kind === 'pem') expect(text).not.toContain(String(value).slice(30, 90))
    }
  }
  expect(text).not.toContain('BEGIN')
})

describe('over several runs', () => {
  const slower = (run: MeasuredRun, factor: number): MeasuredRun => ({
    ...run,
    elapsed: run.elapsed * factor,
    messages: run.messages.map(({ entry, operations }) => ({
      entry: { ...entry, took: entry.took * factor },
      operations: operations.map((made) => ({ ...made, took: made.took * factor })),
    })),
  })

  it('times are medians with quartiles, bytes and counts those of the last run', () => {
    const { run } = measured.modern
    const runs = [3, 1, 5, 2, 4].map((factor) => slower(run, factor))
    const { suites } = compareSuites({ classic: [measured.classic.run], modern: runs }, FACTS)
    const one = comparison.suites.modern.totals
    const many = suites.modern.totals
    expect(many.working.count).toBe(5)
    expect(many.working.median).toBeCloseTo(one.working.median * 3, 6)
    expect(many.working.low).toBeCloseTo(one.working.median * 2, 6)
    expect(many.working.high).toBeCloseTo(one.working.median * 4, 6)
    expect(many.elapsed.median).toBeCloseTo(one.elapsed.median * 3, 6)
    expect(many.bytes).toBe(one.bytes)
    expect(many.kinds.map(({ count }) => count)).toEqual(one.kinds.map(({ count }) => count))
    expect(many.kinds.find(({ kind }) => kind === 'hkdf')!.each!.count).toBe(5 * 8)
  })
})

describe('a run that did not come through', () => {
  it.each([
    ['lacks a message', (run: MeasuredRun) => ({ ...run, messages: run.messages.slice(0, -1) })],
    [
      'was refused',
      (run: MeasuredRun) => ({
        ...run,
        messages: run.messages.map((message, index) =>
          index === 7
            ? {
                ...message,
                entry: {
                  ...message.entry,
                  outcome: { ok: false, code: 'bad_certificate', message: '' } as const,
                },
              }
            : message,
        ),
      }),
    ],
  ])('is no run to compare: it %s', (_, change) => {
    const { classic, modern } = measured
    expect(() => compareSuites({ classic: [change(classic.run)], modern: [modern.run] }, FACTS)).toThrow(
      expect.objectContaining({ code: 'incomplete_run' }),
    )
  })

  it('nor is none at all', () => {
    expect(() => compareSuites({ classic: [], modern: [] }, FACTS)).toThrow(
      expect.objectContaining({ code: 'incomplete_run' }),
    )
  })
})
