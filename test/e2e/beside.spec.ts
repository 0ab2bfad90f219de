/** What a window beside the lab shows although none of its own parts do: a run that is opened from there, and the menu of what can be copied. */
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { openTool, ROOT } from '../support/app'
import { misfits, resizePage, takePictures } from '../support/looks'
import { test } from '../support/shared-app'

const SIZES = [
  { width: 1366, height: 768 },
  { width: 1280, height: 720 },
] as const

test('a run that does not open is told in the workshop, and a menu there looks as everywhere', async ({
  openApp,
}) => {
  const app = await openApp()
  const page = await openTool(app, 'workshop')
  const file = { name: 'broken.hlrun', mimeType: '', buffer: Buffer.from('{"not":"a run"}') }
  await page.locator('input[type=file]').setInputFiles(file)
  const fault = page.getByRole('alert')
  await expect(fault).toContainText('not_a_run')
  for (const size of SIZES) {
    await resizePage(app, 'workshop', page, size)
    await takePictures(page, (theme) => `${theme}-beside-fault-${size.width}.png`)
    expect(await misfits(page)).toEqual([])
  }
  await fault.getByRole('button', { name: 'Dismiss' }).click()
  await expect(fault).toBeHidden()

  await page.getByRole('rowheader', { name: 'Expired', exact: true }).click()
  await page
    .getByRole('article', { name: 'The chosen recipe' })
    .getByRole('button', { name: 'Inspect' })
    .click()
  const inspector = page.getByRole('dialog', { name: 'Inspector' })
  await inspector.getByRole('tab', { name: 'Structure' }).click()
  await inspector.getByRole('grid').click({ button: 'right', position: { x: 80, y: 12 } })
  const menu = page.getByRole('menu')
  // It is over the inspector, and not under it.
  await menu.getByRole('menuitem').first().click({ trial: true })
  await expect(menu).toHaveCSS('border-top-style', 'solid')
  await expect(menu).not.toHaveCSS('background-color', 'rgba(0, 0, 0, 0)')
  await page.screenshot({ path: join(ROOT, 'test-results', 'screenshots', 'beside-menu.png') })
})
