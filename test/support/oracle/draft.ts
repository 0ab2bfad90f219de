/**
 * A message before it is closed, as something that can be changed at any place: its members, its texts, the layers around them,
 * the frame. Whoever closes it has the true keys.
 */
import type { ECDH } from 'node:crypto'
import { handshakeKey, header, type Line } from './line'
import { MEMBERS, type Step, type Suite } from './members'
import {
  base64,
  desSeal,
  gcmSeal,
  join,
  makeShare,
  oaepSeal,
  oldRsaSeal,
  pkcs1Sign,
  pkcs7,
  pssSign,
  text,
  type Bytes,
  type OaepHash,
} from './primitives'
import { proofText } from './judge'
import type { Wire } from './judge'

/** A member as it is written: name and value in JSON, the value made when the rest is known. */
export interface Entry {
  name: string
  json: string | (() => string)
}

type Change = (bytes: Bytes) => Bytes

/** How the RSA layer is made, where not as it should be. */
export interface RsaLayer {
  publicPem: string
  hash: OaepHash
  label?: Bytes
  isOld?: boolean
  isShort?: boolean
  readonly after: Change[]
}

/** How the symmetric layer is made. `plain`: the plaintext, with DES before its padding. */
export interface SymmetricLayer {
  key?: Bytes
  /** IV or nonce. */
  nonce?: Bytes
  readonly additional: Change[]
  pad: Change
  readonly after: Change[]
}

export interface Draft {
  readonly step: Step
  readonly suite: Suite
  readonly objects: Entry[][]
  /** Between the tokens of the JSON. */
  space: () => string
  /** Done to each text, by object. */
  readonly texts: Change[][]
  readonly rsa: RsaLayer
  readonly symmetric: SymmetricLayer
  /** The u16 of step 1 of `modern`. */
  lengthOfRsa: (length: number) => number
  /** Step 4 of `modern`: the share as it is sent, and the one that is meant. */
  share?: ECDH
  sentShare?: Bytes
  proof: {
    privatePem: string
    saltLength: number
    isOld?: boolean
    isShort?: boolean
    readonly signed: Change[]
  }
  /** Steps 7 and 8 of `modern`. `sentSequence`: what stands in the body, where that is another one. */
  sequence: bigint
  sentSequence?: bigint
  readonly body: Change[]
  /** Done to the whole frame, and what is sent instead of it. */
  readonly frame: Change[]
  then: Wire['then']
  /** Milliseconds that go by before it is closed and sent. */
  delay: number
}

/** The honest message of a step, by whoever is to send it on this line. */
export function draftOf(line: Line, step: Step, suite: Suite): Draft {
  const { world, known } = line
  const { papers } = world
  const serverPem = known.pkS ?? papers.pairs.server.publicPem
  const draft: Draft = {
    step,
    suite,
    objects: [],
    space: () => '',
    texts: MEMBERS[suite][step].map(() => []),
    rsa: {
      publicPem: step === 1 ? world.authority.publicPem : serverPem,
      hash: suite === 'classic' ? 'sha1' : 'sha256',
      after: [],
    },
    symmetric: { additional: [], pad: pkcs7, after: [] },
    lengthOfRsa: (length) => length,
    proof: { privatePem: papers.pairs.server.privatePem, saltLength: 32, signed: [] },
    sequence: step >= 7 ? line.next[step as 7 | 8] : 0n,
    body: [],
    frame: [],
    then: 'waits',
    delay: 0,
  }
  if (suite === 'modern' && step === 4) draft.share = makeShare()
  const values = valuesOf(line, draft)
  for (const members of MEMBERS[suite][step])
    draft.objects.push(
      Object.keys(members).map((name) => {
        const value = values[name]!
        return {
          name: JSON.stringify(name),
          json: typeof value === 'function' ? value : JSON.stringify(value),
        }
      }),
    )
  return draft
}

