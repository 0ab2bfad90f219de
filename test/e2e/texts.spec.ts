/** Texts in the windows as they are drawn: nothing lies over another, nothing is cut that can't be read elsewhere, nothing jumps. */
import { expect, type Page } from '@playwright/test'
import { openTool } from '../support/app'
import { resize, takePictures, zooms, zoomTo } from '../support/looks'
import { suitesInWindows } from '../support/sample'
import { test } from '../support/shared-app'

/** A name as long as one may be (protocol.md section 2). */
const longName = (begin: string): string => begin.padEnd(48, '-Abcdefghij')
const NAMES = {
  authorityIdentity: longName('CA'),
  serverIdentity: longName('Server'),
  clientIdentity: longName('Client'),
}
const SIZES = [
  { width: 1100, height: 680 },
  { width: 1366, height: 768 },
  { width: 1920, height: 1080 },
] as const

/** Texts that are cut with dots, and have no title that would say all of them. */
function cutTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('#app *')]
      .filter((element) => getComputedStyle(element).textOverflow === 'ellipsis' && element.checkVisibility())
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .filter(
        (element) => !element.title && !element.closest('[title]') && !element.closest('.message, .unseen'),
      )
      .map(({ className, textContent }) => `${className}: ${textContent ?? ''}`),
  )
}

/** Rows of the log in which two of their parts lie over one another. */
function overlaps(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.message')].flatMap((row) => {
      // What is there for screen readers alone lies nowhere.
      const parts = [...row.children].filter(
        (part) =>
          part.checkVisibility() &&
          part.textContent !== '' &&
          (part.children.length === 0 || part.querySelector(':scope > :not(.unseen)') !== null),
      )
      return parts.flatMap((part, index) => {
        const next = parts[index + 1]
        // What does not fit where it is cut off lies over nothing.
        const isCut = getComputedStyle(part).overflowX === 'hidden'
        const shown = isCut ? [part] : [part, ...part.children].filter((each) => each.checkVisibility())
        const end = Math.max(...shown.map((each) => each.getBoundingClientRect().right))
        const isOver = next && end > next.getBoundingClientRect().left + 1
        const isOnOneLine =
          next && Math.abs(part.getBoundingClientRect().top - next.getBoundingClientRect().top) < 16
        return isOver && isOnOneLine ? [`${row.textContent}: ${part.className} over ${next.className}`] : []
      })
    }),
  )
}

/** Titles of steps that go over a lifeline. */
function crossings(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const lines = [...document.querySelectorAll('.lifelines span')].map(
      (line) => line.getBoundingClientRect().left,
    )
    return [...document.querySelectorAll('.step .label')].flatMap((label) => {
      const parts = [...label.children].map((part) => part.getBoundingClientRect())
      const [left, right] = [
        Math.min(...parts.map((part) => part.left)),
        Math.max(...parts.map((part) => part.right)),
      ]
      return lines.some((line) => left < line && line < right) ? [label.textContent ?? ''] : []
    })
  })
}

for (const suite of suitesInWindows('modern')) {
  test(`long names and many requests in suite ${suite}: no text is cut or lies over another`, async ({
    openApp,
  }) => {
    const app = await openApp({ settings: { suite, ...NAMES } })
    const { authority, server, client } = app
    await client.getByRole('button', { name: 'Run all', exact: true }).click()
    await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
    for (const size of SIZES) {
      await resize(app, size)
      await client.getByRole('tab', { name: 'Log' }).click()
      expect(await crossings(client), `steps at ${size.width}`).toEqual([])
      for (const page of [authority, server, client]) {
        expect(await cutTexts(page), `cut at ${size.width}`).toEqual([])
        await page.getByRole('listbox', { name: 'Messages' }).press('Home')
        await expect(page.getByRole('option').first()).toHaveAttribute('aria-selected', 'true')
        expect(await overlaps(page), `rows at ${size.width}`).toEqual([])
      }
      await takePictures(client, (theme) => `${theme}-${size.width}-long-names-${suite}.png`)
    }
    for (const [page, name] of [
      [authority, NAMES.authorityIdentity],
      [server, NAMES.serverIdentity],
    ] as const)
      await expect(page.locator('.identity')).toHaveText(name)
  })
}

