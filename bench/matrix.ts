/** The whole defence matrix: every attack, with all defences in place and with each taken away, in threads as the app runs them. */
import { join } from 'node:path'
import { runAttacks } from '#main/adversary/attack-runs'
import { matrixOf } from '#shared/adversary/matrix'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { spreadOf, type Spread } from './measure'

export interface MatrixFigures {
  readonly runs: number
  /** From asking to the last cell, seconds. */
  readonly seconds: number
  /** Of all threads together, seconds. */
  readonly processor: number
  /** Milliseconds of a run. */
  readonly each: Spread
}

/** Runs the matrix of both suites, or, where `brief`, a few of its cells. */
export async function measureMatrix(root: string, brief: boolean): Promise<MatrixFigures> {
  const requests = matrixOf(SUITE_NAMES).slice(0, brief ? 20 : undefined)
  const before = process.cpuUsage()
  const started = performance.now()
  const cells = await runAttacks(requests, {
    thread: join(root, 'out/main/attacks-thread.js'),
    onCell: () => undefined,
    signal: new AbortController().signal,
  })
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(before)
  return {
    runs: cells.length,
    seconds,
    processor: (user + system) / 1e6,
    each: spreadOf(cells.map(({ took }) => took)),
  }
}
