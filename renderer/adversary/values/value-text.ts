/** Values of members as text that can be edited, and back. */
import { fromHex, toHex } from '#shared/bytes'
import type { MemberKind, MemberValue } from '#shared/record/member'

/** A value as it stands in a field: bytes in hex. */
export function valueText(value: MemberValue | undefined): string {
  if (value === undefined) return ''
  return value instanceof Uint8Array ? toHex(value, ' ') : String(value)
}

/** What somebody has typed, as a value of its kind, or what is wrong with it. */
export function readValue(
  kind: MemberKind,
  text: string,
): { readonly value: MemberValue } | { readonly problem: string } {
  if (kind === 'timestamp' || kind === 'integer') {
    const number = Number(text.trim())
    const isWhole = text.trim() !== '' && Number.isSafeInteger(number)
    return isWhole ? { value: number } : { problem: 'A whole number is needed here.' }
  }
  if (kind !== 'bytes') return { value: text }
  const value = fromHex(text.replace(/[\s:]/g, ''))
  return value ? { value } : { problem: 'Bytes are written in hex here, two digits each.' }
}
