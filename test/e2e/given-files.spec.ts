/** Files on the command line, of the first start and of a second one, are opened in the inspector; --help and --version open nothing. */
import { expect, test } from '@playwright/test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchApp } from '../support/app'
import { startPlainly } from '../support/start'

let folder: string
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handshake-lab-e2e-'))
})
test.afterEach(() => rm(folder, { recursive: true, force: true }))

const JWK = '{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODw"}'

test('a file on the command line is opened in the inspector, and one of a second start beside it', async () => {
  const first = join(folder, 'first key.jwk')
  const second = join(folder, 'second.jwk')
  await writeFile(first, JWK)
  await writeFile(second, JWK.replace('AAEC', 'AAED'))
  const app = await launchApp({ args: [first, join(folder, 'none.pem')] })
  try {
    const { client } = app
    await expect(client.getByText('first key.jwk').first()).toBeVisible()
    await expect(client.getByText('none.pem').first()).toBeVisible()
    const start = startPlainly([`--user-data-dir=${join(app.folder, 'user-data')}`, second])
    expect(await start.ended).toEqual({ code: 0, signal: null })
    expect(start.output()).toContain('running already')
    await expect(client.getByText('second.jwk').first()).toBeVisible()
  } finally {
    await app.close()
  }
})

for (const [option, said] of [
  ['--help', /^Usage: handshake-lab \[option\][^]*Exit codes:/m],
  ['--version', /^Handshake Lab \d+\.\d+\.\d+$/m],
] as const) {
  test(`${option} is printed without a display, a home or a temporary folder, and nothing is opened`, async () => {
    const env = { DISPLAY: '', WAYLAND_DISPLAY: '', HOME: '/none', XDG_CONFIG_HOME: '/none', TMPDIR: '/none' }
    const start = startPlainly([option], env)
    expect(await start.ended).toEqual({ code: 0, signal: null })
    expect(start.output()).toMatch(said)
    expect(start.output()).not.toContain('Handshake Lab could not start')
  })
}
