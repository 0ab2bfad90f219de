/**
 * PKCS#12 files (RFC 7292) written: one private key, its certificate and the chain above it. The structure is DER
 * throughout, and laid out as OpenSSL lays it out, because that is what every other tool is tried with.
 */
import { toHex, toUtf8, type Bytes } from '../../bytes'
import { bmpString, context, implicit, integer, nothing, octets, oid, sequence, set } from '../encodings/asn1'
import { encryptCbc, encryptedLength } from '../primitives/cbc'
import { lockPbes2, pbes2Example, type Locked } from './pbes2'
import { derivePkcs12, passphraseBytes, PURPOSE, type Purpose } from './pkcs12-kdf'
import { oidNamed } from '../encodings/oids'

export interface Pkcs12Input {
  /** PrivateKeyInfo, DER. */
  readonly pkcs8: Bytes
  /** DER: the key's own certificate first, then those above it. */
  readonly certificates: readonly [Bytes, ...Bytes[]]
  /** What tools call the entry; keytool its alias. */
  readonly friendlyName: string
}

/**
 * `modern`: AES-256 and SHA-256, as today's tools want it. `pbmac1`: the same under the MAC of RFC 9579, for the newest.
 * `compatible`: 3DES and SHA-1, which tools before 2017 or so need.
 */
export type Pkcs12Strength = 'modern' | 'pbmac1' | 'compatible'

interface Strength {
  readonly hash: 'SHA-1' | 'SHA-256'
  readonly hashOid: string
  readonly hashBytes: number
  readonly macSaltBytes: number
  readonly cipher: 'AES' | '3DES'
  /** Of the encryption. .NET refuses more than 300,000. */
  readonly iterations: number
  /** How the MAC's key is derived: as RFC 7292 says, in JavaScript here, or by PBKDF2 (RFC 9579). */
  readonly macKey: 'PKCS#12' | 'PBMAC1'
  /** Of the MAC's derivation. */
  readonly macIterations: number
}

const STRENGTHS: Readonly<Record<Pkcs12Strength, Strength>> = {
  modern: {
    hash: 'SHA-256',
    hashOid: oidNamed('sha256'),
    hashBytes: 32,
    macSaltBytes: 16,
    cipher: 'AES',
    iterations: 250_000,
    macKey: 'PKCS#12',
    macIterations: 100_000,
  },
  pbmac1: {
    hash: 'SHA-256',
    hashOid: oidNamed('hmacWithSHA256'),
    hashBytes: 32,
    macSaltBytes: 16,
    cipher: 'AES',
    iterations: 250_000,
    macKey: 'PBMAC1',
    macIterations: 250_000,
  },
  compatible: {
    hash: 'SHA-1',
    hashOid: oidNamed('sha1'),
    hashBytes: 20,
    macSaltBytes: 8,
    cipher: '3DES',
    iterations: 10_000,
    macKey: 'PKCS#12',
    macIterations: 10_000,
  },
}

const DATA = oidNamed('data')
const ENCRYPTED_DATA = oidNamed('encryptedData')
const SHROUDED_KEY_BAG = oidNamed('pkcs8ShroudedKeyBag')
const CERTIFICATE_BAG = oidNamed('certBag')
const X509_CERTIFICATE = oidNamed('x509Certificate')
const FRIENDLY_NAME = oidNamed('friendlyName')
const LOCAL_KEY_ID = oidNamed('localKeyId')
const [PBMAC1, PBKDF2] = [oidNamed('PBMAC1'), oidNamed('PBKDF2')]
const PBE_SHA1_3DES = oidNamed('pbeWithSHAAnd3-KeyTripleDES-CBC')
const TRIPLE_DES_KEY_BYTES = 24
const TRIPLE_DES_BLOCK_BYTES = 8

/** Who locks the parts, and makes the MAC over the whole. */
interface Locksmith {
  readonly lock: (plaintext: Bytes) => Promise<Locked>
  readonly mac: (content: Bytes) => Promise<Bytes>
}

/** Writes a file; the passphrase is what opens it, in the form that each part of the standard takes it in. */
export function writePkcs12(
  input: Pkcs12Input,
  strength: Pkcs12Strength,
  passphrase: string,
  random: (length: number) => Bytes,
): Promise<Bytes> {
  const { cipher, iterations } = STRENGTHS[strength]
  return assemble(input, {
    lock: (plaintext) =>
      cipher === 'AES'
        ? lockPbes2(plaintext, { passphrase, iterations, random })
        : lockTripleDes(plaintext, passphrase, random(TRIPLE_DES_BLOCK_BYTES)),
    mac: (content) => makeMac(content, strength, passphrase, random),
  })
}

/** Size in bytes of what {@link writePkcs12} writes, without the work of locking it. */
export async function pkcs12Length(input: Pkcs12Input, strength: Pkcs12Strength): Promise<number> {
  const { cipher, iterations, hashBytes, macSaltBytes } = STRENGTHS[strength]
  const algorithm =
    cipher === 'AES' ? pbes2Example(iterations) : pbeAlgorithm(new Uint8Array(TRIPLE_DES_BLOCK_BYTES))
  const file = await assemble(input, {
    lock: async ({ length }) => ({ algorithm, ciphertext: new Uint8Array(encryptedLength(cipher, length)) }),
    mac: async () => macData(strength, new Uint8Array(hashBytes), new Uint8Array(macSaltBytes)),
  })
  return file.length
}

