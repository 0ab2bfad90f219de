/** Made-up BER with all that DER does without: open lengths, needlessly long ones, tags of several bytes, every class. */

const CLASSES = [0x00, 0x40, 0x80, 0xc0] as const
const MAX_DEPTH = 9

/** Some elements behind one another, mostly whole; `below` makes the choices. */
export function randomBer(below: (limit: number) => number, depth = 0): number[] {
  const count = below(4) + (depth === 0 ? 1 : 0)
  return Array.from({ length: count }, () => randomElement(below, depth)).flat()
}

function randomElement(below: (limit: number) => number, depth: number): number[] {
  const constructed = depth < MAX_DEPTH && below(3) > 0
  const first = CLASSES[below(4)]! | (constructed ? 0x20 : 0)
  const high = [first | 0x1f, ...(below(2) === 0 ? [] : [0x80 | below(128)]), below(128)]
  const tag = below(8) === 0 ? high : [first | below(31)]
  const content = constructed
    ? randomBer(below, depth + 1)
    : Array.from({ length: below(10) }, () => below(256))
  switch (below(6)) {
    case 0:
      // The end mark may be missing.
      if (constructed) return [...tag, 0x80, ...content, ...(below(10) === 0 ? [] : [0, 0])]
      return [...tag, ...shortest(content.length), ...content]
    case 1: {
      const zeros = Array.from({ length: below(8) }, () => 0)
      const { length } = content
      return [...tag, 0x80 | (zeros.length + 2), ...zeros, length >> 8, length & 0xff, ...content]
    }
    default:
      return [...tag, ...shortest(content.length), ...content]
  }
}

function shortest(length: number): readonly number[] {
  if (length < 0x80) return [length]
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
}
