/** Exports everything from a window's dialog, and lets OpenSSL judge the files. */
import { expect, type Page } from '@playwright/test'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { USUAL_FILES } from '#shared/export/items'

/** Ticks every usual item, says what has to be said, and exports; private keys plain, or under the passphrase. */
export async function exportAll(page: Page, passphrase?: string): Promise<void> {
  await page.getByRole('button', { name: 'Export…' }).click()
  const dialog = page.getByRole('dialog')
  for (const { item } of USUAL_FILES) {
    const box = dialog.getByRole('checkbox', { name: item.title, exact: false }).first()
    if ((await box.getAttribute('aria-checked')) !== 'true') await box.click()
  }
  const go = dialog.getByRole('button', { name: 'Export', exact: true })
  await expect(go).toBeDisabled()
  await dialog.getByRole('checkbox', { name: 'Write the authority’s private key' }).click()
  await expect(go).toBeDisabled()
  if (passphrase === undefined) {
    await dialog.getByRole('checkbox', { name: 'Protect with a passphrase' }).click()
    await expect(go).toBeDisabled()
    await dialog.getByRole('checkbox', { name: /^Write without protection/ }).click()
  } else {
    await dialog.getByLabel('Passphrase', { exact: true }).fill(passphrase)
    await dialog.getByLabel('Repeat it').fill(passphrase)
  }
  const replace = dialog.getByRole('radio', { name: /^Replace/ })
  if ((await replace.count()) > 0) await replace.click()
  await go.click()
  await expect(dialog.getByRole('button', { name: 'Show in folder' })).toBeVisible()
  for (const { name } of USUAL_FILES)
    await expect(dialog.getByText(name, { exact: true }).first()).toBeVisible()
  await dialog.getByRole('button', { name: 'Done' }).click()
}

/** The private keys are encrypted as OpenSSL reads it. */
export async function opensslDecrypts(folder: string, passphrase: string): Promise<void> {
  for (const key of ['server.key', 'ca.key']) {
    const openssl = (pass: string): string =>
      execFileSync('openssl', ['pkcs8', '-in', key, '-passin', `pass:${pass}`], {
        cwd: folder,
        encoding: 'utf8',
        stdio: 'pipe',
      })
    expect(readFileSync(join(folder, key), 'utf8')).toContain('BEGIN ENCRYPTED PRIVATE KEY')
    expect(openssl(passphrase)).toContain('BEGIN PRIVATE KEY')
    expect(() => openssl('wrong')).toThrow()
  }
}

/** Every command throws when OpenSSL refuses a file. */
export async function opensslAccepts(folder: string): Promise<void> {
  const openssl = (...args: string[]): string =>
    execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' })
  expect(
    openssl('verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', 'ca.crt', 'server.crt'),
  ).toContain('OK')
  expect(openssl('x509', '-in', 'server.crt', '-noout', '-subject')).toContain('ID-Server')
  expect(openssl('x509', '-in', 'ca.crt', '-noout', '-text')).toContain('CA:TRUE, pathlen:0')
  for (const key of ['server.key', 'ca.key']) {
    expect(openssl('pkey', '-in', key, '-check', '-noout')).toContain('Key is valid')
    expect(statSync(join(folder, key)).mode & 0o777).toBe(0o600)
  }
  expect(openssl('pkcs8', '-topk8', '-nocrypt', '-in', 'server.key')).toBe(
    readFileSync(join(folder, 'server.key'), 'utf8'),
  )
  expect(openssl('pkey', '-in', 'server.key', '-pubout')).toBe(
    readFileSync(join(folder, 'server-public.pem'), 'utf8'),
  )
}

/** Serves TLS with the server's certificate and key, and lets `openssl s_client` judge it with the authority as trust. */
export async function serveTls(folder: string): Promise<void> {
  const read = (name: string): Buffer => readFileSync(join(folder, name))
  const server = createServer({ cert: read('server-chain.crt'), key: read('server.key') }, (socket) =>
    socket.write('hello\n'),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const verify = ['-verify_return_error', '-verify_ip', '127.0.0.1', '-CAfile', join(folder, 'ca.crt')]
  const client = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...verify], {
    stdio: 'pipe',
  })
  let output = ''
  client.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    if (output.includes('hello')) client.stdin.end('Q\n')
  })
  const [code] = (await once(client, 'close')) as [number]
  server.close()
  expect(output).toContain('Verify return code: 0 (ok)')
  expect(output).toContain('hello')
  expect(code).toBe(0)
}
