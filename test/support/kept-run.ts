/** Runs over real sockets, of every kind that there is, as they are kept. */
import { keepRun } from '#main/recording/keep-run'
import { Roles } from '#main/lab/roles'
import type { Client } from '#shared/hl1/drivers/client'
import type { SuiteName } from '#shared/hl1/suites'
import type { Hl1Entry } from '#shared/hl1/types'
import { derivedKeys } from '#shared/run/keys-of-state'
import type { Run } from '#shared/run/run'
import { forgetSecrets } from '#shared/record/record'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import { withReadyKeys } from './credentials'
import { mainEnvironment } from '#main/lab/environment'
import { passOn, startRelay, type Meddle } from './relay'

/** What happens in a run besides its registration. */
export const KINDS = [
  'a session',
  'many requests',
  'a renewal',
  'an ended session',
  'a refused client',
  'a flipped bit',
  'a replayed request',
  'a second registration',
  'another program',
  'keys forgotten',
  'under way',
] as const
export type Kind = (typeof KINDS)[number]

/** Makes a run of a kind in a suite. `seed` varies what is asked; `requests`: how many of them are many. */
export async function makeRun(
  suite: SuiteName,
  kind: Kind,
  seed = 0,
  requests = 3 + (seed % 5),
): Promise<Run> {
  const settings: Settings = { ...DEFAULT_SETTINGS, suite, authorityPort: 0, serverPort: 0 }
  const records: Hl1Entry[] = []
  const from = Date.now()
  const relayed = kind === 'a flipped bit' || kind === 'a replayed request'
  let meddler: Awaited<ReturnType<typeof startRelay>> | undefined
  const roles: Roles = new Roles({
    settings: () => settings,
    environment: withReadyKeys(mainEnvironment),
    onRecord: (entry) => records.push(entry),
    routes: () => (meddler ? { clientToServer: meddler.endpoint } : {}),
    log: { failed: () => undefined },
  })
  const clients: Client[] = []
  const connect = async (changes: Partial<Settings> = {}): Promise<Client> => {
    const client = await roles.connect(new AbortController().signal, changes)
    clients.push(client)
    return client
  }
  try {
    await roles.start({ authority: 0, server: 0 })
    await roles.register()
    if (kind === 'a second registration') await roles.register()
    if (relayed && roles.server.address) {
      meddler = await startRelay(roles.server.address.port, roles.context.connections)
      meddler.meddle = meddlingOf(kind, seed)
    }
    const client = await connect(kind === 'a refused client' ? { serverIdentity: 'ID-Other' } : {})
    // What is refused is part of what is kept.
    await act(client, kind, seed, { roles, connect, requests }).catch(() => undefined)
    const kept = kind === 'keys forgotten' ? records.map(forgetSecrets) : records
    return keepRun({
      app: '0.0.0',
      settings: [{ from, value: settings }],
      anchors: roles.authority.certificate ? [{ from, value: roles.authority.certificate }] : [],
      records: kept,
      walkBegan: undefined,
      roles,
      registration: roles.server.credentials ? 'registered' : 'none',
      outdated: undefined,
      client: clients.map(({ connection, state }) => ({
        connection: connection.id,
        role: 'client',
        keys: derivedKeys(state),
      })),
      now: Date.now(),
    })
  } finally {
    for (const client of clients) client.close()
    await roles.close()
    await meddler?.stop()
  }
}

interface Around {
  readonly roles: Roles
  readonly connect: (changes?: Partial<Settings>) => Promise<Client>
  readonly requests: number
}

async function act(
  client: Client,
  kind: Kind,
  seed: number,
  { roles, connect, requests }: Around,
): Promise<void> {
  await client.open()
  await client.request(`echo ${'x'.repeat(seed % 50)}`)
  switch (kind) {
    case 'many requests':
      for (let count = 0; count < requests; count++) await client.request(`bytes ${seed * count}`)
      return
    case 'a renewal': {
      client.close()
      const next = await connect()
      await next.open()
      await next.request('whoami')
      return
    }
    case 'an ended session':
      roles.server.endSession(client.connection.id)
      await client.request('time')
      return
    case 'another program': {
      const next = await connect({ clientIdentity: 'ID-Guest' })
      await next.open()
      await next.request('time')
      return
    }
    case 'under way': {
      const next = await connect()
      void next.open().catch(() => undefined)
      return
    }
    default:
      await client.request('whoami')
  }
}

function meddlingOf(kind: Kind, seed: number): Meddle {
  if (kind === 'a replayed request')
    return ({ frame, type, before }) => (type === 7 && before === 0 ? [frame, frame] : [frame])
  const step = 3 + (seed % 6)
  return (passing) => {
    if (passing.type !== step) return passOn(passing)
    const frame = passing.frame.slice()
    const at = 8 + ((seed * 7) % (frame.length - 8))
    frame[at] = (frame[at] ?? 0) ^ (1 << (seed % 8))
    return [frame]
  }
}
