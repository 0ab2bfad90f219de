/** Everything that the fuzz does to a message: to its members, texts and layers, to its frame, and in its place. */
import { damage, type Dice } from '../frame-damage'
import { close, draftOf, memberOf, type Draft } from './draft'
import { header, HEADER_BYTES, type Line } from './line'
import { PLACES, variantsOf } from './member-mutations'
import { MEMBERS, STEPS, SUITE_BYTES, SUITES, type Step, type Suite } from './members'
import { bytesOf, join, makeShare, pkcs7, shareOf, text, type Bytes } from './primitives'

/** What a mutation can draw on besides the draft. */
export interface Surroundings {
  readonly line: Line
  readonly dice: Dice
  /** Frames of an earlier conversation with the same roles. */
  readonly archive: ReadonlyMap<Step, Bytes>
}

export interface Mutation {
  /** Without `#` and ` + `, which stand between mutations and their seeds. */
  readonly name: string
  readonly fits: (suite: Suite, step: Step) => boolean
  readonly apply: (draft: Draft, surroundings: Surroundings) => void
}

type Fits = Mutation['fits']
type Apply = Mutation['apply']

const isRsa: Fits = (_suite, step) => step === 1 || step === 5
const isDes: Fits = (suite, step) => suite === 'classic' && !isRsa(suite, step)
const isGcm: Fits = (suite, step) => suite === 'modern' && step !== 3
const isSealed: Fits = (suite, step) => isGcm(suite, step) && step < 7
const isCounted: Fits = (suite, step) => suite === 'modern' && step >= 7
const every: Fits = () => true
const step4: Fits = (suite, step) => suite === 'modern' && step === 4

const group = (prefix: string, fits: Fits, list: Readonly<Record<string, Apply>>): readonly Mutation[] =>
  Object.entries(list).map(([name, apply]) => ({ name: `${prefix}: ${name}`, fits, apply }))

/** Names of members, each with the messages that it is in. */
function memberMutations(): readonly Mutation[] {
  const seen = new Map<string, Mutation>()
  for (const suite of SUITES) {
    for (const step of STEPS) {
      for (const [name, type] of MEMBERS[suite][step].flatMap((members) => Object.entries(members))) {
        const fits: Fits = (of, at) => MEMBERS[of][at].some((members) => name in members)
        const object = (draft: Draft) =>
          draft.objects.find((entries) => entries.some((entry) => entry.name === JSON.stringify(name)))
        const at = (draft: Draft) =>
          object(draft)?.findIndex((entry) => entry.name === JSON.stringify(name)) ?? -1
        for (const [what, change] of Object.entries(PLACES)) {
          const apply: Apply = (draft, { dice }) => {
            const entries = object(draft)
            if (entries) change(entries, at(draft), dice)
          }
          seen.set(`${name}: ${what}`, { name: `${name}: ${what}`, fits, apply })
        }
        for (const [what, variant] of Object.entries(variantsOf(name, type))) {
          const key = `${name}: is ${what}`
          const typed: Fits = (of, on) =>
            MEMBERS[of][on].some((members) => name in members && what in variantsOf(name, members[name]!))
          const apply: Apply = (draft, { dice, line }) => {
            const entry = object(draft)?.[at(draft)]
            if (!entry) return
            const json = memberOf(draft, name)
            entry.json = variant(valueIn(json) as never, dice, line)
          }
          seen.set(key, { name: key, fits: typed, apply })
        }
      }
    }
  }
  return [...seen.values()]
}

function valueIn(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}

/** Which object of the message: step 1 of `modern` has two. */
const anyObject = ({ objects }: Draft, dice: Dice): number => dice.below(objects.length)

const more =
  (name: string, json: string | ((dice: Dice) => string)): Apply =>
  (draft, { dice }) => {
    const entries = draft.objects[anyObject(draft, dice)]!
    const written = typeof json === 'string' ? json : json(dice)
    entries.splice(dice.below(entries.length + 1), 0, { name: JSON.stringify(name), json: written })
  }

