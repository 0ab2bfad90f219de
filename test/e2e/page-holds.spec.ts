/** A page holds up neither the person nor the app: it asks nothing in the system's boxes, and goes when it is told to. */
import { expect, test } from '@playwright/test'
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { barriers } from '#main/windows/barriers'
import { ROOT } from '../support/app'
import { buildBarriersApp } from '../support/barriers-build'
import '../support/display'

/** Where the app has not ended by then, it is held. */
const PATIENCE_MS = 20_000

let folder: string

test.beforeAll(async () => {
  folder = await buildBarriersApp()
})
test.afterAll(() => rm(folder, { recursive: true, force: true }))

/**
 * Starts an app with these barriers whose page asks and stays: how far that comes. Without a debugger, which would answer for
 * the person.
 */
async function holds(standing: readonly string[], patience: number): Promise<'asked' | 'stayed' | 'gone'> {
  const userData = await mkdtemp(join(folder, 'user-data-'))
  const executable = createRequire(import.meta.url)('electron') as string
  const args = [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...[folder, '--holds', `--barriers=${standing.join(',')}`, `--user-data-dir=${userData}`],
  ]
  const app = spawn(executable, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  app.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  const timer = setTimeout(() => app.kill('SIGKILL'), patience)
  const status = await new Promise<number | null>((resolve) => app.once('close', resolve))
  clearTimeout(timer)
  if (status === 0) return 'gone'
  return said.includes('asked') ? 'stayed' : 'asked'
}

const ALL = Object.keys(barriers(undefined))

test('with the app’s barriers it asks nothing and goes', async () => {
  expect(await holds(ALL, PATIENCE_MS)).toBe('gone')
})

for (const [barrier, held] of [
  ['no boxes', 'asked'],
  ['no staying', 'stayed'],
] as const)
  test(`without “${barrier}” it holds the app: ${held}`, async () => {
    const others = ALL.filter((name) => name !== barrier)
    expect(await holds(others, PATIENCE_MS / 2)).toBe(held)
  })
