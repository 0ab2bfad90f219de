/** Who keeps a place at a listener, and who gives it up, when there are more connections than it takes. */
import { afterEach, describe, expect, it } from 'vitest'
import { PLACES } from '#main/net/places'
import { UNSERVED } from '#main/net/listener'
import { concat } from '#shared/bytes'
import { encodeHeader, headerField } from '#shared/hl1/frame'
import type { Settings } from '#shared/settings'
import {
  approach,
  askServer,
  goThrough,
  portOf,
  ROLES,
  startLoopback,
  type Loopback,
} from '../support/loopback'
import { RawPeer } from '../support/raw-peer'
import { until } from '../support/wait'

let loopback: Loopback | undefined
const peers: RawPeer[] = []
afterEach(async () => {
  for (const peer of peers.splice(0)) peer.close()
  await loopback?.stop()
  loopback = undefined
})

async function start(changes: Partial<Settings>): Promise<Loopback> {
  loopback = await startLoopback(changes)
  return loopback
}

/** So many connections that say nothing but these bytes. */
async function hold(port: number, count: number, bytes = new Uint8Array()): Promise<RawPeer[]> {
  const held = await Promise.all(Array.from({ length: count }, () => RawPeer.connect(port)))
  for (const peer of held) await peer.send(bytes)
  peers.push(...held)
  return held
}

describe('all places are taken', () => {
  it.each(ROLES)(
    'by who says nothing: the $role gives the oldest one’s to who speaks',
    async ({ role, step }) => {
      const lab = await start({ maxConnections: 3 })
      const [first, ...others] = await hold(portOf(lab, role), 3)
      await until(() => lab[role].connections === 3)
      expect(await goThrough(await approach(lab, step))).toBe(true)
      expect(await first!.alert()).toMatchObject({ code: 'busy', step })
      // The one place has served all of these, one after another.
      for (let round = 0; round < 5; round++) expect(await goThrough(await approach(lab, step))).toBe(true)
      for (const peer of others.slice(0, -1)) peer.close()
    },
  )

  it('by who says a byte every now and then: it is no younger for that', async () => {
    const lab = await start({ maxConnections: 3 })
    const held = await hold(lab.serverPort, 3, new Uint8Array(1))
    const dribble = setInterval(() => held.forEach((peer) => void peer.send(new Uint8Array(1))), 20)
    for (let round = 0; round < 3; round++) expect(await askServer(lab, ['echo x'])).toEqual(['x'])
    clearInterval(dribble)
  })

  it('by who has sent step 3 and waits: after a while, the place is anybody’s', async () => {
    const lab = await start({ maxConnections: 2 })
    const held = [await approach(lab, 5), await approach(lab, 5)]
    peers.push(...held.map(({ peer }) => peer))
    await new Promise((resolve) => setTimeout(resolve, PLACES.patienceMs + 50))
    expect(await askServer(lab, ['echo x'])).toEqual(['x'])
    expect(await held[0]!.peer.alert()).toMatchObject({ code: 'busy', step: 5 })
    // The other one is still served.
    expect(await goThrough(held[1]!)).toBe(true)
  })

  it('by sessions: none of them is dropped, and who comes is told busy', async () => {
    const lab = await start({ maxConnections: 2 })
    const held = [await approach(lab, 7), await approach(lab, 7)]
    await new Promise((resolve) => setTimeout(resolve, PLACES.patienceMs + 50))
    const late = await approach(lab, 3)
    await late.peer.send(late.moment.frame)
    expect(await late.peer.alert()).toMatchObject({ code: 'busy', step: 3 })
    expect(await Promise.all(held.map(goThrough))).toEqual([true, true])
  })

  it('by sessions that have ended: these may go', async () => {
    const lab = await start({ maxConnections: 1, lifetime: 1, idleLimit: 30 })
    const held = await approach(lab, 7)
    await new Promise((resolve) => setTimeout(resolve, 1_000 + PLACES.patienceMs + 100))
    expect(await askServer(lab, ['echo x'])).toEqual(['x'])
    expect(await held.peer.alert()).toMatchObject({ code: 'busy', step: 7 })
  })

  it('by who says nothing: nobody gets one by saying nothing either', async () => {
    const lab = await start({ maxConnections: 3 })
    const held = await hold(lab.serverPort, 3)
    await until(() => lab.server.connections === 3)
    const [late] = await hold(lab.serverPort, 1)
    expect(await late!.alert()).toMatchObject({ code: 'busy', step: 3 })
    await hold(lab.serverPort, PLACES.anteroom + 100)
    expect(held.every(({ socket }) => socket.readyState === 'open')).toBe(true)
    // And an honest client finds its way past all of them.
    expect(await askServer(lab, ['echo x'])).toEqual(['x'])
  })
})

