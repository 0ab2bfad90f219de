/** Whatever stands where the app keeps its own files: it starts, says what it set aside, and nothing is lost. */
import { expect, test } from '@playwright/test'
import { spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { clearPlaces, ownPlaces, type OwnPlaces } from '#main/files/own-places'
import { launchApp } from '../support/app'
import { smallCertificate } from '../support/inspected'
import { fingerprint, HOSTILE_FILES, type HostileFile } from '../support/hostile-files'

let folder: string
let userData: string
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handshake-lab-e2e-'))
  userData = join(folder, 'user-data')
  await mkdir(userData, { mode: 0o755 })
})
test.afterEach(() => rm(folder, { recursive: true, force: true }))

/** All kinds, as many at a time as there are places for them. */
function starts(): readonly (readonly (readonly [keyof OwnPlaces, HostileFile])[])[] {
  const left = [...HOSTILE_FILES]
  const rounds = []
  while (left.length > 0) {
    const round = (['settings', 'windows', 'exports', 'log', 'trustAnchor'] as const).flatMap((place) => {
      const isJson = place !== 'log' && place !== 'trustAnchor'
      const index = left.findIndex(({ isContent }) => isJson || !isContent)
      return left.splice(index, index < 0 ? 0 : 1).map((kind) => [place, kind] as const)
    })
    rounds.push(round)
  }
  return rounds
}

for (const round of starts()) {
  test(`with ${round.map(([place, { title }]) => `${title} for ${place}`).join(', ')}`, async () => {
    const places = ownPlaces(userData)
    clearPlaces(places)
    await chmod(userData, 0o755)
    const before = new Map<string, string>()
    for (const [place, { make }] of round) {
      await make(places[place])
      before.set(places[place], await fingerprint(places[place]))
    }
    // What says that the folder was the app's before.
    await writeFile(join(userData, 'Local State'), '{}')
    const app = await launchApp({ folder })
    for (const [place, { said }] of round) {
      const notice = app.client.getByText(`kept as ${places[place]}.damaged.`)
      await expect(notice).toBeVisible()
      await expect(notice).toContainText(said)
    }
    expect((await stat(userData)).mode & 0o777).toBe(0o700)
    await app.client.getByRole('button', { name: 'Run all', exact: true }).click()
    await expect(app.client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
    await app.close()
    for (const [path, is] of before) expect(await fingerprint(`${path}.damaged`)).toBe(is)
    expect(await readFile(places.trustAnchor, 'utf8')).toContain('BEGIN CERTIFICATE')
    expect(await readFile(places.log, 'utf8')).toContain('is kept as')
    expect(JSON.parse(await readFile(places.windows, 'utf8'))).toHaveProperty('client')
  })
}

test('what is opened in the inspector and is no file is said to be none, and the next file is read', async () => {
  test.skip(process.platform !== 'linux', 'Others have no such files.')
  const names = ['pipe', 'zero', 'huge']
  const [pipe, zero, huge] = names.map((name) => join(folder, name)) as [string, string, string]
  spawnSync('mkfifo', [pipe])
  await symlink('/dev/zero', zero)
  await writeFile(huge, '')
  await truncate(huge, 2 ** 33)
  const app = await launchApp({ folder })
  const page = app.client
  const inspector = page.getByRole('dialog', { name: 'Inspector' })
  for (const [path, said] of [
    [pipe, /Nothing came of the file|could not be read|is empty/],
    [zero, /Nothing came of the file|could not be read|is empty/],
    [huge, /no key or certificate is that long/],
  ] as const) {
    await page.locator('input[type=file]').setInputFiles(path)
    await expect(inspector).toContainText(basename(path), { timeout: 20_000 })
    await expect(inspector.getByRole('alert')).toContainText(said)
  }
  await page.locator('input[type=file]').setInputFiles(await smallCertificate())
  await expect(inspector).toContainText('CN=Small')
  await app.close()
})
