/**
 * What a suite says of one of its keys: who makes it, which message carries it under what, what it protects, and what is
 * derived from it. All of it is worked out of the suite's sheets, so that no table of a view can say otherwise.
 */
import { listed } from '../words'
import type { Derivation } from './derivation'
import { keyInfo, roleInfo, sheetOf, type Protocol, type StepInfo } from './protocol'
import { placesOf, type TermLayer } from './term'

/** How a key of a suite comes to its holders: in a member of one step's message, or worked out at one. */
export type KeySource =
  | {
      readonly is: 'carried'
      readonly step: StepInfo
      /** The name of the member. */
      readonly member: string
      /** What that member is under, the outermost first; not what protects other parts of the message. */
      readonly under: readonly TermLayer[]
      /** Bytes of the key, where the sheet says. */
      readonly length: number | undefined
    }
  | { readonly is: 'derived'; readonly step: StepInfo; readonly by: Derivation & { readonly is: 'derived' } }

/** Where a key of a suite comes from; undefined for one that no message carries and no step derives. */
export function keySource(
  protocol: Protocol,
  suite: string | undefined,
  symbol: string,
): KeySource | undefined {
  for (const step of protocol.steps) {
    const sheet = sheetOf(protocol, suite, step.step)
    if (!sheet) continue
    const by = Object.hasOwn(sheet.derivations, symbol) ? sheet.derivations[symbol] : undefined
    if (by?.is === 'derived') return { is: 'derived', step, by }
    const place = placesOf(sheet.term).find(
      ({ member: { nature } }) => nature.is === 'key' && nature.key === symbol,
    )
    if (place) {
      const { name, length } = place.member
      return { is: 'carried', step, member: name, under: place.under, length }
    }
  }
  return undefined
}

/** The keys of a suite that are derived from a key, in the order of the steps that need them. */
export function keysDerivedFrom(
  protocol: Protocol,
  suite: string | undefined,
  symbol: string,
): readonly string[] {
  return protocol.steps.flatMap(({ step }) =>
    Object.entries(sheetOf(protocol, suite, step)?.derivations ?? {})
      .filter(([, by]) => by.is === 'derived' && inputsOf(by.input).includes(symbol))
      .map(([derived]) => derived),
  )
}

/** The steps of a suite that a key itself protects. */
export function stepsUnder(protocol: Protocol, suite: string | undefined, symbol: string): readonly number[] {
  return protocol.steps
    .map(({ step }) => step)
    .filter((step) => sheetOf(protocol, suite, step)?.layers.some(({ key }) => key === symbol))
}

/** What a key is used with in a suite: the cipher that it keys, or the function that makes keys of it; without details. */
export function keyAlgorithm(
  protocol: Protocol,
  suite: string | undefined,
  symbol: string,
): string | undefined {
  for (const { step } of protocol.steps) {
    const layer = sheetOf(protocol, suite, step)?.layers.find(({ key }) => key === symbol)
    if (layer) return withoutDetails(layer.algorithm)
  }
  const [derived] = keysDerivedFrom(protocol, suite, symbol)
  const source = derived === undefined ? undefined : keySource(protocol, suite, derived)
  return source?.is === 'derived' ? withoutDetails(source.by.algorithm.full) : undefined
}

/** A key's life in a suite, in sentences; the key's own entry for one that no message of the suite carries. */
export function keyStory(protocol: Protocol, suite: string | undefined, symbol: string): string {
  const source = keySource(protocol, suite, symbol)
  const about = keyInfo(protocol, symbol)?.about ?? ''
  if (source?.is !== 'carried') return about
  const { step, under } = source
  const [from, to] = [step.from, step.to].map((role) => roleInfo(protocol, role).title.toLowerCase())
  const made = `Made by the ${from}, sent to the ${to} in step ${step.step}, ${underWhat(under)}.`
  return [made, protectionOf(protocol, suite, symbol)].filter((each) => each !== '').join(' ')
}

/** Where a role has a key from, in a sentence; undefined for a role that does not come to have it. */
export function keyOrigin(
  protocol: Protocol,
  suite: string | undefined,
  symbol: string,
  role: string,
): string | undefined {
  const own = keyInfo(protocol, symbol)?.origin[role]
  if (own !== undefined) return own
  const source = keySource(protocol, suite, symbol)
  if (source === undefined || ![source.step.from, source.step.to].includes(role)) return undefined
  const { step } = source.step
  if (source.is === 'carried') {
    return source.step.from === role
      ? `Made here at random, for step ${step}.`
      : `Arrived in step ${step}, ${underWhat(source.under)}.`
  }
  const inputs = inputsOf(source.by.input).map((input) =>
    isAgreed(protocol, suite, input) ? 'the shared secret' : input,
  )
  return `Derived here from ${inputs.join(', ')} and the transcript (${withoutDetails(source.by.algorithm.full)}).`
}

/** Whether a symbol stands for what both sides work out of their shares. */
function isAgreed(protocol: Protocol, suite: string | undefined, symbol: string): boolean {
  return protocol.steps.some(({ step }) => {
    const derivations = sheetOf(protocol, suite, step)?.derivations ?? {}
    return Object.hasOwn(derivations, symbol) && derivations[symbol]?.is === 'agreement'
  })
}

/** What a key closes, or what closes in its place. */
function protectionOf(protocol: Protocol, suite: string | undefined, symbol: string): string {
  const steps = stepsUnder(protocol, suite, symbol)
  const own = steps.length === 0 ? '' : `Protects ${stepWords(steps)}.`
  const derived = keysDerivedFrom(protocol, suite, symbol)
  if (derived.length === 0) return own
  const closed = derived.flatMap((key) => stepsUnder(protocol, suite, key))
  const many = derived.length > 1
  const from = `${derived.join(' and ')}, which protect${many ? '' : 's'} ${stepWords(closed)}, ${many ? 'are' : 'is'} derived from it.`
  return own === '' ? from : `${own} ${from}`
}

/** “step 2”, “steps 7 and 8”, “steps 1, 2 and 3”. */
export function stepWords(steps: readonly number[]): string {
  return `step${steps.length > 1 ? 's' : ''} ${listed(steps.map(String))}`
}

/** “under K_hs and PK_S”, the outermost first; “in clear”. */
function underWhat(under: readonly TermLayer[]): string {
  return under.length === 0 ? 'in clear' : `under ${under.map(({ key }) => key).join(' and ')}`
}

/** The symbols that go into a derivation. */
function inputsOf(input: Derivation): readonly string[] {
  if (input.is === 'symbol') return [input.symbol]
  return input.is === 'concatenation' ? input.parts.flatMap(inputsOf) : []
}

/** An algorithm's name before its first comma. */
function withoutDetails(algorithm: string): string {
  return algorithm.split(',')[0] ?? algorithm
}
