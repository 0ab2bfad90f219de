/** Ports that another program has taken. */
import { createServer } from 'node:net'

export interface Occupied {
  readonly port: number
  readonly stop: () => Promise<void>
}

/** Listens on a port, any free one unless told, as another program would. */
export async function occupy(wanted = 0): Promise<Occupied> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port: wanted }, resolve)
  })
  const { port } = server.address() as { port: number }
  return { port, stop: () => new Promise((resolve) => server.close(() => resolve())) }
}

/** That many ports that nobody listens on just now, each another one. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held = await Promise.all(Array.from({ length: count }, () => occupy()))
  await Promise.all(held.map(({ stop }) => stop()))
  return held.map(({ port }) => port)
}
