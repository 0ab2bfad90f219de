import { expect, type Page } from '@playwright/test'
import { WINDOW_NAMES } from '#shared/windows'
import { pageOf, type App } from '../support/app'
import { answerTo, closeWindow, viewFrom } from '../support/lost-windows'
import { faults, lookInBothThemes, resize, takePictures } from '../support/looks'
import { answerQuestions, chooseInQuestions, press } from '../support/person'
import { linesOf, runPeer } from '../support/python-peers'
import { suitesInWindows } from '../support/sample'
import { FRESH, test } from '../support/shared-app'

/** Who may register a name: the person is asked, or lets another have it, in the authority's window and nowhere else. */

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
/** What each window proposes: one thing at most. */
const primary = (page: Page) => page.locator('.button.primary:enabled')
const line = ({ client }: App) => client.getByRole('status').first()
const failure = ({ client }: App) => client.getByRole('alert').first()
const questions = ({ authority }: App) => authority.getByRole('region', { name: 'Questions about names' })
const isDone = (app: App) =>
  expect(app.client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)

/** Another program asks for a name; what it is told at the end. */
async function askFromOutside({ client }: App, name: string, suite: string) {
  const { authority, trustAnchorFile } = await viewFrom(client)
  const where = ['--authority', `127.0.0.1:${authority.address?.port}`, '--trust-anchor', trustAnchorFile!]
  return linesOf(await runPeer('server', '--suite', suite, ...where, '--id-s', name)).at(-1)
}

/** Presses a button with the keyboard alone, once it can be. */
async function pressWithKeys(page: Page, name: string): Promise<void> {
  await expect(button(page, name)).toBeEnabled()
  await button(page, name).focus()
  await page.keyboard.press('Enter')
}

for (const suite of suitesInWindows('modern'))
  test(
    `asked each time: a walk waits, says where, and goes on with a yes in ${suite}`,
    { tag: FRESH },
    async ({ openApp }) => {
      // Looking takes its time: the question is there for as long as the message is fresh.
      const app = await openApp({ settings: { names: 'ask', suite, maxAge: 120 } })
      const { client, server, authority } = app
      await button(client, 'Run all').click()
      await expect(line(app)).toContainText('Waiting for an answer in the authority’s window')
      await expect(server.getByText('The authority’s window asks whether')).toBeVisible()
      await expect(questions(app)).toContainText('This app’s own server')
      await expect(questions(app)).toContainText(suite === 'modern' ? 'SHA-256' : 'made by this authority')
      await expect(questions(app)).toContainText('nobody has had it')
      const found = [
        ...(await lookInBothThemes(
          authority,
          'the question',
          (theme) => `names-asked-${suite}-${theme}.png`,
        )),
        ...(await lookInBothThemes(client, 'who waits', (theme) => `names-waiting-${suite}-${theme}.png`)),
        ...(await faults(server, 'the server meanwhile')),
      ]
      expect(found).toEqual([])
      await pressWithKeys(authority, 'Allow ID-Server')
      await isDone(app)
      await expect(questions(app)).toHaveCount(0)
      // The keyboard has not lost its place.
      await expect(authority.getByRole('tab', { name: /^Messages/ })).toBeFocused()
      await authority.getByRole('option').first().click()
      await button(authority, 'Unfold all').click()
      await expect(authority.getByText('The person at the authority allowed it.')).toBeVisible()
    },
  )

test('asked each time: no is unknown_identity at step 1, and a walk that waits can be given up', async ({
  openApp,
}) => {
  const app = await openApp({ settings: { names: 'ask' } })
  const { client, server, authority } = app
  await button(client, 'Run all').click()
  await authority.getByRole('button', { name: 'Refuse ID-Server' }).click()
  await expect(failure(app)).toContainText('The person at the authority refused it.')
  await expect(failure(app)).toContainText('unknown_identity')
  await expect(button(client, 'Show authority')).toBeVisible()

  // Step by step as well; given up by the keyboard.
  await button(client, 'Next step').click()
  await expect(questions(app)).toBeVisible()
  await expect(primary(client)).toHaveText(['Show authority'])
  for (const page of [server, authority]) expect(await primary(page).count()).toBeLessThanOrEqual(1)
  await pressWithKeys(client, 'Cancel')
  await expect(line(app)).toContainText('Next: step 1')
  await expect(questions(app)).toHaveCount(0)
  await expect(button(client, 'Next step')).toBeEnabled()

  await button(client, 'Run all').click()
  await pressWithKeys(authority, 'Allow ID-Server')
  await isDone(app)
})

