/** Runs saved and opened in the real app, by its menu and dialogs. */
import { expect, type Locator, type Page } from '@playwright/test'
import type { App } from './app'

/** A button by its whole name. */
export const button = (within: Page | Locator, name: string): Locator =>
  within.getByRole('button', { name, exact: true })

/** Answers the system's own dialogs for files, which no test can press. */
export async function chooseFiles({ electron }: App, path: string): Promise<void> {
  await electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath })
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [filePath] })
  }, path)
}

/** Chooses an entry of the menu, as in the client’s window. */
export async function chooseInMenu({ electron }: App, label: string): Promise<void> {
  await electron.evaluate(({ Menu, BrowserWindow }, name) => {
    const find = (menu: Electron.Menu | null): Electron.MenuItem | undefined =>
      menu?.items
        .flatMap((item) => (item.submenu ? [find(item.submenu)] : [item]))
        .find((item) => item?.label === name)
    find(Menu.getApplicationMenu())?.click(
      undefined,
      BrowserWindow.getAllWindows().find((each) => each.getTitle().startsWith('Client')),
      undefined,
    )
  }, label)
}

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
