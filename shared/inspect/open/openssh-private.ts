/**
 * Private keys in OpenSSH's own format (PROTOCOL.key of its sources), plain or under a passphrase. Where the private half stays
 * locked, or is in a security key, the public half is shown: it stands there in the clear.
 */
import { equalBytes, fromHex, fromUtf8, toBinaryString, toHex, type Bytes } from '../../bytes'
import { openOpensshLock, type OpensshLock } from '../../crypto/containers/openssh-lock'
import { unlockingFor } from '../../crypto/containers/unlocking'
import { writeElement } from '../../crypto/encodings/der'
import { LabError, orUndefined, otherwise } from '../../errors'
import type { Artifact } from '../artifact'
import { readPublicKey, unsigned } from '../x509/keys'
import { publicKeyOf } from '../x509/public-of-private'
import { privateKey, publicKey, titleFrom } from './artifacts'
import { bareAlgorithm, curveAlgorithm, ecPrivateKey, pkcs8FromPkcs1, pkcs8Of } from './key-forms'
import {
  dsaAlgorithm,
  isSecurityKey,
  readPublicBlob,
  securityKeyDetails,
  SSH_CURVES,
  SshReader,
  unsupportedKind,
} from './ssh-blob'
import type { NewArtifact, Opening, Origin } from './state'

const MAGIC = 'openssh-key-v1\0'
const UNLOCKED = 'none'
const SEED_BYTES = 32
/** Keys that a file may have; ssh-keygen writes one. */
const MAX_KEYS = 16
/** Of the numbers that are reckoned with: more would take long. */
const MAX_NUMBER_BYTES = 2_049
const [BIT_STRING, OCTET_STRING, SEQUENCE] = [0x03, 0x04, 0x30] as const

/** True for bytes that begin as the format does. */
export function isOpensshPrivate(bytes: Bytes): boolean {
  return toBinaryString(bytes.subarray(0, MAGIC.length)) === MAGIC
}

/**
 * Opens the keys of a file.
 * @throws LabError `bad_openssh_key`, `unsupported_openssh_key`; and what opening the lock throws
 */
export async function openOpensshPrivate(
  bytes: Bytes,
  origin: Origin & { readonly locked: string },
  opening: Opening,
): Promise<readonly Artifact[]> {
  const reader = new SshReader(bytes.slice(MAGIC.length), 'The OpenSSH key')
  const [cipher, derivation] = [reader.text(), reader.text()]
  const options = new SshReader(reader.string(), reader.subject)
  const count = reader.number()
  if (count < 1) throw new LabError('bad_openssh_key', 'The OpenSSH file has no keys.')
  if (count > MAX_KEYS) {
    throw new LabError('too_many_keys', `The OpenSSH file says that it has more than ${MAX_KEYS} keys.`)
  }
  const publicHalves = Array.from({ length: count }, () => reader.string())
  const content = reader.string()
  const showPublic = (): readonly Artifact[] =>
    publicHalves.map((blob) =>
      opening.make(publicKey(readPublicBlob(new SshReader(blob, reader.subject))), origin),
    )
  if (cipher === UNLOCKED) return readAll(content, publicHalves, origin, opening)
  const lock = { cipher, derivation, salt: options.string(), rounds: options.number(), ciphertext: content }
  try {
    const opened = await unlock({ ...lock, tag: reader.rest() }, origin, opening)
    return opened ? readAll(opened, publicHalves, origin, opening) : showPublic()
  } catch (error) {
    // What can't be opened here can be shown by half.
    if (!(error instanceof LabError) || error.code !== 'unsupported_encryption') throw error
    opening.passOver(error, 'The private half')
    return showPublic()
  }
}

function unlock(
  lock: OpensshLock,
  { locked }: { readonly locked: string },
  opening: Opening,
): Promise<Bytes | undefined> {
  return opening.unlock(locked, (passphrase, work) =>
    openOpensshLock(lock, unlockingFor(passphrase, locked, work)),
  )
}

/** Every key of the private part, one behind the other. */
async function readAll(
  content: Bytes,
  publicHalves: readonly Bytes[],
  origin: Origin,
  opening: Opening,
): Promise<readonly Artifact[]> {
  const reader = new SshReader(content, 'The OpenSSH key')
  if (reader.number() !== reader.number()) {
    throw new LabError(
      'bad_openssh_key',
      `${reader.subject} is damaged: its two check numbers are not the same.`,
    )
  }
  const artifacts: Artifact[] = []
  for (const blob of publicHalves) {
    artifacts.push(opening.make(await readPrivate(reader, blob, opening), origin))
  }
  return artifacts
}

