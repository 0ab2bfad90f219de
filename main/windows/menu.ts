/** The application menu: the windows, the dialogs, editing and zoom. */
import type { MenuItemConstructorOptions } from 'electron'
import { placeText, type Place } from '#shared/help/places'
import { MENU_KEYS, windowKey } from '#shared/help/menu-keys'
import type { CaptureFile } from '#shared/ipc/contract'
import {
  FRONT_WINDOW,
  hasDialog,
  namesOf,
  WINDOWS,
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
  /** Has the person choose a run to be opened, at a window. */
  readonly askForRun: (name: Name) => void
  /** Has something saved for Wireshark, at a window. */
  readonly askForCapture: (name: Name, what: CaptureFile) => void
  readonly toggleClock: () => void
  readonly askForFiles: (name: Name) => Promise<void>
  /** Prints what a window shows. */
  readonly print: (name: Name) => void
  /** Quits, at the window in front, if that is the app's. */
  readonly quit: (name: Name | undefined) => void
  /** Brings *Help* to the front: at a place, or where it was. */
  readonly showHelp: (place?: string) => void
  /** Has a window say what help is wanted on, which it then shows. */
  readonly askForHelp: (name: Name) => void
}

/** The menu over the windows of a table, which has at least those of the app. `development` adds reloading and the developer tools. */
export function menuTemplate<Name extends string>(
  windows: MenuWindows<Name | WindowName>,
  table: WindowTable<Name | WindowName>,
  options: {
    readonly development: boolean
    /** Gives every window the size of text that the settings have. */
    readonly usualSize?: () => void
  },
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
    const named = windows.named(focused)
    const name = named === undefined || table[named].beside ? FRONT_WINDOW : named
    windows.show(name)
    await windows.askForFiles(name)
  }
  /** At the window of the lab that is in front, or the first one. */
  const atLab =
    (ask: (name: Name | WindowName) => void) =>
    (_: unknown, focused: Electron.BaseWindow | undefined): void => {
      const named = windows.named(focused)
      const name = named === undefined || table[named].beside ? FRONT_WINDOW : named
      windows.show(name)
      ask(name)
    }
  const saveFor = (what: CaptureFile) => atLab((name) => windows.askForCapture(name, what))
  const help = (place: Place) => () => windows.showHelp(placeText(place))
  const helpOnWhatIsInSight = (_: unknown, focused: Electron.BaseWindow | undefined): void => {
    const name = windows.named(focused)
    // The window that asks may not answer: Help is there all the same.
    windows.showHelp()
    if (name !== undefined && !table[name].beside) windows.askForHelp(name)
  }
  const show = (name: Name | WindowName, index: number): MenuItemConstructorOptions => ({
    label: table[name].title,
    accelerator: windowKey(index),
    click: () => windows.show(name),
  })
  return [
    {
      label: '&File',
      submenu: [
        { label: 'Open…', accelerator: MENU_KEYS.open.keys[0], click: askForFiles },
        { type: 'separator' },
        { label: 'Save run…', accelerator: MENU_KEYS.saveRun.keys[0], click: ask('run') },
        {
          label: 'Open run or capture…',
          accelerator: MENU_KEYS.openRun.keys[0],
          click: atLab((name) => windows.askForRun(name)),
        },
        { label: 'Save report…', click: ask('report') },
        { type: 'separator' },
        { label: 'Save capture…', click: saveFor('capture') },
        { label: 'Save keys for Wireshark…', click: saveFor('keys') },
        { label: 'Save proof for OpenSSL…', click: saveFor('proof') },
        { label: 'Save dissector for Wireshark…', click: saveFor('dissector') },
        { type: 'separator' },
        { label: 'Export…', accelerator: MENU_KEYS.export.keys[0], click: ask('export') },
        { label: 'Settings…', accelerator: MENU_KEYS.settings.keys[0], click: ask('settings') },
        {
          label: 'Print…',
          accelerator: MENU_KEYS.print.keys[0],
          click: (_, focused) => {
            const name = windows.named(focused)
            if (name !== undefined) windows.print(name)
          },
        },
        { type: 'separator' },
        {
          label: 'Quit',
          accelerator: MENU_KEYS.quit.keys[0],
          click: (_, focused) => windows.quit(windows.named(focused)),
        },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        ...(options.development ? ([{ role: 'reload' }, { role: 'toggleDevTools' }] as const) : []),
        { label: 'Usual Size', accelerator: MENU_KEYS.usualSize.keys[0], click: () => options.usualSize?.() },
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
        { label: `${WINDOWS.knowledge.title}…`, click: () => windows.show('knowledge') },
        { label: `${WINDOWS.attacks.title}…`, click: () => windows.show('attacks') },
        { label: `${WINDOWS.adversary.title}…`, click: () => windows.show('adversary') },
        { label: `${WINDOWS.workshop.title}…`, click: () => windows.show('workshop') },
        { type: 'separator' },
        {
          label: 'Pause or resume the session’s clock',
          accelerator: MENU_KEYS.pauseClock.keys[0],
          click: () => windows.toggleClock(),
        },
      ],
    },
    {
      label: '&Window',
      submenu: [
        ...names.filter((name) => !table[name].beside).map(show),
        { label: 'Show All', click: () => windows.showAll() },
        {
          label: 'Arrange Windows',
          accelerator: MENU_KEYS.arrange.keys[0],
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
        { label: 'Help', accelerator: MENU_KEYS.help.keys[0], click: helpOnWhatIsInSight },
        { type: 'separator' },
        { label: 'The protocol', click: help({ page: 'protocol' }) },
        { label: 'Glossary', click: help({ page: 'glossary' }) },
        { label: 'Keyboard shortcuts', click: help({ page: 'keyboard' }) },
        { label: 'Sources', click: help({ page: 'sources' }) },
        { type: 'separator' },
        { label: 'Show log', click: ask('log') },
        { type: 'separator' },
        { label: 'About Handshake Lab', click: ask('about') },
      ],
    },
  ]
}