const OBJECTS = group('object', every, {
  'members backwards': (draft) => draft.objects.forEach((entries) => entries.reverse()),
  'an unknown member': more('more', '"of it"'),
  'an unknown member of any type': more('more', (dice) =>
    dice.pick(['null', '[]', '{"a":[1,2]}', '-1.5e-7', '""']),
  ),
  'a member with an empty name': more('', '1'),
  'a member __proto__': more('__proto__', '{"id_s":"ID-Other","ts1":0}'),
  'a member of another step': more('k_sess_', '"AAAA"'),
  'an unknown member nested deep': more('more', (dice) => nested(100 + dice.below(200))),
  'spaces between tokens': (draft, { dice }) =>
    void (draft.space = () => dice.pick(['', ' ', '\n', '\t', '\r\n  '])),
  'no member': (draft, { dice }) => void (draft.objects[anyObject(draft, dice)] = []),
  'members in the other object': (draft) => {
    const [first, second] = draft.objects
    if (first && second) draft.objects.splice(0, 2, second, first)
  },
})

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

const onText =
  (change: (bytes: Bytes, dice: Dice) => Uint8Array): Apply =>
  (draft, { dice }) =>
    void draft.texts[anyObject(draft, dice)]!.push((bytes) => bytesOf(change(bytes, dice)))
const onWords = (change: (words: string) => string): Apply =>
  onText((bytes) => text(change(Buffer.from(bytes).toString('utf8'))))
/** Puts bytes behind the first quotation mark: inside a name. */
const inside = (...bytes: readonly number[]): Apply =>
  onText((plaintext) => {
    const at = plaintext.indexOf(0x22) + 1
    return join(plaintext.slice(0, at), Uint8Array.from(bytes), plaintext.slice(at))
  })

const TEXTS = group('text', every, {
  'a byte order mark before it': onText((bytes) => join(Uint8Array.of(0xef, 0xbb, 0xbf), bytes)),
  'a space behind it': onText((bytes) => join(bytes, Uint8Array.of(0x20))),
  'a NUL behind it': onText((bytes) => join(bytes, new Uint8Array(1))),
  'a NUL before it': onText((bytes) => join(new Uint8Array(1), bytes)),
  'a vertical tab behind it': onText((bytes) => join(bytes, Uint8Array.of(0x0b))),
  'a space that is none of JSON’s behind it': onWords((words) => `${words}\u00a0`),
  'a brace behind it': onWords((words) => `${words}}`),
  'another object behind it': onWords((words) => `${words}{}`),
  'a comment before it': onWords((words) => `/* */${words}`),
  'a comment behind it': onWords((words) => `${words}// x`),
  'a comma too many': onWords((words) => words.replace(/}\s*$/, ',}')),
  'a comma at its start': onWords((words) => words.replace('{', '{,')),
  'no quotation marks around a name': onWords((words) => words.replace(/"(\w+)"/, '$1')),
  'single quotation marks': onWords((words) => words.replaceAll('"', "'")),
  'an equals sign': onWords((words) => words.replace(':', '=')),
  'in an array': onWords((words) => `[${words}]`),
  'in a text': onWords((words) => JSON.stringify(words)),
  'an array of its members': onWords((words) => words.replace('{', '[').replace(/}\s*$/, ']')),
  null: onWords(() => 'null'),
  'a number': onWords(() => '7'),
  'an empty object': onWords(() => '{}'),
  empty: onWords(() => ''),
  'of spaces': onWords(() => '   '),
  'its first half': onText((bytes) => bytes.slice(0, bytes.length / 2)),
  'without its last byte': onText((bytes) => bytes.slice(0, -1)),
  'in UTF-16': onText((bytes) => Buffer.from(Buffer.from(bytes).toString('utf8'), 'utf16le')),
  'random bytes': onText((bytes, dice) => dice.bytes(Math.min(bytes.length, 100))),
  'a byte that UTF-8 has not': inside(0xff),
  'a byte order mark in a name': inside(0xef, 0xbb, 0xbf),
  'a letter in more bytes than it needs': inside(0xc1, 0xa9),
  'half a surrogate pair in UTF-8': inside(0xed, 0xa0, 0x80),
  'a letter beyond Unicode': inside(0xf4, 0x90, 0x80, 0x80),
  'a letter cut off': inside(0xe2, 0x82),
  'nested beyond every stack': onWords(() => nested(4_000)),
  'a bit flipped': onText((bytes, dice) => flipped(bytes, dice)),
})

