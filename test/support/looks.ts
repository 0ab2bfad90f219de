/** Looking at the app as a person with or without sight does: sizes, and accessibility faults with their places. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultPlacement, frameOn } from '#main/windows/arrangement'
import { WINDOWS, type WindowName } from '#shared/windows'
import { ROOT, type App } from './app'

/** Where pictures go, for looking at. */
const SHOTS = join(ROOT, 'test-results', 'screenshots')
const THEMES = ['light', 'dark'] as const
type Theme = (typeof THEMES)[number]

/** A picture of the page in each theme; `name` is that of its file. */
export function takePictures(page: Page, name: (theme: Theme) => string): Promise<void> {
  return inBothThemes(page, async (theme) => void (await page.screenshot({ path: join(SHOTS, name(theme)) })))
}

/** As {@link takePictures}; serious faults of the page in each theme, as {@link faults} has them. */
export async function lookInBothThemes(
  page: Page,
  where: string,
  name: (theme: Theme) => string,
): Promise<readonly string[]> {
  const found: string[] = []
  await inBothThemes(page, async (theme) => {
    await page.screenshot({ path: join(SHOTS, name(theme)) })
    const rules = theme === THEMES[0] ? ASKED : ASKED_OF_COLOURS
    found.push(...(await faults(page, `${where}, ${theme}`, rules)))
  })
  return found
}

/** Themes differ in colours alone, by a media query: nothing has to be done once more for the other one. Ends in the first. */
async function inBothThemes(page: Page, action: (theme: Theme) => Promise<void>): Promise<void> {
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme })
    await action(colorScheme)
  }
  await page.emulateMedia({ colorScheme: THEMES[0] })
}

/** Of rules that hold, nobody wants to know where they do: to describe all those places takes most of the time. */
const ASKED: RunOptions = { resultTypes: ['violations'] }
/** What one theme may have wrong where the other is right. */
const ASKED_OF_COLOURS: RunOptions = {
  ...ASKED,
  runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
}

/** Serious faults of the page as it is now, in a form that says where they are. */
export async function faults(page: Page, where: string, rules = ASKED): Promise<readonly string[]> {
  const { violations } = (await runAgain(page, rules)) ?? (await runFirst(page, rules))
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${where}: ${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
    )
}

type AxeResults = Awaited<ReturnType<AxeBuilder['analyze']>>
type RunOptions = Parameters<AxeBuilder['options']>[0]

/** Brings axe into the page, which takes much longer than a run, and runs it. */
function runFirst(page: Page, rules: RunOptions): Promise<AxeResults> {
  return new AxeBuilder({ page }).setLegacyMode(true).options(rules).analyze()
}

/** Runs the axe that an earlier run has left in the page; undefined when there is none. No page of the app has frames. */
function runAgain(page: Page, rules: RunOptions): Promise<AxeResults | undefined> {
  return page.evaluate((options) => {
    const { axe } = window as { axe?: { run: (of: Document, options: RunOptions) => Promise<AxeResults> } }
    return axe?.run(document, options)
  }, rules)
}

/** Gives the client's window a size, and the others half of its width. */
export async function resize(app: App, size: { width: number; height: number }): Promise<void> {
  await app.electron.evaluate(({ BrowserWindow }, { width, height }) => {
    for (const window of BrowserWindow.getAllWindows()) {
      const isClient = window.getTitle().startsWith('Client')
      window.setBounds({ x: 0, y: 0, width: isClient ? width : Math.round(width / 2), height })
    }
  }, size)
}

/** Gives one window's page a size. */
export async function resizePage(
  { electron }: App,
  window: WindowName,
  page: Page,
  size: { readonly width: number; readonly height: number },
): Promise<void> {
  await electron.evaluate(
    ({ BrowserWindow }, { wanted, width, height }) => {
      BrowserWindow.getAllWindows()
        .find(({ webContents }) => webContents.getURL().includes(`/${wanted}/`))
        ?.setContentBounds({ x: 0, y: 0, width, height })
    },
    { wanted: window, ...size },
  )
  await page.waitForFunction((width) => Math.abs(innerWidth - width) < 2, size.width)
}

/** Puts the windows where they are arranged on a screen of a size, at a zoom level (4 is about 200 %). */
export async function arrangeOn(app: App, width: number, height: number, zoom = 0): Promise<void> {
  const places = defaultPlacement({ x: 0, y: 0, width, height }, WINDOWS, frameOn('linux'))
  await app.electron.evaluate(
    ({ BrowserWindow }, { bounds, level }) => {
      for (const window of BrowserWindow.getAllWindows()) {
        const name = /\/(\w+)\/index\.html/.exec(window.webContents.getURL())?.[1] as WindowName
        window.setMinimumSize(1, 1)
        window.setBounds(bounds[name])
        window.webContents.setZoomLevel(level)
      }
    },
    { bounds: places, level: zoom },
  )
  const [client, expected] = [app.client, Math.round(places.client.width / 1.2 ** zoom)]
  await client.waitForFunction((wanted) => Math.abs(innerWidth - wanted) < 2, expected)
}

