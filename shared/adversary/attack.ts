/** An attack, as data: what the adversary has, what it wants, how it goes, and what decides whether it has succeeded. */
import type { DefenceId } from '../hl1/defences'
import type { SuiteName } from '../hl1/suites'
import type { Settings } from '../settings'
import type { Oracle } from './oracles'
import type { Claim, Stage } from './stage'

export interface Attack {
  readonly id: string
  readonly title: string
  /** What the adversary has, besides the wire, `K_boot` and public keys. */
  readonly has: string
  /** What it wants. */
  readonly wants: string
  /** What happens, in order: a plain sentence each. */
  readonly story: readonly string[]
  readonly oracle: Oracle
  /** Where it means nothing, and why. */
  readonly notIn?: Readonly<Partial<Record<SuiteName, string>>>
  /** Settings that it is about. */
  readonly settings?: Partial<Settings>
  /** The server's machine is one whose keys repeat: after a set-back, or by a bad generator. */
  readonly repeatsKeys?: boolean
  /**
   * What stops it when nothing is taken away: a check or a repair, or what the adversary lacks; by suite. Undefined where it
   * succeeds. Several stand behind one another: each has to go before it succeeds.
   */
  readonly stoppedBy: Readonly<Partial<Record<SuiteName, readonly DefenceId[] | 'never'>>>
  readonly run: (stage: Stage) => Promise<Claim | void>
}