function flipped(bytes: Bytes, dice: Dice): Bytes {
  const copy = bytes.slice()
  if (copy.length > 0) copy[dice.below(copy.length)]! ^= 1 << dice.below(8)
  return copy
}

const after =
  (change: (bytes: Bytes, dice: Dice) => Uint8Array): Apply =>
  ({ rsa }, { dice }) =>
    void rsa.after.push((bytes) => bytesOf(change(bytes, dice)))

const RSA = group('rsa', isRsa, {
  'under another key': ({ rsa }, { line }) =>
    void (rsa.publicPem = line.world.papers.pairs.stranger.publicPem),
  'with another hash': ({ rsa }) => void (rsa.hash = rsa.hash === 'sha1' ? 'sha256' : 'sha1'),
  'with a label': ({ rsa }) => void (rsa.label = text('HL/1')),
  'padded by PKCS#1 version 1.5': ({ rsa }) => void (rsa.isOld = true),
  'a bit flipped': after((bytes, dice) => flipped(bytes, dice)),
  'a byte short': after((bytes) => bytes.slice(1)),
  'a byte long': after((bytes) => join(bytes, new Uint8Array(1))),
  'a zero before it': after((bytes) => join(new Uint8Array(1), bytes)),
  'the block twice': after((bytes) => join(bytes, bytes)),
  'its leading zero left out': ({ rsa }) => void (rsa.isShort = true),
  'no block': after(() => new Uint8Array()),
  'of zeros': after((bytes) => new Uint8Array(bytes.length)),
  'of ones': after((bytes) => new Uint8Array(bytes.length).fill(0xff)),
  'the number one': after((bytes) => new Uint8Array(bytes.length).fill(1, bytes.length - 1)),
  'random bytes': after((bytes, dice) => dice.bytes(bytes.length)),
})

const sealed =
  (change: (bytes: Bytes, dice: Dice) => Uint8Array): Apply =>
  ({ symmetric }, { dice }) =>
    void symmetric.after.push((bytes) => bytesOf(change(bytes, dice)))
const padded =
  (pad: (plaintext: Bytes, dice: Dice) => Uint8Array): Apply =>
  ({ symmetric }, { dice }) =>
    void (symmetric.pad = (plaintext) => bytesOf(pad(plaintext, dice)))
/** The plaintext with spaces up to a whole block, which JSON doesn't mind. */
const even = (plaintext: Bytes): Bytes =>
  join(plaintext, new Uint8Array((8 - (plaintext.length % 8)) % 8).fill(0x20))
const count = (plaintext: Bytes): number => 8 - (plaintext.length % 8)

