/** The app as a process: a second start, signals, and what is left on disk and in its output. */
import { expect, test, type ElectronApplication, type Page } from '@playwright/test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchApp, ROOT } from '../support/app'

/** How long an end may take on a machine that is busy; what it took is printed. The app gives itself 1.5 s. */
const END_MS = 10_000

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

async function runAll(client: Page): Promise<void> {
  await button(client, 'Run all').click()
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
}

test('a second start ends at once and brings back the windows of the first', async () => {
  const app = await launchApp()
  try {
    const visible = () =>
      app.electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()
          .filter((window) => window.isVisible())
          .map((window) => window.getTitle()),
      )
    await app.electron.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows()) {
        if (window.getTitle().startsWith('Application Server')) window.close()
        if (window.getTitle().startsWith('Client')) window.minimize()
      }
    })
    await expect.poll(visible).not.toContain('Application Server – Handshake Lab')
    const { spawnfile, spawnargs } = app.electron.process()
    // Without Playwright's own arguments, which would make the second one wait for it.
    const args = spawnargs
      .slice(1)
      .filter((argument, index, all) => !/inspect|remote-debugging/.test(argument) && !isLoader(all, index))
    const second = spawn(spawnfile, args, { cwd: ROOT, stdio: 'ignore' })
    const [code] = (await once(second, 'exit')) as [number | null]
    expect(code).toBe(0)
    await expect.poll(async () => (await visible()).length).toBe(3)
  } finally {
    await app.close()
  }
})

/** `-r FILE`, which Playwright loads into the app. */
function isLoader(args: readonly string[], index: number): boolean {
  return args[index] === '-r' || args[index - 1] === '-r'
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} ends the app cleanly, in the middle of a session`, async () => {
    const app = await launchApp()
    try {
      await runAll(app.client)
      const ended = endOf(app.electron)
      const started = performance.now()
      app.electron.process().kill(signal)
      expect(await ended).toEqual({ code: 0, signal: null })
      const took = performance.now() - started
      console.info(`${signal}: ended after ${took.toFixed(0)} ms`)
      expect(took).toBeLessThan(END_MS)
    } finally {
      await app.close()
    }
  })
}

test('no key is left on disk or in the output after a whole run', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'handshake-lab-e2e-'))
  try {
    const app = await launchApp({ folder })
    let output = ''
    for (const stream of [app.electron.process().stdout, app.electron.process().stderr]) {
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')))
    }
    for (const page of [app.authority, app.server, app.client]) {
      page.on('console', (message) => (output += message.text()))
    }
    await runAll(app.client)
    const secrets = await secretsOf(app.authority, app.server)
    expect(secrets.length).toBeGreaterThan(20)
    const view = await ask<{ authority: { certificate: { pem: string } } }>(app.client, 'lab:view')
    const publicLine = view.authority.certificate.pem.split('\n')[5]!
    const ended = endOf(app.electron)
    await app.close()
    await ended
    const files = await filesIn(join(folder, 'user-data'))
    expect(files.length).toBeGreaterThan(3)
    const found: string[] = []
    let isSearchSound = false
    for (const path of files) {
      const content = await readFile(path, 'latin1')
      isSearchSound ||= content.includes(publicLine)
      for (const { name, text } of secrets) if (content.includes(text)) found.push(`${name} in ${path}`)
    }
    for (const { name, text } of secrets) if (output.includes(text)) found.push(`${name} in the output`)
    expect(found).toEqual([])
    // The authority's certificate is kept as a file: what is there is found.
    expect(isSearchSound).toBe(true)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

interface Secret {
  readonly name: string
  /** A form in which it could stand somewhere: base64, hex or raw, as one character a byte. */
  readonly text: string
}

/** Private keys and temporary keys of a run, as a person who asks gets them, in every form they could be found in. */
async function secretsOf(authority: Page, server: Page): Promise<readonly Secret[]> {
  const secrets: Secret[] = []
  const add = (name: string, bytes: Buffer): void => {
    for (const text of [bytes.toString('base64'), bytes.toString('hex'), bytes.toString('latin1')]) {
      secrets.push({ name, text })
    }
  }
  for (const [page, key] of [
    [authority, 'SK_CA'],
    [server, 'SK_S'],
  ] as const) {
    const view = await ask<{ pem: string; parts: Record<string, string> }>(page, 'key:reveal', { key })
    for (const [part, value] of Object.entries(view.parts)) add(`${key}, ${part}`, Buffer.from(value, 'hex'))
    // A line from the middle of the PEM text, which base64 of the parts would not show.
    secrets.push({ name: `${key} as PEM`, text: view.pem.split('\n')[8]! })
  }
  const records = await ask<
    readonly { id: string; role: string; members: { name: string; secret: boolean }[] }[]
  >(server, 'records:list')
  for (const { id, role, members } of records.filter((record) => record.role === 'server')) {
    for (const { name } of members.filter((member) => member.secret && member.name !== 'sk_s')) {
      const value = await ask<Record<string, number> | undefined>(server, 'records:reveal', {
        id,
        member: name,
      })
      if (value) add(`${name} of the ${role}`, Buffer.from(Object.values(value)))
    }
  }
  return secrets
}

function ask<T>(page: Page, name: string, argument?: unknown): Promise<T> {
  return page.evaluate(
    async ([call, value]) => {
      const lab = window.lab as unknown as {
        call: (name: string, argument: unknown) => Promise<{ value: T }>
      }
      return (await lab.call(call as string, value)).value
    },
    [name, argument] as const,
  )
}

async function endOf(electron: ElectronApplication): Promise<{ code: number | null; signal: string | null }> {
  const child = electron.process()
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return { code, signal }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
