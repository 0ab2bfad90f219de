/** OpenPGP (RFC 9580) told by its first packet. */
import type { Bytes } from '../../bytes'

/** Versions that begin the packets which files begin with, by the packet's tag (section 5). */
const VERSIONS: Readonly<Record<number, readonly number[]>> = {
  // Public-key encrypted session key, signature, symmetric-key encrypted session key, one-pass signature
  1: [2, 3, 6],
  2: [3, 4, 5, 6],
  3: [4, 5, 6],
  4: [3, 6],
  // Secret key, public key, secret subkey, public subkey
  5: [2, 3, 4, 5, 6],
  6: [2, 3, 4, 5, 6],
  7: [2, 3, 4, 5, 6],
  14: [2, 3, 4, 5, 6],
}
/** Compressed data: algorithms in the place of a version. */
const [COMPRESSED, COMPRESSIONS] = [8, [1, 2, 3]] as const
const [IS_PACKET, IS_NEW] = [0x80, 0x40] as const

/** True for bytes that begin with a packet of a kind that files begin with. */
export function isOpenPgp(bytes: Bytes): boolean {
  const [first = 0, second = 0] = bytes
  if ((first & IS_PACKET) === 0) return false
  const isNew = (first & IS_NEW) !== 0
  const tag = isNew ? first & 0x3f : (first >> 2) & 0x0f
  const body = isNew ? newBody(second) : oldBody(first & 3)
  const version = bytes[body] ?? 0
  if (tag === COMPRESSED) return (COMPRESSIONS as readonly number[]).includes(version)
  return VERSIONS[tag]?.includes(version) === true
}

/** Where the body begins, after a length of 1, 2 or 5 bytes (section 4.2.1). */
function newBody(second: number): number {
  return second < 192 || second >= 224 ? (second === 255 ? 6 : 2) : 3
}

/** The same for the older form (section 4.2.2). */
function oldBody(lengthType: number): number {
  return 1 + ([1, 2, 4, 0][lengthType] ?? 0)
}
