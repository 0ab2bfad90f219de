/** A judge of chains, and what it is given to judge. */
import type { MadeChain } from '#shared/workshop/make'
import type { JudgedChain, JudgeId } from '#shared/workshop/verdicts'
import type { ChainFiles } from './chain-files'
import type { Served } from './tls-server'

/** A chain that is to be judged, as data, in files and over TLS. */
export interface Exhibit {
  readonly chain: MadeChain
  readonly files: ChainFiles
  readonly served: Served
}

export interface Judge {
  readonly id: JudgeId
  /** What stands for it here: a version, or undefined when it is not installed. */
  readonly version: (signal: AbortSignal) => Promise<string | undefined>
  /**
   * Judges a chain; it is decided or not within seconds.
   * @throws the signal's reason
   */
  readonly judge: (exhibit: Exhibit, signal: AbortSignal) => Promise<JudgedChain>
}
