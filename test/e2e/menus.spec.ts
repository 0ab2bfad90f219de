/** The menus in the windows' bars: their code is read when somebody turns to one, and not before a window appears. */
import { expect, test } from '@playwright/test'
import { launchApp, type App } from '../support/app'

let app: App

test.beforeAll(async () => (app = await launchApp()))
test.afterAll(() => app.close())

/** So long a window reads nothing that it does not need to appear, in milliseconds (`renderer/common/later.ts`). */
const REST_AFTER_MS = 1_000

test('a window reads neither a menu nor a view to appear', async () => {
  for (const page of [app.authority, app.server]) {
    // What comes later is announced in the page's head. By its own clock: a window that has the focus reads on after a while.
    await page.addInitScript(() => {
      const announced: (readonly [string, number])[] = []
      Object.assign(window, { announced })
      new MutationObserver((changes) => {
        for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes]))
          if (node instanceof HTMLLinkElement) announced.push([node.href, performance.now()])
      }).observe(document, { childList: true, subtree: true })
    })
    await page.reload()
    await expect(page.getByRole('button', { name: 'File', exact: true })).toBeVisible()
    await page.waitForFunction((until) => performance.now() > until, REST_AFTER_MS)
    const all = await page.evaluate(
      () => (window as unknown as { announced: readonly (readonly [string, number])[] }).announced,
    )
    expect(all.length).toBeGreaterThan(0)
    const early = all.filter(([file, at]) => /\/(views|protocol)-/.test(file) && at < REST_AFTER_MS)
    expect(early).toEqual([])
  }
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
