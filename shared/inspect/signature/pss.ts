/** Takes apart the block of an RSASSA-PSS signature: masked data block, hash, trailer (RFC 8017 section 9.1). */
import { concat, equalBytes, type Bytes } from '../../bytes'
import type { PssParameters } from '../../crypto/pki/pss-parameters'
import { mgf1 } from '../../crypto/pki/rsa-signature'
import { check, digestOf, hexOf, notMade, part, type OpenedBlock } from './opened'

const TRAILER = 0xbc

/**
 * Opens the block.
 * @param block as long as the modulus
 * @param bits of the modulus
 * @param signed the bytes that the signature is said to be over
 */
export function openPss(
  block: Bytes,
  bits: number,
  { hash, maskHash, saltLength }: PssParameters,
  signed: Bytes | undefined,
): OpenedBlock {
  // One bit less than the modulus: with a modulus of 8n + 1 bits the block's first byte is not part of it.
  const first = block.length - Math.ceil((bits - 1) / 8)
  const spare = 8 * (block.length - first) - (bits - 1)
  const hashBytes = digestOf(hash, new Uint8Array())?.length ?? 0
  const hashStart = Math.max(first, block.length - 1 - hashBytes)
  const masked = block.subarray(first, hashStart)
  const digest = block.slice(hashStart, block.length - 1)
  const unmasked = unmask(masked, digest, maskHash, spare)
  const one = unmasked?.findIndex((byte) => byte !== 0) ?? -1
  const salt = one === -1 ? undefined : unmasked?.slice(one + 1)
  const hasOne = unmasked?.[one] === 1
  const computed = signed && digestOf(hash, signed)
  const expected =
    computed && salt && hasOne ? digestOf(hash, concat(new Uint8Array(8), computed, salt)) : undefined
  const isTrailer = block.at(-1) === TRAILER
  const fits = masked.length === 0 || (masked[0] ?? 0) >> (8 - spare) === 0
  return {
    parts: [
      ...(first > 0
        ? [
            part(
              '00',
              0,
              first,
              'Not part of it: the block is one bit shorter than the modulus.',
              block[0] === 0,
            ),
          ]
        : []),
      part(
        'Masked data block',
        first,
        hashStart,
        `Padding and salt under a mask made from H (MGF1 with ${maskHash}): it looks random.`,
        fits,
      ),
      part(
        'H',
        hashStart,
        block.length - 1,
        `${hash} of eight zero bytes, the digest of what was signed, and the salt.`,
      ),
      part('BC', block.length - 1, block.length, 'Trailer: marks the scheme.', isTrailer),
    ],
    unmasked,
    unmaskedParts: unmasked ? partsOfUnmasked(unmasked, one, hasOne, salt, saltLength) : [],
    digestInfo: undefined,
    hash,
    signedDigest: undefined,
    computedDigest: hexOf(computed),
    checks: [
      check(
        'trailer',
        'Trailer',
        isTrailer && fits,
        'The block ends with BC, and its unused bits are zero.',
        'The block does not have the form of RSASSA-PSS: this key did not make the signature, or the bytes were changed.',
      ),
      unmasked
        ? check(
            'salt',
            'Salt',
            hasOne && salt?.length === saltLength,
            `Under the mask are zeros, 01 and a salt of ${saltLength} bytes: signing the same bytes again gives another signature.`,
            `Under the mask there are no zeros, 01 and a salt of ${saltLength} bytes.`,
          )
        : notMade('salt', 'Salt', `The mask can’t be computed here: it is made with ${maskHash}.`),
      expected
        ? check(
            'digest',
            'Digest',
            equalBytes(expected, digest),
            'H is the hash over the digest of the signed bytes and the salt.',
            'H is not the hash over the digest of these bytes and the salt: they were changed, or others were signed.',
          )
        : notMade(
            'digest',
            'Digest',
            'The signed bytes are not known, or what is under the mask can’t be read.',
          ),
    ],
  }
}

function partsOfUnmasked(
  unmasked: Bytes,
  one: number,
  hasOne: boolean,
  salt: Bytes | undefined,
  saltLength: number,
): OpenedBlock['unmaskedParts'] {
  const end = one === -1 ? unmasked.length : one
  const all = [
    part('00…', 0, end, 'Padding: fills the block.'),
    part('01', end, Math.min(end + 1, unmasked.length), 'Ends the padding.', hasOne),
    part(
      'Salt',
      Math.min(end + 1, unmasked.length),
      unmasked.length,
      'Random bytes, new in every signature.',
      salt?.length === saltLength,
    ),
  ]
  return all.filter((each) => each.end > each.start)
}

/** What is under the mask; undefined for a hash that isn't known here. */
function unmask(masked: Bytes, seed: Bytes, hash: string, spare: number): Bytes | undefined {
  const mask = mgf1(hash, seed, masked.length)
  if (!mask) return undefined
  const plain = masked.slice().map((byte, index) => byte ^ (mask[index] ?? 0))
  if (plain.length > 0) plain[0] = (plain[0] ?? 0) & (0xff >> spare)
  return plain
}
