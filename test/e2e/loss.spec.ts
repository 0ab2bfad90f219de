/** Nothing is lost without a word, and nobody is asked for nothing: quitting, closing the last window, starting over. */
import { expect, test, type Page } from '@playwright/test'
import { once } from 'node:events'
import { exportAll } from '../support/export-checks'
import { launchApp, type App } from '../support/app'
import { closeWindow } from '../support/lost-windows'
import { chooseInQuestions, questionsAsked } from '../support/person'

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

let app: App

test.beforeEach(async () => {
  app = await launchApp()
})
test.afterEach(() => app.close())

/** Chooses *Quit* in the menu. */
function quitByMenu(): Promise<void> {
  return app.electron
    .evaluate(({ Menu, BrowserWindow }) => {
      const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? [])
      items?.find(({ label }) => label === 'Quit')?.click(undefined, BrowserWindow.getAllWindows()[0])
    })
    .catch(() => undefined)
}

async function closeAll(): Promise<void> {
  for (const name of ['authority', 'server', 'client'] as const)
    await closeWindow(app, name).catch(() => undefined)
}

test('where nothing was made, the last window closes without a question', async () => {
  await chooseInQuestions(app, 'none of them')
  const ended = once(app.electron.process(), 'exit')
  await closeAll()
  expect(await ended).toEqual([0, null])
})

test('the last window and the menu ask, name what goes, offer the export first, and end only after a yes', async () => {
  const { client, authority } = app
  await button(client, 'Run all').click()
  await expect(client.getByText('All eight steps are done')).toBeVisible()
  await chooseInQuestions(app, 'Cancel')
  await closeAll()
  await expect.poll(() => client.evaluate(() => document.visibilityState)).toBe('visible')
  await quitByMenu()
  const asked = await questionsAsked(app)
  expect(asked.map(({ message, buttons, defaultId }) => [message, buttons, buttons[defaultId]])).toEqual(
    Array(2).fill(['Quit Handshake Lab?', ['Cancel', 'Quit', 'Export…', 'Save run…'], 'Export…']),
  )
  expect(asked[0]?.detail).toContain('The key pair and certificate of the Certificate Authority (ID-CA)')
  expect(asked[0]?.detail).toContain('The log: 8 messages.')
  await chooseInQuestions(app, 'Export…')
  await quitByMenu()
  await expect(authority.getByRole('dialog', { name: 'Export' })).toBeVisible()
  await authority.keyboard.press('Escape')
  await chooseInQuestions(app, 'Quit')
  const ended = once(app.electron.process(), 'exit')
  await quitByMenu()
  expect(await ended).toEqual([0, null])
})

test('what was exported is not asked about', async () => {
  const { client } = app
  await button(client, 'Run all').click()
  await expect(client.getByText('All eight steps are done')).toBeVisible()
  await exportAll(app)
  await chooseInQuestions(app, 'Cancel')
  await quitByMenu()
  const [asked, ...others] = await questionsAsked(app)
  expect([asked?.detail, asked?.buttons, others]).toEqual([
    'This goes with it, for good:\n\nThe log: 8 messages.',
    ['Cancel', 'Quit', 'Save run…'],
    [],
  ])
})

test('a walk that starts over asks once the client has said something, and goes on as it was after a no', async () => {
  const { client } = app
  await chooseInQuestions(app, 'Cancel')
  await button(client, 'Next step').click()
  await expect(client.getByRole('button', { name: /^Step 1,/ })).toHaveAccessibleName(/done/)
  await button(client, 'Start over').click()
  await expect(client.getByText('Next: step 1,')).toBeVisible()
  expect(await questionsAsked(app)).toEqual([])
  await button(client, 'Run all').click()
  await expect(client.getByText('All eight steps are done')).toBeVisible()
  await button(client, 'Start over').click()
  await expect.poll(async () => (await questionsAsked(app)).length).toBe(1)
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  await chooseInQuestions(app, 'Start over')
  await button(client, 'Start over').click()
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/not yet/)
})

test('a server that stops or registers again asks where its key goes, offers the export, and asks no more once it was exported', async () => {
  const { client, server } = app
  await button(client, 'Run all').click()
  await expect(client.getByText('All eight steps are done')).toBeVisible()
  await chooseInQuestions(app, 'Cancel')
  await button(server, 'Stop').click()
  await button(server, 'Register').click()
  await expect.poll(async () => (await questionsAsked(app)).length).toBe(2)
  await expect(server.getByText('Registered.', { exact: true })).toBeVisible()
  await chooseInQuestions(app, 'Export…')
  await button(server, 'Stop').click()
  await expect(server.getByRole('dialog', { name: 'Export' })).toBeVisible()
  const [asked] = await questionsAsked(app)
  expect([asked?.message, asked?.buttons]).toEqual(['Stop the server?', ['Cancel', 'Stop', 'Export…']])
  expect(asked?.detail).toContain(
    'The key pair and certificate of the Application Server (ID-Server), not exported.',
  )
  await server.keyboard.press('Escape')
  await exportAll(app)
  await chooseInQuestions(app, 'Cancel')
  await button(server, 'Stop').click()
  await expect(server.getByText('Stopped', { exact: true })).toBeVisible()
  expect(await questionsAsked(app)).toEqual([])
})
