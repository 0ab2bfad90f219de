/** A lab whose connections cross an adversary, put together as the app does it; and what a test says to the adversary. */
import { Adversary } from '#main/adversary/adversary'
import { leakOf } from '#main/adversary/lab-leaks'
import type { FrameRow } from '#shared/adversary/live'
import type { Settings } from '#shared/settings'
import { expectNone } from './context'
import { startedLab, type Started } from './lab'
import { until } from './wait'

const open: Adversary[] = []

/** Switches off every adversary that was made since; for `afterEach`. */
export async function closeAdversaries(): Promise<void> {
  await Promise.all(open.splice(0).map((adversary) => adversary.switchOff()))
}

/** Authority and server run, and the adversary is on. */
export async function labWithAdversary(changes: Partial<Settings> = {}) {
  const there: { adversary?: Adversary } = {}
  const started = await startedLab(changes, {
    routes: () => there.adversary?.routes ?? {},
    patience: (connection) => there.adversary?.patienceOf(connection),
  })
  const adversary = (there.adversary = adversaryOf(started))
  await adversary.switchOn()
  return { ...started, adversary }
}

/** An adversary of a lab, off. */
function adversaryOf({ lab, hub, settings }: Started): Adversary {
  const made = new Adversary({
    settings: () => settings.current,
    listeners: () => ({ authority: lab.authority.address, server: lab.server.address }),
    trustAnchor: () => lab.authority.certificate,
    publicKeys: () => ({
      PK_CA: lab.authority.certificate?.publicKey,
      PK_S: lab.server.credentials?.publicKey,
    }),
    connections: lab.roles.context.connections,
    environment: lab.roles.context.environment,
    keyToLose: (id) => leakOf(lab, id),
    onChange: () => undefined,
    onSwitched: () => undefined,
    onFailure: expectNone,
  })
  hub.on('recorded', (entry) => made.observe(entry))
  open.push(made)
  return made
}

/** The newest frame of a step that was seen, once there is one. */
export async function seen(adversary: Adversary, step: number, isOwn = false): Promise<FrameRow> {
  const find = (): FrameRow | undefined =>
    adversary.view.frames.findLast((frame) => frame.step === step && frame.isOwn === isOwn)
  await until(() => find() !== undefined)
  return find()!
}

/** The frame of a step that is held, once one is. */
export async function held(adversary: Adversary, step: number): Promise<FrameRow> {
  const find = (): FrameRow | undefined =>
    adversary.view.frames.findLast((frame) => frame.step === step && frame.fate.is === 'held')
  await until(() => find() !== undefined)
  return find()!
}

/** A frame, once somebody has said what became of it. */
export async function judged(adversary: Adversary, id: number): Promise<FrameRow> {
  const find = (): FrameRow => adversary.view.frames.find((frame) => frame.id === id)!
  await until(() => !['sent', 'held'].includes(find().fate.is))
  return find()
}
