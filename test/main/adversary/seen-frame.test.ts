/** The list of frames is bounded: the oldest are forgotten and counted, but none that is held. */
import { expect, it } from 'vitest'
import { Line } from '#main/adversary/line'
import { FRAMES_KEPT, SeenFrame, SeenFrames } from '#main/adversary/seen-frame'
import { encodeFrame } from '#shared/hl1/frame'
import { SILENT_LINE } from '../../support/silent-line'

const line = new Line({ ...SILENT_LINE, number: 1 })
let count = 0
const frameOf = (size: number): SeenFrame =>
  new SeenFrame(++count, 0, line, 'opener', encodeFrame(7, 1, new Uint8Array(size)), false)

it('by their number', () => {
  const frames = new SeenFrames()
  const held = frameOf(8)
  held.release = () => undefined
  frames.add(held)
  for (let more = 0; more < FRAMES_KEPT.count + 9; more++) frames.add(frameOf(8))
  expect([frames.all.length, frames.forgotten]).toEqual([FRAMES_KEPT.count, 10])
  expect(frames.held).toEqual([held])
  frames.clear()
  expect([frames.all, frames.forgotten]).toEqual([[held], 0])
})

it('by their bytes', () => {
  const frames = new SeenFrames()
  for (let more = 0; more < 20; more++) frames.add(frameOf(1024 * 1024))
  const bytes = frames.all.reduce((sum, { came }) => sum + came.length, 0)
  expect(bytes).toBeLessThanOrEqual(FRAMES_KEPT.bytes)
  expect(frames.all.length + frames.forgotten).toBe(20)
})

it('what was changed and changed back is what came', () => {
  const frame = frameOf(8)
  const bytes = frame.came.slice()
  bytes[9] = 1
  frame.change(bytes, { does: 'flip', byte: 9, bit: 0 }, 'Flipped.')
  expect([frame.isForged, frame.row.changes]).toEqual([true, ['Flipped.']])
  frame.change(frame.came.slice(), { does: 'flip', byte: 9, bit: 0 }, 'Flipped.')
  expect([frame.isForged, frame.row.changes]).toEqual([false, []])
})
