/** The drivers of the three roles, both ends in memory. */
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { concat, toUtf8, type Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import { systemEnvironment } from '#shared/hl1/environment'
import { encodeAlert } from '#shared/hl1/alerts'
import type { Pace } from '#shared/hl1/drivers/conversation'
import { issueCertificate, register } from '#shared/hl1/drivers/registration'
import { openSession, sendRequest } from '#shared/hl1/drivers/session'
import { frameTransport } from '#shared/hl1/drivers/transport'
import { encodeFrame, TYPE_ALERT } from '#shared/hl1/frame'
import { alertFrame } from '#shared/hl1/message'
import type { StepNumber } from '#shared/hl1/steps'
import { registrationPair, rejection, sessionPair, story } from '../../../support/conversations'
import { CLIENT, flip } from '../../../support/handshake'
import { until } from '../../../support/wait'

const NEVER = new AbortController().signal

/** The first frame that a client sends to this server. */
async function step3(): Promise<Bytes> {
  const { client } = await sessionPair()
  await client.conversation.build(3, {})
  return client.pipe.written()
}

/** Writes to a peer that takes nothing. */
function untilGivenUp(_bytes: Bytes, signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
}

describe('whoever watches a conversation', () => {
  it('can’t harm it: what they throw is handed on, and it goes on', async () => {
    const failure = new Error('No.')
    const onRecord = (): void => {
      throw failure
    }
    const onFailure = vi.fn()
    const { client, serve } = await sessionPair({ onRecord, onFailure })
    const served = serve()
    await openSession(client.conversation, CLIENT)
    expect(await sendRequest(client.conversation, 'echo on', { force: false })).toBe('on')
    client.conversation.options.transport.close()
    expect(await served).toMatchObject({ code: 'connection_closed' })
    expect(onFailure.mock.calls).toEqual(Array.from({ length: 12 }, () => [failure]))
  })
})

describe('an alert that its peer does not take', () => {
  it('waits for no other: fifty at once are no listeners on one signal, of which the runtime would warn', async () => {
    const warnings: Error[] = []
    const warn = (warning: Error): void => void warnings.push(warning)
    process.on('warning', warn)
    onTestFinished(() => void process.off('warning', warn))
    const pairs = await Promise.all(Array.from({ length: 50 }, () => sessionPair()))
    const ends = pairs.map(({ client, server, serve }) => {
      const stuck = vi.spyOn(server.pipe, 'write').mockImplementation(untilGivenUp)
      const served = serve()
      void client.pipe.write(toUtf8('no frame of this protocol'), NEVER)
      return { served, stuck }
    })
    await until(() => ends.every(({ stuck }) => stuck.mock.calls.length === 1))
    for (const { served } of ends) expect(await served).toMatchObject({ code: 'unsupported_version' })
    expect(warnings.map(String)).toEqual([])
  })
})

describe('a registration', () => {
  it('gives the server its key and both certificates, and the authority closes after step 2', async () => {
    const { authority, server } = await registrationPair()
    const issued = issueCertificate(authority.conversation)
    const credentials = await register(server.conversation)
    expect(credentials.identity).toBe('ID-Server')
    expect(credentials.certificate.pem).toBe((await issued).pem)
    expect(authority.pipe.closed()).toBe(true)
    expect(story(server.records)).toEqual(['sent step 1', 'received step 2'])
    expect(story(authority.records)).toEqual(['received step 1', 'sent step 2'])
  })

  it('goes through byte by byte', async () => {
    const { authority, server } = await registrationPair({ chunk: 1 })
    const issued = issueCertificate(authority.conversation)
    await register(server.conversation)
    expect((await issued).subject.commonName).toBe('ID-Server')
  })

  it('fails on both sides where the authority refuses', async () => {
    const { authority, server } = await registrationPair()
    server.environment.pass(11_000)
    const refused = rejection(issueCertificate(authority.conversation))
    expect(await rejection(register(server.conversation))).toMatchObject({
      code: 'future_timestamp',
      step: 1,
      origin: 'peer',
    })
    expect(await refused).toMatchObject({ code: 'future_timestamp', step: 1, origin: 'local' })
    expect(story(authority.records)).toEqual([
      'received step 1: future_timestamp',
      'sent alert about 1: future_timestamp',
    ])
    expect(story(server.records)).toEqual(['sent step 1', 'received alert about 1: future_timestamp'])
    expect([authority.pipe.closed(), server.pipe.closed()]).toEqual([true, true])
  })

  it('that the server refuses is told to the authority, which has issued it all the same', async () => {
    const { authority, server } = await registrationPair()
    const issued: string[] = []
    const issuing = rejection(issueCertificate(authority.conversation, ({ pem }) => issued.push(pem)))
    server.conversation.update((state) => ({ ...state, idS: 'ID-Server', maxAge: -1 }))
    expect(await rejection(register(server.conversation))).toMatchObject({ step: 2, origin: 'local' })
    expect(await issuing).toMatchObject({ step: 2, origin: 'peer' })
    expect(issued).toHaveLength(1)
    expect(story(authority.records).at(-1)).toMatch(/^received alert about 2: /)
  })
})

describe('a session', () => {
  it('is opened in four messages and answers requests until the client leaves', async () => {
    const { client, server, serve } = await sessionPair()
    const served = serve()
    const session = await openSession(client.conversation, CLIENT)
    expect(session).toMatchObject({ idC: 'ID-Client', lifetime: 60 })
    for (const text of ['hello', 'größer € 𝄞', '', 'x'.repeat(100_000)]) {
      expect(await sendRequest(client.conversation, `echo ${text}`, { force: false })).toBe(text)
    }
    client.pipe.close()
    expect(await served).toMatchObject({ code: 'connection_closed' })
    const pairs = Array.from({ length: 4 }, () => [7, 8]).flat()
    expect(story(client.records)).toEqual(
      [3, 4, 5, 6, ...pairs].map((step) => `${step % 2 === 1 ? 'sent' : 'received'} step ${step}`),
    )
    expect(story(server.records)).toEqual(
      [3, 4, 5, 6, ...pairs].map((step) => `${step % 2 === 1 ? 'received' : 'sent'} step ${step}`),
    )
  })

  it('goes through byte by byte', async () => {
    const { client, serve } = await sessionPair({ chunk: 1 })
    const served = serve()
    await openSession(client.conversation, CLIENT)
    expect(await sendRequest(client.conversation, 'echo hello', { force: false })).toBe('hello')
    client.pipe.close()
    await served
  })

  it('has each side’s records in order, each with a name of its own', async () => {
    const { client, server, serve } = await sessionPair()
    const served = serve()
    await openSession(client.conversation, CLIENT)
    client.pipe.close()
    await served
    const ids = [...client.records, ...server.records].map((entry) => entry.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(client.records.every((entry) => entry.connection.id === 'in memory')).toBe(true)
  })

  it('carries no more than it may: what is too long is refused by the receiver', async () => {
    const { client, serve } = await sessionPair()
    const served = serve()
    await openSession(client.conversation, CLIENT)
    const refused = await rejection(
      sendRequest(client.conversation, `echo ${'x'.repeat(1_048_640)}`, { force: false }),
    )
    expect(refused).toMatchObject({ code: 'frame_too_large', step: 7, origin: 'peer' })
    expect(await served).toMatchObject({ code: 'frame_too_large', step: 7, origin: 'local' })
  })
})

describe('the session’s end (section 5)', () => {
  it('is the same on both sides: a request exactly then is answered, also a second one', async () => {
    const { client, server, serve } = await sessionPair({ lifetime: 10 })
    const served = serve()
    await openSession(client.conversation, CLIENT)
    for (const { environment } of [client, server]) environment.pass(10_000)
    expect(await sendRequest(client.conversation, 'echo in time', { force: false })).toBe('in time')
    expect(await sendRequest(client.conversation, 'echo again', { force: false })).toBe('again')
    client.pipe.close()
    await served
  })

  it('is enforced by the client a millisecond later, without a word to the server', async () => {
    const { client, server, serve } = await sessionPair({ lifetime: 10 })
    const served = serve()
    await openSession(client.conversation, CLIENT)
    for (const { environment } of [client, server]) environment.pass(10_001)
    const before = client.pipe.written().length
    expect(await rejection(sendRequest(client.conversation, 'time', { force: false }))).toMatchObject({
      code: 'session_expired',
      step: 7,
      origin: 'local',
      message: 'The session ended 0.0 s ago: make a new one, or send all the same.',
    })
    expect(client.pipe.written().length).toBe(before)
    expect(client.pipe.closed()).toBe(false)
    expect(story(client.records)).toHaveLength(4)
    client.pipe.close()
    await served
  })

  it('is enforced by the server where the client sends all the same: session_expired on both sides', async () => {
    const { client, server, serve } = await sessionPair({ lifetime: 10 })
    const served = serve()
    await openSession(client.conversation, CLIENT)
    for (const { environment } of [client, server]) environment.pass(10_001)
    expect(await rejection(sendRequest(client.conversation, 'time', { force: true }))).toMatchObject({
      code: 'session_expired',
      step: 7,
      origin: 'peer',
      message: 'The session ended 0.001 s ago; its key is gone.',
    })
    expect(await served).toMatchObject({ code: 'session_expired', step: 7, origin: 'local' })
    expect(story(server.records).slice(-2)).toEqual([
      'received step 7: session_expired',
      'sent alert about 7: session_expired',
    ])
    expect(story(client.records).slice(-2)).toEqual([
      'sent step 7',
      'received alert about 7: session_expired',
    ])
    expect([client.pipe.closed(), server.pipe.closed()]).toEqual([true, true])
  })

  it('does not move with the wall clock, forwards or back', async () => {
    const { client, server, serve } = await sessionPair({ lifetime: 10 })
    const served = serve()
    await openSession(client.conversation, CLIENT)
    for (const difference of [86_400_000, -2 * 86_400_000]) {
      for (const { environment } of [client, server]) environment.setWallClock(difference)
      expect(await sendRequest(client.conversation, 'echo still there', { force: false })).toBe('still there')
    }
    for (const { environment } of [client, server]) environment.pass(10_001)
    expect(await rejection(sendRequest(client.conversation, 'time', { force: true }))).toMatchObject({
      code: 'session_expired',
    })
    await served
  })

  it('makes the server forget the key, though nobody asks for anything', async () => {
    const { client, server, serve } = await sessionPair({ lifetime: 10 })
    const served = serve()
    await openSession(client.conversation, CLIENT)
    await until(() => server.conversation.state.next.act === 'accept')
    server.environment.pass(10_000)
    expect(server.conversation.state.session?.key).toHaveLength(8)
    server.environment.pass(1)
    expect(server.conversation.state.session?.key).toHaveLength(0)
    client.pipe.close()
    await served
  })

  it('is only the start of the idle limit: while the session lives, nobody has to speak', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const { client, server, serve } = await sessionPair({
        lifetime: 10,
        limits: { idle: 30_000, frame: 30_000 },
      })
      const served = serve()
      await openSession(client.conversation, CLIENT)
      await until(() => server.conversation.state.next.act === 'accept')
      await vi.advanceTimersByTimeAsync(39_999)
      expect(server.pipe.closed()).toBe(false)
      await vi.advanceTimersByTimeAsync(1)
      expect(await served).toMatchObject({ code: 'timeout', step: 7 })
      expect(story(server.records).at(-1)).toBe('sent alert about 7: timeout')
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('a peer that ends', () => {
  it('within a frame, at any offset of it, has sent a malformed one', async () => {
    const frame = await step3()
    for (let length = 1; length < frame.length; length++) {
      const { client, server, serve } = await sessionPair()
      const served = serve()
      await client.pipe.write(frame.slice(0, length), NEVER)
      client.pipe.close()
      expect(await served, `after ${length} bytes`).toMatchObject({ code: 'malformed', step: 3 })
      expect(story(server.records)).toEqual(['received step 3: malformed', 'sent alert about 3: malformed'])
      expect(server.records[0]?.frame).toHaveLength(length < 8 ? length : Math.max(8, length))
      expect(server.pipe.closed()).toBe(true)
    }
  })

  it('between two frames has left: there is nothing to record, and nobody to tell', async () => {
    const { client, server, serve } = await sessionPair()
    client.pipe.close()
    expect(await serve()).toMatchObject({ code: 'connection_closed' })
    expect(server.records).toEqual([])
    expect(server.pipe.written()).toHaveLength(0)
    expect(server.pipe.closed()).toBe(true)
  })

  it('while the client waits for its answer leaves it with a closed connection', async () => {
    const { client, server } = await sessionPair()
    const opening = rejection(openSession(client.conversation, CLIENT))
    server.pipe.close()
    expect(await opening).toMatchObject({ code: 'connection_closed' })
    expect(client.pipe.closed()).toBe(true)
  })
})

describe('an alert', () => {
  it('of the peer is recorded and not answered', async () => {
    const { client, server } = await sessionPair()
    const opening = rejection(openSession(client.conversation, CLIENT))
    await server.pipe.write(alertFrame({ code: 'busy', step: 3, message: 'Not now.' }), NEVER)
    expect(await opening).toMatchObject({ code: 'busy', step: 3, origin: 'peer', message: 'Not now.' })
    expect(story(client.records)).toEqual(['sent step 3', 'received alert about 3: busy'])
    expect(client.pipe.closed()).toBe(true)
  })

  it('that can’t be read is not answered either', async () => {
    const { client, server } = await sessionPair()
    const opening = rejection(openSession(client.conversation, CLIENT))
    await server.pipe.write(encodeFrame(TYPE_ALERT, 1, toUtf8('?')), NEVER)
    expect(await opening).toMatchObject({ code: 'malformed', origin: 'peer' })
    expect(story(client.records)).toEqual(['sent step 3', 'received alert about 4: malformed'])
  })

  it('at any moment ends the conversation with its code and step', async () => {
    for (const requests of [0, 1, 2]) {
      const { client, server, serve } = await sessionPair()
      const served = serve()
      await openSession(client.conversation, CLIENT)
      for (let count = 0; count < requests; count++)
        await sendRequest(client.conversation, 'time', { force: false })
      const alert = encodeAlert({ code: 'internal_error', step: 8, message: 'Sorry.' })
      await client.pipe.write(encodeFrame(TYPE_ALERT, 1, alert), NEVER)
      expect(await served).toMatchObject({ code: 'internal_error', step: 8, origin: 'peer' })
      expect(server.pipe.closed()).toBe(true)
    }
  })

  it('reaches a peer that sent two frames at once, the second one wrong', async () => {
    const { client, server, serve } = await sessionPair()
    const served = serve()
    const frame = await step3()
    // Another pair's step 3 is good here too: K_boot is a constant.
    await client.pipe.write(concat(frame, flip(frame, 5, 0x02)), NEVER)
    expect(await served).toMatchObject({ code: 'unexpected_message', step: 1 })
    expect(story(server.records)).toEqual([
      'received step 3',
      'sent step 4',
      'received step 5: unexpected_message',
      'sent alert about 1: unexpected_message',
    ])
  })

  it('of a fault of the program’s own says no more than that', async () => {
    const { client, server, serve } = await sessionPair()
    const served = serve()
    const secret = 'a stack trace with a secret'
    server.conversation.update((state) => ({
      ...state,
      get credentials(): never {
        throw new TypeError(secret)
      },
    }))
    const refused = await rejection(openSession(client.conversation, CLIENT))
    expect(refused).toMatchObject({ code: 'internal_error', step: 3, origin: 'peer' })
    expect(JSON.stringify([client.records, server.records])).not.toContain(secret)
    expect(await served).toMatchObject({ code: 'internal_error', origin: 'local' })
  })

  it('about a timeout tells the step that was awaited', async () => {
    const { client, server, serve } = await sessionPair({ limits: { idle: 20, frame: 20 } })
    expect(await serve()).toMatchObject({ code: 'timeout', step: 3 })
    expect(story(server.records)).toEqual(['sent alert about 3: timeout'])
    expect(client.pipe.waiting()).toBeGreaterThan(0)
  })
})

describe('a conversation that is given up', () => {
  it('ends with the reason it was given, and closes without an alert', async () => {
    const { client, server } = await sessionPair()
    const opening = rejection(openSession(client.conversation, CLIENT))
    await until(() => client.records.length === 1)
    client.abort.abort(new LabError('cancelled', 'Enough.'))
    expect(await opening).toMatchObject({ code: 'cancelled' })
    expect(client.pipe.closed()).toBe(true)
    expect(story(client.records)).toEqual(['sent step 3'])
    expect(server.pipe.waiting()).toBe(client.pipe.written().length)
  })
})

describe('a conversation that is given up while it works', () => {
  it('on a message of its own records and sends nothing of that', async () => {
    const { authority, server } = await registrationPair()
    let finish: (() => void) | undefined
    const slow = { ...authority.conversation.options.environment }
    Object.assign(authority.conversation.options, {
      environment: {
        ...slow,
        crypto: {
          ...slow.crypto,
          generateRsaKeyPair: async () => {
            await new Promise<void>((resolve) => (finish = resolve))
            return slow.crypto.generateRsaKeyPair(2048)
          },
        },
      },
    })
    const issuing = rejection(issueCertificate(authority.conversation))
    const registering = rejection(register(server.conversation))
    await until(() => finish !== undefined)
    authority.abort.abort(new LabError('stopped', 'Stopped.'))
    finish?.()
    expect(await issuing).toMatchObject({ code: 'stopped' })
    expect(story(authority.records)).toEqual(['received step 1'])
    expect(authority.pipe.written()).toHaveLength(0)
    expect(await registering).toMatchObject({ code: 'connection_closed' })
  })

  it('on a message of the peer’s records nothing of that', async () => {
    const { client, server, serve } = await sessionPair()
    const { environment } = server
    const now = (): number => {
      server.abort.abort(new LabError('stopped', 'Stopped.'))
      return environment.now()
    }
    Object.assign(server.conversation.options, { environment: { ...environment, now } })
    const served = serve()
    await client.conversation.build(3, {})
    expect(await served).toMatchObject({ code: 'stopped' })
    expect(server.records).toEqual([])
  })
})

describe('a peer that takes nothing', () => {
  it('ends the conversation after the time for a frame', async () => {
    const { client } = await sessionPair({ limits: { idle: undefined, frame: 30 } })
    const write = (_: Bytes, signal: AbortSignal): Promise<void> =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      )
    const transport = frameTransport({ ...client.pipe, write }, systemEnvironment)
    Object.assign(client.conversation.options, { transport })
    expect(await rejection(openSession(client.conversation, CLIENT))).toMatchObject({
      code: 'connection_closed',
      message: 'The peer did not take the message in time.',
    })
    expect(client.pipe.closed()).toBe(true)
  })
})

describe('the pace', () => {
  it('is asked before each message is built, and no timestamp is made before it answers', async () => {
    const asked: StepNumber[] = []
    let hold: (() => void) | undefined
    const pace: Pace = async (step) => {
      asked.push(step)
      await new Promise<void>((resolve) => (hold = resolve))
    }
    const { client } = await sessionPair({ pace })
    const opening = rejection(openSession(client.conversation, CLIENT))
    expect(asked).toEqual([3])
    expect(client.pipe.written()).toHaveLength(0)
    client.environment.pass(3_600_000)
    hold?.()
    await until(() => client.records.length === 1)
    const ts3 = client.records[0]?.members.find((member) => member.name === 'ts3')?.value
    expect(ts3).toBe(client.environment.now())
    client.abort.abort(new LabError('cancelled', 'Enough.'))
    await opening
  })

  it('is told when the message was sent, or why it was not', async () => {
    const told: string[] = []
    const pace: Pace = async (step) => ({
      sent: () => void told.push(`${step} sent: ${client.pipe.written().length > 0}`),
      failed: (reason) => void told.push(`${step} ${(reason as LabError).code}`),
    })
    const { client } = await sessionPair({ pace })
    const opening = rejection(openSession(client.conversation, CLIENT))
    await until(() => told.length === 1)
    expect(told).toEqual(['3 sent: true'])
    client.abort.abort(new LabError('cancelled', 'Enough.'))
    await opening
    const stopped = await sessionPair({
      pace: async (step) => {
        stopped.client.abort.abort(new LabError('cancelled', 'Enough.'))
        return pace(step, () => new AbortController().signal)
      },
    })
    await rejection(openSession(stopped.client.conversation, CLIENT))
    expect(told.at(-1)).toBe('3 cancelled')
  })

  it('that refuses ends the conversation', async () => {
    const { client } = await sessionPair({
      pace: async () => {
        throw new LabError('connection_closed', 'Gone.')
      },
    })
    expect(await rejection(openSession(client.conversation, CLIENT))).toMatchObject({
      code: 'connection_closed',
    })
    expect(client.pipe.closed()).toBe(true)
    expect(client.records).toEqual([])
  })
})
