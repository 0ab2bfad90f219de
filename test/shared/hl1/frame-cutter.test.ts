/** Frames are cut from a stream whatever its portions are, and with work that grows with its bytes alone. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { concat, type Bytes } from '#shared/bytes'
import { FrameCutter } from '#shared/hl1/frame-cutter'
import { encodeFrame, lengthLimit } from '#shared/hl1/frame'

const frame = (type: number, length: number): Bytes => encodeFrame(type, 1, new Uint8Array(length).fill(type))

it('gives every frame whole, and what is left, in whatever portions they come', () => {
  const frames = [frame(1, 0), frame(7, 70_000), frame(0, 3), frame(8, 1), frame(3, 500)]
  const stream = concat(...frames, frame(2, 40).subarray(0, 11))
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 40 }), (sizes) => {
      const cutter = new FrameCutter()
      const found: Bytes[] = []
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const size = sizes[turn % sizes.length]!
        for (const { bytes, isFrame } of cutter.add(stream.slice(at, at + size))) {
          expect(isFrame).toBe(true)
          found.push(bytes)
        }
        at += size
      }
      expect(found).toEqual(frames)
      expect(cutter.rest()).toEqual(stream.slice(-11))
    }),
    { numRuns: 8 },
  )
})

it.each([
  ['is longer than its step may be', frame(5, lengthLimit(5))],
  ['is an alert that is longer than one may be', frame(0, lengthLimit(0))],
  ['has no room for its header', Uint8Array.of(0, 0, 0, 3, 1, 1, 1, 1, 1)],
])('leads on what comes from a frame on that %s', (_, bytes) => {
  const cutter = new FrameCutter()
  const pieces = [...cutter.add(bytes), ...cutter.add(frame(1, 4))]
  expect(pieces.some(({ isFrame }) => isFrame)).toBe(false)
  expect(concat(...pieces.map((piece) => piece.bytes))).toEqual(concat(bytes, frame(1, 4)))
})

it('takes a long frame byte by byte without moving it all each time', () => {
  const timeOf = (length: number): number => {
    const bytes = frame(7, length)
    const cutter = new FrameCutter()
    const began = performance.now()
    let found = 0
    for (let at = 0; at < bytes.length; at++) found += cutter.add(bytes.subarray(at, at + 1)).length
    expect(found).toBe(1)
    return performance.now() - began
  }
  timeOf(60_000)
  const short = Math.min(timeOf(60_000), timeOf(60_000))
  const long = Math.min(timeOf(960_000), timeOf(960_000))
  // Sixteen times as long; moved anew for each byte it would take 256 times as long.
  expect(long / short).toBeLessThan(80)
})
