/** The client over a pipe in memory: what the window, the terminal, experiments and tests all use. */
import { describe, expect, it } from 'vitest'
import { LabError } from '#shared/errors'
import { Client, type ClientOptions } from '#shared/hl1/drivers/client'
import { fullPace, type Pace } from '#shared/hl1/drivers/conversation'
import { systemEnvironment } from '#shared/hl1/environment'
import type { Hl1Entry } from '#shared/hl1/types'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { connectionOf, expectNone } from '../../../support/context'
import { rejection, sessionPair, story } from '../../../support/conversations'
import { fakeEnvironment } from '../../../support/environment'
import { CLIENT, SERVER } from '../../../support/handshake'
import { until } from '../../../support/wait'

/** A client at the far end of a server's pipe, and what it records. */
async function make(changes: Partial<ClientOptions> = {}) {
  const { server, client, serve, endSession } = await sessionPair()
  const records: Hl1Entry[] = []
  const visitor = new Client({
    pipe: client.pipe,
    connection: connectionOf('of the client', { from: CLIENT, to: SERVER }),
    settings: DEFAULT_SETTINGS,
    trustAnchor: client.conversation.state.trustAnchor,
    environment: fakeEnvironment('visitor'),
    pace: fullPace,
    stepping: () => true,
    onRecord: (entry) => records.push(entry),
    onFailure: expectNone,
    ...changes,
  })
  return { client: visitor, pipe: client.pipe, records, served: serve(), server, endSession }
}

describe('a client', () => {
  it('opens a session, asks, and leaves; its records carry its connection and the suite', async () => {
    const { client, records, served } = await make()
    expect(await client.open()).toMatchObject({ idC: DEFAULT_SETTINGS.clientIdentity })
    expect(await client.request('echo here')).toBe('here')
    expect(client.state.session).toBeDefined()
    client.close()
    client.close()
    expect(await served).toMatchObject({ code: 'connection_closed' })
    expect(story(records)).toEqual([3, 4, 5, 6, 7, 8].map((n) => `${n % 2 ? 'sent' : 'received'} step ${n}`))
    expect(new Set(records.map(({ connection }) => connection))).toEqual(new Set([client.connection]))
    expect(client.connection).toMatchObject({ id: 'of the client', suite: DEFAULT_SETTINGS.suite })
  })

  it('says in step 5 where its connection is from', async () => {
    const { client, records, server } = await make()
    await client.open()
    const step5 = records.find(({ step }) => step === 5)
    const values = Object.fromEntries(step5!.members.map(({ name, value }) => [name, value]))
    expect(values).toMatchObject({ ip_c: CLIENT.address, port_c: CLIENT.port })
    const there = server.records.find(({ step }) => step === 5)
    expect(there?.checks.find(({ id }) => id === 'address')?.result).toBe('passed')
    client.close()
  })

  it('hears of a session’s end while nothing is asked, where somebody wants to', async () => {
    const heard: unknown[] = []
    const { client, endSession } = await make({ onFarewell: (error) => heard.push(error) })
    await client.open()
    expect(await client.request('echo one')).toBe('one')
    endSession()
    await until(() => heard.length > 0)
    expect(heard).toEqual([expect.objectContaining({ code: 'session_expired', origin: 'peer' })])
  })

  it('does not listen where nobody wants to: what was said is what the next request gets', async () => {
    const { client, pipe, endSession, served } = await make()
    await client.open()
    endSession()
    await served
    expect(pipe.waiting()).toBeGreaterThan(0)
    expect(await rejection(client.request('time'))).toMatchObject({ code: 'session_expired', origin: 'peer' })
  })

  it('is ended by its caller’s signal, with that reason', async () => {
    const abort = new AbortController()
    const pace: Pace = (_, ending) => {
      const signal = ending()
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      )
    }
    const { client } = await make({ signal: abort.signal, pace })
    const opening = rejection(client.open())
    abort.abort(new LabError('cancelled', 'Enough.'))
    expect(await opening).toMatchObject({ code: 'cancelled' })
  })

  it('is not made of a bootstrap key that is no hex', async () => {
    const settings = { ...DEFAULT_SETTINGS, bootstrapKey: 'no hex' }
    await expect(make({ settings, environment: systemEnvironment })).rejects.toMatchObject({
      code: 'bad_setting',
    })
  })
})
