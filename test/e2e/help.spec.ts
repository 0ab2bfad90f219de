/** *Help*: its pages beside the lab, the ways that lead there, and the log of what went wrong. */
import { expect, type Page } from '@playwright/test'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROLE_KEYS } from '#shared/help/shortcuts'
import { defaultPlacement, frameOn } from '#main/windows/arrangement'
import { WINDOWS, type WindowName } from '#shared/windows'
import { chooseInHelp, helpPage, launchApp, openHelp, ROOT, type App } from '../support/app'
import { faults, resize, takePictures } from '../support/looks'
import { ALL } from '../support/sample'
import { FRESH, test } from '../support/shared-app'

const SHOTS = join(ROOT, 'test-results', 'screenshots')

async function openDialog(app: App, label: string, page: Page): Promise<void> {
  const focused = /\/(\w+)\/index\.html/.exec(page.url())?.[1] ?? ''
  await chooseInHelp(app, label, focused as WindowName)
  await expect(page.getByRole('dialog')).toBeVisible()
}

/** The heading or entry that Help has gone to. */
const arrived = (help: Page) => help.locator('[data-anchor]:focus')

/** A value as it is a moment later. */
async function later(value: () => Promise<number>): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 200))
  return value()
}

/** What F1 does, with a window in front. */
const pressF1 = (app: App, focused: WindowName): Promise<Page> => openHelp(app, 'Help', focused)

for (const colorScheme of ALL ? (['light', 'dark'] as const) : (['dark'] as const)) {
  test(`every page of Help is read by keyboard, free of faults, in the ${colorScheme} theme`, async ({
    openApp,
  }) => {
    const app = await openApp({ colorScheme })
    const help = await openHelp(app, 'The protocol')
    await help.emulateMedia({ colorScheme })
    const text = help.getByRole('region', { name: 'The protocol', exact: true })
    await expect(text).toBeFocused()
    const scrolled = (): Promise<number> => text.evaluate((element) => element.scrollTop)
    await help.keyboard.press('PageDown')
    await expect.poll(scrolled).toBeGreaterThan(100)
    // A key scrolls for a while, and what is gone to meanwhile is scrolled on from.
    await expect.poll(async () => (await scrolled()) - (await later(scrolled))).toBe(0)
    const contents = help.getByRole('navigation', { name: 'Contents' })
    for (const { name, label, size } of [
      { name: 'wide', label: 'Protocol', size: { width: 1000, height: 720 } },
      { name: 'narrow', label: 'Protocol, narrow', size: { width: 480, height: 400 } },
    ]) {
      await resizeHelp(app, size)
      await contents.getByRole('button', { name: '4. Suite modern' }).click()
      await expect(arrived(help)).toHaveText('4. Suite modern')
      await expect(arrived(help)).toBeInViewport()
      await help.screenshot({ path: join(SHOTS, `${colorScheme}-help-protocol-${name}.png`) })
      expect(await faults(help, label)).toEqual([])
    }
    await resizeHelp(app, { width: 900, height: 700 })
    for (const page of ['Using Handshake Lab', 'Keyboard shortcuts', 'Glossary', 'Sources']) {
      await contents.getByRole('button', { name: page, exact: true }).press('Enter')
      await expect(help.getByRole('region', { name: page, exact: true })).toBeFocused()
      await help.screenshot({
        path: join(SHOTS, `${colorScheme}-help-${page.toLowerCase().replaceAll(' ', '-')}.png`),
      })
      expect(await faults(help, page)).toEqual([])
      expect(await clipped(help)).toEqual([])
    }
    await contents.getByText('Decision records').click()
    await contents.getByRole('button', { name: /^0014 / }).press('Enter')
    await expect(help.getByRole('region', { name: /^0014 / })).toBeFocused()
    await help.screenshot({ path: join(SHOTS, `${colorScheme}-help-record.png`) })
    expect(await faults(help, 'record 0014')).toEqual([])

    await help.keyboard.press('Control+f')
    await expect(help.getByRole('searchbox', { name: 'Search Help' })).toBeFocused()
    await help.keyboard.type('trust anchor')
    await expect(help.getByRole('status')).toContainText('places')
    await help.screenshot({ path: join(SHOTS, `${colorScheme}-help-search.png`) })
    expect(await faults(help, 'search')).toEqual([])
    await help.keyboard.press('ArrowDown')
    await help.keyboard.press('Enter')
    await expect(arrived(help)).toHaveText('Trust anchor')
    await help.keyboard.press('Alt+ArrowLeft')
    await expect(help.getByRole('region', { name: /^0014 / })).toBeVisible()
    await help.keyboard.press('Alt+ArrowRight')
    await expect(arrived(help)).toHaveText('Trust anchor')
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
        await openDialog(app, 'Show log', page)
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
      await openDialog(app, 'Show log', client)
      await client.getByRole('button', { name: 'Copy the log' }).click()
      const copied = await app.electron.evaluate(({ clipboard }) => clipboard.readText())
      expect(copied).toContain('The trust anchor could not be written.')
    } finally {
      await app.close()
      await rm(folder, { recursive: true, force: true })
    }
  })
}

