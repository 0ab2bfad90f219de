/**
 * A reader of a recorded run who has keys without names, and tries each at every lock, with every label that there is.
 * It knows docs/protocol.md sections 1 to 4 and Node's cryptography, and nothing of the program.
 */
import { createPublicKey, diffieHellman, KeyObject } from 'node:crypto'
import {
  bytesOf,
  desOpen,
  gcmOpen,
  hkdf,
  join,
  oaepOpen,
  sha256,
  text,
  type Bytes,
} from './oracle/primitives'

/** Keys as a run has them: bytes, a private key as PKCS#8, the secret half of a share. */
export type AnyKey = Uint8Array | { readonly pem: string } | CryptoKey

const HEADER = 8
/** Each label with the step before whose frame its transcript ends. */
const LABELS = [
  ['HL/1 handshake', 4],
  ['HL/1 temporary', 6],
  ['HL/1 client to server', 7],
  ['HL/1 server to client', 7],
] as const
const SHARE = 65
const NO_BYTES = new Uint8Array()
const START = sha256(text('HL/1'))

/** What somebody has, each once. */
interface Pool {
  readonly symmetric: Map<string, Bytes>
  readonly pems: Set<string>
  readonly halves: readonly CryptoKey[]
  /** Points that have passed. */
  readonly points: Map<string, Bytes>
}

export class TryAll {
  /** What each label makes of each input does not change from one reading to the next. */
  readonly #derived = new Map<string, Bytes>()
  readonly #transcripts: readonly Bytes[]

  /** @param frames of steps 1 to 8, each once and in their order */
  constructor(
    private readonly suite: 'classic' | 'modern',
    private readonly frames: readonly Uint8Array[],
  ) {
    let transcript = START
    const transcripts: Bytes[] = []
    for (const [index, frame] of frames.entries()) {
      if (index === 2) transcript = START
      transcripts.push(transcript)
      if (index < 6) transcript = sha256(transcript, frame)
    }
    this.#transcripts = transcripts
  }

  /** The steps whose frames these keys open altogether, and the keys that are found in them. */
  open(keys: readonly AnyKey[]): readonly number[] {
    const pool: Pool = {
      symmetric: new Map(),
      pems: new Set(),
      halves: keys.filter((key) => key instanceof CryptoKey),
      points: new Map(),
    }
    for (const key of keys)
      if (key instanceof Uint8Array) add(pool.symmetric, key)
      else if (!(key instanceof CryptoKey)) pool.pems.add(key.pem)
    for (let before = -1; before < sizeOf(pool);) {
      before = sizeOf(pool)
      this.frames.forEach((_, index) => this.#openFrame(index, pool))
      for (const half of pool.halves)
        for (const point of pool.points.values()) add(pool.symmetric, agree(half, point))
    }
    return this.frames.flatMap((_, index) => (this.#openFrame(index, pool) ? [index + 1] : []))
  }

  /** True where nothing of it stays shut. */
  #openFrame(index: number, pool: Pool): boolean {
    const frame = bytesOf(this.frames[index] ?? NO_BYTES)
    const body = frame.subarray(HEADER)
    if (this.suite === 'classic') {
      const isRsa = index === 0 || index === 4
      return isRsa ? this.#openRsa(body, 'sha1', pool) : this.#openDes(body, pool)
    }
    switch (index + 1) {
      case 1: {
        const length = Buffer.from(body).readUInt16BE(0)
        const isFirstOpen = this.#openRsa(body.subarray(2, 2 + length), 'sha256', pool)
        return this.#unseal(body.subarray(2 + length), index, pool, take) && isFirstOpen
      }
      case 3:
        return take(body, pool)
      case 4:
        add(pool.points, body.subarray(0, SHARE))
        return this.#unseal(body.subarray(SHARE), index, pool, take)
      case 5:
        return this.#unseal(body, index, pool, (inner) => this.#openRsa(inner, 'sha256', pool))
      case 7:
      case 8:
        return this.#unseal(join(new Uint8Array(4), body), index, pool, take)
      default:
        return this.#unseal(body, index, pool, take)
    }
  }

  #openRsa(block: Uint8Array, hash: 'sha1' | 'sha256', pool: Pool): boolean {
    return [...pool.pems].some((pem) => {
      const opened = oaepOpen(pem, hash, block)
      return opened !== undefined && take(opened, pool)
    })
  }

  #openDes(body: Uint8Array, pool: Pool): boolean {
    return [...pool.symmetric.values()].some((key) => {
      const opened = key.length === 8 ? desOpen(key, body) : undefined
      return opened !== undefined && take(opened, pool)
    })
  }

  #unseal(
    sealed: Uint8Array,
    index: number,
    pool: Pool,
    then: (opened: Uint8Array, pool: Pool) => boolean,
  ): boolean {
    // Messages of the session are bound to the transcript before step 7.
    const transcript = this.#transcripts[Math.min(index, 6)] ?? NO_BYTES
    const additional = join(transcript, (this.frames[index] ?? NO_BYTES).subarray(0, HEADER))
    for (const key of this.#keysOf(pool)) {
      const opened = gcmOpen(key, sealed.subarray(0, 12), additional, sealed.subarray(12))
      if (opened) return then(opened, pool)
    }
    return false
  }

  /** Every key, and whatever each label makes of each, and of each two behind one another. */
  *#keysOf({ symmetric }: Pool): Generator<Bytes> {
    const keys = [...symmetric].filter(([, key]) => key.length === 32)
    for (const [, key] of keys) yield key
    for (const [one, first] of keys) {
      for (const [other, second] of [['', NO_BYTES], ...keys] as const) {
        for (const [label, step] of LABELS) {
          const name = `${one} ${other} ${label}`
          const known = this.#derived.get(name)
          const key = known ?? hkdf(join(first, second), this.#transcripts[step - 1] ?? NO_BYTES, label)
          if (!known) this.#derived.set(name, key)
          yield key
        }
      }
    }
  }
}

function agree(half: CryptoKey, point: Uint8Array): Uint8Array {
  const x = Buffer.from(point.subarray(1, 33)).toString('base64url')
  const y = Buffer.from(point.subarray(33)).toString('base64url')
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
  return diffieHellman({ privateKey: KeyObject.from(half), publicKey })
}

/** Keeps whatever in a JSON object may be a key, whatever it is called; false where it is no object. */
function take(plaintext: Uint8Array, pool: Pool): boolean {
  let found: unknown
  try {
    found = JSON.parse(Buffer.from(plaintext).toString('utf8'))
  } catch {
    return false
  }
  if (typeof found !== 'object' || found === null) return false
  for (const value of Object.values(found)) {
    if (typeof value !== 'string') continue
    if (value.includes('PRIVATE KEY')) pool.pems.add(value)
    const bytes = Buffer.from(value, 'base64')
    if (bytes.length === SHARE) add(pool.points, bytes)
    if ([8, 32].includes(bytes.length) && bytes.toString('base64') === value) add(pool.symmetric, bytes)
  }
  return true
}

function add(to: Map<string, Bytes>, bytes: Uint8Array): void {
  to.set(Buffer.from(bytes).toString('hex'), bytesOf(bytes))
}

function sizeOf({ symmetric, pems, points }: Pool): number {
  return symmetric.size + pems.size + points.size
}
