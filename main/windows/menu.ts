/** The application menu: the windows, the dialogs, editing and zoom. */
import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { WindowName } from '#shared/lab'
import { ROLE_NAMES, ROLES } from '#shared/hl1/roles'
import type { LabWindows } from './windows'

/** Sets the menu. `development` adds reloading and the developer tools. */
export function setMenu(windows: LabWindows, options: { readonly development: boolean }): void {
  const ask =
    (dialog: 'export' | 'settings' | 'about' | 'protocol' | 'log') =>
    (_: unknown, focused: Electron.BaseWindow | undefined) => {
      const name = ROLES.find((role) => windows.get(role) === focused) ?? 'client'
      windows.show(name)
      windows.tellOne(name, 'dialog:open', { dialog })
    }
  const askClient = (dialog: 'trial' | 'suites') => () => {
    windows.show('client')
    windows.tellOne('client', 'dialog:open', { dialog })
  }
  /** A page may show files to choose from only after a person did something in it, and the menu is not in it. */
  const askForFiles = async (_: unknown, focused: Electron.BaseWindow | undefined): Promise<void> => {
    const name = ROLES.find((role) => windows.get(role) === focused) ?? 'client'
    windows.show(name)
    await windows.get(name)?.webContents.executeJavaScript('undefined', true)
    windows.tellOne(name, 'files:choose', undefined)
  }
  const show = (name: WindowName, index: number): MenuItemConstructorOptions => ({
    label: ROLE_NAMES[name].title,
    accelerator: `CommandOrControl+${index + 1}`,
    click: () => windows.show(name),
  })
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
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
          { label: 'Lifetime trial…', click: askClient('trial') },
          { label: 'Suites side by side…', click: askClient('suites') },
        ],
      },
      {
        label: '&Window',
        submenu: [
          ...ROLES.map(show),
          { label: 'Show All', click: () => windows.showAll() },
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
    ]),
  )
}
