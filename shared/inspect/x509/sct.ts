/** Signed certificate timestamps: certificate transparency's list, in TLS's own encoding (RFC 6962 section 3.3). */
import type { Bytes } from '../../bytes'

/** One log's promise to publish a certificate. */
export interface SignedTimestamp {
  /** 0 is v1. */
  readonly version: number
  /** SHA-256 of the log's key, 32 bytes. */
  readonly logId: Bytes
  /** Milliseconds since the Unix epoch. */
  readonly time: number
  /** Codes of RFC 5246 section 7.4.1.4.1 as text, for instance `SHA-256 with ECDSA`. */
  readonly algorithm: string
}

const LOG_ID_BYTES = 32
/** Version, log, time, length of extensions. */
const FIXED_BYTES = 1 + LOG_ID_BYTES + 8 + 2
const HASHES = ['none', 'MD5', 'SHA-1', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512'] as const
const SIGNATURES = ['anonymous', 'RSA', 'DSA', 'ECDSA'] as const

/** Reads a list; undefined when the lengths in it don't fit. */
export function readTimestamps(list: Bytes): readonly SignedTimestamp[] | undefined {
  const view = new DataView(list.buffer, list.byteOffset, list.byteLength)
  if (list.length < 2 || view.getUint16(0) !== list.length - 2) return undefined
  const timestamps: SignedTimestamp[] = []
  for (let at = 2; at < list.length;) {
    if (at + 2 > list.length) return undefined
    const end = at + 2 + view.getUint16(at)
    const timestamp = end <= list.length ? readTimestamp(list.subarray(at + 2, end)) : undefined
    if (!timestamp) return undefined
    timestamps.push(timestamp)
    at = end
  }
  return timestamps
}

function readTimestamp(bytes: Bytes): SignedTimestamp | undefined {
  if (bytes.length < FIXED_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const algorithmAt = FIXED_BYTES + view.getUint16(FIXED_BYTES - 2)
  const [hash, signature] = [bytes[algorithmAt], bytes[algorithmAt + 1]]
  if (hash === undefined || signature === undefined) return undefined
  return {
    version: bytes[0] ?? 0,
    logId: bytes.slice(1, 1 + LOG_ID_BYTES),
    time: Number(view.getBigUint64(1 + LOG_ID_BYTES)),
    algorithm: `${HASHES[hash] ?? `hash ${hash}`} with ${SIGNATURES[signature] ?? `signature ${signature}`}`,
  }
}
