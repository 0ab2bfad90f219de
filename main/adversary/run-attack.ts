/** Runs one attack on a stage of its own, and judges what came of it. */
import type { Attack } from '#shared/adversary/attack'
import type { Cell, Outcome } from '#shared/adversary/cell'
import { judge } from '#shared/adversary/outcome'
import { runOf, type AttackRun } from '#shared/adversary/run'
import type { Claim } from '#shared/adversary/stage'
import type { DefenceId } from '#shared/hl1/defences'
import type { SuiteName } from '#shared/hl1/suites'
import type { Run } from '#shared/run/run'
import type { AttackKeys } from './attack-keys'
import { onStage } from './stage'

export interface RunOptions {
  readonly suite: SuiteName
  readonly without: readonly DefenceId[]
  readonly keys: AttackKeys
  readonly signal: AbortSignal
}

/** Runs an attack for real. Throws the signal's reason, and what nobody has foreseen. */
export async function runAttack(attack: Attack, options: RunOptions): Promise<Cell> {
  return (await runAttackWhole(attack, options)).run.cell
}

/** A run with all that is known of it. */
export interface WholeRun {
  readonly run: AttackRun
  /** To be saved as a file; undefined where nothing has run. */
  readonly kept: Run | undefined
}

/** The same, with all that is known of the run. */
export async function runAttackWhole(
  attack: Attack,
  { suite, without, keys, signal }: RunOptions,
): Promise<WholeRun> {
  const started = performance.now()
  const cellOf = (outcome: Outcome): Cell => {
    return { attack: attack.id, suite, without, outcome, took: performance.now() - started }
  }
  const why = attack.notIn?.[suite]
  if (why !== undefined) {
    const run = { cell: cellOf({ is: 'not_applicable', why }), story: [why], records: [], frames: [] }
    return { run, kept: undefined }
  }
  const stage = { suite, without: new Set(without), attack, keys, signal }
  return onStage(stage, async (place, evidence, kept) => {
    const claim: Claim = (await attack.run(place)) ?? {}
    const { operations, frames } = evidence()
    const { outcome, why } = judge(attack, evidence(), claim)
    const { word } = place
    return {
      run: runOf(attack, cellOf(outcome), evidence(), why),
      kept: {
        ...kept(),
        attack: { attack: attack.id, suite, without, outcome, why, word, claim, operations, frames },
      },
    }
  })
}
