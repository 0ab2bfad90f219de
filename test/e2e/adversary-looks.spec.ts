/** The window of the adversary as it looks: pictures in both themes and at several sizes, faults of accessibility, nothing cut off. */
import { expect, type Page } from '@playwright/test'
import { openTool, type App } from '../support/app'
import { capture, faults, lookInBothThemes, misfits, takePictures } from '../support/looks'
import { chooseInQuestions } from '../support/person'
import { ALL } from '../support/sample'
import { test } from '../support/shared-app'

const TABS = ['Frames', 'Moves', 'Keys', 'What it did'] as const
/** In pixels of the screen, with the zoom level of the text: 4 is about 200 %. */
const SIZES = [
  { width: 1280, height: 720, zoom: 0 },
  { width: 1920, height: 1080, zoom: 0 },
  { width: 640, height: 480, zoom: 0 },
  { width: 1280, height: 960, zoom: 4 },
] as const

async function size(
  { electron }: App,
  { width, height, zoom }: Readonly<Record<'width' | 'height' | 'zoom', number>>,
): Promise<void> {
  await electron.evaluate(
    ({ BrowserWindow }, to) => {
      const window = BrowserWindow.getAllWindows().find(({ webContents }) =>
        webContents.getURL().includes('/adversary/'),
      )
      window?.setContentBounds({ x: 0, y: 0, width: to.width, height: to.height })
      window?.webContents.setZoomLevel(to.zoom)
    },
    { width, height, zoom },
  )
}

async function settle(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 150)))
}

/** A window with something of everything in it: frames in both suites' way, one refused, one unnoticed, one held and changed. */
async function fill(app: App, page: Page): Promise<void> {
  const { client } = app
  await page.getByRole('button', { name: 'Switch on', exact: true }).click()
  await client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  await page.getByRole('listbox', { name: 'All frames' }).getByRole('option').nth(6).click()
  await page.getByRole('button', { name: 'Send again', exact: true }).click()
  await expect(page.getByRole('option').filter({ hasText: 'unnoticed' })).toHaveCount(1)
  await page.getByLabel('Of which step').selectOption('4')
  await page.getByLabel('Hold', { exact: true }).selectOption('all')
  await client.getByRole('button', { name: 'Renew', exact: true }).click()
  const held = page.getByRole('listbox', { name: 'Held messages' }).getByRole('option')
  await held.click()
  const bytes = page.getByRole('grid')
  await bytes.locator('.byte[data-offset="35"]').click()
  await page.getByRole('button', { name: /^Flip bit 3,/ }).click()
  await expect(page.getByRole('region', { name: 'What was changed' })).toBeVisible()
  await page.mouse.move(0, 0)
}

/** Where the buttons are that somebody is about to press: those of the held message and of the byte, and the byte. */
function places(page: Page): Promise<readonly string[]> {
  return page
    .getByRole('article', { name: 'Chosen frame' })
    .locator('[aria-label="The held message"] button, .strip button, .byte[data-offset="35"]')
    .evaluateAll((buttons) =>
      buttons.map((button) => {
        const { x, y, width } = button.getBoundingClientRect()
        return [x, y, width].map(Math.round).join(' ')
      }),
    )
}

test('the buttons of a held message keep their place while it goes stale, and as a byte is chosen and changed', async ({
  openApp,
}) => {
  test.setTimeout(240_000)
  const maxAge = 6
  const app = await openApp({ settings: { maxAge } })
  const { client } = app
  const page = await openTool(app, 'adversary')
  await page.getByRole('button', { name: 'Switch on', exact: true }).click()
  await page.getByLabel('Of which step').selectOption('3')
  await page.getByLabel('Hold', { exact: true }).selectOption('all')
  await chooseInQuestions(app, 'Start over')
  const detail = page.getByRole('article', { name: 'Chosen frame' })
  for (const to of [SIZES[0], { width: 900, height: 760, zoom: 0 }]) {
    await size(app, to)
    await settle(page)
    await client.getByRole('button', { name: 'Run all', exact: true }).click()
    await page.getByRole('listbox', { name: 'Held messages' }).getByRole('option').click()
    await expect(detail).toContainText('It goes stale in')
    const before = await places(page)
    expect(before).toHaveLength(15)
    await page.getByRole('grid').locator('.byte[data-offset="35"]').click()
    expect(await places(page), 'a byte is chosen').toEqual(before)
    await page.getByRole('button', { name: /^Flip bit 3,/ }).click()
    await expect(page.getByRole('button', { name: 'Pass as changed', exact: true })).toBeVisible()
    expect(await places(page), 'a byte is changed').toEqual(before)
    await expect(detail).toContainText('It has become stale by waiting', { timeout: 2_000 * maxAge })
    await expect(detail).toContainText('raise “Message age limit” in the client’s window, under Settings…')
    expect(await places(page), 'it is stale').toEqual(before)
    await takePictures(page, (theme) => `${theme}-adversary-held-${to.width}.png`)
    expect(await misfits(page)).toEqual([])
    await page.getByRole('button', { name: 'Pass as changed', exact: true }).click()
    await expect(detail).toContainText('Its receiver calls such a message one that could not be opened')
    await expect(detail).not.toContainText('can be opened')
    await takePictures(page, (theme) => `${theme}-adversary-refused-${to.width}.png`)
    await client.getByRole('button', { name: 'Start over', exact: true }).click()
  }
})

test('the window of the adversary is free of faults in both themes, and nothing in it is cut off', async ({
  openApp,
}) => {
  test.setTimeout(240_000)
  const app = await openApp({ settings: { maxAge: 300 } })
  const page = await openTool(app, 'adversary')
  const found: string[] = []
  await size(app, SIZES[0])
  await settle(page)
  found.push(...(await lookInBothThemes(page, 'empty', (theme) => `adversary-empty-${theme}.png`)))
  await fill(app, page)
  for (const to of SIZES) {
    const { width, height, zoom } = to
    await size(app, to)
    const name = `adversary-${width}x${height}${zoom > 0 ? '-200' : ''}`
    for (const tab of TABS) {
      await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click()
      await settle(page)
      found.push(...(await misfits(page)).map((fault) => `${name}, ${tab}: ${fault}`))
      const file = `${name}-${tab.split(' ')[0]?.toLowerCase()}`
      // Of the sizes, a sample is enough for accessibility and themes: what does not fit is looked for at every one.
      if (zoom > 0 || !(ALL || to === SIZES[0])) await capture(app, 'adversary', `${file}.png`)
      else found.push(...(await lookInBothThemes(page, `${name}, ${tab}`, (theme) => `${file}-${theme}.png`)))
    }
  }
  await page.emulateMedia({ forcedColors: 'active' })
  await size(app, SIZES[0])
  await page.getByRole('tab', { name: /^Frames/ }).click()
  await settle(page)
  await page.screenshot({ path: 'test-results/screenshots/adversary-forced-colours.png' })
  found.push(...(await faults(page, 'forced colours')))
  await page.emulateMedia({ forcedColors: null })
  expect(found).toEqual([])
})
