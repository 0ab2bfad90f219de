/** What both ends of a connection went by, besides keys. */
import { toHex, type Bytes } from '../bytes'
import { heldAt, type Since } from '../held'
import type { View } from './run'

export interface Rules {
  /** The age limit, seconds. */
  readonly maxAge: number
  /** `K_boot`, which everybody knows; without it steps 3 and 4 of suite `classic` stay shut. */
  readonly bootstrapKey?: Bytes
}

/** The rules of a view's connection: those of its beginning. */
export function rulesOf({ frames: [first] }: View, rules: readonly Since<Rules>[]): Rules | undefined {
  const { sent, received } = first?.message ?? {}
  return heldAt(rules, (sent ?? received)?.at ?? 0)
}

/** Ends the name of a bootstrap key's file: nothing for the first one of a run, `-2` for the second. */
export function bootstrapMark(view: View, rules: readonly Since<Rules>[]): string {
  const hexOf = (each: Rules | undefined): string => toHex(each?.bootstrapKey ?? new Uint8Array())
  const all = [...new Set(rules.map(({ value }) => hexOf(value)))]
  const number = all.indexOf(hexOf(rulesOf(view, rules))) + 1
  return number > 1 ? `-${number}` : ''
}
