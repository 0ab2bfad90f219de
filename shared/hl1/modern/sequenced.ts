/** The bodies of steps 7 and 8: a sequence number in clear, then AES-256-GCM under the key of the direction. */
import { concat, type Bytes } from '../../bytes'
import { GCM_TAG_BYTES } from '../../crypto/primitives/aead'
import type { CheckList } from '../checks'
import type { FrameContext, OpenedBody } from '../conduct'
import type { Environment } from '../environment'
import { encodeSequence, SEQUENCE_BYTES, sequenceNonce } from './bodies'

/** A direction's key, its next number, and the transcript that every message of the session is bound to. */
export interface Direction {
  readonly key: Bytes
  readonly next: number
  readonly transcript: Bytes
}

export async function sealSequenced(
  direction: Direction,
  plaintext: Bytes,
  frame: FrameContext,
  { crypto }: Environment,
): Promise<Bytes> {
  const number = encodeSequence(direction.next)
  const length = SEQUENCE_BYTES + plaintext.length + GCM_TAG_BYTES
  const additional = concat(direction.transcript, frame.header(length))
  const nonce = sequenceNonce(number)
  return concat(number, await crypto.encryptGcm(direction.key, nonce, additional, plaintext))
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
  return { parts: [plaintext], outside: { seq: Number(value) } }
}

/** Throws ProtocolError `replayed` unless the number is the next. Past 2^53, `seq` is not exact, and no session's next. */
export function checkSequence(seq: number, next: number, checks: CheckList): void {
  const ok = seq === next
  const found = Number.isSafeInteger(seq) ? String(seq) : `more than ${Number.MAX_SAFE_INTEGER}`
  const reason = ok ? 'The number is the next one.' : `The number is ${found}, the next one is ${next}.`
  checks.require('sequence', 'replayed', { ok, reason, found, expected: String(next) })
}
