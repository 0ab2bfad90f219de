/** Turns many requests to do something into few runs of it: one at a time, and one more when asked meanwhile. */
export function coalesce(run: () => Promise<void>): () => void {
  let state: 'idle' | 'running' | 'again' = 'idle'
  const work = async (): Promise<void> => {
    do {
      // Requests of one turn of the event loop count as one.
      await new Promise((resolve) => setImmediate(resolve))
      state = 'running'
      await run().catch((error: unknown) => console.error(error))
    } while ((state as string) === 'again')
    state = 'idle'
  }
  return () => {
    const isIdle = state === 'idle'
    state = 'again'
    if (isIdle) void work()
  }
}
