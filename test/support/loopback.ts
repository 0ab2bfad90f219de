/** Authority and server on real ports, and honest and dishonest clients for them. */
import type { Authority } from '#main/authority/authority'
import { connectClient, visit } from '#main/client/client'
import { mainEnvironment } from '#main/lab/environment'
import { Roles } from '#main/lab/roles'
import type { RoleContext } from '#main/net/converse'
import type { ApplicationServer } from '#main/server/application-server'
import type { Certificate } from '#shared/crypto/pki/certificate'
import { startRegistration } from '#shared/hl1/drivers/registration'
import { startClient } from '#shared/hl1/drivers/session'
import { systemEnvironment, type Environment } from '#shared/hl1/environment'
import { accept, build } from '#shared/hl1/message'
import type { Hl1Entry } from '#shared/hl1/types'
import type { ClientState, RegistrationState } from '#shared/hl1/state'
import type { SuiteName } from '#shared/hl1/suites'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import { keyPair, withReadyKeys } from './credentials'
import { K_BOOT, type Moment } from './handshake'
import { occupy } from './ports'
import { RawPeer } from './raw-peer'

export interface Loopback {
  readonly authority: Authority
  readonly server: ApplicationServer
  /** What both roles have recorded, oldest first. */
  readonly records: readonly Hl1Entry[]
  readonly trustAnchor: Certificate
  /** The settings in force; changes hold for what comes next. */
  readonly settings: { current: Settings }
  readonly context: RoleContext
  readonly authorityPort: number
  readonly serverPort: number
  readonly stop: () => Promise<void>
}

const running: { readonly stop: () => Promise<void> }[] = []

/** Ends every loopback and gives back every port that was taken since; for `afterEach`. */
export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map(({ stop }) => stop()))
}

/** Another program on a port, any free one unless told, until {@link stopAll}. */
export async function takePort(wanted = 0): Promise<number> {
  const occupied = await occupy(wanted)
  running.push(occupied)
  return occupied.port
}

/** Starts both roles on free ports, and registers the server unless told not to. */
export async function startLoopback(
  changes: Partial<Settings> = {},
  options: { readonly register?: boolean; readonly environment?: Environment } = {},
): Promise<Loopback> {
  const settings = {
    current: { ...DEFAULT_SETTINGS, authorityPort: 0, serverPort: 0, ...changes } as Settings,
  }
  const records: Hl1Entry[] = []
  const roles = new Roles({
    settings: () => settings.current,
    environment: withReadyKeys(options.environment ?? mainEnvironment),
    onRecord: (entry) => records.push(entry),
  })
  const { authority, server, context } = roles
  await roles.start()
  const loopback: Loopback = {
    authority,
    server,
    records,
    settings,
    context,
    get trustAnchor() {
      return authority.certificate!
    },
    get authorityPort() {
      return authority.address!.port
    },
    get serverPort() {
      return server.address!.port
    },
    stop: () => roles.close(),
  }
  running.push(loopback)
  if (options.register !== false) await roles.register()
  return loopback
}

/** One honest client from connecting to leaving; returns the answers. */
export function askServer(
  loopback: Loopback,
  requests: readonly string[],
  trustAnchor = loopback.trustAnchor,
  context: RoleContext = { ...loopback.context, onRecord: () => undefined },
): Promise<readonly string[]> {
  const { server, settings } = loopback
  const client = connectClient({
    server: server.address!,
    trustAnchor,
    settings: settings.current,
    context,
    signal: new AbortController().signal,
  })
  return visit(client, requests)
}

/** The listeners by name, each with the first step that it waits for. */
export const ROLES = [
  { role: 'authority', step: 1 },
  { role: 'server', step: 3 },
] as const

export function portOf(loopback: Loopback, role: (typeof ROLES)[number]['role']): number {
  return role === 'authority' ? loopback.authorityPort : loopback.serverPort
}

/** The steps that a listener waits for. */
export const LISTENED_STEPS = [1, 3, 5, 7] as const
export type ListenedStep = (typeof LISTENED_STEPS)[number]

/** A connection on which everything went as it should until the step, and that step's good message, not sent yet. */
export interface Approach {
  readonly peer: RawPeer
  readonly moment: Moment
}

/** Connects and goes up to a step, honestly. Whoever registers has the same key every time: making one takes long. */
export async function approach(
  loopback: Loopback,
  step: ListenedStep,
  suite: SuiteName = 'classic',
): Promise<Approach> {
  const crypto = { ...systemEnvironment.crypto, generateRsaKeyPair: () => keyPair('server') }
  const environment = { ...systemEnvironment, crypto }
  const { trustAnchor, settings } = loopback
  const { clientIdentity: idC, serverIdentity: idS, maxAge } = settings.current
  const toMoment = async (
    number: ListenedStep,
    builder: RegistrationState | ClientState,
  ): Promise<Moment> => {
    const inputs = { 1: {}, 3: {}, 5: peer.local, 7: { request: 'whoami' } }
    const { frame, record } = await build(number, builder, inputs[number], environment)
    // Nobody accepts it here: the listener's state is its own.
    return { step: number, builder, acceptor: builder, frame, record, environment }
  }
  const peer = await RawPeer.connect(step === 1 ? loopback.authorityPort : loopback.serverPort)
  if (step === 1) {
    const state = startRegistration({ suite, idS, trustAnchor, rsaBits: 2048, maxAge })
    return { peer, moment: await toMoment(1, state) }
  }
  const server = { address: '127.0.0.1', port: loopback.serverPort }
  let state = startClient({ suite, idC, idS, trustAnchor, kBoot: K_BOOT, server, maxAge })
  for (const number of [3, 5] as const) {
    if (number === step) break
    const input = number === 3 ? {} : peer.local
    const built = await build(number, state, input as never, environment)
    await peer.send(built.frame)
    const answer = await peer.frame()
    if (!answer) throw new Error(`The server closed at step ${number}.`)
    const accepted = await accept(number === 3 ? 4 : 6, built.state as never, answer, environment)
    state = accepted.state as typeof state
  }
  return { peer, moment: await toMoment(step, state) }
}

/** Sends the good message of an approach and returns whether the listener answers it with the next step. */
export async function goThrough({ peer, moment }: Approach): Promise<boolean> {
  await peer.send(moment.frame)
  const answer = await peer.frame()
  peer.close()
  return answer?.[5] === moment.step + 1
}
