// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { compareSuites, type Comparison } from '#shared/side-by-side/compare'
import SuitesSheet from '../../../../renderer/client/suites/SuitesSheet.vue'
import { call } from '../../../../renderer/common/call'
import { START } from '../../../support/environment'
import { measureHonestRun } from '../../../support/measured'
import { giveSizes, standInForMain, type StandIn } from '../../common/support'

// Whole tables in a simulated page take their time on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

let wrapper: VueWrapper
let main: StandIn
let comparison: Comparison
let answer: () => Promise<Comparison>

beforeAll(async () => {
  const [classic, modern] = [await measureHonestRun('classic'), await measureHonestRun('modern')]
  const facts = { at: START, rsaBits: 2048, request: 'time' }
  comparison = compareSuites({ classic: [classic.run], modern: [modern.run] }, facts)
})

beforeEach(async () => {
  giveSizes()
  answer = async () => comparison
  main = standInForMain({ 'suites:run': () => answer(), 'suites:cancel': () => undefined })
  wrapper = mount(SuitesSheet, {
    props: { open: true, lab: { call } as never },
    attachTo: document.body,
  })
  await flushPromises()
})

afterEach(() => {
  wrapper.unmount()
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

const text = (): string => document.body.textContent ?? ''
const button = (name: string): HTMLButtonElement =>
  [...document.querySelectorAll('button')].find((each) => each.textContent?.trim().startsWith(name))!

async function press(name: string): Promise<void> {
  button(name).click()
  await flushPromises()
}

it('says what a run is before there is one, and asks for as many as were chosen', async () => {
  expect(text()).toContain('No runs yet')
  await press('Run both suites')
  expect(main.calls).toHaveBeenCalledWith('suites:run', { runs: 9 })
})

it('shows how far the runs are, and only while they go', async () => {
  let finish: (value: Comparison) => void = () => undefined
  answer = () => new Promise((resolve) => (finish = resolve))
  await press('Run both suites')
  expect(text()).toContain('Warming up')
  main.tell('suites:progress', { done: 5, of: 20 })
  await flushPromises()
  expect(document.querySelector('progress')!.value).toBe(5)
  // Counted as they were asked for: 9 of each, after one of each to warm up.
  expect(text()).toContain('Run 2 of 9 of each')
  main.tell('suites:progress', { done: 19, of: 20 })
  await flushPromises()
  expect(text()).toContain('Run 9 of 9 of each')
  finish(comparison)
  await flushPromises()
  expect(document.querySelector('progress')).toBeNull()
  main.tell('suites:progress', { done: 6, of: 20 })
  await flushPromises()
  expect(document.querySelector('progress')).toBeNull()
})

it('lays each line of a step beside the same line of the other suite', async () => {
  await press('Run both suites')
  const steps = [...document.querySelectorAll('tbody[data-step]')]
  expect(steps).toHaveLength(8)
  for (const step of steps) {
    for (const row of [...step.querySelectorAll('tr')].slice(1)) expect(row.children).toHaveLength(3)
  }
  const frames = [...document.querySelectorAll('[data-figure="frame"]')].map(({ textContent }) => textContent)
  expect(frames[2]).toBe(`${comparison.suites.classic.steps[2].bytes.frame.toLocaleString('en-GB')} bytes`)
})

it('draws bars to one scale: their widths are as their bytes', async () => {
  await press('Run both suites')
  const widths = [...document.querySelectorAll('tbody[data-step] .bar')].map((bar) =>
    [...bar.children].reduce((sum, part) => sum + Number.parseFloat((part as HTMLElement).style.width), 0),
  )
  const bytes = ([1, 2, 3, 4, 5, 6, 7, 8] as const).flatMap((step) =>
    (['classic', 'modern'] as const).map((suite) => comparison.suites[suite].steps[step].bytes.frame),
  )
  const longest = Math.max(...bytes)
  for (const [index, width] of widths.entries()) expect(width).toBeCloseTo((100 * bytes[index]!) / longest, 3)
  expect(widths).toHaveLength(16)
})

it('a run that was cancelled is no fault, one that failed is', async () => {
  answer = () => Promise.reject({ code: 'cancelled', message: 'The runs were cancelled.' })
  await press('Run both suites')
  expect(document.querySelector('[role="alert"]')).toBeNull()
  answer = () => Promise.reject({ code: 'listen_failed', message: 'No port could be had.' })
  await press('Run both suites')
  expect(document.querySelector('[role="alert"]')!.textContent).toContain('No port could be had.')
})

it('a run that failed leaves the figures of the one before', async () => {
  await press('Run both suites')
  answer = () => Promise.reject({ code: 'listen_failed', message: 'No port could be had.' })
  await press('Run both suites')
  expect(document.querySelectorAll('tbody[data-step]')).toHaveLength(8)
})
