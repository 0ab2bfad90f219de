/** Flips the bits of frames one by one, and maps what becomes of each (docs/bit-flips.md, docs/bit-flips.json). */
import { concat, equalBytes, toHex, toUtf8 } from '#shared/bytes'
import { DES_BLOCK_BYTES, encryptDes } from '#shared/crypto/primitives/des'
import type { AlertCode } from '#shared/hl1/alert-codes'
import { encodeFrame } from '#shared/hl1/frame'
import type { MemberValue } from '#shared/record/member'
import { build } from '#shared/hl1/message'
import type { RecordedMember } from '#shared/record/record'
import type { ServerState } from '#shared/hl1/state'
import { SUITES } from '#shared/hl1/suites'
import { seededRandom } from './environment'
import { flip, judge, unreminded, type Reception, type Verdict } from './handshake'
import { recordedSession, type RecordedFrame } from './recorded-session'

const BITS = 8

/**
 * What became of a flipped bit: the receiver's alert, or it was `unnoticed`. `found_later`: the receiver did not notice, and
 * its answer was refused by the other side.
 */
export type FlipOutcome = AlertCode | 'unnoticed' | 'found_later'

/** A member whose value differs from the one that was sent; the part that differs, in characters (bytes: in hex). */
export interface MemberChange {
  readonly member: string
  readonly at: number
  readonly was: string
  readonly became: string
}

/** A flip that the receiver took, and what it took for it: no changes when only the text around values differs. */
export interface AcceptedFlip {
  readonly bit: number
  readonly changes: readonly MemberChange[]
  /** Where the other side refused the answer to it. */
  readonly found?: { readonly step: number; readonly code: AlertCode }
}

/** What became of every bit of one frame. Bit 0 is the highest bit of its first byte. */
export interface FlipMap {
  readonly name: string
  readonly step: number
  readonly bits: number
  /** In order and without gaps: the first bit, how many, and what became of them. */
  readonly runs: readonly (readonly [first: number, count: number, outcome: FlipOutcome])[]
  readonly accepted: readonly AcceptedFlip[]
}

/** A frame to flip the bits of; `answer` asks the other side about what the receiver goes on with. */
export interface FlipSubject extends Reception {
  readonly name: string
  readonly answer?: (state: NonNullable<Verdict['state']>) => Promise<Verdict>
}

/** What became of one flipped bit. */
export interface Flip {
  readonly bit: number
  readonly outcome: FlipOutcome
  /** Where the receiver took it. */
  readonly accepted?: AcceptedFlip
}

/** Flips some bits of a frame, each alone. */
export async function flipBits(subject: FlipSubject, bits: readonly number[]): Promise<readonly Flip[]> {
  const { frame } = subject
  const honest = (await judge(unreminded(subject), frame)).record.members
  const flips: Flip[] = []
  for (const bit of bits) {
    const flipped = flip(frame, Math.floor(bit / BITS), 0x80 >> (bit % BITS))
    const verdict = await judge(unreminded(subject), flipped)
    if (verdict.code !== 'accepted') {
      flips.push({ bit, outcome: verdict.code })
      continue
    }
    const answered = verdict.state && (await subject.answer?.(verdict.state))
    const found = answered && answered.code !== 'accepted' && { step: answered.step, code: answered.code }
    const changes = changesBetween(honest, verdict.record.members)
    flips.push({
      bit,
      outcome: found ? 'found_later' : 'unnoticed',
      accepted: { bit, changes, ...(found ? { found } : {}) },
    })
  }
  return flips
}

/** Flips every bit of a frame. */
export async function flipEveryBit(subject: FlipSubject): Promise<FlipMap> {
  const { name, step, frame } = subject
  const bits = Array.from({ length: frame.length * BITS }, (_, bit) => bit)
  const runs: [first: number, count: number, outcome: FlipOutcome][] = []
  const flips = await flipBits(subject, bits)
  for (const { bit, outcome } of flips) {
    const run = runs.at(-1)
    if (run?.[2] === outcome) run[1]++
    else runs.push([bit, 1, outcome])
  }
  const accepted = flips.flatMap((each) => each.accepted ?? [])
  return { name, step, bits: bits.length, runs, accepted }
}

/** The bits of a sample: both ends of every run of one outcome, every flip that was taken, and one in so many of the rest. */
export function sampleBits({ bits, runs, accepted }: FlipMap, oneOf: number): readonly number[] {
  const every = Array.from({ length: Math.ceil(bits / oneOf) }, (_, index) => index * oneOf)
  const ends = runs.flatMap(([first, count]) => [first, first + count - 1])
  const chosen = new Set([...every, ...ends, ...accepted.map(({ bit }) => bit)])
  return [...chosen].sort((a, b) => a - b)
}

