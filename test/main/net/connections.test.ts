import { setMaxListeners } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { Connections } from '#main/net/connections'
import { wrapSocket, type OpenSocket } from '#main/net/socket-pipe'
import { systemEnvironment } from '#shared/hl1/environment'
import type { Connection } from '#shared/record/connection'
import { until } from '../../support/wait'

const NEVER = new AbortController().signal
// Many connections are opened at once.
setMaxListeners(0, NEVER)
const TO_SERVER = { opener: 'client', acceptor: 'server' } as const
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A listener that asks for the connection of each socket as it comes. */
async function listen(connections: Connections) {
  const accepted: { readonly socket: OpenSocket; readonly connection: Connection }[] = []
  const server = createServer({ allowHalfOpen: true }, (raw) => {
    const socket = wrapSocket(raw, systemEnvironment)
    accepted.push({ socket, connection: connections.accept(socket, 'server') })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { accepted, at: { address: '127.0.0.1', port } }
}

const open = (connections: Connections, to: Connection['to']) =>
  connections.open(to, TO_SERVER, systemEnvironment, NEVER)

describe('a connection', () => {
  it('is the same thing at both of its ends, whichever of them hears of it first', async () => {
    const connections = new Connections()
    const { accepted, at } = await listen(connections)
    const opened = await Promise.all(Array.from({ length: 50 }, () => open(connections, at)))
    await until(() => accepted.length === 50)
    const byId = new Map(accepted.map(({ connection }) => [connection.id, connection]))
    expect(byId.size).toBe(50)
    for (const { socket, connection } of opened) {
      expect(byId.get(connection.id)).toBe(connection)
      expect(connection).toMatchObject({ ...TO_SERVER, from: socket.local, to: at, suite: undefined })
    }
    for (const { socket } of [...opened, ...accepted]) socket.pipe.close()
  })

  it('is found once: who has its ends later has a connection of its own, opened by nobody of this lab', async () => {
    const connections = new Connections()
    const { accepted, at } = await listen(connections)
    const { socket, connection } = await open(connections, at)
    await until(() => accepted.length === 1)
    const later = connections.accept({ local: at, peer: socket.local }, 'server')
    expect(later.id).not.toBe(connection.id)
    expect(later).toMatchObject({ opener: undefined, acceptor: 'server', from: socket.local, to: at })
    socket.pipe.close()
    accepted[0]?.socket.pipe.close()
  })

  it('that nobody accepted is forgotten when it closes', async () => {
    const connections = new Connections()
    const { accepted, at } = await listen(new Connections())
    const { socket, connection } = await open(connections, at)
    await until(() => accepted.length === 1)
    const closed = new Promise<void>((resolve) => socket.onClose(resolve))
    socket.pipe.close()
    accepted[0]?.socket.pipe.close()
    await closed
    const later = connections.accept({ local: at, peer: socket.local }, 'server')
    expect([later.id === connection.id, later.opener]).toEqual([false, undefined])
  })

  it('that could not be made is forgotten', async () => {
    const connections = new Connections()
    const { at } = await listen(connections)
    await new Promise((resolve) => servers.pop()?.close(resolve))
    await expect(open(connections, at)).rejects.toMatchObject({ code: 'connection_refused' })
  })

  it('goes on from a relay, and is not found where the relay was reached', () => {
    const connections = new Connections()
    const end = (port: number) => ({ address: '127.0.0.1', port })
    connections.relay({ local: end(1), peer: end(2) }, { local: end(3), peer: end(4) })
    expect(connections.accept({ local: end(4), peer: end(3) }, 'server').opener).toBeUndefined()
  })
})