const DES = group('des', isDes, {
  'under another key': ({ symmetric }, { dice }) => void (symmetric.key = dice.bytes(8)),
  'an IV of zeros': ({ symmetric }) => void (symmetric.nonce = new Uint8Array(8)),
  'a bit of the IV flipped': sealed((body, dice) => join(flipped(body.slice(0, 8), dice), body.slice(8))),
  'a bit flipped': sealed((body, dice) => join(body.slice(0, 8), flipped(body.slice(8), dice))),
  'a bit of the last block but one flipped': sealed((body, dice) =>
    join(body.slice(0, -16), flipped(body.slice(-16, -8), dice), body.slice(-8)),
  ),
  'without its last block': sealed((body) => body.slice(0, -8)),
  'without its first block': sealed((body) => body.slice(8)),
  'a block twice': sealed((body) => join(body.slice(0, 24), body.slice(16))),
  'two blocks swapped': sealed((body) =>
    join(body.slice(0, 8), body.slice(16, 24), body.slice(8, 16), body.slice(24)),
  ),
  'a block of zeros behind it': sealed((body) => join(body, new Uint8Array(8))),
  'a byte short': sealed((body) => body.slice(0, -1)),
  'a byte long': sealed((body) => join(body, new Uint8Array(1))),
  'the IV alone': sealed((body) => body.slice(0, 8)),
  'less than an IV': sealed((body) => body.slice(0, 7)),
  'no body': sealed(() => new Uint8Array()),
  'a whole block of padding': padded((plaintext) => pkcs7(even(plaintext))),
  'without padding': padded(even),
  'padding of zeros': padded((plaintext) => join(plaintext, new Uint8Array(count(plaintext)))),
  'padding of nine': padded((plaintext) => join(even(plaintext), new Uint8Array(8).fill(9))),
  'padding of 255': padded((plaintext) => join(even(plaintext), new Uint8Array(8).fill(255))),
  'padding of sixteen': padded((plaintext) => join(even(plaintext), new Uint8Array(16).fill(16))),
  'padding as of ISO 10126': padded((plaintext, dice) =>
    join(plaintext, dice.bytes(count(plaintext) - 1), Uint8Array.of(count(plaintext))),
  ),
  'padding as of ISO 7816': padded((plaintext) =>
    join(plaintext, Uint8Array.of(0x80), new Uint8Array(count(plaintext) - 1)),
  ),
  'padding that says one less': padded((plaintext) => {
    const length = count(even(plaintext))
    return join(even(plaintext), new Uint8Array(length).fill(length - 1))
  }),
})

const additional =
  (change: (bytes: Bytes, dice: Dice) => Uint8Array): Apply =>
  ({ symmetric }, { dice }) =>
    void symmetric.additional.push((bytes) => bytesOf(change(bytes, dice)))

const GCM = group('gcm', isGcm, {
  'under another key': ({ symmetric }, { dice }) => void (symmetric.key = dice.bytes(32)),
  'bound to nothing': additional(() => new Uint8Array()),
  'bound to another transcript': additional((bytes, dice) =>
    join(flipped(bytes.slice(0, 32), dice), bytes.slice(32)),
  ),
  'bound to another header': additional((bytes, dice) =>
    join(bytes.slice(0, 32), flipped(bytes.slice(32), dice)),
  ),
  'bound to the transcript alone': additional((bytes) => bytes.slice(0, 32)),
  'bound to the header alone': additional((bytes) => bytes.slice(32)),
  'a bit flipped': sealed((bytes, dice) => flipped(bytes, dice)),
  'a bit of the tag flipped': sealed((bytes, dice) =>
    join(bytes.slice(0, -16), flipped(bytes.slice(-16), dice)),
  ),
  'a tag of 15 bytes': sealed((bytes) => bytes.slice(0, -1)),
  'a tag of 12 bytes': sealed((bytes) => bytes.slice(0, -4)),
  'no tag': sealed((bytes) => bytes.slice(0, -16)),
  'a tag of zeros': sealed((bytes) => join(bytes.slice(0, -16), new Uint8Array(16))),
  'a byte behind it': sealed((bytes) => join(bytes, new Uint8Array(1))),
  'less than a tag': sealed((bytes) => bytes.slice(0, 20)),
  nothing: sealed(() => new Uint8Array()),
  'random bytes': sealed((bytes, dice) => dice.bytes(bytes.length)),
})

const SEAL = group('seal', isSealed, {
  'a nonce of zeros': ({ symmetric }) => void (symmetric.nonce = new Uint8Array(12)),
  'the nonce flipped': sealed((bytes, dice) => join(flipped(bytes.slice(0, 12), dice), bytes.slice(12))),
  'a nonce of 13 bytes': sealed((bytes) => join(new Uint8Array(1), bytes)),
  'a nonce of 11 bytes': sealed((bytes) => bytes.slice(1)),
})

