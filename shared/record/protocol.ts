/** A protocol as generic views need it: roles, steps, suites with their sheets, keys, checks and words. */
import type { CheckInfo } from './checks'
import type { WeaknessInfo } from './explanation'
import type { KeyInfo } from './key'
import type { ProtocolTypes, Sheet } from './sheet'
import type { SymbolInfo } from './symbol'

/** How a role is called on screen and in logs, and the letter that the protocol's symbols use for it. */
export interface RoleInfo<R extends string = string> {
  readonly role: R
  readonly title: string
  readonly symbol: string
}

export interface StepInfo<R extends string = string, N extends number = number> {
  readonly step: N
  readonly from: R
  readonly to: R
  /** The part of the protocol that it belongs to. */
  readonly phase: string
  readonly title: string
  /** The step that follows on the same connection; none where the connection ends. */
  readonly then: N | undefined
}

export interface SuiteInfo<T extends ProtocolTypes = ProtocolTypes> {
  readonly name: T['suite']
  readonly title: string
  /** What it is, in one or two sentences. */
  readonly about: string
  /** By step. */
  readonly sheets: Readonly<Record<number, Sheet<T>>>
}

/** Everything that is shown of a protocol, as data; nothing of how it is spoken. */
export interface Protocol<T extends ProtocolTypes = ProtocolTypes> {
  /** What every record names: `HL/1`. */
  readonly id: string
  readonly title: string
  /** In the order of their lifelines. */
  readonly roles: readonly RoleInfo<T['role']>[]
  /** In their order, by number. */
  readonly steps: readonly StepInfo<T['role']>[]
  readonly suites: Readonly<Record<T['suite'], SuiteInfo<T>>>
  readonly keys: Readonly<Record<T['key'], KeyInfo<T['key'], T['role']>>>
  /** Every symbol that its formulas and texts name, keys among them, with how it is set. */
  readonly symbols: Readonly<Record<string, SymbolInfo>>
  readonly checks: Readonly<Record<T['check'], CheckInfo>>
  /** The checks of every message, before and after those of its step, in order. */
  readonly checksOfAll: { readonly before: readonly T['check'][]; readonly after: readonly T['check'][] }
  /** What each code of an alert says to a person. */
  readonly alerts: Readonly<Record<T['code'], string>>
  readonly weaknesses: Readonly<Record<T['weakness'], WeaknessInfo>>
  /** The section of its contract that a message is best read beside; none where Help has no contract of it. */
  readonly sectionOf?: (message: {
    readonly kind: 'message' | 'alert'
    readonly suite: string | undefined
    /** True for one that was not accepted. */
    readonly refused: boolean
  }) => string
}

/** A role of a protocol; its name stands for what is not known of it. */
export function roleInfo(protocol: Protocol, role: string): RoleInfo {
  return protocol.roles.find((each) => each.role === role) ?? { role, title: role, symbol: role }
}

/** A step of a protocol; an alert can be about none. */
export function stepInfo(protocol: Protocol, step: number): StepInfo | undefined {
  return protocol.steps.find((each) => each.step === step)
}

/** The sheet of a step in a suite, where there is one. */
export function sheetOf(protocol: Protocol, suite: string | undefined, step: number): Sheet | undefined {
  if (suite === undefined || !Object.hasOwn(protocol.suites, suite)) return undefined
  return protocol.suites[suite]?.sheets[step]
}

/** What a protocol says of a key; undefined for a symbol that is none of its keys. */
export function keyInfo(protocol: Protocol, symbol: string): KeyInfo | undefined {
  return Object.hasOwn(protocol.keys, symbol) ? protocol.keys[symbol] : undefined
}

/** How a protocol sets a symbol; undefined for what is none of its symbols. */
export function symbolInfo(protocol: Protocol, symbol: string): SymbolInfo | undefined {
  return Object.hasOwn(protocol.symbols, symbol) ? protocol.symbols[symbol] : undefined
}

/** The first suite in which a key protects a message; undefined for one that protects none. */
export function suiteWith(protocol: Protocol, key: string): string | undefined {
  return Object.values(protocol.suites).find(({ sheets }) =>
    Object.values(sheets).some(({ layers }) => layers.some((layer) => layer.key === key)),
  )?.name
}
