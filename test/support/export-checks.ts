/** Exports everything from a window's dialog, and lets OpenSSL judge the files. */
import { expect, type Page } from '@playwright/test'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { USUAL_FILES, type ExportFile } from '#shared/export/items'
import type { App } from './app'
import { answerQuestions, questionsAsked } from './person'

/** Exports every usual item, each where it may leave: public ones from the client's window; private keys plain, or under the passphrase. */
export async function exportAll(app: App, passphrase?: string): Promise<void> {
  await answerQuestions(app, true)
  await exportFrom(
    app.client,
    USUAL_FILES.filter((file) => !file.private),
  )
  for (const role of ['authority', 'server'] as const) {
    const own = USUAL_FILES.filter((file) => file.private && file.item.owner === role)
    await exportFrom(app[role], own, { passphrase })
    const [question] = (await questionsAsked(app)).slice(-1)
    expect(question?.detail).toContain(
      passphrase === undefined ? 'WITHOUT a passphrase' : 'under the passphrase',
    )
  }
}

/** @param lock of private keys, where there are any */
async function exportFrom(
  page: Page,
  files: readonly ExportFile[],
  lock?: { readonly passphrase: string | undefined },
): Promise<void> {
  await page.getByRole('button', { name: 'Export…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Nothing', exact: true }).click()
  for (const { item } of files)
    await dialog.getByRole('checkbox', { name: item.title, exact: false }).first().click()
  const go = dialog.getByRole('button', { name: 'Export', exact: true })
  if (lock) {
    await expect(go).toBeDisabled()
    if (lock.passphrase === undefined)
      await dialog.getByRole('checkbox', { name: 'Protect with a passphrase' }).click()
    else {
      await dialog.getByLabel('Passphrase', { exact: true }).fill(lock.passphrase)
      await dialog.getByLabel('Repeat it').fill(lock.passphrase)
    }
  }
  const replace = dialog.getByRole('radio', { name: /^Replace/ })
  if ((await replace.count()) > 0) await replace.click()
  await go.click()
  await expect(dialog.getByRole('button', { name: 'Show in folder' })).toBeVisible()
  for (const { name } of files) await expect(dialog.getByText(name, { exact: true }).first()).toBeVisible()
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
