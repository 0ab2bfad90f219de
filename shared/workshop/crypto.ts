/** The cryptography that the workshop asks for, handed in by whoever makes chains: keys of many kinds, and signatures by them. */
import type { Bytes } from '../bytes'
import type { HashName, KeyKind } from './chain'

/** A key pair as it is written to files: SubjectPublicKeyInfo and PKCS#8, DER. */
export interface KeyPair {
  readonly spki: Bytes
  readonly pkcs8: Bytes
}

/** How a signature is made; `hash` does not count for Ed25519. */
export interface SigningMethod {
  readonly key: KeyKind['kind']
  readonly hash: HashName
  /** Of RSASSA-PSS with a salt of that many bytes, and a mask by the same hash; PKCS#1 v1.5 without it. */
  readonly pss?: { readonly saltLength: number }
}

/** Nothing of it blocks whoever asks. */
export interface WorkshopCrypto {
  readonly makeKeyPair: (kind: KeyKind) => Promise<KeyPair>
  readonly sign: (pkcs8: Bytes, method: SigningMethod, data: Bytes) => Promise<Bytes>
  /** That many random bytes. */
  readonly random: (length: number) => Bytes
}
