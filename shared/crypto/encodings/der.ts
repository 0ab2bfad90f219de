/** Finds elements in DER and BER bytes (X.690) without decoding them: signatures are made over the bytes as they stand. */
import { concat, type Bytes } from '../../bytes'
import { LabError, type ErrorCode } from '../../errors'

/** Bytes that are not DER or BER, and where they stop being it. */
export class DerError extends LabError {
  /**
   * @param offset of the element that could not be read, from the first byte of what was read
   */
  constructor(
    code: ErrorCode,
    message: string,
    readonly offset: number,
  ) {
    super(code, message, { offset })
  }
}

/** What stands before the content of an element. */
export interface DerHeader {
  /** The first byte: class, whether constructed, and the tag number where it is below 31. */
  readonly identifier: number
  readonly tagNumber: number
  readonly contentStart: number
  /** End of the content, exclusive; undefined for the indefinite length of BER. */
  readonly end: number | undefined
}

/** One element: its bytes are `start` to `end`, its content `contentStart` to `end`, `end` exclusive. */
export interface DerElement {
  readonly tag: number
  readonly start: number
  readonly contentStart: number
  readonly end: number
}

const CONSTRUCTED = 0x20
const HIGH_TAG = 0x1f
/** Tag numbers stay below 2^31, lengths are written in at most this many bytes after their leading zeros: as OpenSSL has it. */
const MAX_TAG_NUMBER = 0x7fff_ffff
const MAX_LENGTH_BYTES = 8
/** More bytes than this for a length are not what a DER writer makes. */
const MAX_DER_LENGTH_BYTES = 4

/**
 * Reads tag and length at `offset`, in BER: several bytes of tag, needlessly long lengths and the indefinite length are let pass.
 * Takes and refuses what OpenSSL's `ASN1_get_object` does.
 * @param limit where the bytes around the element end, exclusive
 * @throws DerError `bad_der` when they are cut short, or the content would go past `limit`
 */
export function readHeader(bytes: Uint8Array, offset: number, limit: number): DerHeader {
  const identifier = byteAt(bytes, offset, offset, limit)
  let at = offset + 1
  let tagNumber = identifier & HIGH_TAG
  if (tagNumber === HIGH_TAG) {
    tagNumber = 0
    let more = true
    while (more) {
      const byte = byteAt(bytes, at++, offset, limit)
      more = byte >= 0x80
      tagNumber = tagNumber * 128 + (byte & 0x7f)
      if (tagNumber > MAX_TAG_NUMBER) {
        throw new DerError(
          'bad_der',
          `The tag of the element at byte ${offset} has a number past 2,147,483,647: this is not DER.`,
          offset,
        )
      }
    }
  }
  const first = byteAt(bytes, at++, offset, limit)
  if (first === 0x80) {
    if ((identifier & CONSTRUCTED) === 0) {
      throw new DerError(
        'bad_der',
        `The element at byte ${offset} has an indefinite length, which only constructed elements may have.`,
        offset,
      )
    }
    return { identifier, tagNumber, contentStart: at, end: undefined }
  }
  let length = first
  if (first > 0x80) {
    const lengthEnd = at + (first & 0x7f)
    // One byte has to come after them: OpenSSL asks for it, so an empty element with such a length can't be the last.
    if (lengthEnd >= limit) throw cutShort(offset, limit)
    while (at < lengthEnd && bytes[at] === 0) at++
    if (lengthEnd - at > MAX_LENGTH_BYTES) throw pastEnd(offset, limit)
    length = 0
    while (at < lengthEnd) length = length * 256 + (bytes[at++] ?? 0)
  }
  if (length > limit - at) throw pastEnd(offset, limit, length)
  return { identifier, tagNumber, contentStart: at, end: at + length }
}

/**
 * Reads the header of the element at `offset`, as DER has it: a tag of one byte, a definite length.
 * @throws DerError `bad_der` with the offset when there is no whole element
 */
export function readElement(der: Uint8Array, offset = 0, limit = der.length): DerElement {
  const { identifier, contentStart, end } = readHeader(der, offset, limit)
  const isHighTag = (identifier & HIGH_TAG) === HIGH_TAG
  if (isHighTag || end === undefined || contentStart - offset > 2 + MAX_DER_LENGTH_BYTES) {
    throw new DerError('bad_der', `No whole DER element at byte ${offset}.`, offset)
  }
  return { tag: identifier, start: offset, contentStart, end }
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

/**
 * One of the elements directly inside a constructed one.
 * @throws DerError `bad_der` when there are fewer
 */
export function childAt(der: Uint8Array, parent: DerElement, index: number): DerElement {
  const child = readChildren(der, parent)[index]
  if (child) return child
  throw new DerError('bad_der', `The element at byte ${parent.start} holds too few others.`, parent.start)
}

/** A copy of an element's content. */
export function contentBytes(der: Bytes, { contentStart, end }: DerElement): Bytes {
  return der.slice(contentStart, end)
}

/** Writes an element with a tag of one byte around its content. */
export function writeElement(tag: number, ...content: readonly Uint8Array[]): Bytes {
  const body = concat(...content)
  const length: number[] = []
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256)
  const header = body.length < 0x80 ? [tag, body.length] : [tag, 0x80 | length.length, ...length]
  return concat(Uint8Array.from(header), body)
}

function byteAt(bytes: Uint8Array, at: number, offset: number, limit: number): number {
  const byte = at < limit ? bytes[at] : undefined
  if (byte === undefined) throw cutShort(offset, limit)
  return byte
}

function cutShort(offset: number, limit: number): DerError {
  return new DerError(
    'bad_der',
    `The element at byte ${offset} is cut short: its tag and length don’t end before byte ${limit}.`,
    offset,
  )
}

function pastEnd(offset: number, limit: number, length?: number): DerError {
  const stated = length === undefined ? 'a length past all bounds' : `a length of ${length} bytes`
  return new DerError(
    'bad_der',
    `The element at byte ${offset} states ${stated}, but what it stands in ends at byte ${limit}: the bytes are cut short or damaged.`,
    offset,
  )
}
