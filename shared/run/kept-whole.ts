/**
 * Whether a run has its records from the beginning on. Lists of records have room for so many: the oldest go for newer ones, and a connection
 * may then begin in the middle. A list that was never full has lost nothing. Every version so far has kept as many; should one keep fewer, files go
 * by the fewest.
 */
import type { Hl1Entry } from '../hl1/types'
import { CLIENT_RECORDS_KEPT, recordsTake, RECORDS_KEPT, type RecordLimit } from '../record/record-list'

/** A record that had to go may have taken as much as this; what was left is then that much less than the limit. */
const LARGEST_RECORD_BYTES = 48 * 1024 * 1024

export interface KeptWhole {
  /** Nothing of authority and server is gone. */
  readonly ofListeners: boolean
  /** Whether an end of a connection, by its first record, may have lost what came before that. */
  readonly mayBeginInside: (first: Hl1Entry) => boolean
}

/** What a run with these records may have lost. */
export function keptWhole(records: readonly Hl1Entry[]): KeptWhole {
  const listeners = records.filter(({ role }) => role !== 'client')
  const clients = records.filter(({ role }) => role === 'client')
  const ofListeners = !mayHaveDropped(listeners, RECORDS_KEPT)
  const ofClients = !mayHaveDropped(clients, CLIENT_RECORDS_KEPT)
  // The client’s window has a list for its connection of the moment, and another for all before that.
  const lossy = new Set([clients[0]?.connection.id, clients.at(-1)?.connection.id])
  return {
    ofListeners,
    mayBeginInside: ({ role, connection }) =>
      role === 'client' ? !ofClients && lossy.has(connection.id) : !ofListeners,
  }
}

function mayHaveDropped(records: readonly Hl1Entry[], { count, bytes }: RecordLimit): boolean {
  return records.length >= count || recordsTake(records) + LARGEST_RECORD_BYTES > bytes
}
