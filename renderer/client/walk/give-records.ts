/** Gives main what the client has recorded, secrets and all, where the person wants it kept: in parts that main reads as a file's. */
import { toBase64 } from '#shared/bytes'
import type { ClientState } from '#shared/hl1/state'
import type { Hl1Entry } from '#shared/hl1/types'
import type { GivenRecords } from '#shared/run/format'
import { encodeRecords } from '#shared/run/encode'
import { derivedKeys } from '#shared/run/keys-of-state'
import type { CallsOf } from '#shared/ipc/contract'
import type { Call } from '../../common/call'

/** Records, and bytes of frames, in one part. */
const AT_ONCE = { records: 50, bytes: 1_000_000 }

/** @param id of main's question */
export async function giveRecords(
  id: number,
  client: {
    readonly records: readonly Hl1Entry[]
    readonly state: ClientState | undefined
    readonly connection: string | undefined
  },
  call: Call<CallsOf<'client'>>,
): Promise<void> {
  const { records, state, connection } = client
  for (const some of partsOf(records)) {
    const { content, secrets } = await encodeRecords(some)
    await call('run:give', { id, part: { ...content, secrets, keys: [] } })
  }
  if (state && connection !== undefined) await call('run:give', { id, part: keysOf(state, connection) })
  await call('run:give', { id })
}

function keysOf(state: ClientState, connection: string): GivenRecords {
  const keys = Object.fromEntries(
    Object.entries(derivedKeys(state)).map(([symbol, key]) => [symbol, toBase64(key)]),
  )
  return {
    connections: [],
    frames: [],
    records: [],
    secrets: [],
    keys: [{ connection, role: 'client', keys }],
  }
}

function partsOf(records: readonly Hl1Entry[]): readonly (readonly Hl1Entry[])[] {
  const parts: Hl1Entry[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const entry of records) {
    if (bytes > AT_ONCE.bytes || (parts.at(-1)?.length ?? 0) >= AT_ONCE.records) {
      parts.push([])
      bytes = 0
    }
    parts.at(-1)?.push(entry)
    bytes += entry.frame.length + (entry.plaintext?.bytes.length ?? 0)
  }
  return parts
}
