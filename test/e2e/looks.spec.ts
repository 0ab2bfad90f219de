import { expect, test } from '@playwright/test'
import { join } from 'node:path'
import { launchApp, ROOT, type App } from '../support/app'
import { faults, resize } from '../support/looks'

/** What a person sees, in both themes: pictures for looking at, and accessibility faults as failures. */
const SHOTS = join(ROOT, 'test-results', 'screenshots')
const SIZES = [
  { width: 1280, height: 720 },
  { width: 1100, height: 680 },
  { width: 1920, height: 1080 },
] as const

const windows = (app: App) => [
  { name: 'authority', page: app.authority, tabs: ['Messages', 'Keys', 'Certificates', 'Names'] },
  { name: 'server', page: app.server, tabs: ['Messages', 'Sessions', 'Keys', 'Certificates'] },
  { name: 'client', page: app.client, tabs: ['Message', 'Log', 'Keys', 'Certificates'] },
]

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every view is free of serious accessibility faults in the ${colorScheme} theme`, async () => {
    const app = await launchApp({ colorScheme })
    const found: string[] = []
    try {
      for (const { name, page } of windows(app)) {
        await page.screenshot({ path: join(SHOTS, `${colorScheme}-start-${name}.png`) })
        found.push(...(await faults(page, `${name} at the start`)))
      }
      await app.client.getByRole('button', { name: 'Run all', exact: true }).click()
      await expect(app.client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
      await app.client.getByRole('button', { name: /^Step 4,/ }).click()
      for (const size of SIZES) {
        await resize(app, size)
        for (const { name, page, tabs } of windows(app)) {
          for (const tab of tabs) {
            await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click()
            const file = `${colorScheme}-${size.width}x${size.height}-${name}-${tab.toLowerCase()}.png`
            await page.screenshot({ path: join(SHOTS, file) })
            if (size.width === 1280) found.push(...(await faults(page, `${name}, ${tab}`)))
          }
        }
      }
      for (const dialog of ['Export…', 'Settings…']) {
        await app.client.getByRole('button', { name: dialog }).click()
        await expect(app.client.getByRole('dialog')).toBeVisible()
        await app.client.screenshot({ path: join(SHOTS, `${colorScheme}-dialog-${dialog.slice(0, -1)}.png`) })
        found.push(...(await faults(app.client, dialog)))
        await app.client.keyboard.press('Escape')
        await expect(app.client.getByRole('dialog')).toHaveCount(0)
      }
      expect(found).toEqual([])
    } finally {
      await app.close()
    }
  })
}
