/** Every view on screens of usual sizes, also enlarged: nothing is cut off, each pane scrolls in one way, what comes next is in sight. */
import { expect, type Page } from '@playwright/test'
import { arrangeOn, capture, misfits, resize, resizePage, zoomTo } from '../support/looks'
import { ALL } from '../support/sample'
import { test } from '../support/shared-app'
import { pageOf, type App } from '../support/app'
import type { Role } from '#shared/hl1/roles'

/** Work areas in pixels as pages count them, and the zoom level of the text: 4 is about 200 %. */
const SCREENS = {
  '1366x768': [1366, 768, 0],
  '1280x720': [1280, 720, 0],
  '1920x1080': [1920, 1080, 0],
  '1366x768 at 150 %': [910, 512, 0],
  '1920x1080 at 200 %': [960, 540, 0],
  '800x600': [800, 600, 0],
  '1920x1080 with text at 200 %': [1920, 1080, 4],
  '1366x768 with text at 150 %': [1366, 768, 2],
  '1366x768 with text at 200 %': [1366, 768, 4],
} as const
const ALWAYS: readonly (keyof typeof SCREENS)[] = [
  '1366x768 at 150 %',
  '1920x1080 with text at 200 %',
  '1366x768 with text at 200 %',
]
const TRIED = ALL ? (Object.keys(SCREENS) as (keyof typeof SCREENS)[]) : ALWAYS
const THEMES = ALL ? (['light', 'dark'] as const) : (['light'] as const)

const TABS: Readonly<Record<Role, readonly string[]>> = {
  authority: ['Messages', 'Keys', 'Certificates', 'Names'],
  server: ['Messages', 'Sessions', 'Keys', 'Certificates'],
  client: ['Message', 'Log', 'Keys', 'Certificates'],
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const step = (page: Page, number: number) =>
  page.getByRole('button', { name: new RegExp(`^Step ${number},`) })

/** Looks at every view of every window, and takes pictures. */
async function lookAtAll(app: App, screen: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const [name, tabs] of Object.entries(TABS) as [Role, readonly string[]][]) {
    for (const tab of tabs) {
      await app[name].getByRole('tab', { name: new RegExp(`^${tab}`) }).click()
      await app[name].evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 50)))
      for (const fault of await misfits(app[name])) found.push(`${screen}, ${name}, ${tab}: ${fault}`)
      for (const colorScheme of THEMES) {
        if (ALL) await app[name].emulateMedia({ colorScheme })
        await capture(app, name, `fits ${screen} ${name} ${tab} ${colorScheme}.png`.replaceAll(' ', '-'))
      }
    }
  }
  return found
}

for (const screen of TRIED) {
  test(`every view fits: ${screen}`, async ({ openApp }) => {
    test.setTimeout(240_000)
    const app = await openApp()
    const [width, height, zoom] = SCREENS[screen]
    await arrangeOn(app, width, height, zoom)
    await app.client.getByRole('button', { name: 'Run all', exact: true }).click()
    await expect(step(app.client, 8)).toHaveAccessibleName(/done/)
    await step(app.client, 2).click()
    expect(await lookAtAll(app, screen)).toEqual([])
  })
}

test('a message scrolls as one, opens at its top, and its checks are folded but for those that matter', async ({
  openApp,
}) => {
  const app = await openApp()
  const { client, server } = app
  await arrangeOn(app, 1366, 768)
  await client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(step(client, 8)).toHaveAccessibleName(/done/)
  await step(client, 2).click()
  const message = client.getByRole('article', { name: 'Message' })
  const bytes = message.getByRole('region', { name: 'Bytes' })
  await expect(message.getByRole('region', { name: 'Members' })).toBeVisible()
  const inside = await message.evaluate((article) =>
    [...article.querySelectorAll('*')]
      .filter(
        (each) =>
          /auto|scroll/.test(getComputedStyle(each).overflowY) && each.scrollHeight > each.clientHeight + 1,
      )
      .map(({ className }) => className),
  )
  expect(inside).toEqual([])
  // Its bytes are at its end, whole, and what they are stays in sight there.
  await message.evaluate((article) => (article.scrollTop = article.scrollHeight))
  await expect(bytes.getByRole('row').last()).toBeInViewport()
  await expect(bytes.getByRole('heading', { name: 'Bytes' })).toBeInViewport()
  await step(client, 4).click()
  await expect.poll(() => message.evaluate(({ scrollTop }) => scrollTop)).toBe(0)
  const checks = message.getByRole('region', { name: 'Checks' })
  await expect(checks.locator('details[open]')).toHaveCount(0)
  expect(await checks.locator('details').count()).toBeGreaterThan(5)
  await checks.getByRole('button', { name: 'Unfold all' }).click()
  await expect(checks.locator('details:not([open])')).toHaveCount(0)
  await checks.getByRole('button', { name: 'Unfold all' }).click()
  await expect(checks.locator('details[open]')).toHaveCount(0)

  // A member's bytes come into view when it is chosen, wherever they are.
  await message
    .getByRole('button', { name: /mark its bytes/ })
    .first()
    .click()
  await expect(bytes.locator('.byte.marked').first()).toBeInViewport()

  // With room for both, the bytes stand beside the message.
  await arrangeOn(app, 1920, 1080)
  await expect(bytes.getByRole('row').first()).toBeInViewport()
  await expect(message.getByRole('region', { name: 'Members' })).toBeInViewport()
  const [words, right] = [
    await message.getByRole('region', { name: 'Members' }).boundingBox(),
    await bytes.boundingBox(),
  ]
  expect(right?.x).toBeGreaterThanOrEqual((words?.x ?? 0) + (words?.width ?? 0))
  await expect(server.getByRole('tab', { name: /^Messages/ })).toBeVisible()
})

