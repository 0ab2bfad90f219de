/**
 * SHA-256 (FIPS 180-4) and HKDF with it (RFC 5869), by @noble/hashes, on the spot: what is hashed here is short, and the way
 * to WebCrypto's threads and back takes several times as long as the hash itself (docs/decisions/0022). `hashes.ts` has all others.
 */
import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha256 as hash } from '@noble/hashes/sha2.js'
import type { Bytes } from '../../bytes'
import { plainly } from './operations'

const DERIVED_BYTES = 32

/** The 32 bytes of SHA-256. */
export function sha256(bytes: Uint8Array): Bytes {
  return hash(bytes) as Bytes
}

/** Derives 32 bytes from input keying material. */
export function deriveKey(
  input: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
  perform = plainly,
): Promise<Bytes> {
  return perform(
    'hkdf_derive',
    async () => expand(hash, extract(hash, input, salt), info, DERIVED_BYTES) as Bytes,
  )
}
