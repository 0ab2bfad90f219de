/** Authority and server as roles: starting, stopping, renewing and registering, and what one says to the other. */
import { afterEach, describe, expect, it } from 'vitest'
import { mainEnvironment } from '#main/lab/environment'
import { Roles } from '#main/lab/roles'
import { ProtocolError } from '#shared/hl1/alerts'
import type { Hl1Entry } from '#shared/hl1/types'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { rejection, story } from '../support/conversations'
import {
  approach,
  askServer,
  portOf,
  ROLES,
  startLoopback as start,
  stopAll,
  takePort,
} from '../support/loopback'
import { RawPeer } from '../support/raw-peer'
import { until } from '../support/wait'

afterEach(stopAll)

describe('stopping', () => {
  it.each(ROLES)('the $role ends its connections and gives the port back', async ({ role, step }) => {
    const loopback = await start()
    const port = portOf(loopback, role)
    const peers = await Promise.all([RawPeer.connect(port), RawPeer.connect(port)])
    const { peer } = await approach(loopback, step === 3 ? 7 : 1)
    await until(() => loopback[role].connections === 3)
    await loopback[role].stop()
    for (const each of [...peers, peer]) await each.end()
    expect(loopback[role].status).toBe('stopped')
    expect(loopback[role].connections).toBe(0)
    expect(loopback[role].address).toBeUndefined()
    expect(loopback[role].credentials).toBeUndefined()
    expect(await takePort(port)).toBe(port)
  })

  it('the server forgets its sessions, and has to register anew', async () => {
    const loopback = await start()
    await askServer(loopback, ['time'])
    expect(loopback.server.sessions.views()).toHaveLength(1)
    await loopback.server.stop()
    expect(loopback.server.sessions.views()).toEqual([])
    await loopback.server.start()
    expect(await rejection(askServer(loopback, []))).toMatchObject({ code: 'internal_error', step: 3 })
    await loopback.server.register(loopback.authority.address!, loopback.trustAnchor)
    expect(await askServer(loopback, ['echo again'])).toEqual(['again'])
  })

  it('twice is harmless, and starting twice is refused', async () => {
    const loopback = await start({}, { register: false })
    await expect(loopback.authority.start()).rejects.toMatchObject({ code: 'already_running' })
    await expect(loopback.server.start()).rejects.toMatchObject({ code: 'already_running' })
    for (const role of [loopback.authority, loopback.server]) {
      await role.stop()
      await role.stop()
      expect(role.status).toBe('stopped')
    }
  })

  it.each(ROLES)('the $role while it is still starting leaves it stopped', async ({ role }) => {
    const loopback = await start({}, { register: false })
    await loopback[role].stop()
    const starting = loopback[role].start()
    expect(loopback[role].status).toBe('starting')
    const given = expect(starting).rejects.toMatchObject({ code: 'cancelled' })
    await loopback[role].stop()
    await given
    expect(loopback[role].status).toBe('stopped')
    expect(loopback[role].address).toBeUndefined()
    expect(loopback[role].credentials).toBeUndefined()
  })
})

describe('starting', () => {
  it('the authority opens its port first: who comes before its key is there waits for that', async () => {
    const loopback = await start({ rsaBits: 4096 }, { register: false })
    await loopback.authority.stop()
    const starting = loopback.authority.start()
    await until(() => loopback.authority.address !== undefined)
    expect(loopback.authority.status).toBe('starting')
    const peer = await RawPeer.connect(loopback.authorityPort)
    await peer.send(new Uint8Array([0, 0, 0, 4, 9, 1, 1, 0]))
    expect(await peer.alert()).toMatchObject({ code: 'unsupported_version', step: 1 })
    expect(loopback.authority.status).toBe('running')
    peer.close()
    await starting
  })
})

