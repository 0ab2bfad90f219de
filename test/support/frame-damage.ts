/** Damages done to frames and to conversations, drawn from a seed so that each can be done again. */
import { concat, toUtf8, type Bytes } from '#shared/bytes'
import { HEADER_BYTES, LENGTH_BYTES } from '#shared/hl1/frame'
import { seededRandom } from './environment'

/** Numbers that look random and are the same for the same seed. */
export class Dice {
  readonly #draw: (length: number) => Bytes
  #pool: Bytes = new Uint8Array()
  #used = 0

  constructor(seed: string) {
    this.#draw = seededRandom(seed)
  }

  /** A whole number from 0 to `count` - 1. */
  below(count: number): number {
    if (this.#used + 4 > this.#pool.length) {
      this.#pool = this.#draw(4_096)
      this.#used = 0
    }
    const value = new DataView(this.#pool.buffer).getUint32(this.#used)
    this.#used += 4
    return value % count
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!
  }

  bytes(length: number): Bytes {
    return Uint8Array.from({ length }, () => this.below(256))
  }
}

type Damage = (frame: Bytes, dice: Dice) => Bytes

const LENGTHS = [0, 1, 3, 4, 5, 8, 16_383, 16_384, 16_385, 1_048_640, 1_048_641, 0x7fffffff, 0xffffffff]
const JSON_BITS = ['{', '}', '[', ']', '"', '\\u', '\\', ',', ':', 'null', '1e999', '-', '\u0000', '{"a":']

const DAMAGES: readonly Damage[] = [
  (frame, dice) => set(frame, dice.below(frame.length), (byte) => byte ^ (1 << dice.below(8))),
  (frame, dice) => set(frame, dice.below(frame.length), () => dice.below(256)),
  // The header alone is 8 bytes of hundreds: it gets its share.
  (frame, dice) => set(frame, dice.below(HEADER_BYTES), () => dice.below(256)),
  (frame, dice) => withLength(frame, dice.pick(LENGTHS)),
  (frame, dice) => set(frame, 5, () => dice.pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x7f, 0xff])),
  (frame, dice) => set(frame, 6, () => dice.pick([0, 1, 2, 3, 255])),
  (frame, dice) => frame.slice(0, dice.below(frame.length)),
  // From here on the length field fits, so that the damage is met behind the frame.
  (frame, dice) => fitting(frame.slice(0, dice.below(frame.length))),
  (frame, dice) => fitting(concat(frame, dice.bytes(1 + dice.below(40)))),
  (frame, dice) => fitting(without(frame, dice)),
  (frame, dice) => fitting(inserted(frame, dice.bytes(1 + dice.below(20)), dice)),
  (frame, dice) => fitting(inserted(frame, toUtf8(dice.pick(JSON_BITS)), dice)),
  (frame, dice) => fitting(concat(frame.slice(0, HEADER_BYTES), dice.bytes(dice.below(600)))),
  (frame, dice) => fitting(concat(frame.slice(0, HEADER_BYTES), new Uint8Array(dice.below(17_000)))),
]

/** A frame with one to three damages. */
export function damage(frame: Bytes, dice: Dice): Bytes {
  let damaged = frame
  for (let times = dice.pick([1, 1, 1, 2, 3]); times > 0; times--) {
    if (damaged.length > HEADER_BYTES) damaged = dice.pick(DAMAGES)(damaged, dice)
  }
  return damaged
}

/** A conversation's frames in another order, some of them left out, doubled, damaged, or from another conversation. */
export function damageAll(frames: readonly Bytes[], others: readonly Bytes[], dice: Dice): readonly Bytes[] {
  const changed = frames.flatMap((frame) => {
    switch (dice.below(8)) {
      case 0:
        return []
      case 1:
        return [frame, frame]
      case 2:
        return [dice.pick(others)]
      case 3:
      case 4:
        return [damage(frame, dice)]
      default:
        return [frame]
    }
  })
  return dice.below(6) === 0 ? [...changed].reverse() : changed
}

function set(frame: Bytes, position: number, change: (byte: number) => number): Bytes {
  const changed = frame.slice()
  changed[position] = change(changed[position] ?? 0)
  return changed
}

function withLength(frame: Bytes, length: number): Bytes {
  const changed = frame.slice()
  new DataView(changed.buffer).setUint32(0, length)
  return changed
}

function fitting(frame: Bytes): Bytes {
  return frame.length < HEADER_BYTES ? frame : withLength(frame, frame.length - LENGTH_BYTES)
}

function without(frame: Bytes, dice: Dice): Bytes {
  const start = HEADER_BYTES + dice.below(frame.length - HEADER_BYTES)
  return concat(frame.slice(0, start), frame.slice(start + 1 + dice.below(30)))
}

function inserted(frame: Bytes, bytes: Bytes, dice: Dice): Bytes {
  const start = HEADER_BYTES + dice.below(frame.length - HEADER_BYTES)
  return concat(frame.slice(0, start), bytes, frame.slice(start))
}
