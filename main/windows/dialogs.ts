/** The system's own dialogs: this is the only place that opens any (eslint.config.js). What they say is made visible, and bounded. */
import { dialog, type BrowserWindow } from 'electron'
import { visible } from '#shared/visible'

/** The longest that a paragraph gets, in characters: room for a folder's path, or for the names of twenty files. */
const PARAGRAPH_LIMIT = 6_000
const HEADING_LIMIT = 300

export interface Message {
  readonly type: 'error' | 'warning'
  /** What it is about, in a sentence. */
  readonly message: string
  /** What that means, each a paragraph. */
  readonly detail: readonly string[]
  /** The close button alone unless given. */
  readonly buttons?: readonly string[]
  /** The one that Enter presses, and the one that Escape does, by their places. */
  readonly usual?: number
  readonly cancel?: number
}

/** Shows a message, over a window where there is one; the place of the button that was pressed. */
export async function showMessage(shown: Message, parent?: BrowserWindow): Promise<number> {
  const { type, message, detail, buttons = [], usual = 0, cancel = 0 } = shown
  const options: Electron.MessageBoxOptions = {
    type,
    title: 'Handshake Lab',
    message: visible(message, { most: HEADING_LIMIT }),
    detail: detail.map((text) => visible(text, { most: PARAGRAPH_LIMIT })).join('\n\n'),
    buttons: [...buttons],
    defaultId: usual,
    cancelId: cancel,
    noLink: true,
  }
  const { response } = await (parent
    ? dialog.showMessageBox(parent, options)
    : dialog.showMessageBox(options))
  return response
}

export interface FolderChoice {
  readonly title: string
  readonly button: string
  /** Where the chooser begins; the system says where unless given. */
  readonly begin: string | undefined
}

/** Has the person choose a folder; undefined when they changed their mind. Its own names are the system's matter. */
export async function chooseFolder(
  { title, button, begin }: FolderChoice,
  parent?: BrowserWindow,
): Promise<string | undefined> {
  const options: Electron.OpenDialogOptions = {
    title: visible(title, { most: HEADING_LIMIT }),
    buttonLabel: visible(button, { most: HEADING_LIMIT }),
    properties: ['openDirectory', 'createDirectory'],
    ...(begin === undefined ? {} : { defaultPath: begin }),
  }
  const chosen = await (parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options))
  return chosen.canceled ? undefined : chosen.filePaths[0]
}

export interface FileChoice {
  readonly title: string
  /** The path that is proposed. */
  readonly path: string
  /** What files with this extension (without its dot) are called: “PNG picture”. */
  readonly kind: string
  readonly extension: string
}

/** Has the person choose where a file is saved; undefined when they changed their mind. */
export async function chooseFile(
  { title, path, kind, extension }: FileChoice,
  parent?: BrowserWindow,
): Promise<string | undefined> {
  const options: Electron.SaveDialogOptions = {
    title: visible(title, { most: HEADING_LIMIT }),
    defaultPath: path,
    filters: [{ name: visible(kind, { most: HEADING_LIMIT }), extensions: [extension] }],
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  }
  const chosen = await (parent ? dialog.showSaveDialog(parent, options) : dialog.showSaveDialog(options))
  return chosen.canceled || chosen.filePath === '' ? undefined : chosen.filePath
}

export interface FileToOpen {
  readonly title: string
  /** What files with these extensions (without their dots) are called. */
  readonly kind: string
  readonly extensions: readonly string[]
}

/** Has the person choose a file to be read; undefined when they changed their mind. */
export async function chooseFileToOpen(
  { title, kind, extensions }: FileToOpen,
  parent?: BrowserWindow,
): Promise<string | undefined> {
  const options: Electron.OpenDialogOptions = {
    title: visible(title, { most: HEADING_LIMIT }),
    filters: [{ name: visible(kind, { most: HEADING_LIMIT }), extensions: [...extensions] }],
    properties: ['openFile'],
  }
  const chosen = await (parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options))
  return chosen.canceled ? undefined : chosen.filePaths[0]
}
