/** Steps 3 to 8 from both ends: the server serves a client, the client opens a session and sends requests. */
import { LabError } from '../../errors'
import type { Certificate } from '../../crypto/certificate'
import type { Bytes } from '../../bytes'
import { ProtocolError } from '../alerts'
import { emptyTranscript } from '../message'
import {
  timeLeft,
  type ClientState,
  type Endpoint,
  type ServerCredentials,
  type ServerState,
  type Session,
} from '../state'
import { SUITE_NAMES, type SuiteName } from '../suites'
import type { Conversation } from './conversation'

/** The server's state on a new connection. */
export async function startServing(options: {
  readonly credentials: ServerCredentials
  readonly kBoot: Bytes
  readonly peer: Endpoint
  readonly enforceAddress: boolean
  readonly maxAge: number
}): Promise<ServerState> {
  // Without a Cert_S, which only registering in `classic` brings, step 4 of that suite can't be built.
  const offered = SUITE_NAMES.filter((name) => name !== 'classic' || options.credentials.certS)
  return {
    ...options,
    role: 'server',
    suite: undefined,
    offered,
    next: { act: 'accept', step: 3 },
    transcript: await emptyTranscript(),
  }
}

/** A client's state on a new connection to the server. */
export async function startClient(options: {
  readonly suite: SuiteName
  readonly idC: string
  readonly idS: string
  readonly trustAnchor: Certificate
  readonly kBoot: Bytes
  readonly server: Endpoint
  readonly maxAge: number
}): Promise<ClientState> {
  return {
    ...options,
    role: 'client',
    next: { act: 'build', step: 3 },
    transcript: await emptyTranscript(),
  }
}

/** What a server does besides the protocol. */
export interface Service {
  /** Seconds that a new session lives. */
  readonly lifetime: () => number
  /** The answer to a request. */
  readonly answer: (request: string, session: Session) => string
  readonly onSession: (session: Session) => void
}

/** Serves one client until it leaves, its session ends, or a message is refused. */
export function serveClient(conversation: Conversation<ServerState>, service: Service): Promise<never> {
  const { environment, limits } = conversation.options
  let callOff = (): void => undefined
  return conversation
    .run(async () => {
      await conversation.accept(3)
      await conversation.build(4, {})
      await conversation.accept(5)
      await conversation.build(6, () => ({ lifetime: service.lifetime() }))
      const session = present(conversation.state.session)
      service.onSession(session)
      callOff = environment.after(session.lifetime * 1000 + 1, () => conversation.update(withoutSessionKey))
      for (;;) {
        // Nobody is expected to speak while the session lives: the idle limit runs from its end.
        const { idle, frame } = limits()
        const left = timeLeft(session, environment.monotonic())
        if (left < 0) conversation.update(withoutSessionKey)
        await conversation.accept(7, {
          idle: idle === undefined ? undefined : idle + Math.max(0, left),
          frame,
        })
        const request = conversation.state.request ?? ''
        await conversation.build(8, () => ({ data: service.answer(request, session) }))
      }
    })
    .finally(() => callOff())
}

/** Steps 3 to 6 of the client; `local` is its own end of the connection. */
export function openSession(conversation: Conversation<ClientState>, local: Endpoint): Promise<Session> {
  return conversation.run(async () => {
    await conversation.build(3, {})
    await conversation.accept(4)
    await conversation.build(5, local)
    await conversation.accept(6)
    return present(conversation.state.session)
  })
}

/**
 * Steps 7 and 8 of the client.
 * @param force send even when this side counts the session as ended: the server will have its say
 * @throws ProtocolError `session_expired`, without closing, when the session has ended and `force` is not set
 */
export async function sendRequest(
  conversation: Conversation<ClientState>,
  request: string,
  options: { readonly force: boolean },
): Promise<string> {
  const left = timeLeft(present(conversation.state.session), conversation.options.environment.monotonic())
  if (left < 0 && !options.force) {
    const message = `The session ended ${(-left / 1000).toFixed(1)} s ago: make a new one, or send all the same.`
    throw new ProtocolError({ code: 'session_expired', step: 7, message })
  }
  return conversation.run(async () => {
    await conversation.build(7, { request })
    await conversation.accept(8)
    return present(conversation.state.data)
  })
}

/**
 * The session's key is forgotten at its end; that there was one is still known, to answer `session_expired`. A request
 * that was accepted in time still gets its answer.
 */
function withoutSessionKey(state: ServerState): ServerState {
  const { modern: _forgotten, session, ...rest } = state
  if (!session || state.next.act !== 'accept') return state
  return { ...rest, session: { ...session, key: new Uint8Array() } }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new LabError('internal_error', 'The handshake has left nothing.')
  return value
}
