/** The byte pipe to the server: main holds the socket, this window everything that is said over it. */
import type { Bytes } from '#shared/bytes'
import type { BytePipe } from '#shared/hl1/drivers/transport'
import type { CallsOf } from '#shared/ipc/contract'
import { logUnforeseen, type Call } from '../../common/call'

/** Wraps the open link `id`; `call` asks main. */
export function linkPipe(id: number, call: Call<CallsOf<'client'>>): BytePipe {
  /** Goes on in main when whoever asked has given up: what it brings is for the next one who asks. */
  let reading: Promise<Bytes | undefined> | undefined
  return {
    read: async (signal) => {
      const bytes = await unlessAborted(signal, () => (reading ??= call('link:read', { id })))
      reading = undefined
      return bytes
    },
    write: async (bytes, signal) => {
      await unlessAborted(signal, () => call('link:write', { id, bytes }))
    },
    // Main closes a link that it no longer knows just as gladly.
    close: () => void call('link:close', { id }).catch(logUnforeseen),
  }
}

/** Asks, unless it was given up already. */
async function unlessAborted<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const asked = ask()
  let abort = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', abort)
  })
  try {
    return await Promise.race([asked, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
    // Whoever has given it up does not wait for its end.
    asked.catch(() => undefined)
  }
}
