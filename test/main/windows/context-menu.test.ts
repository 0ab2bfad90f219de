/** The menu at the pointer: editing in fields, copying of what is marked, and nothing elsewhere. */
import { expect, it, vi } from 'vitest'

vi.mock('electron', () => ({ app: {}, BrowserWindow: {}, Menu: {} }))
const { contextMenu } = await import('#main/windows/context-menu')

const NONE = {
  ...{ canUndo: false, canRedo: false, canCut: false, canCopy: false, canPaste: false, canSelectAll: false },
}
const place = { isEditable: false, selectionText: '', editFlags: NONE }

it('is none where nothing is marked', () => {
  expect(contextMenu(place, vi.fn())).toEqual([])
  expect(contextMenu({ ...place, selectionText: ' \n' }, vi.fn())).toEqual([])
})

it('hands what is marked to whoever copies, who may ask first', () => {
  const copy = vi.fn()
  const [item] = contextMenu({ ...place, selectionText: '-----BEGIN PRIVATE KEY-----' }, copy)
  expect(item).toMatchObject({ label: 'Copy' })
  expect(item).not.toHaveProperty('role')
  ;(item?.click as () => void)()
  expect(copy).toHaveBeenCalledWith('-----BEGIN PRIVATE KEY-----')
})

it('edits a field, as far as there is anything to edit', () => {
  const items = contextMenu({ ...place, isEditable: true, editFlags: { ...NONE, canPaste: true } }, vi.fn())
  const roles = items.flatMap(({ role, enabled }) => (role ? [[role, enabled]] : []))
  expect(Object.fromEntries(roles)).toEqual({
    ...{ undo: false, redo: false, cut: false, copy: false, paste: true, selectAll: false },
  })
})
