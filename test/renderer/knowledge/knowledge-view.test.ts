// @vitest-environment happy-dom
/** The window of who knows what, with real runs behind it: what it asks of main, and what it says meanwhile and afterwards. */
import { transferableAbortController } from 'node:util'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { KnowledgeRuns } from '#main/experiments/knowledge-runs'
import { LabError } from '#shared/errors'
import type { SuiteName } from '#shared/hl1/suite-names'
import KnowledgeView from '../../../renderer/knowledge/KnowledgeView.vue'
import { QUESTIONS } from '../../../renderer/knowledge/questions'
import { layOut } from '../../../renderer/knowledge/lanes'
import { HL1 } from '#shared/hl1/protocol'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { deduce } from '#shared/knowledge/deduce'
import { genealogy } from '#shared/knowledge/genealogy'
import { subjectOf } from '#shared/knowledge/things'
import { giveSizes, standInForMain, type StandIn } from '../common/support'

vi.setConfig({ testTimeout: 60_000 })

let wrapper: VueWrapper
let main: StandIn
let runs: KnowledgeRuns
let make: (suite: SuiteName) => Promise<unknown>

beforeEach(() => {
  giveSizes()
  // Sockets of main take Node's signals alone, and not those of the simulated page.
  vi.stubGlobal('AbortController', function () {
    return transferableAbortController()
  })
  vi.stubGlobal('AbortSignal', transferableAbortController().signal.constructor)
  runs = new KnowledgeRuns((progress) => void main.tell('knowledge:progress', progress))
  make = (suite) => runs.make(suite)
  main = standInForMain({
    'knowledge:run': ({ suite }: { suite: SuiteName }) => make(suite),
    'run:view': () => ({ is: 'none' }),
    'settings:get': () => ({ suite: 'classic' }),
    'knowledge:cancel': () => runs.cancel(),
    'knowledge:read': ({ suite, secrets, upTo }: { suite: SuiteName; secrets: string[]; upTo: number }) =>
      runs.read(suite, secrets, upTo),
  })
})
afterEach(() => {
  wrapper.unmount()
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

function open(): void {
  wrapper = mount(KnowledgeView, { attachTo: document.body })
}
const text = (): string => (document.body.textContent ?? '').replaceAll(/\s+/g, ' ')
const button = (name: string): HTMLButtonElement =>
  [...document.querySelectorAll('button')].find((each) => each.textContent?.trim().startsWith(name))!
async function press(name: string): Promise<void> {
  button(name).click()
  await flushPromises()
}
async function showMessages(): Promise<void> {
  const tab = [...document.querySelectorAll<HTMLElement>('[role=tab]')].find(
    (each) => each.textContent?.trim() === 'Messages',
  )
  tab?.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0 }))
  await flushPromises()
}

it('makes a run by itself, says so, and opens its messages with a key of next year', async () => {
  open()
  await showMessages()
  expect(text()).toContain('A run is being made')
  expect(main.calls).toHaveBeenCalledWith('knowledge:run', { suite: 'classic' })
  await vi.waitFor(() => expect(text()).toContain('Make another run'), { timeout: 30_000 })
  await press('What can somebody with next year')
  await vi.waitFor(() => expect(text()).toContain('echo who knows what'), { timeout: 10_000 })
  expect(main.calls).toHaveBeenLastCalledWith('knowledge:read', {
    suite: 'classic',
    secrets: ['SK_S'],
    upTo: 8,
  })
  expect(text()).toContain('Everything of a session that was recorded today')
  expect(document.querySelector('[data-step="2"]')?.textContent).toContain('closed')
})

it('begins with the suite of the lab, and makes a run of no other', async () => {
  main = standInForMain({
    'knowledge:run': () => new Promise(() => undefined),
    'run:view': () => ({ is: 'none' }),
    'settings:get': () => ({ suite: 'modern' }),
  })
  open()
  await flushPromises()
  expect(main.calls.mock.calls.filter(([name]) => name === 'knowledge:run')).toEqual([
    ['knowledge:run', { suite: 'modern' }],
  ])
  expect(button('Modern').getAttribute('aria-pressed')).toBe('true')
})

