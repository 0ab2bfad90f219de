/** What suite `modern` works out: the shared secret, the keys that come from it, and the server's proof (protocol.md section 4). */
import {
  concatenation,
  symbol,
  text,
  transcript,
  type Algorithm,
  type Derivation,
} from '../../record/derivation'
import type { KeySymbol } from '../keys'

const HKDF: Algorithm = { name: 'HKDF', full: 'HKDF-SHA-256, 32 bytes' }

/** The x-coordinate that both shares lead to. */
export const Z: Derivation<KeySymbol> = {
  is: 'agreement',
  algorithm: { name: 'ECDH', full: 'ECDH on P-256, x-coordinate' },
  shares: [symbol('Share_C'), symbol('Share_S')],
}

export const K_HS = {
  is: 'derived',
  algorithm: HKDF,
  input: symbol('Z'),
  salt: transcript(4),
  label: 'HL/1 handshake',
} as const satisfies Derivation<KeySymbol>

/** What `proof` begins with, before one zero byte. */
export const PROOF_LABEL = 'HL/1 server proof'

export const PROOF: Derivation<KeySymbol> = {
  is: 'signature',
  algorithm: { name: 'RSA-PSS', full: 'RSASSA-PSS with SHA-256, salt of 32 bytes' },
  key: 'SK_S',
  over: concatenation(text(PROOF_LABEL), text('\0'), transcript(4), symbol('Share_S'), symbol('Nonce_S')),
}

export const K_6 = {
  is: 'derived',
  algorithm: HKDF,
  input: concatenation(symbol('K_tmp2'), symbol('Z')),
  salt: transcript(6),
  label: 'HL/1 temporary',
} as const satisfies Derivation<KeySymbol>

const sessionKey = <L extends string>(label: L) =>
  ({
    is: 'derived',
    algorithm: HKDF,
    input: concatenation(symbol('K_sess'), symbol('Z')),
    salt: transcript(7),
    label,
  }) as const satisfies Derivation<KeySymbol>

export const K_C2S = sessionKey('HL/1 client to server')
export const K_S2C = sessionKey('HL/1 server to client')
