/** *Help*: the protocol as this app follows it, and the log of what went wrong. */
import { expect, type Page } from '@playwright/test'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchApp, ROOT, type App } from '../support/app'
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

  test(`what went wrong unforeseen is in the log, in the ${colorScheme} theme`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'handshake-lab-e2e-'))
    const app = await launchApp({ folder, colorScheme })
    try {
      const { client, authority } = app
      // A folder comes where the trust anchor is to be written; one that was there at the start would have been set aside.
      await mkdir(join(folder, 'user-data', 'trust', 'ca.pem', 'in the way'), { recursive: true })
      await resize(app, { width: 1280, height: 720 })
      const start = authority.getByRole('button', { name: 'Start authority', exact: true })
      if (await start.isVisible()) await start.click()
      await expect(authority.getByRole('button', { name: 'Stop', exact: true })).toBeVisible()
      await client.evaluate(() => void setTimeout(() => (undefined as unknown as { gone: string }).gone))

      for (const page of [client, authority]) {
        await openHelp(app, 'Show log', page)
        const dialog = page.getByRole('dialog', { name: 'Log' })
        const text = dialog.getByRole('region', { name: 'Text of the log' })
        await expect(text).toContainText(/note {2}Handshake Lab .* begins: Electron /)
        await expect(text).toContainText('The trust anchor could not be written. Error (EISDIR)')
        await expect(text).toContainText(
          "Nobody has caught this. TypeError Cannot read properties of undefined (reading 'gone')",
        )
        // Nothing else went wrong: not in any window's own parts.
        await expect(text).not.toContainText('In a component')
        await expect(dialog).toContainText(join(folder, 'user-data', 'logs', 'handshake-lab.log'))
        // Its end is in view, and the keyboard reaches it.
        const left = await text.evaluate(
          (element) => element.scrollHeight - element.clientHeight - element.scrollTop,
        )
        expect(left).toBeLessThan(2)
        const name = page === client ? 'log' : 'log-narrow'
        await page.screenshot({ path: join(SHOTS, `${colorScheme}-${name}.png`) })
        expect(await faults(page, name)).toEqual([])
        await page.keyboard.press('Escape')
        await expect(page.getByRole('dialog')).toHaveCount(0)
      }
      await openHelp(app, 'Show log', client)
      await client.getByRole('button', { name: 'Copy the log' }).click()
      const copied = await app.electron.evaluate(({ clipboard }) => clipboard.readText())
      expect(copied).toContain('The trust anchor could not be written.')
    } finally {
      await app.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
}
