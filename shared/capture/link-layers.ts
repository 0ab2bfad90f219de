/** From what a link carries to segments of TCP: the headers of links that loopback is captured with, and IPv4. */
import type { Bytes } from '../bytes'
import type { Endpoint } from '../record/connection'
import { ETHERTYPE_IPV4, PROTOCOL_TCP } from './packets'

/** Numbers of tcpdump.org's list of link types. */
export const LINK_TYPES = {
  null: 0,
  ethernet: 1,
  raw: 101,
  loop: 108,
  linuxSll: 113,
  ipv4: 228,
  linuxSll2: 276,
} as const

/** As some systems write {@link LINK_TYPES.raw}. */
const OTHER_RAW: readonly number[] = [12, 14]
const ETHERTYPE_VLAN = 0x8100
/** What stands for IPv4 in front of a packet of the links `null` and `loop`, in whatever byte order. */
const FAMILY_IPV4 = 2

/** A segment that was captured; `sequence` as it stands in the header. */
export interface CapturedSegment {
  readonly from: Endpoint
  readonly to: Endpoint
  readonly sequence: number
  readonly flags: number
  /** As much of it as was kept. */
  readonly payload: Bytes
}

/** The segment of TCP that a packet carries; undefined for one that carries none, or a part of one, and for IPv6. */
export function segmentOf(linkType: number, packet: Bytes): CapturedSegment | undefined {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength)
  const ip = networkStart(linkType, view)
  if (ip === undefined || ip + 20 > packet.length || view.getUint8(ip) >> 4 !== 4) return undefined
  const headerBytes = (view.getUint8(ip) & 0x0f) * 4
  const total = view.getUint16(ip + 2)
  // More fragments, or an offset: of a packet in fragments, none is a segment.
  const isFragment = (view.getUint16(ip + 6) & 0x3fff) !== 0
  if (headerBytes < 20 || isFragment || view.getUint8(ip + 9) !== PROTOCOL_TCP) return undefined
  const tcp = ip + headerBytes
  // Where the network card cuts segments, the length may not be filled in yet.
  const end = Math.min(packet.length, total === 0 ? packet.length : ip + total)
  if (tcp + 20 > end) return undefined
  const start = tcp + (view.getUint8(tcp + 12) >> 4) * 4
  if (start < tcp + 20) return undefined
  return {
    from: { address: addressAt(packet, ip + 12), port: view.getUint16(tcp) },
    to: { address: addressAt(packet, ip + 16), port: view.getUint16(tcp + 2) },
    sequence: view.getUint32(tcp + 4),
    flags: view.getUint8(tcp + 13),
    payload: packet.subarray(Math.min(start, end), end),
  }
}

/** Where the header of IPv4 begins; undefined for another protocol, and for a link that is not known. */
function networkStart(linkType: number, view: DataView): number | undefined {
  const size = view.byteLength
  switch (linkType) {
    case LINK_TYPES.ethernet: {
      let type = 12
      while (type + 2 <= size && view.getUint16(type) === ETHERTYPE_VLAN) type += 4
      return type + 2 <= size && view.getUint16(type) === ETHERTYPE_IPV4 ? type + 2 : undefined
    }
    case LINK_TYPES.null:
    case LINK_TYPES.loop:
      if (size < 4) return undefined
      return view.getUint32(0) === FAMILY_IPV4 || view.getUint32(0, true) === FAMILY_IPV4 ? 4 : undefined
    case LINK_TYPES.linuxSll:
      return size >= 16 && view.getUint16(14) === ETHERTYPE_IPV4 ? 16 : undefined
    case LINK_TYPES.linuxSll2:
      return size >= 20 && view.getUint16(0) === ETHERTYPE_IPV4 ? 20 : undefined
    default:
      return linkType === LINK_TYPES.raw || linkType === LINK_TYPES.ipv4 || OTHER_RAW.includes(linkType)
        ? 0
        : undefined
  }
}

function addressAt(packet: Bytes, at: number): string {
  return packet.subarray(at, at + 4).join('.')
}
