/** Knowledge in words: why somebody has a thing, what became of a key, what can be done. Symbols stand as the protocol writes them. */
import { stepWords } from '../record/key-story'
import { listed } from '../words'
import { keyInfo, roleInfo, stepInfo } from '../record/protocol'
import type { Forgery, Reading, Search } from './abilities'
import type { Gain, Knowledge } from './deduce'
import type { KeyEvent, Lineage } from './genealogy'
import type { Subject, Thing } from './things'

/** A thing by its name: its symbol, and for a secret half what it is half of. */
export function thingName({ kind, symbol }: Thing): string {
  return kind === 'secret half' ? `secret half of ${symbol}` : symbol
}

/** What a thing is, in a few words. */
export function thingAbout({ protocol }: Subject, { kind, symbol }: Thing): string {
  const info = keyInfo(protocol, symbol)
  if (info) return info.name
  if (kind === 'secret half') return 'never sent, used once'
  return kind === 'shared secret' ? 'what both sides work out of their shares' : ''
}

/** How somebody has come to know a thing, as it stands in a table. */
export function whyWords(subject: Subject, { why }: Gain): string {
  switch (why.is) {
    case 'open':
      return 'known to all'
    case 'own':
      return 'from the start'
    case 'made':
      return `made in step ${why.step}${why.with === undefined ? '' : `, signed with ${why.with}`}`
    case 'named':
      return `known from outside, said in step ${why.step}`
    case 'read':
      return why.opened.length === 0
        ? `in clear in step ${why.step}`
        : `read in step ${why.step}, opened with ${listed(why.opened)}`
    case 'derived':
      return `derived from ${listed(why.from.map((id) => named(subject, id)))}`
    case 'part':
      return `in ${why.of}`
    case 'leaked':
      return why.when === 'during' ? 'leaked during the run' : 'leaked after the run'
  }
}

/** What a message is to somebody, in a word or two. */
export function readingWord(reading: Reading): string {
  switch (reading.is) {
    case 'not yet':
      return 'not sent yet'
    case 'sent':
      return 'sent it'
    case 'received':
      return 'received it'
    case 'opens':
      return 'reads it'
    case 'would open':
      return 'reads it, if it listens'
    case 'closed':
      return `can’t read it without ${listed(reading.missing)}`
  }
}

/** Parts of messages, by what they are: “Share_S of step 4”, “Seq of steps 7 and 8”. */
export function partWords(
  parts: readonly { readonly step: number; readonly symbols: readonly string[] }[],
): readonly string[] {
  const steps = new Map<string, number[]>()
  for (const { step, symbols } of parts)
    if (symbols.length > 0) steps.set(listed(symbols), [...(steps.get(listed(symbols)) ?? []), step])
  return [...steps].map(([symbols, of]) => `${symbols} of ${stepWords(of)}`)
}

/** Whether somebody could make a message, and why. */
export function forgeryWords({ can, missing, shows }: Forgery): string {
  if (!can) return `can’t forge it without ${listed(missing)}`
  return shows.length === 0
    ? 'can forge it'
    : `can forge it: ${listed(shows)} need only be shown, as anybody can have a copy`
}

/** A key that could be found, and where. */
export function searchWords({ key, bits, steps }: Search): string {
  return `${key.symbol}: ${bits} bits, tried on ${stepWords(steps)}`
}

/** What happens with a key at a step, in a sentence. */
function eventWords({ subject }: Knowledge, event: KeyEvent): string {
  const by = (roles: readonly string[]): string =>
    listed(roles.map((role) => roleInfo(subject.protocol, role).title.toLowerCase()))
  switch (event.is) {
    case 'before':
      return event.by.length > 1
        ? 'There from the start, known to all.'
        : `The ${by(event.by)} has it from the start.`
    case 'made':
      return `Made by the ${by(event.by)} in step ${event.at}.`
    case 'derived':
      return `Derived from ${listed(event.from.map((id) => named(subject, id)))} by ${by(event.by)}, by step ${event.at}.`
    case 'carried':
      return `Carried in step ${event.at}, in ${event.in}, ${event.under.length === 0 ? 'in clear' : `under ${listed(event.under)}`}.`
    case 'closes':
      return `Closes the message of step ${event.at}.`
    case 'opens':
      return `Opens the message of step ${event.at}.`
    case 'signs':
      return `Signs ${event.what}, first sent in step ${event.at}.`
  }
}

/** A key's life up to a step, with what is new in it. */
export function storyOf(
  knowledge: Knowledge,
  { events }: Lineage,
  at: number,
): readonly { readonly text: string; readonly isNew: boolean }[] {
  return events
    .filter((event) => event.at <= at)
    .map((event) => ({ text: eventWords(knowledge, event), isNew: event.at === at }))
}

/** Where a run stands: “After step 4: Public key and certificate, Application Server to Client”. */
export function momentWords({ subject, afterwards }: Knowledge, at: number): string {
  if (at === 0) return 'Before the first step'
  if (at >= afterwards) return 'After the run, at any later time: all messages were recorded'
  const info = stepInfo(subject.protocol, at)
  if (!info) return `After step ${at}`
  const [from, to] = [info.from, info.to].map((role) => roleInfo(subject.protocol, role).title)
  return `After step ${at}: ${info.title}, ${from} to ${to}`
}

/** A thing by its id, as {@link thingName}. */
export function named(subject: Subject, id: string): string {
  const thing = subject.thing(id)
  return thing ? thingName(thing) : id
}
