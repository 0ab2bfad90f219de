/** Authority and server as listeners: many connections at once, time limits, ports. */
import { Server, type AddressInfo } from 'node:net'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { Listener } from '#main/net/listener'
import { connect } from '#main/net/socket-pipe'
import { toUtf8 } from '#shared/bytes'
import { SUITE_BYTES } from '#shared/hl1/suites'
import { LabError, toFault } from '#shared/errors'
import { systemEnvironment } from '#shared/hl1/environment'
import type { Settings } from '#shared/settings'
import { rejection } from '../support/conversations'
import {
  approach,
  askServer,
  goThrough,
  LISTENED_STEPS,
  portOf,
  ROLES,
  startLoopback as start,
  stopAll,
  takePort,
  type ListenedStep,
  type Loopback,
} from '../support/loopback'
import { RawPeer } from '../support/raw-peer'
import { until } from '../support/wait'

afterEach(stopAll)

/** A thread that connects so many times to a port at once, and counts how often that has gone well. */
const MANY_CALLERS = `
  const { connect } = require('node:net')
  const { count, port, callers } = require('node:worker_threads').workerData
  for (let caller = 0; caller < callers; caller++)
    connect({ host: '127.0.0.1', port })
      .on('error', () => undefined)
      .on('connect', () => {
        Atomics.add(count, 0, 1)
        Atomics.notify(count, 0)
      })
`

/** What the runtime warns of until the end of the test, listeners that pile up among it. */
function collectWarnings(): readonly Error[] {
  const warnings: Error[] = []
  const warn = (warning: Error): void => void warnings.push(warning)
  process.on('warning', warn)
  onTestFinished(() => void process.off('warning', warn))
  return warnings
}

describe('many connections at once', () => {
  it('fifty clients are all served, each its own answers', async () => {
    const warnings = collectWarnings()
    const loopback = await start()
    const clients = Array.from({ length: 50 }, (_, index) =>
      askServer(loopback, [`echo ${index}`, 'whoami', `echo ${index} again`]),
    )
    const ports = new Set<string>()
    for (const [index, answers] of (await Promise.all(clients)).entries()) {
      expect(answers[0]).toBe(`${index}`)
      expect(answers[2]).toBe(`${index} again`)
      ports.add(/^ID-Client at 127\.0\.0\.1:(\d+), /.exec(answers[1]!)![1]!)
    }
    expect(ports.size).toBe(50)
    expect(loopback.server.sessions.views()).toHaveLength(50)
    expect(loopback.server.sessions.views().every(({ requests }) => requests === 3)).toBe(true)
    await until(() => loopback.server.connections === 0)
    expect(loopback.server.sessions.views().some(({ connected }) => connected)).toBe(false)
    expect(warnings.map(String)).toEqual([])
  })

  it('a thousand are connected while their listener is at other work, none has to try again', async () => {
    const loopback = await start()
    const count = new Int32Array(new SharedArrayBuffer(4))
    const callers = new Worker(MANY_CALLERS, {
      eval: true,
      workerData: { count, port: loopback.serverPort, callers: 1_000 },
    })
    onTestFinished(async () => void (await callers.terminate()))
    // This thread, which has to take them, does not get to it before all have been connected.
    const giveUp = Date.now() + 20_000
    for (let found = 0; found < 1_000 && Date.now() < giveUp; found = Atomics.load(count, 0))
      Atomics.wait(count, 0, found, 1_000)
    expect(Atomics.load(count, 0)).toBe(1_000)
  })

  it('fifty that are refused at once each get their alert, without a warning of the runtime', async () => {
    const warnings = collectWarnings()
    const loopback = await start()
    const peers = await Promise.all(Array.from({ length: 50 }, () => RawPeer.connect(loopback.serverPort)))
    await Promise.all(peers.map((peer) => peer.send(toUtf8('no frame of this protocol'))))
    for (const peer of peers) expect((await peer.alert())?.code).toBe('unsupported_version')
    await until(() => loopback.server.connections === 0)
    expect(warnings.map(String)).toEqual([])
  })

  it('have each their own key', async () => {
    const loopback = await start()
    await Promise.all(Array.from({ length: 5 }, () => askServer(loopback, [])))
    const keys = loopback.records
      .filter(({ role, step }) => role === 'server' && step === 6)
      .map(({ members }) => String(members.find(({ name }) => name === 'k_sess')?.value))
    expect(new Set(keys).size).toBe(5)
  })

  it('several servers register at once, each with a certificate of its own', async () => {
    const loopback = await start()
    const before = loopback.authority.issued.length
    const approaches = await Promise.all(Array.from({ length: 5 }, () => approach(loopback, 1)))
    expect(await Promise.all(approaches.map(goThrough))).toEqual([true, true, true, true, true])
    await until(() => loopback.authority.issued.length === before + 5)
    const serials = loopback.authority.issued.map(({ certificate }) => certificate.serial)
    expect(new Set(serials).size).toBe(before + 5)
  })

  it.each(ROLES)('beyond the limit of the $role are told busy, until one leaves', async ({ role, step }) => {
    const loopback = await start({ maxConnections: 2 })
    const held = await Promise.all([1, 2].map(() => RawPeer.connect(portOf(loopback, role))))
    await until(() => loopback[role].connections === 2)
    const third = await RawPeer.connect(portOf(loopback, role))
    expect(await third.alert()).toMatchObject({ code: 'busy', step })
    third.close()
    await until(() => loopback[role].connections === 2)
    held[0]!.close()
    await until(() => loopback[role].connections === 1)
    expect(await goThrough(await approach(loopback, step))).toBe(true)
    held[1]!.close()
  })

  it('told busy: a client sees that as the server’s answer', async () => {
    const loopback = await start({ maxConnections: 1 })
    // A session keeps its place; what gives one up is in places.test.ts.
    const { peer } = await approach(loopback, 7)
    expect(await rejection(askServer(loopback, []))).toMatchObject({ code: 'busy', step: 3, origin: 'peer' })
    peer.close()
  })
})

