/** What happens in the app, told once to whoever has to know: this file lists all of it. Who listens is in `main/ipc/news.ts`. */
import type { Bytes } from '#shared/bytes'
import type { Certificate } from '#shared/crypto/pki/certificate'
import type { SecretsOf } from '#shared/lab'
import type { Hl1Entry } from '#shared/hl1/types'
import type { MakingProgress } from '#shared/knowledge/run'
import type { Settings } from '#shared/settings'
import type { RunProgress } from '#shared/side-by-side/runs'
import type { TrialResult } from '#shared/trial/result'
import { TERMINAL_LOG, type Log } from '../log/log'
import type { WindowName } from '#shared/windows'

/** How a page ended: somebody loaded it again, its process died, or its window was closed for good. */
export type PageEnd = 'reloaded' | 'failed' | 'closed'

/** By name, what comes with it. */
export interface LabEvents {
  /** Anything that the view of the lab shows has changed. */
  readonly changed: undefined
  /** A message was recorded; without the values of its secret members. */
  readonly recorded: Hl1Entry
  /** Secrets can't be revealed any more. */
  readonly forgotten: SecretsOf
  /** A new authority certificate is in force: it is the trust anchor now. */
  readonly trusted: Certificate
  /** There is another revocation list, DER. */
  readonly listed: Bytes
  readonly settings: Settings
  /** Anything that the adversary's window shows has changed. */
  readonly adversary: undefined
  /** Another run is open, or none, or another moment of it; or one that is being opened is further. */
  readonly recording: undefined
  /** The trial that runs, as far as it is. */
  readonly trial: TrialResult
  /** How far the runs of both suites are. */
  readonly runs: RunProgress
  /** How much of a run to be looked into is made. */
  readonly making: MakingProgress
  /** A window's page is gone, or another has taken its place: whatever it held is lost. */
  readonly pageGone: { readonly window: WindowName; readonly how: PageEnd }
  /** A window was closed, which hides it: its page and all that it holds stay. */
  readonly windowHidden: WindowName
  /** A window that was closed is there again. */
  readonly windowBack: WindowName
}

/** Passes on what happens. Whoever listens can't harm whom it happened to: what a listener throws is logged. */
export class Hub<E extends object = LabEvents> {
  /** @param log takes what a listener throws */
  constructor(private readonly log: Pick<Log, 'failed'> = TERMINAL_LOG) {}

  readonly #listeners = new Map<keyof E, Set<(value: never) => void>>()

  /** Listens; the result stops listening. */
  on<N extends keyof E>(name: N, listener: (value: E[N]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(listener))
    return () => void listeners.delete(listener)
  }

  /** Tells everyone who listens, in the order in which they came. */
  tell<N extends keyof E>(name: N, ...[value]: undefined extends E[N] ? [] : [value: E[N]]): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        ;(listener as (value: unknown) => void)(value)
      } catch (error) {
        this.log.failed(`Whoever listens to “${String(name)}” has failed.`, error)
      }
    }
  }
}
