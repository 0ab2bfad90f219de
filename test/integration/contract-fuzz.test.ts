/**
 * Messages with mutations inside and around their encryption, made by somebody who knows every key, to every receiver of both
 * suites over TCP. Whether each is to be accepted, or refused and how, says a receiver of its own (test/support/oracle), which
 * knows protocol.md and Node's cryptography, and nothing of the program.
 *
 * CONTRACT_FUZZ_INPUTS sets how many (1,000; 50,000 in the long run), FUZZ_SEED which, FUZZ_INPUT one alone, by its name.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { CheckList } from '#shared/record/checks'
import { Disagreement, inputOf, Lane, nameOf, type Input, type Outcome } from '../support/oracle/lane'
import { MEMBERS, STEPS, SUITES, type Step, type Suite } from '../support/oracle/members'
import { commandFor, inputsOf, shrink, singles } from '../support/oracle/stream'
import { tableOf } from '../support/contract'
import { ALL, sample } from '../support/sample'

const INPUTS = Number(process.env['CONTRACT_FUZZ_INPUTS'] ?? (ALL ? 50_000 : 1_000))
const SEED = process.env['FUZZ_SEED'] ?? 'handshake'
const ONE = process.env['FUZZ_INPUT']
/** Side by side; each runs one input after another. */
const LANES = 3
/** So many failures are enough to look at. */
const MOST_FAILURES = 5

/** Things that went wrong outside of any conversation. */
const stray: unknown[] = []
const keepStray = (error: unknown): void => void stray.push(error)
beforeAll(() => {
  process.on('unhandledRejection', keepStray)
  process.on('uncaughtException', keepStray)
})
afterAll(() => {
  process.off('unhandledRejection', keepStray)
  process.off('uncaughtException', keepStray)
})

/** Runs one input, and asks whether honest ones are still served. */
async function tryOne(lane: Lane, input: Input): Promise<Outcome> {
  const outcome = await lane.run(input)
  if (outcome) await lane.serveHonestly(input.step)
  return outcome
}

/** What is wrong with an input; undefined when nothing is. Its lane is its own. */
async function failureOf(input: Input, first: Lane): Promise<string | undefined> {
  const lane = await Lane.start(input.suite, first.world.papers)
  try {
    await tryOne(lane, input)
    return undefined
  } catch (error) {
    return error instanceof Disagreement ? error.message : String((error as Error).stack)
  } finally {
    await lane.stop()
  }
}

/** The rules of section 7 that a suite has, and `accepted` and `left`. A message may be changed into one of the other suite: then there are more. */
const RULES: Readonly<Record<Suite, number>> = { classic: 18, modern: 22 }

describe.runIf(ONE === undefined).each(SUITES)('mutated messages in suite %s', (suite) => {
  it(
    `of which ${INPUTS / 2} are tried are judged as the contract says`,
    { timeout: 60_000 + INPUTS * 60 },
    async () => {
      const inputs = inputsOf(suite, SEED)
      const first = await Lane.start(suite)
      const lanes = [first]
      while (lanes.length < LANES) lanes.push(await Lane.start(suite, first.world.papers))
      const counts = new Map<string, number>()
      const failures: string[] = []
      const texts = new Set<string>()
      let [done, index] = [0, 0]
      const total = Math.ceil(INPUTS / 2)
      const work = async (given: Lane): Promise<void> => {
        let lane = given
        while (done < total && failures.length < MOST_FAILURES) {
          const input = inputs(index++)
          try {
            const outcome = await tryOne(lane, input)
            if (!outcome) continue
            done++
            counts.set(outcome.rule, (counts.get(outcome.rule) ?? 0) + 1)
          } catch (error) {
            const fewest = await shrink(
              input,
              async (smaller) => (await failureOf(smaller, first)) !== undefined,
            )
            const what = (await failureOf(fewest, first)) ?? `${String(error)} (not when it is done again)`
            failures.push(`${what}\n  ${commandFor(fewest)}\n  (from ${nameOf(input)})`)
            lane = await Lane.start(suite, first.world.papers)
            lanes.push(lane)
          }
        }
      }
      try {
        await Promise.all(lanes.slice(0, LANES).map(work))
        for (const lane of lanes) for (const text of lane.openFailedTexts) texts.add(text)
      } finally {
        await Promise.all(lanes.map((lane) => lane.stop()))
      }
      const sums = [...counts].sort(([, a], [, b]) => b - a).map(([rule, count]) => `${rule} ${count}`)
      console.info(`Contract fuzz, suite ${suite}, seed ${SEED}: ${done} inputs; ${sums.join(', ')}.`)
      expect(failures.join('\n\n')).toBe('')
      expect(stray).toEqual([])
      // Section 6: one code with one text.
      expect(texts.size).toBe(1)
      if (ALL) expect(counts.size).toBeGreaterThanOrEqual(RULES[suite])
      expect(counts.get('accepted')).toBeGreaterThan(done / 20)
    },
  )
})

