/**
 * Packets of capture files: pcap in both byte orders with micro- and nanoseconds, pcapng with any number of sections and interfaces.
 * What other blocks say is skipped.
 */
import type { Bytes } from '../bytes'
import { LabError } from '../errors'
import {
  BYTE_ORDER_MAGIC,
  ENHANCED_PACKET,
  INTERFACE_DESCRIPTION,
  OBSOLETE_PACKET,
  SECTION_HEADER,
  SIMPLE_PACKET,
} from './pcapng-blocks'

/** A packet, or as much of it as was kept. */
export interface RawPacket {
  /** Milliseconds since the Unix epoch; of a packet without a time, that of the one before. */
  readonly at: number
  /** What its first bytes are: a number of tcpdump.org's list of link types. */
  readonly linkType: number
  readonly bytes: Bytes
  /** Where in the file it begins. */
  readonly offset: number
}

/** What came of reading. */
export interface ReadEnd {
  /** Where the file breaks off within a packet, as it does where the program that wrote it was stopped. */
  readonly cutOffAt: number | undefined
}

/** Interfaces of one section that are kept. */
const MOST_INTERFACES = 4_096
/** The longest packet that any program keeps. */
const LONGEST_PACKET = 16 * 1024 * 1024
const LINK_TYPE_BITS = 0xffff

/** First numbers of pcap files, as their own byte order has them, with how many units of their times are a second. */
const PCAP_UNITS: ReadonlyMap<number, bigint> = new Map([
  [0xa1b2c3d4, 1_000_000n],
  [0xa1b23c4d, 1_000_000_000n],
])
const PCAP_HEADER_BYTES = 24
const PCAP_PACKET_HEADER_BYTES = 16

/**
 * Reads one packet after another.
 * @throws LabError `bad_capture`, with the byte where what can't be read begins
 */
export function readPackets(file: Bytes): Generator<RawPacket, ReadEnd> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (file.length >= 4) {
    if (view.getUint32(0) === SECTION_HEADER) return readPcapng(file, view)
    for (const isLittle of [true, false]) {
      const units = PCAP_UNITS.get(view.getUint32(0, isLittle))
      if (units !== undefined) return readPcap(file, view, isLittle, units)
    }
  }
  throw badCapture(0, 'It begins neither as pcapng nor as pcap.')
}

function* readPcap(
  file: Bytes,
  view: DataView,
  isLittle: boolean,
  units: bigint,
): Generator<RawPacket, ReadEnd> {
  if (file.length < PCAP_HEADER_BYTES) throw badCapture(0, 'Its header is not whole.')
  const linkType = view.getUint32(20, isLittle) & LINK_TYPE_BITS
  let at = PCAP_HEADER_BYTES
  while (at < file.length) {
    const start = at + PCAP_PACKET_HEADER_BYTES
    if (start > file.length) return { cutOffAt: at }
    const seconds = BigInt(view.getUint32(at, isLittle))
    const fraction = BigInt(view.getUint32(at + 4, isLittle))
    const kept = view.getUint32(at + 8, isLittle)
    if (kept > LONGEST_PACKET) throw badCapture(at, `A packet of ${kept} bytes is longer than any.`)
    if (start + kept > file.length) return { cutOffAt: at }
    const bytes = file.subarray(start, start + kept)
    yield { at: milliseconds(seconds * units + fraction, units), linkType, bytes, offset: at }
    at = start + kept
  }
  return { cutOffAt: undefined }
}

/** An interface of a section. */
interface Interface {
  readonly linkType: number
  /** Bytes of a packet that are kept at most; 0 for all. */
  readonly snapLength: number
  /** Units of its times in a second, and seconds that are to be added. */
  readonly units: bigint
  readonly offset: bigint
}

function* readPcapng(file: Bytes, view: DataView): Generator<RawPacket, ReadEnd> {
  let isLittle = true
  let interfaces: Interface[] = []
  let last = 0
  let at = 0
  while (at < file.length) {
    if (at + 12 > file.length) return { cutOffAt: at }
    if (view.getUint32(at) === SECTION_HEADER) {
      isLittle = view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC
      if (!isLittle && view.getUint32(at + 8) !== BYTE_ORDER_MAGIC)
        throw badCapture(at, 'A section says no byte order.')
      interfaces = []
    }
    const length = view.getUint32(at + 4, isLittle)
    if (length < 12 || length % 4 !== 0) throw badCapture(at, `A block of ${length} bytes is none.`)
    if (at + length > file.length) return { cutOffAt: at }
    if (view.getUint32(at + length - 4, isLittle) !== length)
      throw badCapture(at, 'A block has two different lengths.')
    const block = new Block(view, at, length, isLittle)
    if (block.type === INTERFACE_DESCRIPTION) {
      if (interfaces.length === MOST_INTERFACES)
        throw badCapture(at, `A section has more than ${MOST_INTERFACES} interfaces.`)
      interfaces.push(readInterface(block))
    } else {
      const packet = readPacketBlock(block, interfaces)
      if (packet) {
        const { from, count, ticks, on } = packet
        if (ticks !== undefined) last = milliseconds(ticks, on.units) + Number(on.offset) * 1_000
        yield { at: last, linkType: on.linkType, bytes: file.subarray(from, from + count), offset: at }
      }
    }
    at += length
  }
  return { cutOffAt: undefined }
}

