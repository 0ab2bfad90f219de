/** The lab of the main process, as its windows drive it: walking step by step, records, secrets. No Electron in here. */
import { afterEach, describe, expect, it } from 'vitest'
import { viewLab } from '#main/lab/view'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { rejection, story } from '../support/conversations'
import { asLoopback, closeLabs, makeClient, makeLab, startedLab } from '../support/lab'
import { approach, askServer, goThrough } from '../support/loopback'
import { occupy, type Occupied } from '../support/ports'
import { RawPeer } from '../support/raw-peer'
import { until } from '../support/wait'

afterEach(closeLabs)

describe('registering step by step', () => {
  it('stops before step 2 until that is released, and no timestamp gets old meanwhile', async () => {
    const { lab, told } = await startedLab({ maxAge: 1 })
    await lab.walkRegister()
    expect(story(told)).toEqual(['sent step 1', 'received step 1'])
    expect(lab.walk.gates.waiting).toEqual([2])
    expect([lab.registration, lab.registered]).toEqual(['under_way', 1])
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(lab.walk.gates.waiting).toEqual([2])
    await lab.walkFinishRegistration()
    expect(story(told)).toEqual(['sent step 1', 'received step 1', 'sent step 2', 'received step 2'])
    expect([lab.registration, lab.registered]).toEqual(['registered', 2])
    expect(lab.walk.gates.waiting).toEqual([])
  })

  it('does not run into the idle limit', async () => {
    const { lab } = await startedLab({ idleLimit: 1 })
    await lab.walkRegister()
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await lab.walkFinishRegistration()
    expect(lab.registration).toBe('registered')
  })

  it('does not hold up another program that registers meanwhile', async () => {
    const started = await startedLab()
    await started.lab.walkRegister()
    expect(await goThrough(await approach(asLoopback(started), 1))).toBe(true)
    expect(started.lab.walk.gates.waiting).toEqual([2])
    await started.lab.walkFinishRegistration()
  })

  it('goes on straight through when that is asked for', async () => {
    const { lab, told } = await startedLab()
    await lab.walkRegister()
    await lab.register()
    expect(story(told)).toHaveLength(4)
    expect(lab.registration).toBe('registered')
  })

  it('is given up when the walk begins anew', async () => {
    const { lab, told } = await startedLab()
    await lab.walkRegister()
    lab.resetWalk()
    await until(() => lab.registration === 'none')
    expect(lab.walk.gates.waiting).toEqual([])
    expect(lab.serverFault).toBeUndefined()
    await expect(lab.walkFinishRegistration()).rejects.toMatchObject({ code: 'not_waiting' })
    expect(story(told)).toEqual(['sent step 1', 'received step 1'])
    await lab.walkRegister()
    await lab.walkFinishRegistration()
    expect(lab.registration).toBe('registered')
  })

  it('begun twice is still the first one, which goes on and ends well', async () => {
    const { lab, told } = await startedLab()
    await lab.walkRegister()
    await lab.walkRegister()
    expect(story(told)).toEqual(['sent step 1', 'received step 1'])
    expect(lab.walk.gates.waiting).toEqual([2])
    await lab.walkFinishRegistration()
    expect([lab.registration, lab.serverFault]).toEqual(['registered', undefined])
  })

  it('ends when the authority stops, with a fault beside the server', async () => {
    const { lab } = await startedLab()
    await lab.walkRegister()
    await lab.stopAuthority()
    await until(() => lab.registration === 'none')
    expect(lab.serverFault).toMatchObject({ code: 'connection_closed' })
    expect(lab.walk.gates.waiting).toEqual([])
  })

  it('ends when the server stops', async () => {
    const { lab } = await startedLab()
    await lab.walkRegister()
    await lab.stopServer()
    await until(() => lab.walk.gates.waiting.length === 0)
    expect([lab.registration, lab.registered]).toEqual(['none', 0])
  })

  it('needs both roles', async () => {
    const { lab } = makeLab()
    await expect(lab.walkRegister()).rejects.toMatchObject({
      code: 'not_running',
      message: 'The authority is not running: start it first.',
    })
    await lab.startAuthority()
    await expect(lab.walkRegister()).rejects.toMatchObject({
      code: 'not_running',
      message: 'The server is not running: start it first.',
    })
    await expect(lab.register()).rejects.toMatchObject({ code: 'not_running' })
    expect(lab.serverFault).toMatchObject({ code: 'not_running' })
  })
})

