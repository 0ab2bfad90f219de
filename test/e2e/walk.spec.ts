import { expect, type Page } from '@playwright/test'
import { STEP_NUMBERS, STEPS } from '#shared/hl1/steps'
import { exportAll, opensslAccepts, opensslDecrypts, serveTls } from '../support/export-checks'
import type { App } from '../support/app'
import { resize } from '../support/looks'
import { chooseInQuestions } from '../support/person'
import { FRESH, test } from '../support/shared-app'

/** How many messages authority and server have recorded after each step, and what else their windows say. */
const AFTER = [
  { authority: 1, server: 1, sessions: 0, registered: false },
  { authority: 2, server: 2, sessions: 0, registered: true },
  { authority: 2, server: 3, sessions: 0, registered: true },
  { authority: 2, server: 4, sessions: 0, registered: true },
  { authority: 2, server: 5, sessions: 0, registered: true },
  { authority: 2, server: 6, sessions: 1, registered: true },
  { authority: 2, server: 7, sessions: 1, registered: true },
  { authority: 2, server: 8, sessions: 1, registered: true },
] as const

let app: App

test.beforeEach(async ({ openApp }) => {
  app = await openApp()
})

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const step = (page: Page, number: number) =>
  page.getByRole('button', { name: new RegExp(`^Step ${number},`) })
const tab = (page: Page, name: string, count: number) =>
  page.getByRole('tab', { name: new RegExp(`^${name}\\s*${count > 0 ? count : '0?'}$`) })

test('there are three windows with their titles', async () => {
  await expect(app.authority).toHaveTitle('Certificate Authority – Handshake Lab')
  await expect(app.server).toHaveTitle('Application Server – Handshake Lab')
  await expect(app.client).toHaveTitle('Client – Handshake Lab')
})

test('eight steps from a fresh start are eight clicks: the first one starts both roles, and says so', async () => {
  const { client } = app
  await expect(client.getByRole('status').first()).toContainText('Next step starts both and goes on')
  for (const number of STEP_NUMBERS) {
    await button(client, 'Next step').click()
    await expect(step(client, number)).toHaveAccessibleName(/done/)
    await expect(client.getByRole('alert')).toHaveCount(0)
    const started = client.getByText('Certificate authority and application server started.')
    await expect(started).toHaveCount(number === 1 ? 1 : 0)
  }
  await expect(client.getByText('All eight steps are done')).toBeVisible()
})

test('what is missing for a step is said, and each role can be started by itself', async () => {
  const { client, server } = app
  await expect(client.getByRole('status').first()).toContainText(
    'Step 1 needs the certificate authority and the application server, which are not running',
  )
  await button(client, 'Start authority').click()
  await expect(client.getByRole('status').first()).toContainText('needs the application server')
  await expect(button(server, 'Register')).toBeDisabled()
  await button(client, 'Start server').click()
  await expect(client.getByRole('status').first()).toContainText('Next: step 1')
  await expect(button(client, 'Send request')).toBeDisabled()
  await expect(button(server, 'Register')).toBeEnabled()
})

test(
  'eight steps, one at a time, show the right state in all three windows after each',
  { tag: FRESH },
  async () => {
    const { authority, server, client } = app
    await button(authority, 'Start authority').click()
    await button(server, 'Start server').click()
    await expect(client.getByRole('status').first()).toContainText('Next: step 1')
    for (const number of STEP_NUMBERS) {
      await button(client, 'Next step').click()
      await expect(step(client, number)).toHaveAccessibleName(/done/)
      await expect(client.getByRole('heading', { name: STEPS[number].title })).toBeVisible()
      const next =
        number === 8 ? 'All eight steps are done' : `Next: step ${STEPS[number].then ?? number + 1}`
      await expect(client.getByRole('status').first()).toContainText(next)
      const expected = AFTER[number - 1]!
      await expect(tab(authority, 'Messages', expected.authority)).toBeVisible()
      await expect(tab(server, 'Messages', expected.server)).toBeVisible()
      await expect(tab(server, 'Sessions', expected.sessions)).toBeVisible()
      await expect(server.getByText('Registered.', { exact: true })).toHaveCount(expected.registered ? 1 : 0)
      for (const later of STEP_NUMBERS.slice(number)) {
        await expect(step(client, later)).toHaveAccessibleName(/not yet/)
      }
    }
    await client.getByLabel('Request', { exact: true }).fill('echo hello there')
    await button(client, 'Send request').click()
    await expect(client.getByRole('list', { name: 'Answers' })).toContainText('hello there')
  },
)

test('a reader may take longer than the message age limit between two steps', async ({ openApp }) => {
  app = await openApp({ settings: { maxAge: 1 } })
  await button(app.client, 'Start authority').click()
  await button(app.client, 'Start server').click()
  for (const number of [1, 2, 3, 4, 5, 6]) {
    await button(app.client, 'Next step').click()
    await expect(step(app.client, number)).toHaveAccessibleName(/done/)
    await app.client.waitForTimeout(1_300)
  }
})

test('run all from a fresh start does everything, and its export works with real tools', async () => {
  const { client } = app
  await button(client, 'Run all').click()
  await expect(step(client, 8)).toHaveAccessibleName(/done/)
  await expect(client.getByText(/left$/).first()).toBeVisible()
  await exportAll(app)
  await opensslAccepts(app.exportFolder)
  await serveTls(app.exportFolder)
  await exportAll(app, 'correct horse battery staple')
  await opensslDecrypts(app.exportFolder, 'correct horse battery staple')
})

