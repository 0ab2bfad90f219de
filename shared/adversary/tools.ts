/** What attacks are made of: listening, answering in the place of a server, registering, and frames of one's own. */
import type { Bytes } from '../bytes'
import { signCertS } from '../crypto/pki/cert-s'
import { issueServerCertificate, serialFrom, validFor } from '../crypto/pki/issue'
import type { RsaKeyPair } from '../crypto/primitives/rsa'
import { passOwnFault } from '../errors'
import type { MemberValue } from '../record/member'
import type { Connection, Endpoint } from '../record/connection'
import { closeFrame, type ClosingKeys } from '../hl1/close-frame'
import { Client } from '../hl1/drivers/client'
import { Conversation, fullPace, type RoleState } from '../hl1/drivers/conversation'
import { register, startRegistration } from '../hl1/drivers/registration'
import { serveClient, startServing } from '../hl1/drivers/session'
import { frameTransport, type BytePipe } from '../hl1/drivers/transport'
import type { Hl1Entry } from '../hl1/types'
import { answerRequest } from '../hl1/requests'
import type { AuthorityCredentials, ServerCredentials } from '../hl1/state'
import { FrameCutter } from '../hl1/frame-cutter'
import { listen, type Heard, type SecretName } from './eavesdropper'
import type { HeldKey } from '../hl1/open-frame'
import type { Claim, HonestClient, SeenFrame, Stage, Tap } from './stage'

const NEVER = new AbortController().signal

/** What everybody does on a good day: the server registers, a client opens a session. */
export async function usualSession(stage: Stage): Promise<HonestClient> {
  await stage.register()
  const client = await stage.client()
  await client.open()
  return client
}

/** The request whose answer, too, holds the run's word. */
export function wordyRequest({ word }: Stage): string {
  return `echo ${word}`
}

/** The frames of each connection that has passed a wire. */
export function conversationsOf({ seen }: Tap): readonly (readonly Bytes[])[] {
  const numbers = [...new Set(seen.map(({ connection }) => connection.number))]
  return numbers.map((number) =>
    seen.filter(({ connection }) => connection.number === number).map(({ frame }) => frame),
  )
}

/** Opens all that has passed with these keys, and with those found on the way. */
export function eavesdrop(stage: Stage, keys: Iterable<readonly [SecretName, HeldKey]>): Promise<Heard> {
  const { suite, without, environment } = stage
  // Nobody has to know a secret that is always the same.
  const shared = without.has('ephemeral_share') ? [['Z', new Uint8Array(32)] as const] : []
  const conversations = [...conversationsOf(stage.toAuthority), ...conversationsOf(stage.toServer)]
  return listen(conversations, { suite, keys: [...keys, ...shared], crypto: environment.crypto, without })
}

/** What was asked for with {@link wordyRequest}. */
export function wordIn(request: string): string {
  return request.split(' ')[1] ?? ''
}

/** The last value of a member that was read, or why it was not. */
export function claimOf({ frames }: Heard, member: 'id_c' | 'req'): Claim {
  const found = frames.map(({ members }) => members[member]).filter((value) => value !== undefined)
  const text = found.at(-1)
  if (text !== undefined) return { secret: member === 'req' ? wordIn(String(text)) : String(text) }
  const missing = [...new Set(frames.flatMap((frame) => frame.missing))]
  return { missing: `Whoever listens lacks ${missing.join(', ')}.` }
}

/** The first frame of a step that came from an end. */
export function frameOf(tap: Tap, step: number): SeenFrame | undefined {
  return tap.seen.find((frame) => frame.step === step)
}

/** A connection as the adversary counts it; nobody else does. */
function ownConnection(from: Endpoint, acceptor: string): Connection {
  return { id: 'adversary', opener: undefined, acceptor, from, to: from, suite: undefined }
}

/** A side of a conversation that the adversary leads itself. */
function conversationOf<S extends RoleState>(
  state: S,
  pipe: BytePipe,
  { environment, settings }: Pick<Stage, 'environment' | 'settings'>,
  {
    connection,
    onRecord = () => undefined,
  }: { readonly connection: Connection; readonly onRecord?: (entry: Hl1Entry) => void },
): Conversation<S> {
  const limit = settings.idleLimit * 1000
  return new Conversation(state, {
    transport: frameTransport(pipe, environment),
    environment,
    connection,
    pace: fullPace,
    limits: () => ({ idle: limit, frame: limit }),
    onRecord,
    onFailure: () => undefined,
  })
}

/** Answers clients in the place of the server; what they ask is for `onRequest`. */
export function impersonate(
  stage: Stage,
  credentials: ServerCredentials,
  onRequest: (request: string) => void = () => undefined,
): void {
  stage.toServer.serve = (pipe, peer) => poseAsServer(stage, credentials, { pipe, peer, onRequest })
}

/** A client that was led astray, and what is learnt of it. */
export interface LedAstray {
  readonly pipe: BytePipe
  /** The client's end. */
  readonly peer: Endpoint
  readonly onRequest: (request: string) => void
  /** Learns of every message. */
  readonly onRecord?: (entry: Hl1Entry) => void
}

/** Serves one client in the place of the server, by the protocol. Rejects for nothing that a client does. */
export async function poseAsServer(
  stage: Pick<Stage, 'environment' | 'settings' | 'kBoot'>,
  credentials: ServerCredentials,
  { pipe, peer, onRequest, onRecord = () => undefined }: LedAstray,
): Promise<void> {
  const { kBoot, settings, environment } = stage
  const state = startServing({ credentials, kBoot, peer, enforceAddress: false, maxAge: settings.maxAge })
  const connection = ownConnection(peer, 'server')
  const conversation = conversationOf(state, pipe, stage, { connection, onRecord })
  const service = {
    lifetime: () => settings.lifetime,
    onSession: () => undefined,
    answer: (request: string) => {
      onRequest(request)
      return answerRequest(request, { ...environment, ...peer, idC: '', age: 0 })
    },
  }
  await serveClient(conversation, service).catch(passOwnFault)
}