describe('registering straight through', () => {
  it('does not count as a step of the walk before that begins, and does afterwards', async () => {
    const { lab } = await startedLab()
    await lab.register()
    expect([lab.registration, lab.registered]).toEqual(['registered', 2])
    lab.resetWalk()
    expect([lab.registration, lab.registered]).toEqual(['registered', 0])
    await lab.register()
    expect(lab.registered).toBe(2)
  })

  it('twice at once is one registration', async () => {
    const { lab, told } = await startedLab()
    await Promise.all([lab.register(), lab.register()])
    expect(story(told)).toHaveLength(4)
    expect(lab.authority.issued).toHaveLength(1)
  })

  it('gets outdated with a new authority, and is good again afterwards', async () => {
    const { lab, anchors } = await startedLab()
    await lab.register()
    await lab.renewAuthority()
    expect([lab.registration, lab.registered]).toEqual(['outdated', 0])
    expect(anchors).toHaveLength(2)
    expect(anchors[1]).toBe(lab.authority.certificate)
    await lab.register()
    expect(lab.registration).toBe('registered')
  })
})

describe('a session step by step', () => {
  it('stops the server before each of its answers', async () => {
    const started = await startedLab({ idleLimit: 1 })
    const { lab } = started
    await lab.register()
    lab.walk.setStepping(true)
    const { client, records, link } = await makeClient(started)
    const opening = client.open()
    for (const step of [4, 6] as const) {
      await until(() => lab.walk.gates.waiting.includes(step))
      expect(story(records).at(-1)).toBe(`sent step ${step - 1}`)
      // Longer than the idle limit: nobody is dropped for being read about.
      await new Promise((resolve) => setTimeout(resolve, 1_200))
      lab.walk.gates.release(step, link.connection.id)
    }
    await opening
    const answer = client.request('echo one')
    await until(() => lab.walk.gates.waiting.includes(8))
    lab.walk.gates.release(8, link.connection.id)
    expect(await answer).toBe('one')
    lab.walk.setStepping(false)
    expect(await client.request('echo two')).toBe('two')
  })

  it('answers a release when the message was sent, or with why it was not', async () => {
    const started = await startedLab()
    const { lab } = started
    await lab.register()
    lab.walk.setStepping(true)
    const { client, link } = await makeClient(started)
    const { id } = link.connection
    const opening = rejection(client.open())
    await lab.walk.reached(4, id)
    expect(lab.walk.gates.waiting).toEqual([4])
    await lab.walk.gates.release(4, id)
    expect(story(started.told).at(-1)).toBe('sent step 4')
    await lab.walk.reached(6, id)
    const released = rejection(lab.walk.gates.release(6, id))
    await lab.server.stop()
    expect(await released).toMatchObject({ code: expect.any(String) })
    expect(story(started.told)).not.toContain('sent step 6')
    const waiting = rejection(lab.walk.reached(8, id))
    started.links.close(link.id)
    expect(await waiting).toMatchObject({ code: 'connection_closed' })
    expect(await rejection(lab.walk.reached(8, id))).toMatchObject({ code: 'connection_closed' })
    await opening
  })

  it('is waited for no longer than the walk stops before steps', async () => {
    const started = await startedLab()
    const { lab } = started
    await lab.register()
    lab.walk.setStepping(true)
    const { link } = await makeClient(started)
    const waiting = lab.walk.reached(4, link.connection.id)
    lab.walk.setStepping(false)
    await waiting
    await lab.walk.reached(4, link.connection.id)
  })

  it('does not hold up another client', async () => {
    const started = await startedLab()
    const { lab } = started
    await lab.register()
    lab.walk.setStepping(true)
    const { client } = await makeClient(started)
    const opening = rejection(client.open())
    await until(() => lab.walk.gates.waiting.includes(4))
    expect(await askServer(asLoopback(started), ['echo someone else'])).toEqual(['someone else'])
    expect(lab.walk.gates.waiting).toEqual([4])
    started.links.closeAll()
    expect(await opening).toMatchObject({ code: 'connection_closed' })
    expect(lab.walk.gates.waiting).toEqual([])
    await until(() => lab.server.connections === 0)
  })

  it('goes on by itself from where it is when it is told to', async () => {
    const started = await startedLab()
    await started.lab.register()
    started.lab.walk.setStepping(true)
    const { client } = await makeClient(started)
    const opening = client.open()
    await until(() => started.lab.walk.gates.waiting.includes(4))
    started.lab.walk.setStepping(false)
    expect(await opening).toMatchObject({ idC: 'ID-Client' })
  })
})

