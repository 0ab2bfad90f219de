/**
 * One connection as somebody sees it who holds every key: what its messages are closed with, what each has brought, and what
 * the next is opened with (protocol.md sections 3 to 5).
 */
import type { ECDH } from 'node:crypto'
import { MEMBERS, readMembers, SUITE_BYTES, type Step, type Suite, type Values } from './members'
import {
  agree,
  base64,
  bytesOf,
  desOpen,
  gcmOpen,
  hkdf,
  join,
  oaepOpen,
  sha256,
  text,
  type Bytes,
} from './primitives'
import type { Papers } from './papers'

/** An RSA key pair, both halves as the PEM texts of section 2. */
export interface Pair {
  readonly publicPem: string
  readonly privatePem: string
}

/** What all connections of one lab have in common. */
export interface World {
  readonly suite: Suite
  readonly idCa: string
  readonly idS: string
  readonly idC: string
  readonly authority: Pair
  readonly kBoot: Bytes
  /** Seconds. */
  readonly maxAge: number
  readonly lifetime: number
  readonly idleLimit: number
  readonly enforceAddress: boolean
  readonly papers: Papers
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  /** Nonces of the requests that the authority has accepted, in base64, with their timestamps. */
  readonly seen: Map<string, number>
}

/** Keys and values of one connection, as far as its messages have brought them. */
export interface Known {
  readonly kTmp1?: Bytes
  /** Of the request of step 1. */
  readonly nonceS?: Bytes
  readonly idS?: string
  readonly requestedKey?: string
  readonly idC?: string
  readonly shareC?: Bytes
  readonly pkS?: string
  readonly z?: Bytes
  readonly kHs?: Bytes
  readonly kTmp2?: Bytes
  readonly k6?: Bytes
  readonly kSess?: Bytes
  readonly lifetime?: number
  /** `ts6`. */
  readonly startedAt?: number
  readonly th7?: Bytes
  readonly kC2s?: Bytes
  readonly kS2c?: Bytes
}

/** A body that could be opened: its JSON texts, and what stands beside them. */
export interface Opened {
  readonly parts: readonly Bytes[]
  readonly share?: Bytes
  readonly sequence?: bigint
}

export const HEADER_BYTES = 8
const SHARE_BYTES = 65
const NONCE_BYTES = 12

export class Line {
  known: Known = {}
  /** `hash(n)` of section 4. */
  hash: Bytes = sha256(text('HL/1'))
  /** Undefined until the first frame has fixed it. */
  suite: Suite | undefined
  /** The next sequence number of requests and answers. */
  readonly next = { 7: 0n, 8: 0n }
  /** Shares whose other half is known here. */
  readonly #shares = new Map<string, ECDH>()
  /** The last one. */
  request: string | undefined
  /** Frames of this connection, both ways, by step. */
  readonly frames = new Map<Step, Bytes>()

  /** `client`: the client's end of the connection, as both ends see it. */
  constructor(
    readonly world: World,
    readonly client: { readonly address: string; readonly port: number } = { address: '', port: 0 },
  ) {}

  /** Whether a receiver takes the suite from whoever speaks first: a server without `cert_s` has none to show in `classic`. */
  offers(step: Step, suite: Suite): boolean {
    return step === 1 || suite === 'modern' || this.world.suite === 'classic'
  }

  own(share: ECDH): Bytes {
    const bytes = bytesOf(share.getPublicKey())
    this.#shares.set(base64(bytes), share)
    return bytes
  }

  owns(share: Bytes): boolean {
    return this.#shares.has(base64(share))
  }

  /** `Z` of two shares, when the other half of one is known; undefined when it isn't, or one is no point. */
  agreed(share: Bytes, peer: Bytes): Bytes | undefined {
    const [own, other] = this.#shares.has(base64(share)) ? [share, peer] : [peer, share]
    const half = this.#shares.get(base64(own))
    return half && agree(half, other)
  }

  /** Opens the body of a frame whose header was found good, as its receiver has to (sections 3 and 4). */
  open(step: Step, suite: Suite, frame: Bytes): Opened | undefined {
    const body = frame.slice(HEADER_BYTES)
    return suite === 'classic' ? this.#openClassic(step, body) : this.#openModern(step, body, frame)
  }

