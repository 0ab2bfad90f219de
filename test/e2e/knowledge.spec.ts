/** *Who knows what*: a newcomer's questions are answered from the screen, leaks really open messages, and all of it by keyboard. */
import { expect, type Locator, type Page } from '@playwright/test'
import { openTool, type App } from '../support/app'
import { capture, lookInBothThemes, misfits, takePictures } from '../support/looks'
import { ALL } from '../support/sample'
import { test } from '../support/shared-app'

const SIZES = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
] as const

async function resizeKnowledge({ electron }: App, size: { width: number; height: number }): Promise<void> {
  await electron.evaluate(({ BrowserWindow }, { width, height }) => {
    const window = BrowserWindow.getAllWindows().find(({ webContents }) =>
      webContents.getURL().includes('/knowledge/'),
    )
    window?.setMinimumSize(1, 1)
    window?.setBounds({ x: 0, y: 0, width, height })
  }, size)
}

const can = (page: Page, ability: string): Locator => page.locator(`[data-ability="${ability}"]`)
const message = (page: Page, step: number): Locator => page.locator(`[data-step="${step}"]`)
const state = (page: Page, step: number): Locator => message(page, step).locator('[data-state-of-message]')

/** A run is made by itself; its messages show once it is there. */
async function openMessages(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Messages' }).click()
  await expect(message(page, 1)).toBeVisible({ timeout: 30_000 })
}

test('answers what next year’s SK_S reads, in both suites, by really decrypting', async ({ openApp }) => {
  const page = await openTool(await openApp(), 'knowledge')
  await openMessages(page)
  await page.getByRole('button', { name: /next year/ }).click()
  await expect(page.getByText('Everything of a session that was recorded today')).toBeVisible()
  for (const step of [3, 4, 5, 6, 7, 8]) await expect(state(page, step)).toHaveText('open')
  await expect(message(page, 7)).toContainText('echo who knows what')
  await expect(state(page, 2)).toHaveText('closed')
  await expect(message(page, 2)).toContainText('the eavesdropper needs K')
  await expect(can(page, 'read')).toHaveText(/steps 3, 4, 5, 6, 7 and 8/)

  await page.getByRole('button', { name: 'Modern' }).click()
  await expect(page.getByText('Nothing of what was recorded today')).toBeVisible()
  await expect(state(page, 3)).toHaveText('in clear', { timeout: 30_000 })
  await expect(can(page, 'read')).toHaveText('step 3, in clear; ShareS of step 4, Seq of steps 7 and 8')
  for (const step of [1, 2, 5, 6]) await expect(state(page, step)).toHaveText('closed')
  for (const step of [4, 7, 8]) await expect(state(page, step)).toHaveText('partly open')
  await expect(can(page, 'forge')).toHaveText('steps 1, 3 and 4')
  await expect(can(page, 'search')).toHaveText('No key that is short enough.')
})

test('answers why a valid certificate does not prove that the peer is the server', async ({ openApp }) => {
  const page = await openTool(await openApp(), 'knowledge')
  await openMessages(page)
  await page.getByRole('button', { name: /valid certificate/ }).click()
  await expect(page.getByText('Because anybody can show it.').first()).toBeVisible()
  await expect(message(page, 4)).toContainText('can forge it')
  await page.getByRole('button', { name: 'Modern' }).click()
  await expect(page.getByText('not the certificate that proves')).toBeVisible()
  await expect(message(page, 4)).toContainText('can’t forge it without', { timeout: 30_000 })
})

