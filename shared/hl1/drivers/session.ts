/** Steps 3 to 8 from both ends: the server serves a client, the client opens a session and sends requests. */
import { LabError } from '../../errors'
import type { Certificate } from '../../crypto/pki/certificate'
import type { Bytes } from '../../bytes'
import { ProtocolError } from '../alerts'
import { lifetimeClock } from '../environment'
import { withoutKeys } from '../forgetting'
import { EMPTY_TRANSCRIPT } from '../message'
import { timeLeft, type ClientState, type ServerCredentials, type ServerState, type Session } from '../state'
import { suitesServedWith } from '../served-suites'
import type { SuiteName } from '../suites'
import type { Endpoint } from '../../record/connection'
import type { Conversation } from './conversation'

/** The server's state on a new connection. */
export function startServing(options: {
  readonly credentials: ServerCredentials
  readonly kBoot: Bytes
  readonly peer: Endpoint
  readonly enforceAddress: boolean
  readonly maxAge: number
}): ServerState {
  return {
    ...options,
    role: 'server',
    suite: undefined,
    offered: suitesServedWith(options.credentials),
    next: { act: 'accept', step: 3 },
    transcript: EMPTY_TRANSCRIPT,
    idC: undefined,
    kTmp2: undefined,
    modern: undefined,
    session: undefined,
    request: undefined,
  }
}

/** A client's state on a new connection to the server. */
export function startClient(options: {
  readonly suite: SuiteName
  readonly idC: string
  readonly idS: string
  readonly trustAnchor: Certificate
  readonly kBoot: Bytes
  readonly server: Endpoint
  readonly maxAge: number
}): ClientState {
  return {
    ...options,
    role: 'client',
    next: { act: 'build', step: 3 },
    transcript: EMPTY_TRANSCRIPT,
    serverKey: undefined,
    serverCertificate: undefined,
    certS: undefined,
    kTmp2: undefined,
    modern: undefined,
    session: undefined,
    data: undefined,
  }
}

/**
 * How a session ended, as its server sees it: its lifetime was over, the server ended it or stopped, the client left, or
 * a message was refused.
 */
export type SessionEnd = 'lifetime' | 'ended_here' | 'client_left' | 'refused'

/** What a server does besides the protocol. */
export interface Service {
  /** Seconds that a new session lives. */
  readonly lifetime: () => number
  /** The answer to a request. */
  readonly answer: (request: string, session: Session) => string | Promise<string>
  /** A session has begun; `end` ends it from this side, at any time. */
  readonly onSession: (session: Session, end: () => void) => void
  /** It has ended, told once; its keys are forgotten. */
  readonly onSessionEnd?: (how: SessionEnd) => void
}

/** Serves one client until it leaves, its session ends, or a message is refused. */
export async function serveClient(conversation: Conversation<ServerState>, service: Service): Promise<never> {
  const { environment, limits, signal } = conversation.options
  const lifetimes = lifetimeClock(environment)
  let endedHere: ProtocolError | undefined
  let callOff = (): void => undefined
  let hasEnded = true
  const end = (how: SessionEnd): void => {
    if (!hasEnded) service.onSessionEnd?.(how)
    hasEnded = true
  }
  const expire = (): void => {
    // Whoever does not ask whether a session lives keeps its key.
    if (environment.without?.has('session_alive')) return
    // A request that was accepted in time still gets its answer, and needs the key for that.
    if (conversation.state.next.act === 'accept') conversation.update(withoutKeys)
    end('lifetime')
  }
  try {
    return await conversation.run(async () => {
      await conversation.accept(3)
      await conversation.build(4, {})
      await conversation.accept(5)
      await conversation.build(6, () => ({ lifetime: service.lifetime() }))
      const session = present(conversation.state.session)
      hasEnded = false
      service.onSession(session, () => {
        endedHere ??= new ProtocolError({ code: 'session_expired', step: 7, message: ENDED_BY_SERVER })
        conversation.interrupt(endedHere)
      })
      callOff = lifetimes.after(session.lifetime * 1000 + 1, expire)
      for (;;) {
        // Nobody is expected to speak while the session lives: the idle limit runs from its end.
        const { idle, frame } = limits()
        const left = timeLeft(session, lifetimes.monotonic())
        if (left < 0) expire()
        await conversation.accept(7, {
          idle: idle === undefined ? undefined : idle + Math.max(0, left),
          frame,
        })
        const request = conversation.state.request ?? ''
        await conversation.build(8, async () => ({ data: await service.answer(request, session) }))
      }
    })
  } catch (error) {
    end(signal?.aborted || error === endedHere ? 'ended_here' : howItEnded(error))
    throw error
  } finally {
    callOff()
    const { session, modern, kTmp2 } = conversation.state
    if (session ?? modern ?? kTmp2) conversation.update(withoutKeys)
  }
}

/** What a client is told whose session is ended before its time. */
const ENDED_BY_SERVER = 'The server has ended the session before its time.'

function howItEnded(error: unknown): SessionEnd {
  if (!(error instanceof ProtocolError)) return 'client_left'
  if (error.code === 'session_expired') return 'lifetime'
  return error.origin === 'peer' ? 'client_left' : 'refused'
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
  const { monotonic } = lifetimeClock(conversation.options.environment)
  const left = timeLeft(present(conversation.state.session), monotonic())
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
 * Listens between two exchanges for what the server says unasked: that the session is over. Resolves when `enough`
 * aborts, and leaves whatever has come by then for the next exchange.
 * @throws ProtocolError the server's alert; LabError `connection_closed`
 */
export function awaitFarewell(conversation: Conversation<ClientState>, enough: AbortSignal): Promise<void> {
  return conversation.run(() => conversation.overhear(enough))
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new LabError('internal_error', 'The handshake has left nothing.')
  return value
}
