/**
 * Private keys under a passphrase: EncryptedPrivateKeyInfo (RFC 5958 section 3) with PBES2 (RFC 8018 section 6.2),
 * PBKDF2 with HMAC-SHA-256 and AES-256 in CBC mode. WebCrypto does the cryptography, node-forge writes the ASN.1.
 */
import forge from 'node-forge'
import { equalBytes, fromBinaryString, toBinaryString, toHex, toUtf8, type Bytes } from '../bytes'
import { LabError } from '../errors'
import { readChildren, readElement, type DerElement } from './der'

/** Iterations of PBKDF2 that new files get; OWASP's floor for HMAC-SHA-256. */
export const PBKDF2_ITERATIONS = 600_000
/** More than this is refused when reading: a file must not hold the program up for minutes. */
export const MAX_PBKDF2_ITERATIONS = 10_000_000

const SALT_BYTES = 16
const MAX_SALT_BYTES = 1024
const BLOCK_BYTES = 16
const KEY_BITS = 256

const PBES2 = '1.2.840.113549.1.5.13'
const PBKDF2 = '1.2.840.113549.1.5.12'
const HMAC_SHA256 = '1.2.840.113549.2.9'
const AES256_CBC = '2.16.840.1.101.3.4.1.42'
const METHOD = [PBES2, PBKDF2, HMAC_SHA256, AES256_CBC] as const

// DER tags (X.690), and those of an encrypted key's leaves: method, derivation, salt, iterations, function with its NULL,
// cipher, IV, data.
const [INTEGER, OCTET_STRING, NULL, OID, SEQUENCE] = [0x02, 0x04, 0x05, 0x06, 0x30] as const
const SHAPE = [OID, OID, OCTET_STRING, INTEGER, OID, NULL, OID, OCTET_STRING, OCTET_STRING].join()

const { Class, Type, create } = forge.asn1
type Asn1 = forge.asn1.Asn1

/** The readable part of an encrypted key. */
interface Encrypted {
  readonly salt: Bytes
  readonly iterations: number
  readonly iv: Bytes
  readonly ciphertext: Bytes
}

/**
 * Encrypts a PKCS#8 private key. Salt and IV are fresh; the passphrase counts as its UTF-8 bytes.
 * @returns the DER of an EncryptedPrivateKeyInfo
 */
export async function encryptPkcs8(
  pkcs8: Bytes,
  passphrase: string,
  random: (length: number) => Bytes,
): Promise<Bytes> {
  const salt = random(SALT_BYTES)
  const iv = random(BLOCK_BYTES)
  const key = await deriveKey(passphrase, salt, PBKDF2_ITERATIONS, 'encrypt')
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, key, pkcs8))
  return write({ salt, iterations: PBKDF2_ITERATIONS, iv, ciphertext })
}

/** Size in bytes that a PKCS#8 private key of `length` bytes has once it is encrypted. */
export function encryptedPkcs8Length(length: number): number {
  const padded = (Math.floor(length / BLOCK_BYTES) + 1) * BLOCK_BYTES
  const block = new Uint8Array(BLOCK_BYTES)
  const ciphertext = new Uint8Array(padded)
  return write({ salt: block, iterations: PBKDF2_ITERATIONS, iv: block, ciphertext }).length
}

/**
 * Decrypts what {@link encryptPkcs8} or `openssl pkcs8 -topk8 -v2 aes-256-cbc` has written.
 * @throws LabError `wrong_passphrase`; `bad_encrypted_key` when the bytes are not an encrypted key or ask for too many
 *   iterations; `unsupported_encryption` for other algorithms
 */
export async function decryptPkcs8(encrypted: Bytes, passphrase: string): Promise<Bytes> {
  const { salt, iterations, iv, ciphertext } = read(encrypted)
  const key = await deriveKey(passphrase, salt, iterations, 'decrypt')
  const wrong = (cause?: unknown): LabError => {
    const message = 'The private key can’t be opened: the passphrase is not the one it was locked with.'
    return new LabError('wrong_passphrase', message, { cause })
  }
  const opened = await crypto.subtle
    .decrypt({ name: 'AES-CBC', iv }, key, ciphertext)
    .catch((cause: unknown) => {
      throw wrong(cause)
    })
  // One wrong key in 256 leaves valid padding: the plaintext has to be a private key as well.
  const pkcs8 = new Uint8Array(opened)
  if (!isPrivateKeyInfo(pkcs8)) throw wrong()
  return pkcs8
}

