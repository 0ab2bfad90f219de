/**
 * Turns many requests to do something into few runs of it: one at a time, and one more when asked meanwhile. The first one
 * is done at once; in a rush of them, `pause` milliseconds pass between two runs.
 * @param fail takes what a run is rejected with: the next one is made all the same
 */
export function coalesce(run: () => Promise<void>, fail: (error: unknown) => void, pause = 0): () => void {
  let state: 'idle' | 'running' | 'again' = 'idle'
  const work = async (): Promise<void> => {
    do {
      // Requests of one turn of the event loop count as one.
      await new Promise((resolve) => setImmediate(resolve))
      state = 'running'
      await run().catch(fail)
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
    } while ((state as string) === 'again')
    state = 'idle'
  }
  return () => {
    const isIdle = state === 'idle'
    state = 'again'
    if (isIdle) void work()
  }
}
