/** Node's own JWK of a key. */
import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'

/**
 * Of a copy: a key just generated shares its lock with what generated it, and Node 20 stands still for good where that is swept up while the
 * lock is held, as `export` does for a JWK.
 */
export function jwkOf(key: KeyObject): JsonWebKey {
  const copy =
    key.type === 'public'
      ? createPublicKey({ key: key.export({ type: 'spki', format: 'der' }), type: 'spki', format: 'der' })
      : createPrivateKey({ key: key.export({ type: 'pkcs8', format: 'der' }), type: 'pkcs8', format: 'der' })
  return copy.export({ format: 'jwk' })
}
