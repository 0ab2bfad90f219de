/** The application menu: the windows, the dialogs, editing and zoom. */
import type { MenuItemConstructorOptions } from 'electron'
import {
  FRONT_WINDOW,
  hasDialog,
  namesOf,
  type DialogName,
  type WindowName,
  type WindowTable,
} from '#shared/windows'

/** What the menu does to windows. */
export interface MenuWindows<Name extends string> {
  /** The name of a window of the table. */
  readonly named: (window: Electron.BaseWindow | undefined) => Name | undefined
  readonly show: (name: Name) => void
  readonly showAll: () => void
  /** Shows all, arranged so that none hides what another is used by. */
  readonly arrange: () => void
  readonly ask: (name: Name, event: 'dialog:open', what: { readonly dialog: DialogName }) => void
  readonly askForFiles: (name: Name) => Promise<void>
}

/** The menu over the windows of a table, which has at least those of the app. `development` adds reloading and the developer tools. */
export function menuTemplate<Name extends string>(
  windows: MenuWindows<Name | WindowName>,
  table: WindowTable<Name | WindowName>,
  options: { readonly development: boolean },
): MenuItemConstructorOptions[] {
  const names = namesOf(table)
  /** The window that a dialog is asked of: the one in front if it has that, or else the first one that has. */
  const holder = (dialog: DialogName, focused: Electron.BaseWindow | undefined): Name | WindowName => {
    const wanted = [windows.named(focused), FRONT_WINDOW, ...names]
    return wanted.find((name) => name !== undefined && hasDialog(table[name], dialog)) ?? FRONT_WINDOW
  }
  const ask = (dialog: DialogName) => (_: unknown, focused: Electron.BaseWindow | undefined) => {
    const name = holder(dialog, focused)
    windows.show(name)
    windows.ask(name, 'dialog:open', { dialog })
  }
  const askForFiles = async (_: unknown, focused: Electron.BaseWindow | undefined): Promise<void> => {
    const name = windows.named(focused) ?? FRONT_WINDOW
    windows.show(name)
    await windows.askForFiles(name)
  }
  const show = (name: Name | WindowName, index: number): MenuItemConstructorOptions => ({
    label: table[name].title,
    accelerator: `CommandOrControl+${index + 1}`,
    click: () => windows.show(name),
  })
  return [
    {
      label: '&File',
      submenu: [
        { label: 'Open…', accelerator: 'CommandOrControl+O', click: askForFiles },
        { label: 'Export…', accelerator: 'CommandOrControl+E', click: ask('export') },
        { label: 'Settings…', accelerator: 'CommandOrControl+,', click: ask('settings') },
        { type: 'separator' },
        { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        ...(options.development ? ([{ role: 'reload' }, { role: 'toggleDevTools' }] as const) : []),
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
      ],
    },
    {
      label: '&Tools',
      submenu: [
        { label: 'Lifetime trial…', click: ask('trial') },
        { label: 'Suites side by side…', click: ask('suites') },
      ],
    },
    {
      label: '&Window',
      submenu: [
        ...names.map(show),
        { label: 'Show All', click: () => windows.showAll() },
        {
          label: 'Arrange Windows',
          accelerator: 'CommandOrControl+Shift+A',
          click: () => windows.arrange(),
        },
        { type: 'separator' },
        { role: 'minimize' },
        { role: 'close' },
      ],
    },
    {
      label: '&Help',
      submenu: [
        { label: 'The protocol', accelerator: 'F1', click: ask('protocol') },
        { label: 'Show log', click: ask('log') },
        { type: 'separator' },
        { label: 'About Handshake Lab', click: ask('about') },
      ],
    },
  ]
}