if (ONE !== undefined)
  describe('one message', () => {
    it(ONE ?? '', { timeout: 60_000 }, async () => {
      const input = inputOf(ONE!)
      const lane = await Lane.start(input.suite)
      try {
        console.info(await tryOne(lane, input))
      } finally {
        await lane.stop()
      }
    })
  })

/**
 * Where each check of a step is made: those that are no more than throwing, frame and decryption, aside; and those of weak keys where
 * nothing is computed with one, so that the check that would compute refuses it as well: step 2 of `classic`, steps 1 and 4 of `modern`.
 */
const CHECKS: readonly (readonly [check: string, suite: Suite, step: Step])[] = [
  ...SUITES.flatMap((suite) =>
    STEPS.flatMap((step) => [['members', suite, step] as const, ['freshness', suite, step] as const]),
  ),
  ...SUITES.flatMap((suite) =>
    ([2, 4] as const).flatMap((step) =>
      [
        ...['x509_signature', 'issuer', 'validity', 'subject', 'basic_constraints', 'critical_extensions'],
        ...['key_usage', 'extended_key_usage', 'subject_alt_name'],
      ].map((check) => [check, suite, step] as const),
    ),
  ),
  ['name', 'classic', 1],
  ['name', 'modern', 1],
  ['identity', 'classic', 2],
  ['identity', 'classic', 3],
  ['identity', 'classic', 5],
  ['identity', 'classic', 6],
  ['key_pair', 'classic', 2],
  ['cert_s_signature', 'classic', 2],
  ['cert_s_signature', 'classic', 4],
  ['same_key', 'classic', 2],
  ['same_key', 'classic', 4],
  ['certificate_key', 'classic', 4],
  ['lifetime', 'classic', 6],
  ['session_alive', 'classic', 7],
  ['request_signature', 'modern', 1],
  ['request_subject', 'modern', 1],
  ['not_seen', 'modern', 1],
  ['identity', 'modern', 2],
  ['same_key', 'modern', 2],
  ['nonce', 'modern', 2],
  ['identity', 'modern', 3],
  ['proof', 'modern', 4],
  ['identity', 'modern', 6],
  ['lifetime', 'modern', 6],
  ['session_alive', 'modern', 7],
  ['sequence', 'modern', 7],
  ['sequence', 'modern', 8],
  ['address', 'classic', 5],
  ['address', 'modern', 5],
]

describe.runIf(ONE === undefined)('a check that the program leaves out is noticed', () => {
  afterEach(() => vi.restoreAllMocks())

  it.each(sample('checks left out', CHECKS, 9, ([, suite]) => suite))(
    '%s in suite %s, step %i',
    { timeout: 120_000 },
    async (check, suite, step) => {
      const lane = await Lane.start(suite)
      try {
        const require = CheckList.prototype.require
        vi.spyOn(CheckList.prototype, 'require').mockImplementation(function (
          this: CheckList<string, string>,
          id: string,
          code: string,
          finding,
        ) {
          require.call(this, id, code, id === check ? { ...finding, ok: true } : finding)
        })
        let tried = 0
        for (const input of singles(suite, [step])) {
          tried++
          const isEnforced = check === 'address'
          const noticed = await tryOne(lane, { ...input, isEnforced }).then(
            () => false,
            (error: unknown) => error instanceof Disagreement,
          )
          if (noticed) return
        }
        expect.fail(`None of ${tried} inputs was judged otherwise.`)
      } finally {
        await lane.stop()
      }
    },
  )
})

describe('the oracle’s members', () => {
  it.each(SUITES)('are those of the table of suite %s', (suite) => {
    const rows = tableOf(suite === 'classic' ? '3' : '4')
    const written = rows.map((row) =>
      [...row['plaintext members']!.matchAll(/`([a-z_0-9]+)`/g)].map(([, name]) => name),
    )
    expect(STEPS.map((step) => MEMBERS[suite][step].flatMap((members) => Object.keys(members)))).toEqual(
      written,
    )
  })
})
