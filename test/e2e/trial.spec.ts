import { expect, type Locator } from '@playwright/test'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT, type App } from '../support/app'
import { lookInBothThemes, resize, takePictures } from '../support/looks'
import { test } from '../support/shared-app'
import { LONG } from '../support/sample'

/** The lifetime trial in the client's window: run, looked at, cancelled, saved. */
const SHOTS = join(ROOT, 'test-results', 'screenshots')

const sheet = (app: App): Locator => app.client.getByRole('dialog', { name: 'Lifetime trial' })
const button = (app: App, name: string): Locator => sheet(app).getByRole('button', { name, exact: true })

async function openSheet(app: App): Promise<void> {
  await app.client.getByRole('button', { name: 'Tools' }).click()
  await app.client.getByRole('menuitem', { name: /^Lifetime trial…/ }).click()
  await expect(sheet(app)).toBeVisible()
}

/** Answers the next save dialogs in the person's place: with a path, or by changing their mind. */
async function answerSaveDialogs(app: App, path: string | undefined): Promise<void> {
  await app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: filePath === '', filePath })
  }, path ?? '')
}

test('a simulated trial fills chart and table, without accessibility faults in either theme', async ({
  openApp,
}) => {
  const app = await openApp()
  const file = (name: string) => (theme: string) => `${theme}-trial-${name}.png`
  const found: string[] = []
  const look = async (name: string): Promise<void> =>
    void found.push(...(await lookInBothThemes(app.client, name, file(name))))
  await resize(app, { width: 1280, height: 720 })
  await app.client.getByRole('button', { name: 'Tools' }).click()
  await look('menu')
  await app.client.keyboard.press('Escape')
  await openSheet(app)
  await look('empty')
  await expect(button(app, 'Save as PNG…')).toBeDisabled()

  await button(app, 'Run trial').click()
  await expect(sheet(app).getByText('12 accepted, 9 refused. All as section 5')).toBeVisible()
  await expect(sheet(app).getByRole('img')).toHaveAccessibleName(
    'Chart of requests over time, by session lifetime, in a simulated clock. 10 s: 4 accepted, 3 refused, 0 not sent. 60 s: 4 accepted, 3 refused, 0 not sent. 100 s: 4 accepted, 3 refused, 0 not sent.',
  )
  await expect(sheet(app).getByText('simulated clock', { exact: false }).first()).toBeVisible()
  await expect(sheet(app).getByRole('img')).toBeInViewport({ ratio: 0.99 })
  const rows = sheet(app).getByRole('row')
  await expect(rows).toHaveCount(1 + 21)
  await expect(rows.nth(4)).toHaveText(/10\.000\s*10\.000\s*accepted\s*yes/)
  await expect(rows.nth(5)).toHaveText(/10\.001\s*10\.001\s*refused: session_expired\s*yes/)
  await look('done')

  await resize(app, { width: 1920, height: 1080 })
  await expect(sheet(app).getByRole('img')).toHaveAttribute('width', /^1[5-9]\d\d$/)
  await resize(app, { width: 1100, height: 680 })
  await expect(sheet(app).getByRole('img')).toBeInViewport({ ratio: 0.99 })
  await takePictures(app.client, file('smallest'))
  await resize(app, { width: 1280, height: 720 })

  await sheet(app).getByLabel('Lifetimes in seconds').fill('10, ten')
  await expect(sheet(app).getByText('“ten” is not a lifetime.')).toBeVisible()
  await expect(button(app, 'Run trial')).toBeDisabled()
  await look('wrong')
  expect(found).toEqual([])
})

