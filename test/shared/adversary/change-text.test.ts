/** What was changed in a frame, in a sentence; frames by what they say they are. */
import { expect, it } from 'vitest'
import { frameTitle } from '#shared/adversary/crossed'
import { changeText } from '#shared/adversary/moves'

const frame = (...all: number[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([...new Array<number>(8).fill(0), ...all])

it.each([
  [frame(1, 2, 3), frame(1, 9, 3), 'Changed byte 9.'],
  [frame(1, 2, 3, 4), frame(9, 2, 9, 4), 'Changed bytes 8 to 10.'],
  [frame(1, 2), frame(1, 2, 3), 'Changed byte 10; 10 bytes became 11.'],
  [frame(1, 2, 3), frame(9), 'Changed bytes 8 to 10; 11 bytes became 9.'],
  [frame(), Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0]), 'Changed byte 0, in the header.'],
])('tells where two frames differ', (before, after, text) => {
  expect(changeText(before, after)).toBe(text)
})

it('makes no list of the places of a long one', () => {
  const before = new Uint8Array(1_100_000)
  const after = before.slice().fill(1)
  const began = performance.now()
  for (let time = 0; time < 2_000; time++) changeText(before, after)
  expect(performance.now() - began).toBeLessThan(2_000)
})

it('calls no frame an alert that is of another type', () => {
  expect([0, 4, 9].map(frameTitle)).toEqual(['Alert', '4 Public key and certificate', 'Type 9'])
})
