/** Tries what a page can send out, and sees what arrives: real listeners on this machine, and the net log's look-ups of names. */
import type { Page } from '@playwright/test'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { WAYS, type Target, type Way } from './egress-ways'

/** So long may what was begun take until it arrives: a peer's first message waits for its look at the machine's addresses. */
const ARRIVES_WITHIN_MS = 3_000

/** So long may another page take to be asked for. */
const LEADS_WITHIN_MS = 1_000

export interface Watch {
  /** A target for each way, by its name. */
  readonly targets: ReadonlyMap<string, Target>
  /** The ways over which something has arrived: a connection, even an empty one, or a datagram. */
  readonly arrived: () => readonly string[]
  readonly close: () => Promise<void>
}

/** The addresses of this machine that a page might reach: loopback, and one of the network's if there is one. */
export function localAddresses(): readonly string[] {
  const others = Object.values(networkInterfaces())
    .flat()
    .filter((found) => found !== undefined && found.family === 'IPv4' && !found.internal)
  return ['127.0.0.1', ...others.slice(0, 1).map((found) => found!.address)]
}

/** Listens for every way on a port of its own, on TCP and UDP, at an address of this machine. */
export async function watchWays(host: string): Promise<Watch> {
  const arrived = new Set<string>()
  const open: (Server | Socket)[] = []
  const token = `t${Math.random().toString(36).slice(2)}`
  const targets = new Map<string, Target>()
  for (const [index, { name }] of WAYS.entries()) {
    const [server, socket] = await listenTwice(host)
    server.on('connection', (connection) => {
      arrived.add(name)
      connection.on('error', () => undefined).destroy()
    })
    socket.on('message', () => void arrived.add(name))
    open.push(server, socket)
    const { port } = server.address() as AddressInfo
    targets.set(name, { host, port, name: `w${index}.${token}.test` })
  }
  return {
    targets,
    arrived: () => [...arrived],
    close: async () => {
      await Promise.all(open.map((each) => new Promise((resolve) => each.close(() => resolve(undefined)))))
    },
  }
}

/** Both at one port: UDP may have to try another one. */
async function listenTwice(host: string): Promise<readonly [Server, Socket]> {
  for (;;) {
    const server = createServer().listen(0, host)
    await once(server, 'listening')
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    try {
      socket.bind((server.address() as AddressInfo).port, host)
      await once(socket, 'listening')
      return [server, socket]
    } catch {
      server.close()
      socket.close()
    }
  }
}

/**
 * Tries every way in a page, then waits for what may arrive.
 * @param reload loads the page anew, and answers when it is there
 */
export async function tryAllWays(
  page: Page,
  { targets, arrived }: Watch,
  reload: () => Promise<unknown>,
): Promise<void> {
  for (const way of WAYS) {
    const target = targets.get(way.name)!
    const isAnswered = await tryWay(page, way, target)
    if (way.leads === 'nowhere') continue
    const hasArrived = (): boolean => arrived().includes(way.name)
    const soon = async (): Promise<void> => {
      for (const end = Date.now() + LEADS_WITHIN_MS; Date.now() < end && !hasArrived();) await wait(50)
      await reload()
    }
    await soon()
    // Unanswered and not arrived: the page before this one was still on its way elsewhere, and took the script with it.
    if (isAnswered || hasArrived()) continue
    await tryWay(page, way, target)
    await soon()
  }
  await wait(ARRIVES_WITHIN_MS)
}

/** Whether the page has answered: one that is left does not. */
async function tryWay(page: Page, way: Way, target: Target): Promise<boolean> {
  // What a script throws, here or later, is an answer like another.
  const text = `void (async () => { ${way.script(target)} })().catch(() => undefined)`
  return page.evaluate(text).then(
    () => true,
    () => false,
  )
}

/** The ways whose names were looked up, by the net log of an app that has ended. */
export function namesLookedUp(netLog: string, targets: ReadonlyMap<string, Target>): readonly string[] {
  const { constants, events } = JSON.parse(readFileSync(netLog, 'utf8')) as {
    readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> }
    readonly events: readonly { readonly type: number; readonly params?: unknown }[]
  }
  const kinds = Object.entries(constants.logEventTypes).filter(([name]) => /HOST_RESOLVER|DNS/.test(name))
  const types = new Set(kinds.map(([, type]) => type))
  const lookUps = events
    .filter(({ type }) => types.has(type))
    .map(({ params }) => JSON.stringify(params ?? ''))
  return [...targets]
    .filter(([, { name }]) => lookUps.some((text) => text.includes(name)))
    .map(([way]) => way)
}
