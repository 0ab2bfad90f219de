/**
 * PKCS#12 files (RFC 7292) read: what OpenSSL, keytool, browsers and older tools write. `pkcs12-write.ts` writes them.
 * Everything a passphrase protects is opened; what is no certificate and no private key is passed over.
 */
import type { Bytes } from '../../bytes'
import { LabError, messageOf, passOwnFault } from '../../errors'
import {
  bmpTextOf,
  encodeAsn1,
  numberOf,
  octetsOf,
  oidOf,
  parseAsn1,
  partsOf,
  type Asn1,
} from '../encodings/asn1'
import { unlockingFor, openLocked, unsupported, wrongPassphrase, type Unlocking } from './passphrase'
import { derivePkcs12, PURPOSE, type Pkcs12Hash } from './pkcs12-kdf'
import { oidNamed } from '../encodings/oids'

/** What a tool calls an entry, and the number that ties a key to its certificate. */
export interface Pkcs12Attributes {
  readonly friendlyName: string | undefined
  readonly localKeyId: Bytes | undefined
}

/** An X.509 certificate, DER. */
export interface Pkcs12Certificate extends Pkcs12Attributes {
  readonly der: Bytes
}

/** A private key as PrivateKeyInfo, DER. */
export interface Pkcs12Key extends Pkcs12Attributes {
  readonly pkcs8: Bytes
}

/** Each in the order of the file. */
export interface Pkcs12Contents {
  readonly certificates: readonly Pkcs12Certificate[]
  readonly keys: readonly Pkcs12Key[]
}

const DATA = oidNamed('data')
const ENCRYPTED_DATA = oidNamed('encryptedData')

const KEY_BAG = oidNamed('keyBag')
const SHROUDED_KEY_BAG = oidNamed('pkcs8ShroudedKeyBag')
const CERTIFICATE_BAG = oidNamed('certBag')
const SAFE_CONTENTS_BAG = oidNamed('safeContentsBag')
const X509_CERTIFICATE = oidNamed('x509Certificate')
const FRIENDLY_NAME = oidNamed('friendlyName')
const LOCAL_KEY_ID = oidNamed('localKeyId')

/** Hash functions of the MAC, with the length of what they make. */
const MAC_HASHES: Readonly<Record<string, { readonly hash: Pkcs12Hash; readonly bytes: number }>> = {
  [oidNamed('sha1')]: { hash: 'SHA-1', bytes: 20 },
  [oidNamed('sha256')]: { hash: 'SHA-256', bytes: 32 },
  [oidNamed('sha384')]: { hash: 'SHA-384', bytes: 48 },
  [oidNamed('sha512')]: { hash: 'SHA-512', bytes: 64 },
}

const FILE = 'The PKCS#12 file'
/** Bags inside bags: more than any tool makes. */
const MAX_DEPTH = 8

/**
 * Reads a file with its passphrase; an empty one also opens what was locked without any.
 * @throws LabError `wrong_passphrase`, `unsupported_encryption`; `bad_pkcs12` when the bytes are no such file, are damaged,
 *   or ask for too much work
 */
export async function readPkcs12(der: Bytes, passphrase: string): Promise<Pkcs12Contents> {
  try {
    return await read(der, unlockingFor(passphrase, FILE))
  } catch (error) {
    passOwnFault(error)
    if (error instanceof LabError) throw error
    const message = `The bytes are not a PKCS#12 file (RFC 7292) that can be read: ${messageOf(error)}`
    throw new LabError('bad_pkcs12', message, { cause: error })
  }
}

/** PFX (section 4): version 3, the authenticated safe, and the MAC over it unless it was left out. */
async function read(der: Bytes, opening: Unlocking): Promise<Pkcs12Contents> {
  const [version, safe, mac] = partsOf(parseAsn1(der), 'sequence')
  if (numberOf(version) !== 3) throw new SyntaxError('It is not of version 3.')
  const [type, content] = partsOf(safe, 'sequence')
  if (oidOf(type) !== DATA) throw unsupported(FILE, 'a public key')
  const authenticated = octetsOf(partsOf(content, 0)[0])
  const utf16 = mac ? await verifyMac(mac, authenticated, opening) : opening.utf16
  const contents: { certificates: Pkcs12Certificate[]; keys: Pkcs12Key[] } = { certificates: [], keys: [] }
  for (const part of partsOf(parseAsn1(authenticated), 'sequence')) {
    await readBags(await openPart(part, { ...opening, utf16 }), { ...opening, utf16 }, contents, 0)
  }
  return contents
}

/**
 * MacData (section 4): a DigestInfo, salt, and iterations that are 1 unless given.
 * @returns the passphrase's bytes: some tools take no passphrase for no bytes at all, others for an empty text
 */
