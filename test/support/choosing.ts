/** The system's own dialogs for files and the app's menu, which no test can press. */
import type { App } from './app'

/** From now on whatever is saved goes to this path, and whatever is opened is there. */
export async function chooseFiles({ electron }: App, path: string): Promise<void> {
  await electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath })
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [filePath] })
  }, path)
}

/** Takes an entry of the menu, as if over the client's window. */
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
