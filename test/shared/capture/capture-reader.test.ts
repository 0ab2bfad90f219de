/** Captures are read as they come: whatever the file's form, the order of segments, and what is missing of them. */
import { describe, expect, it } from 'vitest'
import { concat, toHex, type Bytes } from '#shared/bytes'
import { CAPTURE_BOUNDS, readCapture, type ReadCapture } from '#shared/capture/capture-reader'
import { LINK_TYPES } from '#shared/capture/link-layers'
import { packetsOf } from '#shared/capture/segments'
import { LabError } from '#shared/errors'
import { encodeFrame } from '#shared/hl1/frame'
import type { End } from '#shared/record/connection'
import { pcap, pcapng, withLink, type FilePacket, type PcapngForm } from '../../support/capture-files'
import { seededRandom } from '../../support/environment'

const CLIENT = { address: '127.0.0.1', port: 40_000 }
const SERVER = { address: '127.0.0.1', port: 17_402 }
const START = 1_800_000_000_000

const draw = seededRandom('capture')
const number = (below: number): number =>
  draw(4).reduce((sum, byte) => (sum * 256 + byte) % 2 ** 31, 0) % below

interface Sent {
  readonly sender: End
  readonly frame: Bytes
}

/** Frames of a session in both directions. */
function session(count = 6): readonly Sent[] {
  return Array.from({ length: count }, (_, index) => ({
    sender: index % 2 === 0 ? ('opener' as const) : ('acceptor' as const),
    frame: encodeFrame(index < 4 ? index + 3 : 7 + (index % 2), 1, draw(20 + number(4_000))),
  }))
}

function packetsFor(
  frames: readonly Sent[],
  more: Partial<Parameters<typeof packetsOf>[0]> = {},
): readonly FilePacket[] {
  const timed = frames.map((each, index) => ({ ...each, at: START + 10 * index, comment: '' }))
  const end = { closer: 'opener' as const, comment: '' }
  return [...packetsOf({ from: CLIENT, to: SERVER, frames: timed, number: 1, opening: '', end, ...more })]
}

const said = ({ connections }: ReadCapture) =>
  connections.map(({ frames }) => frames.map(({ sender, frame }) => `${sender} ${toHex(frame)}`))
const expected = (...all: readonly (readonly Sent[])[]) =>
  all.map((frames) => frames.map(({ sender, frame }) => `${sender} ${toHex(frame)}`))

/** Packets whose payload is not empty, by their places in the list. */
const carrying = (packets: readonly FilePacket[]): readonly number[] =>
  packets.flatMap(({ bytes }, index) => (bytes.length > 62 ? [index] : []))

