/** *Help*: the protocol as this app follows it. */
import { expect, type Page } from '@playwright/test'
import { join } from 'node:path'
import { ROOT, type App } from '../support/app'
import { faults, resize } from '../support/looks'
import { test } from '../support/shared-app'

const SHOTS = join(ROOT, 'test-results', 'screenshots')

async function openHelp({ electron }: App, label: string, page: Page): Promise<void> {
  const focused = /\/(\w+)\/index\.html/.exec(page.url())?.[1] ?? ''
  await electron.evaluate(
    ({ Menu, BrowserWindow }, asked) => {
      const windows = BrowserWindow.getAllWindows()
      const window = windows.find(({ webContents }) => webContents.getURL().includes(`/${asked.focused}/`))
      const help = Menu.getApplicationMenu()?.items.find((item) => item.label === '&Help')
      const item = help?.submenu?.items.find((entry) => entry.label === asked.label)
      item?.click(undefined, window, window?.webContents)
    },
    { label, focused },
  )
  await expect(page.getByRole('dialog')).toBeVisible()
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the protocol is there to be read, in the window in front, in the ${colorScheme} theme`, async ({
    openApp,
  }) => {
    const app = await openApp({ colorScheme })
    const { client, authority } = app
    await resize(app, { width: 1280, height: 720 })
    await openHelp(app, 'The protocol', client)
    const text = client.getByRole('region', { name: 'The protocol' })
    await expect(text).toBeFocused()
    await expect(
      text.getByRole('heading', { name: '7. What the receiver checks, in this order' }),
    ).toBeVisible()
    const scrolled = (): Promise<number> => text.evaluate((element) => element.scrollTop)
    await client.keyboard.press('PageDown')
    await expect.poll(scrolled).toBeGreaterThan(100)
    await client.screenshot({ path: join(SHOTS, `${colorScheme}-protocol.png`) })
    await client
      .getByRole('navigation', { name: 'Contents' })
      .getByRole('button', { name: '4. Suite modern' })
      .click()
    await expect(text.getByRole('heading', { name: '4. Suite modern' })).toBeFocused()
    await expect(text.getByRole('heading', { name: '4. Suite modern' })).toBeInViewport()
    await client.screenshot({ path: join(SHOTS, `${colorScheme}-protocol-section-4.png`) })
    expect(await faults(client, 'The protocol')).toEqual([])
    await client.keyboard.press('Escape')
    await expect(client.getByRole('dialog')).toHaveCount(0)

    await openHelp(app, 'The protocol', authority)
    await expect(authority.getByRole('region', { name: 'The protocol' })).toBeFocused()
    await authority.screenshot({ path: join(SHOTS, `${colorScheme}-protocol-narrow.png`) })
    expect(await faults(authority, 'The protocol, narrow')).toEqual([])
  })
}
