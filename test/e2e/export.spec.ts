/** *Export…* as a person uses it: forms, names, files that are there already, private keys, the bundle, the keyboard. */
import { expect, type Locator, type Page } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from '../support/app'
import { keyPair } from '../support/credentials'
import { tabTo } from '../support/keyboard'
import { lookInBothThemes, resize } from '../support/looks'
import { answerQuestions, questionsAsked } from '../support/person'
import { FRESH, test } from '../support/shared-app'
import { ALL } from '../support/sample'

const PASSPHRASE = 'correct horse battery staple'

let app: App

test.beforeEach(async ({ openApp }) => {
  app = await openApp()
  await answerQuestions(app, true)
  await app.client.getByRole('button', { name: 'Run all' }).click()
  await expect(app.client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
})

async function openDialog(page: Page = app.client): Promise<Locator> {
  await page.getByRole('button', { name: 'Export…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Export' })
  await expect(dialog.getByRole('heading', { name: /^Files to write/ })).toBeVisible()
  return dialog
}

const button = (dialog: Locator, name: string): Locator => dialog.getByRole('button', { name, exact: true })
const nameOf = (dialog: Locator, usual: string): Locator =>
  dialog.getByLabel(`Name of the file for ${usual}`, { exact: true })
const format = (dialog: Locator, item: string, name: string): Locator =>
  dialog.getByRole('group', { name: `Formats of ${item}` }).getByRole('button', { name, exact: true })
const written = (): string[] => readdirSync(app.exportFolder).sort()
const read = (name: string): string => readFileSync(join(app.exportFolder, name), 'utf8')

async function typePassphrase(dialog: Locator): Promise<void> {
  await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await dialog.getByLabel('Repeat it').fill(PASSPHRASE)
}

async function finish(dialog: Locator): Promise<void> {
  await button(dialog, 'Export').click()
  await expect(button(dialog, 'Done')).toBeVisible()
}

/** What main has put on the clipboard. */
const clipboard = (): Promise<string> => app.electron.evaluate(({ clipboard }) => clipboard.readText())

test('forms are chosen one by one, seen before they are written, and are what they say', async () => {
  const dialog = await openDialog()
  await button(dialog, 'Nothing').click()
  await expect(button(dialog, 'Export')).toBeDisabled()
  await format(dialog, 'Authority certificate', 'DER').click()
  await format(dialog, 'Server certificate chain', 'PKCS#7').click()
  await format(dialog, 'Server public key', 'OpenSSH').click()
  await format(dialog, 'Certification request (CSR)', 'PEM').click()
  await button(dialog, 'Preview of server-ssh.pub').click()
  await expect(dialog.getByLabel('Text of server-ssh.pub', { exact: true })).toContainText(
    /^ssh-rsa \S+ ID-Server/,
  )
  await button(dialog, 'Preview of server.csr').click()
  await expect(dialog.getByText('-----BEGIN CERTIFICATE REQUEST-----')).toBeVisible()
  await finish(dialog)
  expect(written()).toEqual(['ca.der', 'server-chain.p7b', 'server-ssh.pub', 'server.csr'])
  const openssl = (...args: string[]): string =>
    execFileSync('openssl', args, { cwd: app.exportFolder, encoding: 'utf8', stdio: 'pipe' })
  expect(openssl('x509', '-in', 'ca.der', '-noout', '-subject')).toContain('ID-CA')
  expect(openssl('pkcs7', '-in', 'server-chain.p7b', '-print_certs')).toContain('ID-Server')
  expect(openssl('req', '-in', 'server.csr', '-noout', '-verify', '-subject')).toContain('ID-Server')
})

test(
  'names can be given, wrong ones are refused with the reason, and the next export remembers them',
  { tag: FRESH },
  async () => {
    const dialog = await openDialog()
    await nameOf(dialog, 'server.crt').fill('../server.crt')
    await expect(dialog.getByText('A name can’t have the character /.')).toBeVisible()
    await expect(button(dialog, 'Export')).toBeDisabled()
    await nameOf(dialog, 'server.crt').fill('CA.crt')
    await expect(dialog.getByText('Another file has this name.').first()).toBeVisible()
    await nameOf(dialog, 'server.crt').fill('web server.pem')
    await finish(dialog)
    expect(written()).toContain('web server.pem')
    await button(dialog, 'Done').click()
    const again = await openDialog(app.server)
    await expect(again.getByRole('textbox').nth(1)).toHaveValue('web server.pem')
  },
)

test('files that are there already are asked about: kept, renamed or replaced', { tag: FRESH }, async () => {
  writeFileSync(join(app.exportFolder, 'ca.crt'), 'mine')
  const dialog = await openDialog()
  await expect(dialog.getByText('1 file of this name is there already.')).toBeVisible()
  await expect(button(dialog, 'Export')).toBeDisabled()
  await dialog.getByRole('radio', { name: 'Keep it' }).click()
  await finish(dialog)
  expect(read('ca.crt')).toBe('mine')

  await button(dialog, 'Export more').click()
  // All the others are there as they would be written: nobody is asked about them, and they get no copy.
  await expect(dialog.getByText('1 file of this name is there already.')).toBeVisible()
  await dialog.getByRole('radio', { name: 'Rename the new one' }).click()
  await expect(dialog.getByText('There already: this becomes ca-2.crt.')).toBeVisible()
  await finish(dialog)
  expect(read('ca.crt')).toBe('mine')
  expect(read('ca-2.crt')).toContain('BEGIN CERTIFICATE')

  await button(dialog, 'Export more').click()
  await nameOf(dialog, 'ca-2.crt').fill('ca.crt')
  await dialog.getByRole('radio', { name: 'Replace it' }).click()
  expect(await questionsAsked(app)).toEqual([])
  await answerQuestions(app, false)
  await button(dialog, 'Export').click()
  await expect.poll(() => questionsAsked(app)).toMatchObject([{ detail: expect.stringContaining('ca.crt') }])
  expect(read('ca.crt')).toBe('mine')
  await answerQuestions(app, true)
  await finish(dialog)
  await expect(dialog.getByText(/replaced an older file/).first()).toBeVisible()
  expect(read('ca.crt')).toContain('BEGIN CERTIFICATE')
})

test('a private key is warned of, and leaves only once main’s own question was answered with yes', async () => {
  const dialog = await openDialog(app.server)
  await button(dialog, 'Nothing').click()
  await format(dialog, 'Server private key', 'JWK').click()
  await expect(dialog.getByText('This writes private keys to files.')).toBeInViewport()
  await expect(dialog.getByText('Without protection: server.jwk.')).toBeVisible()
  await answerQuestions(app, false)
  await button(dialog, 'Export').click()
  await expect
    .poll(() => questionsAsked(app))
    .toMatchObject([
      {
        message: 'Write the private key of the Application Server?',
        detail: expect.stringContaining(app.exportFolder),
        buttons: ['Cancel', 'Write'],
        defaultId: 0,
      },
    ])
  await expect(button(dialog, 'Export')).toBeEnabled()
  expect(written()).toEqual([])
  await answerQuestions(app, true)
  await format(dialog, 'Server private key', 'JWK').click()
  await format(dialog, 'Server private key', 'PKCS#12').click()
  await expect(dialog.getByText('Type a passphrase: PKCS#12 is always locked.')).toBeVisible()
  await typePassphrase(dialog)
  await finish(dialog)
  expect(written()).toEqual(['server.p12'])
  expect(statSync(join(app.exportFolder, 'server.p12')).mode & 0o777).toBe(0o600)
})

test('while main asks, the dialog says that it waits, and afterwards it goes on at the top of what was written', async () => {
  const dialog = await openDialog(app.server)
  await button(dialog, 'Private key').click()
  await expect(format(dialog, 'Server private key', 'PEM')).toBeInViewport({ ratio: 1 })
  await expect(format(dialog, 'Server private key', 'JWKS')).toBeInViewport({ ratio: 1 })
  await expect(dialog.getByLabel('Repeat it')).toHaveAccessibleDescription(/^Type a passphrase/)
  await typePassphrase(dialog)
  await app.electron.evaluate(({ dialog: asks }) => {
    asks.showMessageBox = (() =>
      new Promise((resolve) =>
        Object.assign(globalThis, { agree: () => resolve({ response: 1, checkboxChecked: false }) }),
      )) as typeof asks.showMessageBox
  })
  await button(dialog, 'Export').click()
  await expect(dialog.getByText('Waiting for your answer…')).toBeVisible()
  expect(written()).toEqual([])
  await app.electron.evaluate(() => (globalThis as typeof globalThis & { agree: () => void }).agree())
  await expect(dialog.getByText(/^1 file written to/)).toBeFocused()
  expect(written()).toEqual(['server.key'])
})

test('a private key is offered in the window of its own role alone', async () => {
  const reason = 'It leaves by way of the window of the'
  for (const [page, own, others] of [
    [app.client, [], ['Certificate Authority', 'Application Server']],
    [app.server, ['Server private key'], ['Certificate Authority']],
    [app.authority, ['Authority private key'], ['Application Server']],
  ] as const) {
    const dialog = await openDialog(page)
    for (const title of others) await expect(dialog.getByText(`${reason} ${title} alone`)).toBeVisible()
    await expect(dialog.getByText(reason)).toHaveCount(others.length)
    for (const item of own) await expect(format(dialog, item, 'PEM')).toBeVisible()
    await page.keyboard.press('Escape')
  }
})

test('the text of a private key is copied only after main’s question, and public text at once', async () => {
  const dialog = await openDialog(app.server)
  await button(dialog, 'Preview of ca.crt').click()
  await dialog.getByRole('button', { name: 'Copy the text of ca.crt' }).click()
  await expect.poll(clipboard).toContain('BEGIN CERTIFICATE')
  expect(await questionsAsked(app)).toEqual([])
  await dialog.getByRole('checkbox', { name: 'Server private key' }).click()
  await button(dialog, 'Preview of server.key').click()
  await expect(dialog.getByText('The private key of ID-Server: RSA, 2048 bits.')).toBeVisible()
  await expect(dialog.getByText('BEGIN PRIVATE KEY')).toHaveCount(0)
  await expect(button(dialog, 'Copy its text')).toBeDisabled()
  await dialog.getByRole('checkbox', { name: 'Protect with a passphrase' }).click()
  await answerQuestions(app, false)
  await button(dialog, 'Copy its text').click()
  await expect.poll(() => questionsAsked(app)).toHaveLength(1)
  expect(await clipboard()).toContain('BEGIN CERTIFICATE')
  await answerQuestions(app, true)
  await button(dialog, 'Copy its text').click()
  await expect.poll(clipboard).toContain('BEGIN PRIVATE KEY')
  await expect(
    dialog.getByText('After a minute the clipboard is cleared, if this is still on it.'),
  ).toBeVisible()
})

test('the ready bundle is one click, and its checksums and commands hold', async () => {
  const dialog = await openDialog(app.server)
  await button(dialog, 'Ready bundle').click()
  await button(dialog, 'Preview of README.txt').click()
  await expect(dialog.getByLabel('Text of README.txt', { exact: true })).toContainText(
    'curl --cacert ca.crt https://localhost:8443/',
  )
  const shown = await dialog.getByLabel('Text of README.txt', { exact: true }).textContent()
  await typePassphrase(dialog)
  await finish(dialog)
  expect(written()).toEqual([
    ...['README.txt', 'SHA256SUMS', 'ca.crt', 'server-chain.crt', 'server.crt', 'server.key', 'server.p12'],
  ])
  expect(read('README.txt')).toBe(shown)
  const options = { cwd: app.exportFolder, encoding: 'utf8' } as const
  expect(execFileSync('sha256sum', ['-c', 'SHA256SUMS'], options).match(/: OK/g)).toHaveLength(6)
  const verified = execFileSync('openssl', ['verify', '-CAfile', 'ca.crt', 'server.crt'], options)
  expect(verified).toContain('server.crt: OK')
  const opened = ['pkcs12', '-in', 'server.p12', '-passin', `pass:${PASSPHRASE}`, '-nodes']
  expect(execFileSync('openssl', opened, options)).toContain('friendlyName: ID-Server')
})

test('a key that was opened from a file is written in another form, locked, by the same dialog', async () => {
  const { client } = app
  const { privateKey } = await keyPair('other')
  const file = { name: 'mine.pem', mimeType: '', buffer: Buffer.from(privateKey.pem) }
  await client.locator('input[type=file]').setInputFiles([file])
  const inspector = client.getByRole('dialog', { name: 'Inspector' })
  await expect(inspector.getByText(/^mine\.pem/).first()).toBeVisible()
  await inspector.getByRole('button', { name: 'Export…' }).click()
  const dialog = client.getByRole('dialog', { name: 'Export' })
  await expect(dialog.getByText('This writes private keys to files.')).toBeVisible()
  await expect(button(dialog, 'Ready bundle')).toHaveCount(0)
  await format(dialog, 'Private key', 'PEM').click()
  await format(dialog, 'Private key', 'DER').click()
  await dialog.getByRole('textbox', { name: /^Name of the file/ }).fill('opened.der')
  await typePassphrase(dialog)
  await finish(dialog)
  expect(await questionsAsked(app)).toMatchObject([{ detail: expect.stringContaining('opened.der') }])
  expect(written()).toEqual(['opened.der'])
  expect(statSync(join(app.exportFolder, 'opened.der')).mode & 0o777).toBe(0o600)
  const options = { cwd: app.exportFolder, encoding: 'utf8', stdio: 'pipe' } as const
  const opened = ['pkcs8', '-inform', 'DER', '-in', 'opened.der', '-passin', `pass:${PASSPHRASE}`]
  expect(execFileSync('openssl', opened, options)).toBe(privateKey.pem)
})

test('the keyboard alone chooses, names and exports', { tag: FRESH }, async () => {
  const { client } = app
  await client.getByRole('button', { name: 'Export…' }).focus()
  await client.keyboard.press('Enter')
  const dialog = client.getByRole('dialog', { name: 'Export' })
  await expect(dialog.getByRole('heading', { name: /^Files to write/ })).toBeVisible()
  await tabTo(client, button(dialog, 'Nothing'))
  await client.keyboard.press('Space')
  // The forms of an item are one stop; arrows go on from there.
  await tabTo(client, format(dialog, 'Server public key', 'PEM'))
  await client.keyboard.press('ArrowRight')
  await client.keyboard.press('Space')
  await expect(format(dialog, 'Server public key', 'DER')).toHaveAttribute('aria-pressed', 'true')
  await tabTo(client, nameOf(dialog, 'server-public.der'))
  await client.keyboard.press('ControlOrMeta+a')
  await client.keyboard.type('by hand.der')
  await tabTo(client, button(dialog, 'Export'))
  await client.keyboard.press('Enter')
  await expect(button(dialog, 'Done')).toBeVisible()
  expect(existsSync(join(app.exportFolder, 'by hand.der'))).toBe(true)
  await client.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
})

test('the dialog is free of serious accessibility faults in either theme', { tag: FRESH }, async () => {
  await resize(app, { width: 1280, height: 720 })
  writeFileSync(join(app.exportFolder, 'server.crt'), '')
  const found: string[] = []
  const windows = [
    ['server', app.server, 'Server private key'],
    ['client', app.client, undefined],
    ['authority', app.authority, 'Authority private key'],
  ] as const
  for (const [window, page, key] of ALL ? windows : windows.slice(0, 1)) {
    let picture = 0
    const look = async (): Promise<void> => {
      const where = `${window}-${++picture}`
      found.push(...(await lookInBothThemes(page, where, (theme) => `export-${theme}-${where}.png`)))
    }
    const dialog = await openDialog(page)
    await look()
    await button(dialog, 'Preview of ca.crt').click()
    await look()
    await button(dialog, 'Ready bundle').click()
    if (key) {
      await format(dialog, key, 'JWK').click()
      const locked = format(dialog, key, 'PEM')
      if ((await locked.getAttribute('aria-pressed')) !== 'true') await locked.click()
    }
    await nameOf(dialog, 'ca.crt').fill('con')
    await look()
    await dialog.getByRole('heading', { name: /^Files to write/ }).scrollIntoViewIfNeeded()
    await button(dialog, 'Preview of README.txt').click()
    await look()
    await nameOf(dialog, 'ca.crt').fill('ca.crt')
    if (key) await typePassphrase(dialog)
    await dialog.getByRole('radio', { name: /^Rename/ }).click()
    await look()
    if (!key) {
      await button(dialog, 'Cancel').click()
      continue
    }
    await finish(dialog)
    await look()
    await button(dialog, 'Done').click()
  }
  expect(found).toEqual([])
})

test('in the smallest window that the app gives itself, the buttons are in sight and can be pressed', async () => {
  await app.electron.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) {
      window.setMinimumSize(320, 240)
      window.setContentSize(488, 316)
    }
  })
  const dialog = await openDialog(app.server)
  for (const name of ['Cancel', 'Export']) await expectOnTop(button(dialog, name))
  await button(dialog, 'Nothing').click()
  await format(dialog, 'Server private key', 'PKCS#12').click()
  // What the keyboard comes to is not left behind the buttons, where it may just lie.
  const repeated = dialog.getByLabel('Repeat it')
  await dialog.getByLabel('Passphrase', { exact: true }).focus()
  await repeated.evaluate((field) => {
    const scrolled = field.closest('.dialog')
    if (!scrolled) return
    scrolled.scrollTop += field.getBoundingClientRect().bottom - scrolled.getBoundingClientRect().bottom + 8
  })
  const isThere = (): Promise<boolean> => repeated.evaluate((field) => field === document.activeElement)
  for (let presses = 0; presses < 4 && !(await isThere()); presses++) await app.server.keyboard.press('Tab')
  await expect(repeated).toBeFocused()
  await expectOnTop(repeated)
  await format(dialog, 'Server private key', 'PKCS#12').click()
  await format(dialog, 'Server public key', 'PEM').click()
  await finish(dialog)
  // What was scrolled before is at its top.
  await expect(dialog.getByRole('heading', { name: 'Export', exact: true })).toBeInViewport({ ratio: 1 })
  for (const name of ['Export more', 'Done']) await expectOnTop(button(dialog, name))
  await button(dialog, 'Done').click()
  await expect(dialog).toHaveCount(0)
})

/** Nothing lies over it, wherever the dialog is scrolled to. */
async function expectOnTop(wanted: Locator): Promise<void> {
  await expect(wanted).toBeInViewport({ ratio: 1 })
  const isOnTop = await wanted.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect()
    return element.contains(document.elementFromPoint(left + width / 2, top + height / 2))
  })
  expect(isOnTop).toBe(true)
}
