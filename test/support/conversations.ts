/** Both ends of a connection in memory as conversations, with fake clocks and everything they record. */
import type { Bytes } from '#shared/bytes'
import { Conversation, fullPace, type Pace, type RoleState } from '#shared/hl1/drivers/conversation'
import { startIssuing, startRegistration } from '#shared/hl1/drivers/registration'
import { serveClient, startClient, startServing, type SessionEnd } from '#shared/hl1/drivers/session'
import { frameTransport, type ReceiveLimits } from '#shared/hl1/drivers/transport'
import { systemEnvironment, type Environment } from '#shared/hl1/environment'
import { DEFAULT_IDENTITIES } from '#shared/hl1/identity'
import type { Hl1Entry } from '#shared/hl1/types'
import { answerRequest } from '#shared/hl1/requests'
import { ReplayMemory } from '#shared/hl1/replay-memory'
import type { AuthorityState, ClientState, RegistrationState, ServerState } from '#shared/hl1/state'
import type { SuiteName } from '#shared/hl1/suites'
import { connectionOf, expectNone } from './context'
import { authorityCredentials, serverCredentials } from './credentials'
import { fakeEnvironment, type FakeEnvironment } from './environment'
import { CLIENT, K_BOOT, LIFETIME, MAX_AGE, SERVER } from './handshake'
import { pipePair, type PipeEnd } from './pipe-pair'

const PATIENT: ReceiveLimits = { idle: undefined, frame: 60_000 }

/** One role's end of a connection. */
export interface Side<S extends RoleState> {
  readonly conversation: Conversation<S>
  readonly pipe: PipeEnd
  readonly environment: FakeEnvironment
  readonly records: readonly Hl1Entry[]
  readonly abort: AbortController
}

export interface ConnectionOptions {
  /** The most bytes that one read brings. */
  readonly chunk?: number
  readonly limits?: ReceiveLimits
  readonly pace?: Pace
  readonly lifetime?: number
  readonly enforceAddress?: boolean
  readonly suite?: SuiteName
  /** Learns of what both sides record. */
  readonly onRecord?: (entry: Hl1Entry) => void
  /** Takes what must not end a conversation; nothing may unless given. */
  readonly onFailure?: (error: unknown) => void
}

function side<S extends RoleState>(
  state: S,
  pipe: PipeEnd,
  environment: FakeEnvironment,
  options: ConnectionOptions,
): Side<S> {
  const records: Hl1Entry[] = []
  const abort = new AbortController()
  const conversation = new Conversation(state, {
    transport: frameTransport(pipe, systemEnvironment),
    environment,
    connection: connectionOf('in memory'),
    pace: options.pace ?? fullPace,
    limits: () => options.limits ?? PATIENT,
    onRecord: (entry) => {
      records.push(entry)
      options.onRecord?.(entry)
    },
    onFailure: options.onFailure ?? expectNone,
    signal: abort.signal,
  })
  return { conversation, pipe, environment, records, abort }
}

/** A server and the authority that it registers with. */
export async function registrationPair(options: ConnectionOptions = {}): Promise<{
  readonly authority: Side<AuthorityState>
  readonly server: Side<RegistrationState>
}> {
  const environments = [fakeEnvironment('authority'), fakeEnvironment('server')] as const
  const credentials = await authorityCredentials(environments[0].now())
  const [near, far] = pipePair(options)
  const issuing = startIssuing({
    credentials,
    policy: { rsaBits: 2048, validityDays: 365 },
    maxAge: MAX_AGE,
  })
  const registering = startRegistration({
    suite: options.suite ?? 'classic',
    idS: DEFAULT_IDENTITIES.server,
    trustAnchor: credentials.certificate,
    rsaBits: 2048,
    maxAge: MAX_AGE,
  })
  return {
    authority: side(issuing, near, { ...environments[0], seen: new ReplayMemory() }, options),
    server: side(registering, far, environments[1], options),
  }
}

/** A registered server and a client. */
export async function sessionPair(options: ConnectionOptions = {}): Promise<{
  readonly server: Side<ServerState>
  readonly client: Side<ClientState>
  /** Serves the client; settles with what ended it. */
  readonly serve: () => Promise<unknown>
  /** Ends the session from the server's side. */
  readonly endSession: () => void
  /** What the server was told of the session's end. */
  readonly ends: readonly SessionEnd[]
}> {
  const environments = [fakeEnvironment('server'), fakeEnvironment('client')] as const
  const authority = await authorityCredentials(environments[0].now())
  const [near, far] = pipePair(options)
  const serving = startServing({
    credentials: await serverCredentials(authority, environments[0].now()),
    kBoot: K_BOOT,
    peer: CLIENT,
    enforceAddress: options.enforceAddress ?? false,
    maxAge: MAX_AGE,
  })
  const asking = startClient({
    suite: options.suite ?? 'classic',
    idC: DEFAULT_IDENTITIES.client,
    idS: DEFAULT_IDENTITIES.server,
    trustAnchor: authority.certificate,
    kBoot: K_BOOT,
    server: SERVER,
    maxAge: MAX_AGE,
  })
  const server = side(serving, near, environments[0], options)
  const client = side(asking, far, environments[1], options)
  const ends: SessionEnd[] = []
  let endSession = (): void => undefined
  const service = {
    lifetime: () => options.lifetime ?? LIFETIME,
    answer: (request: string, { idC }: { readonly idC: string }) =>
      answerRequest(request, { ...contextOf(environments[0]), ...CLIENT, idC, age: 0 }),
    onSession: (_: unknown, end: () => void) => (endSession = end),
    onSessionEnd: (how: SessionEnd) => ends.push(how),
  }
  const serve = (): Promise<unknown> =>
    serveClient(server.conversation, service).then(
      () => undefined,
      (error: unknown) => error,
    )
  return { server, client, serve, endSession: () => endSession(), ends }
}

function contextOf({ now, random }: Environment): { now: () => number; random: (length: number) => Bytes } {
  return { now, random }
}

/** A side's records in short: direction, what it was, and how it ended. */
export function story(records: readonly Hl1Entry[]): readonly string[] {
  return records.map(({ direction, kind, step, outcome }) => {
    const what = kind === 'alert' ? `alert about ${step}` : `step ${step}`
    return `${direction} ${what}${outcome.ok ? '' : `: ${outcome.code}`}`
  })
}

/** What a promise rejects with. */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`Nothing was refused: ${JSON.stringify(value)}`)
    },
    (error: unknown) => error,
  )
}
