/** No script reads the clipboard, with or without a person's act; a person pastes, and the buttons copy. */
import { expect, test, type Page } from '@playwright/test'
import { WINDOW_NAMES } from '#shared/windows'
import { launchApp, pageOf, type App } from '../support/app'

const PLANTED = 'planted on the clipboard'

let app: App

test.beforeAll(async () => {
  app = await launchApp()
})
test.afterAll(async () => {
  await app.close()
})

/** Everything that a script can try to get the clipboard's text with; what each of them got. */
const READ = `(async () => {
  const field = document.createElement('textarea')
  const rich = document.createElement('div')
  rich.contentEditable = 'true'
  document.body.append(field, rich)
  const seen = []
  const listen = (event) => seen.push(event.clipboardData?.getData('text/plain') ?? '')
  document.addEventListener('paste', listen, true)
  const refused = () => ''
  try {
    field.focus()
    document.execCommand('paste')
    seen.push(field.value)
    rich.focus()
    document.execCommand('paste')
    document.execCommand('pasteAndMatchStyle')
    seen.push(rich.textContent)
    seen.push(await navigator.clipboard.readText().catch(refused))
    const items = await navigator.clipboard.read().catch(() => [])
    for (const item of items) seen.push(await (await item.getType('text/plain')).text().catch(refused))
    await new Promise((resolve) => setTimeout(resolve, 200))
    return seen.join('')
  } finally {
    document.removeEventListener('paste', listen, true)
    field.remove()
    rich.remove()
  }
})()`

async function readAsScript(page: Page, asIfActed: boolean): Promise<string> {
  const address = page.url()
  return app.electron.evaluate(
    async ({ BrowserWindow, clipboard }, { address, script, asIfActed, planted }) => {
      clipboard.writeText(planted)
      const window = BrowserWindow.getAllWindows().find((each) => each.webContents.getURL() === address)!
      // The asynchronous interface answers a page in front alone.
      window.show()
      window.focus()
      window.webContents.focus()
      return (await window.webContents.executeJavaScript(script, asIfActed)) as string
    },
    { address, script: READ, asIfActed, planted: PLANTED },
  )
}

for (const name of WINDOW_NAMES) {
  test(`no script in the window ${name} reads the clipboard`, async () => {
    const page = await pageOf(app, name)
    expect(await readAsScript(page, false), 'by itself').toBe('')
    expect(await readAsScript(page, true), 'as if a person had acted').toBe('')
  })

  test(`a person pastes into a field of the window ${name}`, async () => {
    const page = await pageOf(app, name)
    await page.evaluate(() => {
      const field = document.createElement('textarea')
      field.id = 'pasted'
      document.body.append(field)
      field.focus()
    })
    await app.electron.evaluate(({ clipboard }, text) => clipboard.writeText(text), PLANTED)
    await page.keyboard.press('ControlOrMeta+v')
    await expect(page.locator('#pasted')).toHaveValue(PLANTED)
    await page.evaluate(() => document.querySelector('#pasted')?.remove())
  })
}
