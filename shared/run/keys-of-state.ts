/** The keys that a role has worked out on a connection, and that no message carries (protocol.md section 4). */
import type { ClientState, ServerState } from '../hl1/state'
import type { ConnectionKeys } from './run'

/** Those that a state still has. */
export function derivedKeys({ modern }: ClientState | ServerState): ConnectionKeys['keys'] {
  if (!modern) return {}
  const { shared: Z, kHs: K_hs, session } = modern
  return {
    ...(Z ? { Z } : {}),
    ...(K_hs ? { K_hs } : {}),
    ...(session ? { K_c2s: session.clientToServer, K_s2c: session.serverToClient } : {}),
  }
}