async function deriveKey(
  passphrase: string,
  salt: Bytes,
  iterations: number,
  usage: 'encrypt' | 'decrypt',
): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey('raw', toUtf8(passphrase), 'PBKDF2', false, ['deriveKey'])
  const derivation = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations }
  return crypto.subtle.deriveKey(derivation, secret, { name: 'AES-CBC', length: KEY_BITS }, false, [usage])
}

/** RFC 8018 appendix A: algorithm PBES2 with its two parts, then the encrypted data. */
function write({ salt, iterations, iv, ciphertext }: Encrypted): Bytes {
  const derivation = sequence(
    primitive(Type.OCTETSTRING, toBinaryString(salt)),
    primitive(Type.INTEGER, forge.asn1.integerToDer(iterations).getBytes()),
    sequence(oid(HMAC_SHA256), primitive(Type.NULL, '')),
  )
  const scheme = sequence(
    sequence(oid(PBKDF2), derivation),
    sequence(oid(AES256_CBC), primitive(Type.OCTETSTRING, toBinaryString(iv))),
  )
  const info = sequence(sequence(oid(PBES2), scheme), primitive(Type.OCTETSTRING, toBinaryString(ciphertext)))
  return fromBinaryString(forge.asn1.toDer(info).getBytes())
}

/** Takes the values out of the structure that {@link write} makes, and proves that it was that structure. */
function read(der: Bytes): Encrypted {
  const leaves = readLeaves(der)
  if (leaves[0]?.tag !== OID) throw malformed()
  const oids = leaves.filter((leaf) => leaf.tag === OID).map((leaf) => toHex(leaf.content))
  const shape = leaves.map((leaf) => leaf.tag).join()
  if (shape !== SHAPE || oids.join() !== METHOD.map(oidHex).join()) throw unsupported()

  const [salt, iv, ciphertext] = leaves
    .filter((leaf) => leaf.tag === OCTET_STRING)
    .map((leaf) => leaf.content)
  const count = leaves.find((leaf) => leaf.tag === INTEGER)?.content
  if (!salt || !iv || !ciphertext || !count || count.length > 4) throw malformed()
  const parts = { salt, iterations: Number.parseInt(toHex(count), 16), iv, ciphertext }
  const inBounds =
    parts.iterations >= 1 &&
    parts.iterations <= MAX_PBKDF2_ITERATIONS &&
    salt.length <= MAX_SALT_BYTES &&
    iv.length === BLOCK_BYTES &&
    ciphertext.length % BLOCK_BYTES === 0
  if (!inBounds || !equalBytes(write(parts), der)) throw malformed()
  return parts
}

interface Leaf {
  readonly tag: number
  readonly content: Bytes
}

/** The elements that are no sequences, in their order. */
function readLeaves(der: Bytes): readonly Leaf[] {
  const visit = (element: DerElement): readonly Leaf[] =>
    element.tag === SEQUENCE
      ? readChildren(der, element).flatMap(visit)
      : [{ tag: element.tag, content: der.slice(element.contentStart, element.end) }]
  try {
    return visit(readElement(der))
  } catch (cause) {
    throw malformed(cause)
  }
}

/** PrivateKeyInfo (RFC 5208 section 5): a sequence over all of the bytes: version, algorithm, key. */
function isPrivateKeyInfo(der: Bytes): boolean {
  try {
    const outer = readElement(der)
    const tags = readChildren(der, outer).map((part) => part.tag)
    return (
      outer.tag === SEQUENCE &&
      outer.end === der.length &&
      [INTEGER, SEQUENCE, OCTET_STRING].every((tag, at) => tags[at] === tag)
    )
  } catch {
    return false
  }
}

function sequence(...parts: Asn1[]): Asn1 {
  return create(Class.UNIVERSAL, Type.SEQUENCE, true, parts)
}

function primitive(type: forge.asn1.Type, content: string): Asn1 {
  return create(Class.UNIVERSAL, type, false, content)
}

function oid(value: string): Asn1 {
  return primitive(Type.OID, forge.asn1.oidToDer(value).getBytes())
}

function oidHex(value: string): string {
  return toHex(fromBinaryString(forge.asn1.oidToDer(value).getBytes()))
}

function malformed(cause?: unknown): LabError {
  const message = 'The bytes are not an encrypted private key (PKCS#8, RFC 5958) that can be read.'
  return new LabError('bad_encrypted_key', message, { cause })
}

function unsupported(): LabError {
  return new LabError(
    'unsupported_encryption',
    'The private key is locked with another method. Expected is PBES2 with PBKDF2, HMAC-SHA-256 and AES-256-CBC.',
  )
}
