/** Every frame once more, to the receiver that has had it before: at the level of the pure steps. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { LONGEST_MAX_AGE } from '#shared/hl1/freshness'
import { accept, build } from '#shared/hl1/message'
import type { AuthorityState, ClientState, ServerState } from '#shared/hl1/state'
import { STEP_NUMBERS, STEPS, type StepNumber } from '#shared/hl1/steps'
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'
import { fakeEnvironment } from '../../support/environment'
import { judge, MAX_AGE, runHonestly, type HonestRun, type Reception } from '../../support/handshake'
import { AGES, PLACES, REPLAY_OUTCOMES, type Age, type Place } from '../../support/replay-outcomes'

/** How much later than at first the frame comes, milliseconds. */
const LATER: Readonly<Record<Age, number>> = { within: MAX_AGE * 1000, after: MAX_AGE * 1000 + 1 }

/** Two runs between the same programs, one after the other. */
let runs: Readonly<Record<SuiteName, { readonly first: HonestRun; readonly second: HonestRun }>>
beforeAll(async () => {
  const twice = async (suite: SuiteName) => ({
    first: await runHonestly(fakeEnvironment('first'), { suite }),
    second: await runHonestly(fakeEnvironment('second'), { suite }),
  })
  runs = { classic: await twice('classic'), modern: await twice('modern') }
})

/** Whoever reads next from the connection that a step's frame was sent on; undefined when nobody does. */
async function sameConnection({ moments }: HonestRun, step: StepNumber): Promise<Reception | undefined> {
  if (STEPS[step].phase === 'registration') return undefined
  const { environment } = moments[step]
  if (step === 7) {
    const { state } = await build(8, moments[8].builder as ServerState, { data: 'an answer' }, environment)
    return { ...moments[7], acceptor: state }
  }
  if (step === 8) {
    const { acceptor, frame } = moments[8]
    const { state } = await accept(8, acceptor as ClientState, frame, environment)
    const next = await build(7, state, { request: 'time' }, environment)
    return { ...moments[8], acceptor: next.state }
  }
  return { ...moments[(step + 2) as StepNumber], environment }
}

/** The same role on a later connection; an authority is the same one, with all that it remembers. */
function newConnection(suite: SuiteName, step: StepNumber): Reception {
  const { first, second } = runs[suite]
  return { ...first.moments[step], acceptor: second.moments[step].acceptor }
}

async function replay(suite: SuiteName, step: StepNumber, place: Place, later: number): Promise<string> {
  const { first } = runs[suite]
  const reception = place === 'same' ? await sameConnection(first, step) : newConnection(suite, step)
  if (!reception) return 'not read'
  const verdict = await judge(reception, first.moments[step].frame, { later })
  // The alert is about the frame that came, not about the one that was waited for.
  expect(verdict.step).toBe(step)
  return verdict.code
}

describe.each(SUITE_NAMES)('in suite %s', (suite) => {
  describe.each(PLACES)('on the %s connection', (place) => {
    it.each(STEP_NUMBERS)('a replayed step %i fares as docs/replay.md says', async (step) => {
      for (const age of AGES) {
        const expected = REPLAY_OUTCOMES[suite][place][step][age]
        expect(await replay(suite, step, place, LATER[age]), age).toBe(expected)
      }
    })
  })
})

it.each(STEP_NUMBERS)('a replayed step %i is in docs/replay.md', (step) => {
  const text = readFileSync(resolve(import.meta.dirname, '../../../docs/replay.md'), 'utf8')
  for (const place of PLACES) {
    const cells = SUITE_NAMES.flatMap((name) => {
      const { within, after } = REPLAY_OUTCOMES[name][place][step]
      return [within, after]
    }).map((outcome) => (/_|replayed/.test(outcome) ? `\`${outcome}\`` : outcome))
    expect(text).toContain(`| ${step} | ${STEPS[step].to} | ${place} | ${cells.join(' | ')} |`)
  }
})

describe('a replayed step 5 of suite classic', () => {
  it('is refused where the client’s address is enforced and it comes from another port', async () => {
    const reception = newConnection('classic', 5)
    const acceptor = { ...(reception.acceptor as ServerState), enforceAddress: true }
    expect((await judge({ ...reception, acceptor }, reception.frame)).code).toBe('accepted')
    const elsewhere = { ...acceptor, peer: { ...acceptor.peer, port: acceptor.peer.port + 1 } }
    expect((await judge({ ...reception, acceptor: elsewhere }, reception.frame)).code).toBe(
      'unknown_identity',
    )
  })
})

describe('a replayed request for a certificate in suite modern', () => {
  it('is stale once nobody remembers it, and no age limit that can be set accepts it', async () => {
    const { first } = runs.modern
    const acceptor = { ...(first.moments[1].acceptor as AuthorityState), maxAge: LONGEST_MAX_AGE }
    const later = LONGEST_MAX_AGE * 1000
    const again = async (difference: number): Promise<string> =>
      (await judge({ ...first.moments[1], acceptor }, first.moments[1].frame, { later: difference })).code
    for (const difference of [0, MAX_AGE * 1000 + 1, later, later + 1]) {
      expect(await again(difference), String(difference)).toBe('replayed')
    }
    // Another request, as late, makes the authority forget the first.
    first.moments[1].environment.seen!.remember(
      new Uint8Array(32),
      first.moments[1].environment.now() + later + 1,
      first.moments[1].environment.now() + later + 1,
    )
    expect(await again(later + 1)).toBe('stale_timestamp')
    // And a clock that is set back makes it fresh, but not acceptable.
    expect(await again(0)).toBe('busy')
  })

  it.each([
    [1, LONGEST_MAX_AGE],
    [MAX_AGE, 60],
    [60, MAX_AGE],
  ])('is refused whatever becomes of the age limit: from %i s to %i s', async (before, afterwards) => {
    const run = await runHonestly(fakeEnvironment(`${before} ${afterwards}`), { suite: 'modern' })
    const at = (maxAge: number): Reception => ({
      ...run.moments[1],
      acceptor: { ...(run.moments[1].acceptor as AuthorityState), maxAge },
    })
    for (const later of [before * 1000 + 1, 2 * before * 1000 + 1, afterwards * 1000]) {
      // A request of that moment, as there may be at any time.
      const { environment } = run.moments[1]
      const now = environment.now() + later
      environment.seen!.remember(new Uint8Array(32).fill(later % 251), now, now)
      expect((await judge(at(afterwards), run.moments[1].frame, { later })).code).toBe('replayed')
    }
  })
})
