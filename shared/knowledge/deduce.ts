/**
 * Who knows what, and why: after each step, for each role and for somebody who listens. Everything follows from the sheets:
 * who sends a message makes what is not there yet, who has the keys reads it, and whoever has the inputs derives.
 */
import type { MemberSpec } from '../record/member'
import { keyInfo } from '../record/protocol'
import { membersOf, placesOf } from '../record/term'
import { derivationsOf, halfOf, subjectOf, symbolsIn, termOf, type Subject, type Thing } from './things'
import type { Protocol } from '../record/protocol'

/** Somebody on the wire, who records every frame and is not asked. */
export const EAVESDROPPER = 'eavesdropper'

/** How somebody comes to know a thing. */
export type Why =
  /** Public, or in every copy of the program. */
  | { readonly is: 'open' }
  /** Made or set before the first step. */
  | { readonly is: 'own' }
  /** Made for a message; signed with a key, where it is signed. */
  | { readonly is: 'made'; readonly step: number; readonly with?: string }
  /** A name that the sender has from outside of the protocol. */
  | { readonly is: 'named'; readonly step: number }
  /** In a message that was received or overheard, opened with these keys, the outermost first; none for what is in clear. */
  | { readonly is: 'read'; readonly step: number; readonly opened: readonly string[] }
  /** Worked out of these. */
  | { readonly is: 'derived'; readonly step: number; readonly from: readonly string[] }
  /** The public half of a private key, or a key that a certificate or a request has in it. */
  | { readonly is: 'part'; readonly of: string }
  | { readonly is: 'leaked'; readonly when: LeakTime }

/** A thing known: since the end of which step, and how. */
export interface Gain {
  /** 0: before the first step; one more than the last: afterwards. */
  readonly at: number
  readonly why: Why
}

/** What somebody knows, by the things' ids. */
export type Known = ReadonlyMap<string, Gain>

/** During the run, as soon as the thing is there; or when the run is over and the wire was recorded. */
export type LeakTime = 'during' | 'afterwards'

/** A secret that the eavesdropper is given. */
export interface Leak {
  /** The id of a {@link Thing}. */
  readonly secret: string
  readonly when: LeakTime
}

/** Somebody by name: a role of the protocol, or {@link EAVESDROPPER}. */
export type Party = string

/** Who knows what in a run of all steps. */
export interface Knowledge {
  readonly subject: Subject
  readonly parties: readonly Party[]
  /** What a party knows at the end. */
  readonly of: (party: Party) => Known
  /** When a party came to know a thing, and how; undefined where that is not so by the end of a step. */
  readonly gain: (party: Party, id: string, at: number) => Gain | undefined
  /** The moment after the last step. */
  readonly afterwards: number
}

/** How far a run came: the last step that was sent, and the last one that its receiver took. */
export interface Happened {
  readonly sent: number
  readonly taken: number
}

const ALL: Happened = { sent: Infinity, taken: Infinity }

/** Works out who knows what in a run of a suite's steps, each once, with what leaks to the eavesdropper. */
export function deduce(
  protocol: Protocol,
  suite: string,
  leaks: readonly Leak[] = [],
  { sent, taken }: Happened = ALL,
): Knowledge {
  const subject = subjectOf(protocol, suite)
  const roles = protocol.roles.map(({ role }) => role)
  const afterwards = Math.max(...protocol.steps.map(({ step }) => step)) + 1
  const minds = new Map([...roles, EAVESDROPPER].map((party) => [party, new Mind(subject)]))
  const mind = (party: string): Mind => minds.get(party) ?? new Mind(subject)
  const eavesdropper = mind(EAVESDROPPER)
  const leakNow = (at: number): void => {
    for (const { secret, when } of leaks) {
      const isThere = roles.some((role) => mind(role).has(secret))
      if (isThere && (when === 'during' || at === afterwards))
        eavesdropper.learn(secret, { at, why: { is: 'leaked', when } })
    }
    eavesdropper.conclude(at)
  }
  for (const thing of thingsBefore(subject)) {
    const { origin = {} } = keyInfo(protocol, thing.id) ?? {}
    const isOpen = thing.kind === 'open key'
    for (const [party, each] of minds)
      if (isOpen) each.learn(thing.id, { at: 0, why: { is: 'open' } })
      else if (Object.hasOwn(origin, party)) each.learn(thing.id, { at: 0, why: { is: 'own' } })
  }
  leakNow(0)
  for (const { step, from, to } of protocol.steps) {
    if (step > sent) break
    mind(from).make(step)
    for (const party of step > taken ? [from, EAVESDROPPER] : [from, to, EAVESDROPPER]) mind(party).hear(step)
    leakNow(step)
  }
  leakNow(afterwards)
  return {
    subject,
    parties: [...minds.keys()],
    of: (party) => mind(party).known,
    gain: (party, id, at) => {
      const found = mind(party).known.get(id)
      return found && found.at <= at ? found : undefined
    },
    afterwards,
  }
}

