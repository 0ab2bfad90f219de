/** Bytes damaged at random, the same way every time. */

/** A generator of numbers from 0 up to, not including, a limit; the same ones for the same seed (xorshift32). */
export function seededNumbers(seed: number): (limit: number) => number {
  let state = seed >>> 0 || 1
  return (limit) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % limit
  }
}

/** A copy with a few changes: bytes replaced, flipped, left out, put in twice, or the end cut off. */
export function mutate(
  bytes: Uint8Array<ArrayBuffer>,
  below: (limit: number) => number,
): Uint8Array<ArrayBuffer> {
  const copy = [...bytes]
  for (let change = below(4) + 1; change > 0 && copy.length > 0; change--) {
    const at = below(copy.length)
    switch (below(8)) {
      case 0:
        copy.splice(at, below(6) + 1)
        break
      case 1:
        copy.splice(at, 0, ...copy.slice(at, at + below(12) + 1))
        break
      case 2:
        copy.length = at
        break
      case 3:
        copy[at] = [0x00, 0x80, 0x7f, 0xff, 0x1f, 0x30, 0x24, 0xa0][below(8)]!
        break
      case 4:
      case 5:
        copy[at]! ^= 1 << below(8)
        break
      default:
        copy[at] = below(256)
    }
  }
  return Uint8Array.from(copy)
}