describe('a link between the client’s window and the server', () => {
  it('has both of its ends, and passes bytes until it is closed', async () => {
    const started = await startedLab()
    await started.lab.register()
    const { client, link } = await makeClient(started)
    expect(link.connection.to).toEqual(started.lab.server.address)
    expect(link.connection.from.address).toBe('127.0.0.1')
    await client.open()
    expect(await client.request('whoami')).toContain(`127.0.0.1:${link.connection.from.port}`)
    started.links.close(link.id)
    started.links.close(link.id)
    await expect(started.links.write(link.id, new Uint8Array([1]))).rejects.toMatchObject({
      code: 'connection_closed',
    })
    await expect(started.links.read(link.id)).rejects.toMatchObject({ code: 'connection_closed' })
    await until(() => started.lab.server.connections === 0)
  })

  it('wakes who reads when it is closed', async () => {
    const started = await startedLab()
    await started.lab.register()
    const { id } = await started.links.open(started.lab.server.address!)
    const reading = rejection(started.links.read(id))
    started.links.close(id)
    expect(await reading).toMatchObject({ code: 'connection_closed' })
  })

  it('is read by one at a time', async () => {
    const started = await startedLab()
    await started.lab.register()
    const { id } = await started.links.open(started.lab.server.address!)
    const first = rejection(started.links.read(id))
    await expect(started.links.read(id)).rejects.toMatchObject({ code: 'already_running' })
    started.links.close(id)
    expect(await first).toMatchObject({ code: 'connection_closed' })
  })

  it('is one of at most 64', async () => {
    const started = await startedLab({ maxConnections: 100 })
    await started.lab.register()
    const { address } = started.lab.server
    for (let count = 0; count < 64; count++) await started.links.open(address!)
    await expect(started.links.open(address!)).rejects.toMatchObject({ code: 'too_many_links' })
    started.links.closeAll()
    await started.links.open(address!)
  })

  it('that is being opened while the page goes away is closed', async () => {
    const started = await startedLab()
    await started.lab.register()
    const opening = rejection(started.links.open(started.lab.server.address!))
    started.links.closeAll()
    expect(await opening).toMatchObject({ code: 'connection_closed' })
    await until(() => started.lab.server.connections === 0)
    await started.links.open(started.lab.server.address!)
  })

  it('that is being opened counts as one of the 64', async () => {
    const started = await startedLab({ maxConnections: 200 })
    await started.lab.register()
    const { address } = started.lab.server
    const all = await Promise.allSettled(Array.from({ length: 70 }, () => started.links.open(address!)))
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(64)
  })

  it('is refused where nobody listens', async () => {
    const started = await startedLab()
    const { address } = started.lab.server
    await started.lab.stopServer()
    await expect(started.links.open(address!)).rejects.toMatchObject({ code: 'connection_refused' })
  })
})

