/** Someone between client and server, and between server and authority: everything goes on as without them. */
import { afterEach, describe, expect, it } from 'vitest'
import { shallowRef } from 'vue'
import { RecordNews } from '#main/lab/record-news'
import type { Routes } from '#main/lab/roles'
import { toUtf8 } from '#shared/bytes'
import type { Hl1Entry } from '#shared/hl1/types'
import { encodeFrame } from '#shared/hl1/frame'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITE_NAMES } from '#shared/hl1/suites'
import type { Settings } from '#shared/settings'
import { WINDOWS } from '#shared/windows'
import { useDiagram } from '../../renderer/client/composables/use-diagram'
import { openClientWindow } from '../support/client-window'
import { expectNone } from '../support/context'
import { closeLabs, makeClient, startedLab } from '../support/lab'
import { RawPeer } from '../support/raw-peer'
import { startRelay, type Relay } from '../support/relay'
import { until } from '../support/wait'

const open: { readonly close: () => unknown }[] = []
afterEach(async () => {
  for (const { close } of open.splice(0)) await close()
  await closeLabs()
})

/** A lab both of whose ways lead through a relay. */
async function relayedLab(changes: Partial<Settings> = {}) {
  const routes: { current: Routes } = { current: {} }
  const started = await startedLab(changes, { routes: () => routes.current })
  const { authority, server, roles } = started.lab
  const { connections } = roles.context
  const toAuthority = await startRelay(authority.address!.port, connections)
  const toServer = await startRelay(server.address!.port, connections)
  for (const relay of [toAuthority, toServer]) open.push({ close: () => relay.stop() })
  routes.current = { serverToAuthority: toAuthority.endpoint, clientToServer: toServer.endpoint }
  return { ...started, toAuthority, toServer }
}

const idsOf = (entries: readonly Hl1Entry[]): ReadonlySet<string> =>
  new Set(entries.map(({ connection }) => connection.id))
const passedBy = (relay: Relay): readonly number[] => relay.passed().map(({ type }) => type)

describe.each(SUITE_NAMES)('with a relay on every way in suite %s', (suite) => {
  it('the walk takes its eight steps, and both ends know each connection as the same', async () => {
    const started = await relayedLab({ suite })
    const { lab, told, toAuthority, toServer } = started
    const window = await openClientWindow(started)
    open.push(window)
    const { walk } = window
    const stood: number[] = []
    for (const step of STEP_NUMBERS) {
      await until(() => walk.next === step)
      await walk.takeNextStep()
      expect(walk.fault).toBeUndefined()
      stood.push(step)
      // Between two steps somebody waits at a gate, and nothing else happens.
      if (step < 8) await until(() => walk.next === step + 1)
    }
    expect(stood).toEqual(STEP_NUMBERS)
    expect([passedBy(toAuthority), passedBy(toServer)]).toEqual([
      [1, 2],
      [3, 4, 5, 6, 7, 8],
    ])
    expect([...told, ...walk.client.records].every(({ outcome }) => outcome.ok)).toBe(true)
    const registration = idsOf(told.filter(({ step }) => step <= 2))
    const session = idsOf([...told, ...walk.client.records].filter(({ step }) => step > 2))
    expect([registration.size, session]).toEqual([1, new Set([walk.client.connection])])
    expect(lab.server.sessions.views()).toMatchObject([{ id: walk.client.connection, requests: 1 }])
    const { rows } = useDiagram({
      entries: shallowRef(told),
      earlier: shallowRef(walk.client.earlier),
      own: shallowRef(walk.client.records),
      marker: shallowRef(walk.marker),
      connection: shallowRef(walk.client.connection),
      next: shallowRef(walk.next),
    })
    await until(() => rows.value.every(({ state }) => state === 'done'))
    expect(rows.value.map(({ sent, received }) => [sent?.id, received?.id].every(Boolean))).toEqual(
      Array(8).fill(true),
    )
  })

  it('the client’s window hears of both ways, and what step 5 says of the address is noted', async () => {
    const started = await relayedLab({ suite })
    const { lab, told, forgotten } = started
    const seen: string[] = []
    const news = new RecordNews(WINDOWS, {
      tell: (window, changes) => {
        for (const change of changes)
          if (window === 'client' && change.kind === 'added') seen.push(change.entry.id)
      },
      fail: expectNone,
    })
    await lab.register()
    const { client } = await makeClient(started)
    await client.open()
    for (const entry of told) news.add({ kind: 'added', entry })
    news.flush()
    expect(seen).toEqual(told.map(({ id }) => id))
    const step5 = told.find(({ step, direction }) => step === 5 && direction === 'received')
    expect(step5?.outcome.ok).toBe(true)
    expect(step5?.checks.find(({ id }) => id === 'address')?.result).toBe('noted')
    client.close()
    await until(() => lab.server.sessions.views()[0]?.end?.how === 'client_left')
    expect(forgotten.some(({ connection }) => connection?.id === client.connection.id)).toBe(true)
  })

  it('a session ends with its lifetime, is ended by the server, and is forgotten on both sides', async () => {
    const started = await relayedLab({ suite, lifetime: 1 })
    const { lab, settings } = started
    const { walk, close } = await openClientWindow(started)
    open.push({ close })
    await walk.runAll()
    expect(walk.done).toBe(true)
    await until(() => walk.client.ended && lab.server.sessions.views()[0]?.end?.how === 'lifetime')
    const secrets = [...walk.client.records, ...lab.journal.list()]
      .filter(({ step }) => step > 4)
      .flatMap(({ members }) => members.filter(({ secret }) => secret))
    expect(secrets.length).toBeGreaterThan(0)
    expect(secrets.every(({ forgotten }) => forgotten)).toBe(true)
    await walk.sendRequest(true)
    expect(walk.fault).toMatchObject({ code: 'session_expired', step: 7 })
    settings.current = { ...settings.current, lifetime: 60 }
    await walk.renewSession()
    lab.server.endSession(walk.client.connection!)
    await until(() => walk.fault?.code === 'session_expired')
    expect(lab.server.sessions.views()[0]?.end?.how).toBe('ended_here')
  })
})

