/** A lab as its windows drive it, with a client in short: for tests of walking, sessions and secrets. */
import { ClientLinks } from '#main/ipc/client-link'
import { Lab } from '#main/lab/lab'
import { fromHex } from '#shared/bytes'
import type { Certificate } from '#shared/crypto/pki/certificate'
import type { SecretsOf } from '#shared/lab'
import { Conversation, fullPace } from '#shared/hl1/drivers/conversation'
import { startClient } from '#shared/hl1/drivers/session'
import { frameTransport, type BytePipe } from '#shared/hl1/drivers/transport'
import { systemEnvironment } from '#shared/hl1/environment'
import type { Hl1Entry } from '#shared/hl1/types'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import type { Loopback } from './loopback'

const NEVER = new AbortController().signal
const open: (() => Promise<void> | void)[] = []

/** Ends every lab that was made since; for `afterEach`. */
export async function closeLabs(): Promise<void> {
  await Promise.all(open.splice(0).map((close) => close()))
}

export function makeLab(changes: Partial<Settings> = {}) {
  const settings: { current: Settings } = {
    current: { ...DEFAULT_SETTINGS, authorityPort: 0, serverPort: 0, ...changes },
  }
  const told: Hl1Entry[] = []
  const anchors: Certificate[] = []
  const forgotten: SecretsOf[] = []
  const watchers = new Set<() => void>()
  let changesSeen = 0
  const lab = new Lab({
    settings: () => settings.current,
    onChange: () => {
      changesSeen++
      for (const look of watchers) look()
    },
    onRecord: (entry) => told.push(entry),
    onForgotten: (whose) => forgotten.push(whose),
    onTrustAnchor: (certificate) => anchors.push(certificate),
  })
  const links = new ClientLinks({
    onOpen: (local) => lab.walk.join(local),
    onClose: (local) => lab.walk.leave(local),
  })
  open.push(() => links.closeAll())
  open.push(() => lab.close())
  return { lab, settings, told, anchors, forgotten, links, watchers, changes: () => changesSeen }
}

export async function startedLab(changes: Partial<Settings> = {}) {
  const made = makeLab(changes)
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
    context: {
      environment: systemEnvironment,
      onRecord: () => undefined,
      paceFor: () => ({ pace: fullPace, stepping: () => false }),
    },
    trustAnchor: lab.authority.certificate!,
    authorityPort: lab.authority.address!.port,
    serverPort: lab.server.address!.port,
    stop: () => lab.close(),
  }
}

/** The client's window in short: a link through main, and the client's driver on top of it. */
export async function makeClient({ lab, links, settings }: Started) {
  const link = await links.open(lab.server.address!)
  const pipe: BytePipe = {
    read: () => links.read(link.id),
    write: async (bytes) => void (await links.write(link.id, bytes)),
    close: () => links.close(link.id),
  }
  const records: Hl1Entry[] = []
  const { clientIdentity: idC, serverIdentity: idS, bootstrapKey, maxAge, suite } = settings.current
  const state = startClient({
    suite,
    idC,
    idS,
    trustAnchor: lab.authority.certificate!,
    kBoot: fromHex(bootstrapKey)!,
    server: link.server,
    maxAge,
  })
  const conversation = new Conversation(state, {
    transport: frameTransport(pipe),
    environment: systemEnvironment,
    connection: 'client',
    pace: fullPace,
    limits: () => ({ idle: undefined, frame: 60_000 }),
    onRecord: (entry) => records.push(entry),
    signal: NEVER,
  })
  return { conversation, records, link }
}