const numbered =
  (number: (next: bigint) => bigint): Apply =>
  (draft) =>
    void (draft.sequence = BigInt.asUintN(64, number(draft.sequence)))

const SEQUENCE = group('sequence', isCounted, {
  'one too many': numbered((next) => next + 1n),
  'one too few': numbered((next) => next - 1n),
  'past 2^32': numbered((next) => next + 2n ** 32n),
  'past 2^53': numbered((next) => next + 2n ** 53n),
  'the last one': numbered(() => 2n ** 64n - 1n),
  'another than it was closed with': (draft, { dice }) =>
    void (draft.sentSequence = BigInt(dice.below(9) + 1)),
  'its first byte flipped': (draft) => void (draft.sentSequence = draft.sequence ^ (1n << 63n)),
  'under the key of the other direction': (draft, { line }) => {
    draft.symmetric.key = (draft.step === 7 ? line.known.kS2c : line.known.kC2s)!
  },
  'under the session key itself': (draft, { line }) => void (draft.symmetric.key = line.known.kSess!),
  'another nonce than its number': (draft, { dice }) => void (draft.symmetric.nonce = dice.bytes(12)),
  'a number of 7 bytes': sealed((bytes) => bytes.slice(1)),
})

const WRAP = group('length of the RSA block', (suite, step) => suite === 'modern' && step === 1, {
  'one more': (draft) => void (draft.lengthOfRsa = (length) => length + 1),
  'one less': (draft) => void (draft.lengthOfRsa = (length) => length - 1),
  zero: (draft) => void (draft.lengthOfRsa = () => 0),
  'the largest': (draft) => void (draft.lengthOfRsa = () => 0xffff),
  backwards: (draft) => void (draft.lengthOfRsa = (length) => ((length & 0xff) << 8) | (length >> 8)),
  'all of the body': (draft) => {
    draft.body.push((body) =>
      join(Uint8Array.of((body.length - 2) >> 8, (body.length - 2) & 0xff), body.slice(2)),
    )
  },
})

const shared =
  (change: (share: Bytes, dice: Dice) => Uint8Array): Apply =>
  (draft, { line, dice }) =>
    void (draft.sentShare = bytesOf(change(line.own(draft.share!), dice)))

const SHARE = group('share', step4, {
  'of another': shared(() => shareOf(makeShare())),
  'of the client': (draft, { line }) => void (draft.sentShare = line.known.shareC!),
  'a bit flipped': shared((share, dice) => flipped(share, dice)),
  compressed: shared((share) => join(Uint8Array.of(2 + (share[64]! & 1)), share.slice(1, 33))),
  hybrid: shared((share) => join(Uint8Array.of(6 + (share[64]! & 1)), share.slice(1))),
  zeros: shared(() => new Uint8Array(65)),
  'a byte short': shared((share) => share.slice(1)),
  'a byte long': shared((share) => join(share, new Uint8Array(1))),
})

const PROOF = group('proof', step4, {
  'by another key': ({ proof }, { line }) =>
    void (proof.privatePem = line.world.papers.pairs.other.privatePem),
  'by the authority': ({ proof }, { line }) => void (proof.privatePem = line.world.authority.privatePem),
  'its leading zero left out': ({ proof }) => void (proof.isShort = true),
  'with a salt of 20 bytes': ({ proof }) => void (proof.saltLength = 20),
  'without a salt': ({ proof }) => void (proof.saltLength = 0),
  'as of PKCS#1 version 1.5': ({ proof }) => void (proof.isOld = true),
  'over another transcript': ({ proof }, { dice }) =>
    void proof.signed.push((bytes) => join(bytes.slice(0, 18), dice.bytes(32), bytes.slice(50))),
  'without its label': ({ proof }) => void proof.signed.push((bytes) => bytes.slice(18)),
  'without its zero byte': ({ proof }) =>
    void proof.signed.push((bytes) => join(bytes.slice(0, 17), bytes.slice(18))),
  'over another share': ({ proof }, { dice }) =>
    void proof.signed.push((bytes) => join(bytes.slice(0, 50), dice.bytes(65), bytes.slice(115))),
  'over another nonce': ({ proof }, { dice }) =>
    void proof.signed.push((bytes) => join(bytes.slice(0, -32), dice.bytes(32))),
})