/** What somebody would know who has all that, and every frame up to a step. */
export function overhearing(subject: Subject, known: Known, at: number): Known {
  const mind = new Mind(
    subject,
    [...known].filter(([, gain]) => gain.at <= at),
  )
  for (const { step } of subject.protocol.steps) if (step <= at) mind.hear(step)
  return mind.known
}

/** What follows for somebody who makes these things besides, in place of the sender of a step; no frame is read again. */
export function deriving(subject: Subject, known: Known, made: readonly string[], step: number): Known {
  const mind = new Mind(subject, known)
  for (const id of made) mind.learn(id, { at: step, why: { is: 'made', step } })
  mind.derive(step)
  return mind.known
}

/** Keys that are there before the first step: no message brings them, makes them or speaks of them, and no step derives them. */
function thingsBefore(subject: Subject): readonly Thing[] {
  const steps = subject.protocol.steps.map(({ step }) => step)
  const later = new Set(
    steps.flatMap((step) => [
      ...membersOf(termOf(subject, step)).flatMap(broughtBy),
      ...derivationsOf(subject, step).map(([symbol]) => symbol),
    ]),
  )
  return subject.things.filter(
    ({ id, kind }) => ['open key', 'private key', 'symmetric key'].includes(kind) && !later.has(id),
  )
}

/** Keys that come into being, or come to light, with a member. */
function broughtBy({ nature }: MemberSpec): readonly string[] {
  if (nature.is === 'request') return [nature.for, nature.by]
  if (nature.is === 'certificate') return [nature.for]
  return 'key' in nature ? [nature.key] : []
}

/** Somebody who reasons. */
class Mind {
  readonly known: Map<string, Gain>
  /** The steps whose frames were seen. */
  readonly #seen = new Set<number>()

  constructor(
    private readonly subject: Subject,
    known: Iterable<readonly [string, Gain]> = [],
  ) {
    this.known = new Map(known)
  }

  has(id: string): boolean {
    return this.known.has(id)
  }

  /** True where it was not known before. */
  learn(id: string, gain: Gain): boolean {
    if (this.known.has(id)) return false
    this.known.set(id, gain)
    return true
  }

  /** Builds a message: what it needs and is not there is made, keys before what is signed with them. */
  make(step: number): void {
    const members = membersOf(termOf(this.subject, step))
    // What the transcript before this message leads to is there before it is built.
    this.#seen.add(step)
    this.#derive(step)
    for (const member of members.toSorted((a, b) => rank(a) - rank(b))) {
      const { nature, symbol } = member
      const made: Gain = { at: step, why: { is: 'made', step } }
      if ('key' in nature) {
        if (this.learn(nature.key, made)) this.#learnPair(nature.key, step)
        continue
      }
      const id = this.subject.idAt(symbol, step)
      if (this.has(id)) continue
      if (nature.is === 'identity') this.learn(id, { at: step, why: { is: 'named', step } })
      else if (nature.is === 'share') {
        this.learn(halfOf(symbol), made)
        this.learn(id, made)
      } else {
        const key = signingKey(member)
        if (nature.is === 'request' && this.learn(nature.by, made)) this.#learnPair(nature.by, step)
        this.learn(id, key === undefined ? made : { at: step, why: { is: 'made', step, with: key } })
      }
    }
    this.conclude(step)
  }

  /** Has a frame, and reads in it whatever the keys that are there open. */
  hear(step: number): void {
    this.#seen.add(step)
    this.conclude(step)
  }