test.describe('a trial', () => {
  let app: App
  test.beforeEach(async ({ openApp }) => {
    app = await openApp()
    await openSheet(app)
  })

  test('is saved as PNG, SVG and CSV, each whole, and what was there is replaced', async () => {
    await sheet(app).getByLabel('Suite of the trial’s sessions').selectOption('modern')
    await button(app, 'Run trial').click()
    await expect(sheet(app).getByText('12 accepted, 9 refused. All as section 5')).toBeVisible()
    const path = (name: string): string => join(app.exportFolder, name)
    const save = async (format: string, name: string, chosen = name): Promise<Buffer> => {
      await answerSaveDialogs(app, path(chosen))
      await button(app, `Save as ${format}…`).click()
      await expect(sheet(app).getByText(`Saved as ${path(name)}`)).toBeVisible()
      return readFile(path(name))
    }
    const png = await save('PNG', 'trial.png')
    await mkdir(SHOTS, { recursive: true })
    await writeFile(join(SHOTS, 'exported-trial.png'), png)
    expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1920, 604])
    expect(png.length).toBeGreaterThan(10_000)

    const svg = (await save('SVG', 'trial.svg', 'trial')).toString('utf8')
    const parsed = await app.client.evaluate((text) => {
      const document = new DOMParser().parseFromString(text, 'image/svg+xml')
      const texts = [...document.querySelectorAll('text')].map((element) => element.textContent)
      return {
        root: document.documentElement.nodeName,
        texts,
        errors: document.querySelectorAll('parsererror').length,
      }
    }, svg)
    expect(parsed).toMatchObject({ root: 'svg', errors: 0 })
    expect(parsed.texts).toContain('Session lifetime trial')
    expect(parsed.texts.join('\n')).toMatch(
      /Suite Modern\s+·\s+simulated clock\s+·\s+\d{4}-\d\d-\d\d \d\d:\d\d UTC/,
    )

    await writeFile(path('trial.csv'), 'something else')
    const csv = (await save('CSV', 'trial.csv')).toString('utf8')
    expect(csv.trimEnd().split('\r\n')).toHaveLength(22)
    expect(csv).toContain(
      '\r\n100,1,after the end,100.001,100.001,100.001,refused,session_expired,yes,modern,simulated clock,',
    )
    expect((await readdir(app.exportFolder)).sort()).toEqual(['trial.csv', 'trial.png', 'trial.svg'])
    await expect(button(app, 'Show in folder')).toBeVisible()
  })

  test('is not saved when the person changes their mind, and a place that can’t be written to is said', async () => {
    await button(app, 'Run trial').click()
    await expect(button(app, 'Save as CSV…')).toBeEnabled()
    await answerSaveDialogs(app, undefined)
    await button(app, 'Save as CSV…').click()
    await expect(button(app, 'Save as CSV…')).not.toHaveAttribute('aria-busy')
    await expect(sheet(app).getByText('Saved as')).toHaveCount(0)
    await answerSaveDialogs(app, join(app.folder, 'nowhere', 'trial.csv'))
    await button(app, 'Save as CSV…').click()
    await expect(sheet(app).getByRole('alert')).toContainText('export_folder_missing')
    expect(await readdir(app.exportFolder)).toEqual([])
  })

  test('in real time shows what is left, goes on while its sheet is closed, and can be cancelled', async () => {
    await sheet(app).getByLabel('Lifetimes in seconds').fill('2, 600')
    await sheet(app).getByRole('button', { name: 'Real time' }).click()
    await expect(sheet(app).getByText('Takes 13:20.')).toBeVisible()
    await button(app, 'Run trial').click()
    await expect(sheet(app).getByText(/^Running: 13:\d\d left\.$/)).toBeVisible()
    await app.client.keyboard.press('Escape')
    await expect(sheet(app)).toHaveCount(0)
    await openSheet(app)
    await expect(
      sheet(app)
        .locator('p')
        .filter({ hasText: / accepted, / }),
    ).toContainText(/^[1-4] accepted, [1-3] refused, \d+ not sent yet\./)
    await app.client.screenshot({ path: join(SHOTS, 'light-trial-running.png') })
    await button(app, 'Cancel trial').click()
    await expect(sheet(app).getByText('Cancelled before its end.')).toBeVisible()
    await expect(button(app, 'Run trial')).toBeEnabled()
    await expect(button(app, 'Save as PNG…')).toBeEnabled()
  })

  test('is cancelled when its window is closed', async () => {
    await sheet(app).getByLabel('Lifetimes in seconds').fill('600')
    await sheet(app).getByRole('button', { name: 'Real time' }).click()
    await button(app, 'Run trial').click()
    await expect(sheet(app).getByText(/^Running: /)).toBeVisible()
    await app.electron.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()
        .find((window) => window.getTitle().startsWith('Client'))
        ?.close()
    })
    await expect(sheet(app).getByText('Cancelled before its end.')).toBeVisible()
  })

  test('can be run with the keyboard alone, and the focus comes back to where it was', async () => {
    const { keyboard } = app.client
    await keyboard.press('Escape')
    await expect(sheet(app)).toHaveCount(0)
    await app.client.getByRole('button', { name: 'Tools' }).focus()
    await keyboard.press('Enter')
    await expect(app.client.getByRole('menuitem', { name: /^Lifetime trial…/ })).toBeFocused()
    await keyboard.press('Enter')
    await expect(sheet(app)).toBeVisible()
    await keyboard.press('Tab')
    await expect(sheet(app).getByLabel('Lifetimes in seconds')).toBeFocused()
    await keyboard.press('ControlOrMeta+A')
    await keyboard.type('5 7')
    await keyboard.press('Enter')
    await expect(sheet(app).getByText('8 accepted, 6 refused. All as section 5')).toBeVisible()
    await keyboard.press('Escape')
    await expect(sheet(app)).toHaveCount(0)
    await expect(app.client.getByRole('button', { name: 'Tools' })).toBeFocused()
  })

  test('is asked for from the application’s menu too', { tag: LONG }, async () => {
    await app.client.keyboard.press('Escape')
    await expect(sheet(app)).toHaveCount(0)
    await app.electron.evaluate(({ Menu }) => {
      const tools = Menu.getApplicationMenu()?.items.find(({ label }) => label === '&Tools')
      tools?.submenu?.items.find(({ label }) => label === 'Lifetime trial…')?.click()
    })
    await expect(sheet(app)).toBeVisible()
  })
})