const setMember = (draft: Draft, name: string, value: string): void => {
  for (const entry of draft.objects.flat())
    if (entry.name === JSON.stringify(name)) entry.json = JSON.stringify(value)
}

const PAPERS = group('papers', (_suite, step) => step === 2 || step === 4, {
  'all of another pair': (draft, { line }) => {
    const { papers } = line.world
    const { other } = papers.pairs
    setMember(draft, 'pk_s', other.publicPem)
    setMember(draft, 'sk_s', other.privatePem)
    setMember(draft, 'x509_s', papers.certificates.find(({ name }) => name === 'of another key')!.pem)
    draft.proof.privatePem = other.privatePem
  },
  'all of a weak key': (draft, { line, dice }) => {
    const { publicPem, privatePem, certificate } = dice.pick(line.world.papers.weak)
    setMember(draft, 'pk_s', publicPem)
    setMember(draft, 'sk_s', privatePem)
    setMember(draft, 'x509_s', certificate)
    draft.proof.privatePem = privatePem
  },
  'valid from now on': (draft, { line }) => void setMember(draft, 'x509_s', valid(line, 0, 60)),
  'valid until now': (draft, { line }) => void setMember(draft, 'x509_s', valid(line, -60, 0)),
  'valid in a second': (draft, { line }) => void setMember(draft, 'x509_s', valid(line, 1, 60)),
  'valid until a second ago': (draft, { line }) => void setMember(draft, 'x509_s', valid(line, -60, -1)),
})

/** A certificate from and to so many seconds from now. */
function valid({ world }: Line, from: number, to: number): string {
  const now = Math.floor(world.now() / 1000) * 1000
  return world.papers.issue({ notBefore: now + from * 1000, notAfter: now + to * 1000 })
}

const requested =
  (name: (id: string) => string): Apply =>
  (draft, { line }) => {
    const asked = valueIn(memberOf(draft, 'id_s'))
    setMember(draft, 'csr_s', line.world.papers.requestFor(name(typeof asked === 'string' ? asked : 'x')))
  }

const REQUEST = group('request', (suite, step) => suite === 'modern' && step === 1, {
  'for another name, which asks': (draft, surroundings) => {
    setMember(
      draft,
      'id_s',
      surroundings.dice.pick(['ID-Other', 'id-server', 'x', surroundings.line.world.idCa]),
    )
    requested((id) => id)(draft, surroundings)
  },
  'with a nonce that was there before': (draft, { line, dice }) => {
    const seen = [...line.world.seen.keys()]
    if (seen.length > 0) setMember(draft, 'nonce_s', dice.pick(seen))
  },
  'for a longer name': requested((id) => `${id}.example`),
  'for a name with a NUL': requested((id) => `${id}\0.example`),
})

const headerByte =
  (at: number, byte: (dice: Dice, was: number) => number): Apply =>
  (draft, { dice }) =>
    void draft.frame.push((frame) => {
      const copy = frame.slice()
      copy[at] = byte(dice, copy[at]!)
      return copy
    })
const length =
  (change: (length: number, dice: Dice) => number): Apply =>
  (draft, { dice }) =>
    void draft.frame.push((frame) => {
      const copy = frame.slice()
      const view = new DataView(copy.buffer)
      // An earlier change may have left less than a length field.
      if (copy.length >= 4) view.setUint32(0, change(view.getUint32(0), dice) >>> 0)
      return copy
    })
