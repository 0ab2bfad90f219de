/** Frames are cut from a stream whatever its portions are, and with work that grows with its bytes alone. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { concat, type Bytes } from '#shared/bytes'
import { FrameCutter } from '#shared/adversary/frame-cutter'
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
  const bytes = frame(7, 1_000_000)
  const cutter = new FrameCutter()
  const began = performance.now()
  let found = 0
  for (let at = 0; at < bytes.length; at++) found += cutter.add(bytes.subarray(at, at + 1)).length
  const inPortions = performance.now() - began
  expect(found).toBe(1)
  // Moved anew for each byte it would be half a terabyte: minutes.
  expect(inPortions).toBeLessThan(20_000)
})
