/**
 * Waits for what was asked, unless the signal aborts first: then what was asked is nobody's any more, and its end is not waited for.
 * @throws the signal's reason
 */
export async function unlessAborted<T>(asked: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort)
  })
  try {
    return await Promise.race([aborted, asked])
  } finally {
    signal.removeEventListener('abort', abort)
    // Whoever has given it up does not wait for its end.
    asked.catch(() => undefined)
  }
}