describe('secrets', () => {
  it('are in nothing that windows are told, and revealed when asked for', async () => {
    const { lab, told } = await startedLab()
    await lab.register()
    const key = lab.privateKey('SK_S').pem
    const shown = JSON.stringify([told, lab.journal.list(), await viewLab(lab, DEFAULT_SETTINGS, VIEW)])
    expect(shown).not.toContain(JSON.stringify(key).slice(50, 90))
    expect(shown).not.toContain(JSON.stringify(lab.privateKey('SK_CA').pem).slice(50, 90))
    const record = lab.journal.list().find(({ step, role }) => step === 2 && role === 'server')
    expect(lab.journal.reveal(record!.id, 'sk_s', 'server')).toBe(key)
  })

  it('of a role are gone when it stops', async () => {
    const { lab } = await startedLab()
    await lab.register()
    const ids = Object.fromEntries(lab.journal.list().map(({ role, step, id }) => [`${role} ${step}`, id]))
    await lab.stopAuthority()
    expect(() => lab.privateKey('SK_CA')).toThrow(expect.objectContaining({ code: 'no_key' }))
    expect(() => lab.journal.reveal(ids['authority 2']!, 'sk_s', 'authority')).toThrow(
      expect.objectContaining({ code: 'unknown_record' }),
    )
    expect(lab.journal.reveal(ids['server 2']!, 'sk_s', 'server')).toBe(lab.privateKey('SK_S').pem)
    await lab.stopServer()
    expect(() => lab.privateKey('SK_S')).toThrow(expect.objectContaining({ code: 'no_key' }))
    expect(() => lab.journal.reveal(ids['server 1']!, 'k_tmp1', 'server')).toThrow(
      expect.objectContaining({ code: 'unknown_record' }),
    )
    expect(lab.journal.list()).toHaveLength(4)
  })

  it('are gone also where it stops in the middle of a message', async () => {
    const { lab, told } = await startedLab({ rsaBits: 3072 })
    const registering = rejection(lab.register())
    await until(() => told.some(({ role }) => role === 'authority'))
    await lab.close()
    await registering
    // The key pair that was being made is ready by now.
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    for (const { id, members, role } of lab.journal.list()) {
      for (const { name, secret } of members) {
        if (secret) expect(() => lab.journal.reveal(id, name, role)).toThrow()
      }
    }
  })
})

const VIEW = {
  isOnWire: false,
  heldOnWire: 0,
  dropped: [],
  trustAnchorFile: undefined,
  notices: [],
  commandLine: [],
  versions: { app: '', electron: '', chrome: '', node: '' },
} as const

describe('what the windows see', () => {
  it('before anything runs', async () => {
    const { lab, settings } = makeLab({ serverIdentity: 'My-Server' })
    expect(await viewLab(lab, settings.current, VIEW)).toMatchObject({
      authority: { status: 'stopped', identity: 'ID-CA', address: undefined, issued: [], connections: 0 },
      server: { status: 'stopped', identity: 'My-Server', registration: 'none', sessions: [] },
      walk: { registered: 0, waiting: [] },
    })
  })

  it('is what the roles do', async () => {
    const started = await startedLab({ lifetime: 100 })
    const { lab, settings } = started
    await lab.register()
    const { client, link } = await makeClient(started)
    await client.open()
    await client.request('time')
    const view = await viewLab(lab, settings.current, VIEW)
    expect(view.authority).toMatchObject({
      status: 'running',
      address: lab.authority.address,
      certificate: { subject: 'CN=ID-CA', selfSigned: true },
      issued: [{ certificate: { subject: 'CN=ID-Server', issuer: 'CN=ID-CA', selfSigned: false } }],
    })
    expect(view.server).toMatchObject({
      status: 'running',
      registration: 'registered',
      key: { bits: 2048, exponent: 65_537 },
      certificate: { subject: 'CN=ID-Server' },
      certS: { idS: 'ID-Server', idCa: 'ID-CA' },
      sessions: [
        { idC: 'ID-Client', lifetime: 100, requests: 1, connected: true, peer: link.connection.from },
      ],
      connections: 1,
    })
    expect(view.server.certificate?.key.fingerprint).toBe(view.server.key?.fingerprint)
    started.links.closeAll()
    await until(() => lab.server.connections === 0)
    expect((await viewLab(lab, settings.current, VIEW)).server.sessions).toMatchObject([{ connected: false }])
  })

  it('has a fault beside the role that could not start, with a free port to offer', async () => {
    const { lab, settings } = makeLab()
    await lab.startAuthority()
    const taken = lab.authority.address!.port
    await expect(lab.startServer(taken)).rejects.toMatchObject({ code: 'port_in_use' })
    const view = await viewLab(lab, settings.current, VIEW)
    expect(view.server).toMatchObject({ status: 'stopped', fault: { code: 'port_in_use' } })
    expect(view.server.fault?.freePort).toBeGreaterThan(taken)
    expect(view.authority.fault).toBeUndefined()
    await lab.startServer(view.server.fault!.freePort!)
    expect((await viewLab(lab, settings.current, VIEW)).server.fault).toBeUndefined()
  })

  it('is told of every connection that comes and goes', async () => {
    const { lab, changes } = await startedLab()
    const before = changes()
    const peer = await RawPeer.connect(lab.server.address!.port)
    await until(() => changes() > before)
    peer.close()
  })
})

