/** A start that fails says so with a stable code, and ends. */
import { expect, test } from '@playwright/test'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
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
const NO_DISPLAY = { DISPLAY: '', WAYLAND_DISPLAY: '' }

test.describe('without a display', () => {
  test.skip(process.platform !== 'linux', 'Other systems always have one.')

  for (const path of ['file', 'file/below']) {
    test(`it says why the folder ${path} can’t be used, and ends at once`, async () => {
      const start = startPlainly([`--user-data-dir=${join(folder, path)}`], NO_DISPLAY)
      expect(await start.ended).toEqual({ code: 1, signal: null })
      expect(start.output()).toMatch(said(join(folder, path)))
      expect(await readFile(join(folder, 'file'), 'utf8')).toBe('mine')
    })
  }

  test('a folder that can only be read is refused as well', async () => {
    const start = startPlainly(['--user-data-dir=/proc/self'], NO_DISPLAY)
    expect(await start.ended).toEqual({ code: 1, signal: null })
    expect(start.output()).toMatch(said('/proc/self'))
  })
})

test('with a display it waits until it was read, and ends with the same code whatever ends it', async () => {
  const start = startPlainly([`--user-data-dir=${join(folder, 'file')}`])
  await expect.poll(start.output).toMatch(said(join(folder, 'file')))
  expect(start.process.exitCode).toBeNull()
  start.process.kill('SIGTERM')
  expect(await start.ended).toEqual({ code: 1, signal: null })
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
  expect(await start.ended).toEqual({ code: 1, signal: null })
  const box = JSON.parse(/^\{.*\}$/m.exec(start.output())?.[0] ?? 'null') as unknown
  expect(box).toMatchObject({
    type: 'error',
    message: 'Handshake Lab could not start',
    detail: expect.stringContaining('(user_data_not_usable)') as unknown as string,
  })
})
