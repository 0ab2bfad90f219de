/** Each key with what it comes from, what carries it and what it protects, step by step. */
import { layersOf, placesOf } from '../record/term'
import type { Knowledge } from './deduce'
import { derivationsOf, halfOf, symbolsIn, termOf, type Thing } from './things'

/** Something that happens with a key. */
export type KeyEvent =
  /** It is there: from before, made, or worked out of others. `by`: the roles. */
  | { readonly is: 'before' | 'made'; readonly at: number; readonly by: readonly string[] }
  | {
      readonly is: 'derived'
      readonly at: number
      readonly by: readonly string[]
      readonly from: readonly string[]
    }
  /** It crosses in a member; `under`: the keys that close it there, the outermost first. */
  | { readonly is: 'carried'; readonly at: number; readonly in: string; readonly under: readonly string[] }
  /** It closes a message, or opens one that its public half has closed. */
  | { readonly is: 'closes' | 'opens'; readonly at: number }
  /** It signs a member. */
  | { readonly is: 'signs'; readonly at: number; readonly what: string }

/** A key and its life. */
export interface Lineage {
  readonly key: Thing
  readonly events: readonly KeyEvent[]
}

/** The lives of all keys of a suite, in the order in which they are needed. */
export function genealogy(knowledge: Knowledge): readonly Lineage[] {
  const { subject } = knowledge
  return subject.things
    .filter(({ kind }) => kind !== 'member')
    .map((key) => ({
      key,
      events: [birth(knowledge, key), ...useOf(knowledge, key)].toSorted((a, b) => a.at - b.at),
    }))
}

function birth({ subject, parties, of }: Knowledge, key: Thing): KeyEvent {
  const gains = parties
    .filter((party) => subject.protocol.roles.some(({ role }) => role === party))
    .flatMap((role) => {
      const gain = of(role).get(key.id)
      return gain ? [{ role, ...gain }] : []
    })
  const derived = subject.protocol.steps
    .flatMap(({ step }) => derivationsOf(subject, step))
    .find(([symbol]) => symbol === key.id)?.[1]
  const at = Math.min(...gains.map((gain) => gain.at))
  if (derived?.is === 'derived' || derived?.is === 'agreement') {
    const by = gains.filter(({ why }) => why.is === 'derived').map(({ role }) => role)
    const from =
      derived.is === 'derived' ? symbolsIn(derived.input) : derived.shares.flatMap(symbolsIn).map(halfOf)
    return { is: 'derived', at, by, from }
  }
  const first = gains.filter((gain) => gain.at === at && ['own', 'made', 'open'].includes(gain.why.is))
  return { is: at === 0 ? 'before' : 'made', at, by: first.map(({ role }) => role) }
}

function useOf({ subject }: Knowledge, { id }: Thing): readonly KeyEvent[] {
  const events: KeyEvent[] = []
  for (const { step } of subject.protocol.steps) {
    const term = termOf(subject, step)
    for (const { member, under } of placesOf(term)) {
      const { nature, symbol } = member
      const carries =
        'key' in nature ? nature.key : 'for' in nature && 'by' in nature ? nature.for : undefined
      if (carries === id)
        events.push({ is: 'carried', at: step, in: symbol, under: under.map(({ key }) => key) })
      const signs =
        'by' in nature ? nature.by : 'made' in nature && nature.made.is === 'signature' && nature.made.key
      const isNew = !events.some((event) => event.is === 'signs' && event.what === symbol)
      if (signs === id && isNew) events.push({ is: 'signs', at: step, what: symbol })
    }
    for (const { key, opensWith } of layersOf(term))
      if (key === id) events.push({ is: 'closes', at: step })
      else if (opensWith === id) events.push({ is: 'opens', at: step })
  }
  return events
}
