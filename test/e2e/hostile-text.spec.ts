/** Text of files and peers in the windows: what would hide, turn round or begin a line is seen as what it is. */
import { expect, type Page } from '@playwright/test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writePkcs12 } from '#shared/crypto/containers/pkcs12-write'
import { decodePem } from '#shared/crypto/encodings/pem'
import { systemEnvironment } from '#shared/hl1/environment'
import { buildAlert } from '#shared/hl1/message'
import { visible } from '#shared/visible'
import type { App } from '../support/app'
import { keyPair } from '../support/credentials'
import { smallCertificate } from '../support/inspected'
import { viewFrom } from '../support/lost-windows'
import { resize } from '../support/looks'
import { RawPeer } from '../support/raw-peer'
import { test } from '../support/shared-app'
import { HOSTILE, unseenIn } from '../support/unseen'

const FILE = 'safe\n.pem\u202e21p.crt'
const FRIENDLY = 'bank\u202eko\u200b\r\n\u001b[31m'

let app: App
let folder: string
test.beforeEach(async ({ openApp }) => {
  app = await openApp()
  folder = await mkdtemp(join(tmpdir(), 'handshake-lab-names-'))
})
test.afterEach(() => rm(folder, { recursive: true, force: true }))

/** Every text of a page, and every attribute of it that is read or heard; none may have what can't be seen. */
async function textsOf(page: Page): Promise<readonly string[]> {
  const texts = await page.evaluate(() => {
    const names = ['title', 'alt', 'label', 'placeholder', 'aria-label', 'aria-description', 'aria-valuetext']
    return [...document.querySelectorAll('body *')].flatMap((element) => [
      ...[...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map(
          (node) => (element.closest('pre') ? node.nodeValue?.replaceAll('\n', '') : node.nodeValue) ?? '',
        ),
      ...names.map((name) => element.getAttribute(name) ?? ''),
    ])
  })
  const wrong = [...new Set([...texts, await page.title()])].filter((text) => unseenIn(text).length > 0)
  expect(wrong).toEqual([])
  return texts
}

test('names of files and those in a PKCS#12 file are seen as what they are, in list and picker', async () => {
  // In the client's window there is room for a list, in the server's for one line.
  await resize(app, { width: 1280, height: 720 })
  const { client: page, server } = app
  const { privateKey } = await keyPair('other')
  const certificate = decodePem('CERTIFICATE', (await smallCertificate()).buffer.toString('utf8'))
  const input = { pkcs8: privateKey.pkcs8, certificates: [certificate], friendlyName: FRIENDLY } as const
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const path = join(folder, FILE)
  await writeFile(path, await writePkcs12(input, 'compatible', '', random))
  for (const each of [page, server]) await each.locator('input[type=file]').setInputFiles(path)

  const file = visible(FILE)
  expect(file).toBe('safe\\u{a}.pem\\u{202e}21p.crt')
  const name = visible(FRIENDLY.trim())
  await expect(page.locator('.list h3', { hasText: 'safe' })).toHaveText(file)
  const wide = await textsOf(page)
  expect(wide.some((text) => text.includes(`${name}, private key`))).toBe(true)
  expect(wide).toContain(`Remove ${file} from the list`)

  const opened = server.locator('.picker optgroup').last()
  await expect(opened).toHaveAttribute('label', file)
  const narrow = await textsOf(server)
  expect(narrow.filter((text) => text.includes(file)).length).toBeGreaterThan(2)
  const options = await opened.locator('option').allTextContents()
  expect(options.map((text) => text.trim()).some((text) => text.startsWith(`${name}, private key, `))).toBe(
    true,
  )

  // Every view of it, and a file of that name that can't be read.
  for (const tab of ['Summary', 'Structure', 'Key', 'Chain', 'The same with OpenSSL']) {
    await page.getByRole('tab', { name: tab, exact: true }).click()
    await textsOf(page)
  }
  await writeFile(path, 'nothing')
  await page.locator('input[type=file]').setInputFiles(path)
  await expect(page.getByText(`${file} could not be opened`)).toBeVisible()
  await textsOf(page)
})

test('what a peer says in an alert is one text in the window of the server', async () => {
  const page = app.server
  await app.client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(app.client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  const { server } = await viewFrom(page)
  const peer = await RawPeer.connect(server.address?.port ?? 0)
  const alert = { code: 'malformed', step: 3, message: HOSTILE } as const
  await peer.send(buildAlert({ role: 'client', suite: undefined }, alert, systemEnvironment).frame)
  await peer.end()
  peer.close()
  await page.getByRole('tab', { name: /^Messages/ }).click()
  await expect(page.getByText('begin\\u{1b}[2J')).toBeVisible()
  expect((await textsOf(page)).some((text) => text.includes(visible(HOSTILE)))).toBe(true)
})
