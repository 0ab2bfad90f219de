import { expect } from '@playwright/test'
import { STEP_NUMBERS } from '#shared/hl1/steps'
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
  const chooseSuite = async (title: string): Promise<void> => {
    await client.getByRole('button', { name: 'Settings…' }).click()
    await client.getByLabel('Suite').selectOption({ label: title })
    await client.getByRole('button', { name: 'Save' }).click()
    await expect(client.getByRole('dialog')).toHaveCount(0)
  }
  await client.getByRole('button', { name: 'Run all' }).click()
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  await chooseSuite('Modern')
  await client.getByRole('button', { name: 'Run all' }).click()
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  await expect(client.getByText('suite modern').first()).toBeVisible()
})
