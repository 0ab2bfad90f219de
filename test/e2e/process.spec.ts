/** The app as a process: a second start, and signals. */
import { expect, test, type ElectronApplication, type Page } from '@playwright/test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
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
    await expect.poll(async () => (await visible()).length).toBe(3)
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

async function endOf(electron: ElectronApplication): Promise<{ code: number | null; signal: string | null }> {
  const child = electron.process()
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return { code, signal }
}