/** Starts both, and has an idle limit of a second from then on: registering may take longer than that. */
async function startHasty(changes: Partial<Settings> = {}): Promise<Loopback> {
  const loopback = await start(changes)
  loopback.settings.current = { ...loopback.settings.current, idleLimit: 1 }
  return loopback
}

describe('a peer that takes its time', () => {
  it.each(LISTENED_STEPS.filter((step) => step !== 7))(
    'and says nothing at step %i is dropped at the idle limit',
    async (step) => {
      const loopback = await startHasty()
      const { peer } = await approach(loopback, step)
      expect(await peer.alert()).toMatchObject({
        code: 'timeout',
        step,
        message: 'No whole message came within 1 s.',
      })
      peer.close()
    },
  )

  it.each(LISTENED_STEPS)(
    'and sends a byte every now and then at step %i is dropped at the limit for the whole frame',
    async (step: ListenedStep) => {
      const loopback = await startHasty({ lifetime: 3_600 })
      const { peer, moment } = await approach(loopback, step)
      const alert = peer.alert()
      let told = false
      void alert.then(() => (told = true))
      let sent = 0
      while (!told && sent < moment.frame.length) {
        await peer.send(moment.frame.slice(sent, sent + 1))
        sent++
        await new Promise((resolve) => setTimeout(resolve, 150))
      }
      expect(await alert).toMatchObject({ code: 'timeout', step })
      expect(sent).toBeLessThan(moment.frame.length)
      peer.close()
    },
  )

  it('with a session is not dropped while that lives, and the limit counts from its end', async () => {
    const loopback = await startHasty({ lifetime: 2 })
    const { peer } = await approach(loopback, 7)
    const started = Date.now()
    expect(await peer.alert()).toMatchObject({ code: 'timeout', step: 7 })
    expect(Date.now() - started).toBeGreaterThan(2_500)
    peer.close()
  })

  it('harms nobody else', async () => {
    const loopback = await start({ idleLimit: 30 })
    const slow = await Promise.all(Array.from({ length: 20 }, () => approach(loopback, 5)))
    for (const { peer, moment } of slow) await peer.send(moment.frame.slice(0, 20))
    expect(await askServer(loopback, ['echo quick'])).toEqual(['quick'])
    for (const { peer } of slow) peer.close()
  })

  it('with reading makes the server wait, not fill its memory', async () => {
    const loopback = await start({ idleLimit: 1 })
    const { peer, moment } = await approach(loopback, 7)
    peer.socket.pause()
    await peer.send(moment.frame)
    expect(await askServer(loopback, ['bytes 524288', 'echo quick'])).toMatchObject({ 1: 'quick' })
    peer.close()
    await until(() => loopback.server.connections === 0)
  })
})

describe('a port', () => {
  it.each(ROLES)('in use is named by the $role, with a free one that can be had', async ({ role }) => {
    const taken = await takePort()
    const loopback = await start({}, { register: false })
    await loopback[role].stop()
    const error = await rejection(loopback[role].start(taken))
    const { code, message, freePort = 0 } = toFault(error)
    expect(code).toBe('port_in_use')
    expect(freePort).toBeGreaterThan(taken)
    expect(message).toBe(`Port ${taken} is in use by another program. Port ${freePort} is free.`)
    expect(loopback[role].status).toBe('stopped')
    expect(loopback[role].address).toBeUndefined()
    await loopback[role].start(freePort)
    expect(loopback[role].address).toEqual({ address: '127.0.0.1', port: freePort })
  })

  it('in use next to others in use: the next free one is offered', async () => {
    const first = await takePort()
    const second = await takePort(first + 1).catch(() => first + 1)
    const loopback = await start({}, { register: false })
    await loopback.server.stop()
    const { freePort } = toFault(await rejection(loopback.server.start(first)))
    expect(freePort).toBeGreaterThan(second)
  })

  it('in use at the end of all ports: there is none to offer', async () => {
    const last = await takePort(65_535).catch(() => undefined)
    const loopback = await start({}, { register: false })
    await loopback.server.stop()
    const { freePort, message } = toFault(await rejection(loopback.server.start(last ?? 65_535)))
    expect(freePort).toBeUndefined()
    expect(message).toBe('Port 65535 is in use by another program. Choose another port.')
  })

  it('is on the loopback interface alone', async () => {
    const loopback = await start({}, { register: false })
    expect(loopback.authority.address?.address).toBe('127.0.0.1')
    expect(loopback.server.address?.address).toBe('127.0.0.1')
  })

  it('that could not be had costs the authority no key: it is the old one that is gone', async () => {
    const loopback = await start({}, { register: false })
    const before = loopback.trustAnchor
    await loopback.authority.stop()
    await rejection(loopback.authority.start(await takePort()))
    expect(loopback.authority.certificate).toBe(before)
    expect(loopback.authority.credentials).toBeUndefined()
  })
})

