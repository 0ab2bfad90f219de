/** Who may register a name, over TCP: two servers of one name, at once and one after another, and a person who is asked. */
import { afterEach, describe, expect, it } from 'vitest'
import { QUESTIONS_AT_ONCE } from '#main/authority/name-desk'
import { withPrivateLab } from '#main/experiments/private-lab'
import { viewLab } from '#main/lab/view'
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'
import type { Settings } from '#shared/settings'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { rejection } from '../support/conversations'
import { closeLabs, startedLab } from '../support/lab'
import { approach, startLoopback, stopAll, type Loopback } from '../support/loopback'
import { until } from '../support/wait'

afterEach(async () => {
  await stopAll()
  await closeLabs()
})

const start = (changes: Partial<Settings>): Promise<Loopback> => startLoopback(changes, { register: false })

/** Another program registers: `issued`, or the alert that it gets. */
async function outcome(loopback: Loopback, suite: SuiteName, idS = 'ID-Server'): Promise<string> {
  const asked = { ...loopback, settings: { current: { ...loopback.settings.current, serverIdentity: idS } } }
  const { peer, moment } = await approach(asked, 1, suite)
  await peer.send(moment.frame)
  const frame = await peer.frame()
  peer.close()
  if (frame?.[5] === 2) return 'issued'
  return JSON.parse(new TextDecoder().decode(frame?.subarray(8))).code as string
}

/** The check of the name in what the authority has recorded last of step 1. */
function lastCheck({ records }: Pick<Loopback, 'records'>) {
  const record = records.findLast(
    ({ role, step, direction, kind }) =>
      role === 'authority' && step === 1 && direction === 'received' && kind === 'message',
  )
  return record?.checks.find(({ id }) => id === 'name')
}

