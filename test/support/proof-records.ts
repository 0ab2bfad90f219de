/** A whole run in memory as journals have it, for proofs that nobody runs. */
import type { Environment } from '#shared/hl1/environment'
import { journalEntry } from '#shared/hl1/drivers/conversation'
import { STEPS, type StepNumber } from '#shared/hl1/steps'
import type { SuiteName } from '#shared/hl1/suites'
import type { Hl1Entry, Hl1Record } from '#shared/hl1/types'
import { connectionOf } from './context'
import { fakeEnvironment } from './environment'
import { runHonestly, type HonestRun } from './handshake'

export interface RecordedRun {
  readonly run: HonestRun
  readonly entries: readonly Hl1Entry[]
  readonly environment: Environment
}

export async function recordedRun(suite: SuiteName): Promise<RecordedRun> {
  const environment = fakeEnvironment()
  const entries: Hl1Entry[] = []
  const onRecord = (record: Hl1Record): unknown => entries.push(entryOf(record))
  const run = await runHonestly(environment, { suite }, { onRecord })
  return { run, entries, environment }
}

/** A record on the connection that its step has. */
export function entryOf(record: Hl1Record): Hl1Entry {
  const step = STEPS[record.step as StepNumber]
  return journalEntry(
    record,
    step.phase === 'registration'
      ? connectionOf('first', { opener: 'server', acceptor: 'authority' })
      : connectionOf('second'),
  )
}
