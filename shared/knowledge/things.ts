/** What there is to know in a suite: its keys, what is agreed on, the secret halves of shares, and members; all from its sheets. */
import type { Derivation } from '../record/derivation'
import { isOpenKey } from '../record/key'
import type { MemberSpec } from '../record/member'
import { keyInfo, sheetOf, type Protocol } from '../record/protocol'
import { layersOf, membersOf, type Term } from '../record/term'

/** One thing that somebody may know. */
export interface Thing {
  /** The symbol; for what each connection, or each message, has anew, with the step that it begins with: `Nonce_S@3`. */
  readonly id: string
  /** As the protocol writes it; of a secret half, that of its share. */
  readonly symbol: string
  readonly kind: 'open key' | 'private key' | 'symmetric key' | 'shared secret' | 'secret half' | 'member'
  /** The first step whose message has it, or needs it; 0 for what is there before. */
  readonly step: number
  /** Of a symmetric key whose length the sheet says: the bits that a search has to go through. */
  readonly bits?: number
}

/** A suite as it is reasoned about. */
export interface Subject {
  readonly protocol: Protocol
  readonly suite: string
  /** Keys first, then members, each in the order in which they are needed. */
  readonly things: readonly Thing[]
  /** By its id. */
  readonly thing: (id: string) => Thing | undefined
  /** What a symbol stands for in a step's message. */
  readonly idAt: (symbol: string, step: number) => string
  /** The step that a connection begins with. */
  readonly connectionOf: (step: number) => number
  /** The private key of each public one. */
  readonly pairs: readonly { readonly open: string; readonly secret: string }[]
}

/** The sheet's term, of a step that is there. */
export function termOf({ protocol, suite }: Pick<Subject, 'protocol' | 'suite'>, step: number): Term {
  return sheetOf(protocol, suite, step)?.term ?? { is: 'object', members: [] }
}

/** The values that a step is the first to need, by symbol. */
export function derivationsOf(
  { protocol, suite }: Pick<Subject, 'protocol' | 'suite'>,
  step: number,
): readonly (readonly [symbol: string, by: Derivation])[] {
  return Object.entries(sheetOf(protocol, suite, step)?.derivations ?? {})
}

/** The id of the secret half of a share. */
export function halfOf(share: string): string {
  return `half of ${share}`
}

/** The symbols that a derivation starts from. */
export function symbolsIn(by: Derivation): readonly string[] {
  switch (by.is) {
    case 'symbol':
      return [by.symbol]
    case 'concatenation':
      return by.parts.flatMap(symbolsIn)
    default:
      return []
  }
}

const subjects = new Map<string, Subject>()

/** What there is to know in a suite. */
export function subjectOf(protocol: Protocol, suite: string): Subject {
  const name = `${protocol.id} ${suite}`
  const known = subjects.get(name)
  if (known?.protocol === protocol) return known
  const subject = makeSubject(protocol, suite)
  subjects.set(name, subject)
  return subject
}

function makeSubject(protocol: Protocol, suite: string): Subject {
  const steps = protocol.steps.map(({ step }) => step)
  const connectionOf = (step: number): number => {
    const before = protocol.steps.find((each) => each.then === step && each.step < step)
    return before ? connectionOf(before.step) : step
  }
  const things = new Map<string, Thing>()
  const add = (thing: Thing): void => {
    const there = things.get(thing.id)
    if (!there) things.set(thing.id, thing)
    else if (there.bits === undefined && thing.bits !== undefined)
      things.set(thing.id, { ...there, bits: thing.bits })
  }
  const pairs = new Map<string, string>()
  const here = { protocol, suite }
  const addKey = (symbol: string, step: number, bits?: number): void => {
    const info = keyInfo(protocol, symbol)
    if (!info) return
    const kind = isOpenKey(info) ? 'open key' : info.kind === 'private key' ? 'private key' : 'symmetric key'
    add({ id: symbol, symbol, kind, step, ...(bits === undefined ? {} : { bits }) })
  }
  for (const step of steps) {
    const term = termOf(here, step)
    const derivations = derivationsOf(here, step)
    for (const [symbol, by] of derivations) {
      if (by.is === 'signature') addKey(by.key, step)
      if (by.is !== 'agreement') continue
      for (const share of by.shares.flatMap(symbolsIn))
        add({ id: halfOf(share), symbol: share, kind: 'secret half', step: stepOfShare(here, steps, share) })
      add({ id: symbol, symbol, kind: 'shared secret', step })
    }
    for (const [symbol, by] of derivations) if (by.is === 'derived') addKey(symbol, step)
    for (const { key, opensWith } of layersOf(term)) {
      addKey(key, step)
      addKey(opensWith, step)
      if (key !== opensWith) pairs.set(key, opensWith)
    }
    for (const member of membersOf(term)) {
      const { nature } = member
      if (nature.is === 'key') addKey(nature.key, step, bitsOf(member))
      else if ('key' in nature) addKey(nature.key, step)
      if ('by' in nature) {
        addKey(nature.for, step)
        addKey(nature.by, step)
        if (nature.is === 'request') pairs.set(nature.for, nature.by)
      }
    }
  }
  const idAt = (symbol: string, step: number): string => {
    if (keyInfo(protocol, symbol) || things.has(symbol)) return symbol
    const member = steps
      .filter((each) => connectionOf(each) === connectionOf(step))
      .flatMap((each) => membersOf(termOf(here, each)))
      .find((each) => each.symbol === symbol)
    return member ? memberId(member, step, connectionOf) : symbol
  }
  for (const step of steps)
    for (const member of membersOf(termOf(here, step)))
      if (!('key' in member.nature))
        add({ id: memberId(member, step, connectionOf), symbol: member.symbol, kind: 'member', step })
  const all = [...things.values()]
  const inOrder = [
    ...all.filter(({ kind }) => kind !== 'member'),
    ...all.filter((each) => each.kind === 'member'),
  ]
  return {
    protocol,
    suite,
    things: inOrder,
    thing: (id) => things.get(id),
    idAt,
    connectionOf,
    pairs: [...pairs].map(([open, secret]) => ({ open, secret })),
  }
}

/** Names and certificates are the same in every message; a sequence number is another in each; all else belongs to its connection. */
function memberId(
  { symbol, nature }: MemberSpec,
  step: number,
  connectionOf: (step: number) => number,
): string {
  switch (nature.is) {
    case 'identity':
    case 'certificate':
    case 'bare-certificate':
    case 'request':
      return symbol
    case 'sequence-number':
      return `${symbol}@${step}`
    default:
      return `${symbol}@${connectionOf(step)}`
  }
}

/** The step whose message has a share: there its secret half is made. */
function stepOfShare(
  here: Pick<Subject, 'protocol' | 'suite'>,
  steps: readonly number[],
  share: string,
): number {
  return steps.find((step) => membersOf(termOf(here, step)).some(({ symbol }) => symbol === share)) ?? 0
}

const BITS_A_BYTE = 8

/** A DES key has a parity bit in each byte, which decides nothing (FIPS 46-3). */
function bitsOf({ length, rule }: MemberSpec): number | undefined {
  if (length === undefined) return undefined
  return length * (rule === 'strong_des_key' ? BITS_A_BYTE - 1 : BITS_A_BYTE)
}

/** What nobody may know but those it is made for: what can be leaked. */
export function secretsOf({ things }: Subject): readonly Thing[] {
  return things.filter(({ kind }) => kind !== 'open key' && kind !== 'member')
}
