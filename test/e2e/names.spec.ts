import { expect, type Page } from '@playwright/test'
import { SUITE_NAMES } from '#shared/hl1/suites'
import type { App } from '../support/app'
import { faults, lookInBothThemes } from '../support/looks'
import { test } from '../support/shared-app'

/** Who may register a name: the person is asked in the authority's window. */

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const line = ({ client }: App) => client.getByRole('status').first()
const failure = ({ client }: App) => client.getByRole('alert').first()
const questions = ({ authority }: App) => authority.getByRole('region', { name: 'Questions about names' })
const isDone = (app: App) =>
  expect(app.client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)

/** Presses a button with the keyboard alone, once it can be. */
async function pressWithKeys(page: Page, name: string): Promise<void> {
  await expect(button(page, name)).toBeEnabled()
  await button(page, name).focus()
  await page.keyboard.press('Enter')
}

for (const suite of SUITE_NAMES)
  test(`asked each time: a walk waits, says where, and goes on with a yes in ${suite}`, async ({
    openApp,
  }) => {
    const app = await openApp({ settings: { names: 'ask', suite } })
    const { client, server, authority } = app
    await button(client, 'Run all').click()
    await expect(line(app)).toContainText('Waiting for an answer in the authority’s window')
    await expect(server.getByText('The authority’s window asks whether')).toBeVisible()
    await expect(questions(app)).toContainText('This app’s own server')
    await expect(questions(app)).toContainText(suite === 'modern' ? 'SHA-256' : 'made by this authority')
    await expect(questions(app)).toContainText('nobody has had it')
    const found = [
      ...(await lookInBothThemes(authority, 'the question', (theme) => `names-asked-${suite}-${theme}.png`)),
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
    await expect(authority.getByText('The person at the authority allowed it.')).toBeVisible()
  })

test('asked each time: no is unknown_identity at step 1, and a walk that waits can be given up', async ({
  openApp,
}) => {
  const app = await openApp({ settings: { names: 'ask' } })
  const { client, authority } = app
  await button(client, 'Run all').click()
  await authority.getByRole('button', { name: 'Refuse ID-Server' }).click()
  await expect(failure(app)).toContainText('The person at the authority refused it.')
  await expect(failure(app)).toContainText('unknown_identity')
  await expect(button(client, 'Show authority')).toBeVisible()

  // Step by step as well; given up by the keyboard.
  await button(client, 'Next step').click()
  await expect(questions(app)).toBeVisible()
  await pressWithKeys(client, 'Cancel')
  await expect(line(app)).toContainText('Next: step 1')
  await expect(questions(app)).toHaveCount(0)
  await expect(button(client, 'Next step')).toBeEnabled()

  await button(client, 'Run all').click()
  await pressWithKeys(authority, 'Allow ID-Server')
  await isDone(app)
})
