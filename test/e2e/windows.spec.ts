/** The windows themselves: which is in front, how they are arranged, how small they may be, and where one is that was closed. */
import { expect, test as plain } from '@playwright/test'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultPlacement, frameOn, whereOpened } from '#main/windows/arrangement'
import { WINDOW_NAMES, WINDOWS, type WindowName } from '#shared/windows'
import { launchApp, type App } from '../support/app'
import { bringBack, closeWindow } from '../support/lost-windows'
import { test } from '../support/shared-app'

/** Those that are there from the start on. */
const LAB_WINDOWS = WINDOW_NAMES.filter((name) => WINDOWS[name].opens)

interface Standing {
  readonly bounds: Electron.Rectangle
  readonly least: readonly number[]
  readonly visible: boolean
  readonly focused: boolean
}

function standing({ electron }: App): Promise<Readonly<Record<WindowName, Standing>>> {
  return electron.evaluate(({ BrowserWindow }) =>
    Object.fromEntries(
      BrowserWindow.getAllWindows().map((window) => [
        /\/(\w+)\/index\.html/.exec(window.webContents.getURL())?.[1],
        {
          bounds: window.getBounds(),
          least: window.getMinimumSize(),
          visible: window.isVisible(),
          focused: window.isFocused(),
        },
      ]),
    ),
  ) as Promise<Readonly<Record<WindowName, Standing>>>
}

/** Clicks an item of the menu. */
const choose = (app: App, label: string): Promise<void> => bringBack(app, label)

plain(
  'after a start the client is in front, and on another screen than last time all are arranged',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'handshake-lab-e2e-'))
    try {
      const first = await launchApp({ folder })
      await expect.poll(async () => (await standing(first)).client.focused).toBe(true)
      const screen = await first.electron.evaluate(({ screen: all }) => all.getPrimaryDisplay().workArea)
      const frame = frameOn(process.platform)
      const arranged = defaultPlacement(screen, WINDOWS, frame)
      const opened = Object.fromEntries(LAB_WINDOWS.map((name) => [name, whereOpened(arranged[name], frame)]))
      for (const name of LAB_WINDOWS) expect((await standing(first))[name].bounds, name).toEqual(opened[name])
      await first.electron.evaluate(({ BrowserWindow }) => {
        for (const window of BrowserWindow.getAllWindows())
          window.setBounds({ x: 30, y: 40, width: 900, height: 650 })
      })
      await first.close()

      const again = await launchApp({ folder })
      for (const name of LAB_WINDOWS)
        expect((await standing(again))[name].bounds, name).toMatchObject({ width: 900, height: 650 })
      await again.close()

      const file = join(folder, 'user-data', 'windows.json')
      const kept = JSON.parse(await readFile(file, 'utf8')) as object
      expect(kept).toHaveProperty('screens')
      await writeFile(file, JSON.stringify({ ...kept, screens: [{ x: 0, y: 0, width: 2560, height: 1440 }] }))
      const elsewhere = await launchApp({ folder })
      for (const name of LAB_WINDOWS)
        expect((await standing(elsewhere))[name].bounds, name).toEqual(opened[name])
      await elsewhere.close()
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
)

for (const scale of [1.5, 2.5, 3.6]) {
  plain(`at ${scale * 100} % no window is larger than the screen, nor may it have to be`, async () => {
    const app = await launchApp({ args: [`--force-device-scale-factor=${scale}`] })
    try {
      const area = await app.electron.evaluate(({ screen }) => screen.getPrimaryDisplay().workArea)
      expect(area.width).toBeLessThan(1300)
      const all = await standing(app)
      for (const name of LAB_WINDOWS) {
        const { bounds, least } = all[name]
        expect(bounds.x + bounds.width, name).toBeLessThanOrEqual(area.x + area.width)
        expect(bounds.y + bounds.height, name).toBeLessThanOrEqual(area.y + area.height)
        expect(least[0], name).toBeLessThanOrEqual(area.width)
        expect(least[1], name).toBeLessThanOrEqual(area.height)
      }
      for (const name of ['Next step', 'Settings…', 'Export…', 'Send request', 'Start authority']) {
        const button = app.client.getByRole('button', { name, exact: true })
        await button.scrollIntoViewIfNeeded()
        await expect(button).toBeInViewport({ ratio: 1 })
      }
    } finally {
      await app.close()
    }
  })
}

test('a closed window says where it went, and is brought back by a click, the menu, or what it says', async ({
  openApp,
}) => {
  const app = await openApp()
  const { client } = app
  const visible = async (name: WindowName): Promise<boolean> => (await standing(app))[name].visible
  const said = client.getByRole('status').filter({ hasText: '“Application Server” is closed' })

  await closeWindow(app, 'server')
  await expect(said).toContainText('The server goes on without it. Ctrl+2')
  expect(await visible('server')).toBe(false)
  await client.getByRole('button', { name: 'Application Server', exact: true }).click()
  await expect.poll(() => visible('server')).toBe(true)
  await expect(said).toHaveCount(0)

  await closeWindow(app, 'server')
  await said.getByRole('button', { name: 'Bring it back' }).click()
  await expect.poll(() => visible('server')).toBe(true)
  await expect(said).toHaveCount(0)

  await closeWindow(app, 'authority')
  await closeWindow(app, 'server')
  await expect(client.getByText('“Certificate Authority” is closed')).toBeVisible()
  await choose(app, 'Certificate Authority')
  await expect.poll(() => visible('authority')).toBe(true)
  await expect(client.getByText('“Certificate Authority” is closed')).toHaveCount(0)
  await expect(said).toBeVisible()

  await choose(app, 'Arrange Windows')
  await expect.poll(() => visible('server')).toBe(true)
  const { screen, all } = {
    screen: await app.electron.evaluate(({ screen: of }) => of.getPrimaryDisplay().workArea),
    all: await standing(app),
  }
  const arranged = defaultPlacement(screen, WINDOWS, frameOn(process.platform))
  for (const name of LAB_WINDOWS) expect(all[name].bounds, name).toEqual(arranged[name])
})
