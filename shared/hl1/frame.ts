/** Frames: the unit that crosses the wire (protocol.md section 1). */
import { concat, type Bytes } from '../bytes'
import { fillNote, type ByteRange } from '../record/range'
import { ProtocolError } from './alerts'

export const VERSION = 1
export const TYPE_ALERT = 0x7f
const LIMIT_HANDSHAKE = 16_384
const LIMIT_SESSION = 1_048_640

/** The five fields before the body. `length` counts the bytes after the length field. */
export interface FrameHeader {
  readonly length: number
  readonly version: number
  readonly type: number
  readonly suite: number
  readonly flags: number
}

/** Where a field of the header stands, and what its value says. All are unsigned and big-endian. */
interface HeaderField {
  readonly offset: number
  readonly size: number
  /** `{value}` is the number that stands there; `{title}` and `{suite}` are what type and suite are called. */
  readonly note: string
}

/** The table of the header's fields, in their order. */
export const HEADER: Readonly<Record<keyof FrameHeader, HeaderField>> = {
  length: { offset: 0, size: 4, note: '{value} bytes follow this field' },
  version: { offset: 4, size: 1, note: 'HL/{value}' },
  type: { offset: 5, size: 1, note: '{title}' },
  suite: { offset: 6, size: 1, note: '{suite}' },
  flags: { offset: 7, size: 1, note: 'none defined, always 0' },
}
const FIELDS = Object.keys(HEADER) as readonly (keyof FrameHeader)[]

export const HEADER_BYTES = FIELDS.reduce((sum, name) => sum + HEADER[name].size, 0)
/** Bytes of the length field, which does not count itself. */
export const LENGTH_BYTES = HEADER.length.size

/** What a receiver is ready for: the step it waits for, and the suites it takes (one, once the connection has one). */
export interface FrameExpectation {
  readonly step: number
  readonly suites: readonly number[]
}

/** The largest allowed value of a frame's length field for a type. */
export function lengthLimit(type: number): number {
  return type === 7 || type === 8 ? LIMIT_SESSION : LIMIT_HANDSHAKE
}

/** Writes a frame's header for a body of `bodyLength` bytes. */
export function encodeHeader(type: number, suite: number, bodyLength: number): Bytes {
  const length = bodyLength + HEADER_BYTES - LENGTH_BYTES
  const values: FrameHeader = { length, version: VERSION, type, suite, flags: 0 }
  const header = new Uint8Array(HEADER_BYTES)
  for (const name of FIELDS) {
    const { offset, size } = HEADER[name]
    for (let byte = 0; byte < size; byte++) header[offset + byte] = values[name] >>> (8 * (size - 1 - byte))
  }
  return header
}

/** Writes a whole frame. */
export function encodeFrame(type: number, suite: number, body: Uint8Array): Bytes {
  return concat(encodeHeader(type, suite, body.length), body)
}

/** Reads one field of a frame's header; bytes that are not there count as 0. */
export function headerField(frame: Uint8Array, name: keyof FrameHeader): number {
  const { offset, size } = HEADER[name]
  let value = 0
  for (let at = offset; at < offset + size; at++) value = value * 256 + (frame[at] ?? 0)
  return value
}

/** Reads the header of a frame; needs its first 8 bytes. */
export function decodeHeader(bytes: Uint8Array): FrameHeader {
  return {
    length: headerField(bytes, 'length'),
    version: headerField(bytes, 'version'),
    type: headerField(bytes, 'type'),
    suite: headerField(bytes, 'suite'),
    flags: headerField(bytes, 'flags'),
  }
}

/**
 * Checks a header in the order of protocol.md section 7 (version, suite, type, length, and then the flags, which
 * must be 0), before anything of the body is read or allocated. An alert passes as any step's answer.
 * @throws ProtocolError `unsupported_version`, `unsupported_suite`, `unexpected_message`, `frame_too_large`, `malformed`
 */
export function checkHeader(header: FrameHeader, expected: FrameExpectation): void {
  const refuse = (code: ConstructorParameters<typeof ProtocolError>[0]['code'], message: string): never => {
    throw new ProtocolError({ code, step: stepOfType(header.type, expected.step), message })
  }
  if (header.version !== VERSION) {
    refuse(
      'unsupported_version',
      `The frame has version ${header.version}; this program speaks version ${VERSION}.`,
    )
  }
  // An alert may answer a frame whose suite was never agreed: it is taken in any.
  if (!expected.suites.includes(header.suite) && header.type !== TYPE_ALERT) {
    refuse(
      'unsupported_suite',
      `The frame has suite ${header.suite}; expected here is ${expected.suites.join(' or ')}.`,
    )
  }
  if (header.type !== expected.step && header.type !== TYPE_ALERT) {
    refuse('unexpected_message', `The frame has type ${header.type}; step ${expected.step} comes next.`)
  }
  const limit = lengthLimit(header.type)
  if (header.length > limit) {
    refuse('frame_too_large', `The frame's length is ${header.length}; the limit for this step is ${limit}.`)
  }
  if (header.flags !== 0) {
    refuse('malformed', `The frame's flags are ${header.flags}; this version has none, so they are 0.`)
  }
}

/**
 * Refuses a length field that leaves no room for the rest of the header; asked as soon as the field is there.
 * @throws ProtocolError `malformed`
 */
export function checkLengthField(length: number, expectedStep: number): void {
  const least = HEADER_BYTES - LENGTH_BYTES
  if (length >= least) return
  const message = `The frame's length is ${length}; the header alone needs ${least}.`
  throw new ProtocolError({ code: 'malformed', step: expectedStep, message })
}

/** The step that an alert about a frame of this type names: the type where it is a step, else the step waited for. */
export function stepOfType(type: number, expectedStep: number): number {
  return type >= 1 && type <= 8 ? type : expectedStep
}

/** Names the header's fields in a frame. */
export function headerRanges(header: FrameHeader, suite: string, title: string): readonly ByteRange[] {
  return FIELDS.map((name) => {
    const { offset, size, note } = HEADER[name]
    const words = { value: header[name], suite, title }
    return { name, start: offset, end: offset + size, note: fillNote(note, words) }
  })
}
