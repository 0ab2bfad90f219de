/**
 * One app for all the tests of a Playwright worker that don't need a start of their own: starting and ending one takes longer than
 * most of what is tried in it. A test that fails ends its worker, and the next one has another app.
 */
import { test as base } from '@playwright/test'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { LabView } from '#shared/lab'
import type { Settings } from '#shared/settings'
import { ROLES } from '#shared/hl1/roles'
import { WINDOWS, type WindowName } from '#shared/windows'
import { launchApp, type App } from './app'
import { answerTo, bringBack, closeAdversary, closeThoseBeside } from './lost-windows'
import { agreeMeanwhile, press } from './person'

interface Asked {
  readonly colorScheme?: 'light' | 'dark'
  /** Those that are to differ from what they are after a start. */
  readonly settings?: Partial<Settings>
}

type Bounds = Readonly<Partial<Record<WindowName, Electron.Rectangle>>>

/** What an app was like when it had just been started. */
interface Start {
  readonly app: App
  readonly settings: Settings
  readonly bounds: Bounds
}

type OpenApp = (asked?: Asked) => Promise<App>

const MOST_RECORDS = 100

/** Tag of a test that has an app of its own. */
export const FRESH = '@fresh'

/**
 * Playwright's `test` with `openApp`: gives the worker's app as it is after a start, with the settings asked for. Only what an app
 * can't undo is left in it of earlier tests: main's records, the names of exported files, the last certificate that was trusted. A
 * test that counts those, or leaves others of them behind, is tagged `FRESH`.
 */
export const test = base.extend<{ readonly openApp: OpenApp }, { readonly sharedApp: OpenApp }>({
  sharedApp: [
    async ({}, use) => {
      let start: Start | undefined
      await use(async (asked) => {
        if (start && (await isLaden(start.app))) start = await start.app.close().then(() => undefined)
        if (start) await stopEverything(start.app)
        else start = await lookAtStart(await launchApp())
        await prepare(start, asked)
        return start.app
      })
      await start?.app.close()
    },
    { scope: 'worker' },
  ],
  openApp: async ({ sharedApp }, use, { tags }) => {
    if (!tags.includes(FRESH)) return use(sharedApp)
    const opened: App[] = []
    await use(async (asked) => {
      const app = await launchApp()
      opened.push(app)
      await prepare(await lookAtStart(app), asked)
      return app
    })
    for (const app of opened) await app.close()
  },
})

/** Every window that is loaded again is told of all records anew: from some number on, a start takes less. */
async function isLaden({ client }: App): Promise<boolean> {
  return (await answered<readonly unknown[]>(client, 'records:list')).length > MOST_RECORDS
}

async function prepare(start: Start, { colorScheme = 'light', settings = {} }: Asked = {}): Promise<void> {
  const { app } = start
  const kept = await answered<object>(app.client, 'settings:set', { ...start.settings, ...settings })
  if ('problems' in kept) throw new Error(JSON.stringify(kept.problems))
  for (const name of ROLES) await app[name].emulateMedia({ colorScheme })
  await putInPlace(start)
}

async function lookAtStart(app: App): Promise<Start> {
  return { app, settings: await answered<Settings>(app.client, 'settings:get'), bounds: await boundsOf(app) }
}

/** Ends all that runs, and whatever a page holds with the page. */
async function stopEverything(app: App): Promise<void> {
  await closeAdversary(app)
  await answered(app.client, 'run:close')
  await answered(app.client, 'walk:reset')
  // After a no in an earlier test nothing is asked before somebody does something.
  for (const name of ROLES) await press(app[name])
  await agreeMeanwhile(app, async () => {
    await answered(app.server, 'server:stop')
    await answered(app.authority, 'authority:stop')
    await closeThoseBeside(app)
  })
  await Promise.all(ROLES.map((name) => app[name].reload()))
  for (const name of await readdir(app.exportFolder))
    await rm(join(app.exportFolder, name), { recursive: true })
}

/** Every window is there, where it was and as large as it was, and says nothing of what has become of it before. */
async function putInPlace({ app, bounds }: Start): Promise<void> {
  const hidden = await app.electron.evaluate(({ BrowserWindow, clipboard }, places) => {
    clipboard.clear()
    return BrowserWindow.getAllWindows().flatMap((window) => {
      const name = /\/(\w+)\/index\.html/.exec(window.webContents.getURL())?.[1] as WindowName
      window.webContents.setZoomLevel(0)
      if (places[name]) window.setBounds(places[name])
      return window.isVisible() ? [] : [name]
    })
  }, bounds)
  for (const name of hidden) await bringBack(app, WINDOWS[name].title)
  const { notices } = await answered<LabView>(app.client, 'lab:view')
  for (const { id } of notices) await answered(app.client, 'notice:dismiss', { id })
}

function boundsOf({ electron }: App): Promise<Bounds> {
  return electron.evaluate(
    ({ BrowserWindow }) =>
      Object.fromEntries(
        BrowserWindow.getAllWindows().map((window) => [
          /\/(\w+)\/index\.html/.exec(window.webContents.getURL())?.[1],
          window.getBounds(),
        ]),
      ) as Bounds,
  )
}

/** @throws Error where a call is refused, with its code */
async function answered<T>(page: App['client'], name: string, argument?: unknown): Promise<T> {
  const answer = await answerTo<T>(page, name, argument)
  if (!answer.ok) throw new Error(`${name}: ${answer.error.code}`)
  return answer.value
}
