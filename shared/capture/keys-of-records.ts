/** The keys that records hold, as a keys file has them: those that messages have brought, and what RSA blocks hold. */
import type { Bytes } from '../bytes'
import { HEADER_BYTES } from '../hl1/frame'
import { isStepNumber } from '../hl1/steps'
import { SUITES, type SuiteName } from '../hl1/suites'
import type { Hl1Entry } from '../hl1/types'
import { conversationsOf } from '../record/conversation'
import { sizeOf } from '../record/layout'
import type { MessageRecord } from '../record/record'
import { partsOf, type Cipher, type Term } from '../record/term'
import {
  connectionId,
  isCaptureSecret,
  partId,
  type CaptureSecret,
  type FileKey,
  type KeysFile,
  type OpenedPart,
} from './keys-file'
import { streamsOf } from './streams'

/** What is known besides, by the frames of a connection in their order: see {@link DerivedSecrets}. */
export type SecretsOfFrames = (
  frames: readonly Bytes[],
  suite: SuiteName,
) => ReadonlyMap<CaptureSecret, Bytes>

/** What all connections have in common: the bootstrap key. */
export type CommonKeys = Iterable<readonly [CaptureSecret, Bytes]>

export interface KeySources {
  readonly derived?: SecretsOfFrames
  readonly common?: CommonKeys
}

/** The keys of all connections that the records are of. Of records whose secrets are hidden or forgotten there are none. */
export function keysOfRecords(
  entries: readonly Hl1Entry[],
  { derived = () => new Map(), common = [] }: KeySources = {},
): KeysFile {
  const keys: FileKey[] = [...common].map(([symbol, key]) => ({ symbol, connection: undefined, key }))
  const opened: OpenedPart[] = []
  for (const { passages } of conversationsOf(entries).flatMap(streamsOf)) {
    const [first] = passages
    if (!first) continue
    const connection = connectionId(first.frame)
    for (const { sent, received } of passages) {
      for (const entry of [sent, received]) {
        if (!entry) continue
        keys.push(...carriedBy(entry).map((carried) => ({ ...carried, connection })))
        opened.push(...blocksOf(entry))
      }
    }
    const suite = passages.find(({ sent, received }) => (sent ?? received)?.suite !== undefined)
    const name = (suite?.sent ?? suite?.received)?.suite
    if (!name) continue
    const frames = passages.map(({ frame }) => frame)
    for (const [symbol, key] of derived(frames, name)) keys.push({ symbol, connection, key })
  }
  return { keys, opened }
}

/** The symmetric keys among a record's members. */
function carriedBy({ members }: MessageRecord): readonly Omit<FileKey, 'connection'>[] {
  return members.flatMap(({ carries = '', value }) =>
    isCaptureSecret(carries) && value instanceof Uint8Array ? [{ symbol: carries, key: value }] : [],
  )
}

/** The parts of a record's body that only a private key opens, with what they hold. */
function blocksOf({ suite, step, kind, frame, plaintext }: Hl1Entry): readonly OpenedPart[] {
  if (!suite || kind !== 'message' || !isStepNumber(step) || !plaintext) return []
  if (plaintext.ranges.some(({ masked }) => masked)) return []
  const { term } = SUITES[suite].sheets[step]
  const opened: OpenedPart[] = []
  let start = HEADER_BYTES
  let from = 0
  const parts = partsOf(term).map((part, index, all) => {
    const end = index === all.length - 1 ? frame.length : start + sizeOf(part, frame, start)
    const inner = part.is === 'prefixed' ? part.body : part
    const bytes = frame.slice(start + (part.is === 'prefixed' ? part.field.size : 0), end)
    start = end
    return { bytes, size: plaintextSize(inner, bytes) }
  })
  const known = parts.reduce((sum, { size = 0 }) => sum + size, 0)
  for (const { bytes, size } of parts) {
    const length = size ?? plaintext.bytes.length - known
    if (size === undefined)
      opened.push({ part: partId(bytes), plaintext: plaintext.bytes.slice(from, from + length) })
    from += length
  }
  return opened
}

/** How much of a record's plaintext a part is; undefined for one with an RSA block in it, which has all that others leave. */
function plaintextSize(part: Term, bytes: Bytes): number | undefined {
  if (part.is === 'raw') return 0
  if (part.is === 'object' || part.is === 'join' || part.is === 'prefixed') return bytes.length
  if (hasBlock(part)) return undefined
  const sizes = (fields: Cipher['before']): number => fields.reduce((sum, { size }) => sum + size, 0)
  return bytes.length - sizes(part.cipher.before) - sizes(part.cipher.after)
}

function hasBlock(term: Term): boolean {
  if (term.is === 'asym') return true
  return (term.is === 'sym' || term.is === 'seal') && hasBlock(term.body)
}
