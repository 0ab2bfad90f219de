/** Ending a session from the server's side, and what a client hears between two exchanges. Both ends in memory. */
import { describe, expect, it, vi } from 'vitest'
import { toUtf8 } from '#shared/bytes'
import type { Pace } from '#shared/hl1/drivers/conversation'
import { awaitFarewell, openSession, sendRequest, type SessionEnd } from '#shared/hl1/drivers/session'
import { encodeFrame } from '#shared/hl1/frame'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { rejection, sessionPair, story } from '../../../support/conversations'
import { CLIENT } from '../../../support/handshake'
import { until } from '../../../support/wait'

const NEVER = new AbortController().signal

describe.each(SUITE_NAMES)('a session in suite %s that its server ends', (suite) => {
  it('is over for the client at once: session_expired about step 7, on both sides', async () => {
    const { client, server, serve, endSession, ends } = await sessionPair({ suite })
    const served = serve()
    await openSession(client.conversation, CLIENT)
    expect(await sendRequest(client.conversation, 'echo once', { force: false })).toBe('once')
    const farewell = rejection(awaitFarewell(client.conversation, NEVER))
    await until(() => server.conversation.state.next.act === 'accept')
    endSession()
    expect(await farewell).toMatchObject({
      code: 'session_expired',
      step: 7,
      origin: 'peer',
      message: 'The server has ended the session before its time.',
    })
    expect(await served).toMatchObject({ code: 'session_expired', step: 7, origin: 'local' })
    expect(story(server.records).slice(-2)).toEqual(['sent step 8', 'sent alert about 7: session_expired'])
    expect(story(client.records).at(-1)).toBe('received alert about 7: session_expired')
    expect([client.pipe.closed(), server.pipe.closed()]).toEqual([true, true])
    expect(ends).toEqual(['ended_here'])
  })

  it('leaves no key of it in the server’s state', async () => {
    const { client, server, serve, endSession } = await sessionPair({ suite })
    const served = serve()
    await openSession(client.conversation, CLIENT)
    await until(() => server.conversation.state.next.act === 'accept')
    endSession()
    await served
    const { session, kTmp2, modern } = server.conversation.state
    expect(session?.key).toHaveLength(0)
    expect([kTmp2, modern]).toEqual([undefined, undefined])
  })
})

describe('a session that its server ends', () => {
  it('while the server stands before step 8 is not answered any more', async () => {
    const waiting: number[] = []
    const pace: Pace = (step, ending) =>
      step === 8
        ? new Promise((_, reject) => {
            waiting.push(step)
            const signal = ending()
            signal.addEventListener('abort', () => reject(signal.reason as Error))
          })
        : Promise.resolve()
    const { client, server, serve, endSession } = await sessionPair({ pace })
    const served = serve()
    await openSession(client.conversation, CLIENT)
    const asked = rejection(sendRequest(client.conversation, 'time', { force: false }))
    await until(() => waiting.length === 1)
    endSession()
    expect(await asked).toMatchObject({ code: 'session_expired', step: 7, origin: 'peer' })
    await served
    expect(story(server.records).slice(-2)).toEqual([
      'received step 7',
      'sent alert about 7: session_expired',
    ])
  })

  it('and that is asked something at that moment ends all the same', async () => {
    const { client, serve, endSession } = await sessionPair()
    const served = serve()
    await openSession(client.conversation, CLIENT)
    endSession()
    expect(await rejection(sendRequest(client.conversation, 'time', { force: false }))).toMatchObject({
      code: 'session_expired',
      origin: 'peer',
    })
    await served
  })
})