/** A block of pcapng: its numbers by their places in its body. */
class Block {
  readonly type: number
  /** Bytes of the body. */
  readonly size: number
  readonly #from: number

  constructor(
    private readonly view: DataView,
    readonly at: number,
    length: number,
    private readonly isLittle: boolean,
  ) {
    this.type = view.getUint32(at, isLittle)
    this.size = length - 12
    this.#from = at + 8
  }

  /** @throws LabError `bad_capture` for a place outside of the body */
  u32(place: number): number {
    return this.view.getUint32(this.#within(place, 4), this.isLittle)
  }

  u16(place: number): number {
    return this.view.getUint16(this.#within(place, 2), this.isLittle)
  }

  u8(place: number): number {
    return this.view.getUint8(this.#within(place, 1))
  }

  /** Where in the file so many bytes of the body begin. */
  place(place: number, count: number): number {
    return this.#within(place, count)
  }

  #within(place: number, count: number): number {
    if (place + count > this.size) throw badCapture(this.at, 'A block is shorter than what it has to hold.')
    return this.#from + place
  }
}

const OPTION = { end: 0, resolution: 9, offset: 14 } as const
const DEFAULT_UNITS = 1_000_000n

function readInterface(block: Block): Interface {
  let units = DEFAULT_UNITS
  let offset = 0n
  let place = 8
  while (place + 4 <= block.size) {
    const code = block.u16(place)
    const length = block.u16(place + 2)
    if (code === OPTION.end) break
    block.place(place + 4, length)
    if (code === OPTION.resolution && length === 1) {
      const exponent = block.u8(place + 4)
      units = (exponent & 0x80) === 0 ? 10n ** BigInt(exponent) : 2n ** BigInt(exponent & 0x7f)
    }
    if (code === OPTION.offset && length === 8) {
      const [one, other] = [BigInt(block.u32(place + 4)), BigInt(block.u32(place + 8))]
      const isLittle = block.u8(place + 4) === Number(one & 0xffn)
      offset = BigInt.asIntN(64, isLittle ? (other << 32n) | one : (one << 32n) | other)
    }
    place += 4 + Math.ceil(length / 4) * 4
  }
  return { linkType: block.u16(0), snapLength: block.u32(4), units, offset }
}

interface PacketPlace {
  readonly from: number
  readonly count: number
  readonly ticks: bigint | undefined
  readonly on: Interface
}

/** The packet that a block holds; undefined for a block of another kind. */
function readPacketBlock(block: Block, interfaces: readonly Interface[]): PacketPlace | undefined {
  const { type } = block
  if (type === SIMPLE_PACKET) {
    const on = interfaceOf(block, interfaces, 0)
    const length = Math.min(block.u32(0), on.snapLength === 0 ? Number.POSITIVE_INFINITY : on.snapLength)
    return { from: block.place(4, length), count: length, ticks: undefined, on }
  }
  if (type !== ENHANCED_PACKET && type !== OBSOLETE_PACKET) return undefined
  const on = interfaceOf(block, interfaces, type === ENHANCED_PACKET ? block.u32(0) : block.u16(0))
  const ticks = (BigInt(block.u32(4)) << 32n) | BigInt(block.u32(8))
  const count = block.u32(12)
  return { from: block.place(20, count), count, ticks, on }
}

function interfaceOf({ at }: Block, interfaces: readonly Interface[], number: number): Interface {
  const found = interfaces[number]
  if (!found) throw badCapture(at, `A packet is of interface ${number}, which its section has not.`)
  return found
}

/** Milliseconds with their fraction, to the microsecond. */
function milliseconds(ticks: bigint, units: bigint): number {
  return Number((ticks * 1_000_000n) / units) / 1_000
}

function badCapture(offset: number, what: string): LabError {
  const message = `This is no capture that can be read: ${what} (byte ${offset}) Save it again, as pcapng or pcap.`
  return new LabError('bad_capture', message, { offset })
}
