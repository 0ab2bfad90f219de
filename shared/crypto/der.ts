/** Finds elements in DER bytes (X.690) without decoding them: signatures are made over the bytes as they stand. */
import { LabError } from '../errors'

/** One element: its bytes are `start` to `end`, its content `contentStart` to `end`, `end` exclusive. */
export interface DerElement {
  readonly tag: number
  readonly start: number
  readonly contentStart: number
  readonly end: number
}

/**
 * Reads the header of the element at `offset`.
 * @throws LabError `bad_der` with the offset when there is no whole element with a definite length
 */
export function readElement(der: Uint8Array, offset = 0, limit = der.length): DerElement {
  const tag = der[offset]
  const first = der[offset + 1]
  const wrong = (): never => {
    throw new LabError('bad_der', `No whole DER element at byte ${offset}.`)
  }
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return wrong()
  let contentStart = offset + 2
  let length = first
  if (first >= 0x80) {
    const count = first & 0x7f
    if (count === 0 || count > 4) return wrong()
    length = 0
    for (let index = 0; index < count; index++) length = length * 256 + (der[contentStart++] ?? 0)
  }
  const end = contentStart + length
  return end <= limit ? { tag, start: offset, contentStart, end } : wrong()
}

/** The elements directly inside a constructed one. */
export function readChildren(der: Uint8Array, parent: DerElement): readonly DerElement[] {
  const children: DerElement[] = []
  for (let offset = parent.contentStart; offset < parent.end;) {
    const child = readElement(der, offset, parent.end)
    children.push(child)
    offset = child.end
  }
  return children
}