/** PFX (section 4): the certificates encrypted as a whole, then the key encrypted by itself, then the MAC over both. */
async function assemble(input: Pkcs12Input, { lock, mac }: Locksmith): Promise<Bytes> {
  const [own, ...others] = input.certificates
  const localKeyId = new Uint8Array(await crypto.subtle.digest('SHA-1', own))
  const named = attributes(input.friendlyName, localKeyId)
  const certificates = sequence(certificateBag(own, named), ...others.map((each) => certificateBag(each)))
  const key = await lock(input.pkcs8)
  const keyInfo = sequence(key.algorithm, octets(key.ciphertext))
  const keys = sequence(sequence(oid(SHROUDED_KEY_BAG), context(0, keyInfo), named))
  const authenticated = sequence(encryptedData(await lock(certificates)), data(keys))
  return sequence(integer(3), data(authenticated), await mac(authenticated))
}

function certificateBag(der: Bytes, ...named: readonly Bytes[]): Bytes {
  const bag = sequence(oid(X509_CERTIFICATE), context(0, octets(der)))
  return sequence(oid(CERTIFICATE_BAG), context(0, bag), ...named)
}

/** PKCS12Attributes (section 4.2). */
function attributes(friendlyName: string, localKeyId: Bytes): Bytes {
  const parts = [
    sequence(oid(LOCAL_KEY_ID), set(octets(localKeyId))),
    sequence(oid(FRIENDLY_NAME), set(bmpString(friendlyName))),
  ]
  // DER sorts the elements of a SET OF by their bytes.
  return set(...parts.sort((a, b) => (toHex(a) < toHex(b) ? -1 : 1)))
}

function data(content: Bytes): Bytes {
  return sequence(oid(DATA), context(0, octets(content)))
}

/** EncryptedData (RFC 5652 section 8). */
function encryptedData({ algorithm, ciphertext }: Locked): Bytes {
  const info = sequence(oid(DATA), algorithm, implicit(0, ciphertext))
  return sequence(oid(ENCRYPTED_DATA), context(0, sequence(integer(0), info)))
}

/** pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292 appendix C). */
async function lockTripleDes(plaintext: Bytes, passphrase: string, salt: Bytes): Promise<Locked> {
  const { iterations } = STRENGTHS.compatible
  const derive = (purpose: Purpose, length: number): Promise<Bytes> =>
    derivePkcs12({
      hash: 'SHA-1',
      passphrase: passphraseBytes(passphrase),
      salt,
      iterations,
      purpose,
      length,
    })
  const key = await derive(PURPOSE.key, TRIPLE_DES_KEY_BYTES)
  const iv = await derive(PURPOSE.iv, TRIPLE_DES_BLOCK_BYTES)
  return { algorithm: pbeAlgorithm(salt), ciphertext: await encryptCbc('3DES', key, iv, plaintext) }
}

function pbeAlgorithm(salt: Bytes): Bytes {
  return sequence(oid(PBE_SHA1_3DES), sequence(octets(salt), integer(STRENGTHS.compatible.iterations)))
}

async function makeMac(
  content: Bytes,
  strength: Pkcs12Strength,
  passphrase: string,
  random: (length: number) => Bytes,
): Promise<Bytes> {
  const { hash, macSaltBytes } = STRENGTHS[strength]
  const salt = random(macSaltBytes)
  const key = await macKey(strength, passphrase, salt)
  const native = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash }, false, ['sign'])
  const digest = new Uint8Array(await crypto.subtle.sign('HMAC', native, content))
  return macData(strength, digest, salt)
}

/** PBMAC1 takes the passphrase as UTF-8 (RFC 9579 section 5), the older derivation as UTF-16. */
async function macKey(strength: Pkcs12Strength, passphrase: string, salt: Bytes): Promise<Bytes> {
  const { hash, hashBytes: length, macIterations: iterations, macKey: derivation } = STRENGTHS[strength]
  if (derivation === 'PKCS#12') {
    const secret = passphraseBytes(passphrase)
    return derivePkcs12({ hash, passphrase: secret, salt, iterations, purpose: PURPOSE.mac, length })
  }
  const secret = await crypto.subtle.importKey('raw', toUtf8(passphrase), 'PBKDF2', false, ['deriveBits'])
  const parameters = { name: 'PBKDF2', hash, salt, iterations }
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, secret, length * 8))
}

/** MacData (section 4); under PBMAC1 the parameters stand in the algorithm, and the older ones say nothing (RFC 9579 section 4). */
function macData(strength: Pkcs12Strength, digest: Bytes, salt: Bytes): Bytes {
  const { hashOid, hashBytes, macKey: derivation, macIterations } = STRENGTHS[strength]
  const hash = sequence(oid(hashOid), nothing())
  if (derivation === 'PKCS#12')
    return sequence(sequence(hash, octets(digest)), octets(salt), integer(macIterations))
  const parameters = sequence(octets(salt), integer(macIterations), integer(hashBytes), hash)
  const algorithm = sequence(oid(PBMAC1), sequence(sequence(oid(PBKDF2), parameters), hash))
  return sequence(sequence(algorithm, octets(digest)), octets(toUtf8('NOT USED')), integer(1))
}
