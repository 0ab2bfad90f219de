/**
 * What somebody can do with what they know. Reading, forging and searching are three things: who can read a message may not be able
 * to make one like it, anybody can encrypt under a public key, and a key that nobody was given may be short enough to be found.
 */
import { roleInfo, stepInfo } from '../record/protocol'
import { layersOf, membersOf, placesOf } from '../record/term'
import {
  deriving,
  missingIn,
  overhearing,
  signingKey,
  type Knowledge,
  type Known,
  type Party,
} from './deduce'
import { termOf, type Thing } from './things'

/** What a message is to somebody by a moment. */
export type Reading =
  | { readonly is: 'not yet' }
  | { readonly is: 'sent' | 'received' }
  /** Overheard and read; or it would be, if they listened. */
  | { readonly is: 'opens' | 'would open' }
  /** These keys are not there, the outermost of each part; `parts`: the members that are read all the same, by their symbols. */
  | { readonly is: 'closed'; readonly missing: readonly string[]; readonly parts: readonly string[] }

/** Whether somebody could make a message that its receiver takes for its peer's, all before it having happened as it did. */
export interface Forgery {
  readonly can: boolean
  /** Keys that it takes and that they have not got. */
  readonly missing: readonly string[]
  /** Certificates that they need not make: they show those that anybody can have. */
  readonly shows: readonly string[]
}

/** A key that is short enough to be found by trying all. */
export interface Search {
  readonly key: Thing
  readonly bits: number
  /** Messages under it, on which it can be tried. */
  readonly steps: readonly number[]
}

/**
 * As many bits as have been searched through: 56 in less than three days in 1998 (EFF, Cracking DES), 64 by volunteers in 2002. With
 * 128 and more, nobody can.
 */
const SEARCHABLE_BITS = 64

/** What a message is to a party by the end of a step. */
export function readingOf(knowledge: Knowledge, party: Party, step: number, at: number): Reading {
  const { subject } = knowledge
  const info = stepInfo(subject.protocol, step)
  if (step > at) return { is: 'not yet' }
  if (info?.from === party) return { is: 'sent' }
  if (info?.to === party) return { is: 'received' }
  const isRole = subject.protocol.roles.some(({ role }) => role === party)
  const known = listening(knowledge, party, at)
  const missing = missingIn(subject, step, known, at)
  if (missing.length === 0) return { is: isRole ? 'would open' : 'opens' }
  const parts = placesOf(termOf(subject, step))
    .filter(({ under }) => under.every(({ opensWith }) => known.has(opensWith)))
    .map(({ member }) => member.symbol)
  return { is: 'closed', missing, parts }
}

/** Whether nothing protects the message of a step: there is nothing to open. */
export function isInClear({ subject }: Knowledge, step: number): boolean {
  return layersOf(termOf(subject, step)).length === 0
}

/** The members that stand in clear beside what the message of a step has under keys, by their symbols. */
export function clearPartsOf({ subject }: Knowledge, step: number): readonly string[] {
  const places = placesOf(termOf(subject, step))
  const clear = places.filter(({ under }) => under.length === 0)
  return clear.length === places.length ? [] : clear.map(({ member }) => member.symbol)
}

/** Whether any of some keys opens something, also if only a layer, of the messages of some steps. */
export function openAnything(
  { subject }: Knowledge,
  keys: readonly string[],
  steps: readonly number[],
): boolean {
  return steps.some((step) =>
    placesOf(termOf(subject, step)).some(
      ({ under: [outermost] }) => outermost && keys.includes(outermost.opensWith),
    ),
  )
}

/** Whether a party could make the message of a step, with what it knows by the end of another. */
export function forgeryOf(knowledge: Knowledge, party: Party, step: number, at: number): Forgery {
  const { subject } = knowledge
  const from = stepInfo(subject.protocol, step)?.from ?? ''
  const honest = knowledge.of(from)
  const made = [...honest].flatMap(([id, { why }]) =>
    why.is === 'made' && why.step === step && why.with === undefined ? [id] : [],
  )
  const known = deriving(subject, listening(knowledge, party, at), made, step)
  const missing = new Set<string>()
  const shows = new Set<string>()
  const term = termOf(subject, step)
  // A public key is there for whoever asks for its certificate.
  const isOpen = (key: string): boolean => subject.thing(key)?.kind === 'open key'
  for (const { key } of layersOf(term)) if (!known.has(key) && !isOpen(key)) missing.add(key)
  for (const member of membersOf(term)) {
    const { nature, symbol } = member
    if (nature.is === 'identity' || nature.is === 'public-key') continue
    const id = 'key' in nature ? nature.key : subject.idAt(symbol, step)
    if (known.has(id)) {
      if (isShown(member)) shows.add(symbol)
      continue
    }
    const why = honest.get(id)?.why
    const isMadeHere = why?.is === 'made' && why.step === step
    if (isShown(member) && !isMadeHere) shows.add(symbol)
    else {
      const key = signingKey(member)
      if (key === undefined || !known.has(key)) missing.add(key ?? subject.thing(id)?.symbol ?? id)
    }
  }
  return { can: missing.size === 0, missing: [...missing], shows: [...shows] }
}

/** The keys that a party has not got by the end of a step and could find by trying all. */
export function searchesOf(knowledge: Knowledge, party: Party, at: number): readonly Search[] {
  const { subject } = knowledge
  const known = listening(knowledge, party, at)
  return subject.things.flatMap((key) => {
    if (key.bits === undefined || key.bits > SEARCHABLE_BITS || known.has(key.id)) return []
    const steps = subject.protocol.steps
      .map(({ step }) => step)
      .filter((step) => step <= at && missingIn(subject, step, known, at).includes(key.id))
    return steps.length === 0 ? [] : [{ key, bits: key.bits, steps }]
  })
}

/** The secrets of which each alone would open a message to the eavesdropper, given what is leaked already. */
export function openers(
  knowledge: Knowledge,
  step: number,
  known: Known,
  secrets: readonly Thing[],
): readonly string[] {
  const { subject, afterwards } = knowledge
  return secrets
    .filter(({ id }) => {
      if (known.has(id)) return false
      const more = new Map([...known, [id, { at: 0, why: { is: 'leaked', when: 'during' } } as const]])
      return missingIn(subject, step, overhearing(subject, more, afterwards), afterwards).length === 0
    })
    .map(({ id }) => id)
}

/** What a party knows that has also listened: for the eavesdropper, that is what it knows. */
function listening({ subject, of }: Knowledge, party: Party, at: number): Known {
  return overhearing(subject, of(party), at)
}

/** Of a certificate anybody can have a copy: whoever has it shows it. */
function isShown({ nature }: ReturnType<typeof membersOf>[number]): boolean {
  return nature.is === 'certificate' || nature.is === 'bare-certificate'
}

/** A party's name: the role's title, or that of whoever listens. */
export function partyTitle({ subject }: Knowledge, party: Party): string {
  const isRole = subject.protocol.roles.some(({ role }) => role === party)
  return isRole ? roleInfo(subject.protocol, party).title : 'Eavesdropper'
}
