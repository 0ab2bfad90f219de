/** An environment in which both ends do without some of what defends them: the checks by name, the repairs by what they compute. */
import { equalBytes, toUtf8 } from '../bytes'
import type { CryptoProvider } from '../crypto/provider'
import { decryptGcmUnchecked } from '../crypto/primitives/aead'
import type { Without } from '../hl1/defences'
import type { Environment } from '../hl1/environment'
import { K_C2S, K_S2C } from '../hl1/modern/derivations'

const SHARED_BYTES = 32

/** What `environment` is without some defences. */
export function environmentWithout(environment: Environment, without: Without): Environment {
  const { crypto } = environment
  return { ...environment, without, crypto: { ...crypto, ...weakened(crypto, without) } }
}

function weakened(crypto: CryptoProvider, without: Without): Partial<CryptoProvider> {
  return {
    ...(without.has('ephemeral_share') && { agree: async () => new Uint8Array(SHARED_BYTES) }),
    ...(without.has('two_keys') && {
      deriveKey: (input, salt, info) =>
        crypto.deriveKey(input, salt, equalBytes(info, toUtf8(K_S2C.label)) ? toUtf8(K_C2S.label) : info),
    }),
    ...(without.has('tag') && {
      decryptGcm: (key, nonce, _additional, sealed) => decryptGcmUnchecked(key, nonce, sealed),
    }),
  }
}
