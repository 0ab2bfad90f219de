/** Figures and readers of a comparison as words: for the view and for what it copies. */
import { OPERATION_KINDS, OPERATIONS, type OperationKind } from '../crypto/primitives/operations'
import type { Weakness } from '../hl1/explanation'
import type { Guarantee } from '../record/explanation'
import { ROLE_NAMES } from '../hl1/roles'
import { STEP_NUMBERS, type StepNumber } from '../hl1/steps'
import { SUITES } from '../hl1/suites'
import type { OperationCount } from './compare'
import type { Reading } from './readers'
import type { Spread } from './spread'

/** How far a guarantee holds, in a word. */
export const GUARANTEE_WORDS: Readonly<Record<Guarantee['holds'], string>> = {
  yes: 'yes',
  partly: 'partly',
  no: 'no',
  needless: 'nothing to protect',
}

/** Milliseconds with as many digits as mean something: 0.04 ms, 3.8 ms, 172 ms. */
export function duration(milliseconds: number): string {
  return `${figure(milliseconds)} ms`
}

/** A median with the middle half of the values: 3.8 ms (3.5 to 4.1). */
export function spreadWords({ median, low, high, count }: Spread): string {
  return count === 1 ? duration(median) : `${duration(median)} (${figure(low)} to ${figure(high)})`
}

function figure(milliseconds: number): string {
  if (milliseconds < 1) return milliseconds.toFixed(2)
  return milliseconds < 100 ? milliseconds.toFixed(1) : milliseconds.toFixed(0)
}

/** Who can read the members, without their symbols: “holder of SK_S: Application Server”. */
export function readerWords({ by, keys, roles, listeners }: Reading): string {
  if (by === 'anyone') return 'anyone on the wire'
  if (by === 'program') return `everyone who has the program (${keys.join(', ')})`
  const own = roles.filter((role) => !listeners.includes(role)).map((role) => ROLE_NAMES[role].title)
  const others = listeners.map((role) => `${ROLE_NAMES[role].title}, when it listens`)
  return `who has ${keys.join(' and ')}: ${[...own, ...others].join('; ')}`
}

/** Operations by kind: “2 × RSA private key; 1 × DES-CBC”. */
export function operationWords(operations: readonly OperationCount[]): string {
  return countKinds(operations)
    .map(({ kind, count }) => `${count} × ${OPERATION_KINDS[kind]}`)
    .join('; ')
}

/** Operations of several names added up by kind, in the order of the table of kinds. */
export function countKinds(
  operations: readonly OperationCount[],
): readonly { readonly kind: OperationKind; readonly count: number }[] {
  return (Object.keys(OPERATION_KINDS) as OperationKind[])
    .map((kind) => ({
      kind,
      count: operations
        .filter(({ operation }) => OPERATIONS[operation].kind === kind)
        .reduce((sum, { count }) => sum + count, 0),
    }))
    .filter(({ count }) => count > 0)
}

/** A weakness that suite `modern` still has: the steps that say so, and what the first of them says. */
export interface OpenWeakness {
  readonly weakness: Weakness
  readonly steps: readonly StepNumber[]
  readonly text: string
  readonly source: string
}

/** What still is not there when everything is repaired, in the order of the steps. */
export function openWeaknesses(): readonly OpenWeakness[] {
  const found = new Map<Weakness, OpenWeakness>()
  for (const step of STEP_NUMBERS) {
    for (const remark of SUITES.modern.sheets[step].weaknesses) {
      const known = found.get(remark.weakness)
      found.set(remark.weakness, { ...remark, ...known, steps: [...(known?.steps ?? []), step] })
    }
  }
  return [...found.values()]
}