/** The honest values of all members. */
function valuesOf(line: Line, draft: Draft): Readonly<Record<string, string | number | (() => string)>> {
  const { world, known, client } = line
  const { papers } = world
  const { server } = papers.pairs
  const random = (length: number): string => base64(crypto.getRandomValues(new Uint8Array(length)))
  const keyLength = draft.suite === 'classic' ? 8 : 32
  const member = (name: string): string => memberOf(draft, name)
  const certS = (): string => {
    const signed = text(`${world.idS}\n${world.idCa}\n${JSON.parse(member('pk_s')) as string}`)
    return JSON.stringify(base64(pkcs1Sign(world.authority.privatePem, signed)))
  }
  const nonceS = draft.step === 2 ? base64(known.nonceS ?? new Uint8Array(32)) : random(32)
  const share = draft.step === 3 && draft.suite === 'modern' ? base64(line.own(makeShare())) : ''
  const strongKey = keyLength === 8 ? base64(strongDesKey()) : random(keyLength)
  return {
    id_s: draft.step === 2 ? (known.idS ?? world.idS) : world.idS,
    id_c: draft.step === 5 || draft.step === 6 ? (known.idC ?? world.idC) : world.idC,
    k_tmp1: strongKey,
    k_tmp2: strongKey,
    k_sess: strongKey,
    csr_s: papers.requests[0]!.pem,
    nonce_s: nonceS,
    nonce_c: random(32),
    share_c: share,
    pk_s: server.publicPem,
    sk_s: server.privatePem,
    x509_s: papers.certificates[0]!.pem,
    cert_s: certS,
    proof: () => proofOf(line, draft),
    ip_c: client.address,
    port_c: client.port,
    lifetime_sess: world.lifetime,
    req: 'echo it is I',
    data: 'an answer',
    [`ts${draft.step}`]: () => String(world.now()),
  }
}

/** The last value that a draft has for a name, as JSON. */
export function memberOf(draft: Draft, name: string): string {
  const entry = draft.objects.flat().findLast((each) => each.name === JSON.stringify(name))
  if (!entry) return 'null'
  return typeof entry.json === 'string' ? entry.json : entry.json()
}

function proofOf(line: Line, draft: Draft): string {
  const { privatePem, saltLength, isOld, isShort, signed } = draft.proof
  const written = orUndefined(() => JSON.parse(memberOf(draft, 'nonce_s')) as unknown)
  const nonce = new Uint8Array(Buffer.from(typeof written === 'string' ? written : '', 'base64'))
  const share = draft.sentShare ?? line.own(draft.share!)
  const content = applied(proofText(line.hash, share, nonce), signed)
  const make = (): Bytes =>
    isOld ? pkcs1Sign(privatePem, content) : pssSign(privatePem, content, saltLength)
  return JSON.stringify(base64(isShort ? withoutZero(make) : make()))
}

/** Makes it until it begins with a zero, and leaves that out. */
function withoutZero(make: () => Bytes): Bytes {
  let made = make()
  for (let tries = 0; made[0] !== 0 && tries < 4_000; tries++) made = make()
  return made[0] === 0 ? made.slice(1) : made
}

function strongDesKey(): Bytes {
  const key = crypto.getRandomValues(new Uint8Array(8))
  // A byte that no weak key begins with.
  key[0] = 0x40 | (key[0]! & 0x0f)
  return key
}

const applied = (bytes: Bytes, changes: readonly Change[]): Bytes =>
  changes.reduce((changed, change) => change(changed), bytes)

/** Closes a draft: the whole frame. Throws where a plaintext is too long for the RSA block around it. */
export function close(line: Line, draft: Draft): Bytes {
  const texts = draft.objects.map((entries, index) => applied(textOf(draft, entries), draft.texts[index]!))
  const body = applied(bodyOf(line, draft, texts), draft.body)
  return applied(join(header(draft.step, draft.suite, body.length), body), draft.frame)
}

