/** Looking at the app as a person with or without sight does: sizes, and accessibility faults with their places. */
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { join } from 'node:path'
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
    found.push(...(await faults(page, `${where}, ${theme}`)))
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

/** Serious faults of the page as it is now, in a form that says where they are. */
export async function faults(page: Page, where: string): Promise<readonly string[]> {
  const { violations } = (await runAgain(page)) ?? (await runFirst(page))
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${where}: ${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
    )
}

type AxeResults = Awaited<ReturnType<AxeBuilder['analyze']>>
type RunOptions = Parameters<AxeBuilder['options']>[0]

/** Brings axe into the page, which takes much longer than a run, and runs it. */
function runFirst(page: Page): Promise<AxeResults> {
  return new AxeBuilder({ page }).setLegacyMode(true).options(ASKED).analyze()
}

/** Runs the axe that an earlier run has left in the page; undefined when there is none. No page of the app has frames. */
function runAgain(page: Page): Promise<AxeResults | undefined> {
  return page.evaluate((options) => {
    const { axe } = window as { axe?: { run: (of: Document, options: RunOptions) => Promise<AxeResults> } }
    return axe?.run(document, options)
  }, ASKED)
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
