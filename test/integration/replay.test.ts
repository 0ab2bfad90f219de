/**
 * Every frame once more over real connections: someone in the middle keeps what passes between our programs, and sends it
 * again. What is expected stands in one table for this and for the pure steps; docs/replay.md explains it.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { connectClient, visit } from '#main/client/client'
import { equalBytes, type Bytes } from '#shared/bytes'
import { systemEnvironment, type Environment } from '#shared/hl1/environment'
import type { Hl1Entry } from '#shared/hl1/types'
import { STEP_NUMBERS, STEPS, type StepNumber } from '#shared/hl1/steps'
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'
import { startLoopback, type Loopback } from '../support/loopback'
import { passOn, startRelay, type Meddle, type Relay } from '../support/relay'
import { AGES, PLACES, REPLAY_OUTCOMES, type Age, type Place } from '../support/replay-outcomes'

const NEVER = new AbortController().signal
const MAX_AGE = 600
/** How far all clocks are set on where a frame is to come after the age limit: nobody waits for it. */
const TOO_LATE_MS = (MAX_AGE + 60) * 1000
const REQUESTS = ['echo one', 'echo two']

/** What all clocks are ahead of the real one, milliseconds. */
let ahead = 0
const environment: Environment = { ...systemEnvironment, now: () => systemEnvironment.now() + ahead }

let loopback: Loopback
let relays: Readonly<Record<'registration' | 'session', Relay>>
/** What the client has recorded; what the others have is in the loopback. */
let atClient: Hl1Entry[] = []

beforeAll(async () => {
  loopback = await startLoopback({ lifetime: 3_600, maxAge: MAX_AGE }, { environment })
  relays = {
    registration: await startRelay(loopback.authorityPort),
    session: await startRelay(loopback.serverPort),
  }
})
afterEach(() => {
  ahead = 0
})
afterAll(async () => {
  await Promise.all([relays.registration.stop(), relays.session.stop()])
  await loopback.stop()
})

const relayOf = (step: StepNumber): Relay =>
  STEPS[step].phase === 'registration' ? relays.registration : relays.session

/**
 * Goes through the relay as far as it gets: a registration, or a session with two requests.
 * @returns what either end has recorded of it
 */
async function converse(step: StepNumber, meddle: Meddle): Promise<readonly Hl1Entry[]> {
  const relay = relayOf(step)
  relay.meddle = meddle
  atClient = []
  const before = loopback.records.length
  const context = { ...loopback.context, onRecord: (entry: Hl1Entry) => void atClient.push(entry) }
  const { server, trustAnchor, settings } = loopback
  const conversation =
    relay === relays.registration
      ? server.register(relay.endpoint, trustAnchor)
      : visit(
          connectClient({
            server: relay.endpoint,
            trustAnchor,
            settings: settings.current,
            context,
            signal: NEVER,
          }),
          REQUESTS,
        )
  // Refusals are what this is about: they are read from the records.
  await Promise.allSettled([conversation])
  await relay.settled()
  return [...loopback.records.slice(before), ...atClient]
}

/** What a receiver has made of each time that a frame came; of one that it did not wait for it has read the header alone. */
function fates(records: readonly Hl1Entry[], frame: Bytes): readonly string[] {
  return records
    .filter(({ direction }) => direction === 'received')
    .filter((entry) => equalBytes(entry.frame, frame.slice(0, entry.frame.length)))
    .map(({ outcome }) => (outcome.ok ? 'accepted' : outcome.code))
}

/** Sends a step's frame again right behind it, or in the place of the next of its kind. */
async function replayOnSame(step: StepNumber, age: Age): Promise<string> {
  let first: Bytes = new Uint8Array()
  const records = await converse(step, ({ frame, type, before }) => {
    if (type !== step) return [frame]
    if (before === 0) first = frame
    if (step < 7) return before === 0 ? [frame, frame] : [frame]
    if (before === 0) return [frame]
    if (age === 'after') ahead += TOO_LATE_MS
    return [first]
  })
  const [original, again] = fates(records, first)
  expect(original).toBe('accepted')
  return again ?? 'not read'
}

/** Sends a step's frame in the place of that of a later connection. */
async function replayOnNew(step: StepNumber, age: Age): Promise<string> {
  const honest = await converse(step, passOn)
  // The last word of the conversation before this one may be heard late: it is of another connection.
  const own = new Set(honest.filter(({ kind }) => kind === 'message').map(({ connection }) => connection))
  expect(honest.filter(({ connection }) => own.has(connection)).every(({ outcome }) => outcome.ok)).toBe(true)
  const old = relayOf(step)
    .passed()
    .find(({ type }) => type === step)!.frame
  if (age === 'after') ahead += TOO_LATE_MS
  const records = await converse(step, ({ frame, type, before }) => [
    type === step && before === 0 ? old : frame,
  ])
  const [outcome, ...more] = fates(records, old)
  expect(more).toEqual([])
  return outcome ?? 'not read'
}

const replay: Readonly<Record<Place, (step: StepNumber, age: Age) => Promise<string>>> = {
  same: replayOnSame,
  new: replayOnNew,
}

/** A type that is not waited for is refused before anything is opened, so that its age makes no difference. */
const ages = (place: Place, step: StepNumber): readonly Age[] =>
  place === 'same' && step < 7 ? ['within'] : AGES

describe.each(SUITE_NAMES)('in suite %s', (suite: SuiteName) => {
  beforeAll(async () => {
    loopback.settings.current = { ...loopback.settings.current, suite }
    await loopback.server.register(loopback.authority.address!, loopback.trustAnchor)
  })

  describe.each(PLACES)('on the %s connection', (place) => {
    it.each(STEP_NUMBERS)('a replayed step %i fares as docs/replay.md says', async (step) => {
      for (const age of ages(place, step)) {
        expect(await replay[place](step, age), age).toBe(REPLAY_OUTCOMES[suite][place][step][age])
        ahead = 0
      }
    })
  })

  it('afterwards, honest programs are served as before', async () => {
    for (const step of [1, 3] as const) {
      const records = await converse(step, passOn)
      expect(records.length).toBeGreaterThan(0)
      expect(records.every(({ outcome }) => outcome.ok)).toBe(true)
    }
  })
})
