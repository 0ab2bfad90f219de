/** A disk without room for the settings: the old ones hold and stay whole, and the app says so. */
import { expect, test, type Page } from '@playwright/test'
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchApp } from '../support/app'
import { takePictures } from '../support/looks'

/** Room for what Chromium keeps in the folder, in MiB. */
const DISK = 64

let folder: string
let userData: string

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handshake-lab-e2e-'))
  userData = join(folder, 'user-data')
  await mkdir(userData)
})
test.afterEach(async () => {
  spawnSync('umount', ['-l', userData])
  await rm(folder, { recursive: true, force: true })
})

/** Takes all the room that is left; a file that grows takes none of what others have. */
async function fillDisk(path: string): Promise<void> {
  const file = await open(path, 'w')
  try {
    for (const size of [1 << 20, 1 << 12, 1]) {
      const bytes = Buffer.alloc(size)
      let code: string | undefined
      while (code === undefined) {
        code = await file.appendFile(bytes).then(
          () => undefined,
          (error: NodeJS.ErrnoException) => error.code ?? 'unknown',
        )
      }
      expect(code).toBe('ENOSPC')
    }
  } finally {
    await file.close()
  }
}

async function save(page: Page, lifetime: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Session lifetime').fill(lifetime)
  await dialog.getByRole('button', { name: 'Save' }).click()
}

test('settings that have no room are refused with a code, and the old file stays whole', async () => {
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}m`, 'none', userData])
  test.skip(mounted.status !== 0, 'A disk of its own needs the right to mount one.')
  const app = await launchApp({ folder })
  const { client } = app
  const open = () => client.getByRole('button', { name: 'Settings…' }).click()
  const dialog = client.getByRole('dialog')
  await open()
  await save(client, '100')
  await expect(dialog).toHaveCount(0)
  const path = join(userData, 'settings.json')
  const kept = await readFile(path, 'utf8')
  expect(kept).toContain('"lifetime": 100')

  const filler = join(userData, 'filler')
  await fillDisk(filler)
  await open()
  await save(client, '200')
  const said = dialog.getByRole('alert')
  await expect(said).toContainText('There is no room left')
  await expect(said).toContainText('The settings stay as they were')
  await expect(said).toContainText('settings_disk_full')
  await takePictures(client, (theme) => `settings-disk-full-${theme}.png`)
  expect(await readFile(path, 'utf8')).toBe(kept)
  expect((await readdir(userData)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  // The lab goes on as it was.
  await client.keyboard.press('Escape')
  await client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  await expect(client.getByText(/1:\d\d left/)).toBeVisible()

  // Room again: the same is kept now.
  await rm(filler)
  await open()
  await save(client, '300')
  await expect(dialog).toHaveCount(0)
  await fillDisk(filler)
  await app.close()

  await rm(filler)
  // As a program leaves it that is killed in the middle of writing.
  await writeFile(join(userData, '.handshake-lab-9999999999-0123456789abcdef.tmp'), '{"life')
  const next = await launchApp({ folder })
  await next.client.getByRole('button', { name: 'Settings…' }).click()
  await expect(next.client.getByRole('dialog').getByLabel('Session lifetime')).toHaveValue('300')
  expect((await readdir(userData)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  await next.close()
})
