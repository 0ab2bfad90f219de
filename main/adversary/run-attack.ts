/** Runs one attack on a stage of its own, and judges what came of it. */
import type { Attack } from '#shared/adversary/attack'
import { judge, type Cell, type Outcome } from '#shared/adversary/outcome'
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
export async function runAttack(attack: Attack, { suite, without, keys, signal }: RunOptions): Promise<Cell> {
  const started = performance.now()
  const outcome = await outcomeOf(attack, { suite, without, keys, signal })
  return { attack: attack.id, suite, without, outcome, took: performance.now() - started }
}

async function outcomeOf(attack: Attack, { suite, without, keys, signal }: RunOptions): Promise<Outcome> {
  const why = attack.notIn?.[suite]
  if (why !== undefined) return { is: 'not_applicable', why }
  const stage = { suite, without: new Set(without), attack, keys, signal }
  return onStage(stage, async (place, evidence) => judge(attack, evidence(), (await attack.run(place)) ?? {}))
}
