/** What client and server forget of their secrets: the handshake's once the session has its keys, and those at its end. */
import type { ClientState, ServerState } from './state'

type Holder = ClientState | ServerState

const NO_KEY = new Uint8Array()

/** The state after step 6 without what only the handshake needed. */
export function withoutHandshakeKeys<S extends Holder>(state: S): S {
  const { modern } = state
  // Suite `modern` goes on with the two keys that were derived; what they were derived from has done its work.
  if (!modern?.session) return { ...state, kTmp2: undefined, modern: undefined }
  const session = state.session && { ...state.session, key: NO_KEY }
  return { ...state, kTmp2: undefined, session, modern: { session: modern.session } }
}

/** The state without any symmetric key of its connection; that there was a session is still known. */
export function withoutKeys<S extends Holder>(state: S): S {
  const session = state.session && { ...state.session, key: NO_KEY }
  return { ...state, kTmp2: undefined, modern: undefined, session }
}
