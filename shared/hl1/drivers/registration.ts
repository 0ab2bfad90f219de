/** Steps 1 and 2 from both ends: the authority issues, the server registers. */
import type { Certificate } from '../../crypto/pki/certificate'
import type { RsaBits } from '../../crypto/primitives/rsa-bits'
import { isForeseen, LabError } from '../../errors'
import { nextTurn } from '../../turn'
import { ProtocolError } from '../alerts'
import { EMPTY_TRANSCRIPT } from '../message'
import type {
  AuthorityCredentials,
  AuthorityState,
  IssuePolicy,
  RegistrationState,
  ServerCredentials,
} from '../state'
import type { SuiteName } from '../suites'
import type { Conversation } from './conversation'

/** The authority's state on a new connection. */
export function startIssuing(options: {
  readonly credentials: AuthorityCredentials
  readonly policy: IssuePolicy
  readonly maxAge: number
}): AuthorityState {
  return {
    ...options,
    role: 'authority',
    suite: undefined,
    next: { act: 'accept', step: 1 },
    transcript: EMPTY_TRANSCRIPT,
  }
}

/** A server's state on a new connection to the authority. */
export function startRegistration(options: {
  readonly suite: SuiteName
  readonly idS: string
  readonly trustAnchor: Certificate
  readonly rsaBits: RsaBits
  readonly maxAge: number
}): RegistrationState {
  return {
    ...options,
    role: 'server',
    next: { act: 'build', step: 1 },
    transcript: EMPTY_TRANSCRIPT,
  }
}

/** How long the authority listens for what the server makes of its answer, milliseconds. */
const VERDICT_MS = 1_000

/** Where the work on a request begins, and ends: between the two nobody else's is done. */
export interface Work {
  /** Resolves when it may begin. */
  readonly begin: () => Promise<void>
  /** Ending twice is harmless. */
  readonly end: () => void
}

/** Everybody works at once. */
const AT_ONCE: Work = { begin: async () => undefined, end: () => undefined }

/**
 * The authority's side: takes the request, answers it, and closes once it has heard whether the server refuses the answer.
 * `onIssued` is told as soon as the answer is sent. What takes time is done as `work` lets it: not waiting for the peer, or for a
 * person.
 * @throws ProtocolError also the server's alert about step 2
 */
export function issueCertificate(
  conversation: Conversation<AuthorityState>,
  onIssued: (certificate: Certificate) => void = () => undefined,
  work = AT_ONCE,
): Promise<Certificate> {
  const { environment, transport } = conversation.options
  return conversation.run(async () => {
    try {
      await conversation.accept(1, undefined, work.begin)
      work.end()
      await conversation.build(2, async () => {
        await work.begin()
        // To issue a certificate is more work than any step of a session.
        await nextTurn()
        return {}
      })
    } finally {
      work.end()
    }
    transport.finish()
    const { certificate } = present(conversation.state.issued)
    onIssued(certificate)
    // Everything is said: that the server leaves is what it should do, and what else it may send is nobody's business.
    const enough = new AbortController()
    const callOff = environment.after(VERDICT_MS, () => enough.abort())
    try {
      await conversation.overhear(enough.signal)
    } catch (error) {
      const isPeers = error instanceof ProtocolError && error.origin === 'peer'
      if (isPeers || !isForeseen(error)) throw error
    } finally {
      callOff()
    }
    transport.close()
    return certificate
  })
}

/** The server's side: asks, checks the answer, and has its credentials. */
export function register(conversation: Conversation<RegistrationState>): Promise<ServerCredentials> {
  return conversation.run(async () => {
    await conversation.build(1, {})
    await conversation.accept(2)
    conversation.options.transport.close()
    return present(conversation.state.credentials)
  })
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new LabError('internal_error', 'Step 2 has left nothing.')
  return value
}
