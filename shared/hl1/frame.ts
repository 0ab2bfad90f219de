/** Frames: the unit that crosses the wire (protocol.md section 1). */
import { concat, type Bytes } from '../bytes'
import { ProtocolError } from './alerts'

const VERSION = 1
export const TYPE_ALERT = 0x7f
export const HEADER_BYTES = 8
/** Bytes of the length field, which does not count itself. */
export const LENGTH_BYTES = 4
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

/** A named part of a byte string, `end` exclusive. */
export interface ByteRange {
  readonly name: string
  readonly start: number
  readonly end: number
  /** The value in words, or what the bytes are for. */
  readonly note: string
  /** Key symbol under which these bytes are unreadable. */
  readonly key?: string
  /** Member of the plaintext that these bytes are, or are made from. */
  readonly member?: string
}

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
  const header = new Uint8Array(HEADER_BYTES)
  new DataView(header.buffer).setUint32(0, bodyLength + HEADER_BYTES - LENGTH_BYTES)
  header.set([VERSION, type, suite, 0], LENGTH_BYTES)
  return header
}

/** Writes a whole frame. */
export function encodeFrame(type: number, suite: number, body: Uint8Array): Bytes {
  return concat(encodeHeader(type, suite, body.length), body)
}

/** Reads the header of a frame; needs its first 8 bytes. */
export function decodeHeader(bytes: Uint8Array): FrameHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES)
  return {
    length: view.getUint32(0),
    version: view.getUint8(4),
    type: view.getUint8(5),
    suite: view.getUint8(6),
    flags: view.getUint8(7),
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
export function headerRanges(header: FrameHeader, suiteName: string, title: string): ByteRange[] {
  return [
    { name: 'length', start: 0, end: 4, note: `${header.length} bytes follow this field` },
    { name: 'version', start: 4, end: 5, note: `HL/${header.version}` },
    { name: 'type', start: 5, end: 6, note: title },
    { name: 'suite', start: 6, end: 7, note: suiteName },
    { name: 'flags', start: 7, end: 8, note: 'none defined, always 0' },
  ]
}
