import { expect } from '@playwright/test'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchApp } from '../support/app'
import { freePorts } from '../support/ports'
import { chooseInQuestions } from '../support/person'
import { test } from '../support/shared-app'

let folder: string

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handshake-lab-e2e-'))
})
test.afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

test('settings and window places are kept over a restart, and a wrong one is refused with its reason', async () => {
  const first = await launchApp({ folder })
  await first.client.getByRole('button', { name: 'Settings…' }).click()
  const dialog = first.client.getByRole('dialog')
  await dialog.getByLabel('Session lifetime').fill('0')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText('The session lifetime in seconds is at least 1.')).toBeVisible()
  await dialog.getByLabel('Session lifetime').fill('100')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toHaveCount(0)
  await first.electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()
      .find((window) => window.getTitle().startsWith('Client'))
      ?.setBounds({ x: 40, y: 30, width: 1150, height: 700 })
  })
  await first.close()

  const second = await launchApp({ folder })
  await second.client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(second.client.getByText(/1:\d\d left/)).toBeVisible()
  const bounds = await second.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .find((window) => window.getTitle().startsWith('Client'))
      ?.getBounds(),
  )
  expect(bounds).toMatchObject({ width: 1150, height: 700 })
  await second.close()
})

test('a damaged settings file is set aside and the defaults hold', async () => {
  const first = await launchApp({ folder })
  await first.close()
  const path = join(folder, 'user-data', 'settings.json')
  await writeFile(path, '{"lifetime": ')
  const second = await launchApp({ folder })
  const text = 'The settings could not be read, so the defaults hold.'
  for (const page of [second.authority, second.server, second.client])
    await expect(page.getByText(text)).toBeVisible()
  await second.client.screenshot({ path: 'test-results/screenshots/settings-damaged.png' })
  await second.server.screenshot({ path: 'test-results/screenshots/settings-damaged-server.png' })
  await second.authority.getByRole('button', { name: 'Dismiss' }).click()
  await expect(second.client.getByText(text)).toHaveCount(0)
  await second.client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(second.client.getByText(/0:\d\d left/)).toBeVisible()
  await second.close()
  expect(await readFile(`${path}.damaged`, 'utf8')).toBe('{"lifetime": ')
})

