/** Which byte strings are the same, told without comparing each with each: by numbers, however alike somebody has made them. */
import { equalBytes } from './bytes'

/** The largest prime below 2^26: products of two remainders are exact. */
const PRIME = 67_108_859

/** Drawn anew in each process: nobody can make strings of which many have the same sum. */
const [POINT_A = 2, POINT_B = 3] = crypto.getRandomValues(new Uint32Array(2)).map((drawn) => drawn % PRIME)

/** Gives each byte string a number, and the same one to all that have its bytes. One that was asked for before is known by itself. */
export class SameBytes {
  readonly #numbers = new WeakMap<Uint8Array, number>()
  readonly #bySum = new Map<string, { readonly bytes: Uint8Array; readonly number: number }[]>()
  #count = 0

  /** The bytes must not change while this is in use. */
  numberOf(bytes: Uint8Array): number {
    const known = this.#numbers.get(bytes)
    if (known !== undefined) return known
    const sum = sumOf(bytes)
    const alike = this.#bySum.get(sum) ?? []
    this.#bySum.set(sum, alike)
    const found = alike.find((each) => equalBytes(each.bytes, bytes))?.number
    const number = found ?? ++this.#count
    if (found === undefined) alike.push({ bytes, number })
    this.#numbers.set(bytes, number)
    return number
  }

  /** Whether both have the same bytes. */
  areSame(one: Uint8Array, other: Uint8Array): boolean {
    return one === other || (one.length === other.length && this.numberOf(one) === this.numberOf(other))
  }
}

/** The bytes, two at a time, as a polynomial at two points that nobody knows. */
function sumOf(bytes: Uint8Array): string {
  let [a, b] = [1, 1]
  for (let at = 0; at < bytes.length; at += 2) {
    const pair = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
    a = (a * POINT_A + pair) % PRIME
    b = (b * POINT_B + pair) % PRIME
  }
  return `${bytes.length} ${a} ${b}`
}