  /** Derives until nothing more comes of it, with the transcripts of all frames up to a step. */
  derive(upTo: number): void {
    for (const { step } of this.subject.protocol.steps) if (step <= upTo) this.#seen.add(step)
    for (let before = -1; before < this.known.size;) {
      before = this.known.size
      this.#derive(upTo)
    }
  }

  /** Reads and derives until nothing more comes of it. */
  conclude(at: number): void {
    for (let before = -1; before < this.known.size;) {
      before = this.known.size
      for (const step of this.#seen) this.#read(step, at)
      this.#derive(at)
    }
  }

  #read(step: number, at: number): void {
    for (const { member, under } of placesOf(termOf(this.subject, step))) {
      const opened = under.map(({ opensWith }) => opensWith)
      if (!opened.every((key) => this.has(key))) continue
      const { nature } = member
      const id = 'key' in nature ? nature.key : this.subject.idAt(member.symbol, step)
      this.learn(id, { at, why: { is: 'read', step, opened } })
    }
  }

  #derive(at: number): void {
    const { subject } = this
    for (const { step } of subject.protocol.steps) {
      for (const [symbol, by] of derivationsOf(subject, step)) {
        if (this.has(symbol)) continue
        const from = this.#inputs(by, step)
        if (from) this.learn(symbol, { at, why: { is: 'derived', step, from } })
      }
      for (const { symbol, nature } of membersOf(termOf(subject, step)))
        if ((nature.is === 'certificate' || nature.is === 'request') && this.has(symbol))
          this.learn(nature.for, { at, why: { is: 'part', of: symbol } })
    }
    for (const { open, secret } of subject.pairs)
      if (this.has(secret)) this.learn(open, { at, why: { is: 'part', of: secret } })
  }

  /** What a derivation of a key or of a shared secret takes, where all of it is there; signatures come in messages. */
  #inputs(by: ReturnType<typeof derivationsOf>[number][1], step: number): readonly string[] | undefined {
    const id = (symbol: string): string => this.subject.idAt(symbol, step)
    if (by.is === 'derived') {
      if (by.salt.is === 'transcript' && !this.#hasTranscript(by.salt.step)) return undefined
      const from = symbolsIn(by.input).map(id)
      return from.every((each) => this.has(each)) ? from : undefined
    }
    if (by.is !== 'agreement') return undefined
    const shares = by.shares.flatMap(symbolsIn)
    const own = shares.find((share) => this.has(halfOf(share)))
    if (own === undefined) return undefined
    const others = shares.filter((share) => share !== own).map(id)
    return others.every((each) => this.has(each)) ? [halfOf(own), ...others] : undefined
  }

  /** The transcript before a step goes over the frames of its connection. */
  #hasTranscript(before: number): boolean {
    const { protocol, connectionOf } = this.subject
    return protocol.steps
      .filter(({ step }) => step < before && connectionOf(step) === connectionOf(before))
      .every(({ step }) => this.#seen.has(step))
  }

  #learnPair(key: string, step: number): void {
    for (const { open, secret } of this.subject.pairs)
      if (open === key || secret === key)
        for (const id of [secret, open]) this.learn(id, { at: step, why: { is: 'made', step } })
  }
}

/** Private keys before public ones, keys before all else, and what is signed last. */
function rank(member: MemberSpec): number {
  if (member.nature.is === 'private-key') return 0
  if ('key' in member.nature) return 1
  return signingKey(member) === undefined ? 2 : 3
}

/** The private key that a member is signed with. */
export function signingKey({ nature }: MemberSpec): string | undefined {
  if (nature.is === 'certificate' || nature.is === 'request') return nature.by
  if (nature.is !== 'signature' && nature.is !== 'bare-certificate') return undefined
  return nature.made.is === 'signature' ? nature.made.key : undefined
}

/** The keys that a frame can't be read for, where not all of it is: the outermost of each part. */
export function missingIn(subject: Subject, step: number, known: Known, at: number): readonly string[] {
  const has = (key: string): boolean => {
    const gain = known.get(key)
    return gain !== undefined && gain.at <= at
  }
  const missing = placesOf(termOf(subject, step)).flatMap(
    ({ under }) => under.map(({ opensWith }) => opensWith).find((key) => !has(key)) ?? [],
  )
  return [...new Set(missing)]
}
