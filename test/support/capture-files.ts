/** Capture files in every form that programs write them in. */
import { concat, concatAll, type Bytes } from '#shared/bytes'
import { LINK_TYPES } from '#shared/capture/link-layers'

/** `at` in microseconds since the Unix epoch. */
export interface FilePacket {
  readonly at: number
  readonly bytes: Bytes
}

export interface PcapForm {
  readonly little: boolean
  readonly nano: boolean
  readonly link?: number
}

export interface PcapngForm {
  readonly block: 'enhanced' | 'simple' | 'obsolete'
  readonly little: boolean
  /** As `if_tsresol` has it. */
  readonly resolution: number
  readonly link?: number
  /** The link of an interface before the one of the packets, which is the only one unless given. */
  readonly before?: number
  /** With blocks and options in between that nobody knows. */
  readonly strange?: boolean
}

type Write = (size: number, value: number | bigint) => Bytes

const writer =
  (little: boolean): Write =>
  (size, value) => {
    const bytes = Uint8Array.from({ length: size }, (_, index) =>
      Number((BigInt(value) >> BigInt(8 * index)) & 0xffn),
    )
    return little ? bytes : bytes.reverse()
  }

export function pcap(
  packets: readonly FilePacket[],
  { little, nano, link = LINK_TYPES.ethernet }: PcapForm,
): Bytes {
  const write = writer(little)
  const header = [
    write(4, nano ? 0xa1b23c4d : 0xa1b2c3d4),
    write(2, 2),
    write(2, 4),
    write(8, 0),
    write(4, 262_144),
    write(4, link),
  ]
  return concatAll([
    ...header,
    ...packets.flatMap(({ at, bytes }) => [
      write(4, Math.floor(at / 1e6)),
      write(4, (at % 1e6) * (nano ? 1_000 : 1)),
      write(4, bytes.length),
      write(4, bytes.length),
      bytes,
    ]),
  ])
}

export function pcapng(packets: readonly FilePacket[], form: PcapngForm): Bytes {
  const { block: kind, little, resolution, link = LINK_TYPES.ethernet, before, strange = false } = form
  const write = writer(little)
  const block = (type: number, ...body: readonly Bytes[]): Bytes => {
    const content = concat(...body)
    const padding = new Uint8Array((4 - (content.length % 4)) % 4)
    const length = write(4, content.length + padding.length + 12)
    return concat(write(4, type), length, content, padding, length)
  }
  const description = (type: number): Bytes =>
    block(
      1,
      ...[write(2, type), write(2, 0), write(4, 0)],
      ...(strange ? [write(2, 0x7777), write(2, 3), Uint8Array.of(1, 2, 3, 0)] : []),
      ...[write(2, 9), write(2, 1), Uint8Array.of(resolution, 0, 0, 0), write(4, 0)],
    )
  const on = before === undefined ? 0 : 1
  const units = resolution >= 0x80 ? 2n ** BigInt(resolution - 0x80) : 10n ** BigInt(resolution)
  const blocks = packets.map(({ at, bytes }) => {
    const ticks = (BigInt(at) * units) / 1_000_000n
    const time = [write(4, ticks >> 32n), write(4, ticks & 0xffffffffn)]
    const size = write(4, bytes.length)
    if (kind === 'simple') return block(3, size, bytes)
    if (kind === 'obsolete') return block(2, write(2, on), write(2, 0xffff), ...time, size, size, bytes)
    return block(6, write(4, on), ...time, size, size, bytes)
  })
  const unknown = strange ? [block(0x0bad, Uint8Array.of(1, 2, 3)), block(0x80000001, new Uint8Array())] : []
  return concatAll([
    block(0x0a0d0d0a, write(4, 0x1a2b3c4d), write(2, 1), write(2, 0), write(8, 0xffffffffffffffffn)),
    ...unknown,
    ...(before === undefined ? [] : [description(before)]),
    description(link),
    ...blocks.flatMap((each) => [each, ...unknown]),
  ])
}

/** Packets of Ethernet as another link would have them. */
export function withLink(packets: readonly FilePacket[], link: number): readonly FilePacket[] {
  const headers: Readonly<Record<number, readonly number[]>> = {
    [LINK_TYPES.null]: [2, 0, 0, 0],
    [LINK_TYPES.loop]: [0, 0, 0, 2],
    [LINK_TYPES.raw]: [],
    [LINK_TYPES.ipv4]: [],
    [LINK_TYPES.linuxSll]: [0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0],
    [LINK_TYPES.linuxSll2]: [8, 0, 0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0],
  }
  const header = headers[link]
  if (!header) return packets
  return packets.map(({ at, bytes }) => ({ at, bytes: concat(Uint8Array.from(header), bytes.subarray(14)) }))
}
