/**
 * Runs both suites by turns in a private lab and measures them, with a provider that tells of each operation. For a thread in
 * which nothing else runs, so that times are its own (docs/decisions/0017).
 */
import { observed } from '#shared/crypto/primitives/operations'
import { makeProvider } from '#shared/crypto/provider'
import { LabError } from '#shared/errors'
import { systemEnvironment, type Environment } from '#shared/hl1/environment'
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'
import type { Settings } from '#shared/settings'
import { compareSuites, type Comparison } from '#shared/side-by-side/compare'
import { RunMeter, type MeasuredRun } from '#shared/side-by-side/meter'
import type { RunProgress } from '#shared/side-by-side/runs'
import { withPrivateLab, type PrivateLab } from './private-lab'

export interface SuiteRunOptions {
  /** Identities, key size, limits; the suite in it is left aside. */
  readonly settings: Settings
  /** Runs of each suite that count. One of each goes before them and warms up. */
  readonly runs: number
  readonly onProgress: (progress: RunProgress) => void
  /** Clocks and randomness of all three roles; the real ones unless given. */
  readonly environment?: Environment
  readonly signal: AbortSignal
}

/** What step 7 asks in every run: short, and answered at once. */
const REQUEST = 'echo side by side'

/**
 * Measures both suites. Odd runs begin with one suite, even ones with the other, so that neither always comes second.
 * @throws ProtocolError, LabError when a run fails; the signal's reason
 */
export async function measureSuites({
  settings,
  runs,
  onProgress,
  environment: clock = systemEnvironment,
  signal,
}: SuiteRunOptions): Promise<Comparison> {
  const meter = new RunMeter()
  const measured: Record<SuiteName, MeasuredRun[]> = { classic: [], modern: [] }
  const of = (runs + 1) * SUITE_NAMES.length
  let suite: SuiteName = 'classic'
  let done = 0
  const at = clock.now()
  const environment = { ...clock, crypto: makeProvider(observed(meter.operation, clock.monotonic)) }
  await withPrivateLab(
    // The same server registers again and again, and nobody is there to be asked.
    {
      settings: () => ({ ...settings, suite, names: 'anyone' }),
      environment,
      onRecord: meter.record,
      signal,
    },
    async (lab) => {
      for (let turn = 0; turn <= runs; turn++) {
        for (suite of turn % 2 === 0 ? SUITE_NAMES : SUITE_NAMES.toReversed()) {
          onProgress({ done: done++, of })
          const run = await measureRun(suite, lab, meter, environment)
          if (turn > 0) measured[suite].push(run)
          signal.throwIfAborted()
        }
      }
    },
  )
  return compareSuites(measured, { at, rsaBits: settings.rsaBits, request: REQUEST })
}

/** Steps 1 to 8 once, in two connections. */
async function measureRun(
  suite: SuiteName,
  lab: PrivateLab,
  meter: RunMeter,
  { monotonic }: Environment,
): Promise<MeasuredRun> {
  meter.reset()
  const started = monotonic()
  await lab.register()
  const client = await lab.connect()
  try {
    await client.open()
    await client.request(REQUEST)
    const elapsed = monotonic() - started
    const { messages, left } = meter.read()
    if (left.length > 0)
      throw new LabError('internal_error', 'There were operations that belong to no message.')
    return { suite, messages, elapsed }
  } finally {
    client.close()
  }
}
