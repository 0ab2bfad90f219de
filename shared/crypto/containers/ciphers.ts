/** Ciphers of PBES2 by their OIDs: how long their keys are, and how what they closed opens. */
import type { Bytes } from '../../bytes'
import { numberOf, octetsOf, partsOf, isConstructed, type Ber } from '../encodings/ber'
import { oidNamed } from '../encodings/oids'
import { decryptCbc, type CbcCipher } from '../primitives/cbc'
import { openChaCha20Poly1305, openGcm } from '../primitives/sealed'

export interface Opened {
  readonly plaintext: Bytes
  /** How much what came out says that the key is right: a wrong one passes once in two to this power. */
  readonly evidenceBits: number
}

/** Decrypts; undefined when the key is seen to be wrong. */
export type Opener = (ciphertext: Bytes) => Promise<Opened | undefined>

/** A cipher with its parameters. */
interface Cipher {
  /** Length of its key; undefined where the derivation says it. */
  readonly bytes: number | undefined
  readonly opener: (key: Bytes) => Opener
}

/** Makes the cipher of its parameters; SyntaxError when they are none. */
type CipherMaker = (parameters: Ber | undefined) => Cipher

/** RC2's versions for effective key lengths in bits (RFC 8018 appendix B.2.3); from 256 on they are the length. */
const RC2_VERSIONS: Readonly<Record<number, number>> = { 160: 40, 120: 64, 58: 128 }
/** Bytes of GCM's tag where a file names none (RFC 5084 section 3.2). */
const DEFAULT_TAG_BYTES = 12
const [MIN_TAG_BYTES, MAX_TAG_BYTES] = [12, 16] as const

const CIPHERS: Readonly<Record<string, CipherMaker>> = {
  [oidNamed('aes128-CBC')]: cbc('AES', 16),
  [oidNamed('aes192-CBC')]: cbc('AES', 24),
  [oidNamed('aes256-CBC')]: cbc('AES', 32),
  [oidNamed('camellia128-CBC')]: cbc('Camellia', 16),
  [oidNamed('camellia192-CBC')]: cbc('Camellia', 24),
  [oidNamed('camellia256-CBC')]: cbc('Camellia', 32),
  [oidNamed('des-EDE3-CBC')]: cbc('3DES', 24),
  [oidNamed('desCBC')]: cbc('DES', 8),
  [oidNamed('rc2CBC')]: rc2,
  [oidNamed('aes128-GCM')]: gcm(16),
  [oidNamed('aes192-GCM')]: gcm(24),
  [oidNamed('aes256-GCM')]: gcm(32),
  [oidNamed('AEADChaCha20Poly1305')]: (parameters) => ({
    bytes: 32,
    opener: (key) => sealed((ciphertext) => openChaCha20Poly1305(key, octetsOf(parameters), ciphertext)),
  }),
}

/** The cipher of an OID; undefined for those that are not known here. */
export function cipherNamed(oid: string): CipherMaker | undefined {
  return CIPHERS[oid]
}

/** Opens what a block cipher in CBC mode has closed. */
export function openCbc(cipher: CbcCipher, key: Bytes, iv: Bytes, effectiveBits?: number): Opener {
  return async (ciphertext) => {
    const plaintext = await decryptCbc(cipher, key, iv, ciphertext, effectiveBits)
    return plaintext && { plaintext, evidenceBits: 8 * (ciphertext.length - plaintext.length) }
  }
}

function cbc(cipher: CbcCipher, bytes: number): CipherMaker {
  return (parameters) => ({ bytes, opener: (key) => openCbc(cipher, key, octetsOf(parameters)) })
}

/** RC2-CBC-Parameter: an IV alone, for 32 bits, or a version and an IV. */
function rc2(parameters: Ber | undefined): Cipher {
  if (!isConstructed(parameters)) {
    return { bytes: undefined, opener: (key) => openCbc('RC2', key, octetsOf(parameters), 32) }
  }
  const [version, iv] = partsOf(parameters, 'sequence')
  const number = numberOf(version)
  const bits = RC2_VERSIONS[number] ?? number
  if (number < 256 && RC2_VERSIONS[number] === undefined)
    throw new SyntaxError(`The version ${number} of RC2 is none that is in use.`)
  return { bytes: undefined, opener: (key) => openCbc('RC2', key, octetsOf(iv), bits) }
}

/** GCMParameters (RFC 5084 section 3.2). */
function gcm(bytes: number): CipherMaker {
  return (parameters) => {
    const [nonce, tag] = partsOf(parameters, 'sequence')
    const tagBytes = tag ? numberOf(tag) : DEFAULT_TAG_BYTES
    if (tagBytes < MIN_TAG_BYTES || tagBytes > MAX_TAG_BYTES)
      throw new SyntaxError(`A tag of ${tagBytes} bytes is none of GCM’s.`)
    const iv = octetsOf(nonce)
    return { bytes, opener: (key) => sealed((ciphertext) => openGcm(key, iv, ciphertext, tagBytes)) }
  }
}

function sealed(decrypt: (ciphertext: Bytes) => Promise<Bytes | undefined>): Opener {
  return async (ciphertext) => {
    const plaintext = await decrypt(ciphertext)
    return plaintext && { plaintext, evidenceBits: 8 * MIN_TAG_BYTES }
  }
}
