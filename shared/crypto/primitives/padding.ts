/** PKCS#7 padding (RFC 5652 section 6.3): 1 to a block's length of bytes, each of them their number. */
import type { Bytes } from '../../bytes'
import { LabError } from '../../errors'

/**
 * Takes the padding off. All of it is looked at, not the last byte alone.
 * @param blockBytes length of the cipher's block
 * @returns undefined when the padding is wrong
 */
export function withoutPadding(padded: Bytes, blockBytes: number): Bytes | undefined {
  const count = padded.at(-1) ?? 0
  const whole = count >= 1 && count <= blockBytes && padded.length >= count
  if (!whole || padded.subarray(-count).some((byte) => byte !== count)) return undefined
  return padded.slice(0, -count)
}

/** As {@link withoutPadding}; throws LabError `bad_ciphertext` when the padding is wrong. */
export function unpad(padded: Bytes, blockBytes: number): Bytes {
  const plaintext = withoutPadding(padded, blockBytes)
  if (!plaintext) throw new LabError('bad_ciphertext', 'The padding is wrong.')
  return plaintext
}
