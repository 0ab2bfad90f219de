/**
 * Something locked with a passphrase as today's tools want it: PBES2 (RFC 8018 section 6.2) with PBKDF2, HMAC-SHA-256 and
 * AES-256 in CBC mode. `passphrase.ts` opens it.
 */
import { toUtf8, type Bytes } from '../../bytes'
import { integer, nothing, octets, oid, sequence } from '../encodings/asn1'
import { encryptCbc } from '../primitives/cbc'
import { oidNamed } from '../encodings/oids'

const SALT_BYTES = 16
const BLOCK_BYTES = 16
const KEY_BYTES = 32

const PBES2 = oidNamed('PBES2')
const PBKDF2 = oidNamed('PBKDF2')
const HMAC_SHA256 = oidNamed('hmacWithSHA256')
const AES256_CBC = oidNamed('aes256-CBC')

/** A ciphertext and the AlgorithmIdentifier that says how to open it. */
export interface Locked {
  readonly algorithm: Bytes
  readonly ciphertext: Bytes
}

export interface Lock {
  readonly passphrase: string
  readonly iterations: number
  /** That many random bytes. */
  readonly random: (length: number) => Bytes
}

/** Encrypts under a fresh salt and IV; the passphrase counts as its UTF-8 bytes. */
export async function lockPbes2(plaintext: Bytes, { passphrase, iterations, random }: Lock): Promise<Locked> {
  const salt = random(SALT_BYTES)
  const iv = random(BLOCK_BYTES)
  const secret = await crypto.subtle.importKey('raw', toUtf8(passphrase), 'PBKDF2', false, ['deriveBits'])
  const derivation = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations }
  const key = new Uint8Array(await crypto.subtle.deriveBits(derivation, secret, KEY_BYTES * 8))
  return {
    algorithm: pbes2Algorithm(salt, iterations, iv),
    ciphertext: await encryptCbc('AES', key, iv, plaintext),
  }
}

/** The AlgorithmIdentifier of what {@link lockPbes2} makes, for foretelling its size. */
export function pbes2Example(iterations: number): Bytes {
  return pbes2Algorithm(new Uint8Array(SALT_BYTES), iterations, new Uint8Array(BLOCK_BYTES))
}

/** RFC 8018 appendix A.4. */
function pbes2Algorithm(salt: Bytes, iterations: number, iv: Bytes): Bytes {
  const derivation = sequence(octets(salt), integer(iterations), sequence(oid(HMAC_SHA256), nothing()))
  const scheme = sequence(sequence(oid(PBKDF2), derivation), sequence(oid(AES256_CBC), octets(iv)))
  return sequence(oid(PBES2), scheme)
}
