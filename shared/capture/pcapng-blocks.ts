/** Blocks of a capture file in the form pcapng (draft-ietf-opsawg-pcapng), little-endian. */
import { concat, toUtf8, type Bytes } from '../bytes'
import { LINK_TYPES } from './link-layers'

export const SECTION_HEADER = 0x0a0d0d0a
export const INTERFACE_DESCRIPTION = 1
/** As programs wrote packets before there were enhanced ones (appendix A). */
export const OBSOLETE_PACKET = 2
export const SIMPLE_PACKET = 3
export const ENHANCED_PACKET = 6
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d

/** Codes of options; the same number means different things in different blocks (sections 3.5, 4.1, 4.2 and 4.3). */
const OPTION = {
  comment: 1,
  hardware: 2,
  os: 3,
  application: 4,
  name: 2,
  description: 3,
  resolution: 9,
} as const
/** Times in 10^-6 seconds. */
const MICROSECONDS = 6
const MAJOR = 1
const UNKNOWN_LENGTH = 0xffffffff
/** Of a packet at most so many bytes are kept. */
const SNAP_LENGTH = 262_144
/** The longest value of an option whose length is a multiple of 4. */
const LONGEST_OPTION = 0xfffc

interface Option {
  readonly code: number
  readonly value: Uint8Array
}

/** Begins a file: `application` has written it, about `comment`. */
export function sectionHeader(application: string, comment: string): Bytes {
  const body = new DataView(new ArrayBuffer(16))
  body.setUint32(0, BYTE_ORDER_MAGIC, true)
  body.setUint16(4, MAJOR, true)
  body.setUint32(8, UNKNOWN_LENGTH, true)
  body.setUint32(12, UNKNOWN_LENGTH, true)
  return block(SECTION_HEADER, bytesOf(body), [
    textOption(OPTION.comment, comment),
    textOption(OPTION.application, application),
  ])
}

/** The interface that the packets after it are of: Ethernet, times in microseconds. */
export function interfaceDescription(name: string, description: string): Bytes {
  const body = new DataView(new ArrayBuffer(8))
  body.setUint16(0, LINK_TYPES.ethernet, true)
  body.setUint32(4, SNAP_LENGTH, true)
  return block(INTERFACE_DESCRIPTION, bytesOf(body), [
    textOption(OPTION.name, name),
    textOption(OPTION.description, description),
    { code: OPTION.resolution, value: Uint8Array.of(MICROSECONDS) },
  ])
}

/** A packet of the first interface; `at` in microseconds since the Unix epoch. */
export function enhancedPacket(at: number, packet: Uint8Array, comment?: string): Bytes {
  const body = new DataView(new ArrayBuffer(20))
  body.setUint32(4, Math.floor(at / 2 ** 32), true)
  body.setUint32(8, at % 2 ** 32, true)
  body.setUint32(12, packet.length, true)
  body.setUint32(16, packet.length, true)
  const options = comment === undefined ? [] : [textOption(OPTION.comment, comment)]
  return block(ENHANCED_PACKET, concat(bytesOf(body), padded(packet)), options)
}

function block(type: number, body: Uint8Array, options: readonly Option[]): Bytes {
  const written = options.flatMap(({ code, value }) => [numbers(code, value.length), padded(value)])
  // The list of options has an end of its own, where there is one.
  const content = concat(body, ...written, ...(options.length > 0 ? [numbers(0, 0)] : []))
  const length = content.length + 12
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, length, true)
  bytes.set(content, 8)
  view.setUint32(length - 4, length, true)
  return bytes
}

function textOption(code: number, text: string): Option {
  return { code, value: toUtf8(text).subarray(0, LONGEST_OPTION) }
}

function numbers(first: number, second: number): Bytes {
  return Uint8Array.of(first & 0xff, first >> 8, second & 0xff, second >> 8)
}

/** With zeros up to a multiple of 4 bytes. */
function padded(bytes: Uint8Array): Uint8Array {
  const over = bytes.length % 4
  return over === 0 ? bytes : concat(bytes, new Uint8Array(4 - over))
}

function bytesOf(view: DataView<ArrayBuffer>): Bytes {
  return new Uint8Array(view.buffer)
}