const onFrame =
  (change: (frame: Bytes, surroundings: Surroundings) => Uint8Array): Apply =>
  (draft, surroundings) =>
    void draft.frame.push((frame) => bytesOf(change(frame, surroundings)))
const cutAt =
  (position: (frame: Bytes, dice: Dice) => number, then: Draft['then']): Apply =>
  (draft, surroundings) => {
    draft.then = then
    onFrame((frame, { dice }) => frame.slice(0, position(frame, dice)))(draft, surroundings)
  }

const FRAME = group('frame', every, {
  'another version': headerByte(4, (dice, was) => (was + 1 + dice.below(255)) & 0xff),
  'another type': headerByte(5, (dice) => dice.pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x7e, 0x80, 0xff])),
  'another suite': headerByte(6, (dice, was) => dice.pick([0, 3, 255, 3 - was])),
  'the other suite': headerByte(6, (_dice, was) => 3 - was),
  flags: headerByte(7, (dice) => 1 + dice.below(255)),
  'a length of nothing': length((_length, dice) => dice.below(4)),
  'a length of the header alone': length(() => 4),
  'a length beyond the limit': length((_length, dice) =>
    dice.pick([16_385, 1_048_641, 0x7fffffff, 0xffffffff]),
  ),
  'a length of the limit': length((_length, dice) => dice.pick([16_384, 1_048_640])),
  'a length that is one more': length((was) => was + 1),
  'a length that is one less': length((was) => was - 1),
  'a length in the other order': length((was) =>
    Buffer.from([was & 255, (was >> 8) & 255, 0, 0]).readUInt32BE(),
  ),
  'cut off, then the end': cutAt((frame, dice) => dice.below(frame.length), 'ends'),
  'cut off in its header, then the end': cutAt((_frame, dice) => dice.below(HEADER_BYTES), 'ends'),
  'cut off, then silence': cutAt((frame, dice) => 1 + dice.below(frame.length - 1), 'silent'),
  nothing: cutAt(() => 0, 'silent'),
  'the end alone': cutAt(() => 0, 'ends'),
  'the end behind it': (draft) => void (draft.then = 'ends'),
  'blind damage': onFrame((frame, { dice }) => damage(frame, dice)),
  'a body of random bytes': (draft, { dice }) =>
    void draft.body.push(() => dice.bytes(dice.pick([0, 1, 2, 8, 16, 64, 65, 66, 100, 256, 300, 600]))),
})

/** A frame whose length field fits. */
const framed = (type: number, suite: Suite, body: Uint8Array): Bytes =>
  join(header(type, suite, body.length), body)
const ALERT = 0x7f

const alert = (body: (dice: Dice) => string | Uint8Array): Apply =>
  onFrame((frame, { dice }) => {
    const content = body(dice)
    const suite = frame[6] === SUITE_BYTES.classic ? 'classic' : 'modern'
    return framed(ALERT, suite, typeof content === 'string' ? text(content) : content)
  })

const ALERTS = group('alert', every, {
  'as it should be': alert((dice) =>
    JSON.stringify({
      code: dice.pick(['malformed', 'decrypt_failed', 'session_expired', 'busy']),
      step: 3,
      message: 'x',
    }),
  ),
  'of the program’s own fault': alert(() => '{"code":"internal_error","step":1,"message":"x"}'),
  'of an unknown code': alert(() => '{"code":"nonsense","step":1,"message":"x"}'),
  'that is no JSON': alert((dice) => dice.bytes(40)),
  'without a body': alert(() => ''),
  'of a code that objects have': alert(() => '{"code":"constructor","step":1e99}'),
  'that is too long': alert(() => JSON.stringify({ code: 'busy', step: 1, message: 'x'.repeat(17_000) })),
})

/** Another message in its place; where there is none, itself. */
const instead =
  (other: (surroundings: Surroundings, frame: Bytes, draft: Draft) => Bytes | undefined): Apply =>
  (draft, surroundings) =>
    void draft.frame.push((frame) => other(surroundings, frame, draft) ?? frame)