async function readPrivate(reader: SshReader, publicHalf: Bytes, opening: Opening): Promise<NewArtifact> {
  const name = new SshReader(publicHalf, reader.subject).text()
  if (isSecurityKey(name)) {
    opening.note(
      'The private half is in a security key: the file has only a handle to it, so the public half is shown.',
    )
    return readSecurityKey(reader)
  }
  const pkcs8 = readPkcs8(reader)
  await requireOwnHalf(pkcs8, publicHalf, reader.subject)
  const comment = titleFrom(textFrom(reader.string()))
  return privateKey(pkcs8, comment && `${comment}, private key`)
}

/** PROTOCOL.u2f of OpenSSH's sources: the public key and its application, flags, a handle, something reserved, and a comment. */
function readSecurityKey(reader: SshReader): NewArtifact {
  const spki = readPublicBlob(reader)
  const details = securityKeyDetails(reader)
  reader.byte()
  reader.string()
  reader.string()
  return publicKey(spki, { title: titleFrom(textFrom(reader.string())), details })
}

/** As ssh: a file whose private half is another key's is no key. */
async function requireOwnHalf(pkcs8: Bytes, publicHalf: Bytes, subject: string): Promise<void> {
  const own = await publicKeyOf(pkcs8).catch(otherwise(undefined))
  const stated = readPublicBlob(new SshReader(publicHalf, subject))
  if (own && !equalBytes(readPublicKey(own).keyBytes, readPublicKey(stated).keyBytes)) {
    throw new LabError(
      'bad_openssh_key',
      `${subject} is put together from two keys: its private half does not belong to the public half in front. ssh refuses it too.`,
    )
  }
}

function readPkcs8(reader: SshReader): Bytes {
  const name = reader.text()
  const curve = SSH_CURVES[name]
  if (curve !== undefined) {
    reader.string()
    const point = reader.string()
    const secret = fixed(reader.string(), (point.length - 1) / 2)
    const publicPart = writeElement(BIT_STRING, new Uint8Array(1), point)
    return pkcs8Of(curveAlgorithm(curve), ecPrivateKey(secret, publicPart))
  }
  switch (name) {
    case 'ssh-rsa':
      return readRsa(reader)
    case 'ssh-ed25519': {
      reader.string()
      const seed = reader.string().slice(0, SEED_BYTES)
      return pkcs8Of(bareAlgorithm('Ed25519'), writeElement(OCTET_STRING, seed))
    }
    case 'ssh-dss': {
      const parameters = [reader.string(), reader.string(), reader.string()].map(unsigned)
      reader.string()
      return pkcs8Of(dsaAlgorithm(parameters), unsigned(reader.string()))
    }
    default:
      throw unsupportedKind(reader.subject, name)
  }
}

/** The exponents of the primes are not there: RFC 8017 section 3.2 says how they follow. */
function readRsa(reader: SshReader): Bytes {
  const [n, e, d, coefficient, p, q] = Array.from({ length: 6 }, () => reader.string())
  if (!n || !e || !d || !coefficient || !p || !q) throw new LabError('bad_openssh_key', 'It is not whole.')
  if (d.length > MAX_NUMBER_BYTES || Math.max(p.length, q.length) > MAX_NUMBER_BYTES) {
    throw new LabError('bad_openssh_key', `${reader.subject} has numbers of more than 16,384 bits.`)
  }
  const exponents = [p, q].map((prime) => modulo(d, prime))
  const numbers = [new Uint8Array(1), n, e, d, p, q, ...exponents, coefficient].map(unsigned)
  return pkcs8FromPkcs1(writeElement(SEQUENCE, ...numbers))
}

/** d mod (prime - 1). */
function modulo(d: Bytes, prime: Bytes): Bytes {
  const [dividend, divisor] = [toNumber(d), toNumber(prime) - 1n]
  if (divisor < 1n) throw new LabError('bad_openssh_key', 'The OpenSSH key is damaged: a prime is none.')
  const hex = (dividend % divisor).toString(16)
  return fromHex(hex.padStart(hex.length + (hex.length % 2), '0')) ?? new Uint8Array()
}

function toNumber(bytes: Bytes): bigint {
  return BigInt(`0x0${toHex(bytes)}`)
}

/** A comment: ssh-keygen takes the bytes that were typed, nearly always UTF-8. */
function textFrom(bytes: Bytes): string {
  return orUndefined(() => fromUtf8(bytes)) ?? toBinaryString(bytes)
}

/** The number in so many bytes. */
function fixed(number: Bytes, length: number): Bytes {
  const first = number.findIndex((byte) => byte !== 0)
  const significant = first < 0 ? new Uint8Array() : number.slice(first)
  const padded = new Uint8Array(Math.max(length, significant.length))
  padded.set(significant, padded.length - significant.length)
  return padded
}
