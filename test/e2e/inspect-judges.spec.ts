/** Which judge a certificate is judged like, and the revocation lists that are opened along. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import { resize, lookInBothThemes } from '../support/looks'
import { tabTo } from '../support/keyboard'
import { pkitsFile } from '../support/pkits'
import { test } from '../support/shared-app'

const FILES = [
  'certs/TrustAnchorRootCertificate.crt',
  'certs/GoodCACert.crt',
  'certs/InvalidRevokedEETest3EE.crt',
  'crls/TrustAnchorRootCRL.crl',
  'crls/GoodCACRL.crl',
] as const

test('the keyboard chooses the judge, and a list that is opened along says what is revoked', async ({
  openApp,
}) => {
  const app = await openApp()
  await resize(app, { width: 1280, height: 720 })
  const page = app.client
  await open(page, FILES.slice(0, 3))
  await choose(page, 'TrustAnchorRootCertificate.crt')
  await page.getByRole('checkbox', { name: 'and this certificate for itself' }).click()
  await choose(page, 'InvalidRevokedEETest3EE.crt')
  const revocation = check(page, 'Revocation')
  await expect(page.getByText('A trusted server certificate')).toBeVisible()
  await expect(revocation).toContainText('No list of certificates')

  await open(page, FILES.slice(3))
  await choose(page, 'InvalidRevokedEETest3EE.crt')
  await expect(page.getByText('with 2 revocation lists')).toBeVisible()
  await expect(revocation).toContainText('was revoked on 2010-01-01')

  await page.locator('nav .remove').last().click()
  await choose(page, 'InvalidRevokedEETest3EE.crt')
  await expect(page.getByText('with 1 revocation list')).toBeVisible()
  await expect(revocation).toContainText('No revocation list for it is open here')

  const judge = page.getByRole('combobox', { name: 'Judge' })
  await tabTo(page, judge)
  await page.keyboard.press('W')
  await expect(judge).toHaveValue('web')
  await expect(check(page, 'Host name')).toContainText('has no DNS name and no address')
  expect(await lookInBothThemes(page, 'judges', (theme) => `${theme}-inspector-judges.png`)).toEqual([])
  await judge.press('O')
  await expect(judge).toHaveValue('openssl')
  await expect(page.getByText('A trusted server certificate')).toBeVisible()
  for (let left = await page.locator('nav .remove').count(); left > 0; left--)
    await page.locator('nav .remove').last().click()
})

async function open(page: Page, names: readonly string[]): Promise<void> {
  const files = names.map((name) => ({
    ...{ name: basename(name), mimeType: '' },
    buffer: readFileSync(pkitsFile(name)),
  }))
  await page.locator('input[type=file]').setInputFiles(files)
  // The last one that has opened is chosen: whoever chooses before that, chooses in vain.
  await expect(opened(page, files.at(-1)?.name ?? '')).toBeVisible()
}

async function choose(page: Page, file: string): Promise<void> {
  await opened(page, file).getByRole('button').last().click()
}

function opened(page: Page, file: string): Locator {
  const list = page.getByRole('navigation', { name: 'What is open' })
  return list.getByRole('region', { name: file, exact: true })
}

function check(page: Page, title: string): Locator {
  return page
    .getByRole('region', { name: 'Checks of the path' })
    .locator('details')
    .filter({ has: page.locator('.title', { hasText: title }) })
}