describe('the authority', () => {
  it('closes the connection after step 2', async () => {
    const loopback = await start()
    const { peer, moment } = await approach(loopback, 1)
    await peer.send(moment.frame)
    expect((await peer.frame())?.[5]).toBe(2)
    await peer.end()
    peer.close()
  })

  it('does not wait for the peer to close as well', async () => {
    const loopback = await start()
    const { peer, moment } = await approach(loopback, 1)
    await peer.send(moment.frame)
    await peer.frame()
    await peer.end()
    await until(() => loopback.authority.connections === 0)
    peer.close()
  })

  it('that is renewed is another one: what the old one signed no longer verifies', async () => {
    const loopback = await start()
    const old = loopback.trustAnchor
    const { port } = loopback.authority.address!
    await loopback.authority.renew()
    expect(loopback.authority.address?.port).toBe(port)
    expect(loopback.trustAnchor.publicKey.pem).not.toBe(old.publicKey.pem)
    expect(loopback.authority.issued).toEqual([])
    const refused = await rejection(askServer(loopback, []))
    expect(refused).toBeInstanceOf(ProtocolError)
    expect(refused).toMatchObject({ code: 'bad_certificate', step: 4, origin: 'local' })
    expect(await askServer(loopback, ['echo old'], old)).toEqual(['old'])
    await loopback.server.register(loopback.authority.address!, loopback.trustAnchor)
    expect(await askServer(loopback, ['echo new'])).toEqual(['new'])
  })

  it('that is to be renewed a hundred times at once makes one key', async () => {
    let made = 0
    const { crypto } = mainEnvironment
    const generateRsaKeyPair: typeof crypto.generateRsaKeyPair = (bits) => {
      made++
      return crypto.generateRsaKeyPair(bits)
    }
    const settings = { ...DEFAULT_SETTINGS, authorityPort: 0, serverPort: 0 }
    const environment = { ...mainEnvironment, crypto: { ...crypto, generateRsaKeyPair } }
    const roles = new Roles({ settings: () => settings, environment })
    await roles.start()
    const old = roles.authority.certificate
    const before = made
    await Promise.all(Array.from({ length: 100 }, () => roles.authority.renew()))
    expect(made).toBe(before + 1)
    expect(roles.authority.certificate).not.toBe(old)
    await roles.authority.renew()
    expect(made).toBe(before + 2)
    await roles.close()
  })

  it('that is stopped while it is renewed has no key afterwards', async () => {
    const loopback = await start({}, { register: false })
    const renewing = rejection(loopback.authority.renew())
    await loopback.authority.stop()
    expect(await renewing).toMatchObject({ code: 'not_running' })
    expect(loopback.authority.credentials).toBeUndefined()
    await expect(loopback.authority.renew()).rejects.toMatchObject({ code: 'not_running' })
  })

  it('that is started again is another one too', async () => {
    const loopback = await start()
    const old = loopback.trustAnchor
    await loopback.authority.stop()
    expect(loopback.trustAnchor).toBe(old)
    await loopback.authority.start()
    expect(loopback.trustAnchor.publicKey.pem).not.toBe(old.publicKey.pem)
    expect(await rejection(askServer(loopback, []))).toMatchObject({ code: 'bad_certificate', step: 4 })
  })

  it('tells the server of the refusal, which is the client’s: both record it', async () => {
    const loopback = await start()
    await loopback.authority.renew()
    const seen: Hl1Entry[] = []
    const context = { ...loopback.context, onRecord: (entry: Hl1Entry) => seen.push(entry) }
    await rejection(askServer(loopback, [], loopback.trustAnchor, context))
    expect(story(seen)).toEqual([
      'sent step 3',
      'received step 4: bad_certificate',
      'sent alert about 4: bad_certificate',
    ])
    await until(() => loopback.records.some(({ kind }) => kind === 'alert'))
    expect(story(loopback.records.slice(-1))).toEqual(['received alert about 4: bad_certificate'])
  })

  it('refuses a registration under a key that is no longer its own', async () => {
    const loopback = await start()
    const { address, certificate } = loopback.authority
    await loopback.authority.renew()
    expect(await rejection(loopback.server.register(address!, certificate!))).toMatchObject({
      code: 'decrypt_failed',
      step: 1,
      origin: 'peer',
    })
    expect(loopback.server.credentials).toBeDefined()
  })
})

