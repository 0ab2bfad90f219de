/** The bundle for host names of one's own, in the hands of nginx: curl accepts it under that name, and under no other. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it } from 'vitest'
import { writeExport } from '#main/export/write'
import { BUNDLE_FILE_IDS } from '#shared/export/items'
import { systemEnvironment } from '#shared/hl1/environment'
import { runTool } from '../support/key-tools'
import { closeLabs, startedLab } from '../support/lab'
import { freePorts } from '../support/ports'

const NAME = 'my.test'
const folder = mkdtempSync(join(tmpdir(), 'own-host-names-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(closeLabs)

it('a bundle for my.test is served by nginx, and curl accepts it', async () => {
  const { lab } = await startedLab({ serverNames: NAME })
  await lab.register()
  const { authority, server } = lab
  await writeExport(
    { files: BUNDLE_FILE_IDS.map((id) => ({ id })), passphrase: 'for this test alone', protect: false },
    {
      folder,
      sources: { authority: authority.credentials, server: server.credentials },
      random: systemEnvironment.random,
      ask: () => Promise.resolve(true),
    },
  )
  const [port = 0] = await freePorts(1)
  const config = join(folder, 'nginx.conf')
  writeFileSync(config, nginxConfig(port))
  const nginx = spawn('nginx', ['-p', folder, '-c', config, '-e', join(folder, 'error.log')], {
    stdio: 'pipe',
  })
  const ended = once(nginx, 'exit')
  try {
    const ask = (host: string, ...options: readonly string[]) =>
      runTool(
        'curl',
        ['-sS', '--resolve', `${host}:${port}:127.0.0.1`, ...options, `https://${host}:${port}/`],
        { cwd: folder },
      )
    await expect.poll(async () => (await ask(NAME, '--cacert', 'ca.crt')).output).toBe('hello from nginx')
    expect((await ask('localhost', '--cacert', 'ca.crt')).output).toBe('hello from nginx')
    expect((await ask('other.test', '--cacert', 'ca.crt')).output).toMatch(
      /no alternative certificate subject name/i,
    )
    expect((await ask(NAME)).ok).toBe(false)
  } catch (error) {
    throw new Error(`nginx said: ${readFileSync(join(folder, 'error.log'), 'utf8')}`, { cause: error })
  } finally {
    nginx.kill('SIGTERM')
    await ended
  }
})

function nginxConfig(port: number): string {
  const place = (name: string): string => `${name} ${join(folder, name)};`
  return [
    'daemon off; master_process off;',
    `pid ${join(folder, 'nginx.pid')};`,
    'events { worker_connections 32; }',
    'http {',
    ...[
      'client_body_temp_path',
      'proxy_temp_path',
      'fastcgi_temp_path',
      'uwsgi_temp_path',
      'scgi_temp_path',
    ].map(place),
    'access_log off;',
    'server {',
    `listen 127.0.0.1:${port} ssl;`,
    `ssl_certificate ${join(folder, 'server-chain.crt')};`,
    `ssl_certificate_key ${join(folder, 'server.key')};`,
    "location / { return 200 'hello from nginx'; }",
    '} }',
    '',
  ].join('\n')
}
