/** How cost grows: time and memory for more and more sessions at once, and for records in the journal. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Journal } from '#main/lab/journal'
import type { Client } from '#shared/hl1/drivers/client'
import type { Hl1Entry } from '#shared/hl1/types'
import { openClient, startHost, type Host } from './contenders'

export interface SessionGrowth {
  readonly sessions: number
  /** Milliseconds to open one of them. */
  readonly each: number
  /** Kilobytes of heap for one, both of its ends in this process. */
  readonly kilobytesEach: number
}

export interface JournalGrowth {
  readonly records: number
  /** Records that are kept of them. */
  readonly kept: number
  /** Megabytes of heap and buffers beyond those of an empty journal. */
  readonly megabytes: number
  /** Microseconds to add one. */
  readonly each: number
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Opens that many sessions at once and keeps them open while memory is looked at. */
export async function measureSessions(counts: readonly number[]): Promise<readonly SessionGrowth[]> {
  const host = await startHost('classic')
  const grown: SessionGrowth[] = []
  try {
    await leave(host, await openClient(host))
    for (const sessions of counts) {
      const before = heap()
      const started = performance.now()
      const opened = await Promise.all(Array.from({ length: sessions }, () => openClient(host)))
      const took = performance.now() - started
      const after = heap()
      grown.push({ sessions, each: took / sessions, kilobytesEach: (after - before) / sessions / 1024 })
      await Promise.all(opened.map((client) => leave(host, client)))
    }
  } finally {
    await host.stop()
  }
  return grown
}

/** Adds more and more records, as a run leaves them, to one journal. */
export async function measureJournal(counts: readonly number[]): Promise<readonly JournalGrowth[]> {
  const entries = await recordsOfARun()
  const grown: JournalGrowth[] = []
  for (const records of counts) {
    const before = heap()
    const journal = new Journal({ onAdded: () => undefined })
    const started = performance.now()
    for (let index = 0; index < records; index++) {
      const entry = entries[index % entries.length]
      // Bytes of its own for each, as they come from the wire.
      if (entry) journal.add({ ...entry, id: `${entry.role}-${index}`, frame: entry.frame.slice() })
    }
    const took = performance.now() - started
    const megabytes = (heap() - before) / 1e6
    grown.push({ records, kept: journal.list().length, megabytes, each: (took / records) * 1000 })
  }
  return grown
}

async function recordsOfARun(): Promise<readonly Hl1Entry[]> {
  const entries: Hl1Entry[] = []
  const host = await startHost('classic', (entry) => entries.push(entry))
  await leave(host, await openClient(host))
  await host.stop()
  return entries
}

/** Leaves, and waits until the server knows. */
async function leave({ server }: Host, client: Client): Promise<void> {
  const before = server.connections
  client.close()
  while (server.connections >= before && before > 0) await new Promise((resolve) => setTimeout(resolve, 5))
}

function heap(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
