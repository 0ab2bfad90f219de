// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { toBase64, toHex } from '#shared/bytes'
import { LabError } from '#shared/errors'
import type { MemberValue } from '#shared/record/member'
import type { Hl1Entry } from '#shared/hl1/types'
import { judge, flip, runHonestly } from '../../support/handshake'
import { fakeEnvironment } from '../../support/environment'
import MessageDetail from '../../../renderer/common/message/MessageDetail.vue'
import { entryOf, giveSizes, standInForMain } from './support'
import { connectionOf } from '../../support/context'

let wrapper: VueWrapper

beforeEach(() => {
  giveSizes()
  standInForMain({})
})
afterEach(() => {
  wrapper.unmount()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function show(entry: Hl1Entry): Promise<() => MemberValue> {
  const reveal = async (name: string): Promise<MemberValue> => valueOf(entry, name)
  wrapper = mount(MessageDetail, { props: { entry, reveal }, attachTo: document.body })
  await flushPromises()
  return () => valueOf(entry, 'k_sess')
}

function valueOf(entry: Hl1Entry, name: string): MemberValue {
  return entry.members.find((member) => member.name === name)!.value!
}

const button = (name: string) => wrapper.find(`button[aria-label="${name}"]`)
const html = (): string => wrapper.html()

/** Every way in which the key could stand in the page. */
function traces(key: MemberValue): string[] {
  const bytes = key as Uint8Array
  return [toHex(bytes), toHex(bytes, ' '), toBase64(bytes)]
}

async function openPlaintext(): Promise<string> {
  await wrapper.findAll('.views button')[1]!.trigger('click')
  await flushPromises()
  return wrapper.findAll('.character').reduce((text, cell) => text + cell.text(), '')
}

describe('secrets', () => {
  it('are nowhere in the page until the person asks for them, and gone again after Hide', async () => {
    const key = (await show(await entryOf(6)))()
    for (const trace of traces(key)) expect(html()).not.toContain(trace)
    expect(await openPlaintext()).toMatch(/^\{•+,"lifetime_sess":60/)
    // What stands in its place looks like no byte, also in what is copied.
    expect(wrapper.findAll('.masked.byte').every((cell) => cell.text() === '••')).toBe(true)
    expect(wrapper.findAll('.byte').map((cell) => cell.text())).not.toContain('2a')

    await button('Reveal k_sess').trigger('click')
    await flushPromises()
    expect(wrapper.find('[aria-label="Members"]').text()).toContain(toHex(key as Uint8Array, ' '))
    expect(await openPlaintext()).toContain(`"k_sess":"${toBase64(key as Uint8Array)}"`)

    await button('Hide k_sess').trigger('click')
    await flushPromises()
    for (const trace of traces(key)) expect(html()).not.toContain(trace)
    expect(await openPlaintext()).not.toContain(toBase64(key as Uint8Array))
  })

  it('hide themselves after a minute', async () => {
    const key = (await show(await entryOf(6)))()
    vi.useFakeTimers()
    await button('Reveal k_sess').trigger('click')
    await flushPromises()
    expect(html()).toContain(toHex(key as Uint8Array, ' '))
    await vi.advanceTimersByTimeAsync(60_000)
    for (const trace of traces(key)) expect(html()).not.toContain(trace)
  })

  it('hide when the window is hidden', async () => {
    const key = (await show(await entryOf(6)))()
    await button('Reveal k_sess').trigger('click')
    await flushPromises()
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
    document.dispatchEvent(new Event('visibilitychange'))
    await flushPromises()
    for (const trace of traces(key)) expect(html()).not.toContain(trace)
    hidden.mockRestore()
  })

  it('do not stay for the next message', async () => {
    const key = (await show(await entryOf(6)))()
    await button('Reveal k_sess').trigger('click')
    await flushPromises()
    await wrapper.setProps({ entry: { ...(await entryOf(6)), id: 'another' } })
    await flushPromises()
    for (const trace of traces(key)) expect(html()).not.toContain(trace)
  })

  it('say why they can’t be revealed', async () => {
    const entry = await entryOf(6)
    const reveal = (): Promise<never> =>
      Promise.reject(new LabError('unknown_record', 'This value is no longer kept.'))
    wrapper = mount(MessageDetail, { props: { entry, reveal } })
    await button('Reveal k_sess').trigger('click')
    await flushPromises()
    expect(wrapper.find('[aria-label="Members"]').text()).toContain('This value is no longer kept.')
  })
})

describe('members and bytes', () => {
  const marked = (): number[] =>
    wrapper.findAll('.byte.marked').map((cell) => Number(cell.attributes('data-offset')))
  const markedRows = (): string[] => wrapper.findAll('tr.marked th code').map((code) => code.text())

  it('a chosen member marks its blocks in the frame and its bytes in the plaintext', async () => {
    const entry = await entryOf(6)
    await show(entry)
    const row = wrapper.findAll('tr').find((each) => each.find('th code').text() === 'id_c')!
    await row.find('button.name').trigger('click')
    await flushPromises()
    const inFrame = entry.ranges.find((range) => range.member === 'id_c')!
    expect(marked()).toEqual(Array.from({ length: inFrame.end - inFrame.start }, (_, i) => inFrame.start + i))

    await openPlaintext()
    const inPlaintext = entry.plaintext!.ranges.find((range) => range.member === 'id_c')!
    expect(marked()[0]).toBe(inPlaintext.start)
    expect(marked().at(-1)).toBe(inPlaintext.end - 1)
  })

  it('a byte under the pointer marks its member, and no longer when the pointer leaves', async () => {
    const entry = await entryOf(6)
    await show(entry)
    await openPlaintext()
    const { start } = entry.plaintext!.ranges.find((range) => range.member === 'ts6')!
    await wrapper.find(`.byte[data-offset="${start}"]`).trigger('pointerover')
    await flushPromises()
    expect(markedRows()).toEqual(['ts6'])
    expect(wrapper.find('.status').text()).toContain('ts6')
    await wrapper.find('.rows').trigger('pointerleave')
    await flushPromises()
    expect(markedRows()).toEqual([])
  })

  it('the arrow keys do what the pointer does, and say the byte', async () => {
    await show(await entryOf(6))
    const grid = wrapper.find('.rows')
    await grid.trigger('focus')
    for (let times = 0; times < 5; times++) await grid.trigger('keydown', { key: 'ArrowRight' })
    const cell = wrapper.find(`[id="${grid.attributes('aria-activedescendant')}"]`)
    expect(cell.attributes('aria-label')).toBe('offset 5, hex 06, type')
    await grid.trigger('keydown', { key: 'End', ctrlKey: true })
    await flushPromises()
    expect(markedRows()).toEqual(['ts6'])
  })
})

it('a refused message says which check, what was found and expected, and what going on would have meant', async () => {
  const { moments } = await runHonestly(fakeEnvironment())
  const { record } = await judge(moments[6], moments[6].frame, { later: 11_000 })
  await show({ ...record, id: 'stale', connection: connectionOf('c') })
  const alert = wrapper.find('[role="alert"]').text()
  expect(alert).toContain('Freshness')
  expect(alert).toContain('stale_timestamp')
  expect(alert).toContain('Found11.000 s old')
  expect(alert).toContain('sent again at any later time')
})

describe('checks', () => {
  const folded = () => wrapper.findAll('[aria-label="Checks"] details:not([open])')
  const open = () =>
    wrapper.findAll('[aria-label="Checks"] details[open]').map((check) => check.find('h4').text())
  const unfold = () => wrapper.find('[aria-label="Checks"] header button')

  it('are folded to their titles; unfolded they stay so for the next message', async () => {
    await show(await entryOf(4))
    expect(open()).toEqual([])
    expect(folded().length).toBeGreaterThan(5)
    await unfold().trigger('click')
    expect(folded()).toEqual([])
    await wrapper.setProps({ entry: await entryOf(6) })
    expect(folded()).toEqual([])
    await unfold().trigger('click')
    expect(open()).toEqual([])
  })

  it('that failed are open, those that were not made are not, and one opened by hand does not stay for the next', async () => {
    const { moments } = await runHonestly(fakeEnvironment())
    const { record } = await judge(moments[6], moments[6].frame, { later: 11_000 })
    await show({ ...record, id: 'stale', connection: connectionOf('c') })
    expect(open()).toEqual(['Freshness: failed'])
    ;(folded()[0]!.element as HTMLDetailsElement).open = true
    await wrapper.setProps({ entry: await entryOf(6) })
    expect(open()).toEqual([])
  })
})

it('every message opens at its top', async () => {
  await show(await entryOf(4))
  const { element } = wrapper.find('article')
  element.scrollTop = 120
  // As an engine says it.
  element.dispatchEvent(new Event('scroll'))
  await wrapper.setProps({ entry: await entryOf(6) })
  await flushPromises()
  expect(element.scrollTop).toBe(0)
})

it('a message that could not be opened shows no members’ values', async () => {
  const { moments } = await runHonestly(fakeEnvironment())
  const { record } = await judge(moments[5], flip(moments[5].frame, 40))
  await show({ ...record, id: 'broken', connection: connectionOf('c') })
  expect(wrapper.find('[aria-label="Members"]').text()).toContain('not read')
  expect(wrapper.findAll('.views button')[1]!.attributes('disabled')).toBeDefined()
})

it('says what to do while no message is chosen', async () => {
  wrapper = mount(MessageDetail, { props: { entry: undefined } })
  expect(wrapper.text()).toContain('Choose a message')
})

describe('what is weak is said in place', () => {
  const remarks = (): string => wrapper.find('.protection').text()

  it('by name, and folded under it in words with the section', async () => {
    await show(await entryOf(2))
    expect(remarks()).toContain('Weak here')
    expect(remarks()).toContain('Key escrow · A key that can be searched for · No integrity')
    const fold = wrapper.find('.remarks details')
    // What is folded is not drawn: every message would have it drawn anew.
    expect(fold.text()).not.toContain('RFC 4772 section 5')
    await fold.find('summary').trigger('click')
    expect(fold.text()).toContain('RFC 4772 section 5')
    await fold.find('summary').trigger('click')
    expect(fold.text()).not.toContain('RFC 4772 section 5')
  })

  it('suite modern says what is repaired, and what is still weak', async () => {
    const { moments } = await runHonestly(fakeEnvironment(), { suite: 'modern' })
    await show({ ...moments[5].record, id: 'modern', connection: connectionOf('c') })
    expect(remarks()).toContain('Repaired here')
    expect(remarks()).toContain('Forward secrecy')
    expect(remarks()).toContain('Still weak')
    expect(remarks()).toContain('Client not authenticated.')
    expect(wrapper.find('.heading').text()).toContain('under the handshake key')
  })
})