for (const [width, height] of [
  [1366, 768],
  [1280, 720],
] as const)
  test(`on a small screen the client’s bar is one line, the first step is explained in sight, and no key is cut: ${width}x${height}`, async ({
    openApp,
  }) => {
    const app = await openApp()
    const { client, server, authority } = app
    await arrangeOn(app, width, height)
    const bar = client.locator('header.bar')
    const isOneLine = () =>
      bar.evaluate(
        (header) =>
          new Set(
            [...header.querySelectorAll('button')].map((each) => each.getBoundingClientRect().bottom >> 4),
          ).size === 1,
      )
    expect(await isOneLine()).toBe(true)
    await button(client, 'Next step').click()
    await expect(step(client, 1)).toHaveAccessibleName(/done/)
    await expect(
      client.getByRole('article', { name: 'Message' }).getByText(/^The server asks the authority/),
    ).toBeInViewport({ ratio: 1 })
    await button(client, 'Run all').click()
    await expect(step(client, 8)).toHaveAccessibleName(/done/)
    expect(await isOneLine()).toBe(true)
    await expect(step(client, 8).locator('.key')).toBeInViewport({ ratio: 1 })
    for (const page of [server, authority]) {
      const cut = await page
        .locator('.message .keys')
        .evaluateAll((all) =>
          all
            .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
            .map(({ textContent }) => textContent),
        )
      expect(cut).toEqual([])
    }
    await server.getByRole('tab', { name: /^Sessions/ }).click()
    await expect(server.getByText('Classic, 1 request')).toBeVisible()
    const sessions = server.getByRole('region', { name: 'Sessions' })
    expect(await sessions.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
  })

test('Settings flow in small windows: one column, and nothing scrolls sideways', async ({ openApp }) => {
  const app = await openApp()
  for (const size of [
    { width: 1280, height: 720 },
    { width: 1000, height: 720 },
  ]) {
    // The windows of authority and server get half of that width.
    await resize(app, size)
    for (const page of [app.authority, app.server]) {
      await button(page, 'Settings…').click()
      const dialog = page.getByRole('dialog', { name: 'Settings' })
      const field = dialog.getByLabel('Bootstrap key')
      await expect(field).toBeVisible()
      expect(await misfits(page)).toEqual([])
      const label = await dialog.getByText('Bootstrap key', { exact: true }).boundingBox()
      const box = await field.boundingBox()
      expect(box?.y).toBeGreaterThanOrEqual((label?.y ?? 0) + (label?.height ?? 0) - 1)
      await page.keyboard.press('Escape')
    }
  }
})

test('with text at 200 % in a window 490 pixels wide, authority and server scroll as one, and never sideways', async ({
  openApp,
}) => {
  const app = await openApp({ settings: { names: 'first' } })
  await button(app.client, 'Run all').click()
  await expect(step(app.client, 8)).toHaveAccessibleName(/done/)
  for (const role of ['authority', 'server'] as const) {
    const page = app[role]
    await resizePage(app, role, page, { width: 490, height: 700 })
    await zoomTo(app, role, 200)
    await page.waitForFunction(() => innerWidth < 250)
    for (const tab of TABS[role]) {
      await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click()
      await expect(page.getByRole('tabpanel')).toBeVisible()
      const scrolling = await page.evaluate(() =>
        [...document.querySelectorAll('#app *:not([aria-label=Bytes] *)')].flatMap((each) => {
          const { overflowX, overflowY } = getComputedStyle(each)
          const sideways = /auto|scroll/.test(overflowX) && each.scrollWidth > each.clientWidth + 1
          const within = /auto|scroll/.test(overflowY) && each.scrollHeight > each.clientHeight + 1
          if (!sideways && (!within || each.matches('[role=listbox]'))) return []
          return [`${each.className} scrolls ${sideways ? 'sideways' : 'within the page'}`]
        }),
      )
      expect(scrolling, `${role}, ${tab}`).toEqual([])
      expect(await misfits(page), `${role}, ${tab}`).toEqual([])
    }
    await page.getByRole('tab', { name: /^Messages/ }).click()
    await page.getByRole('listbox', { name: 'Messages' }).press('Home')
    await page.getByRole('region', { name: 'Checks' }).scrollIntoViewIfNeeded()
    await expect(page.getByRole('region', { name: 'Checks' })).toBeInViewport()
  }
})

test('with text at 200 % on a screen of 1280x720, every view of the windows beside the lab fits', async ({
  openApp,
}) => {
  const app = await openApp()
  for (const name of ['knowledge', 'attacks', 'workshop', 'adversary'] as const) {
    const page = await pageOf(app, name)
    await resizePage(app, name, page, { width: 1280, height: 690 })
    await zoomTo(app, name, 200)
    await page.waitForFunction(() => innerWidth === 640)
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click()
      await expect(page.getByRole('tabpanel').first()).toBeVisible()
      await expect.poll(() => misfits(page), `${name}, ${(await tab.textContent()) ?? ''}`).toEqual([])
    }
  }
})
