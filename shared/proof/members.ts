/** Claims on members: what opened is what was recorded, and each member that has a file of its own is what that file says. */
import { isStepNumber } from '../hl1/steps'
import type { CheckId } from '../hl1/check-table'
import { KEYS } from '../hl1/keys'
import { isOpenKey } from '../record/key'
import type { MemberSpec } from '../record/member'
import { isPlain, writtenIn, type ObjectPart, type RawPart, type RecordedPart, type Written } from './body'
import { read, type Place } from './ciphers'
import { claim, skip, type Claim, type Item } from './claim'
import type { ProofMessage } from './run'
import { verdict, type Subject } from './proving'
import { areBytes, isFile, not, same, slice, together, word } from './shell'
import type { Opened } from './opening'
import { rulesOf } from './rules'
import { sheetOfMessage } from './things'

/** Where a member's name and value stand, once what they are in has opened. */
interface MemberPlace {
  readonly written: Written
  readonly source: string
  readonly needs: readonly string[]
}

/** The claims on the members of a part whose plaintext stands in a place. */
export function memberItems(
  part: ObjectPart,
  { place, needs }: Pick<Opened, 'needs'> & { readonly place: Place },
  subject: Subject,
  earlier: ReadonlyMap<string, EarlierMember>,
): readonly Item[] {
  const { recorded } = part
  if (!recorded) return []
  return [
    plaintextClaim(part, recorded, place, needs, subject),
    ...part.members.flatMap((spec) => {
      const at = memberPlace(spec, recorded, place, needs)
      return at ? oneMember(spec, at, subject, earlier) : []
    }),
  ]
}

/** A member that an earlier message of the same view has had. */
export interface EarlierMember extends MemberPlace {
  readonly message: ProofMessage
}

/** What later messages are compared with: the identities and nonces of this one, by symbol. */
export function repeatable(
  part: ObjectPart,
  place: Place,
  needs: readonly string[],
): ReadonlyMap<string, MemberPlace> {
  const { recorded, members } = part
  return new Map(
    members.flatMap((spec) => {
      const at = recorded && memberPlace(spec, recorded, place, needs)
      return at && ['identity', 'nonce'].includes(spec.nature.is) ? [[spec.symbol, at] as const] : []
    }),
  )
}

function memberPlace(
  { name }: MemberSpec,
  recorded: RecordedPart,
  { file, start }: Place,
  needs: readonly string[],
): MemberPlace | undefined {
  const written = writtenIn(recorded, name)
  return written && { written, source: slice(file, start + written.start, start + written.end), needs }
}

function plaintextClaim(
  part: ObjectPart,
  { bytes, ranges }: RecordedPart,
  { file, start, end }: Place,
  needs: readonly string[],
  { message, folder }: Subject,
): Item {
  const { id, step, label } = message
  const count = part.index > 0 ? `-${part.index + 1}` : ''
  const isSecret =
    sheetOfMessage(message)?.layers.some(({ opensWith }) => !isOpenKey(KEYS[opensWith])) === true
  const expected = folder.add(`expected/${id}-step${step}${count}.json`, bytes, isSecret)
  const hidden = union(ranges.filter(({ masked }) => masked === true))
  const pieces: string[] = []
  let from = 0
  for (const range of hidden) {
    if (range.start > from) pieces.push(slice(file, start + from, start + range.start))
    pieces.push(`head -c ${range.end - range.start} /dev/zero | tr '\\0' '*'`)
    from = range.end
  }
  pieces.push(slice(file, start + from, end))
  const names = part.members.map(({ name }) => name).join(', ')
  const stars = hidden.length > 0 ? ', asterisks in the place of secrets' : ''
  return claim(
    `${label}: what is inside has exactly the recorded members (${names})${stars}`,
    [expected, message.file],
    isFile(together(...pieces), word(expected)),
    { needs },
  )
}

