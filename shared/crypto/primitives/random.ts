/** Randomness of the platform. */
import type { Bytes } from '../../bytes'

/** getRandomValues gives at most this many bytes a call. */
const QUOTA = 65_536

/** That many random bytes, from the platform's generator. */
export function randomBytes(length: number): Bytes {
  const bytes = new Uint8Array(length)
  for (let start = 0; start < length; start += QUOTA)
    crypto.getRandomValues(bytes.subarray(start, start + QUOTA))
  return bytes
}