test('goes forward and back, leaks and shows, by keyboard alone', async ({ openApp }) => {
  const page = await openTool(await openApp(), 'knowledge')
  const slider = page.getByRole('slider', { name: 'Step' })
  await slider.focus()
  for (let presses = 0; presses < 6; presses++) await page.keyboard.press('ArrowRight')
  await expect(page.getByText('After step 6: Session key, Application Server to Client')).toBeVisible()
  const cell = (thing: string, column: number): Locator =>
    page.locator(`[data-thing="${thing}"] td`).nth(column)
  await expect(cell('K_sess', 2)).toContainText('new')
  await expect(cell('K_sess', 2)).toContainText('read in step 6, opened with')
  await expect(cell('K_sess', 3)).toHaveText(/no/)
  await page.getByRole('group', { name: 'Leak K_tmp2' }).getByRole('button', { name: 'now' }).focus()
  await page.keyboard.press('Enter')
  await expect(cell('K_sess', 3)).toContainText('read in step 6')
  await expect(cell('K_tmp2', 3)).toContainText('leaked during the run')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Space')
  await expect(cell('K_sess', 3)).toHaveText(/no/)
  await slider.focus()
  await page.keyboard.press('End')
  await expect(cell('K_sess', 3)).toContainText('read in step 6')
  await page.keyboard.press('Home')
  await expect(cell('K_boot', 3)).toContainText('known to all')
  await page.getByRole('tab', { name: 'Who has what' }).focus()
  await page.keyboard.press('End')
  await expect(page.getByRole('list', { name: 'The same in sentences' })).toBeVisible()
})

test('looks right in both themes, in large and small windows, at twice the size of text', async ({
  openApp,
}) => {
  test.setTimeout(180_000)
  const app = await openApp()
  const page = await openTool(app, 'knowledge')
  await openMessages(page)
  for (const size of ALL ? SIZES : SIZES.slice(0, 1)) {
    await resizeKnowledge(app, size)
    for (const suite of ['Classic', 'Modern']) {
      await page.getByRole('button', { name: suite }).click()
      const look = async (name: string): Promise<void> =>
        expect(
          await lookInBothThemes(
            page,
            name,
            (theme) => `${theme}-knowledge-${size.width}-${suite}-${name}.png`,
          ),
        ).toEqual([])
      await page.getByRole('button', { name: /next year/ }).click()
      await expect(message(page, 1)).toBeVisible({ timeout: 30_000 })
      await look('messages')
      await page.getByRole('slider').fill('5')
      await page.getByRole('tab', { name: 'Who has what' }).click()
      await look('table')
      await page.getByRole('tab', { name: 'Where keys come from' }).click()
      await look('genealogy')
    }
  }
  for (const [width, height, zoom] of [
    [640, 480, 0],
    [1280, 720, 4],
  ] as const) {
    await resizeKnowledge(app, { width, height })
    await app.electron.evaluate(({ BrowserWindow }, level) => {
      for (const window of BrowserWindow.getAllWindows())
        if (window.webContents.getURL().includes('/knowledge/')) window.webContents.setZoomLevel(level)
    }, zoom)
    for (const tab of ['Who has what', 'Messages', 'Where keys come from']) {
      await page.getByRole('tab', { name: tab }).click()
      await capture(app, 'knowledge', `knowledge-${width}-${zoom}-${tab.replaceAll(' ', '-')}.png`)
      expect(await misfits(page), `${tab} at ${width} x ${height}`).toEqual([])
    }
  }
  await resizeKnowledge(app, SIZES[0])
  await app.electron.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.webContents.setZoomLevel(0)
  })
  await page.emulateMedia({ forcedColors: 'active' })
  await takePictures(page, (theme) => `${theme}-knowledge-forced.png`)
  await page.emulateMedia({ forcedColors: 'none' })
})

test('says that a run is being made, and that there is none after Cancel', async ({ openApp }) => {
  const page = await openTool(await openApp(), 'knowledge')
  const cancel = page.getByRole('button', { name: 'Cancel' })
  const make = page.getByRole('button', { name: /^Make (a|another) run$/ }).first()
  await expect(cancel.or(make)).toBeVisible()
  await expect(make).toBeVisible({ timeout: 30_000 })
  await make.click()
  await expect(cancel.or(make)).toBeVisible()
  await expect(make).toBeVisible({ timeout: 30_000 })
})
