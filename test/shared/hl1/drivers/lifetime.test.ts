/**
 * Two clocks (sections 2 and 5): the lifetime is measured on the one that nobody sets, freshness on the one of the wall.
 * Both ends in memory.
 */
import { describe, expect, it } from 'vitest'
import type { Pace } from '#shared/hl1/drivers/conversation'
import { openSession, sendRequest } from '#shared/hl1/drivers/session'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { rejection, sessionPair, story, type ConnectionOptions } from '../../../support/conversations'
import { CLIENT, MAX_AGE } from '../../../support/handshake'

const HOUR = 3_600_000
const LIFETIMES = [10, 60, 100]
const JUMPS = [
  { jump: HOUR, way: 'forward' },
  { jump: -HOUR, way: 'back' },
]

/** An open session; `ask` sends whatever the client thinks of it, `leave` ends it. */
async function open(options: ConnectionOptions) {
  const pair = await sessionPair(options)
  const { client, server } = pair
  const served = pair.serve()
  await openSession(client.conversation, CLIENT)
  return {
    client,
    server,
    served,
    ask: (text = 'echo hello') => sendRequest(client.conversation, text, { force: true }),
    /** Time goes by at both ends. */
    pass: (milliseconds: number) => {
      for (const { environment } of [client, server]) environment.pass(milliseconds)
    },
    setBoth: (difference: number) => {
      for (const { environment } of [client, server]) environment.setWallClock(difference)
    },
    leave: async () => {
      client.pipe.close()
      await served
    },
  }
}

describe.each(SUITE_NAMES)('a session in suite %s', (suite) => {
  it.each(LIFETIMES)('of %i s is alive at exactly its end and over a millisecond later', async (lifetime) => {
    const { ask, pass, server, client, served } = await open({ suite, lifetime })
    pass(lifetime * 1000)
    expect(await ask()).toBe('hello')
    expect(await ask()).toBe('hello')
    pass(1)
    expect(await rejection(ask())).toMatchObject({ code: 'session_expired', step: 7, origin: 'peer' })
    expect(await served).toMatchObject({ code: 'session_expired', step: 7, origin: 'local' })
    expect(story(server.records).at(-1)).toBe('sent alert about 7: session_expired')
    expect([client.pipe.closed(), server.pipe.closed()]).toEqual([true, true])
  })

  it.each(JUMPS)('is neither extended nor ended by clocks set $way an hour', async ({ jump }) => {
    const { ask, pass, setBoth, served } = await open({ suite, lifetime: 60 })
    pass(30_000)
    setBoth(jump)
    expect(await ask()).toBe('hello')
    pass(30_000)
    expect(await ask()).toBe('hello')
    pass(1)
    expect(await rejection(ask())).toMatchObject({ code: 'session_expired', step: 7, origin: 'peer' })
    await served
  })

  it.each(JUMPS)('forgets its key at its end, though the clocks were set $way an hour', async ({ jump }) => {
    const { server, pass, setBoth, leave, ask } = await open({ suite, lifetime: 60 })
    await ask()
    setBoth(jump)
    pass(60_000)
    const keys = (): number => {
      const { session, modern } = server.conversation.state
      return (session?.key.length ?? 0) + (modern?.session?.clientToServer.length ?? 0)
    }
    expect(keys()).toBeGreaterThan(0)
    pass(1)
    expect(keys()).toBe(0)
    await leave()
  })

  it.each([
    { who: 'client', jump: HOUR, code: 'future_timestamp' },
    { who: 'client', jump: -HOUR, code: 'stale_timestamp' },
    { who: 'server', jump: HOUR, code: 'stale_timestamp' },
    { who: 'server', jump: -HOUR, code: 'future_timestamp' },
  ] as const)(
    'with the $who’s clock alone set by $jump ms has a $code at step 7',
    async ({ who, jump, code }) => {
      const session = await open({ suite, lifetime: 60 })
      session[who].environment.setWallClock(jump)
      expect(await rejection(session.ask())).toMatchObject({ code, step: 7, origin: 'peer' })
      expect(await session.served).toMatchObject({ code, step: 7, origin: 'local' })
    },
  )

  it.each([
    { jump: HOUR, code: 'future_timestamp' },
    { jump: -HOUR, code: 'stale_timestamp' },
  ] as const)(
    'whose server’s clock is set by $jump ms before it answers has a $code at step 8',
    async ({ jump, code }) => {
      let set = (): void => undefined
      const pace: Pace = async (step) => {
        if (step === 8) set()
      }
      const { server, client, served, ask } = await open({ suite, lifetime: 60, pace })
      set = () => server.environment.setWallClock(jump)
      expect(await rejection(ask())).toMatchObject({ code, step: 8, origin: 'local' })
      expect(await served).toMatchObject({ code, step: 8, origin: 'peer' })
      expect(story(client.records).slice(-2)).toEqual([
        `received step 8: ${code}`,
        `sent alert about 8: ${code}`,
      ])
    },
  )

  it('takes a clock that is off by exactly the age limit, and no more', async () => {
    for (const jump of [MAX_AGE * 1000, -MAX_AGE * 1000]) {
      const near = await open({ suite })
      near.client.environment.setWallClock(jump)
      expect(await near.ask()).toBe('hello')
      await near.leave()
      const beyond = await open({ suite })
      beyond.client.environment.setWallClock(jump + Math.sign(jump))
      expect(await rejection(beyond.ask())).toMatchObject({ step: 7, origin: 'peer' })
      await beyond.served
    }
  })

  it('that is over is session_expired whatever the clocks say: the lifetime is asked first of all', async () => {
    for (const { jump } of JUMPS) {
      const { ask, pass, client, served } = await open({ suite, lifetime: 10 })
      pass(10_001)
      client.environment.setWallClock(jump)
      expect(await rejection(ask())).toMatchObject({ code: 'session_expired', step: 7 })
      await served
    }
  })

  it('counts its time at each end for itself: the client warns, the server has the say', async () => {
    const { client, server, ask, served } = await open({ suite, lifetime: 10 })
    client.environment.pass(10_001)
    client.environment.setWallClock(-10_001)
    expect(await rejection(sendRequest(client.conversation, 'time', { force: false }))).toMatchObject({
      code: 'session_expired',
      origin: 'local',
    })
    expect(await ask()).toBe('hello')
    server.environment.pass(10_001)
    expect(await rejection(ask())).toMatchObject({ code: 'session_expired', origin: 'peer' })
    await served
  })
})
