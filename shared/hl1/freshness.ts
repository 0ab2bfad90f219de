/** Freshness of timestamps (protocol.md section 2). */

/** The longest age limit that can be set, seconds. */
export const LONGEST_MAX_AGE = 3_600

export type Freshness = 'fresh' | 'stale' | 'future'

/**
 * Judges a timestamp against the receiver's clock.
 * @param timestamp milliseconds since the Unix epoch, as received
 * @param now the receiver's wall clock, milliseconds since the Unix epoch
 * @param maxAge the receiver's limit, seconds; a difference of exactly the limit is fresh
 */
export function judgeFreshness(timestamp: number, now: number, maxAge: number): Freshness {
  if (now - timestamp > maxAge * 1000) return 'stale'
  if (timestamp - now > maxAge * 1000) return 'future'
  return 'fresh'
}
