/** Someone in the middle of real connections, who passes frames on, keeps them, and sends what they like instead. */
import { createServer } from 'node:net'
import type { Connections } from '#main/net/connections'
import type { Ends } from '#main/net/socket-pipe'
import type { Bytes } from '#shared/bytes'
import { headerField } from '#shared/hl1/frame'
import type { Endpoint } from '#shared/record/connection'
import { endsOf, RawPeer } from './raw-peer'

/** A frame that has come to the relay. */
export interface Passing {
  readonly frame: Bytes
  /** The frame's type: a step, or an alert. */
  readonly type: number
  /** How many of this type have come on this connection before. */
  readonly before: number
}

/** What goes on instead of a frame, once it has come. */
export type Meddle = (passing: Passing) => readonly Bytes[]

export const passOn: Meddle = ({ frame }) => [frame]

export interface Relay {
  /** Where to connect to in place of the listener. */
  readonly endpoint: Endpoint
  /** Decides for the connections that come from now on. */
  meddle: Meddle
  /** What has come on the last connection, from both sides, oldest first. */
  readonly passed: () => readonly Passing[]
  /** Waits for both sides to have ended the last connection. */
  readonly settled: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Starts a relay to a port on this machine; `connections`, where it is a lab's own, learns what goes on from the relay. */
export async function startRelay(port: number, connections?: Connections): Promise<Relay> {
  let passed: Passing[] = []
  let settled: Promise<unknown> = Promise.resolve()
  const peers: RawPeer[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const { meddle } = relay
    const here: Passing[] = (passed = [])
    const near = RawPeer.of(socket)
    const incoming = endsOf(socket)
    const onBound = (outgoing: Ends): void => connections?.relay(incoming, outgoing)
    settled = RawPeer.connect(port, { onBound }).then((far) => {
      peers.push(near, far)
      return Promise.all([pump(near, far, here, meddle), pump(far, near, here, meddle)])
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address() as { readonly port: number }
  const relay: Relay = {
    endpoint: { address: '127.0.0.1', port: address.port },
    meddle: passOn,
    passed: () => passed,
    settled: async () => void (await settled),
    stop: async () => {
      for (const peer of peers) peer.close()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  return relay
}

/** Passes on what one side sends, until it ends. */
async function pump(from: RawPeer, to: RawPeer, passed: Passing[], meddle: Meddle): Promise<void> {
  for (;;) {
    const frame = await from.frame()
    if (!frame) return to.finish()
    const type = headerField(frame, 'type')
    const passing = { frame, type, before: passed.filter((each) => each.type === type).length }
    passed.push(passing)
    for (const each of meddle(passing)) await to.send(each)
  }
}