async function verifyMac(mac: Asn1, authenticated: Bytes, { utf16, work }: Unlocking): Promise<Bytes> {
  const [digestInfo, salt, count] = partsOf(mac, 'sequence')
  const [algorithm, digest] = partsOf(digestInfo, 'sequence')
  const name = oidOf(partsOf(algorithm, 'sequence')[0])
  const found = MAC_HASHES[name]
  if (!found) throw unsupported(FILE, `a MAC with ${name}`)
  const iterations = count ? numberOf(count) : 1
  const expected = octetsOf(digest)
  const isEmpty = utf16.length === 2
  for (const candidate of isEmpty ? [utf16, new Uint8Array()] : [utf16]) {
    work.spend(iterations)
    const key = await derivePkcs12({
      hash: found.hash,
      passphrase: candidate,
      salt: octetsOf(salt),
      iterations,
      purpose: PURPOSE.mac,
      length: found.bytes,
    })
    const hmac = { name: 'HMAC', hash: found.hash }
    const native = await crypto.subtle.importKey('raw', key, hmac, false, ['verify'])
    if (await crypto.subtle.verify('HMAC', native, expected, authenticated)) return candidate
  }
  throw wrongPassphrase(FILE)
}

/** A ContentInfo of the authenticated safe (section 4.1): SafeContents in plain, or encrypted under the passphrase. */
async function openPart(part: Asn1, opening: Unlocking): Promise<Asn1> {
  const [type, content] = partsOf(part, 'sequence')
  const name = oidOf(type)
  if (name === DATA) return parseAsn1(octetsOf(partsOf(content, 0)[0]))
  if (name !== ENCRYPTED_DATA) throw unsupported(FILE, 'a public key')
  const [, info] = partsOf(partsOf(content, 0)[0], 'sequence')
  const [, algorithm, ciphertext] = partsOf(info, 'sequence')
  return parseLocked(await openLocked(algorithm, octetsOf(ciphertext, 0), opening), FILE)
}

/** SafeContents (section 4.2). */
async function readBags(
  bags: Asn1,
  opening: Unlocking,
  into: { readonly certificates: Pkcs12Certificate[]; readonly keys: Pkcs12Key[] },
  depth: number,
): Promise<void> {
  if (depth > MAX_DEPTH) throw new SyntaxError('Its parts are inside each other too deeply.')
  for (const bag of partsOf(bags, 'sequence')) {
    const [type, wrapped, attributes] = partsOf(bag, 'sequence')
    const [value] = partsOf(wrapped, 0)
    switch (oidOf(type)) {
      case KEY_BAG:
        if (value) into.keys.push({ pkcs8: encodeAsn1(value), ...readAttributes(attributes) })
        break
      case SHROUDED_KEY_BAG:
        into.keys.push({ pkcs8: await openKey(value, opening), ...readAttributes(attributes) })
        break
      case CERTIFICATE_BAG: {
        const [kind, certificate] = partsOf(value, 'sequence')
        if (oidOf(kind) !== X509_CERTIFICATE) break
        into.certificates.push({ der: octetsOf(partsOf(certificate, 0)[0]), ...readAttributes(attributes) })
        break
      }
      case SAFE_CONTENTS_BAG:
        if (value) await readBags(value, opening, into, depth + 1)
    }
  }
}

/** An EncryptedPrivateKeyInfo (RFC 5958 section 3). */
async function openKey(value: Asn1 | undefined, opening: Unlocking): Promise<Bytes> {
  const what = 'A private key in the PKCS#12 file'
  const [algorithm, ciphertext] = partsOf(value, 'sequence')
  const pkcs8 = await openLocked(algorithm, octetsOf(ciphertext), { ...opening, what })
  const [version] = partsOf(parseLocked(pkcs8, what), 'sequence')
  numberOf(version)
  return pkcs8
}

/** One wrong key in 256 leaves valid padding: then what comes out is no ASN.1. */
function parseLocked(plaintext: Bytes, what: string): Asn1 {
  try {
    return parseAsn1(plaintext)
  } catch (cause) {
    passOwnFault(cause)
    throw wrongPassphrase(what, cause)
  }
}

/** PKCS12Attributes (section 4.2): of each the first value. */
function readAttributes(attributes: Asn1 | undefined): Pkcs12Attributes {
  const values = new Map<string, Asn1 | undefined>()
  for (const attribute of attributes ? partsOf(attributes, 'set') : []) {
    const [type, held] = partsOf(attribute, 'sequence')
    values.set(oidOf(type), partsOf(held, 'set')[0])
  }
  const id = values.get(LOCAL_KEY_ID)
  return {
    friendlyName: bmpTextOf(values.get(FRIENDLY_NAME)),
    localKeyId: id ? octetsOf(id) : undefined,
  }
}
