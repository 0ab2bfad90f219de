/** Two ends of a connection in memory, for drivers and transports without sockets. */
import { concat, type Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import type { BytePipe } from '#shared/hl1/drivers/transport'

/** One end. What a test needs to see or do beyond what a pipe can. */
export interface PipeEnd extends BytePipe {
  /** Everything that this end has written so far. */
  readonly written: () => Bytes
  readonly closed: () => boolean
  /** Bytes that this end has not read yet. */
  readonly waiting: () => number
}

/** `chunk`: the most bytes that one read brings. */
export function pipePair(options: { readonly chunk?: number } = {}): readonly [PipeEnd, PipeEnd] {
  const chunk = options.chunk ?? Number.POSITIVE_INFINITY
  const [there, back] = [new Stream(chunk), new Stream(chunk)]
  return [pipeEnd(there, back), pipeEnd(back, there)]
}

function pipeEnd(outgoing: Stream, incoming: Stream): PipeEnd {
  let isClosed = false
  return {
    read: (signal) => incoming.read(signal),
    write: async (bytes, signal) => {
      signal.throwIfAborted()
      if (isClosed) throw new LabError('connection_closed', 'This end is closed.')
      outgoing.push(bytes)
    },
    finish: () => outgoing.end(),
    close: () => {
      isClosed = true
      outgoing.end()
    },
    written: () => outgoing.written,
    closed: () => isClosed,
    waiting: () => incoming.waiting,
  }
}

/** One direction. */
class Stream {
  written: Bytes = new Uint8Array()
  #unread: Bytes = new Uint8Array()
  #ended = false
  #wake: (() => void)[] = []

  constructor(private readonly chunk: number) {}

  get waiting(): number {
    return this.#unread.length
  }

  push(bytes: Bytes): void {
    if (this.#ended) return
    this.written = concat(this.written, bytes)
    this.#unread = concat(this.#unread, bytes)
    this.#wakeAll()
  }

  end(): void {
    this.#ended = true
    this.#wakeAll()
  }

  async read(signal: AbortSignal): Promise<Bytes | undefined> {
    for (;;) {
      signal.throwIfAborted()
      if (this.#unread.length > 0) {
        const bytes = this.#unread.slice(0, this.chunk)
        this.#unread = this.#unread.slice(bytes.length)
        return bytes
      }
      if (this.#ended) return undefined
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake)
          resolve()
        }
        this.#wake.push(wake)
        signal.addEventListener('abort', wake)
      })
    }
  }

  #wakeAll(): void {
    const wake = this.#wake
    this.#wake = []
    for (const resolve of wake) resolve()
  }
}
