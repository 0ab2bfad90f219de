/** What opening a signature with the public key brings to light. */
import { equalBytes, toHex, type Bytes } from '../../bytes'
import { digestBy } from '../../crypto/primitives/hashes'
import type { BlockPart, SignatureFacts } from './facts'
import type { FactCheck } from '../check'

/** The parts of {@link SignatureFacts} that come from the block itself. */
export type OpenedBlock = Pick<
  SignatureFacts,
  | 'parts'
  | 'unmasked'
  | 'unmaskedParts'
  | 'digestInfo'
  | 'hash'
  | 'signedDigest'
  | 'computedDigest'
  | 'checks'
>

/** The digest of bytes; undefined for a hash that isn't known here. */
export function digestOf(hash: string | undefined, bytes: Bytes): Bytes | undefined {
  return hash === undefined ? undefined : digestBy(hash, bytes)
}

export function part(name: string, start: number, end: number, meaning: string, ok = true): BlockPart {
  return { name, start, end, meaning, ok }
}

export function check(id: string, title: string, ok: boolean, good: string, bad: string): FactCheck {
  return { id, title, result: ok ? 'ok' : 'failed', reason: ok ? good : bad }
}

export function notMade(id: string, title: string, reason: string): FactCheck {
  return { id, title, result: 'not_made', reason }
}

/** Compares the digest in the signature with that of the bytes that are said to be signed. */
export function digestCheck(signed: Bytes | undefined, computed: Bytes | undefined): FactCheck {
  const title = 'Digest'
  if (!computed || !signed) return digestUnknown(computed !== undefined)
  return check(
    'digest',
    title,
    equalBytes(signed, computed),
    'The digest in the signature is that of the signed bytes.',
    'The digest in the signature is not that of these bytes: they were changed, or others were signed.',
  )
}

function digestUnknown(computed: boolean): FactCheck {
  const reason = computed
    ? 'The signature holds no digest that can be read.'
    : 'The signed bytes are not known, or their hash can’t be computed here.'
  return notMade('digest', 'Digest', reason)
}

export function hexOf(bytes: Bytes | undefined): string | undefined {
  return bytes && toHex(bytes)
}
