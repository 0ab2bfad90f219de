/**
 * Deduction and decryption agree: what follows from the sheets is what opens when frames of a real run are really decrypted, for no
 * leak, every single one and every pair of them. And a third reader, who knows no names, tries every key at every lock.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { listenToRun, makeKnowledgeRun, type KnowledgeRun } from '#main/experiments/knowledge-run'
import { KnowledgeRuns } from '#main/experiments/knowledge-runs'
import { requireOwnKey, roleOf } from '#main/ipc/rights'
import { HL1 } from '#shared/hl1/protocol'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { deduce, EAVESDROPPER, missingIn, overhearing, type LeakTime } from '#shared/knowledge/deduce'
import { secretsOf, subjectOf } from '#shared/knowledge/things'
import { WINDOWS } from '#shared/windows'
import { TryAll } from '../support/try-all'

const NEVER = new AbortController().signal
const STEPS = HL1.steps.map(({ step }) => step)

/** No secret, each, and each two of them. */
function leakSets(secrets: readonly string[]): readonly (readonly string[])[] {
  const pairs = secrets.flatMap((one, index) => secrets.slice(index + 1).map((other) => [one, other]))
  return [[], ...secrets.map((one) => [one]), ...pairs]
}

describe.each(SUITE_NAMES)('in suite %s', (suite) => {
  const subject = subjectOf(HL1, suite)
  const secrets = secretsOf(subject).map(({ id }) => id)
  let run: KnowledgeRun
  beforeAll(async () => {
    run = await makeKnowledgeRun(suite, { signal: NEVER })
  })

  it('the run has every secret that the sheets speak of, and all eight frames', () => {
    expect([...run.secrets.keys()]).toEqual(secrets)
    expect([...run.frames.keys()]).toEqual(STEPS)
    expect(run.conversations.map(({ length }) => length)).toEqual([2, 6])
  })

  it.each(['during', 'afterwards'] as const)(
    'what is deduced is what opens, at every moment, with leaks %s the run',
    async (when: LeakTime) => {
      let cases = 0
      const mismatches: string[] = []
      for (const leaked of leakSets(secrets)) {
        const knowledge = deduce(
          HL1,
          suite,
          leaked.map((secret) => ({ secret, when })),
        )
        for (const at of [...STEPS, knowledge.afterwards]) {
          const given = when === 'during' || at === knowledge.afterwards ? leaked : []
          const { frames, keys } = await listenToRun(run, given, at)
          expect(frames.map(({ step }) => step)).toEqual(STEPS.filter((step) => step <= at))
          for (const { step, missing, members } of frames) {
            cases += 1
            const deduced = missingIn(subject, step, knowledge.of(EAVESDROPPER), at)
            const opened = Object.keys(members).length
            const all = HL1.suites[suite].sheets[step]!.members.length
            if (String(deduced) !== String(missing) || (missing.length === 0) !== (opened === all))
              mismatches.push(
                `${leaked.join(' + ')} at ${at}: frame ${step}: ${deduced.join()}, ${missing.join()}`,
              )
          }
          for (const secret of secretsOf(subject)) {
            if (secret.kind === 'secret half') continue
            // Nobody has what is not there yet.
            const isThere = knowledge.parties.some((party) => knowledge.gain(party, secret.id, at))
            if (!isThere) continue
            cases += 1
            const deduced = knowledge.gain(EAVESDROPPER, secret.id, at) !== undefined
            const value = keys.get(secret.id as never)
            const isRight = value !== undefined && same(value, run.secrets.get(secret.id))
            if (deduced !== (value !== undefined) || (value !== undefined && !isRight))
              mismatches.push(`${leaked.join(' + ')} at ${at}: ${secret.id}: ${deduced}`)
          }
        }
      }
      expect(mismatches).toEqual([])
      console.log(`${suite}, leaks ${when} the run: ${cases} cases agree.`)
      expect(cases).toBeGreaterThan(1_000)
    },
    120_000,
  )

  it('who tries every key at every lock, and knows no names, opens the same', () => {
    const reader = new TryAll(suite, [...run.frames.values()])
    let cases = 0
    for (const leaked of leakSets(secrets)) {
      const known = deduce(
        HL1,
        suite,
        leaked.map((secret) => ({ secret, when: 'afterwards' as const })),
      ).of(EAVESDROPPER)
      const opened = reader.open([
        ...run.open.map(([, key]) => key),
        ...leaked.map((secret) => run.secrets.get(secret)!),
      ])
      const deduced = STEPS.filter((step) => missingIn(subject, step, known, Infinity).length === 0)
      expect({ leaked, opened }).toEqual({ leaked, opened: deduced })
      cases += STEPS.length
    }
    console.log(`${suite}, every key at every lock: ${cases} cases agree.`)
  }, 120_000)

  it.each(HL1.roles.map(({ role }) => role))(
    'what the %s could read if it listened is what opens with the keys it has',
    async (role) => {
      const known = overhearing(subject, deduce(HL1, suite).of(role), Infinity)
      const own = secrets.filter((id) => deduce(HL1, suite).of(role).has(id))
      const { frames } = await listenToRun(run, own, Infinity)
      for (const { step, missing } of frames)
        expect({ step, missing }).toEqual({ step, missing: missingIn(subject, step, known, Infinity) })
    },
  )
})

describe('the runs that the window asks for', () => {
  it('there is none to be read before one was made, and none after they were forgotten', async () => {
    const told: number[] = []
    const runs = new KnowledgeRuns(({ done }) => void told.push(done))
    await expect(runs.read('classic', [], 8)).rejects.toMatchObject({ code: 'no_run' })
    const { frames } = await runs.make('classic')
    expect(frames.map(({ step }) => step)).toEqual(STEPS)
    expect(told).toEqual([0, ...STEPS])
    expect((await runs.read('classic', ['SK_S'], 8)).frames.at(-1)?.members).toMatchObject({
      data: 'who knows what',
    })
    await expect(runs.read('classic', ['SK_X'], 8)).rejects.toMatchObject({ code: 'bad_argument' })
    await expect(runs.read('modern', [], 8)).rejects.toMatchObject({ code: 'no_run' })
    runs.forget()
    await expect(runs.read('classic', [], 8)).rejects.toMatchObject({ code: 'no_run' })
  })

  it('one is made at a time, and can be given up', async () => {
    const runs = new KnowledgeRuns(() => undefined)
    const made = runs.make('modern')
    await expect(runs.make('classic')).rejects.toMatchObject({ code: 'already_running' })
    runs.cancel()
    await expect(made).rejects.toMatchObject({ code: 'cancelled' })
    await expect(runs.read('modern', [], 8)).rejects.toMatchObject({ code: 'no_run' })
  })

  it('whoever asks for more readings than can wait is refused', async () => {
    const runs = new KnowledgeRuns(() => undefined)
    await runs.make('classic')
    const asked = Array.from({ length: 6 }, () => runs.read('classic', [], 8))
    const refused = (await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected')
    expect(refused.map((each) => (each as PromiseRejectedResult).reason.code)).toEqual([
      'already_running',
      'already_running',
    ])
  })

  it('their window may ask for no secret of a role, and is told of no record', () => {
    expect(() => roleOf('knowledge')).toThrow(expect.objectContaining({ code: 'forbidden' }))
    expect(() => requireOwnKey('SK_S', 'knowledge')).toThrow(expect.objectContaining({ code: 'forbidden' }))
    expect(WINDOWS.knowledge).toMatchObject({ role: undefined, records: 'role' })
  })
})

function same(a: unknown, b: unknown): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0
  return (a as { pem: string }).pem === (b as { pem: string }).pem
}
