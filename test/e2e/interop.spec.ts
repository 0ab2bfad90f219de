import { expect, test } from '@playwright/test'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { LabView } from '#shared/lab'
import { launchApp, ROOT, type App } from '../support/app'

let app: App

test.beforeEach(async () => {
  app = await launchApp()
  await app.client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(app.client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
})
test.afterEach(async () => {
  await app.close()
})

/** Where the running app listens, and the file with its trust anchor. */
async function whereIsIt(): Promise<{ authority: string; server: string; anchor: string }> {
  const view = await app.client.evaluate(async () => {
    const bridge = (window as unknown as { lab: { call: (name: string) => Promise<{ value: unknown }> } }).lab
    return (await bridge.call('lab:view')).value as never
  })
  const { authority, server, trustAnchorFile } = view as LabView
  expect(trustAnchorFile).toBe(join(app.folder, 'user-data', 'trust', 'ca.pem'))
  return {
    authority: `127.0.0.1:${authority.address?.port}`,
    server: `127.0.0.1:${server.address?.port}`,
    anchor: trustAnchorFile ?? '',
  }
}

/** Runs one of the Python peers; throws when it does not exit with 0. Its output is one JSON object a line. */
function python(program: string, ...args: string[]): readonly Record<string, unknown>[] {
  const path = join(ROOT, 'test/interop', program)
  const output = execFileSync('/usr/bin/python3', ['-B', path, ...args], { encoding: 'utf8', stdio: 'pipe' })
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('a client in Python completes steps 3 to 8 with the running app', async () => {
  const { server, anchor } = await whereIsIt()
  const lines = python(
    'client.py',
    '--server',
    server,
    '--trust-anchor',
    anchor,
    '--request',
    'echo hello',
    '--request',
    'whoami',
  )
  expect(lines.at(-1)).toMatchObject({ ok: true, lifetime: 60 })
  expect(JSON.stringify(lines.at(-1))).toContain('hello')
  await expect(app.server.getByRole('tab', { name: /^Sessions\s*2$/ })).toBeVisible()
})

test('a server in Python registers with the running app, while a walk stands still', async () => {
  const { authority, anchor } = await whereIsIt()
  await app.client.getByRole('button', { name: 'Start over' }).click()
  await app.client.getByRole('button', { name: 'Next step' }).click()
  await expect(app.client.getByRole('button', { name: /^Step 1,/ })).toHaveAccessibleName(/done/)
  const lines = python('server.py', '--authority', authority, '--trust-anchor', anchor, '--id-s', 'ID-Other')
  expect(lines.some((line) => line['registered'] === true)).toBe(true)
  await expect(app.authority.getByRole('tab', { name: /^Certificates\s*2$/ })).toBeVisible()
  await app.client.getByRole('button', { name: 'Next step' }).click()
  await expect(app.client.getByRole('button', { name: /^Step 2,/ })).toHaveAccessibleName(/done/)
})

test('every attack on the running app gets the alert that the protocol says, and the walk goes on', async () => {
  const { authority, server, anchor } = await whereIsIt()
  const lines = python(
    'attack.py',
    '--authority',
    authority,
    '--server',
    server,
    '--trust-anchor',
    anchor,
    '--all',
  )
  expect(lines.length).toBeGreaterThan(50)
  await app.client.getByRole('button', { name: 'Send request' }).click()
  await expect(app.client.getByRole('list', { name: 'Answers' }).getByRole('listitem')).toHaveCount(2)
})
