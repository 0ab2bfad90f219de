/** The bodies of steps 7 and 8: a sequence number in clear, then AES-256-GCM under the key of the direction. */
import { concat, type Bytes } from '../../bytes'
import { GCM_TAG_BYTES } from '../../crypto/primitives/aead'
import type { CheckList } from '../checks'
import type { Environment } from '../environment'
import type { ByteRange } from '../frame'
import type { KeySymbol } from '../keys'
import type { MemberSpec } from '../members'
import type { ClosedBody, FrameContext, OpenedBody } from '../step'
import { alongStream, encodeSequence, SEQUENCE_BYTES, sequenceNonce, streamRanges } from './bodies'

/** The sequence number as a member: it stands in clear, and the tag covers it because the nonce is made of it. */
export const sequence = {
  name: 'seq',
  symbol: 'Seq',
  kind: 'integer',
  outside: true,
  meaning:
    'Counts the messages of this direction from 0. It is the nonce too, so no number can be used twice.',
} as const satisfies MemberSpec

/** A direction's key, its next number, and the transcript that every message of the session is bound to. */
export interface Direction {
  readonly symbol: KeySymbol
  readonly key: Bytes
  readonly next: number
  readonly transcript: Bytes
}

export async function sealSequenced(
  direction: Direction,
  plaintext: Bytes,
  frame: FrameContext,
  { crypto }: Environment,
): Promise<ClosedBody> {
  const number = encodeSequence(direction.next)
  const length = SEQUENCE_BYTES + plaintext.length + GCM_TAG_BYTES
  const additional = concat(direction.transcript, frame.header(length))
  const nonce = sequenceNonce(number)
  const body = concat(number, await crypto.encryptGcm(direction.key, nonce, additional, plaintext))
  return { body, ...layout(direction.symbol, body.length) }
}

/** Opens with the number that the body names; whether it is the next one is asked afterwards. */
export async function openSequenced(
  direction: Direction,
  body: Bytes,
  frame: FrameContext,
  { crypto }: Environment,
): Promise<OpenedBody<never>> {
  const number = body.slice(0, SEQUENCE_BYTES)
  const value = new DataView(concat(number, new Uint8Array(SEQUENCE_BYTES)).buffer).getBigUint64(0)
  const additional = concat(direction.transcript, frame.header(body.length))
  const plaintext = await crypto.decryptGcm(
    direction.key,
    sequenceNonce(number),
    additional,
    body.slice(SEQUENCE_BYTES),
  )
  return { parts: [plaintext], outside: { seq: Number(value) }, ...layout(direction.symbol, body.length) }
}

/** Throws ProtocolError `replayed` unless the number is the next. Past 2^53, `seq` is not exact, and no session's next. */
export function checkSequence(seq: number, next: number, checks: CheckList): void {
  const ok = seq === next
  const found = Number.isSafeInteger(seq) ? String(seq) : `more than ${Number.MAX_SAFE_INTEGER}`
  const reason = ok ? 'The number is the next one.' : `The number is ${found}, the next one is ${next}.`
  checks.require('sequence', 'replayed', { ok, reason, found, expected: String(next) })
}

function layout(symbol: KeySymbol, length: number): Omit<ClosedBody, 'body'> {
  const number: ByteRange = {
    name: 'sequence number',
    member: 'seq',
    start: 0,
    end: SEQUENCE_BYTES,
    note: 'big-endian, in clear; part of the nonce',
  }
  return {
    ranges: [number, ...streamRanges(symbol, SEQUENCE_BYTES, length)],
    project: alongStream(SEQUENCE_BYTES),
  }
}
