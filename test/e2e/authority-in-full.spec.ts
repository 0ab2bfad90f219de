/** The authority in full: it revokes, by which the inspector's verdict changes, and issues certificates for requests from files. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import type { App } from '../support/app'
import { tabTo } from '../support/keyboard'
import { lookInBothThemes, resize } from '../support/looks'
import { chooseInQuestions, questionsAsked } from '../support/person'
import { test } from '../support/shared-app'
import { viewFrom } from '../support/lost-windows'

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const inspector = (page: Page) => page.getByRole('dialog', { name: 'Inspector' })

async function openCertificates(app: App): Promise<Page> {
  const { client, authority } = app
  await resize(app, { width: 1280, height: 720 })
  await button(client, 'Run all').click()
  await expect(button(client, /^Step 8,/)).toHaveAccessibleName(/done/)
  await authority.getByRole('tab', { name: /^Certificates/ }).click()
  return authority
}

/** What the inspector says of the revocation of what it shows. */
function revocation(page: Page) {
  return inspector(page)
    .getByRole('region', { name: 'Checks of the path' })
    .locator('details')
    .filter({ has: page.locator('.title', { hasText: 'Revocation' }) })
}

test('the keyboard revokes the server’s certificate, and the inspector refuses it from then on', async ({
  openApp,
}) => {
  const app = await openApp()
  const page = await openCertificates(app)
  const list = page.getByRole('listbox', { name: 'Certificates' })
  await list.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(page.getByText('Not revoked.')).toBeVisible()
  await button(page, 'Inspect Issued certificate').click()
  await expect(revocation(page)).toContainText('not revoked')
  await expect(inspector(page).getByText('A trusted server certificate')).toBeVisible()
  await page.keyboard.press('Escape')

  await chooseInQuestions(app, 'Cancel')
  const reason = page.getByRole('combobox', { name: 'Reason' })
  await tabTo(page, reason)
  await reason.selectOption('keyCompromise')
  await tabTo(page, button(page, 'Revoke…'))
  await page.keyboard.press('Enter')
  await expect.poll(() => questionsAsked(app)).toMatchObject([{ message: 'Revoke the certificate?' }])
  await expect(page.getByText('Not revoked.')).toBeVisible()
  // Who has said no is told nothing.
  await expect(page.getByText('not_asked_for')).toHaveCount(0)

  await chooseInQuestions(app, 'Revoke')
  await page.keyboard.press('Enter')
  await expect(page.getByText('The private key was compromised.')).toBeVisible()
  await expect(list).toContainText('revoked')
  expect(await lookInBothThemes(page, 'revoked', (theme) => `${theme}-authority-revoked.png`)).toEqual([])

  await button(page, 'Inspect Issued certificate').click()
  await expect(revocation(page)).toContainText('was revoked')
  expect(await lookInBothThemes(page, 'verdict', (theme) => `${theme}-inspector-revoked.png`)).toEqual([])
  // What anybody else is asked to see the same is asked of the list as well.
  await inspector(page).getByRole('tab', { name: 'The same with OpenSSL' }).click()
  await expect(inspector(page).getByRole('list', { name: 'Commands' })).toContainText(
    '-crl_check -CRLfile ca-crl.pem',
  )
  await page.keyboard.press('Escape')

  await list.focus()
  await page.keyboard.press('ArrowUp')
  await expect(page.getByRole('heading', { name: 'Revocation list' })).toBeVisible()
  await expect(page.getByText('1 certificate', { exact: true })).toBeVisible()
  const { authority } = await viewFrom(page)
  expect(readFileSync(authority.list?.file ?? '', 'utf8')).toBe(authority.list?.pem)
  await tabTo(page, button(page, 'Sign a new list'))
  await page.keyboard.press('Enter')
  await expect(list).toContainText(`number ${(authority.list?.number ?? 0) + 1}`)
  expect(await lookInBothThemes(page, 'the list', (theme) => `${theme}-authority-list.png`)).toEqual([])
})

test('a request made with OpenSSL becomes a certificate, by keyboard, once the person has said so', async ({
  openApp,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'e2e-request-'))
  try {
    const app = await openApp()
    const page = await openCertificates(app)
    const openssl = (...args: string[]): string =>
      execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'own.key')
    openssl(
      ...['req', '-new', '-key', 'own.key', '-out', 'own.csr', '-subj', '/O=Elsewhere/CN=Own server'],
      ...['-addext', 'subjectAltName=DNS:my.test,URI:urn:x', '-addext', 'basicConstraints=CA:TRUE'],
    )
    await page.locator('input[type=file]').setInputFiles(join(folder, 'own.csr'))
    const issue = inspector(page).getByRole('button', { name: 'Issue…' })
    await tabTo(page, issue)
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Issue a certificate' })
    await expect(dialog).toContainText('EC, P-256')
    await expect(dialog.getByRole('checkbox', { name: 'my.test' })).toBeChecked()
    await expect(dialog).toContainText('URI: urn:x')
    await expect(dialog).toContainText('certifies no other authorities')
    expect(await lookInBothThemes(page, 'issuing', (theme) => `${theme}-authority-issue.png`)).toEqual([])

    await tabTo(page, dialog.getByRole('textbox', { name: 'More names' }))
    await page.keyboard.type('not a name!')
    await chooseInQuestions(app, 'Issue')
    await tabTo(page, dialog.getByRole('button', { name: 'Issue…' }))
    await page.keyboard.press('Enter')
    await expect(dialog.getByText('request_refused')).toBeVisible()
    await dialog.getByRole('textbox', { name: 'More names' }).fill('127.0.0.1')
    await tabTo(page, dialog.getByRole('button', { name: 'Issue…' }))
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    expect((await questionsAsked(app)).at(-1)).toMatchObject({ message: 'Issue a certificate?' })
    await expect(inspector(page).getByText('A trusted server certificate')).toBeVisible()
    await page.keyboard.press('Escape')

    const { authority } = await viewFrom(page)
    const [signed] = authority.signed
    expect(signed).toMatchObject({ key: 'EC, P-256', names: ['my.test', '127.0.0.1'] })
    const shown = execFileSync('openssl', ['x509', '-noout', '-pubkey'], {
      input: signed?.pem,
      encoding: 'utf8',
    })
    expect(shown).toBe(openssl('pkey', '-in', 'own.key', '-pubout'))
    await page.getByRole('option', { name: /Own server/ }).click()
    await expect(page.getByRole('heading', { name: 'Issued for a request' })).toBeVisible()
    expect(await lookInBothThemes(page, 'issued', (theme) => `${theme}-authority-issued.png`)).toEqual([])
    await app.client.locator('input[type=file]').setInputFiles(join(folder, 'own.csr'))
    await expect(inspector(app.client)).toBeVisible()
    await expect(inspector(app.client).getByRole('button', { name: 'Issue…' })).toHaveCount(0)
    await app.client.keyboard.press('Escape')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