describe.each(SUITE_NAMES)('in suite %s', (suite) => {
  it('anyone has a name certified as often as they like, unless told otherwise', async () => {
    const loopback = await start({ suite })
    expect(await outcome(loopback, suite)).toBe('issued')
    expect(await outcome(loopback, suite)).toBe('issued')
    expect(loopback.authority.desk.given).toMatchObject([{ name: 'ID-Server', times: 2 }])
  })

  it('the first keeps its name: a second one gets unknown_identity at step 1, and another name is free', async () => {
    const loopback = await start({ suite, names: 'first' })
    expect(await outcome(loopback, suite)).toBe('issued')
    for (const name of ['ID-Server', 'id-server'])
      expect(await outcome(loopback, suite, name)).toBe('unknown_identity')
    expect(lastCheck(loopback)).toMatchObject({
      result: 'failed',
      found: expect.stringContaining('given at'),
    })
    expect(await outcome(loopback, suite, 'ID-Other')).toBe('issued')
    expect(loopback.authority.issued).toHaveLength(2)
  })

  it('of many who ask for one name at once, exactly one gets it', async () => {
    const loopback = await start({ suite, names: 'first' })
    const all = await Promise.all(Array.from({ length: 8 }, () => outcome(loopback, suite)))
    expect(all.filter((each) => each === 'issued')).toHaveLength(1)
    expect(all.filter((each) => each === 'unknown_identity')).toHaveLength(7)
    expect(loopback.authority.issued).toHaveLength(1)
  })

  it('a name that somebody was about to get, and left, is free again', async () => {
    const started = await startedLab({ suite, names: 'first' })
    const { lab } = started
    // Stands before step 2, and is given up there.
    await lab.walkRegister()
    expect(lab.authority.desk.given).toEqual([])
    const other = await rejection(withOther(lab.authority.address!.port, started, suite))
    expect(other).toMatchObject({ message: 'unknown_identity' })
    lab.resetWalk()
    await until(() => lab.registration === 'none')
    await until(() => lab.authority.connections === 0)
    await lab.register()
    expect(lab.registration).toBe('registered')
  })

  it('the same server again is another one: the person allows it, once', async () => {
    const { lab } = await startedLab({ suite, names: 'first' })
    await lab.register()
    const certificate = lab.server.credentials?.certificate
    expect(await rejection(lab.register())).toMatchObject({
      code: 'unknown_identity',
      step: 1,
      origin: 'peer',
    })
    expect(lab.serverFault).toMatchObject({ code: 'unknown_identity' })
    expect(lab.server.credentials?.certificate).toBe(certificate)
    lab.authority.desk.open('ID-Server', true)
    await lab.register()
    expect(lab.server.credentials?.certificate).not.toBe(certificate)
    expect(await rejection(lab.register())).toMatchObject({ code: 'unknown_identity' })
  })

  it('an authority that was stopped, or became another, has given nothing', async () => {
    const loopback = await start({ suite, names: 'first' })
    expect(await outcome(loopback, suite)).toBe('issued')
    await loopback.authority.renew()
    expect(loopback.authority.desk.given).toEqual([])
    expect(await outcome(loopback, suite)).toBe('issued')
    await loopback.authority.stop()
    expect(loopback.authority.desk.given).toEqual([])
    await loopback.authority.start()
    expect(await outcome(loopback, suite)).toBe('issued')
  })

  it('who is allowed by the person gets step 2, and the record says so', async () => {
    const loopback = await start({ suite, names: 'ask' })
    const asked = outcome(loopback, suite)
    const { desk } = loopback.authority
    await until(() => desk.questions.length === 1)
    expect(desk.questions[0]).toMatchObject({ name: 'ID-Server', isOwn: false, before: undefined })
    expect(desk.questions[0]?.key !== undefined).toBe(suite === 'modern')
    expect(loopback.records).toEqual([])
    desk.answer(desk.questions[0]!.id, true)
    expect(await asked).toBe('issued')
    expect(lastCheck(loopback)).toMatchObject({
      result: 'passed',
      reason: expect.stringContaining('allowed'),
    })
  })

  it('who is refused by the person gets unknown_identity at step 1', async () => {
    const loopback = await start({ suite, names: 'ask' })
    const asked = outcome(loopback, suite)
    const { desk } = loopback.authority
    await until(() => desk.questions.length === 1)
    desk.answer(desk.questions[0]!.id, false)
    expect(await asked).toBe('unknown_identity')
    expect(lastCheck(loopback)).toMatchObject({
      result: 'failed',
      reason: expect.stringContaining('refused'),
    })
    expect(loopback.authority.issued).toEqual([])
  })

  it('nobody’s answer is a no, in time for who waits', async () => {
    const loopback = await start({ suite, names: 'ask', idleLimit: 1 })
    expect(await outcome(loopback, suite)).toBe('unknown_identity')
    expect(lastCheck(loopback)?.reason).toContain('not answered within 1 s')
    expect(loopback.authority.desk.questions).toEqual([])
  })

  it.each(['finish', 'reset'] as const)('is asked no longer once who asked leaves: %s', async (how) => {
    const loopback = await start({ suite, names: 'ask' })
    const { peer, moment } = await approach(loopback, 1, suite)
    await peer.send(moment.frame)
    const { desk } = loopback.authority
    await until(() => desk.questions.length === 1)
    peer[how]()
    await until(() => desk.questions.length === 0)
    await until(() => lastCheck(loopback) !== undefined)
    expect(lastCheck(loopback)).toMatchObject({ result: 'failed', reason: expect.stringContaining('left') })
    expect(loopback.authority.issued).toEqual([])
    peer.close()
  })

  it('is asked no longer once the authority stops, or becomes another', async () => {
    const loopback = await start({ suite, names: 'ask' })
    const asked = outcome(loopback, suite)
    await until(() => loopback.authority.desk.questions.length === 1)
    await loopback.authority.renew()
    expect(await asked).toBe('unknown_identity')
    const { peer, moment } = await approach(loopback, 1, suite)
    await peer.send(moment.frame)
    await until(() => loopback.authority.desk.questions.length === 1)
    await loopback.authority.stop()
    await peer.end()
    expect(loopback.authority.desk.questions).toEqual([])
  })

  it('strangers are asked about few at once; beyond, busy, and the app’s own server all the same', async () => {
    const started = await startedLab({ suite, names: 'ask' })
    const { lab } = started
    const { desk } = lab.authority
    const port = lab.authority.address!.port
    const waiting = Array.from({ length: QUESTIONS_AT_ONCE }, () => withOther(port, started, suite))
    const all = Promise.allSettled(waiting)
    await until(() => desk.questions.length === QUESTIONS_AT_ONCE)
    expect(await rejection(withOther(port, started, suite))).toMatchObject({ message: 'busy' })
    const own = lab.register()
    await until(() => desk.questions.some(({ isOwn }) => isOwn))
    desk.answer(desk.questions.find(({ isOwn }) => isOwn)!.id, true)
    await own
    for (const { id } of desk.questions) desk.answer(id, false)
    expect((await all).every(({ status }) => status === 'rejected')).toBe(true)
  })

  it('is asked before the walk stands before step 2, and given up with the walk', async () => {
    const { lab } = await startedLab({ suite, names: 'ask', idleLimit: 30 })
    const step = rejection(lab.walkRegister())
    await until(() => lab.authority.desk.questions.length === 1)
    expect(lab.walk.gates.waiting).toEqual([])
    const view = await viewLab(lab, DEFAULT_SETTINGS, {
      isOnWire: false,
      heldOnWire: 0,
      dropped: [],
      trustAnchorFile: undefined,
      notices: [],
      commandLine: [],
      versions: { app: '', electron: '', chrome: '', node: '' },
    })
    expect(view.authority.questions).toMatchObject([{ name: 'ID-Server', isOwn: true }])
    lab.resetWalk()
    expect(await step).toMatchObject({ code: 'cancelled' })
    await until(() => lab.authority.desk.questions.length === 0)
    const again = lab.walkRegister()
    await until(() => lab.authority.desk.questions.length === 1)
    lab.authority.desk.answer(lab.authority.desk.questions[0]!.id, true)
    await again
    expect(lab.walk.gates.waiting).toEqual([2])
    await lab.walkFinishRegistration()
  })
})

it('a private lab goes by the policy that it is given', async () => {
  const settings: Settings = { ...DEFAULT_SETTINGS, names: 'first' }
  await withPrivateLab(
    { settings: () => settings, signal: new AbortController().signal },
    async ({ register }) => {
      await register()
      expect(await rejection(register())).toMatchObject({ code: 'unknown_identity', step: 1 })
    },
  )
})

/** Another program registers with the authority of a lab; throws the code of the alert. */
async function withOther(
  authorityPort: number,
  { lab, settings }: Awaited<ReturnType<typeof startedLab>>,
  suite: SuiteName,
): Promise<void> {
  const loopback = { authorityPort, settings, trustAnchor: lab.authority.certificate! } as unknown as Loopback
  const code = await outcome(loopback, suite)
  if (code !== 'issued') throw new Error(code)
}
