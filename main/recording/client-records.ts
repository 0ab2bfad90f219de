/**
 * The client's records live in its window, with its secrets: what is to be kept of them is asked for there. The page may say
 * anything; what it gives is read as a file would be, and counts as the client's alone.
 */
import { LabError } from '#shared/errors'
import type { Hl1Entry } from '#shared/hl1/types'
import type { GivenRecords } from '#shared/run/format'
import type { ConnectionKeys } from '#shared/run/run'

/** So long the window may take between two parts, in milliseconds. */
const PATIENCE_MS = 10_000
/** Parts that are taken: more than its records need. */
const MOST_PARTS = 2_000

export interface ClientPart {
  readonly records: readonly Hl1Entry[]
  readonly keys: readonly ConnectionKeys[]
}

/** What is asked of the client's window. */
export interface ClientWindow {
  /** Undefined where it is not there. */
  readonly get: (window: 'client') => unknown
  readonly ask: (window: 'client', event: 'run:ask', what: { readonly id: number }) => void
}

interface Asked {
  readonly records: Hl1Entry[]
  readonly keys: ConnectionKeys[]
  parts: number
  readonly done: () => void
  readonly failed: (error: unknown) => void
  readonly wait: () => void
}

export class ClientRecords {
  #count = 0
  readonly #asked = new Map<number, Asked>()

  constructor(private readonly windows: ClientWindow) {}

  /**
   * Asks the client's window; nothing where it is not there.
   * @throws LabError `not_ready` where the window does not answer, `bad_run` for what is no record of a client's
   */
  async ask(): Promise<ClientPart> {
    if (!this.windows.get('client')) return { records: [], keys: [] }
    const id = ++this.#count
    const records: Hl1Entry[] = []
    const keys: ConnectionKeys[] = []
    let timer: NodeJS.Timeout | undefined
    try {
      await new Promise<void>((done, failed) => {
        const late = (): void =>
          failed(
            new LabError('not_ready', 'The client’s window does not say what it has recorded. Try again.'),
          )
        const wait = (): void => {
          clearTimeout(timer)
          timer = setTimeout(late, PATIENCE_MS)
        }
        this.#asked.set(id, { records, keys, parts: 0, done, failed, wait })
        wait()
        this.windows.ask('client', 'run:ask', { id })
      })
    } finally {
      clearTimeout(timer)
      this.#asked.delete(id)
    }
    return { records, keys }
  }

  /** The window can't give what it was asked for. */
  fail(id: number): void {
    this.#asked.get(id)?.failed(silent())
  }

  /** The window gives a part of what it was asked for, or says that it was all. */
  async take(id: number, part: GivenRecords | undefined): Promise<void> {
    const asked = this.#asked.get(id)
    if (!asked) throw new LabError('bad_argument', 'Nobody has asked for that.')
    asked.wait()
    if (!part) return asked.done()
    try {
      if (++asked.parts > MOST_PARTS)
        throw new LabError('bad_run', 'The client’s window has too much to say.')
      const { decodeFrames, decodeKeys, decodeRecords } = await import('#shared/run/decode')
      const records = await decodeRecords({ ...part, frames: decodeFrames(part) }, part.secrets)
      const keys = decodeKeys(part.keys)
      if (records.some(isOthers) || keys.some(({ role }) => role !== 'client'))
        throw new LabError('bad_run', 'The client’s window gives records that are not the client’s.')
      asked.records.push(...records)
      asked.keys.push(...keys)
    } catch (error) {
      asked.failed(error)
    }
  }
}

function silent(): LabError {
  return new LabError('not_ready', 'The client’s window does not say what it has recorded. Try again.')
}

function isOthers({ role, connection }: Hl1Entry): boolean {
  return role !== 'client' || connection.opener !== 'client'
}