test('the export dialog stays as it is while files are chosen, and every size is the one that a file gets', async ({
  openApp,
}) => {
  const { client, server } = await openApp()
  await client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  await server.getByRole('button', { name: 'Export…' }).click()
  const dialog = server.getByRole('dialog')
  const frame = () => dialog.boundingBox()
  await expect(dialog.getByText('Files to write')).toBeVisible()
  await dialog.getByRole('button', { name: 'Nothing', exact: true }).click()
  const before = await frame()
  for (const title of ['Fingerprints', 'Server private key', 'Checksums of the other files']) {
    const label = dialog.locator('label', { hasText: title.replace('Fingerprints', 'SHA-256 fingerprints') })
    await label.scrollIntoViewIfNeeded()
    const place = await label.boundingBox()
    await label.click()
    expect(await label.boundingBox(), title).toEqual(place)
    await expect(label).toBeInViewport({ ratio: 1 })
    expect(await frame(), title).toEqual(before)
  }
  await takePictures(server, (theme) => `${theme}-export-steady.png`)
  await dialog.getByRole('button', { name: 'Usual files', exact: true }).click()
  await dialog.locator('label', { hasText: 'Checksums of the other files' }).click()
  await dialog.locator('label', { hasText: 'How to use the files' }).click()
  const announced = await dialog
    .locator('.row')
    .evaluateAll((rows) =>
      rows.map((row) => [row.querySelector('input')?.value, row.querySelector('.size')?.textContent?.trim()]),
    )
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  await expect(dialog.getByText(/files written to/)).toBeVisible()
  const written = await dialog
    .locator('.result li')
    .evaluateAll((items) =>
      items.map((item) => [
        item.querySelector('.name')?.textContent,
        /[\d,]+ bytes?/.exec(item.querySelector('.small')?.textContent ?? '')?.[0],
      ]),
    )
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(announced))
})

test('the size of text is a setting: for every window at once, for those loaded anew, and what Ctrl+0 goes back to', async ({
  openApp,
}) => {
  const { client, authority, server, electron } = await openApp()
  const factors = async () => Object.values(await zooms(electron))
  await client.getByRole('button', { name: 'Settings…' }).click()
  await client.getByRole('dialog').getByLabel('Size of text').selectOption('130 %')
  await client.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  await expect(client.getByRole('dialog')).toHaveCount(0)
  await expect.poll(factors).toEqual([130, 130, 130])
  await server.reload()
  await expect.poll(factors).toEqual([130, 130, 130])
  await electron.evaluate(({ BrowserWindow, Menu }) => {
    for (const { webContents } of BrowserWindow.getAllWindows()) webContents.setZoomLevel(3)
    const view = Menu.getApplicationMenu()?.items.find(({ label }) => label.includes('View'))
    view?.submenu?.items.find(({ label }) => label === 'Usual Size')?.click()
  })
  await expect.poll(factors).toEqual([130, 130, 130])
  await takePictures(authority, (theme) => `${theme}-text-130-authority.png`)
  await takePictures(client, (theme) => `${theme}-text-130-client.png`)
})

test('what a person has made larger stays so when another window opens or is made larger, and when settings are saved', async ({
  openApp,
}) => {
  const app = await openApp()
  const { client, server, electron } = app
  await zoomTo(app, 'client', 150)
  await zoomTo(app, 'server', 115)
  await openTool(app, 'attacks')
  await client.getByRole('button', { name: 'Settings…' }).click()
  await client.getByRole('dialog').getByLabel('Client', { exact: true }).fill('ID-Anna')
  await client.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  await expect(client.getByRole('dialog')).toHaveCount(0)
  expect(await zooms(electron)).toEqual({ attacks: 100, authority: 100, client: 150, server: 115 })
  for (const [page, factor] of [
    [client, 1.5],
    [server, 1.15],
  ] as const)
    expect(await page.evaluate(() => devicePixelRatio)).toBeCloseTo(factor)
})

