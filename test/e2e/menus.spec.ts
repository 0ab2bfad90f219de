/** The menus in the windows' bars: their code is read when somebody turns to one, and not before a window appears. */
import { expect, test, type Page } from '@playwright/test'
import { launchApp, type App } from '../support/app'

let app: App

test.beforeAll(async () => (app = await launchApp()))
test.afterAll(() => app.close())

/** Scripts and styles that a page has been told to load: what comes later is announced in its head. */
function files(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('link[href], script[src]')].map(
      (element) => element.getAttribute('href') ?? element.getAttribute('src') ?? '',
    ),
  )
}

test('a window that nobody has turned to has read neither a menu nor a view', async () => {
  const pages = [app.authority, app.server]
  for (const page of pages)
    await expect(page.getByRole('button', { name: 'File', exact: true })).toBeVisible()
  // Where no window manager is, one of them may have the focus, and reads on.
  const focused = await Promise.all(pages.map((page) => page.evaluate(() => document.hasFocus())))
  const others = pages.filter((_, index) => !focused[index])
  expect(others).not.toEqual([])
  for (const page of others)
    expect((await files(page)).filter((file) => /\/(views|protocol)-/.test(file))).toEqual([])
})

test('a menu that is pressed before it is there opens once it is', async () => {
  const button = app.authority.getByRole('button', { name: 'File', exact: true })
  await expect(button).toHaveAttribute('aria-expanded', 'false')
  // Without a pointer that comes near, nor the focus: nothing of it has been read.
  await button.dispatchEvent('click')
  await expect(app.authority.getByRole('menuitem', { name: 'Open…' })).toBeVisible()
  await expect(button).toHaveAttribute('aria-expanded', 'true')
  await app.authority.keyboard.press('Escape')
  await expect(app.authority.getByRole('menu')).toHaveCount(0)
  await expect(button).toBeFocused()
})

test('with the keyboard it opens, is gone through, and gives the focus back', async () => {
  const { server } = app
  const button = server.getByRole('button', { name: 'File', exact: true })
  await button.focus()
  await expect(button).toHaveAttribute('id', /.+/)
  await server.keyboard.press('ArrowDown')
  await expect(server.getByRole('menuitem', { name: 'Open…' })).toBeFocused()
  await server.keyboard.press('ArrowDown')
  await expect(server.getByRole('menuitem', { name: /^Open run or capture/ })).toBeFocused()
  await server.keyboard.press('Escape')
  await expect(button).toBeFocused()
  await server.keyboard.press('Enter')
  await expect(server.getByRole('menu')).toBeVisible()
  await server.keyboard.press('Escape')
})

test('what was chosen happens, with the button where the focus comes back to', async () => {
  const { server } = app
  const button = server.getByRole('button', { name: 'File', exact: true })
  await button.click()
  await server.getByRole('menuitem', { name: /^Save run/ }).click()
  await expect(server.getByRole('dialog')).toBeVisible()
  await server.keyboard.press('Escape')
  await expect(server.getByRole('dialog')).toHaveCount(0)
  await expect(button).toBeFocused()
})
