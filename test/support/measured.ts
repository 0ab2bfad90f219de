/** Runs in memory with everything measured, as the view of both suites gets them. */
import { observed } from '#shared/crypto/primitives/operations'
import { makeProvider } from '#shared/crypto/provider'
import { systemEnvironment } from '#shared/hl1/environment'
import { STEPS, type StepNumber } from '#shared/hl1/steps'
import type { SuiteName } from '#shared/hl1/suites'
import { RunMeter, type MeasuredRun } from '#shared/side-by-side/meter'
import { connectionOf } from './context'
import { runHonestly, type HonestRun } from './handshake'

/** One run with real clocks and keys; `honest` has its states and frames. `onStart`: step 1 comes next. */
export async function measureHonestRun(
  suite: SuiteName,
  onStart: () => void = () => undefined,
): Promise<{ readonly run: MeasuredRun; readonly honest: HonestRun; readonly left: number }> {
  const meter = new RunMeter()
  let started = 0
  const crypto = makeProvider(observed(meter.operation, systemEnvironment.monotonic))
  const honest = await runHonestly(
    { ...systemEnvironment, crypto },
    { suite },
    {
      onStart: () => {
        meter.reset()
        onStart()
        started = performance.now()
      },
      onRecord: (record) => {
        const { phase } = STEPS[record.step as StepNumber]
        const connection = connectionOf(phase === 'registration' ? 'registration' : 'session')
        meter.record({ ...record, connection, id: `${record.role} ${record.direction} ${record.step}` })
      },
    },
  )
  const { messages, left } = meter.read()
  return {
    run: { suite, messages, elapsed: performance.now() - started },
    honest,
    left: left.length,
  }
}
