/** What somebody in the middle of a connection sees, and can do there. */
import type { Bytes } from '../bytes'
import { headerField, TYPE_ALERT } from '../hl1/frame'
import type { End, Endpoint } from '../record/connection'

export { otherEnd, type End } from '../record/connection'

/** A frame on its way. */
export interface Passing {
  readonly connection: RelayedConnection
  /** Who has sent it. */
  readonly from: End
  readonly frame: Bytes
}

/** One connection through a relay. */
export interface RelayedConnection {
  /** Counts from 1. */
  readonly number: number
  /** The opener's end of it. */
  readonly opener: Endpoint
  /** The relay's own end of the way on to the acceptor. */
  readonly onward: Endpoint
  /** Sends bytes to one of both ends; rejects with LabError `connection_closed` when it is gone. */
  readonly send: (to: End, bytes: Bytes) => Promise<void>
  /** Ends the connection on both sides. */
  readonly cut: () => void
}

/** The step of a frame; 0 for an alert. */
export function stepOf(frame: Bytes): number {
  const type = headerField(frame, 'type')
  return type === TYPE_ALERT ? 0 : type
}