test('a message draws only the bytes in sight, also while it finds its place', async () => {
  const { client } = app
  await resize(app, { width: 1240, height: 900 })
  await button(client, 'Run all').click()
  await expect(step(client, 8)).toHaveAccessibleName(/done/)
  await step(client, 2).click()
  await client.evaluate(() => {
    const count = (): number => document.querySelectorAll('[role="grid"] [role="row"]').length
    const most = { rows: 0 }
    new MutationObserver(() => (most.rows = Math.max(most.rows, count()))).observe(document.body, {
      subtree: true,
      childList: true,
    })
    Object.assign(window, { most })
  })
  // There it is mounted anew, and its width decides where the bytes stand: beside it, where they scroll by themselves.
  await client.getByRole('tab', { name: 'Log' }).click()
  const rows = client.getByRole('grid', { name: /^Frame/ }).getByRole('row')
  await expect.poll(() => rows.count()).toBeGreaterThan(20)
  const most = await client.evaluate(() => (window as unknown as { most: { rows: number } }).most.rows)
  expect(most).toBeLessThan(80)
})

test('a secret is not in the page before it is revealed, and only in the window of the role that has it', async () => {
  const { client, server } = app
  await button(client, 'Run all').click()
  await expect(step(client, 8)).toHaveAccessibleName(/done/)
  await step(client, 6).click()
  await client.getByRole('button', { name: 'Reveal k_sess' }).click()
  await expect(client.getByRole('button', { name: 'Hide k_sess' })).toBeVisible()
  await step(client, 2).click()
  await expect(client.getByRole('button', { name: 'Reveal sk_s' })).toHaveCount(0)
  await client.getByRole('button', { name: 'Go there' }).click()
  await expect(server.getByRole('heading', { name: STEPS[2].title })).toBeVisible()
  await expect(server.getByText('BEGIN PRIVATE KEY')).toHaveCount(0)
  await server.getByRole('button', { name: 'Reveal sk_s' }).click()
  await expect(server.getByText('BEGIN PRIVATE KEY')).toBeVisible()
  await server.getByRole('button', { name: 'Hide sk_s' }).click()
  await expect(server.getByText('BEGIN PRIVATE KEY')).toHaveCount(0)
  await expect(client.getByText('BEGIN PRIVATE KEY')).toHaveCount(0)
})

test('what is revealed hides when its window is hidden', async () => {
  const { client, server, electron } = app
  await button(client, 'Run all').click()
  await expect(step(client, 8)).toHaveAccessibleName(/done/)
  await server.getByRole('tab', { name: 'Keys' }).click()
  await server.getByRole('button', { name: 'Reveal the private key of the application server' }).click()
  await expect(server.getByText('BEGIN PRIVATE KEY')).toBeVisible()
  await electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()
      .find((window) => window.getTitle().startsWith('Application Server'))
      ?.close()
  })
  await expect(server.getByText('BEGIN PRIVATE KEY')).toHaveCount(0)
})

test('start over begins at step 1 again, and a double click does nothing twice', { tag: FRESH }, async () => {
  const { client } = app
  await button(client, 'Run all').dblclick()
  await expect(step(client, 8)).toHaveAccessibleName(/done/)
  await expect(tab(app.authority, 'Messages', 2)).toBeVisible()
  await chooseInQuestions(app, 'Start over')
  await button(client, 'Start over').click()
  await expect(client.getByRole('status').first()).toContainText('Next: step 1')
  await expect(step(client, 8)).toHaveAccessibleName(/not yet/)
  await button(client, 'Next step').dblclick()
  await expect(step(client, 1)).toHaveAccessibleName(/done/)
  await expect(step(client, 3)).toHaveAccessibleName(/not yet/)
})

test('an authority that was renewed in between is noticed where it matters', async () => {
  const { authority, server, client } = app
  await button(client, 'Run all').click()
  await expect(step(client, 8)).toHaveAccessibleName(/done/)
  await chooseInQuestions(app, 'Make new authority')
  await button(authority, 'New authority…').click()
  await expect(server.getByText('Registered.', { exact: true })).toHaveCount(0)
  await chooseInQuestions(app, 'Start over')
  await button(client, 'Start over').click()
  await expect(client.getByRole('status').first()).toContainText('Next: step 1')
})

test('a closed window comes back as it was, and a stopped server ends the session', async () => {
  const { server, client, electron } = app
  await button(client, 'Run all').click()
  await expect(step(client, 8)).toHaveAccessibleName(/done/)
  const visible = () =>
    electron.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows().filter((window) => window.isVisible()).length,
    )
  await electron.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()
      .find((window) => window.getTitle().startsWith('Client'))
      ?.close()
  })
  await expect.poll(visible).toBe(2)
  await electron.evaluate(({ Menu }) => {
    const item = Menu.getApplicationMenu()
      ?.items.flatMap((each) => each.submenu?.items ?? [])
      .find((each) => each.label === 'Client')
    item?.click()
  })
  await expect.poll(visible).toBe(3)
  await expect(step(client, 8)).toHaveAccessibleName(/done/)
  await chooseInQuestions(app, 'Stop')
  await button(server, 'Stop').click()
  await expect(client.getByRole('alert')).toContainText('The server has stopped')
})
