// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { shallowRef } from 'vue'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import type { TrialResult } from '#shared/trial/result'
import { call } from '../../../renderer/common/call'
import TrialSheet from '../../../renderer/client/trial/TrialSheet.vue'
import { asDemanded, pending, trialResult } from '../../support/trials'
import { giveSizes, standInForMain, type StandIn } from '../common/support'

let wrapper: VueWrapper
let main: StandIn
/** Ends the trial that main runs. */
let finish: (result: TrialResult) => void
let fail: (fault: { code: string; message: string }) => void
const settings = shallowRef<Settings>(DEFAULT_SETTINGS)

beforeEach(async () => {
  giveSizes()
  settings.value = DEFAULT_SETTINGS
  main = standInForMain({
    'trial:start': () =>
      new Promise<TrialResult>((resolve, reject) => {
        finish = resolve
        fail = reject
      }),
    'trial:save': () => ({ path: '/home/me/trial.svg' }),
  })
  const lab = { view: shallowRef(), settings, entries: shallowRef([]), call }
  wrapper = mount(TrialSheet, { props: { open: true, lab }, attachTo: document.body })
  await flushPromises()
})
afterEach(() => {
  wrapper.unmount()
  vi.unstubAllGlobals()
})

const dialog = (): HTMLElement => document.querySelector<HTMLElement>('[role="dialog"]')!
const button = (name: string): HTMLButtonElement =>
  [...dialog().querySelectorAll('button')].find(
    (each) => (each.getAttribute('aria-label') ?? each.textContent?.trim()) === name,
  )!
const lifetimes = (): HTMLInputElement => dialog().querySelector('input')!
const asked = (name: string): unknown => main.calls.mock.calls.findLast(([called]) => called === name)?.[1]

async function press(name: string): Promise<void> {
  button(name).click()
  await flushPromises()
}

async function run(): Promise<void> {
  dialog()
    .querySelector('form')!
    .dispatchEvent(new Event('submit', { cancelable: true }))
  await flushPromises()
}

async function type(text: string): Promise<void> {
  lifetimes().value = text
  lifetimes().dispatchEvent(new Event('input'))
  await flushPromises()
}

describe('what a trial is asked for', () => {
  it('is the original’s three lifetimes on a simulated clock, in the suite of the settings, unless chosen', async () => {
    settings.value = { ...DEFAULT_SETTINGS, suite: 'modern' }
    await run()
    expect(asked('trial:start')).toEqual({ lifetimes: [10, 60, 100], suite: 'modern', clock: 'simulated' })
  })

  it('can be put together from the presets and written by hand', async () => {
    await press('60 seconds')
    expect(lifetimes().value).toBe('10, 100')
    expect(button('60 seconds').getAttribute('aria-pressed')).toBe('false')
    await press('60 seconds')
    expect(lifetimes().value).toBe('10, 100, 60')
    await type('7 10')
    expect(button('10 seconds').getAttribute('aria-pressed')).toBe('true')
    await press('Real time')
    expect(dialog().textContent).toContain('Takes 0:12.')
    await run()
    expect(asked('trial:start')).toEqual({ lifetimes: [7, 10], suite: 'classic', clock: 'real' })
  })

  it('is said to be wrong where it is, and not sent', async () => {
    await type('10, x')
    expect(dialog().textContent).toContain('“x” is not a lifetime.')
    expect(lifetimes().getAttribute('aria-invalid')).toBe('true')
    expect(button('Run trial').disabled).toBe(true)
    await run()
    expect(asked('trial:start')).toBeUndefined()
    await press('10 seconds')
    expect(lifetimes().value).toBe('10')
  })
})

describe('a trial that runs', () => {
  it('fills as main tells of it, and can be cancelled', async () => {
    await run()
    expect(dialog().textContent).toContain('Starting an authority')
    const running = { ...trialResult({}, pending), state: 'running' } as const
    main.tell('trial:progress', running)
    await flushPromises()
    expect(dialog().textContent).toContain('0 accepted, 0 refused, 21 not sent yet.')
    expect(dialog().querySelectorAll('tbody')).toHaveLength(3)
    expect(button('Save as SVG…').disabled).toBe(true)
    await press('Cancel trial')
    expect(main.calls).toHaveBeenCalledWith('trial:cancel', undefined)
    finish({ ...running, state: 'cancelled' })
    await flushPromises()
    expect(dialog().textContent).toContain('Cancelled before its end.')
    expect(button('Run trial')).toBeDefined()
  })

  it('says that it failed, and why', async () => {
    await run()
    fail({ code: 'listen_failed', message: 'No port is free.' })
    await flushPromises()
    expect(dialog().querySelector('[role="alert"]')?.textContent).toContain('No port is free.')
    expect(button('Run trial').disabled).toBe(false)
  })
})

describe('a trial that is done', () => {
  const done = async (result: TrialResult): Promise<void> => {
    await run()
    finish(result)
    await flushPromises()
  }

  it('shows each request in words, not by colour alone', async () => {
    await done(trialResult())
    const cells = [...dialog().querySelectorAll('tr')].map((row) =>
      [...row.querySelectorAll('td')].map((cell) => cell.textContent?.trim()),
    )
    expect(cells[4]).toEqual(['at the end', '10.000', '10.000', '10.000', 'accepted', 'yes'])
    expect(cells[5]).toEqual([
      'after the end',
      '10.001',
      '10.001',
      '10.001',
      'refused: session_expired',
      'yes',
    ])
    expect(dialog().querySelector('caption')?.textContent).toContain('on a simulated clock')
    expect(dialog().querySelector('svg[role="img"]')?.getAttribute('aria-label')).toContain(
      '10 s: 4 accepted',
    )
  })

  it('says where it is not as the protocol demands', async () => {
    await done(
      trialResult({}, (row) =>
        row.planned === 10_001
          ? { is: 'accepted', session: 1, sent: 10_001, answered: 10_001 }
          : asDemanded(row),
      ),
    )
    expect(dialog().textContent).toContain('1 not as section 5 of the protocol demands.')
    expect([...dialog().querySelectorAll('td.wrong')].map((cell) => cell.textContent)).toEqual(['no'])
  })

  it('is saved by main, which says where', async () => {
    await done(trialResult())
    await press('Save as SVG…')
    expect(asked('trial:save')).toEqual({ format: 'svg' })
    expect(dialog().textContent).toContain('Saved as /home/me/trial.svg')
    await press('Show in folder')
    expect(asked('export:show')).toEqual({ path: '/home/me/trial.svg' })
  })
})