  #openClassic(step: Step, body: Bytes): Opened | undefined {
    const { authority, kBoot, papers } = this.world
    const { kTmp1, kTmp2, kSess, pkS } = this.known
    if (step === 1) return one(oaepOpen(authority.privatePem, 'sha1', body))
    if (step === 5) {
      const secret = pkS === undefined ? undefined : papers.secretOf(pkS)
      return secret === undefined ? undefined : one(oaepOpen(secret, 'sha1', body))
    }
    const key = { 2: kTmp1, 3: kBoot, 4: kBoot, 6: kTmp2, 7: kSess, 8: kSess }[step]
    return key && one(desOpen(key, body))
  }

  #openModern(step: Step, body: Bytes, frame: Bytes): Opened | undefined {
    const { authority, papers } = this.world
    const known = this.known
    const header = frame.slice(0, HEADER_BYTES)
    const unseal = (key: Bytes | undefined, sealed: Bytes): Bytes | undefined =>
      key && gcmOpen(key, sealed.slice(0, NONCE_BYTES), join(this.hash, header), sealed.slice(NONCE_BYTES))
    switch (step) {
      case 1: {
        const end = 2 + (body[0] ?? 0) * 256 + (body[1] ?? 0)
        const first = oaepOpen(authority.privatePem, 'sha256', body.slice(2, end))
        const object = first && readObject(first)
        if (!first || !object) return undefined
        const kTmp1 = readMembers([{ k_tmp1: MEMBERS.modern[1][0]!['k_tmp1']! }], [object])?.['k_tmp1'] as
          Bytes | undefined
        // Nothing opens the second without the key in the first, which is malformed then (record 0019).
        if (!kTmp1) return { parts: [first] }
        const second = unseal(kTmp1, body.slice(end))
        return second && { parts: [first, second] }
      }
      case 2:
        return one(unseal(known.kTmp1, body))
      case 3:
        return one(body)
      case 4: {
        const share = body.slice(0, SHARE_BYTES)
        const z = known.shareC && this.agreed(share, known.shareC)
        const plaintext = z && unseal(handshakeKey(z, this.hash), body.slice(SHARE_BYTES))
        return plaintext && { parts: [plaintext], share }
      }
      case 5: {
        const secret = known.pkS === undefined ? undefined : papers.secretOf(known.pkS)
        const wrapped = unseal(known.kHs, body)
        return wrapped && secret !== undefined ? one(oaepOpen(secret, 'sha256', wrapped)) : undefined
      }
      case 6:
        return one(unseal(this.k6(), body))
      default: {
        const key = step === 7 ? known.kC2s : known.kS2c
        const number = body.slice(0, 8)
        if (!key || !known.th7 || number.length < 8) return undefined
        const nonce = join(new Uint8Array(4), number)
        const plaintext = gcmOpen(key, nonce, join(known.th7, header), body.slice(8))
        return plaintext && { parts: [plaintext], sequence: Buffer.from(number).readBigUInt64BE() }
      }
    }
  }

  /** `K_6`, for the step's place in the transcript. */
  k6(): Bytes | undefined {
    const { kTmp2, z } = this.known
    return kTmp2 && z && hkdf(join(kTmp2, z), this.hash, 'HL/1 temporary')
  }

  /** Goes on after a message that was accepted, whoever has sent it. `values`: its members. */
  learn(step: Step, suite: Suite, frame: Bytes, values: Values, opened: Opened): void {
    const { papers } = this.world
    this.suite = suite
    this.frames.set(step, frame)
    const before = this.hash
    if (step <= 6) this.hash = sha256(before, frame)
    const add = (more: Known): void => void (this.known = { ...this.known, ...more })
    const { k_tmp1: kTmp1, id_s: idS, nonce_s: nonceS, id_c: idC, k_tmp2: kTmp2, k_sess: kSess } = values
    switch (step) {
      case 1: {
        const request = suite === 'modern' ? papers.request(values.csr_s) : undefined
        return add({ kTmp1, idS, ...(request ? { nonceS, requestedKey: request.spki } : {}) })
      }
      case 2:
        return
      case 3:
        return add(suite === 'modern' ? { shareC: values.share_c } : { idC })
      case 4: {
        const pkS = papers.certificate(values.x509_s)?.spki
        add(pkS === undefined ? {} : { pkS })
        const { shareC } = this.known
        const z = opened.share && shareC && this.agreed(opened.share, shareC)
        return z ? add({ z, kHs: handshakeKey(z, before) }) : undefined
      }
      case 5:
        return add({ kTmp2, idC })
      case 6: {
        add({ kSess, lifetime: values.lifetime_sess, startedAt: values.ts6!, th7: this.hash })
        const { z } = this.known
        if (!z) return
        const [input, th7] = [join(kSess, z), this.hash]
        const [kC2s, kS2c] = [
          hkdf(input, th7, 'HL/1 client to server'),
          hkdf(input, th7, 'HL/1 server to client'),
        ]
        return add({ kC2s, kS2c })
      }
      case 7:
        this.request = values.req
        return void this.next[step]++
      case 8:
        this.next[step]++
    }
  }
}

/** `K_hs` from `Z` and `th` of step 4. */
export const handshakeKey = (z: Bytes, th: Bytes): Bytes => hkdf(z, th, 'HL/1 handshake')

export function header(type: number, suite: Suite, bodyLength: number): Bytes {
  const bytes = Buffer.alloc(HEADER_BYTES)
  bytes.writeUInt32BE(bodyLength + 4)
  bytes.set([1, type, SUITE_BYTES[suite], 0], 4)
  return bytesOf(bytes)
}

const one = (part: Bytes | undefined): Opened | undefined => part && { parts: [part] }

/** The JSON object in a plaintext (section 2); undefined when it is anything else. */
export function readObject(plaintext: Uint8Array): object | undefined {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    const value: unknown = JSON.parse(decoder.decode(plaintext))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