describe('the file', () => {
  const FORMS: readonly (readonly [string, (packets: readonly FilePacket[]) => Bytes])[] = [
    ['pcap, little-endian, microseconds', (packets) => pcap(packets, { little: true, nano: false })],
    ['pcap, big-endian, microseconds', (packets) => pcap(packets, { little: false, nano: false })],
    ['pcap, little-endian, nanoseconds', (packets) => pcap(packets, { little: true, nano: true })],
    ['pcap, big-endian, nanoseconds', (packets) => pcap(packets, { little: false, nano: true })],
    ...(['enhanced', 'obsolete'] as const).flatMap((block) =>
      [true, false].flatMap((little) =>
        ([6, 9, 0x8a] as const).map(
          (resolution) =>
            [
              `pcapng, ${block} packets, ${little ? 'little' : 'big'}-endian, resolution ${resolution}`,
              (packets: readonly FilePacket[]) => pcapng(packets, { block, little, resolution }),
            ] as const,
        ),
      ),
    ),
  ]

  it.each(FORMS)('%s: frames, their order and their times', async (name, write) => {
    const frames = session()
    const read = await readCapture(write(packetsFor(frames)))
    expect(said(read)).toEqual(expected(frames))
    expect(read.connections[0]).toMatchObject({
      from: CLIENT,
      to: SERVER,
      hasOpening: true,
      ending: 'finished',
    })
    expect(read.connections[0]!.gaps).toEqual([])
    const exact = name.includes('138') ? 1 : 0.01
    for (const [index, { at }] of read.connections[0]!.frames.entries())
      expect(Math.abs(at - (START + 10 * index))).toBeLessThan(exact)
  })

  it('pcapng with simple packets has no times', async () => {
    const frames = session()
    const read = await readCapture(
      pcapng(packetsFor(frames), { block: 'simple', little: true, resolution: 6 }),
    )
    expect(said(read)).toEqual(expected(frames))
    expect(read.connections[0]!.frames.every(({ at }) => at === 0)).toBe(true)
  })

  it('sections of both byte orders, interfaces of different links, and blocks that are not known', async () => {
    const [one, other] = [session(), session()]
    const form: PcapngForm = { block: 'enhanced', little: true, resolution: 6 }
    const file = concat(
      pcapng(packetsFor(one), { ...form, strange: true }),
      pcapng(withLink(packetsFor(other, { from: { ...CLIENT, port: 40_001 } }), LINK_TYPES.raw), {
        ...form,
        little: false,
        link: LINK_TYPES.raw,
        before: LINK_TYPES.ethernet,
      }),
    )
    expect(said(await readCapture(file))).toEqual(expected(one, other))
  })

  it.each(Object.entries(LINK_TYPES))('the link %s', async (_, link) => {
    const frames = session()
    const packets = withLink(packetsFor(frames), link)
    expect(said(await readCapture(pcap(packets, { little: true, nano: false, link })))).toEqual(
      expected(frames),
    )
  })

  it('that breaks off within a packet is read until there', async () => {
    const frames = session()
    const packets = packetsFor(frames)
    for (const file of [
      pcap(packets, { little: true, nano: false }),
      pcapng(packets, { block: 'enhanced', little: true, resolution: 6 }),
    ]) {
      const whole = await readCapture(file)
      expect(whole.cutOffAt).toBeUndefined()
      const read = await readCapture(file.slice(0, file.length - 5))
      expect(read.cutOffAt).toBeGreaterThan(0)
      expect(read.packets).toBe(whole.packets - 1)
    }
  })

  it('that is none, or damaged, is refused with the place', async () => {
    const file = pcapng(packetsFor(session()), { block: 'enhanced', little: true, resolution: 6 })
    const place = async (bytes: Bytes): Promise<number | undefined> => {
      const error: unknown = await readCapture(bytes).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(LabError)
      expect((error as LabError).code).toBe('bad_capture')
      return (error as LabError).details.offset
    }
    expect(await place(new Uint8Array())).toBe(0)
    expect(await place(draw(100))).toBe(0)
    const changed = (at: number, byte: number): Bytes => {
      const copy = file.slice()
      copy[at] = byte
      return copy
    }
    expect(await place(changed(8, 0))).toBe(0)
    const second = new DataView(file.buffer).getUint32(4, true)
    expect(await place(changed(second + 4, 3))).toBe(second)
    const third = second + new DataView(file.buffer).getUint32(second + 4, true)
    // An interface that is not there, and a packet that is longer than its block.
    expect(await place(changed(third + 8, 7))).toBe(third)
    expect(await place(changed(third + 21, 9))).toBe(third)
  })

  it('too large, too many packets, too many connections: refused', async () => {
    const file = pcap(packetsFor(session()), { little: true, nano: false })
    for (const bounds of [{ bytes: 100 }, { packets: 3 }, { connections: 0 }])
      await expect(readCapture(file, { ...CAPTURE_BOUNDS, ...bounds })).rejects.toMatchObject({
        code: 'capture_too_large',
      })
  })

  it('with any byte changed gives a result or an error that says so', async () => {
    const packets = packetsFor(session(3))
    const files = [
      pcapng(packets, { block: 'enhanced', little: true, resolution: 6 }),
      pcap(packets, { little: false, nano: true }),
    ]
    for (let index = 0; index < 400; index++) {
      const copy = files[index % 2]!.slice()
      for (let flips = 1 + number(3); flips > 0; flips--)
        copy[number(index < 200 ? 300 : copy.length)]! ^= 1 << number(8)
      const error: unknown = await readCapture(copy).then(
        () => undefined,
        (reason: unknown) => reason,
      )
      if (error !== undefined)
        expect(error).toMatchObject({ code: 'bad_capture', details: { offset: expect.any(Number) } })
    }
  })
})

