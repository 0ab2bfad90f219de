/** Hash functions that files name, by @noble/hashes, and HMAC and PBKDF2 with those that WebCrypto lacks. */
import { hmac } from '@noble/hashes/hmac.js'
import { md5, ripemd160, sha1 } from '@noble/hashes/legacy.js'
import { sha224, sha256, sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2.js'
import { sha3_224, sha3_256, sha3_384, sha3_512 } from '@noble/hashes/sha3.js'
import type { Bytes } from '../../bytes'
import { oidNamed } from '../encodings/oids'
import { nextTurn } from '../../turn'

const HASHES = {
  MD5: md5,
  'RIPEMD-160': ripemd160,
  'SHA-1': sha1,
  'SHA-224': sha224,
  'SHA-256': sha256,
  'SHA-384': sha384,
  'SHA-512': sha512,
  'SHA-512/224': sha512_224,
  'SHA-512/256': sha512_256,
  'SHA3-224': sha3_224,
  'SHA3-256': sha3_256,
  'SHA3-384': sha3_384,
  'SHA3-512': sha3_512,
} as const

export type HashName = keyof typeof HASHES

/** By OID: those that files and signatures name (RFC 4055, RFC 8017, RFC 8702). */
const BY_OID: ReadonlyMap<string, HashName> = new Map([
  [oidNamed('md5'), 'MD5'],
  [oidNamed('sha1'), 'SHA-1'],
  [oidNamed('sha224'), 'SHA-224'],
  [oidNamed('sha256'), 'SHA-256'],
  [oidNamed('sha384'), 'SHA-384'],
  [oidNamed('sha512'), 'SHA-512'],
  [oidNamed('sha512-224'), 'SHA-512/224'],
  [oidNamed('sha512-256'), 'SHA-512/256'],
  [oidNamed('sha3-224'), 'SHA3-224'],
  [oidNamed('sha3-256'), 'SHA3-256'],
  [oidNamed('sha3-384'), 'SHA3-384'],
  [oidNamed('sha3-512'), 'SHA3-512'],
])

/** Those that WebCrypto has, in Chromium as in Node. */
const NATIVE: ReadonlySet<HashName> = new Set(['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'])
/** Rounds computed before other events get their turn: some milliseconds. */
const SLICE = 4_096

/** Told how much of some work is done, from 0 to 1; undefined where that can't be known. */
export type Tell = (fraction: number | undefined) => void

/** Bytes of the hash, and of the blocks that it works on. */
export function hashSizes(name: HashName): { readonly output: number; readonly block: number } {
  const { outputLen, blockLen } = HASHES[name]
  return { output: outputLen, block: blockLen }
}

/** The hash that an OID stands for, dotted; undefined for one that isn't known here. */
export function hashOfOid(oid: string | undefined): HashName | undefined {
  return BY_OID.get(oid ?? '')
}

/** The digest of bytes by a hash of this name, for instance `SHA-256`; undefined for one that isn't known here. */
export function digestBy(name: string, bytes: Uint8Array): Bytes | undefined {
  return Object.hasOwn(HASHES, name) ? (HASHES[name as HashName](bytes) as Bytes) : undefined
}

/** The hash of some bytes. */
export function hashBytes(name: HashName, bytes: Bytes): Bytes {
  return HASHES[name](bytes) as Bytes
}

/** HMAC (RFC 2104). */
export function hmacBytes(name: HashName, key: Bytes, bytes: Bytes): Bytes {
  return hmac(HASHES[name], key, bytes) as Bytes
}

/** Hashes a value, then the hash, and so on, `times` times, in slices so that nothing waits for it. */
export async function hashRepeatedly(
  name: HashName,
  input: Bytes,
  times: number,
  tell?: Tell,
): Promise<Bytes> {
  const hash = HASHES[name]
  let value: Uint8Array = input
  for (let round = 0; round < times; round++) {
    if (round > 0 && round % SLICE === 0) {
      tell?.(round / times)
      await nextTurn()
    }
    value = hash(value)
  }
  return value as Bytes
}

export interface Stretching {
  readonly hash: HashName
  readonly passphrase: Bytes
  readonly salt: Bytes
  readonly iterations: number
  /** Of the result, in bytes. */
  readonly length: number
}

/** PBKDF2 (RFC 8018 section 5.2), by WebCrypto where it has the hash function. */
export async function pbkdf2(options: Stretching, tell?: Tell): Promise<Bytes> {
  const { hash, passphrase, salt, iterations, length } = options
  if (!NATIVE.has(hash)) return pbkdf2InSlices(options, tell)
  tell?.(undefined)
  const secret = await crypto.subtle.importKey('raw', passphrase, 'PBKDF2', false, ['deriveBits'])
  const derivation = { name: 'PBKDF2', hash, salt, iterations }
  return new Uint8Array(await crypto.subtle.deriveBits(derivation, secret, length * 8))
}

async function pbkdf2InSlices(
  { hash, passphrase, salt, iterations, length }: Stretching,
  tell?: Tell,
): Promise<Bytes> {
  const keyed = hmac.create(HASHES[hash], passphrase)
  const { output } = hashSizes(hash)
  const blocks = Math.ceil(length / output)
  const derived = new Uint8Array(blocks * output)
  for (let block = 0; block < blocks; block++) {
    const counter = new Uint8Array(4)
    new DataView(counter.buffer).setUint32(0, block + 1)
    let value = keyed.clone().update(salt).update(counter).digest()
    const sum = value.slice()
    for (let round = 1; round < iterations; round++) {
      if (round % SLICE === 0) {
        tell?.((block * iterations + round) / (blocks * iterations))
        await nextTurn()
      }
      value = keyed.clone().update(value).digest()
      for (let at = 0; at < output; at++) sum[at] = (sum[at] ?? 0) ^ (value[at] ?? 0)
    }
    derived.set(sum, block * output)
  }
  return derived.slice(0, length)
}
