/** A lab as its windows drive it, with a client in short: for tests of walking, sessions and secrets. */
import { ClientLinks } from '#main/ipc/client-link'
import { mainEnvironment } from '#main/lab/environment'
import { Hub } from '#main/lab/events'
import { Lab, type LabOptions } from '#main/lab/lab'
import type { Certificate } from '#shared/crypto/pki/certificate'
import type { SecretsOf } from '#shared/lab'
import { Client } from '#shared/hl1/drivers/client'
import { fullPace } from '#shared/hl1/drivers/conversation'
import type { BytePipe } from '#shared/hl1/drivers/transport'
import type { Hl1Entry } from '#shared/hl1/types'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import { expectNone, roleContext } from './context'
import { withReadyKeys } from './credentials'
import type { Loopback } from './loopback'

/** What a lab is given besides settings. */
type LabChanges = Pick<LabOptions, 'environment' | 'routes' | 'patience' | 'judgeRequest'>
const open: (() => Promise<void> | void)[] = []

/** Ends every lab that was made since; for `afterEach`. */
export async function closeLabs(): Promise<void> {
  await Promise.all(open.splice(0).map((close) => close()))
}

export function makeLab(changes: Partial<Settings> = {}, options: LabChanges = {}) {
  const settings: { current: Settings } = {
    current: { ...DEFAULT_SETTINGS, authorityPort: 0, serverPort: 0, ...changes },
  }
  const told: Hl1Entry[] = []
  const anchors: Certificate[] = []
  const forgotten: SecretsOf[] = []
  const watchers = new Set<() => void>()
  let changesSeen = 0
  const hub = new Hub()
  hub.on('changed', () => {
    changesSeen++
    for (const look of watchers) look()
  })
  hub.on('recorded', (entry) => told.push(entry))
  hub.on('forgotten', (whose) => forgotten.push(whose))
  hub.on('trusted', (certificate) => anchors.push(certificate))
  const environment = withReadyKeys(options.environment ?? mainEnvironment)
  const lab = new Lab({ settings: () => settings.current, hub, ...options, environment })
  const links = new ClientLinks(lab.roles.context, lab.walk)
  open.push(() => links.closeAll())
  open.push(() => lab.close())
  return { lab, hub, settings, told, anchors, forgotten, links, watchers, changes: () => changesSeen }
}

export async function startedLab(changes: Partial<Settings> = {}, options: LabChanges = {}) {
  const made = makeLab(changes, options)
  await Promise.all([made.lab.startAuthority(), made.lab.startServer()])
  return made
}

export type Started = Awaited<ReturnType<typeof startedLab>>

/** The lab seen as two listeners, for clients of someone else. */
export function asLoopback({ lab, settings, told }: Started): Loopback {
  return {
    authority: lab.authority,
    server: lab.server,
    records: told,
    settings,
    context: roleContext(),
    trustAnchor: lab.authority.certificate!,
    authorityPort: lab.authority.address!.port,
    serverPort: lab.server.address!.port,
    stop: () => lab.close(),
  }
}

/** The client's window in short: a link through main, and the client on top of it. */
export async function makeClient({ lab, links, settings }: Started) {
  const link = await links.open(lab.roles.serverRoute)
  const pipe: BytePipe = {
    read: () => links.read(link.id),
    write: async (bytes) => void (await links.write(link.id, bytes)),
    close: () => links.close(link.id),
  }
  const records: Hl1Entry[] = []
  const client = new Client({
    pipe,
    connection: link.connection,
    settings: settings.current,
    trustAnchor: lab.authority.certificate!,
    environment: lab.roles.context.environment,
    pace: fullPace,
    stepping: () => true,
    onRecord: (entry) => records.push(entry),
    onFailure: expectNone,
  })
  return { client, records, link }
}