describe('segments', () => {
  const read = (packets: readonly FilePacket[]): Promise<ReadCapture> =>
    readCapture(pcap(packets, { little: true, nano: false }))

  it('out of order, doubled and overlapping', async () => {
    for (let round = 0; round < 20; round++) {
      const frames = session(8)
      const packets = [...packetsFor(frames, { segment: 10 + number(1_450) })]
      for (let changes = 0; changes < 30; changes++) {
        const where = carrying(packets)
        const at = where[number(where.length)]!
        if (number(2) === 0) packets.splice(at + 1 + number(3), 0, packets[at]!)
        else if (at + 1 < packets.length) [packets[at], packets[at + 1]] = [packets[at + 1]!, packets[at]!]
      }
      // The same streams once more, in segments of another length: each overlaps with others.
      packets.push(...packetsFor(frames, { segment: 10 + number(1_450) }).slice(3, -3))
      const { connections } = await read(packets)
      expect(connections.length).toBe(1)
      for (const sender of ['opener', 'acceptor'] as const)
        expect(
          connections[0]!.frames.filter((each) => each.sender === sender).map(({ frame }) => toHex(frame)),
        ).toEqual(frames.filter((each) => each.sender === sender).map(({ frame }) => toHex(frame)))
      expect(connections[0]!.gaps).toEqual([])
      expect(connections[0]!.leftOver).toEqual({ opener: 0, acceptor: 0 })
    }
  })

  it('missing: where and how many bytes is said, and reading goes on at the next frame', async () => {
    const frames: readonly Sent[] = [3, 5, 7, 7].map((type) => ({
      sender: 'opener',
      frame: encodeFrame(type, 1, draw(3_000)),
    }))
    const packets = packetsFor(frames)
    // The second segment of the second frame.
    const lost = carrying(packets)[4]!
    const { connections } = await read(packets.filter((_, index) => index !== lost))
    expect(connections[0]!.gaps).toEqual([{ sender: 'opener', after: 3_008 + 1_460, bytes: 1_460 }])
    expect(connections[0]!.frames.map(({ frame }) => toHex(frame))).toEqual(
      [0, 2, 3].map((index) => toHex(frames[index]!.frame)),
    )
    expect(connections[0]!.leftOver).toEqual({ opener: 3_008 - 1_460, acceptor: 0 })
  })

  it('missing at the end: said by the end that came', async () => {
    const frames = session(2)
    const packets = packetsFor(frames)
    const last = carrying(packets).at(-1)!
    const { connections } = await read(packets.filter((_, index) => index !== last))
    expect(connections[0]!.gaps).toHaveLength(1)
    expect(connections[0]!.gaps[0]!.sender).toBe('acceptor')
  })

  it('in mid-connection: from the next frame on, with who has opened it by the steps', async () => {
    for (const first of [1, 2]) {
      const frames = session(8)
      const packets = packetsFor(frames)
      // From the second segment of a frame on.
      const [begin] = carrying(packets).filter((index) => packets[index]!.at >= (START + 10 * first) * 1_000)
      const { connections } = await read(packets.slice(begin! + 1))
      expect(connections).toHaveLength(1)
      expect(connections[0]).toMatchObject({ from: CLIENT, to: SERVER, hasOpening: false })
      const complete = connections[0]!.frames.map(({ sender, frame }) => `${sender} ${toHex(frame)}`)
      const all = expected(frames)[0]!
      expect(all.slice(-complete.length)).toEqual(complete)
      expect(complete.length).toBeGreaterThanOrEqual(frames.length - first - 1)
    }
  })

  it('sequence numbers that wrap around', async () => {
    const frames: readonly Sent[] = [
      { sender: 'opener', frame: encodeFrame(7, 1, draw(40_000)) },
      { sender: 'opener', frame: encodeFrame(7, 1, draw(40_000)) },
    ]
    const packets = packetsFor(frames, { first: 2 ** 32 - 50_000 })
    const result = await read(packets)
    expect(said(result)).toEqual(expected(frames))
  })

  it('ports that are used again are another connection', async () => {
    const [one, other] = [session(), session()]
    const result = await read([...packetsFor(one, { number: 1 }), ...packetsFor(other, { number: 2 })])
    expect(said(result)).toEqual(expected(one, other))
  })

  it('other traffic is counted and left out', async () => {
    const frames = session()
    const foreign: readonly Sent[] = [
      { sender: 'opener', frame: new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n') },
      { sender: 'acceptor', frame: Uint8Array.of(0, 0, 0, 5, 9, 9, 9, 9, 9) },
    ]
    const [first, ...others] = packetsFor(foreign, {
      from: { ...CLIENT, port: 5 },
      to: { ...SERVER, port: 80 },
    })
    const udp = first!.bytes.slice()
    udp[23] = 17
    const six = first!.bytes.slice()
    six[12] = 0x86
    six[13] = 0xdd
    const result = await read([
      first!,
      ...others,
      { at: 0, bytes: udp },
      { at: 0, bytes: six },
      { at: 0, bytes: new Uint8Array(3) },
      ...packetsFor(frames),
    ])
    expect(said(result)).toEqual(expected(frames))
    expect(result.others).toEqual({ connections: 1, packets: 3 })
  })

  it('many of them take a time that grows with their number', async () => {
    const frames: readonly Sent[] = Array.from({ length: 10 }, () => ({
      sender: 'opener',
      frame: encodeFrame(8, 1, draw(60_000)),
    }))
    const packets = packetsFor(frames, { segment: 30 })
    const time = async (some: readonly FilePacket[]): Promise<number> => {
      const file = pcap(some, { little: true, nano: false })
      const before = performance.now()
      await readCapture(file)
      return performance.now() - before
    }
    await time(packets)
    const few = await time(packets.slice(0, packets.length / 8))
    expect(await time([...packets].reverse())).toBeLessThan(50 * few + 500)
  })
})
