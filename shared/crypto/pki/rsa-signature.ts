/**
 * Verifies RSA signatures (RFC 8017 section 8) with any hash and any exponent: runtimes differ in which of them their WebCrypto
 * takes. Nothing in it is secret.
 */
import { concat, equalBytes, fromHex, type Bytes } from '../../bytes'
import { bitLength, numberFrom, numberHex, powerMod, type RsaPublicNumbers } from '../encodings/rsa-numbers'
import { writeElement } from '../encodings/der'
import { encodeOid } from '../encodings/oid-text'
import { oidNamed } from '../encodings/oids'
import { digestBy } from '../primitives/hashes'
import type { PssParameters } from './pss-parameters'

/** OpenSSL's limits (`OPENSSL_RSA_MAX_MODULUS_BITS` and its neighbours): larger numbers are not computed with. */
const [MAX_BITS, SMALL_BITS, MAX_EXPONENT_BITS] = [16_384, 3_072, 64] as const
const TRAILER = 0xbc
const [SEQUENCE, OCTET_STRING, OBJECT_IDENTIFIER] = [0x30, 0x04, 0x06] as const
const NULL = Uint8Array.of(5, 0)
/** Names of the OIDs in a DigestInfo (RFC 8017 appendix B.1). */
const DIGEST_NAMES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-224': 'sha224',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
  'SHA-512/224': 'sha512-224',
  'SHA-512/256': 'sha512-256',
  'SHA3-224': 'sha3-224',
  'SHA3-256': 'sha3-256',
  'SHA3-384': 'sha3-384',
  'SHA3-512': 'sha3-512',
}

/** RSASSA-PKCS1-v1_5 (section 8.2.2): the block is compared whole. Undefined for a hash that isn't known here. */
export async function verifyPkcs1(
  key: RsaPublicNumbers,
  hash: string,
  signature: Bytes,
  signed: Bytes,
): Promise<boolean | undefined> {
  const digest = digestBy(hash, signed)
  const name = DIGEST_NAMES[hash]
  if (!digest || name === undefined) return undefined
  const block = await blockOf(key, signature)
  const oid = writeElement(OBJECT_IDENTIFIER, encodeOid(oidNamed(name)) ?? new Uint8Array())
  const info = writeElement(SEQUENCE, writeElement(SEQUENCE, oid, NULL), writeElement(OCTET_STRING, digest))
  const fill = (block?.length ?? 0) - info.length - 3
  if (!block || fill < 8) return false
  const padding = new Uint8Array(fill).fill(0xff)
  return equalBytes(block, concat(Uint8Array.of(0, 1), padding, Uint8Array.of(0), info))
}

/** RSASSA-PSS (sections 8.1.2 and 9.1.2), with a salt of just the length that is stated. Undefined as above. */
export async function verifyPss(
  key: RsaPublicNumbers,
  { hash, maskHash, saltLength }: PssParameters,
  signature: Bytes,
  signed: Bytes,
): Promise<boolean | undefined> {
  const digest = digestBy(hash, signed)
  if (!digest || !digestBy(maskHash, new Uint8Array())) return undefined
  const whole = await blockOf(key, signature)
  if (!whole) return false
  const bits = bitLength(key.n) - 1
  const length = Math.ceil(bits / 8)
  const block = whole.subarray(whole.length - length)
  if (whole.length > length && whole[0] !== 0) return false
  const hashStart = length - digest.length - 1
  const zeros = hashStart - saltLength - 1
  if (zeros < 0 || block.at(-1) !== TRAILER) return false
  const masked = block.subarray(0, hashStart)
  const spare = 8 * length - bits
  if ((masked[0] ?? 0) >> (8 - spare) !== 0) return false
  const value = block.slice(hashStart, length - 1)
  const mask = mgf1(maskHash, value, hashStart)
  const data = masked.map((byte, index) => byte ^ (mask?.[index] ?? 0))
  data[0] = (data[0] ?? 0) & (0xff >> spare)
  const isPadded = data.subarray(0, zeros).every((byte) => byte === 0) && data[zeros] === 1
  const salt = data.slice(zeros + 1)
  const expected = digestBy(hash, concat(new Uint8Array(8), digest, salt))
  return isPadded && expected !== undefined && equalBytes(expected, value)
}

/** The mask generation function MGF1 (appendix B.2.1); undefined for a hash that isn't known here. */
export function mgf1(hash: string, seed: Uint8Array, length: number): Bytes | undefined {
  const blocks: Bytes[] = []
  for (let made = 0, counter = 0; made < length; counter++) {
    const count = new Uint8Array(4)
    new DataView(count.buffer).setUint32(0, counter)
    const block = digestBy(hash, concat(seed, count))
    if (!block) return undefined
    blocks.push(block)
    made += block.length
  }
  return concat(...blocks).slice(0, length)
}

/** What the signature is to the power of e, as long as the modulus; undefined when it can't be or must not be computed. */
async function blockOf({ n, e }: RsaPublicNumbers, signature: Bytes): Promise<Bytes | undefined> {
  const bits = bitLength(n)
  const length = Math.ceil(bits / 8)
  const number = numberFrom(signature)
  if (signature.length !== length || number >= n || e >= n || bits > MAX_BITS) return undefined
  if (bits > SMALL_BITS && bitLength(e) > MAX_EXPONENT_BITS) return undefined
  const block = numberHex(await powerMod(number, e, n))
  return fromHex(block.padStart(length * 2, '0'))
}