test('settings that need a restart say so, do it, and leave the rest as it was', async () => {
  const [authorityPort, serverPort] = await freePorts(2)
  const app = await launchApp({ folder })
  const { client, server, authority } = app
  await client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  await server.getByRole('button', { name: 'Settings…' }).click()
  const dialog = server.getByRole('dialog')
  await expect(dialog.getByText('From the command line, for this start alone.').first()).toBeVisible()
  await dialog.getByLabel('Server’s port').fill(String(serverPort))
  await dialog.getByLabel('Authority’s port').fill(String(serverPort))
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText(`The server needs a port of its own: ${serverPort}`)).toBeVisible()
  await dialog.getByLabel('Authority’s port').fill(String(authorityPort))
  await expect(dialog.getByText('One session ends.')).toBeVisible()
  await server.screenshot({ path: 'test-results/screenshots/settings-restart.png' })
  await dialog.getByRole('button', { name: 'Save and restart both' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(server.getByText(`127.0.0.1:${serverPort}`, { exact: true })).toBeVisible()
  await expect(authority.getByText(`127.0.0.1:${authorityPort}`, { exact: true })).toBeVisible()
  // Key and certificate stay, the session is gone, and another can be had without registering again.
  await expect(server.getByText('Registered.', { exact: true })).toBeVisible()
  await expect(client.getByRole('alert')).toContainText('The server has closed the connection')
  await client.getByRole('button', { name: 'Renew session' }).click()
  await expect(client.getByRole('button', { name: /^Step 6,/ })).toHaveAccessibleName(/done/)
  await app.close()
})

test('another name or suite marks the registration as outdated, with the reason', async ({ openApp }) => {
  const app = await openApp()
  const { client, server, authority } = app
  await client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  const change = async (label: string, value: string, save: string): Promise<void> => {
    await client.getByRole('button', { name: 'Settings…' }).click()
    const field = client.getByRole('dialog').getByLabel(label, { exact: true })
    if (label === 'Suite') await field.selectOption({ label: value })
    else await field.fill(value)
    await client.screenshot({ path: `test-results/screenshots/settings-change-${label}.png` })
    await client.getByRole('button', { name: save, exact: true }).click()
    await expect(client.getByRole('dialog')).toHaveCount(0)
  }
  const renew = client.getByRole('button', { name: 'Renew', exact: true })
  await change('Server', 'ID-Web', 'Save')
  await expect(
    server.getByText('The certificate is for ID-Server, and the server’s name is ID-Web now.'),
  ).toBeVisible()
  await renew.click()
  await expect(client.getByRole('alert')).toContainText('The server has to register first.')
  await client.getByRole('button', { name: 'Register', exact: true }).click()
  await expect(server.getByText('Registered.', { exact: true })).toBeVisible()
  await expect(client.getByRole('alert')).toHaveCount(0)
  await renew.click()
  await expect(client.getByRole('button', { name: /^Step 7,/ })).toHaveAccessibleName(/not yet/)
  await change('Suite', 'Modern', 'Save')
  // What has registered in `classic` serves `modern` too, and the window says with whose key pair.
  await expect(server.getByText('with a key pair that the authority made')).toBeVisible()
  await renew.click()
  await expect(client.getByRole('button', { name: /^Step 6,/ })).toHaveAccessibleName(/done/)
  await expect(client.getByRole('alert')).toHaveCount(0)
  // The key that goes was exported nowhere: main asks, and a no changes nothing.
  await chooseInQuestions(app)
  const dialog = client.getByRole('dialog')
  await client.getByRole('button', { name: 'Settings…' }).click()
  await dialog.getByLabel('Authority', { exact: true }).fill('ID-Root')
  const save = client.getByRole('button', { name: 'Save and make a new authority', exact: true })
  await save.click()
  await expect(dialog.getByText('the authority keeps its name and its key')).toBeVisible()
  await chooseInQuestions(app, 'Make new authority')
  await save.click()
  await expect(dialog).toHaveCount(0)
  await expect(authority.getByText('ID-Root').first()).toBeVisible()
  await expect(server.getByText('The certificate is from an earlier authority.')).toBeVisible()
  await client.getByRole('tab', { name: 'Certificates' }).click()
  await expect(client.getByText('The authority is another one now')).toBeVisible()
  await client.screenshot({ path: 'test-results/screenshots/client-two-anchors.png' })
  await chooseInQuestions(app, 'Start over')
  await client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  await expect(client.getByText('The authority is another one now')).toHaveCount(0)
})

test('a port in use is named, and the next free one is offered and works', async () => {
  const blocker = createServer().listen(0, '127.0.0.1')
  await once(blocker, 'listening')
  const address = blocker.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const app = await launchApp({ folder, args: [`--ca-port=${port}`] })
  await app.authority.getByRole('button', { name: 'Start authority' }).click()
  await expect(app.authority.getByRole('alert')).toContainText(`Port ${port} is in use`)
  await app.authority.getByRole('button', { name: /^Use port \d+$/ }).click()
  await expect(app.authority.getByText('Running', { exact: true })).toBeVisible()
  await app.close()
  blocker.close()
})

test('the whole walk, a reveal and an export can be done with the keyboard alone', async ({ openApp }) => {
  const app = await openApp()
  const { keyboard } = app.client
  const focus = async (name: RegExp): Promise<void> => {
    for (let presses = 0; presses < 80; presses++) {
      await keyboard.press('Tab')
      const label = await app.client.evaluate(() => {
        const active = document.activeElement
        return `${active?.getAttribute('aria-label') ?? ''} ${active?.textContent?.trim() ?? ''}`
      })
      if (name.test(label.trim())) return
    }
    throw new Error(`Tab never reached ${String(name)}`)
  }
  await focus(/^Start authority$/)
  await keyboard.press('Enter')
  await expect(app.client.getByText('needs the application server')).toBeVisible()
  await focus(/^Start server$/)
  await keyboard.press('Space')
  await expect(app.client.getByText('Next: step 1')).toBeVisible()
  await focus(/^Next step$/)
  for (let step = 1; step <= 8; step++) {
    await expect(app.client.getByRole('button', { name: 'Next step' })).not.toHaveAttribute('aria-busy')
    await keyboard.press('Enter')
    await expect(app.client.getByRole('button', { name: new RegExp(`^Step ${step},`) })).toHaveAccessibleName(
      /done/,
    )
  }
  await focus(/^Step 8,/)
  await keyboard.press('Home')
  await keyboard.press('ArrowDown')
  await expect(app.client.getByRole('heading', { name: 'Certificate for the server' })).toBeVisible()
  for (let down = 2; down < 6; down++) await keyboard.press('ArrowDown')
  await focus(/^Reveal/)
  await keyboard.press('Enter')
  await expect(app.client.getByRole('button', { name: 'Hide k_sess' })).toBeVisible()
  await focus(/^Export…$/)
  await keyboard.press('Enter')
  await expect(app.client.getByRole('dialog')).toBeVisible()
  await focus(/^Export$/)
  await keyboard.press('Enter')
  await expect(app.client.getByRole('button', { name: 'Show in folder' })).toBeVisible()
})
