/** Waiting in tests, for real time and for time that a test holds still. */

/** How long a test waits for something before it gives up, milliseconds: generous, for machines that are busy. */
const PATIENCE_MS = 20_000

/**
 * Lets everything else that runs in this process go on until the condition holds. Works with fake timers too, and never
 * moves them.
 */
export async function until(condition: () => boolean): Promise<void> {
  const started = process.hrtime.bigint()
  while (!condition()) {
    if (process.hrtime.bigint() - started > BigInt(PATIENCE_MS) * 1_000_000n) {
      throw new Error(`Waited in vain for: ${condition.toString()}`)
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  // What reacts to the change in the same turn of the event loop has its turn too.
  await new Promise((resolve) => setImmediate(resolve))
}
