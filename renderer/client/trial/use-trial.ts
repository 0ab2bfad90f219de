/** The trial of this window: what it is asked for, what main says of it, and saving it. */
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { CallsOf } from '#shared/ipc/contract'
import type { Fault } from '#shared/errors'
import type { SuiteName } from '#shared/hl1/suites'
import { planTrial } from '#shared/trial/plan'
import { readLifetimes, type TrialClock, type TrialRequest } from '#shared/trial/request'
import { isUnderWay, type TrialResult } from '#shared/trial/result'
import { LIFETIME_PRESETS } from '#shared/settings'
import { faultOf } from '../../common/call'
import type { ActingLab } from '../../common/lab-bridge'
import { toPng } from './png'

/** What a file of a trial can be. */
export type TrialFormat = 'png' | 'svg' | 'csv'

export interface Trial {
  /** Lifetimes as the person writes them, seconds. */
  readonly text: Ref<string>
  readonly clock: Ref<TrialClock>
  /** Follows the settings until the person chooses. */
  readonly suite: Ref<SuiteName>
  /** That of the settings. */
  readonly usual: ComputedRef<SuiteName>
  /** What is wrong with the lifetimes. */
  readonly problem: ComputedRef<string | undefined>
  /** Milliseconds that the trial would take in real time; undefined while the lifetimes are wrong. */
  readonly duration: ComputedRef<number | undefined>
  readonly result: Readonly<ShallowRef<TrialResult | undefined>>
  /** From pressing *Run trial* to the trial's end. */
  readonly running: Readonly<Ref<boolean>>
  /** Milliseconds on the clock of a trial that runs in real time. */
  readonly elapsed: ComputedRef<number | undefined>
  readonly fault: ShallowRef<Fault | undefined>
  /** Where the last file was saved. */
  readonly saved: Readonly<ShallowRef<string | undefined>>
  readonly toggle: (lifetime: number) => void
  readonly run: () => Promise<void>
  readonly cancel: () => Promise<void>
  readonly save: (format: TrialFormat) => Promise<void>
}

/** The clock of a trial in real time moves so often, milliseconds. */
const TICK_MS = 200

/** `lab` is this window’s view of main. */
export function useTrial({ call, settings }: ActingLab<CallsOf<'client'>>): Trial {
  const text = ref(LIFETIME_PRESETS.join(', '))
  const clock = ref<TrialClock>('simulated')
  const chosen = ref<SuiteName>()
  const result = shallowRef<TrialResult>()
  const running = ref(false)
  const fault = shallowRef<Fault>()
  const saved = shallowRef<string>()
  const now = ref(performance.now())
  let receivedAt = performance.now()

  const usual = computed(() => settings.value?.suite ?? 'classic')
  const suite = computed({
    get: () => chosen.value ?? usual.value,
    set: (name) => (chosen.value = name),
  })
  const read = computed(() => readLifetimes(text.value))
  const problem = computed(() => ('problem' in read.value ? read.value.problem : undefined))
  const duration = computed(() =>
    'lifetimes' in read.value
      ? planTrial({ lifetimes: [...read.value.lifetimes], clock: 'real' }).duration
      : undefined,
  )
  const elapsed = computed(() => {
    const found = result.value
    if (found?.state !== 'running' || found.request.clock !== 'real') return undefined
    return found.elapsed + Math.max(0, now.value - receivedAt)
  })

  onScopeDispose(window.lab.on('trial:progress', take))
  const timer = setInterval(() => {
    if (running.value) now.value = performance.now()
  }, TICK_MS)
  onScopeDispose(() => clearInterval(timer))

  function take(value: TrialResult): void {
    result.value = value
    receivedAt = performance.now()
  }

  function toggle(lifetime: number): void {
    if ('problem' in read.value) {
      text.value = String(lifetime)
      return
    }
    const { lifetimes } = read.value
    const others = lifetimes.filter((each) => each !== lifetime)
    text.value = (others.length < lifetimes.length ? others : [...lifetimes, lifetime]).join(', ')
  }

  async function run(): Promise<void> {
    if (!('lifetimes' in read.value)) return
    const request: TrialRequest = {
      lifetimes: [...read.value.lifetimes],
      suite: suite.value,
      clock: clock.value,
    }
    running.value = true
    fault.value = undefined
    saved.value = undefined
    result.value = undefined
    try {
      take(await call('trial:start', request))
    } catch (error) {
      fault.value = faultOf(error)
    } finally {
      running.value = false
    }
  }

  async function cancel(): Promise<void> {
    await call('trial:cancel')
  }

  async function save(format: TrialFormat): Promise<void> {
    const found = result.value
    if (!found) return
    fault.value = undefined
    const file = format === 'png' ? { format, bytes: await toPng(found) } : { format }
    const answer = await call('trial:save', file)
    if (answer) saved.value = answer.path
  }

  return {
    text,
    clock,
    suite,
    usual,
    problem,
    duration,
    result,
    running: computed(() => running.value || (result.value !== undefined && isUnderWay(result.value))),
    elapsed,
    fault,
    saved,
    toggle,
    run,
    cancel,
    save,
  }
}
