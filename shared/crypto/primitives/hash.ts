/**
 * SHA-256 (FIPS 180-4) and HKDF with it (RFC 5869), by @noble/hashes, on the spot: what is hashed here is short, and the way
 * to WebCrypto's threads and back takes several times as long as the hash itself (docs/decisions/0022). And the hashes of
 * signatures by their names, among them those that WebCrypto has not.
 */
import { expand, extract } from '@noble/hashes/hkdf.js'
import { md5, sha1 } from '@noble/hashes/legacy.js'
import { sha224, sha256 as hash, sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2.js'
import { sha3_224, sha3_256, sha3_384, sha3_512 } from '@noble/hashes/sha3.js'
import type { Bytes } from '../../bytes'
import { plainly } from './operations'

const DERIVED_BYTES = 32

/** By name, as in `SHA-256`. */
const HASHES: ReadonlyMap<string, (bytes: Uint8Array) => Uint8Array> = new Map([
  ['MD5', md5],
  ['SHA-1', sha1],
  ['SHA-224', sha224],
  ['SHA-256', hash],
  ['SHA-384', sha384],
  ['SHA-512', sha512],
  ['SHA-512/224', sha512_224],
  ['SHA-512/256', sha512_256],
  ['SHA3-224', sha3_224],
  ['SHA3-256', sha3_256],
  ['SHA3-384', sha3_384],
  ['SHA3-512', sha3_512],
])

/** The digest of bytes by a hash of this name, for instance `SHA-256`; undefined for one that isn't known here. */
export function digestBy(name: string, bytes: Uint8Array): Bytes | undefined {
  return HASHES.get(name)?.(bytes) as Bytes | undefined
}

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
