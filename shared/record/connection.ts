/** One connection between two roles, as both of its ends, records, gates, sessions and views know it. */

/** An address and port of TCP over IPv4. */
export interface Endpoint {
  readonly address: string
  readonly port: number
}

/** One of both sides of a connection: who of it has sent something, or gets it. */
export type End = 'opener' | 'acceptor'

export function otherEnd(end: End): End {
  return end === 'opener' ? 'acceptor' : 'opener'
}

/** Plain data; made where the connection is opened, and the same thing at both of its ends. */
export interface Connection {
  /** No other connection of one lab ever has it; it says nothing of addresses, which are used again. */
  readonly id: string
  /** The role that has opened it; undefined for a program that is not part of this lab. */
  readonly opener: string | undefined
  /** The role that it leads to. */
  readonly acceptor: string
  /** The opener's end. */
  readonly from: Endpoint
  /** Where the opener has connected to: the acceptor, or whoever relays to it. */
  readonly to: Endpoint
  /** Undefined until the first message has fixed it. */
  readonly suite: string | undefined
}

/** What people and programs read for a connection: the address and port of the end that has opened it. */
export function connectionName({ from }: Connection): string {
  return `${from.address}:${from.port}`
}
