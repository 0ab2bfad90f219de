/** The keys of suite `modern`: derived on both sides from what each step has brought (protocol.md section 4). */
import { concat, toUtf8, type Bytes } from '../../bytes'
import type { Environment } from '../environment'
import type { ClientState, ModernSecrets, ServerState } from '../state'
import { known } from '../step-parts'
import { K_6, K_C2S, K_HS, K_S2C, PROOF_LABEL } from './derivations'

type HandshakeState = ClientState | ServerState
type SessionSecrets = NonNullable<ModernSecrets['session']>

/** `Z`: the x-coordinate that both shares lead to. */
function sharedSecret(state: HandshakeState): Bytes {
  return known(state.modern?.shared)
}

/** `K_hs`, from `Z` and the transcript before step 4. */
export function handshakeKey(shared: Bytes, transcript: Bytes, { crypto }: Environment): Promise<Bytes> {
  return crypto.deriveKey(shared, transcript, toUtf8(K_HS.label))
}

/** `K_6`, from `K_tmp2`, `Z` and the transcript before step 6. */
export function answerKey(state: HandshakeState, { crypto }: Environment): Promise<Bytes> {
  return crypto.deriveKey(
    concat(known(state.kTmp2), sharedSecret(state)),
    state.transcript,
    toUtf8(K_6.label),
  )
}

/** What `proof` signs: a label, a zero byte, the transcript before step 4, the server's share, its nonce. */
export function proofText(transcript: Bytes, share: Bytes, nonce: Bytes): Bytes {
  return concat(toUtf8(PROOF_LABEL), new Uint8Array(1), transcript, share, nonce)
}

/** The state with both session keys, derived from the transcript after step 6. */
export async function withSessionKeys<S extends HandshakeState>(
  state: S,
  { crypto }: Environment,
): Promise<S> {
  const modern = known(state.modern)
  if (modern.session) return state
  const input = concat(known(state.session).key, known(modern.shared))
  const [clientToServer, serverToClient] = await Promise.all([
    crypto.deriveKey(input, state.transcript, toUtf8(K_C2S.label)),
    crypto.deriveKey(input, state.transcript, toUtf8(K_S2C.label)),
  ])
  const session: SessionSecrets = {
    transcript: state.transcript,
    clientToServer,
    serverToClient,
    nextRequest: 0,
    nextAnswer: 0,
  }
  return { ...state, modern: { ...modern, session } }
}

/** The session's secrets of a state that has them. */
export function sessionSecrets(state: HandshakeState): SessionSecrets {
  return known(state.modern?.session)
}

/** The state after one more message in one direction. */
export function countMessage<S extends HandshakeState>(state: S, direction: 'nextRequest' | 'nextAnswer'): S {
  const modern = known(state.modern)
  const session = known(modern.session)
  return { ...state, modern: { ...modern, session: { ...session, [direction]: session[direction] + 1 } } }
}
