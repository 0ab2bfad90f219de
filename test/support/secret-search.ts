/** Looks for secrets in files, output and memory: in every form in which a program could have let one out. */
import { createPrivateKey } from 'node:crypto'
import { jwkOf } from './jwk'

/** Something that must not be found, by the name under which a find is reported. */
export interface Secret {
  readonly name: string
  readonly bytes: Uint8Array
  /** Texts that hold parts of it and that its bytes don't lead to: lines of PEM. */
  readonly texts?: readonly string[]
}

/** A text that holds a secret is cut where someone likes: two pieces of a long one, of so many bytes, are looked for. */
const PIECE_BYTES = 24
/**
 * Needles are told apart by their beginnings of so many bytes, taken as two halves: shorter ones would begin everywhere in a heap
 * snapshot, which is nearly all numbers.
 */
const START_BYTES = 6
const HALF_BYTES = START_BYTES / 2
const HALF = 2 ** (8 * HALF_BYTES)
const SLOT_BITS = 20

/** Body lines of PEM that hold nothing but the public modulus, the exponent and what leads there, with some to spare. */
const PUBLIC_LINES = 7

/** An RSA private key: both its DER forms, the lines of their PEM texts, and each of its private numbers. */
export function secretsOfRsaKey(name: string, pem: string): readonly Secret[] {
  const key = createPrivateKey(pem)
  const forms = (['pkcs8', 'pkcs1'] as const).map((type): Secret => {
    const text = key.export({ type, format: 'pem' }).toString()
    const lines = text.trim().split('\n').slice(1, -1).slice(PUBLIC_LINES, -1)
    return { name: `${name}, ${type}`, bytes: privatePart(key.export({ type, format: 'der' })), texts: lines }
  })
  const jwk = jwkOf(key)
  const numbers = (['d', 'p', 'q', 'dp', 'dq', 'qi'] as const).flatMap((part): readonly Secret[] => {
    const bytes = Buffer.from(jwk[part] ?? '', 'base64url')
    return [
      { name: `${name}, ${part}`, bytes },
      // How a library keeps big numbers in memory.
      { name: `${name}, ${part} backwards`, bytes: Buffer.from(bytes).reverse() },
    ]
  })
  return [...forms, ...numbers]
}

function privatePart(der: Buffer): Uint8Array {
  return der.subarray(PUBLIC_LINES * 48)
}

/** Finds secrets; ask it about one place after another. */
export class SecretSearch {
  readonly #needles = new Map<number, { readonly needle: Buffer; readonly name: string }[]>()
  /** Which beginnings there may be: most bytes are passed over by a look in here. */
  readonly #slots = new Uint8Array(2 ** SLOT_BITS)

  constructor(secrets: readonly Secret[]) {
    for (const { name, bytes, texts = [] } of secrets) {
      for (const piece of piecesOf(bytes)) for (const needle of formsOf(piece)) this.#add(name, needle)
      for (const text of texts) for (const needle of asText(text)) this.#add(name, needle)
    }
  }

  /** Names of the secrets that a place holds, each once. */
  find(place: Uint8Array | string): readonly string[] {
    const hay =
      typeof place === 'string'
        ? Buffer.from(place, 'utf8')
        : Buffer.from(place.buffer, place.byteOffset, place.length)
    const found = new Set<string>()
    let [first, second] = [0, 0]
    for (let end = 0; end < hay.length; end++) {
      second = ((second << 8) | hay[end]!) & (HALF - 1)
      if (end < HALF_BYTES) continue
      first = ((first << 8) | hay[end - HALF_BYTES]!) & (HALF - 1)
      if (end < START_BYTES - 1 || this.#slots[slotOf(first, second)] === 0) continue
      const at = end + 1 - START_BYTES
      for (const { needle, name } of this.#needles.get(first * HALF + second) ?? []) {
        if (hay.compare(needle, 0, needle.length, at, Math.min(at + needle.length, hay.length)) === 0)
          found.add(name)
      }
    }
    return [...found].sort()
  }

  /** @throws RangeError for one that is shorter than a beginning */
  #add(name: string, needle: Buffer): void {
    const [first, second] = [needle.readUIntBE(0, HALF_BYTES), needle.readUIntBE(HALF_BYTES, HALF_BYTES)]
    this.#slots[slotOf(first, second)] = 1
    const start = first * HALF + second
    this.#needles.set(start, [...(this.#needles.get(start) ?? []), { needle, name }])
  }
}

function slotOf(first: number, second: number): number {
  return (Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)) >>> (32 - SLOT_BITS)
}

function piecesOf(bytes: Uint8Array): readonly Uint8Array[] {
  if (bytes.length <= 2 * PIECE_BYTES) return [bytes]
  return [1, 3].map((quarter) => {
    const start = Math.floor((bytes.length * quarter) / 4 - PIECE_BYTES / 2)
    return bytes.subarray(start, start + PIECE_BYTES)
  })
}

/** Raw, hex, base64 of either alphabet wherever the bytes begin in it, and lists of numbers. */
function formsOf(bytes: Uint8Array): readonly Buffer[] {
  const raw = Buffer.from(bytes)
  const hex = raw.toString('hex')
  const pairs = hex.match(/../g) ?? []
  const texts = [hex, pairs.join(' '), pairs.join(':'), pairs.map((pair) => `\\x${pair}`).join('')].flatMap(
    (text) => [text, text.toUpperCase()],
  )
  for (const before of [0, 1, 2]) {
    // What stands before or behind in the same base64 text changes the characters at its ends: those are left out.
    const whole = raw.subarray((3 - before) % 3)
    const base64 = whole.subarray(0, whole.length - (whole.length % 3)).toString('base64')
    texts.push(base64, base64.replaceAll('+', '-').replaceAll('/', '_'))
  }
  const numbers = [...raw]
  texts.push(
    numbers.join(','),
    numbers.join(', '),
    numbers.map((byte, index) => `"${index}":${byte}`).join(','),
  )
  return [raw, ...texts.flatMap(asText)]
}

/** As Node and as Chromium write texts to files. */
function asText(text: string): readonly Buffer[] {
  return [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')]
}
