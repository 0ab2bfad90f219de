/** Ports that another program has taken. */
import { randomInt } from 'node:crypto'
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

/**
 * That many ports that nobody listens on, each another one. They lie below those that the systems hand out for
 * outgoing connections (32768 and up on Linux, 49152 on others), so that no test beside this one gets them by chance.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held: Occupied[] = []
  while (held.length < count) {
    const taken = await occupy(randomInt(20_000, 32_768)).catch(() => undefined)
    if (taken) held.push(taken)
  }
  await Promise.all(held.map(({ stop }) => stop()))
  return held.map(({ port }) => port)
}