test('a citation leads to its section in one click, and the lab stays as it is', async ({ openApp }) => {
  const app = await openApp()
  const { client } = app
  await resize(app, { width: 1280, height: 720 })
  await client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  await client.getByRole('button', { name: /^Step 5,/ }).click()
  const weak = client.locator('summary', { hasText: 'Weak here' })
  await weak.click()
  await client.getByRole('link', { name: 'Protocol section 3' }).first().click()
  const help = await helpPage(app)
  await expect(arrived(help)).toHaveText('3. Suite classic')
  await client.getByRole('link', { name: 'RFC 8446 appendix E.1' }).first().press('Enter')
  await expect(arrived(help)).toContainText('appendix E.1')
  await arrived(help).getByRole('button').click()
  const copied = () => app.electron.evaluate(({ clipboard }) => clipboard.readText())
  await expect.poll(copied).toBe('https://www.rfc-editor.org/rfc/rfc8446.html#appendix-E.1')
  await expect(client.getByRole('heading', { name: /^Step 5/ })).toBeVisible()
  await weak.click()
})

test('a word has its hint on hover and on focus, and leads to the glossary', async ({ openApp }) => {
  const app = await openApp()
  const { client } = app
  await resize(app, { width: 1280, height: 720 })
  await client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  await client.getByRole('button', { name: /^Step 4,/ }).click()
  const word = client.getByRole('link', { name: 'certificates' }).first()
  const before = await word.boundingBox()
  await word.hover()
  await expect(client.getByRole('tooltip')).toContainText('A signed statement of an authority')
  expect(await word.boundingBox()).toEqual(before)
  await client.mouse.move(0, 0)
  await expect(client.getByRole('tooltip')).toHaveCount(0)
  await client.keyboard.press('Tab')
  await word.focus()
  await expect(client.getByRole('tooltip')).toContainText('A signed statement of an authority')
  await client.screenshot({ path: join(SHOTS, 'light-hint.png') })
  expect(await faults(client, 'a hint')).toEqual([])
  await word.press('Enter')
  await expect(arrived(await helpPage(app))).toHaveText('Certificate')
})

test('where it opens on a small screen, tables of measurements are whole beside the contents', async ({
  openApp,
}) => {
  const app = await openApp()
  const help = await openHelp(app)
  const { width, height } = defaultPlacement(
    { x: 0, y: 0, width: 1280, height: 720 },
    WINDOWS,
    frameOn('linux'),
  ).help
  await resizeHelp(app, { width, height })
  for (const page of ['Every bit flipped', 'Every frame sent again', 'Attacks', 'Run files']) {
    await help
      .getByRole('navigation', { name: 'Contents' })
      .getByRole('button', { name: page, exact: true })
      .click()
    await expect(help.getByRole('region', { name: page, exact: true })).toBeFocused()
    const cut = await help
      .getByRole('region', { name: 'Table' })
      .evaluateAll(
        (tables) => tables.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1).length,
      )
    expect(cut, page).toBe(0)
    await takePictures(help, (theme) => `${theme}-help-${page.toLowerCase().replaceAll(' ', '-')}-720.png`)
  }
})

test('Ctrl+P prints the page of Help alone, whole', async ({ openApp }) => {
  const app = await openApp()
  const help = await openHelp(app, 'The protocol')
  await expect(help.getByRole('heading', { level: 1 })).toContainText('HL/1')
  const { asked, paper } = await app.electron.evaluate(async ({ BrowserWindow, Menu }) => {
    const window = BrowserWindow.getAllWindows().find(({ webContents }) =>
      webContents.getURL().includes('/help/'),
    )!
    let asked = 0
    window.webContents.print = () => void asked++
    const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? [])
    items?.find(({ label }) => label === 'Print…')?.click(undefined, window, window.webContents)
    const pdf = await window.webContents.printToPDF({ pageSize: 'A4' })
    return { asked, paper: pdf.toString('latin1') }
  })
  expect(asked).toBe(1)
  expect(paper.match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(2)
})