/** Answers the first frame of a connection with another, and leaves. */
export async function answerOnce(pipe: BytePipe, frame: Bytes | undefined): Promise<void> {
  const cutter = new FrameCutter()
  try {
    for (let isAnswered = false; !isAnswered;) {
      const bytes = await pipe.read(NEVER)
      if (!bytes) break
      isAnswered = cutter.add(bytes).length > 0
      if (isAnswered && frame) await pipe.write(frame, NEVER)
    }
    // Whoever was answered says what it makes of that.
    await pipe.read(NEVER)
  } finally {
    pipe.close()
  }
}

/** The server's certificates, which are no secret, and a key of the adversary's own beside them. */
export async function withOwnKey(stage: Stage): Promise<ServerCredentials> {
  const { identity, certificate, certS } = stage.leaks.server()
  return { identity, certificate, ...(certS && { certS }), ...(await stage.keyPair()) }
}

/** Stands in the server's place with these credentials, and lets a client come; the claim is what the client asked. */
export async function standInBetween(stage: Stage, credentials: ServerCredentials): Promise<Claim> {
  let asked: string | undefined
  const posing = { ...credentials, identity: stage.settings.serverIdentity }
  impersonate(stage, posing, (request) => (asked = request))
  const client = await stage.client()
  if (await client.open()) await client.request(wordyRequest(stage))
  client.close()
  return asked === undefined ? {} : { secret: wordIn(asked) }
}

/** Registers in any name, as any server may. Throws as {@link register}. */
export async function registerAs(
  stage: Pick<Stage, 'suite' | 'environment' | 'settings' | 'trustAnchor' | 'connect'>,
  idS: string,
  suite = stage.suite,
  environment = stage.environment,
  onRecord?: (entry: Hl1Entry) => void,
): Promise<ServerCredentials> {
  const { trustAnchor, settings } = stage
  const { rsaBits, maxAge } = settings
  const { pipe, local } = await stage.connect('authority')
  const state = startRegistration({ suite, idS, trustAnchor, rsaBits, maxAge })
  const from = { ...stage, environment }
  const connection = ownConnection(local, 'authority')
  return register(conversationOf(state, pipe, from, { connection, ...(onRecord && { onRecord }) }))
}

/** Both forms of a certificate for a key, in a name, by an authority; `issue` makes the X.509 one. */
export async function certify(
  stage: Stage,
  { identity: idCa, keyPair: ca, certificate }: AuthorityCredentials,
  own: RsaKeyPair,
  issue: typeof issueServerCertificate = issueServerCertificate,
): Promise<ServerCredentials> {
  const { environment, settings } = stage
  const { serverIdentity: identity, validityDays } = settings
  const [certS, x509] = await Promise.all([
    signCertS(ca.privateKey, { idS: identity, idCa, pkS: own.publicKey.pem }, environment.crypto),
    issue(
      { certificate, privateKey: ca.privateKey },
      {
        identity,
        publicKey: own.publicKey,
        serial: serialFrom(environment.random(16)),
        validity: validFor(validityDays, environment.now()),
      },
      environment.crypto,
    ),
  ])
  return { identity, ...own, certS, certificate: x509 }
}

/** A client of the adversary's own, by the protocol. */
export async function ownClient(stage: Stage, identity: string): Promise<Client> {
  const { settings, trustAnchor, environment } = stage
  const { pipe, local } = await stage.connect('server')
  return new Client({
    pipe,
    connection: { ...ownConnection(local, 'server'), to: { address: '127.0.0.1', port: 0 } },
    settings: { ...settings, clientIdentity: identity },
    trustAnchor,
    environment,
    pace: fullPace,
    stepping: () => false,
    onRecord: () => undefined,
    onFailure: () => undefined,
  })
}

/** Sends frames to a listener, each once the one before was answered; the answers, until it ends. */
export async function sendRaw(
  stage: Stage,
  to: 'server' | 'authority',
  frames: readonly Bytes[],
): Promise<readonly Bytes[]> {
  const { pipe } = await stage.connect(to)
  const cutter = new FrameCutter()
  const answers: Bytes[] = []
  try {
    for (const frame of frames) {
      await pipe.write(frame, NEVER)
      const before = answers.length
      while (answers.length === before) {
        const bytes = await pipe.read(NEVER)
        if (!bytes) return answers
        answers.push(...cutter.add(bytes).map((piece) => piece.bytes))
      }
    }
  } catch (error) {
    // The listener is gone.
    passOwnFault(error)
  } finally {
    pipe.close()
  }
  return answers
}

/** A frame of any step that the adversary makes itself, with these keys. */
export function ownFrame(
  stage: Stage,
  step: Parameters<typeof closeFrame>[1],
  values: Readonly<Record<string, MemberValue>>,
  keys: Partial<Pick<ClosingKeys, 'transcript'>> & {
    readonly keys: Readonly<Record<string, Bytes | RsaKeyPair['publicKey']>>
  },
): Promise<Bytes> {
  const { random, crypto } = stage.environment
  return closeFrame(stage.suite, step, values, {
    key: (symbol) => keys.keys[symbol],
    transcript: keys.transcript ?? (() => new Uint8Array()),
    random,
    crypto,
  })
}

/** Bytes with one of them changed. */
export function flipped(frame: Bytes, at: number, mask = 1): Bytes {
  const copy = frame.slice()
  copy[at] = (copy[at] ?? 0) ^ mask
  return copy
}
