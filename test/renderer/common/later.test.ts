// @vitest-environment happy-dom
/** Parts of a window that are loaded later: when they are wanted, or when somebody turns to the window. */
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, ref, type Component } from 'vue'
import { everOpen, later, laterModule, loadTheRest } from '../../../renderer/common/later'

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
  await nextTick()
}

const mountIn = (part: Component) =>
  mount(() => h('div', h(part)), { global: { config: { errorHandler: () => undefined } } })

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('requestIdleCallback', (action: () => void) => void action())
  vi.spyOn(document, 'hasFocus').mockReturnValue(false)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('a part', () => {
  it('is loaded once, however often it is wanted', async () => {
    const load = vi.fn(async () => 'part')
    const part = laterModule(load)
    expect(load).not.toHaveBeenCalled()
    expect(await Promise.all([part(), part()])).toEqual(['part', 'part'])
    expect(load).toHaveBeenCalledOnce()
  })

  it('is tried again after a load that failed', async () => {
    const load = vi.fn(async () => 'part').mockRejectedValueOnce(new Error('gone'))
    const part = laterModule(load)
    await expect(part()).rejects.toThrow('gone')
    expect(await part()).toBe('part')
  })

  it('that is a component shows when it is there', async () => {
    const view = mountIn(later(async () => ({ default: defineComponent(() => () => h('p', 'here')) })))
    expect(view.text()).toBe('')
    await settled()
    expect(view.text()).toBe('here')
  })

  it('that can’t be loaded says so, and what to do', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    vi.spyOn(console, 'warn').mockReturnValue()
    const part = later(() =>
      Promise.reject<{ default: ReturnType<typeof defineComponent> }>(new Error('gone')),
    )
    const view = mountIn(part)
    await settled()
    expect(view.get('[role="alert"]').text()).toContain('Quit Handshake Lab and start it again')
  })
})

describe('the rest', () => {
  it('waits until somebody turns to the window, and comes with what is wanted first before the others', async () => {
    const loaded: string[] = []
    const part = (name: string) => async () => void loaded.push(name)
    laterModule(part('second'))
    laterModule(part('first'), 'first')
    loadTheRest()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(loaded).toEqual([])
    window.dispatchEvent(new Event('pointermove'))
    await settled()
    expect(loaded).toEqual(['first', 'second'])
  })

  it('comes by itself in the window that has the focus, a second after it was shown', async () => {
    const load = vi.fn(async () => 'part')
    laterModule(load)
    vi.mocked(document.hasFocus).mockReturnValue(true)
    loadTheRest()
    await vi.advanceTimersByTimeAsync(999)
    expect(load).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(load).toHaveBeenCalledOnce()
  })
})

it('what was open once stays there', () => {
  const open = ref(false)
  const ever = everOpen(open)
  expect(ever.value).toBe(false)
  open.value = true
  open.value = false
  expect(ever.value).toBe(true)
})
