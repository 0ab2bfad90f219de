/** Starts the app in real windows, each time with a user data folder and ports of its own. */
import './display'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Role } from '#shared/hl1/roles'
import { WINDOWS, type WindowName } from '#shared/windows'

export const ROOT = resolve(import.meta.dirname, '../..')

export interface App {
  readonly electron: ElectronApplication
  readonly authority: Page
  readonly server: Page
  readonly client: Page
  /** A folder that goes away with the app; the user data folder is in it, and the export folder. */
  readonly folder: string
  readonly exportFolder: string
  readonly close: () => Promise<void>
}

export interface LaunchOptions {
  /** Folder of an earlier start, to go on with its settings; it is left in place. */
  readonly folder?: string
  readonly args?: readonly string[]
  readonly colorScheme?: 'light' | 'dark'
  /** Variables that the app gets besides this process's own. */
  readonly env?: Readonly<Record<string, string>>
}

export async function launchApp(options: LaunchOptions = {}): Promise<App> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'handshake-lab-e2e-')))
  const exportFolder = join(folder, 'exported')
  await mkdir(exportFolder, { recursive: true })
  const electron = await _electron.launch({
    args: [
      ROOT,
      `--user-data-dir=${join(folder, 'user-data')}`,
      `--export-folder=${exportFolder}`,
      '--ca-port=0',
      '--server-port=0',
      ...(options.args ?? []),
    ],
    ...(options.colorScheme ? { colorScheme: options.colorScheme } : {}),
    ...(options.env ? { env: { ...process.env, ...options.env } as Record<string, string> } : {}),
    cwd: ROOT,
  })
  const pages = await allWindows(electron)
  return {
    electron,
    ...pages,
    folder,
    exportFolder,
    close: async () => {
      await electron.close()
      if (!options.folder) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Windows that *Tools* opens, and what is in each as soon as it shows something. */
const TOOLS = {
  knowledge: (page: Page) => page.getByRole('heading', { name: 'Questions' }),
  attacks: (page: Page) => page.getByRole('main'),
  adversary: (page: Page) => page.getByRole('tablist'),
  workshop: (page: Page) => page.getByRole('tablist'),
} as const satisfies Partial<Record<WindowName, unknown>>

/** The page of any window of the table; opens those that stand beside the lab from their menus. */
export async function pageOf(app: App, name: WindowName): Promise<Page> {
  if (name === 'help') return openHelp(app)
  return name in TOOLS ? openTool(app, name as keyof typeof TOOLS) : app[name as Role]
}

/** Opens a window from the menu *Tools*; its page, once it shows something. */
export async function openTool({ electron }: App, name: keyof typeof TOOLS): Promise<Page> {
  await electron.evaluate(({ Menu }, label) => {
    const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? [])
    items?.find((item) => item.label === label)?.click()
  }, `${WINDOWS[name].title}…`)
  const page = await findPage(electron, name)
  await TOOLS[name](page).waitFor()
  return page
}

/** Chooses an entry of the menu *Help* that opens its window; the page, once it shows something. */
export async function openHelp(app: App, label = 'Help', focused: WindowName = 'client'): Promise<Page> {
  await chooseInHelp(app, label, focused)
  return helpPage(app)
}

/** Chooses an entry of the menu *Help*, with a window in front. */
export async function chooseInHelp({ electron }: App, label: string, focused: WindowName): Promise<void> {
  await electron.evaluate(
    ({ Menu, BrowserWindow }, asked) => {
      const window = BrowserWindow.getAllWindows().find(({ webContents }) =>
        webContents.getURL().includes(`/${asked.focused}/`),
      )
      const help = Menu.getApplicationMenu()?.items.find((item) => item.label === '&Help')
      const item = help?.submenu?.items.find((entry) => entry.label === asked.label)
      item?.click(undefined, window, window?.webContents)
    },
    { label, focused },
  )
}

/** The page of *Help*, once it is there and shows something. */
export async function helpPage({ electron }: App): Promise<Page> {
  const page = await findPage(electron, 'help')
  await page.getByRole('article').or(page.getByRole('region')).first().waitFor()
  return page
}

async function findPage(electron: ElectronApplication, name: string): Promise<Page> {
  const isIt = (page: Page): boolean => page.url().includes(`/${name}/`)
  for (;;) {
    const page = electron.windows().find(isIt)
    if (page) return page
    await electron.waitForEvent('window')
  }
}

/** The three windows by the role in their address. */
async function allWindows(
  electron: ElectronApplication,
): Promise<Pick<App, 'authority' | 'server' | 'client'>> {
  const find = (name: string): Promise<Page> => findPage(electron, name)
  const [authority, server, client] = await Promise.all([find('authority'), find('server'), find('client')])
  await Promise.all([authority, server, client].map((page) => page.waitForLoadState('domcontentloaded')))
  return { authority, server, client }
}
