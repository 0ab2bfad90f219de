/** Runs saved and opened in the real app, by its menu and dialogs. */
import { expect, type Locator, type Page } from '@playwright/test'
import type { App } from './app'
import { chooseFiles, chooseInMenu } from './choosing'

/** A button by its whole name. */
export const button = (within: Page | Locator, name: string): Locator =>
  within.getByRole('button', { name, exact: true })

/** Saves the lab’s run; `choice` is what becomes of its secrets. */
export async function save(app: App, choice: RegExp, path: string): Promise<void> {
  const { client } = app
  await chooseFiles(app, path)
  await chooseInMenu(app, 'Save run…')
  const dialog = client.getByRole('dialog', { name: 'Save run' })
  await dialog.getByRole('radio', { name: choice }).check()
  if (choice.test('locked')) {
    await dialog.getByLabel('Passphrase', { exact: true }).fill('correct horse')
    await dialog.getByLabel('Once more', { exact: true }).fill('correct horse')
  }
  await button(dialog, 'Save…').click()
  await expect(dialog.getByText(path)).toBeVisible()
  await client.keyboard.press('Escape')
}