test('F1 opens Help at what is in sight', async ({ openApp }) => {
  const app = await openApp()
  const { client, server } = app
  // With no message chosen nothing is in sight; a step that has not been taken yet is.
  await client.getByRole('button', { name: /^Step 1,/ }).click()
  const help = await pressF1(app, 'client')
  await expect(arrived(help)).toHaveText('3. Suite classic')
  await client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  await client.getByRole('button', { name: /^Step 2,/ }).click()
  await pressF1(app, 'client')
  await expect(arrived(help)).toHaveText('3. Suite classic')

  await client.getByRole('button', { name: 'Settings…' }).click()
  await pressF1(app, 'client')
  await expect(arrived(help)).toHaveText('Settings')
  await client.keyboard.press('Escape')

  await server.getByRole('tab', { name: /^Sessions/ }).click()
  await pressF1(app, 'server')
  await expect(arrived(help)).toHaveText('5. Session lifetime')

  await client.getByRole('tab', { name: 'Certificates' }).click()
  await client
    .getByRole('button', { name: /^Inspect/ })
    .first()
    .click()
  await expect(client.getByRole('dialog', { name: 'Inspector' })).toBeVisible()
  await pressF1(app, 'client')
  await expect(arrived(help)).toHaveText('The inspector')
  await client.getByRole('tab', { name: 'The same with OpenSSL' }).click()
  await pressF1(app, 'client')
  await expect(help.getByRole('region', { name: 'Files and the tools that read them' })).toBeVisible()
  await client.keyboard.press('Escape')
})

test('F1 is the key itself, also in a dialog', { tag: FRESH }, async ({ openApp }) => {
  const app = await openApp()
  await app.client.getByRole('button', { name: 'Settings…' }).click()
  await app.electron.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows().find(({ webContents }) =>
      webContents.getURL().includes('/client/'),
    )
    window?.focus()
    for (const type of ['keyDown', 'keyUp'] as const)
      window?.webContents.sendInputEvent({ type, keyCode: 'F1' })
  })
  await expect(arrived(await helpPage(app))).toHaveText('Settings')
})

test(
  'Help stays as large as it was left, and closing it loses nothing',
  { tag: FRESH },
  async ({ openApp }) => {
    const app = await openApp()
    await openHelp(app)
    await resizeHelp(app, { width: 640, height: 520 })
    await app.electron.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()
        .find(({ webContents }) => webContents.getURL().includes('/help/'))
        ?.close()
    })
    await expect.poll(() => app.electron.windows().length).toBe(3)
    await openHelp(app, 'Glossary')
    const size = await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find(({ webContents }) => webContents.getURL().includes('/help/'))
        ?.getBounds(),
    )
    expect(size).toMatchObject({ width: 640, height: 520 })
  },
)

test('the keys that the engine gives to the menu are those that Help lists', async ({ openApp }) => {
  const app = await openApp()
  const given = await app.electron.evaluate(({ Menu }) =>
    (Menu.getApplicationMenu()?.items ?? []).flatMap(({ submenu }) =>
      (submenu?.items ?? []).map((item) => {
        const { role } = item as { role?: string }
        const more = item as unknown as { getDefaultRoleAccelerator?: () => string | undefined }
        return { role: role?.toLowerCase(), key: more.getDefaultRoleAccelerator?.() }
      }),
    ),
  )
  for (const [role, { keys }] of Object.entries(ROLE_KEYS)) {
    const found = given.find((item) => item.role === role.toLowerCase())
    expect(found, role).toBeDefined()
    if (process.platform === 'linux') expect(keys.map(normal), role).toContain(normal(found?.key ?? ''))
  }
})

const normal = (key: string): string =>
  key.replace('CommandOrControl', 'Ctrl').replace('Control', 'Ctrl').toLowerCase()

function resizeHelp({ electron }: App, size: { width: number; height: number }): Promise<void> {
  return electron.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()
      .find(({ webContents }) => webContents.getURL().includes('/help/'))
      ?.setBounds({ x: 0, y: 0, width, height })
  }, size)
}

/** Texts that are wider than the room that they have, where nothing scrolls. */
function clipped(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('p, li, h1, h2, h3, td, button')].flatMap((element) => {
      const scrolls = element.closest('pre, .table')
      return !scrolls &&
        element.scrollWidth > element.clientWidth + 1 &&
        getComputedStyle(element).display !== 'inline'
        ? [element.textContent ?? '']
        : []
    }),
  )
}