describe('starting a role', () => {
  it('that is starting, or runs, is no fault: whoever asks waits for the same', async () => {
    const { lab } = makeLab()
    await Promise.all([lab.startServer(), lab.startServer(), lab.startAuthority(), lab.startAuthority()])
    expect([lab.authority.status, lab.server.status]).toEqual(['running', 'running'])
    await Promise.all([lab.startServer(), lab.startAuthority()])
    expect([lab.authorityFault, lab.serverFault]).toEqual([undefined, undefined])
  })

  it('that is starting and fails, fails for all who asked', async () => {
    const { lab } = makeLab()
    await lab.startAuthority()
    const taken = lab.authority.address!.port
    const both = [rejection(lab.startServer(taken)), rejection(lab.startServer(taken))]
    for (const failure of await Promise.all(both)) expect(failure).toMatchObject({ code: 'port_in_use' })
  })

  it('takes away a fault of the server that was for want of an authority', async () => {
    const { lab } = await startedLab()
    await lab.walkRegister()
    await lab.stopAuthority()
    await until(() => lab.serverFault !== undefined)
    await lab.startAuthority()
    expect(lab.serverFault).toBeUndefined()
  })

  it('offers no port that the other role is to have', async () => {
    const [taken, next] = await twoInARow()
    const { lab, settings } = makeLab({ authorityPort: next, serverPort: taken.port })
    await rejection(lab.startServer())
    expect(lab.serverFault).toMatchObject({ code: 'port_in_use' })
    expect(lab.serverFault?.freePort).toBeGreaterThan(next)
    settings.current = { ...settings.current, authorityPort: taken.port, serverPort: next }
    await rejection(lab.startAuthority())
    expect(lab.authorityFault?.freePort).toBeGreaterThan(next)
    await taken.stop()
  })
})

/** A port that another program has, and the next one, which is free. */
async function twoInARow(): Promise<readonly [Occupied, number]> {
  for (;;) {
    const taken = await occupy()
    const next = await occupy(taken.port + 1).catch(() => undefined)
    if (next) {
      await next.stop()
      return [taken, next.port]
    }
    await taken.stop()
  }
}

describe('a peer that is turned away', () => {
  it('leaves a record of the alert that it got', async () => {
    const { lab, told } = await startedLab({ maxConnections: 1 })
    const unregistered = await RawPeer.connect(lab.server.address!.port)
    await unregistered.alert()
    expect(told.at(-1)).toMatchObject({
      kind: 'alert',
      role: 'server',
      direction: 'sent',
      step: 3,
      outcome: { code: 'internal_error' },
      connection: { opener: undefined, from: { port: unregistered.local.port } },
    })
    unregistered.close()
    const held = await RawPeer.connect(lab.authority.address!.port)
    await until(() => lab.authority.connections === 1)
    const over = await RawPeer.connect(lab.authority.address!.port)
    await over.alert()
    expect(told.at(-1)).toMatchObject({ role: 'authority', step: 1, outcome: { code: 'busy' } })
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length)
    held.close()
    over.close()
  })
})

describe('the end of the lab', () => {
  it('closes both listeners, and twice is harmless', async () => {
    const { lab } = await startedLab()
    await lab.close()
    await lab.close()
    expect([lab.authority.status, lab.server.status]).toEqual(['stopped', 'stopped'])
  })
})
