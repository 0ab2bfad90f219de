/** Steps 1 and 2 from both ends: the authority issues, the server registers. */
import type { Certificate } from '../../crypto/certificate'
import type { RsaBits } from '../../crypto/rsa'
import { LabError } from '../../errors'
import { emptyTranscript } from '../message'
import type { ReplayMemory } from '../replay-memory'
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
export async function startIssuing(options: {
  readonly credentials: AuthorityCredentials
  readonly policy: IssuePolicy
  readonly memory: ReplayMemory
  readonly maxAge: number
}): Promise<AuthorityState> {
  return {
    ...options,
    role: 'authority',
    suite: undefined,
    next: { act: 'accept', step: 1 },
    transcript: await emptyTranscript(),
  }
}

/** A server's state on a new connection to the authority. */
export async function startRegistration(options: {
  readonly suite: SuiteName
  readonly idS: string
  readonly trustAnchor: Certificate
  readonly rsaBits: RsaBits
  readonly maxAge: number
}): Promise<RegistrationState> {
  return {
    ...options,
    role: 'server',
    next: { act: 'build', step: 1 },
    transcript: await emptyTranscript(),
  }
}

/** The authority's side: takes the request, answers it, closes. */
export function issueCertificate(conversation: Conversation<AuthorityState>): Promise<Certificate> {
  return conversation.run(async () => {
    await conversation.accept(1)
    await conversation.build(2, {})
    conversation.options.transport.close()
    return present(conversation.state.issued).certificate
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
