// @vitest-environment happy-dom
/** Views take the keys that Help lists for them, and no others. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isPressed, keyNames } from '#shared/help/key-names'
import { VIEW_KEYS, type ShortcutGroup } from '#shared/help/shortcuts'
import type { AdversaryView } from '#shared/adversary/live'
import FrameBytes from '../../../renderer/adversary/bytes/FrameBytes.vue'
import HeldList from '../../../renderer/adversary/frames/HeldList.vue'
import { moveAfterKey } from '../../../renderer/common/inspect/structure/tree-keys'
import BytesGrid from '../../../renderer/common/bytes/BytesGrid.vue'
import CertificateList from '../../../renderer/common/certificates/CertificateList.vue'
import InspectorList from '../../../renderer/common/inspect/InspectorList.vue'
import StructureTools from '../../../renderer/common/inspect/structure/StructureTools.vue'
import MessageList from '../../../renderer/common/message/MessageList.vue'
import SequenceDiagram from '../../../renderer/client/components/SequenceDiagram.vue'
import { entryOf, giveSizes, standInForMain } from './support'

/** Every key that a view could take. */
const ALL = [
  ...['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End', 'Control+Home'],
  ...[
    'Control+End',
    'Delete',
    'Backspace',
    'Enter',
    'Shift+Enter',
    'Space',
    'Alt+ArrowLeft',
    'Alt+ArrowRight',
  ],
  ...['F1', 'F5', 'Insert', 'a', '*', 'CommandOrControl+F'],
]

let view: VueWrapper
beforeEach(() => {
  giveSizes()
  standInForMain({})
})
afterEach(() => {
  view.unmount()
  document.body.replaceChildren()
})

function eventOf(keys: string): KeyboardEvent {
  const parts = keys.split('+')
  const key = parts.at(-1) === 'Space' ? ' ' : (parts.at(-1) ?? '')
  return new KeyboardEvent('keydown', {
    key,
    ctrlKey: parts.includes('Control') || parts.includes('CommandOrControl'),
    altKey: parts.includes('Alt'),
    shiftKey: parts.includes('Shift'),
    bubbles: true,
    cancelable: true,
  })
}

/** The keys that an element takes: it keeps the engine from doing anything with them. */
async function taken(selector: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const keys of ALL) {
    const event = eventOf(keys)
    view.find(selector).element.dispatchEvent(event)
    await flushPromises()
    if (event.defaultPrevented) found.push(keys)
  }
  // With Ctrl a key does what it does without, unless it has a row of its own.
  const isRow = (keys: string) => keys !== 'Control+Home' && keys !== 'Control+End'
  return found.filter((keys) => isRow(keys) || selector === '[role=grid]').toSorted()
}

const listed = ({ shortcuts }: ShortcutGroup): readonly string[] =>
  shortcuts.flatMap(({ keys }) => keys).toSorted()
const at = { attachTo: document.body }

it('a list of messages', async () => {
  view = mount(MessageList, { props: { entries: [await entryOf(3), await entryOf(5)] }, ...at })
  expect(await taken('[role=listbox]')).toEqual(listed(VIEW_KEYS.messages))
})

it('a list of certificates', async () => {
  const items = ['a', 'b'].map((id) => ({ id, title: id, about: '' }))
  view = mount(CertificateList, { props: { items, chosen: 'a' }, ...at })
  expect(await taken('[role=listbox]')).toEqual(listed(VIEW_KEYS.certificates))
})

it('the eight steps', async () => {
  view = mount(SequenceDiagram, { props: { rows: [], suite: 'classic', identities: {}, present: {} }, ...at })
  expect(await taken('ol')).toEqual(listed(VIEW_KEYS.steps))
})

it('bytes', async () => {
  const props = { label: 'x', length: 64, cellsOf: () => [], marked: [], spoken: () => '' }
  view = mount(BytesGrid, { props, ...at })
  expect(await taken('[role=grid]')).toEqual(listed(VIEW_KEYS.bytes))
})

it('lists of the adversary, and held messages', async () => {
  const frame = { id: 1, at: 0, step: 4, direction: 'server_to_client', changes: [], fate: { is: 'held' } }
  const live = { frames: [frame], held: [1], ageLimit: 30 } as unknown as AdversaryView
  view = mount(HeldList, { props: { view: live, chosen: 1 }, ...at })
  const keys = [...listed(VIEW_KEYS.frames), ...listed(VIEW_KEYS.held)]
  expect(await taken('[role=listbox]')).toEqual(keys.toSorted())
})

it('bytes of a held message', async () => {
  const source = { bytes: new Uint8Array(64), ranges: [], inFrame: true, carried: {} }
  const props = { id: 1, views: [{ title: 'Frame', source }], members: [], editable: true }
  view = mount(FrameBytes, { props: { ...props, original: undefined, chosen: undefined }, ...at })
  await view.find('[role=grid]').trigger('focus')
  expect(listed(VIEW_KEYS.heldBytes)).toEqual(['0–9', 'A–F', 'Delete', 'Insert'])
  const typed = ['a', 'Delete', 'Insert']
  expect(await taken('[role=grid]')).toEqual([...listed(VIEW_KEYS.bytes), ...typed].toSorted())
})

it('the search in the structure', async () => {
  view = mount(StructureTools, { props: { title: 'x', found: 2, at: 0, query: 'x' }, ...at })
  expect(await taken('input')).toEqual(listed(VIEW_KEYS.search))
  expect(Object.keys(view.emitted())).toEqual(expect.arrayContaining(['next', 'previous']))
})

it('what is open in the inspector', async () => {
  const entries = ['a', 'b'].map((id) => ({ id, kind: 'certificate' as const, title: id, source: 'f' }))
  const groups = [{ id: 'g', title: 'f', file: true, notes: [], entries }]
  view = mount(InspectorList, { props: { groups: groups as never, chosen: 'a' }, ...at })
  const removing = ['Delete', 'Backspace']
  const moves = listed(VIEW_KEYS.opened).filter((keys) => !removing.includes(keys))
  expect(await taken('ul')).toEqual(moves)
  // Two presses, one for each key that takes a file off the list.
  expect(view.emitted('remove')).toHaveLength(removing.length)
})

describe('a tree', () => {
  it('takes what is listed', () => {
    view = mount({ template: '<i />' })
    const source = moveAfterKey.toString()
    const names = [...source.matchAll(/case\s*["'`]([^"'`]+)["'`]/g)].map(([, key]) =>
      key === ' ' ? 'Space' : key,
    )
    expect(names.toSorted()).toEqual(listed(VIEW_KEYS.tree))
  })
})

it('a press is told from others by all of its keys', () => {
  view = mount({ template: '<i />' })
  for (const keys of ALL) expect(ALL.filter((other) => isPressed(keys, eventOf(other)))).toEqual([keys])
  expect(keyNames('CommandOrControl+ArrowUp', false)).toEqual(['Ctrl', '↑'])
  expect(keyNames('Alt+CommandOrControl+O', true)).toEqual(['⌥', '⌘', 'O'])
})
