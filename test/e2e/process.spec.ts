/** The app as a process: a second start, and signals. */
import { expect, test, type ElectronApplication, type Page } from '@playwright/test'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROLES } from '#shared/hl1/roles'
import { launchApp, ROOT } from '../support/app'
import { startPlainly, type Start } from '../support/start'

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

test.describe('a signal to all of its processes', () => {
  test.skip(process.platform === 'win32', 'Windows has no groups of processes.')

  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
    test(`${signal}, as a closed terminal or systemd sends it, ends the app quietly, and all that it listens on`, async () => {
      const pages = (group: number) => livingInGroup(group).filter((line) => line.includes('--type=renderer'))
      const { start, remove } = await startInFolder()
      try {
        await expect.poll(() => pages(start.process.pid!)).toHaveLength(ROLES.length)
        process.kill(-start.process.pid!, signal)
        const end = await start.ended
        expect(start.output()).not.toMatch(/FATAL|Goodbye|Error:/)
        expect(end).toEqual({ code: 0, signal: null })
        expect(livingInGroup(start.process.pid!)).toEqual([])
      } finally {
        await remove()
      }
    })
  }

  // Chromium takes it for a fault of its own when the process that starts all others is gone while it asks for one.
  test('SIGTERM in the midst of a start leaves nothing running, whatever Chromium makes of it', async () => {
    const { start, userData, remove } = await startInFolder()
    try {
      await expect.poll(() => readdir(userData).catch(() => [])).toContain('Local Storage')
      process.kill(-start.process.pid!, 'SIGTERM')
      await start.ended
      await expect.poll(() => livingInGroup(start.process.pid!)).toEqual([])
    } finally {
      await remove()
    }
  })
})

test.describe('output that nobody can take', () => {
  test.skip(process.platform !== 'linux', 'Pipes and devices of Linux.')

  /** Each with a notice, which is printed at the start. */
  for (const [title, streams] of [
    ['a pipe that was closed', closedPipe],
    ['a device that is full', () => openSync('/dev/full', 'w')],
  ] as const) {
    test(`${title} stops nothing: windows open, and the app ends when it is asked to`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'handshake-lab-e2e-'))
      const userData = join(folder, 'user-data')
      const output = streams()
      const args = [`--user-data-dir=${userData}`, '--lifetime=never']
      const start = startPlainly(args, {}, [], ['ignore', output, output])
      closeSync(output)
      try {
        const log = join(userData, 'logs/handshake-lab.log')
        await expect.poll(() => readFile(log, 'utf8').catch(() => '')).toContain('Option left out.')
        start.process.kill('SIGTERM')
        expect(await start.ended).toEqual({ code: 0, signal: null })
        expect(await readFile(log, 'utf8')).not.toContain('Nobody has caught')
        // Where windows stood is written at an end in good order alone.
        expect(await readdir(userData)).toContain('windows.json')
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    })
  }
})

/** A start without Playwright, with a user data folder that goes away when it is over. */
async function startInFolder(): Promise<{ start: Start; userData: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'handshake-lab-e2e-'))
  const userData = join(folder, 'user-data')
  const start = startPlainly([`--user-data-dir=${userData}`])
  return { start, userData, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** The writing end of a pipe that nobody reads any more. */
function closedPipe(): number {
  const folder = mkdtempSync(join(tmpdir(), 'handshake-lab-pipe-'))
  const path = join(folder, 'pipe')
  spawnSync('mkfifo', [path])
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const writer = openSync(path, constants.O_WRONLY)
  closeSync(reader)
  rmSync(folder, { recursive: true })
  return writer
}

/** Command lines of a group's processes that still run. */
function livingInGroup(group: number): readonly string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pgid=,stat=,args='], { encoding: 'utf8' })
  return stdout.split('\n').filter((line) => {
    const [pgid, stat = 'Z'] = line.trim().split(/\s+/)
    return Number(pgid) === group && !stat.startsWith('Z')
  })
}

async function endOf(electron: ElectronApplication): Promise<{ code: number | null; signal: string | null }> {
  const child = electron.process()
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return { code, signal }
}
