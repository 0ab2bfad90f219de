/** Longest rest between two drawings, in milliseconds: what is on screen is never older than that and the time to draw it. */
const LONGEST_REST_MS = 200

/**
 * Takes what comes as fast as it comes, and shows it as fast as the window can draw: at once where it rests; else together with all that
 * has come meanwhile, after a rest as long as the last drawing took. So half of its time is left for the person.
 * @param show gets what has come since the last time, oldest first; never nothing
 */
export function paced<T>(show: (values: readonly T[]) => void): (value: T) => void {
  const waiting: T[] = []
  let isDrawing = false
  const draw = (): void => {
    isDrawing = waiting.length > 0
    if (!isDrawing) return
    const began = performance.now()
    try {
      show(waiting.splice(0))
    } finally {
      // Comes after what was shown is drawn.
      setTimeout(() => setTimeout(draw, Math.min(performance.now() - began, LONGEST_REST_MS)))
    }
  }
  return (value) => {
    waiting.push(value)
    if (!isDrawing) draw()
  }
}
