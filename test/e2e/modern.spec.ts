import { expect } from '@playwright/test'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { chooseInQuestions } from '../support/person'
import { test } from '../support/shared-app'

test('the walk in suite modern: eight steps, a request, and no private key on the wire', async ({
  openApp,
}) => {
  const app = await openApp({ settings: { suite: 'modern' } })
  const { client, server } = app
  await client.getByRole('button', { name: 'Start authority' }).click()
  await client.getByRole('button', { name: 'Start server' }).click()
  for (const step of STEP_NUMBERS) {
    await client.getByRole('button', { name: 'Next step' }).click()
    await expect(client.getByRole('button', { name: new RegExp(`^Step ${step},`) })).toHaveAccessibleName(
      /done/,
    )
    await expect(client.getByRole('button', { name: 'Next step' })).not.toHaveAttribute('aria-busy')
    await client.screenshot({ path: `test-results/screenshots/modern-step-${step}.png` })
  }
  await client.getByLabel('Request', { exact: true }).fill('whoami')
  await client.getByRole('button', { name: 'Send request' }).click()
  await expect(client.getByRole('list', { name: 'Answers' })).toContainText('ID-Client at 127.0.0.1')
  await client.getByRole('button', { name: /^Step 2,/ }).click()
  await expect(client.getByRole('button', { name: 'Reveal sk_s' })).toHaveCount(0)
  await client.getByRole('tab', { name: 'Keys' }).click()
  await client.screenshot({ path: 'test-results/screenshots/modern-keys.png' })
  await server.getByRole('tab', { name: /^Certificates/ }).click()
  await server.screenshot({ path: 'test-results/screenshots/modern-server-certificates.png' })
})

test('one listener serves both suites, chosen by the first frame', async ({ openApp }) => {
  const app = await openApp()
  const { client } = app
  await client.getByRole('button', { name: 'Run all' }).click()
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  await client.getByRole('button', { name: 'Modern', exact: true }).click()
  // The connection goes on as it began, and the window says so.
  await expect(client.getByText('This connection goes on in suite Classic.')).toBeVisible()
  await client.getByLabel('Request', { exact: true }).fill('echo still classic')
  await client.getByRole('button', { name: 'Send request' }).click()
  await expect(client.getByRole('list', { name: 'Answers' })).toContainText('still classic')
  await client.getByRole('button', { name: 'Renew' }).click()
  await expect(client.getByRole('button', { name: /^Step 6,.*done, suite Modern/ })).toBeVisible()
  await expect(client.getByRole('button', { name: /^Step 1,.*done, suite Classic/ })).toBeVisible()
  await client.screenshot({ path: 'test-results/screenshots/two-suites.png' })
  await chooseInQuestions(app, 'Start over')
  await client.getByRole('button', { name: 'Start over' }).click()
  await client.getByRole('button', { name: 'Run all' }).click()
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  await expect(client.getByRole('button', { name: /suite (Classic|Modern)/ })).toHaveCount(0)
  await expect(client.getByText('suite modern').first()).toBeVisible()
})
