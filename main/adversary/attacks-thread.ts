/** A thread that runs attacks, one after another, each in a lab of its own: no window and no other run waits for it. */
import { parentPort, workerData } from 'node:worker_threads'
import { attackById } from '#shared/adversary/attacks'
import type { Cell, CellRequest } from '#shared/adversary/cell'
import { LabError } from '#shared/errors'
import { AttackKeys } from './attack-keys'
import { packRun } from './packed-run'
import { runAttackWhole } from './run-attack'

/** What the thread is started with: key pairs as PEM texts, so that no thread makes its own. */
export interface AttacksThreadData {
  readonly keys: ReturnType<AttackKeys['toData']>
}

/** What the thread says of a run: what came of it, and the whole of it, packed. */
export interface ThreadAnswer {
  readonly cell: Cell
  readonly run: Uint8Array
}

const port = parentPort
if (!port) throw new LabError('internal_error', 'This is no program of its own: it runs as a thread.')

const keys = AttackKeys.from((workerData as AttacksThreadData).keys)
const { signal } = new AbortController()

// One request after the other; whoever asks ends the thread when nothing more is wanted.
port.on('message', (request: CellRequest) => void answer(request))

async function answer({ attack: id, suite, without }: CellRequest): Promise<void> {
  const attack = attackById(id)
  if (!attack) throw new LabError('bad_argument', `There is no attack ${id}.`)
  const whole = await runAttackWhole(attack, { suite, without, keys, signal })
  const told: ThreadAnswer = { cell: whole.run.cell, run: packRun(whole) }
  port?.postMessage(told)
}