describe('a listener by itself', () => {
  const failures: unknown[] = []
  const make = (serve: (text: string) => Promise<void>): Listener => {
    const listener = new Listener({
      timers: systemEnvironment,
      first: { step: 1, suites: SUITE_BYTES },
      serve: async ({ pipe }, signal) => {
        const bytes = await pipe.read(signal)
        await serve(Buffer.from(bytes ?? []).toString())
        await pipe.write(toUtf8('done'), signal)
      },
      refuse: async () => undefined,
      fail: (error) => void failures.push(error),
      maxConnections: () => 10,
      onCount: () => undefined,
    })
    onTestFinished(() => listener.stop())
    return listener
  }

  const ask = async (port: number, text: string): Promise<string> => {
    const never = new AbortController().signal
    const { pipe } = await connect({ address: '127.0.0.1', port }, systemEnvironment, never)
    await pipe.write(toUtf8(text), never)
    const answer = await pipe.read(never)
    pipe.close()
    return Buffer.from(answer ?? []).toString()
  }

  it('ends a connection whose service fails, and no other', async () => {
    const listener = make(async (text) => {
      if (text === 'fail') throw new Error('No.')
      if (text === 'refuse') throw new LabError('connection_closed', 'Refused.')
    })
    await listener.start(0)
    const { port } = listener.address!
    expect(await Promise.all(['good', 'fail', 'good', 'refuse'].map((text) => ask(port, text)))).toEqual([
      'done',
      '',
      'done',
      '',
    ])
    await until(() => listener.connections === 0)
    // What nobody has foreseen is told; a refusal was recorded where it was made.
    expect(failures).toEqual([new Error('No.')])
  })

  it('aborts what it serves when it stops, with a reason', async () => {
    let reason: unknown
    const listener = new Listener({
      fail: (error) => void failures.push(error),
      timers: systemEnvironment,
      first: { step: 1, suites: SUITE_BYTES },
      serve: async (_, signal) => {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        reason = signal.reason
      },
      refuse: async () => undefined,
      maxConnections: () => 10,
      onCount: () => undefined,
    })
    await listener.start(0)
    const peer = await RawPeer.connect(listener.address!.port)
    await until(() => listener.connections === 1)
    await listener.stop()
    await until(() => reason !== undefined)
    expect(reason).toBeInstanceOf(LabError)
    expect(reason).toMatchObject({ code: 'stopped' })
    peer.close()
  })

  it('outlives a connection that could not be taken', async () => {
    const listener = make(async () => undefined)
    await listener.start(0)
    const { port } = listener.address!
    // Node says so on the server, for instance when there are no file handles left.
    const servers = (process as unknown as { _getActiveHandles: () => unknown[] })._getActiveHandles()
    const server = servers.find(
      (handle): handle is Server =>
        handle instanceof Server && (handle.address() as AddressInfo).port === port,
    )
    const failure = Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' })
    server!.emit('error', failure)
    expect(failures.at(-1)).toBe(failure)
    expect(await ask(port, 'good')).toBe('done')
  })

  it('moves to another port with what it does, and only once it has that one', async () => {
    const listener = make(async () => undefined)
    await listener.start(0)
    const { port } = listener.address!
    const peer = await RawPeer.connect(port)
    await until(() => listener.connections === 1)
    await rejection(listener.move(await takePort()))
    expect(listener.address?.port).toBe(port)
    expect(listener.connections).toBe(1)
    await listener.move(0)
    await peer.end()
    peer.close()
    expect(listener.address?.port).not.toBe(port)
    expect(await ask(listener.address!.port, 'good')).toBe('done')
    expect(await takePort(port)).toBe(port)
  })

  it('can be started again after it was stopped', async () => {
    const listener = make(async () => undefined)
    for (let round = 0; round < 3; round++) {
      await listener.start(0)
      expect(await ask(listener.address!.port, 'good')).toBe('done')
      await listener.stop()
      expect(listener.address).toBeUndefined()
    }
  })
})