/** Enlarges one window, in percent, as a person does with the menu *View*. */
export async function zoomTo({ electron }: App, window: WindowName, percent: number): Promise<void> {
  await electron.evaluate(
    ({ BrowserWindow }, { wanted, factor }) =>
      BrowserWindow.getAllWindows()
        .find(({ webContents }) => webContents.getURL().includes(`/${wanted}/`))
        ?.webContents.setZoomFactor(factor),
    { wanted: window, factor: percent / 100 },
  )
}

/** How far each window is enlarged, in percent. */
export function zooms(electron: App['electron']): Promise<Partial<Record<WindowName, number>>> {
  return electron.evaluate(({ BrowserWindow }) =>
    Object.fromEntries(
      BrowserWindow.getAllWindows().map(({ webContents }) => [
        /\/(\w+)\/index\.html/.exec(webContents.getURL())?.[1],
        Math.round(webContents.getZoomFactor() * 100),
      ]),
    ),
  )
}

/** A picture of a window as it is on screen, at any zoom. */
export async function capture({ electron }: App, window: WindowName, name: string): Promise<void> {
  const base64 = await electron.evaluate(async ({ BrowserWindow }, wanted) => {
    const found = BrowserWindow.getAllWindows().find(({ webContents }) =>
      webContents.getURL().includes(`/${wanted}/`),
    )
    return (await found?.webContents.capturePage())?.toPNG().toString('base64') ?? ''
  }, window)
  await mkdir(SHOTS, { recursive: true })
  await writeFile(join(SHOTS, name), Buffer.from(base64, 'base64'))
}

/**
 * What does not fit into a page as it is: a page that scrolls sideways, or anything in it but tables and rows of bytes, text cut off that nothing else says, what scrolls within
 * something that scrolls, and the button that comes next out of sight. Where a page scrolls as a whole, parts of a fixed height may
 * scroll in it: the lists *Messages* and *Answers*, and what a tab shows in a window that is lower than its bars and that need.
 */
export function misfits(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const app = document.getElementById('app') as HTMLElement
    const nameOf = (element: Element): string => {
      const label = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40) ?? ''
      return `${element.tagName.toLowerCase()}.${[...element.classList].join('.')} “${label}”`
    }
    const isSeen = (element: Element): boolean =>
      element.checkVisibility() && !element.closest('.unseen') && element.getClientRects().length > 0
    const scrolls = (element: Element): boolean =>
      ['auto', 'scroll'].includes(getComputedStyle(element).overflowY) &&
      element.scrollHeight > element.clientHeight + 1

    for (const element of [document.documentElement, document.body, app]) {
      if (element.scrollWidth > element.clientWidth + 1) found.push(`scrolls sideways: ${nameOf(element)}`)
    }
    for (const element of document.querySelectorAll('#app *, [role=dialog], [role=dialog] *')) {
      if (!isSeen(element)) continue
      const { overflowX, overflowY, display } = getComputedStyle(element)
      const isOfRows =
        element.querySelector('table') !== null || element.closest('[aria-label=Bytes]') !== null
      if (!isOfRows && /auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth + 1)
        found.push(`scrolls sideways: ${nameOf(element)}`)
      if (scrolls(element)) {
        let outer = element.parentElement
        while (outer && !scrolls(outer)) outer = outer.parentElement
        const isOwnPane = element.matches('[role=listbox], .answers, .tab-panel *')
        if (outer && !(isOwnPane && outer === app))
          found.push(`scrolls within what scrolls: ${nameOf(element)}, ${nameOf(outer)}`)
      }
      if (
        !element.textContent?.trim() ||
        display === 'inline' ||
        element.closest('[title], [aria-hidden=true]')
      )
        continue
      const isCut =
        (/hidden|clip/.test(overflowX) && element.scrollWidth > element.clientWidth + 1) ||
        (/hidden|clip/.test(overflowY) && element.scrollHeight > element.clientHeight + 1)
      if (isCut) found.push(`cut off: ${nameOf(element)}`)
    }
    const primary = [...document.querySelectorAll('.button.primary')].find(isSeen)
    const box = primary?.getBoundingClientRect()
    const isInSight =
      !box || (box.top >= 0 && box.left >= 0 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1)
    if (primary && !isInSight) found.push(`out of sight: ${nameOf(primary)}`)
    return found
  })
}
