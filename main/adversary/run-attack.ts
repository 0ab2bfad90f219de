/** Runs one attack on a stage of its own, and judges what came of it. */
import type { Attack } from '#shared/adversary/attack'
import type { Cell, Outcome } from '#shared/adversary/cell'
import { judge } from '#shared/adversary/outcome'
import { runOf, type AttackRun } from '#shared/adversary/run'
import type { DefenceId } from '#shared/hl1/defences'
import type { SuiteName } from '#shared/hl1/suites'
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
  return (await runAttackWhole(attack, options)).cell
}

/** The same, with all that is known of the run. */
export async function runAttackWhole(
  attack: Attack,
  { suite, without, keys, signal }: RunOptions,
): Promise<AttackRun> {
  const started = performance.now()
  const cellOf = (outcome: Outcome): Cell => {
    return { attack: attack.id, suite, without, outcome, took: performance.now() - started }
  }
  const why = attack.notIn?.[suite]
  if (why !== undefined) {
    return { cell: cellOf({ is: 'not_applicable', why }), story: [why], records: [], frames: [] }
  }
  const stage = { suite, without: new Set(without), attack, keys, signal }
  return onStage(stage, async (place, evidence) => {
    const claim = (await attack.run(place)) ?? {}
    const judged = judge(attack, evidence(), claim)
    return runOf(attack, cellOf(judged.outcome), evidence(), judged.why)
  })
}
