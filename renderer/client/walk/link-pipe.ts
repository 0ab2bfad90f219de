/** The byte pipe to the server: main holds the socket, this window everything that is said over it. */
import type { Bytes } from '#shared/bytes'
import type { BytePipe } from '#shared/hl1/drivers/transport'
import type { CallsOf } from '#shared/ipc/contract'
import { unlessAborted } from '#shared/unless-aborted'
import { logUnforeseen, type Call } from '../../common/call'

/** Wraps the open link `id`; `call` asks main. */
export function linkPipe(id: number, call: Call<CallsOf<'client'>>): BytePipe {
  /** Goes on in main when whoever asked has given up: what it brings is for the next one who asks. */
  let reading: Promise<Bytes | undefined> | undefined
  return {
    read: async (signal) => {
      signal.throwIfAborted()
      reading ??= call('link:read', { id })
      const bytes = await unlessAborted(reading, signal)
      reading = undefined
      return bytes
    },
    write: async (bytes, signal) => {
      signal.throwIfAborted()
      await unlessAborted(call('link:write', { id, bytes }), signal)
    },
    // Main closes a link that it no longer knows just as gladly.
    close: () => void call('link:close', { id }).catch(logUnforeseen),
  }
}
