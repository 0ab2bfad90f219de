/** Two clocks over real TCP: the lifetime on the one that nobody sets, freshness on the one of the wall (sections 2, 5). */
import { describe, expect, it } from 'vitest'
import { connectClient } from '#main/client/client'
import { withPrivateLab } from '#main/experiments/private-lab'
import { systemEnvironment } from '#shared/hl1/environment'
import { SimulatedClock } from '#shared/hl1/simulated-clock'
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { rejection } from '../support/conversations'

const HOUR = 3_600_000
const LIFETIME = 60
const NEVER = new AbortController().signal

interface OpenSession {
  /** The server's clock, and the authority's. */
  readonly there: SimulatedClock
  /** The client's. */
  readonly here: SimulatedClock
  /** Sends a request, whatever the client thinks of it. */
  readonly ask: () => Promise<string>
}

/** A session between a server and a client that each have a clock of their own. */
async function withSession(suite: SuiteName, use: (session: OpenSession) => Promise<void>): Promise<void> {
  const start = { now: Date.now(), monotonic: 0 }
  const [there, here] = [new SimulatedClock(start), new SimulatedClock({ ...start, monotonic: 1_000_000 })]
  const settings = { ...DEFAULT_SETTINGS, suite, lifetime: LIFETIME }
  const options = { settings: () => settings, environment: there.ruling(systemEnvironment), signal: NEVER }
  await withPrivateLab(options, async ({ register, addresses, trustAnchor, context }) => {
    await register()
    const client = await connectClient({
      server: addresses.server,
      trustAnchor,
      settings,
      context: { ...context, environment: here.ruling(systemEnvironment) },
      signal: NEVER,
    })
    try {
      await client.open()
      await use({ there, here, ask: () => client.request('echo hello', { force: true }) })
    } finally {
      client.close()
    }
  })
}

describe.each(SUITE_NAMES)('over TCP in suite %s', (suite) => {
  it.each([HOUR, -HOUR])('both wall clocks set by %i ms neither extend nor end a session', async (jump) => {
    await withSession(suite, async ({ there, here, ask }) => {
      const pass = (milliseconds: number): void => [there, here].forEach((clock) => clock.pass(milliseconds))
      pass(30_000)
      for (const clock of [there, here]) clock.setWallClock(jump)
      expect(await ask()).toBe('hello')
      pass(30_000)
      expect(await ask()).toBe('hello')
      pass(1)
      expect(await rejection(ask())).toMatchObject({ code: 'session_expired', step: 7, origin: 'peer' })
    })
  })

  it.each([
    { which: 'here', jump: HOUR, code: 'future_timestamp' },
    { which: 'here', jump: -HOUR, code: 'stale_timestamp' },
    { which: 'there', jump: HOUR, code: 'stale_timestamp' },
    { which: 'there', jump: -HOUR, code: 'future_timestamp' },
  ] as const)(
    'one wall clock, $which, set by $jump ms makes step 7 a $code',
    async ({ which, jump, code }) => {
      await withSession(suite, async (session) => {
        expect(await session.ask()).toBe('hello')
        session[which].setWallClock(jump)
        expect(await rejection(session.ask())).toMatchObject({ code, step: 7, origin: 'peer' })
      })
    },
  )
})
