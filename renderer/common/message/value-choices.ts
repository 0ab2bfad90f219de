/** The forms in which a value can be copied. */
import { toBase64, toHex } from '#shared/bytes'
import type { MemberValue } from '#shared/record/member'
import type { CopyChoice } from '../controls/copy-choice'
import { memberText } from '../format'

/** The forms of a value. */
export function choicesOf(value: MemberValue | undefined, secret: boolean): readonly CopyChoice[] {
  if (value === undefined) return []
  if (!(value instanceof Uint8Array))
    return [{ title: 'Copy the value', text: () => memberText(value), secret }]
  return [
    { title: 'Copy as hex', text: () => toHex(value), secret },
    { title: 'Copy as hex with colons', text: () => toHex(value, ':'), secret },
    { title: 'Copy as base64', text: () => toBase64(value), secret },
  ]
}