describe('a program that comes from a port which the walk has used', () => {
  it('has a connection of its own, which the client’s window does not hear of', async () => {
    const { before, link, client, started } = await walkedFromAPortThatIsFreeAgain()
    const theirs = started.told.slice(before)
    expect(theirs.map(({ role, kind }) => `${role} ${kind}`)).toEqual([
      'authority message',
      'authority alert',
      'server message',
      'server alert',
    ])
    const news = new RecordNews(WINDOWS, { tell: () => undefined, fail: expectNone })
    for (const entry of theirs) {
      expect(entry.connection).toMatchObject({ opener: undefined, from: link.connection.from })
      expect(entry.connection.id).not.toBe(client.connection.id)
      expect(news.concerns('client', entry)).toBe(false)
      expect(news.concerns(entry.role, entry)).toBe(true)
    }
    const ours = started.told.slice(0, before).find(({ step }) => step === 3)
    expect(news.concerns('client', ours!)).toBe(true)
  })
})

/**
 * A client has walked and left, and another program has come to both roles from its port. The system hands that port
 * out again as it likes: if a program beside this test gets it first, or the client was the first to close, as on a busy machine, everything
 * is done again with another.
 */
async function walkedFromAPortThatIsFreeAgain(attempts = 25) {
  const started = await startedLab()
  const { lab, told } = started
  await lab.register()
  const { client, link } = await makeClient(started)
  await client.open()
  // Who closes first keeps the port for a while: that is the server here, and the client's port is free at once.
  await lab.stopServer()
  await started.links.read(link.id).catch(() => undefined)
  client.close()
  await lab.startServer()
  await lab.register()
  const before = told.length
  const { port } = link.connection.from
  try {
    for (const [step, listener] of [
      [1, lab.authority],
      [3, lab.server],
    ] as const) {
      const other = await RawPeer.connect(listener.address!.port, { from: port })
      expect(other.local.port).toBe(port)
      await other.send(encodeFrame(step, 1, toUtf8('not what is asked for')))
      await other.alert()
      other.reset()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempts === 1) throw error
    return walkedFromAPortThatIsFreeAgain(attempts - 1)
  }
  return { started, client, link, before }
}
