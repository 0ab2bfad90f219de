/** Takes apart the block of a PKCS#1 v1.5 signature: 00 01, FF…, 00, DigestInfo (RFC 8017 section 9.2). */
import type { Bytes } from '../../bytes'
import { orUndefined } from '../../errors'
import { readChildren, readElement } from '../../crypto/encodings/der'
import { decodeOid } from '../../crypto/encodings/oid-text'
import { hashOfOid } from '../../crypto/primitives/hashes'
import type { BlockPart } from './facts'
import type { FactCheck } from '../check'
import { check, digestCheck, digestOf, hexOf, part, type OpenedBlock } from './opened'

const MIN_PADDING = 8
const [SEQUENCE, OCTET_STRING, OID, NULL] = [0x30, 0x04, 0x06, 0x05] as const
const DIGEST_BYTES: Readonly<Record<string, number>> = {
  MD5: 16,
  'SHA-1': 20,
  'SHA-224': 28,
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
}

/** Opens the block; `signed` are the bytes that the signature is said to be over. */
export function openPkcs1(block: Bytes, signed: Bytes | undefined): OpenedBlock {
  // The separator is the first zero after the block type.
  const zero = block.indexOf(0, 2)
  const separator = zero === -1 ? block.length : zero
  const padding = block.subarray(2, separator)
  const hasPadding = padding.length >= MIN_PADDING && padding.every((byte) => byte === 0xff)
  const start = Math.min(separator + 1, block.length)
  const digestInfo = block.slice(start)
  const opened = readDigestInfo(digestInfo)
  const computed = signed && digestOf(opened?.hash, signed)
  const whole = block[0] === 0 && block[1] === 1 && hasPadding && zero !== -1
  return {
    parts: partsOf(block, separator, start, hasPadding, opened !== undefined),
    unmasked: undefined,
    unmaskedParts: [],
    digestInfo: opened ? digestInfo : undefined,
    hash: opened?.hash,
    signedDigest: hexOf(opened?.digest),
    computedDigest: hexOf(computed),
    checks: [paddingCheck(whole), formCheck(opened), digestCheck(opened?.digest, computed)],
  }
}

function partsOf(
  block: Bytes,
  separator: number,
  start: number,
  hasPadding: boolean,
  isDigestInfo: boolean,
): readonly BlockPart[] {
  const all = [
    part('00', 0, 1, 'Keeps the number below the modulus.', block[0] === 0),
    part('01', 1, 2, 'Block type 1: a signature.', block[1] === 1),
    part('FF…', 2, separator, 'Padding: fills the block, at least eight bytes.', hasPadding),
    part('00', separator, start, 'Ends the padding.'),
    part(
      'DigestInfo',
      start,
      block.length,
      'The name of the hash and the digest of what was signed, in DER.',
      isDigestInfo,
    ),
  ]
  return all.filter(({ start: from, end }) => end > from)
}

/** DigestInfo that fills its bytes: algorithm with NULL parameters, digest of the right length. */
function readDigestInfo(bytes: Bytes): { readonly hash: string; readonly digest: Bytes } | undefined {
  return orUndefined(() => {
    const outer = readElement(bytes)
    const [algorithm, digest, ...rest] = readChildren(bytes, outer)
    if (outer.tag !== SEQUENCE || outer.end !== bytes.length || rest.length > 0) return undefined
    if (algorithm?.tag !== SEQUENCE || digest?.tag !== OCTET_STRING) return undefined
    const [oid, parameters, ...more] = readChildren(bytes, algorithm)
    const hash =
      oid?.tag === OID ? hashOfOid(decodeOid(bytes.subarray(oid.contentStart, oid.end))) : undefined
    // Some leave the NULL out; readers take both (RFC 8017 appendix A.2.4).
    const plain =
      parameters === undefined || (parameters.tag === NULL && parameters.end - parameters.start === 2)
    const length = digest.end - digest.contentStart
    if (hash === undefined || !plain || more.length > 0 || DIGEST_BYTES[hash] !== length) return undefined
    return { hash, digest: bytes.slice(digest.contentStart, digest.end) }
  })
}

function paddingCheck(ok: boolean): FactCheck {
  return check(
    'padding',
    'Padding',
    ok,
    'The block begins with 00 01, then FF bytes up to a 00, as it should.',
    'The block does not begin with 00 01 FF… 00: this key did not make the signature, or the bytes were changed.',
  )
}

function formCheck(opened: object | undefined): FactCheck {
  return check(
    'digest_info',
    'DigestInfo',
    opened !== undefined,
    'After the padding comes a whole DigestInfo, and nothing after it.',
    'After the padding comes no DigestInfo that is known here.',
  )
}
