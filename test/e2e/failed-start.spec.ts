/** A start that fails says so with a stable code, and ends. */
import { expect, test } from '@playwright/test'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPlainly } from '../support/start'

let folder: string

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handshake-lab-e2e-'))
  await writeFile(join(folder, 'file'), 'mine')
})
test.afterEach(() => rm(folder, { recursive: true, force: true }))

const said = (path: string): RegExp =>
  new RegExp(`could not start \\(user_data_not_usable\\): The folder ${path}, .*--user-data-dir=FOLDER\\.`)
/** Names of the windows on the display. */
function titlesOfWindows(): readonly string[] {
  const { stdout } = spawnSync('xwininfo', ['-root', '-tree'], { encoding: 'utf8' })
  return [...(stdout ?? '').matchAll(/^ +0x[\da-f]+ "([^"]*)"/gm)].map(([, title = '']) => title)
}

const NO_DISPLAY = { DISPLAY: '', WAYLAND_DISPLAY: '' }

test.describe('without a display', () => {
  test.skip(process.platform !== 'linux', 'Other systems always have one.')

  for (const path of ['file', 'file/below']) {
    test(`it says why the folder ${path} can’t be used, and ends at once`, async () => {
      const start = startPlainly([`--user-data-dir=${join(folder, path)}`], NO_DISPLAY)
      expect(await start.ended).toEqual({ code: 3, signal: null })
      expect(start.output()).toMatch(said(join(folder, path)))
      expect(await readFile(join(folder, 'file'), 'utf8')).toBe('mine')
    })
  }

  test('a folder that can only be read is refused as well', async () => {
    const start = startPlainly(['--user-data-dir=/proc/self'], NO_DISPLAY)
    expect(await start.ended).toEqual({ code: 3, signal: null })
    expect(start.output()).toMatch(said('/proc/self'))
  })
})

test.describe('a start that can’t go on says the true reason, and has an exit code of its own', () => {
  test.skip(process.platform !== 'linux', 'Folders and displays of Linux.')

  const cases = [
    ['where the configuration folder is a file', 3, () => ({ XDG_CONFIG_HOME: join(folder, 'file') })],
    ['where nothing can be made in the home folder', 3, () => ({ HOME: '/proc', XDG_CONFIG_HOME: '' })],
    ['where the temporary folder is not there', 5, () => ({ TMPDIR: join(folder, 'none') })],
    ['where the temporary folder has too long a path', 5, () => ({ TMPDIR: join(folder, 'x'.repeat(80)) })],
    ['without a display', 7, () => NO_DISPLAY],
    ['where nobody answers at the display', 8, () => ({ DISPLAY: ':9876', WAYLAND_DISPLAY: '' })],
  ] as const
  const CODES: Readonly<Record<number, string>> = {
    3: 'user_data_not_usable',
    5: 'temporary_folder_not_usable',
    7: 'no_display',
    8: 'display_not_reached',
  }
  for (const [title, code, env] of cases) {
    test(title, async () => {
      const args = code === 3 ? [] : [`--user-data-dir=${join(folder, 'user-data')}`]
      const start = startPlainly(args, { ...NO_DISPLAY, ...env() })
      expect(await start.ended).toEqual({ code, signal: null })
      expect(start.output()).toContain(`Handshake Lab could not start (${CODES[code]}): `)
      expect(start.output()).not.toContain('running already')
    })
  }

  test('where the folder for settings can’t be locked', async () => {
    const userData = join(folder, 'user-data')
    await mkdir(join(userData, 'SingletonLock'), { recursive: true })
    const start = startPlainly([`--user-data-dir=${userData}`], NO_DISPLAY)
    expect(await start.ended).toEqual({ code: 4, signal: null })
    expect(start.output()).toContain('could not start (user_data_not_lockable): ')
  })

  test('where processes can’t share memory, even with a display', async () => {
    const mount = spawnSync('unshare', ['--mount', 'true'])
    test.skip(mount.status !== 0, 'A /dev/shm of its own needs the right to mount one.')
    const start = startPlainly([`--user-data-dir=${join(folder, 'user-data')}`], {}, [], 'read', [
      'unshare',
      '--mount',
      'sh',
      '-c',
      'mount -t tmpfs -o ro none /dev/shm && exec "$0" "$@"',
    ])
    expect(await start.ended).toEqual({ code: 6, signal: null })
    expect(start.output()).toContain('could not start (shared_memory_not_usable): ')
  })

  test('a home that can’t be used is told in a window, too, which ends with the same code', async () => {
    const start = startPlainly([], { XDG_CONFIG_HOME: join(folder, 'file') })
    await expect.poll(() => titlesOfWindows()).toContain('Handshake Lab')
    expect(start.output()).toContain(`The folder ${join(folder, 'file', 'Handshake Lab')}, `)
    start.process.kill('SIGTERM')
    expect(await start.ended).toEqual({ code: 3, signal: null })
  })
})

test('with a display it waits until it was read, and ends with the same code whatever ends it', async () => {
  const start = startPlainly([`--user-data-dir=${join(folder, 'file')}`])
  await expect.poll(start.output).toMatch(said(join(folder, 'file')))
  expect(start.process.exitCode).toBeNull()
  start.process.kill('SIGTERM')
  expect(await start.ended).toEqual({ code: 3, signal: null })
})

test('the box is shown with the reason, and closing it ends the app', async () => {
  // Loaded before the app: what the box says goes to the terminal, and it is closed at once.
  const loader = join(folder, 'close-boxes.cjs')
  await writeFile(
    loader,
    `const { dialog } = require('electron')
    dialog.showMessageBox = async ({ type, message, detail }) => (console.error(JSON.stringify({ type, message, detail })), { response: 0 })`,
  )
  const start = startPlainly([`--user-data-dir=${join(folder, 'file')}`], {}, ['-r', loader])
  expect(await start.ended).toEqual({ code: 3, signal: null })
  const box = JSON.parse(/^\{.*\}$/m.exec(start.output())?.[0] ?? 'null') as unknown
  expect(box).toMatchObject({
    type: 'error',
    message: 'Handshake Lab could not start',
    detail: expect.stringContaining('(user_data_not_usable)') as unknown as string,
  })
})
