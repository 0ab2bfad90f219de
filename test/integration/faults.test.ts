/** Faults of peers and of the machine, made for real: each ends its own connection and harms no other. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { Hub } from '#main/lab/events'
import { Lab } from '#main/lab/lab'
import { LabError } from '#shared/errors'
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import {
  approach,
  askServer,
  goThrough,
  LISTENED_STEPS,
  portOf,
  ROLES,
  startLoopback as start,
  stopAll,
  type ListenedStep,
  type Loopback,
} from '../support/loopback'
import { freePorts } from '../support/ports'
import { RawPeer } from '../support/raw-peer'
import { until } from '../support/wait'

afterEach(stopAll)

describe('a frame that is cut off', () => {
  /** Connections that are cut at once: they wait for the network more than for each other. */
  const AT_ONCE = 32

  /** Cuts the frame of a step on connections of its own, once at each of its offsets; how each connection ended. */
  async function cutEverywhere(
    loopback: Loopback,
    step: ListenedStep,
    suite: SuiteName,
  ): Promise<ReadonlyMap<number, string>> {
    const { length } = (await approach(loopback, step, suite)).moment.frame
    const outcomes = new Map<number, string>()
    let next = 0
    const worker = async (): Promise<void> => {
      for (let offset = next++; offset < length; offset = next++) {
        const { peer, moment } = await approach(loopback, step, suite)
        // Lengths differ by a byte or two with the numbers in a message: the last offset is before its last byte.
        await peer.send(moment.frame.slice(0, Math.min(offset, moment.frame.length - 1)))
        peer.finish()
        const code = await peer.alert().then(
          (alert) => alert.code,
          () => 'closed',
        )
        outcomes.set(offset, code)
        peer.close()
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    return outcomes
  }

  const cases = SUITE_NAMES.flatMap((suite) => LISTENED_STEPS.map((step) => ({ suite, step })))
  it.each(cases)(
    'at each of its offsets at step $step of $suite ends that connection, and the next one is served',
    { timeout: 180_000 },
    async ({ suite, step }) => {
      const loopback = await start({ suite, lifetime: 3_600, maxConnections: 2_000, maxAge: 120 })
      const outcomes = await cutEverywhere(loopback, step, suite)
      // Nothing at all is a peer that has left; a part of a frame is one that is wrong.
      expect(outcomes.get(0)).toBe('closed')
      const others = [...outcomes].filter(([offset, code]) => offset > 0 && code !== 'malformed')
      expect(others).toEqual([])
      console.info(`Step ${step} of ${suite}: ${outcomes.size} offsets`)
      expect(await goThrough(await approach(loopback, step, suite))).toBe(true)
      await until(() => loopback.server.connections + loopback.authority.connections <= 1)
    },
  )
})

describe('a connection that is half open', () => {
  it.each(ROLES)('still gets the answer of the $role to what came before', async ({ role, step }) => {
    const loopback = await start()
    const { peer, moment } = await approach(loopback, step)
    await peer.send(moment.frame)
    peer.finish()
    const answer = await peer.frame()
    expect(answer?.[5]).toBe(step + 1)
    await peer.end()
    await until(() => loopback[role].connections === 0)
  })

  it('that is reset at any step is gone, and the next one is served', async () => {
    const loopback = await start({ lifetime: 3_600 })
    for (const step of LISTENED_STEPS) {
      const { peer, moment } = await approach(loopback, step)
      await peer.send(moment.frame.slice(0, 6))
      peer.reset()
    }
    await until(() => loopback.server.connections + loopback.authority.connections === 0)
    expect(await askServer(loopback, ['echo after all'])).toEqual(['after all'])
  })
})

describe('an authority that stops between steps 1 and 2', () => {
  it('and is started again: that registration fails, the next one succeeds', async () => {
    const settings: Settings = { ...DEFAULT_SETTINGS, authorityPort: 0, serverPort: 0 }
    const lab = new Lab({ settings: () => settings, hub: new Hub() })
    onTestFinished(() => lab.close())
    const [port] = await freePorts(1)
    await Promise.all([lab.startAuthority(port), lab.startServer()])
    // The authority has taken step 1 and stands before building step 2.
    await lab.walkRegister()
    expect(lab.walk.gates.waiting).toEqual([2])
    await lab.stopAuthority()
    await until(() => !lab.server.registering)
    expect([lab.registration, lab.serverFault?.code]).toEqual(['none', 'connection_closed'])
    await lab.startAuthority(port)
    await lab.register()
    expect([lab.registration, lab.serverFault]).toEqual(['registered', undefined])
  })
})

describe('a thousand clients at once', () => {
  it('all finish while there is room, and the event loop goes on', { timeout: 180_000 }, async () => {
    const loopback = await start({ maxConnections: 1_000, idleLimit: 120 })
    const delay = monitorEventLoopDelay({ resolution: 10 })
    delay.enable()
    const clients = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => askServer(loopback, [`echo ${index}`])),
    )
    delay.disable()
    expect(clients.map(([answer]) => answer)).toEqual(Array.from({ length: 1_000 }, (_, index) => `${index}`))
    console.info(
      `1,000 clients at once: event loop delay median ${(delay.percentile(50) / 1e6).toFixed(0)} ms, longest ${(delay.max / 1e6).toFixed(0)} ms`,
    )
    await until(() => loopback.server.connections === 0)
  })

  it(
    'are told busy while the cap is reached, and finish when there is room',
    { timeout: 180_000 },
    async () => {
      const loopback = await start({ maxConnections: 100, idleLimit: 120 })
      // Sessions: who says nothing would give way.
      const held: RawPeer[] = []
      while (held.length < 100) {
        const made = await approach(loopback, 7)
        held.push(made.peer)
      }
      await until(() => loopback.server.connections === 100)
      const ask = (): Promise<readonly string[]> =>
        Promise.all(
          Array.from({ length: 900 }, (_, index) =>
            askServer(loopback, [`echo ${index}`]).then(
              ([answer]) => (answer === `${index}` ? 'answered' : 'wrong'),
              (error: unknown) => (error instanceof LabError ? error.code : 'other'),
            ),
          ),
        )
      expect(new Set(await ask())).toEqual(new Set(['busy']))
      expect(loopback.server.connections).toBeLessThanOrEqual(1_000)
      for (const peer of held) peer.close()
      await until(() => loopback.server.connections === 0)
      // As many at once as before: some may meet the cap again, and nobody is left without a word.
      const outcomes = await ask()
      expect(outcomes.filter((outcome) => outcome === 'answered').length).toBeGreaterThanOrEqual(100)
      expect(outcomes.every((outcome) => outcome === 'answered' || outcome === 'busy')).toBe(true)
      await until(() => loopback.server.connections === 0)
    },
  )
})

describe('a listener', () => {
  it.each(ROLES)('of the $role gives no more than its cap at once, and it can be set', async ({ role }) => {
    const loopback = await start({ maxConnections: 3 })
    const peers = await Promise.all(Array.from({ length: 10 }, () => RawPeer.connect(portOf(loopback, role))))
    await until(() => loopback[role].connections <= 3)
    for (const peer of peers) peer.close()
    await until(() => loopback[role].connections === 0)
    loopback.settings.current = { ...loopback.settings.current, maxConnections: 20 }
    const more = await Promise.all(Array.from({ length: 20 }, () => RawPeer.connect(portOf(loopback, role))))
    await until(() => loopback[role].connections === 20)
    for (const peer of more) peer.close()
  })
})