test('asked each time: a closed window is there again for the question of another program', async ({
  openApp,
}) => {
  const app = await openApp({ settings: { names: 'ask', idleLimit: 24 } })
  const { authority } = app
  await button(app.client, 'Run all').click()
  await pressWithKeys(authority, 'Allow ID-Server')
  await isDone(app)
  await closeWindow(app, 'authority')
  const isThere = () =>
    app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().some(
        (window) => window.isVisible() && window.webContents.getURL().includes('/authority/'),
      ),
    )
  expect(await isThere()).toBe(false)
  const asked = askFromOutside(app, 'ID-Server', 'modern')
  await expect(questions(app)).toContainText('A program at 127.0.0.1:')
  await expect(questions(app)).toContainText('given at')
  expect(await isThere()).toBe(true)
  // No other window has a say, whoever presses what in it.
  const [question] = (await viewFrom(app.client)).authority.questions
  for (const name of WINDOW_NAMES.filter((each) => each !== 'authority')) {
    const page = await pageOf(app, name)
    await press(page)
    const answer = { question: question!.id, isAllowed: true }
    expect(await answerTo(page, 'authority:answer', answer)).toMatchObject({
      error: { code: 'forbidden' },
    })
  }
  await resize(app, { width: 560, height: 480 })
  await takePictures(authority, (theme) => `names-another-${theme}.png`)
  // Nobody answers.
  expect(await asked).toMatchObject({ alert: { code: 'unknown_identity', step: 1 } })
  await expect(questions(app)).toHaveCount(0)
})

test('the first: another is refused, also the same server again, until the person allows it', async ({
  openApp,
}) => {
  const app = await openApp({ settings: { names: 'first' } })
  const { client, authority } = app
  await authority.getByRole('tab', { name: /^Names/ }).click()
  await expect(authority.getByText('No names given yet')).toBeVisible()
  expect(await faults(authority, 'no names')).toEqual([])
  await button(client, 'Run all').click()
  await isDone(app)
  expect(await askFromOutside(app, 'id-server', 'modern')).toMatchObject({
    alert: { code: 'unknown_identity', step: 1 },
  })
  await chooseInQuestions(app, 'Start over')
  await button(client, 'Start over').click()
  await button(client, 'Run all').click()
  await expect(failure(app)).toContainText('ID-Server was given to the first who asked')
  await lookInBothThemes(client, 'refused', (theme) => `names-refused-${theme}.png`)

  const row = authority.getByRole('row', { name: /ID-Server/ })
  await expect(row).toContainText('127.0.0.1:')
  await pressWithKeys(authority, 'Allow another to have ID-Server')
  await expect(row).toContainText('the next who asks gets it')
  await expect(button(authority, 'Allow nobody else to have ID-Server')).toBeFocused()
  for (const size of [
    { width: 1280, height: 720 },
    { width: 560, height: 480 },
  ]) {
    await resize(app, size)
    const name = (theme: string) => `names-list-${size.width}-${theme}.png`
    expect(await lookInBothThemes(authority, 'the names', name)).toEqual([])
  }
  await button(client, 'Run all').click()
  await isDone(app)
  await expect(row).toContainText('2 times')
  await expect(button(authority, 'Allow another to have ID-Server')).toBeVisible()
  for (const name of WINDOW_NAMES.filter((each) => each !== 'authority')) {
    const page = await pageOf(app, name)
    await press(page)
    const allowed = { name: 'ID-Server', isAllowed: true }
    expect(await answerTo(page, 'authority:allow-another', allowed)).toMatchObject({
      error: { code: 'forbidden' },
    })
  }
})

test('a name says that its certificate is on hold, or revoked', async ({ openApp }) => {
  const app = await openApp()
  const { client, authority } = app
  await button(client, 'Run all').click()
  await isDone(app)
  await answerQuestions(app, true)
  const tab = (name: string) => authority.getByRole('tab', { name: new RegExp(`^${name}`) })
  const row = authority.getByRole('row', { name: /ID-Server/ })
  await tab('Names').click()
  await expect(row).not.toContainText(/hold|Revoked/)
  for (const [reason, act, end] of [
    ['certificateHold', 'Put on hold…', 'On hold'],
    ['keyCompromise', 'Revoke…', 'Revoked'],
  ] as const) {
    await tab('Certificates').click()
    await authority.getByRole('option', { name: /ID-Server/ }).click()
    await authority.getByLabel('Reason').selectOption(reason)
    await button(authority, act).click()
    await tab('Names').click()
    await expect(row).toContainText(end)
  }
  const picture = (theme: string) => `names-revoked-${theme}.png`
  expect(await lookInBothThemes(authority, 'a revoked name', picture)).toEqual([])
})