/** The body of a frame in the place of another's, in a header that fits it. */
const inHeaderOf = (frame: Bytes, other: Bytes): Bytes =>
  framed(frame[5]!, frame[6] === SUITE_BYTES.classic ? 'classic' : 'modern', other.slice(HEADER_BYTES))

const INSTEAD = group('instead', every, {
  'an earlier message of the connection': instead(({ line, dice }) => drawn(line.frames, dice)),
  'an earlier body of the connection': instead(({ line, dice }, frame) => {
    const other = drawn(line.frames, dice)
    return other && inHeaderOf(frame, other)
  }),
  'the last message, sent back': instead(({ line }) => [...line.frames.values()].at(-1)),
  'the last body, sent back': instead(({ line }, frame) => {
    const other = [...line.frames.values()].at(-1)
    return other && inHeaderOf(frame, other)
  }),
  'the same message of an earlier connection': instead(({ archive }, _frame, { step }) => archive.get(step)),
  'any message of an earlier connection': instead(({ archive, dice }) => drawn(archive, dice)),
  'a body of an earlier connection': instead(({ archive, dice }, frame) => {
    const other = drawn(archive, dice)
    return other && inHeaderOf(frame, other)
  }),
  'the message of another step': instead(({ line, dice }, _frame, draft) => anotherStep(line, draft, dice)),
  'the body of another step': instead(({ line, dice }, frame, draft) => {
    const other = anotherStep(line, draft, dice)
    return other && inHeaderOf(frame, other)
  }),
  'the message of the other suite': instead(({ line }, _frame, { step, suite }) =>
    step === 1 || step === 3
      ? close(line, draftOf(line, step, suite === 'classic' ? 'modern' : 'classic'))
      : undefined,
  ),
  'the body of the other suite': instead(({ line }, frame, { step, suite }) =>
    step === 1 || step === 3
      ? inHeaderOf(frame, close(line, draftOf(line, step, suite === 'classic' ? 'modern' : 'classic')))
      : undefined,
  ),
})

function drawn(frames: ReadonlyMap<Step, Bytes>, dice: Dice): Bytes | undefined {
  return frames.size === 0 ? undefined : dice.pick([...frames.values()])
}

/** A message of another step that the sender has the keys for. */
function anotherStep(line: Line, { step, suite }: Draft, dice: Dice): Bytes | undefined {
  const { kTmp1, kTmp2, kSess, z, th7 } = line.known
  const has: Readonly<Record<Step, boolean>> =
    suite === 'classic'
      ? { 1: true, 2: !!kTmp1, 3: true, 4: true, 5: true, 6: !!kTmp2, 7: !!kSess, 8: !!kSess }
      : { 1: true, 2: !!kTmp1, 3: true, 4: false, 5: !!z, 6: !!kTmp2 && !!z, 7: !!th7, 8: !!th7 }
  const steps = STEPS.filter((other) => other !== step && has[other])
  return steps.length === 0 ? undefined : close(line, draftOf(line, dice.pick(steps), suite))
}

const SESSION = group('session', (_suite, step) => step === 7, {
  'at its very end': (draft, { line }) => void (draft.delay = (line.known.lifetime ?? 0) * 1000),
  'a millisecond after its end': (draft, { line }) =>
    void (draft.delay = (line.known.lifetime ?? 0) * 1000 + 1),
  'half a minute after its end': (draft, { line }) =>
    void (draft.delay = (line.known.lifetime ?? 0) * 1000 + 29_999),
  'a minute after its end': (draft, { line }) =>
    void (draft.delay = (line.known.lifetime ?? 0) * 1000 + 60_000),
})

export const MUTATIONS: readonly Mutation[] = [
  ...memberMutations(),
  ...[OBJECTS, TEXTS, RSA, DES, GCM, SEAL, SEQUENCE, WRAP, SHARE, PROOF, PAPERS, REQUEST].flat(),
  ...[FRAME, ALERTS, INSTEAD, SESSION].flat(),
]