/** What a map says of a bit. */
export function flipOf({ runs, accepted }: FlipMap, bit: number): Flip | undefined {
  const run = runs.find(([first, count]) => bit >= first && bit < first + count)
  const taken = accepted.find((each) => each.bit === bit)
  return run && { bit, outcome: run[2], ...(taken ? { accepted: taken } : {}) }
}

/** How often each outcome came. */
export function countOutcomes({ runs }: FlipMap): Readonly<Partial<Record<FlipOutcome, number>>> {
  const counts: Partial<Record<FlipOutcome, number>> = {}
  for (const [, count, outcome] of runs) counts[outcome] = (counts[outcome] ?? 0) + count
  return counts
}

/** Every frame of the recorded session of suite `modern`; step 3, which is in clear, with what its sender finds out. */
export function modernSubjects(): readonly FlipSubject[] {
  const frames = recordedSession('modern')
  const client = frames.find(({ step }) => step === 4)!
  return frames.map((recorded) => {
    const subject = named(recorded)
    if (recorded.step !== 3) return subject
    const answer: FlipSubject['answer'] = async (state) =>
      judge(client, (await build(4, state as ServerState, {}, recorded.environment)).frame)
    return { ...subject, answer }
  })
}

/** Every frame of the recorded session of suite `classic`, and a request and an answer that are longer than those. */
export async function classicSubjects(length: number): Promise<readonly FlipSubject[]> {
  const frames = recordedSession('classic')
  const words = 'the quick brown fox jumps over the lazy dog '
  const text = words.repeat(Math.ceil(length / words.length)).slice(0, length)
  const [request, answer] = [7, 8].map((step) => frames.find((each) => each.step === step)!)
  return [
    ...frames.map(named),
    await longer(request!, { req: `echo ${text}` }),
    await longer(answer!, { data: text }),
  ]
}

function named(recorded: RecordedFrame): FlipSubject {
  return { ...recorded, name: `frame ${recorded.number}` }
}

/** A message of the recorded session's key with another text; the IV is the same in every run. */
async function longer(recorded: RecordedFrame, members: object): Promise<FlipSubject> {
  const { step, environment, acceptor } = recorded
  const iv = seededRandom(`long ${step}`)(DES_BLOCK_BYTES)
  const plaintext = toUtf8(JSON.stringify({ ...members, [`ts${step}`]: environment.now() }))
  const body = concat(iv, await encryptDes((acceptor as ServerState).session!.key, iv, plaintext))
  return { ...recorded, frame: encodeFrame(step, SUITES.classic.byte, body), name: `long step ${step}` }
}

function changesBetween(
  honest: readonly RecordedMember[],
  members: readonly RecordedMember[],
): readonly MemberChange[] {
  return members.flatMap(({ name, value }) => {
    const before = honest.find((member) => member.name === name)?.value
    return sameValue(before, value) ? [] : [{ member: name, ...difference(shown(before), shown(value)) }]
  })
}

function sameValue(a: MemberValue | undefined, b: MemberValue | undefined): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array ? equalBytes(a, b) : a === b
}

function shown(value: MemberValue | undefined): string {
  return value instanceof Uint8Array ? toHex(value) : String(value)
}

/** What is between the beginning and the end that two texts have in common. */
function difference(was: string, became: string): Omit<MemberChange, 'member'> {
  const shorter = Math.min(was.length, became.length)
  let start = 0
  while (start < shorter && was[start] === became[start]) start++
  let end = 0
  while (end < shorter - start && was.at(-1 - end) === became.at(-1 - end)) end++
  return {
    at: start,
    was: was.slice(start, was.length - end),
    became: became.slice(start, became.length - end),
  }
}

/** The maps as the file keeps them: JSON in ASCII, with a line for each frame's runs and for each flip that was taken. */
export function writeMaps(maps: Readonly<Record<string, readonly FlipMap[]>>): string {
  const suites = Object.entries(maps).map(
    ([suite, frames]) => `  "${suite}": [\n${frames.map(writeMap).join(',\n')}\n  ]`,
  )
  return `{\n${suites.join(',\n')}\n}\n`
}

function writeMap({ name, step, bits, runs, accepted }: FlipMap): string {
  const flips = accepted.map((flipped) => `        ${toAscii(flipped)}`).join(',\n')
  return [
    '    {',
    `      "name": ${toAscii(name)}, "step": ${step}, "bits": ${bits},`,
    `      "runs": ${toAscii(runs)},`,
    `      "accepted": ${flips === '' ? '[]' : `[\n${flips}\n      ]`}`,
    '    }',
  ].join('\n')
}

/** JSON without the noise that flips make: control characters and letters that an editor might change. */
function toAscii(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