it.each(SUITE_NAMES)(
  'says the same of what can be read in %s wherever it says it, and whose run it is',
  async (suite) => {
    main = standInForMain({
      'knowledge:run': () => runs.make(suite),
      'run:view': () => ({ is: 'none' }),
      'settings:get': () => ({ suite }),
      'knowledge:read': ({ secrets, upTo }: { secrets: string[]; upTo: number }) =>
        runs.read(suite, secrets, upTo),
    })
    open()
    await flushPromises()
    expect(text()).toContain('A run made for this window, in a lab of its own')
    await vi.waitFor(() => expect(text()).toContain('Make another run'), { timeout: 30_000 })
    await press('What can somebody with next year')
    const states = (state: string): readonly string[] =>
      [...document.querySelectorAll<HTMLElement>('[data-step]')]
        .filter((card) => card.querySelector('[data-state-of-message]')?.textContent === state)
        .map((card) => card.dataset['step'] ?? '')
    await vi.waitFor(() => expect(states('closed').length).toBeGreaterThan(1), { timeout: 10_000 })
    const can = document.querySelector('[data-ability="read"]')?.textContent ?? ''
    expect(text()).not.toContain('no message opens')
    if (suite === 'classic') {
      expect(can).toBe('steps 3, 4, 5, 6, 7 and 8')
      expect(states('open')).toEqual(['3', '4', '5', '6', '7', '8'])
      expect(text()).toContain('steps 5, 6, 7 and 8 open with it, and steps 3 and 4 without.')
    } else {
      expect(can).toBe('step 3, in clear; ShareS of step 4, Seq of steps 7 and 8')
      expect(states('in clear')).toEqual(['3'])
      expect(text()).toContain('Nothing was decrypted: what can be read is in clear.')
      expect(states('partly open')).toEqual(['4', '7', '8'])
      expect(text()).toContain(
        'Nothing of what was recorded today but what is in clear and takes no key: step 3, ShareS of step 4 and Seq of steps 7 and 8.',
      )
    }
  },
)

it('says why there is no run, and makes one when asked to', async () => {
  const refused = new LabError('listen_failed', 'No port is free.')
  make = () => Promise.reject(refused)
  open()
  await showMessages()
  await flushPromises()
  expect(text()).toContain('No port is free.')
  expect(text()).toContain('No run yet')
  make = (suite) => runs.make(suite)
  await press('Make a run')
  await vi.waitFor(() => expect(text()).toContain('Make another run'), { timeout: 30_000 })
  expect(text()).not.toContain('No port is free.')
})

it('says nothing of a run that was cancelled but that there is none', async () => {
  make = () => Promise.reject(new LabError('cancelled', 'The run was cancelled.'))
  open()
  await showMessages()
  await flushPromises()
  expect(text()).toContain('No run yet')
  expect(text()).not.toContain('cancelled')
})

it('deduces without a run, and marks what a step brings', async () => {
  make = () => new Promise(() => undefined)
  open()
  for (let step = 0; step < 6; step++) await press('Forward')
  const row = document.querySelector('[data-thing="K_sess"]')
  expect([...(row?.querySelectorAll('td') ?? [])].map((cell) => cell.textContent?.includes('new'))).toEqual([
    false,
    true,
    true,
    false,
  ])
  await press('Back')
  expect(row?.textContent).not.toContain('new')
})

it.each(SUITE_NAMES)('answers every question in suite %s in sentences', (suite) => {
  open()
  for (const { answer, scene } of QUESTIONS) {
    const subject = subjectOf(HL1, suite)
    for (const sentence of answer(subject)) expect(sentence).toMatch(/^[A-Z].*\.$/)
    for (const { secret } of scene(subject).leaks) expect(subject.thing(secret)).toBeDefined()
  }
  const [first] = QUESTIONS[0]!.answer(subjectOf(HL1, suite))
  expect(first).toMatch(suite === 'classic' ? /^Everything .* steps 5, 6, 7 and 8 open/ : /^Nothing/)
})

it.each(SUITE_NAMES)(
  'no two things of the drawing of %s stand on one another, and none moves with a leak',
  (suite) => {
    open()
    const drawn = layOut(genealogy(deduce(HL1, suite)), 8)
    for (const { marks } of drawn.lanes) {
      const kinds = new Map(marks.map((mark) => [`${mark.x} ${mark.event.is}`, mark]))
      const places = new Set([...kinds.values()].map(({ x }) => x))
      expect(places.size).toBe(kinds.size)
    }
    const leaked = deduce(HL1, suite, [{ secret: 'SK_S', when: 'during' }])
    expect(layOut(genealogy(leaked), 8)).toEqual(drawn)
  },
)
