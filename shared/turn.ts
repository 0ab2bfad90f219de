/** For long work in one thread: lets other events have their turn. */

/** Bytes that are worked on at once, about: more of them are long work, and done in turns. */
export const BYTES_PER_TURN = 16_384

/** Who does long work, in the order in which they have asked for a turn. */
const waiting: (() => void)[] = []

/**
 * Resolves once what waits in the event loop has had its turn. All long work of a thread takes turns: however much of it there is,
 * one piece is done between two rounds of the event loop, and whoever has waited longest is next. A timer would be too slow for
 * that: it takes a millisecond or more.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) goRound()
  })
}

/** Lets the event loop go round once. A channel that was used again would be heard again in the same round. */
function goRound(): void {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = (): void => {
    port1.close()
    const next = waiting.shift()
    if (waiting.length > 0) goRound()
    next?.()
  }
  port2.postMessage(undefined)
}
