import { expect } from '@playwright/test'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { LabView } from '#shared/lab'
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'
import { ROOT, type App } from '../support/app'
import { ALL, suitesInWindows } from '../support/sample'
import { chooseInQuestions } from '../support/person'
import { FRESH, test } from '../support/shared-app'

/** What the app's server can serve, by the suite that it has registered in: `modern` brings no Cert_S. */
const SERVED: Readonly<Record<SuiteName, readonly SuiteName[]>> = {
  classic: SUITE_NAMES,
  modern: ['modern'],
}

/** Of the attacks, by what is expected of each; test/integration/interop.test.ts tries all of them on the same listeners. */
const ONE_OF = 5

let app: App

/** Lets an app walk all eight steps. */
async function walk(opened: Promise<App>): Promise<void> {
  app = await opened
  await app.client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(app.client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
}

/** Where the running app listens, and the file with its trust anchor, as the Python peers want them. */
async function whereIsIt(): Promise<Record<'authority' | 'server' | 'trust', readonly string[]>> {
  const view = await app.client.evaluate(async () => {
    const bridge = (window as unknown as { lab: { call: (name: string) => Promise<{ value: unknown }> } }).lab
    return (await bridge.call('lab:view')).value as never
  })
  const { authority, server, trustAnchorFile } = view as LabView
  expect(trustAnchorFile).toBe(join(app.folder, 'user-data', 'trust', 'ca.pem'))
  return {
    authority: ['--authority', `127.0.0.1:${authority.address?.port}`],
    server: ['--server', `127.0.0.1:${server.address?.port}`],
    trust: ['--trust-anchor', trustAnchorFile ?? ''],
  }
}

/** Runs one of the Python peers; throws when it does not exit with 0. Its output is one JSON object a line. */
async function python(
  program: string,
  ...args: readonly string[]
): Promise<readonly Record<string, unknown>[]> {
  const path = join(ROOT, 'test/interop', program)
  const { stdout } = await promisify(execFile)('/usr/bin/python3', ['-B', path, ...args])
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

for (const suite of suitesInWindows('classic')) {
  test(`clients in Python complete steps 3 to 8 with the app running in ${suite}`, async ({ openApp }) => {
    await walk(openApp({ settings: { suite } }))
    const { server, trust } = await whereIsIt()
    for (const spoken of SERVED[suite]) {
      const requests = ['--request', 'echo hello', '--request', 'whoami']
      const lines = await python('client.py', '--suite', spoken, ...server, ...trust, ...requests)
      expect(lines.at(-1)).toMatchObject({ ok: true, lifetime: 60 })
      expect(JSON.stringify(lines.at(-1))).toContain('hello')
    }
    const sessions = new RegExp(`^Sessions\\s*${1 + SERVED[suite].length}$`)
    await expect(app.server.getByRole('tab', { name: sessions })).toBeVisible()
  })

  test(`servers in Python register with the app, while a walk in ${suite} stands still`, async ({
    openApp,
  }) => {
    await walk(openApp({ settings: { suite } }))
    const { authority, trust } = await whereIsIt()
    await chooseInQuestions(app, 'Start over')
    await app.client.getByRole('button', { name: 'Start over' }).click()
    await app.client.getByRole('button', { name: 'Next step' }).click()
    await expect(app.client.getByRole('button', { name: /^Step 1,/ })).toHaveAccessibleName(/done/)
    for (const spoken of SUITE_NAMES) {
      const lines = await python('server.py', '--suite', spoken, ...authority, ...trust, '--id-s', 'ID-Other')
      expect(lines.some((line) => line['registered'] === true)).toBe(true)
    }
    await expect(app.authority.getByRole('tab', { name: /^Certificates\s*3$/ })).toBeVisible()
    await app.client.getByRole('button', { name: 'Next step' }).click()
    await expect(app.client.getByRole('button', { name: /^Step 2,/ })).toHaveAccessibleName(/done/)
  })

  test(
    `an attack of every kind in ${suite} gets the alert that the protocol says, and the walk goes on`,
    { tag: FRESH },
    async ({ openApp }) => {
      test.slow()
      // Registered in `classic`, the app's server serves both suites. The session outlives all the attacks.
      await walk(openApp({ settings: { lifetime: 3600 } }))
      const { authority, server, trust } = await whereIsIt()
      const asked = ['--suite', suite, '--all', '--one-of', String(ALL ? 1 : ONE_OF)]
      const lines = await python('attack.py', ...asked, ...authority, ...server, ...trust)
      expect(lines.length).toBeGreaterThan(ALL ? 200 : 200 / ONE_OF)
      await app.client.getByRole('button', { name: 'Send request' }).click()
      await expect(app.client.getByRole('list', { name: 'Answers' }).getByRole('listitem')).toHaveCount(2)
    },
  )
}