test('theme and size of text show while they are chosen, and are as before when nothing is saved', async ({
  openApp,
}) => {
  const app = await openApp()
  const { client, electron } = app
  const theme = () => electron.evaluate(({ nativeTheme }) => nativeTheme.themeSource)
  await zoomTo(app, 'client', 115)
  const dialog = client.getByRole('dialog')
  for (const how of ['Cancel', 'Escape', 'loaded anew'] as const) {
    const usual = await theme()
    await client.getByRole('button', { name: 'Settings…' }).click()
    await dialog.getByLabel('Theme').selectOption('Dark')
    await expect.poll(theme).toBe('dark')
    await dialog.getByLabel('Size of text').focus()
    await dialog.getByLabel('Size of text').selectOption('200 %')
    await expect.poll(() => zooms(electron)).toEqual({ authority: 100, client: 200, server: 100 })
    await expect(dialog.getByLabel('Size of text')).toBeInViewport({ ratio: 1 })
    if (how === 'Cancel') await dialog.getByRole('button', { name: how, exact: true }).click()
    else if (how === 'Escape') await client.keyboard.press(how)
    else await client.reload()
    await expect.poll(theme).toBe(usual)
    const before = how === 'loaded anew' ? 100 : 115
    await expect.poll(() => zooms(electron)).toEqual({ authority: 100, client: before, server: 100 })
  }
  await client.getByRole('button', { name: 'Settings…' }).click()
  await dialog.getByLabel('Theme').selectOption('Dark')
  await dialog.getByLabel('Size of text').selectOption('115 %')
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toHaveCount(0)
  await expect.poll(() => zooms(electron)).toEqual({ authority: 115, client: 115, server: 115 })
  expect(await theme()).toBe('dark')
})

test('Ctrl+F searches the log and the inspector, Ctrl+S exports what the inspector shows', async ({
  openApp,
}) => {
  const { client, server } = await openApp()
  await client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  await server.keyboard.press('ControlOrMeta+f')
  const field = server.getByRole('searchbox', { name: 'Search the messages' })
  await expect(field).toBeFocused()
  await field.fill('session key')
  await expect(server.getByRole('search')).toContainText(/\d of \d/)
  await expect(server.getByRole('option', { selected: true })).toContainText('Session key')
  await field.press('Escape')
  await expect(field).toHaveCount(0)
  await expect(server.getByRole('listbox', { name: 'Messages' })).toBeFocused()

  await server.getByRole('tab', { name: 'Certificates' }).click()
  await server
    .getByRole('button', { name: /^Inspect/ })
    .first()
    .click()
  await expect(server.getByRole('tab', { name: 'Structure' })).toBeVisible()
  await server.keyboard.press('ControlOrMeta+f')
  await expect(server.getByRole('searchbox', { name: 'Search names, OIDs and values' })).toBeFocused()
  await server.keyboard.press('ControlOrMeta+s')
  await expect(server.getByRole('dialog', { name: 'Export' })).toBeVisible()
})

test('a context menu copies a value in its forms; the window’s own edits fields and copies what is marked', async ({
  openApp,
}) => {
  const app = await openApp()
  const { client, server, electron } = app
  await client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  const clipboard = () => electron.evaluate(({ clipboard: board }) => board.readText())
  await client.getByRole('button', { name: /^Step 3,/ }).click()
  await client
    .getByRole('grid', { name: /^Frame/ })
    .getByText('HL')
    .first()
    .or(client.getByRole('grid', { name: /^Frame/ }))
    .first()
    .click({ button: 'right', position: { x: 80, y: 12 } })
  await client.getByRole('menuitem', { name: 'Copy all as hex' }).click()
  await expect.poll(clipboard).toMatch(/^000000[0-9a-f]{2}0103/)
  await client.locator('tr', { hasText: 'id_s' }).locator('.what').click({ button: 'right' })
  await client.getByRole('menuitem', { name: 'Copy the value' }).click()
  await expect.poll(clipboard).toBe('ID-Server')
  // A secret is not there to be copied before it is revealed, and is for a minute then.
  await server
    .getByRole('option', { name: /Session key/ })
    .first()
    .click()
  const secret = server.locator('tr', { hasText: 'k_sess' }).locator('.what')
  await secret.click({ button: 'right' })
  await expect(server.getByRole('menuitem')).toHaveCount(0)

  const shown = electron.evaluate(
    ({ Menu }) =>
      new Promise<readonly string[]>((resolve) => {
        Menu.prototype.popup = function () {
          resolve(
            this.items.filter(({ type }) => type !== 'separator').map(({ role, label }) => role ?? label),
          )
        }
      }),
  )
  await client.locator('#request').click({ button: 'right' })
  expect((await shown).map((name) => name.toLowerCase())).toEqual([
    ...['undo', 'redo', 'cut', 'copy', 'paste', 'selectall'],
  ])
})
