/** For long work in one thread: lets other events have their turn. */

/** Bytes that are worked on at once, about: more of them are long work, and done in turns. */
export const BYTES_PER_TURN = 16_384

/** While several do long work: for each millisecond of it, so many are left to everything else. */
const REST = 2
/** Milliseconds of rest at most, however long a piece of work was. */
const MOST_REST_MS = 20
/** Milliseconds from when several have waited at once to when one alone needs no rest any more. */
const CONTENDED_MS = 200

/** Who does long work, in the order in which they have asked for a turn. */
const waiting: (() => void)[] = []
let begun = 0
let contended = Number.NEGATIVE_INFINITY

/**
 * Resolves once what waits in the event loop has had its turn. All long work of a thread takes turns: however much of it there is,
 * one piece is done between two rounds of the event loop, and whoever has waited longest is next. One who works alone goes on
 * at once; where there are more, they rest in between, so that they all together leave most of the time to short work.
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
    const now = performance.now()
    if (waiting.length > 1) contended = now
    const isAlone = now - contended > CONTENDED_MS
    if (isAlone) goOn()
    else setTimeout(goOn, Math.min(REST * (now - begun), MOST_REST_MS))
  }
  port2.postMessage(undefined)
}

function goOn(): void {
  begun = performance.now()
  const next = waiting.shift()
  if (waiting.length > 0) goRound()
  next?.()
}
