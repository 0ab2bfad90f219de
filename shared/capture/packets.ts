/** Packets as they cross a wire: Ethernet II, IPv4 (RFC 791) without options, TCP (RFC 9293). */
import type { Bytes } from '../bytes'
import { LabError } from '../errors'
import type { Endpoint } from '../record/connection'

/** Bits of TCP's flags (RFC 9293 section 3.1). */
export const TCP_FLAGS = { FIN: 0x01, SYN: 0x02, RST: 0x04, PSH: 0x08, ACK: 0x10 } as const

const ETHERNET_BYTES = 14
export const ETHERTYPE_IPV4 = 0x0800
const IPV4_BYTES = 20
const TCP_BYTES = 20
export const PROTOCOL_TCP = 6
const DO_NOT_FRAGMENT = 0x4000
const TIME_TO_LIVE = 64
/** Locally administered addresses: nobody's. The last byte is 1 for who has opened the connection and 2 for its peer. */
const MAC_PREFIX = [0x02, 0x48, 0x4c, 0x31, 0x00] as const

/** What differs from segment to segment. Numbers are taken modulo 2^32, `window` as it stands in the header. */
export interface Segment {
  readonly from: Endpoint
  readonly to: Endpoint
  /** From who has opened the connection. */
  readonly isFromOpener: boolean
  readonly sequence: number
  readonly acknowledgement: number
  readonly flags: number
  readonly window: number
  /** A multiple of 4 bytes. */
  readonly options?: Uint8Array
  readonly payload: Uint8Array
  /** IPv4's identification of the packet. */
  readonly identification: number
}

/**
 * A whole packet, with the checksums of IPv4 and TCP.
 * @throws LabError `bad_argument` for an address that is none of IPv4
 */
export function packetOf(segment: Segment): Bytes {
  const { from, to, isFromOpener, options = new Uint8Array(), payload } = segment
  const tcpBytes = TCP_BYTES + options.length + payload.length
  const packet = new Uint8Array(ETHERNET_BYTES + IPV4_BYTES + tcpBytes)
  const view = new DataView(packet.buffer)
  packet.set([...MAC_PREFIX, isFromOpener ? 2 : 1, ...MAC_PREFIX, isFromOpener ? 1 : 2])
  view.setUint16(12, ETHERTYPE_IPV4)

  const ip = ETHERNET_BYTES
  view.setUint8(ip, 0x40 | (IPV4_BYTES / 4))
  view.setUint16(ip + 2, IPV4_BYTES + tcpBytes)
  view.setUint16(ip + 4, segment.identification & 0xffff)
  view.setUint16(ip + 6, DO_NOT_FRAGMENT)
  view.setUint8(ip + 8, TIME_TO_LIVE)
  view.setUint8(ip + 9, PROTOCOL_TCP)
  packet.set(addressBytes(from), ip + 12)
  packet.set(addressBytes(to), ip + 16)
  view.setUint16(ip + 10, checksum(packet.subarray(ip, ip + IPV4_BYTES)))

  const tcp = ip + IPV4_BYTES
  view.setUint16(tcp, from.port)
  view.setUint16(tcp + 2, to.port)
  view.setUint32(tcp + 4, segment.sequence)
  view.setUint32(tcp + 8, segment.acknowledgement)
  view.setUint8(tcp + 12, ((TCP_BYTES + options.length) / 4) << 4)
  view.setUint8(tcp + 13, segment.flags)
  view.setUint16(tcp + 14, segment.window)
  packet.set(options, tcp + TCP_BYTES)
  packet.set(payload, tcp + TCP_BYTES + options.length)
  // The pseudo-header: both addresses, the protocol, and the length (RFC 9293 section 3.1).
  const pseudo = sumOf(packet.subarray(ip + 12, ip + 20)) + PROTOCOL_TCP + tcpBytes
  view.setUint16(tcp + 16, checksum(packet.subarray(tcp), pseudo))
  return packet
}

/** The checksum of the Internet (RFC 1071); the field itself has to be 0. */
function checksum(bytes: Uint8Array, before = 0): number {
  let sum = before + sumOf(bytes)
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000)
  return ~sum & 0xffff
}

/** The bytes as 16-bit numbers, summed up; an odd last one counts as the first half of a number. */
function sumOf(bytes: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
  return sum
}

/** The four bytes of an address of IPv4; of one of IPv6 that stands for it (`::ffff:127.0.0.1`), too. */
function addressBytes({ address }: Endpoint): readonly number[] {
  const bytes = address
    .replace(/^::ffff:/i, '')
    .split('.')
    .map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : Number.NaN))
  if (bytes.length !== 4 || !bytes.every((byte) => byte <= 255))
    throw new LabError('bad_argument', `The address ${address} is none of IPv4.`)
  return bytes
}