describe('whoever has no place waits for it without costing anything', () => {
  const FLOOD = 300

  it.each([
    ['says nothing', new Uint8Array()],
    ['says a byte', new Uint8Array(1)],
    ['says half of a frame', concat(encodeHeader(3, 1, 200), new Uint8Array(100))],
  ])('who %s takes nobody’s place, and is told nothing meanwhile', async (_what, bytes) => {
    const lab = await start({ maxConnections: 4 })
    const held = await hold(lab.serverPort, FLOOD, bytes)
    await until(() => lab.server.connections === FLOOD)
    const before = lab.records.length
    const visits = 5
    for (let round = 0; round < visits; round++) expect(await askServer(lab, ['echo x'])).toEqual(['x'])
    // Each visit has cost one of them its place, and nobody else anything.
    expect(held.filter(({ socket }) => socket.readableEnded || socket.destroyed).length).toBeLessThanOrEqual(
      visits,
    )
    const told = lab.records.slice(before).filter(({ kind }) => kind === 'alert')
    expect(told.length).toBeLessThanOrEqual(visits)
  })

  it('and is served once its first message is whole, however it comes', async () => {
    const lab = await start({ maxConnections: 2 })
    await hold(lab.serverPort, 2)
    await until(() => lab.server.connections === 2)
    const slow = await approach(lab, 3)
    for (const byte of slow.moment.frame) {
      await slow.peer.send(Uint8Array.of(byte))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(headerField((await slow.peer.frame())!, 'type')).toBe(4)
    slow.peer.close()
  })

  it.each([
    ['another version', 'unsupported_version', Uint8Array.of(0, 0, 0, 20, 9, 3, 1, 0)],
    ['another step', 'unexpected_message', encodeHeader(7, 1, 20)],
    ['too long a frame', 'frame_too_large', encodeHeader(3, 1, 0xffff)],
    ['a length that is none', 'malformed', new Uint8Array(4)],
  ])('and is refused as ever for %s, before there is more', async (_what, code, bytes) => {
    const lab = await start({ maxConnections: 2 })
    await hold(lab.serverPort, 2)
    await until(() => lab.server.connections === 2)
    const [late] = await hold(lab.serverPort, 1, bytes)
    expect(await late!.alert()).toMatchObject({ code })
  })

  it('and is refused for ending in the middle of its message', async () => {
    const lab = await start({ maxConnections: 2 })
    await hold(lab.serverPort, 2)
    await until(() => lab.server.connections === 2)
    const [late] = await hold(lab.serverPort, 1, encodeHeader(3, 1, 20))
    late!.finish()
    expect(await late!.alert()).toMatchObject({ code: 'malformed', step: 3 })
  })

  it('and a longest first message finds its place too', async () => {
    const lab = await start({ maxConnections: 2 })
    await hold(lab.authorityPort, 2)
    await until(() => lab.authority.connections === 2)
    const body = 16_384 - 4
    const [late] = await hold(lab.authorityPort, 1, concat(encodeHeader(1, 2, body), new Uint8Array(body)))
    expect(await late!.alert()).toMatchObject({ code: 'decrypt_failed', step: 1 })
  })
})

it('a thousand connections a second and more: honest clients are served, and the others leave no endless list', async () => {
  const lab = await start({ maxConnections: 16 })
  await hold(lab.serverPort, 16)
  await until(() => lab.server.connections === 16)
  let goesOn = true
  let opened = 0
  const flood = async (): Promise<void> => {
    while (goesOn) {
      const peer = await RawPeer.connect(lab.serverPort).catch(() => undefined)
      opened++
      // Who waits for an answer waits long: this one has nothing to say, and says so.
      peer?.finish()
      await peer?.end().catch(() => undefined)
      peer?.close()
    }
  }
  const before = lab.records.length
  const started = performance.now()
  const floods = Array.from({ length: 200 }, flood)
  for (let round = 0; round < 20; round++) expect(await askServer(lab, ['echo x'])).toEqual(['x'])
  while (performance.now() - started < 1_500) expect(await askServer(lab, ['echo x'])).toEqual(['x'])
  goesOn = false
  const seconds = (performance.now() - started) / 1_000 + 1
  const refused = lab.records.slice(before).filter(({ outcome }) => !outcome.ok && outcome.code === 'busy')
  // The message and the alert about it, or the alert alone.
  const told = refused.filter(({ kind }) => kind === 'alert').length
  expect(opened).toBeGreaterThan(UNSERVED.told + seconds * UNSERVED.toldMoreInASecond)
  expect(told).toBeGreaterThan(0)
  expect(told).toBeLessThanOrEqual(UNSERVED.told + seconds * UNSERVED.toldMoreInASecond)
  await lab.stop()
  await Promise.all(floods)
}, 30_000)