describe('how a session ended, as its server counts it', () => {
  const run = async (
    part: (pair: Awaited<ReturnType<typeof sessionPair>>) => Promise<unknown>,
  ): Promise<readonly SessionEnd[]> => {
    const pair = await sessionPair({ lifetime: 10 })
    const served = pair.serve()
    await openSession(pair.client.conversation, CLIENT)
    await part(pair)
    await served
    return pair.ends
  }

  it('is that the client left, or refused an answer', async () => {
    expect(await run(async ({ client }) => client.pipe.close())).toEqual(['client_left'])
    const refused = run(async ({ client }) => {
      client.environment.pass(60_000)
      await rejection(sendRequest(client.conversation, 'time', { force: true }))
    })
    expect(await refused).toEqual(['refused'])
  })

  it('is that its time was over, whatever comes after that', async () => {
    const ends = await run(async ({ client, server }) => {
      for (const { environment } of [client, server]) environment.pass(10_001)
      await rejection(sendRequest(client.conversation, 'time', { force: true }))
    })
    expect(ends).toEqual(['lifetime'])
  })

  it('is that a message of the client was refused', async () => {
    const ends = await run(({ client }) => client.pipe.write(encodeFrame(7, 1, toUtf8('nonsense')), NEVER))
    expect(ends).toEqual(['refused'])
  })

  it('is nothing where none had begun', async () => {
    const { client, serve, ends } = await sessionPair()
    const served = serve()
    client.pipe.close()
    await served
    expect(ends).toEqual([])
  })
})

describe('the keys of a handshake', () => {
  it.each(SUITE_NAMES)(
    'are forgotten on both sides once the session has its own: suite %s',
    async (suite) => {
      const { client, server, serve } = await sessionPair({ suite })
      const served = serve()
      await openSession(client.conversation, CLIENT)
      await until(() => server.conversation.state.next.act === 'accept')
      for (const { state } of [client.conversation, server.conversation]) {
        expect(state.kTmp2).toBeUndefined()
        expect(Object.keys(state.modern ?? {})).toEqual(suite === 'modern' ? ['session'] : [])
        // Suite `modern` goes on with the two keys that K_sess has led to.
        expect(state.session?.key).toHaveLength(suite === 'modern' ? 0 : 8)
      }
      expect(await sendRequest(client.conversation, 'echo goes on', { force: false })).toBe('goes on')
      client.pipe.close()
      await served
    },
  )
})

describe('a client that listens between two exchanges', () => {
  it('stops when it has something to ask, and misses nothing by that', async () => {
    const { client, serve } = await sessionPair({ chunk: 1 })
    const served = serve()
    await openSession(client.conversation, CLIENT)
    for (const text of ['one', 'two']) {
      const enough = new AbortController()
      const listening = awaitFarewell(client.conversation, enough.signal)
      enough.abort()
      await listening
      expect(await sendRequest(client.conversation, `echo ${text}`, { force: false })).toBe(text)
    }
    client.pipe.close()
    await served
  })

  it('hears that the server is gone', async () => {
    const { client, server, serve } = await sessionPair()
    const served = serve()
    await openSession(client.conversation, CLIENT)
    const farewell = rejection(awaitFarewell(client.conversation, NEVER))
    server.pipe.close()
    expect(await farewell).toMatchObject({ code: 'connection_closed' })
    client.pipe.close()
    await served
  })

  it('refuses an answer that it did not ask for', async () => {
    const { client, server, serve } = await sessionPair()
    void serve()
    await openSession(client.conversation, CLIENT)
    await sendRequest(client.conversation, 'time', { force: false })
    const farewell = rejection(awaitFarewell(client.conversation, NEVER))
    await server.pipe.write(encodeFrame(8, 1, toUtf8('unasked')), NEVER)
    expect(await farewell).toMatchObject({ code: 'unexpected_message', step: 8, origin: 'local' })
    expect(story(client.records).slice(-2)).toEqual([
      'received step 8: unexpected_message',
      'sent alert about 8: unexpected_message',
    ])
    expect(client.pipe.closed()).toBe(true)
  })

  it('does not wait longer than for a frame once one has begun', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const { client, server, serve } = await sessionPair({ limits: { idle: undefined, frame: 5_000 } })
      void serve()
      await openSession(client.conversation, CLIENT)
      const farewell = rejection(awaitFarewell(client.conversation, NEVER))
      await server.pipe.write(new Uint8Array([0, 0]), NEVER)
      await until(() => client.pipe.waiting() === 0)
      await vi.advanceTimersByTimeAsync(5_000)
      expect(await farewell).toMatchObject({ code: 'timeout', origin: 'local' })
    } finally {
      vi.useRealTimers()
    }
  })
})