describe('a server', () => {
  it('that is not registered says so and closes', async () => {
    const loopback = await start({}, { register: false })
    const peer = await RawPeer.connect(loopback.serverPort)
    expect(await peer.alert()).toEqual({
      code: 'internal_error',
      step: 3,
      message: 'The server has no certificate yet: it has to register with the authority first.',
    })
    peer.close()
    await loopback.server.register(loopback.authority.address!, loopback.trustAnchor)
    expect(await askServer(loopback, ['echo now'])).toEqual(['now'])
  })

  it('can’t register where it is not running, or twice at once', async () => {
    const loopback = await start({}, { register: false })
    const { address, certificate } = loopback.authority
    const first = loopback.server.register(address!, certificate!)
    expect(loopback.server.registering).toBe(true)
    await expect(loopback.server.register(address!, certificate!)).rejects.toMatchObject({
      code: 'already_registering',
    })
    await first
    expect(loopback.server.registering).toBe(false)
    await loopback.server.stop()
    await expect(loopback.server.register(address!, certificate!)).rejects.toMatchObject({
      code: 'not_running',
    })
  })

  it('that finds no authority says where it looked', async () => {
    const loopback = await start({}, { register: false })
    const { address, certificate } = loopback.authority
    await loopback.authority.stop()
    await expect(loopback.server.register(address!, certificate!)).rejects.toMatchObject({
      code: 'connection_refused',
      message: expect.stringContaining(`127.0.0.1:${address!.port}`) as string,
    })
  })

  it('keeps its certificate when a new registration fails or is given up', async () => {
    const loopback = await start()
    const { address, certificate } = loopback.authority
    const before = loopback.server.credentials
    const registering = rejection(loopback.server.register(address!, certificate!))
    loopback.server.cancelRegistration()
    expect(await registering).toMatchObject({ code: 'cancelled' })
    expect(loopback.server.registering).toBe(false)
    expect(loopback.server.credentials).toBe(before)
  })

  it('has a certificate that runs out where its clock says so', async () => {
    const loopback = await start()
    const later = Date.now() + 366 * 86_400_000
    const environment = { ...loopback.context.environment, now: () => later }
    const context = { ...loopback.context, onRecord: () => undefined, environment }
    expect(await rejection(askServer(loopback, [], loopback.trustAnchor, context))).toMatchObject({
      code: 'future_timestamp',
      step: 3,
      origin: 'peer',
    })
  })
})

describe('a session’s end over the wire', () => {
  it('is session_expired at step 7 for a request that comes later', async () => {
    const loopback = await start({ lifetime: 1 })
    const { peer, moment } = await approach(loopback, 7)
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    await peer.send(moment.frame)
    expect(await peer.alert()).toMatchObject({ code: 'session_expired', step: 7 })
    peer.close()
    expect(await askServer(loopback, ['echo the next one'])).toEqual(['the next one'])
  })
})

describe('the client’s address', () => {
  it('that differs is refused where that is set, and noted where not', async () => {
    const loopback = await start()
    for (const enforceAddress of [false, true]) {
      loopback.settings.current = { ...loopback.settings.current, enforceAddress }
      const [from, other] = [await approach(loopback, 5), await approach(loopback, 5)]
      await other.peer.send(from.moment.frame)
      if (enforceAddress)
        expect(await other.peer.alert()).toMatchObject({ code: 'unknown_identity', step: 5 })
      else expect((await other.peer.frame())?.[5]).toBe(6)
      from.peer.close()
      other.peer.close()
      expect(await askServer(loopback, ['echo from my own'])).toEqual(['from my own'])
    }
  })
})
