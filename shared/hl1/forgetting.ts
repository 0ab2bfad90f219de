/** What client and server forget of their secrets: the handshake's once the session has its keys, and those at its end. */
import type { ClientState, ServerState } from './state'

type Holder = ClientState | ServerState

const NO_KEY = new Uint8Array()

/** The state after step 6 without what only the handshake needed. */
export function withoutHandshakeKeys<S extends Holder>(state: S): S {
  const { kTmp2: _kTmp2, modern, ...rest } = state
  // Suite `modern` goes on with the two keys that were derived; what they were derived from has done its work.
  if (!modern?.session) return rest as S
  const session = state.session && { ...state.session, key: NO_KEY }
  return { ...rest, ...(session ? { session } : {}), modern: { session: modern.session } } as S
}

/** The state without any symmetric key of its connection; that there was a session is still known. */
export function withoutKeys<S extends Holder>(state: S): S {
  const { kTmp2: _kTmp2, modern: _modern, session, ...rest } = state
  return { ...rest, ...(session ? { session: { ...session, key: NO_KEY } } : {}) } as S
}
