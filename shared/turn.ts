/** For long work in one thread: lets other events have their turn. */

/** Resolves once what waits in the event loop has had its turn. A timer would do that too, and take a millisecond or more. */
export function nextTurn(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = (): void => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })
}