function oneMember(
  spec: MemberSpec,
  at: MemberPlace,
  subject: Subject,
  earlier: ReadonlyMap<string, EarlierMember>,
): readonly Item[] {
  const { message, view, keys, things } = subject
  const { name, symbol, nature } = spec
  const { written, source, needs } = at
  const about = `${message.label}: ${name}`
  // How a peer has written a secret only the plaintext tells.
  if (written.text !== undefined && !isPlain(written.text))
    return nature.is === 'timestamp' || nature.is === 'payload'
      ? []
      : [skip(about, 'the peer has written it in a way of its own')]
  const of = (what: string, file: string, value: string): Claim =>
    claim(
      `${about} is ${what}`,
      [file, message.file],
      same(source, `printf '"${name}":"%s"' "$(${value})"`),
      { needs },
    )
  const base64 = (file: string): string => `openssl base64 -A -in ${word(file)}`
  const pem = (file: string, endsInLine = true): string =>
    `lines <${word(file)}${endsInLine ? '' : ` | sed 's/\\\\n$//'`}`
  const thing = things.of(message, name)
  switch (nature.is) {
    case 'key': {
      const key = keys.of(view, nature.key)
      return key ? [of(`the ${symbol} of the folder`, key.file, base64(key.file))] : []
    }
    case 'private-key': {
      const key = keys.of(view, nature.key)
      const found = verdict(message, ['key_pair'])
      if (!key || found === undefined) return []
      const claimed = of(`the ${symbol} of the folder`, key.file, pem(key.file, key.endsInLine))
      if (found === 'holds') return [claimed]
      return [{ ...claimed, about: `${about} is not the ${symbol} of the folder`, line: not(claimed.line) }]
    }
    case 'public-key':
    case 'certificate':
    case 'request':
      return thing
        ? [of('the one of the folder', thing.file, pem(thing.file, /\\n"$/.test(written.text ?? '')))]
        : []
    case 'bare-certificate':
    case 'signature':
    case 'share':
      return thing ? [of('the one of the folder', thing.file, base64(thing.file))] : []
    case 'nonce':
      return [
        ...(thing ? [of('the one of the folder', thing.file, base64(thing.file))] : []),
        ...repetition(spec, at, subject, earlier),
      ]
    case 'identity':
      return repetition(spec, at, subject, earlier)
    case 'timestamp':
      return freshness(spec, at, subject)
    default:
      return []
  }
}

/** The same value as in an earlier message; or another one, where the message was refused. */
function repetition(
  { symbol }: MemberSpec,
  { written, source, needs }: MemberPlace,
  { message }: Subject,
  earlier: ReadonlyMap<string, EarlierMember>,
): readonly Item[] {
  const before = earlier.get(symbol)
  if (before?.written.text === undefined || written.text === undefined) return []
  const isSame = before.written.text === written.text
  const isRefused = message.received?.outcome.ok === false
  if (!isSame && !isRefused) return []
  const line = same(source, before.source)
  const words = `${message.label}: ${symbol} is ${isSame ? '' : 'not '}that of step ${before.message.step}`
  return [
    claim(words, [message.file, before.message.file], isSame ? line : not(line), {
      needs: [...needs, ...before.needs],
    }),
  ]
}

/** The timestamp against the receiver's clock (protocol.md section 2); `at` is when it began to look, `took` how long that took. */
function freshness(
  { symbol }: MemberSpec,
  { source, needs, written }: MemberPlace,
  { message, view, rules }: Subject,
): readonly Item[] {
  const { received, label, file } = message
  const maxAge = rulesOf(view, rules)?.maxAge ?? 0
  const found = verdict(message, [FRESHNESS])
  if (!received || found === undefined || (written.text !== undefined && !isPlain(written.text))) return []
  const [from, to] = [Math.floor(received.at), Math.ceil(received.at + received.took)]
  const limit = Math.round(maxAge * 1000)
  const line = `${source} | awk -F: '{ exit !(${from} - $2 <= ${limit} && $2 - ${to} <= ${limit}) }'`
  const words = found === 'holds' ? 'is within' : 'is not within'
  return [
    claim(
      `${label}: ${symbol} ${words} ${maxAge} s of the receiver’s clock`,
      [file],
      found === 'holds' ? line : not(line),
      { needs },
    ),
  ]
}

const FRESHNESS: CheckId = 'freshness'

/** The claims on a member that stands in the body by itself. */
export function rawItems({ member, start, end }: RawPart, subject: Subject): readonly Item[] {
  const { message, things, view } = subject
  const { label, file } = message
  const source = read({ file: word(file), start, end })
  const thing = things.of(message, member.name)
  if (thing)
    return [
      claim(
        `${label}: ${member.name} is the one of the folder`,
        [thing.file, file],
        isFile(source, word(thing.file)),
      ),
    ]
  if (member.nature.is !== 'sequence-number') return []
  const found = verdict(message, ['sequence'])
  const next = numberOf(
    message,
    view.frames.map((frame) => frame.message),
  )
  if (found === undefined) return []
  const line = areBytes(word(file), start, bigEndian(next, end - start))
  return [
    claim(
      `${label}: its sequence number is ${found === 'holds' ? '' : 'not '}${next}, the next one`,
      [file],
      found === 'holds' ? line : not(line),
    ),
  ]
}

/** How many messages of a step were accepted before this one. */
function numberOf(message: ProofMessage, all: readonly ProofMessage[]): number {
  return all
    .slice(0, all.indexOf(message))
    .filter(
      ({ kind, step, received }) =>
        kind === 'message' && step === message.step && isStepNumber(step) && received?.outcome.ok !== false,
    ).length
}

function bigEndian(value: number, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** (size - 1 - index)) % 256)
}

interface Span {
  readonly start: number
  readonly end: number
}

/** Spans in their order, those that overlap as one. */
function union(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = []
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1)
    if (!last || span.start > last.end) joined.push({ start: span.start, end: span.end })
    else joined.splice(-1, 1, { start: last.start, end: Math.max(last.end, span.end) })
  }
  return joined
}