function textOf({ space }: Draft, entries: readonly Entry[]): Bytes {
  const members = entries.map(({ name, json }) => {
    const value = typeof json === 'string' ? json : json()
    return `${space()}${name}${space()}:${space()}${value}${space()}`
  })
  return text(`${space()}{${members.join(',')}}${space()}`)
}

function bodyOf(line: Line, draft: Draft, [first, second]: readonly Bytes[]): Bytes {
  const { step, suite, rsa, symmetric } = draft
  const { kTmp1, kTmp2, kSess, kHs, kC2s, kS2c, th7 } = line.known
  const plaintext = first!
  const isRsa = step === 1 || step === 5
  if (suite === 'classic') {
    if (isRsa) return sealRsa(rsa, plaintext)
    const { kBoot } = line.world
    const key = symmetric.key ?? { 2: kTmp1, 3: kBoot, 4: kBoot, 6: kTmp2, 7: kSess, 8: kSess }[step]!
    const iv = symmetric.nonce ?? crypto.getRandomValues(new Uint8Array(8))
    return applied(join(iv, desSeal(key, iv, symmetric.pad(plaintext))), symmetric.after)
  }
  const seal = (key: Bytes, content: Bytes, before: number): Bytes => {
    const nonce = symmetric.nonce ?? crypto.getRandomValues(new Uint8Array(12))
    const length = before + 12 + content.length + 16
    const additional = applied(join(line.hash, header(step, suite, length)), symmetric.additional)
    const sealed = gcmSeal(symmetric.key ?? key, nonce, additional, content)
    return applied(join(nonce, sealed), symmetric.after)
  }
  switch (step) {
    case 1: {
      const wrapped = sealRsa(rsa, plaintext)
      const length = draft.lengthOfRsa(wrapped.length) & 0xffff
      const named = Uint8Array.of(length >> 8, length & 0xff)
      return join(named, wrapped, seal(keyIn(draft), second!, 2 + wrapped.length))
    }
    case 2:
      return seal(kTmp1!, plaintext, 0)
    case 3:
      return plaintext
    case 4: {
      const share = draft.sentShare ?? line.own(draft.share!)
      const z = line.agreed(line.own(draft.share!), line.known.shareC!)!
      return join(share, seal(handshakeKey(z, line.hash), plaintext, share.length))
    }
    case 5:
      return seal(kHs!, sealRsa(rsa, plaintext), 0)
    case 6:
      return seal(line.k6()!, plaintext, 0)
    default: {
      const [number, sent] = [draft.sequence, draft.sentSequence ?? draft.sequence].map(u64)
      const nonce = symmetric.nonce ?? join(new Uint8Array(4), number!)
      const additional = join(th7!, header(step, suite, 8 + plaintext.length + 16))
      const key = symmetric.key ?? (step === 7 ? kC2s : kS2c)!
      const sealed = gcmSeal(key, nonce, applied(additional, symmetric.additional), plaintext)
      return applied(join(sent!, sealed), symmetric.after)
    }
  }
}

function sealRsa({ publicPem, hash, label, isOld, isShort, after }: RsaLayer, plaintext: Bytes): Bytes {
  const make = (): Bytes =>
    isOld ? oldRsaSeal(publicPem, plaintext) : oaepSeal(publicPem, hash, plaintext, label)
  return applied(isShort ? withoutZero(make) : make(), after)
}

/** The key in the first object of step 1, which closes the second; any one where it is none. */
function keyIn(draft: Draft): Bytes {
  const written = orUndefined(() => JSON.parse(memberOf(draft, 'k_tmp1')) as unknown)
  const key = new Uint8Array(Buffer.from(typeof written === 'string' ? written : '', 'base64'))
  return key.length === 32 ? key : new Uint8Array(32)
}

function u64(value: bigint): Bytes {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value)
  return bytes
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
