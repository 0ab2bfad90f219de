/** The menu that a window shows at the pointer: editing in fields, and copying of what is marked. No page can open it or choose in it. */
import { app, BrowserWindow, Menu, type ContextMenuParams, type MenuItemConstructorOptions } from 'electron'
import type { WindowName } from '#shared/windows'
import type { LabWindows } from './windows'

/** What a menu goes by. */
type Place = Pick<ContextMenuParams, 'isEditable' | 'selectionText'> & {
  readonly editFlags: Pick<
    ContextMenuParams['editFlags'],
    'canUndo' | 'canRedo' | 'canCut' | 'canCopy' | 'canPaste' | 'canSelectAll'
  >
}

/** What it has at a place; nothing where there is nothing to do. `copy` takes the marked text to the clipboard. */
export function contextMenu(
  { isEditable, selectionText, editFlags }: Place,
  copy: (text: string) => void,
): readonly MenuItemConstructorOptions[] {
  if (!isEditable) {
    const text = selectionText.trim() === '' ? undefined : selectionText
    return text === undefined ? [] : [{ label: 'Copy', click: () => copy(text) }]
  }
  return [
    { role: 'undo', enabled: editFlags.canUndo },
    { role: 'redo', enabled: editFlags.canRedo },
    { type: 'separator' },
    { role: 'cut', enabled: editFlags.canCut },
    { role: 'copy', enabled: editFlags.canCopy },
    { role: 'paste', enabled: editFlags.canPaste },
    { type: 'separator' },
    { role: 'selectAll', enabled: editFlags.canSelectAll },
  ]
}

/** Gives every window its menu, those that are there and those to come. */
export function giveContextMenus(
  windows: Pick<LabWindows, 'named'>,
  copy: (window: WindowName, text: string) => void,
): void {
  const give = (window: BrowserWindow): void => {
    window.webContents.on('context-menu', (_, place) => {
      const name = windows.named(window)
      const items = name === undefined ? [] : contextMenu(place, (text) => copy(name, text))
      if (items.length > 0) Menu.buildFromTemplate([...items]).popup({ window })
    })
  }
  BrowserWindow.getAllWindows().forEach(give)
  app.on('browser-window-created', (_, window) => give(window))
}
