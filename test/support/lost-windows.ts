/** Windows that are lost for real: closed, loaded again, or their process killed; and looked at afterwards. */
import { chromium, type Page } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LabView } from '#shared/lab'
import { isBeside, WINDOW_NAMES, type WindowName } from '#shared/windows'
import type { App } from './app'
import { press } from './person'

/** Closes a window as its title bar does. */
export function closeWindow({ electron }: App, name: WindowName): Promise<void> {
  return electron.evaluate(({ BrowserWindow }, role) => {
    BrowserWindow.getAllWindows()
      .find(({ webContents }) => webContents.getURL().includes(`/${role}/`))
      ?.close()
  }, name)
}

/** Closes the windows that stand beside the lab, if they are there. */
export async function closeThoseBeside(app: App): Promise<void> {
  for (const name of WINDOW_NAMES.filter(isBeside)) await closeWindow(app, name)
}

/** Has the adversary leave the wires, forget what it saw, and its window closed, if that is there. */
export async function closeAdversary(app: App): Promise<void> {
  const page = app.electron.windows().find((each) => each.url().includes('/adversary/'))
  if (!page) return
  await press(page)
  for (const [name, argument] of [
    ['adversary:pose', { as: 'none' }],
    ['adversary:rule', { hold: 'none', patient: true }],
    ['adversary:switch', { on: false }],
    ['adversary:forget', undefined],
  ] as const) {
    const answer = await answerTo(page, name, argument)
    if (!answer.ok) throw new Error(`${name}: ${answer.error.code}`)
  }
  await closeWindow(app, 'adversary')
}

/** Brings a closed window back, from the *Window* menu. */
export function bringBack({ electron }: App, title: string): Promise<void> {
  return electron.evaluate(({ Menu }, label) => {
    Menu.getApplicationMenu()
      ?.items.flatMap(({ submenu }) => submenu?.items ?? [])
      .find((item) => item.label === label)
      ?.click()
  }, title)
}

/** Loads a window's page again, and waits until it is there. */
export function reloadPage({ electron }: App, name: WindowName): Promise<void> {
  return electron.evaluate(async ({ BrowserWindow }, role) => {
    const contents = BrowserWindow.getAllWindows().find(({ webContents }) =>
      webContents.getURL().includes(`/${role}/`),
    )?.webContents
    const loaded = new Promise((resolve) => contents?.once('did-finish-load', () => resolve(undefined)))
    contents?.reload()
    await loaded
  }, name)
}

/** Kills the process of a window's page with SIGKILL, and waits until the app has loaded it again. */
export function killRenderer({ electron }: App, name: WindowName): Promise<void> {
  return electron.evaluate(async ({ BrowserWindow }, role) => {
    const contents = BrowserWindow.getAllWindows().find(({ webContents }) =>
      webContents.getURL().includes(`/${role}/`),
    )?.webContents
    const loaded = new Promise((resolve) => contents?.once('did-finish-load', () => resolve(undefined)))
    process.kill(contents?.getOSProcessId() ?? 0, 'SIGKILL')
    await loaded
  }, name)
}

/**
 * A window's page after its process was killed: Playwright gives a page up that has crashed, so it is looked at anew, over
 * a connection of its own.
 */
export async function pageAfresh({ folder }: App, name: WindowName): Promise<Page> {
  const [port] = (await readFile(join(folder, 'user-data', 'DevToolsActivePort'), 'utf8')).split('\n')
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
  const page = browser
    .contexts()
    .flatMap((context) => context.pages())
    .find((each) => each.url().includes(`/${name}/`))
  if (!page) throw new Error(`There is no page of the ${name}.`)
  return page
}

/** What a call from a page answers, or the code it was refused with. */
export function answerTo<T>(
  page: Page,
  name: string,
  argument?: unknown,
): Promise<
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: { readonly code: string } }
> {
  return page.evaluate(
    ([call, value]) => {
      const lab = window.lab as unknown as { call: (name: string, argument: unknown) => Promise<never> }
      return lab.call(call as string, value)
    },
    [name, argument] as const,
  )
}

export async function viewFrom(page: Page): Promise<LabView> {
  const answer = await answerTo<LabView>(page, 'lab:view')
  if (!answer.ok) throw new Error(answer.error.code)
  return answer.value
}
