/**
 * Where keys must not be: on disk, in what the app says, in command lines and environments, and, once a role has forgotten
 * them, in memory. Every search has something planted to find, so that finding nothing else says something.
 */
import { expect, test, type Page } from '@playwright/test'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { ROLES } from '#shared/hl1/roles'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITES, SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'
import { launchApp, type App } from '../support/app'
import { heapOfMain, heapOfPage, type Heap } from '../support/heap'
import {
  ask,
  codesOfRevealing,
  KeyCollector,
  overhearToFile,
  revealInClient,
  revealInMain,
  secretMembersOf,
} from '../support/key-collector'
import { answerQuestions, chooseInQuestions } from '../support/person'
import { lookAtProcesses } from '../support/processes'
import { suitesInWindows } from '../support/sample'
import { SecretSearch, type Secret } from '../support/secret-search'
import { startPlainly } from '../support/start'

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const step = (page: Page, number: number) =>
  page.getByRole('button', { name: new RegExp(`^Step ${number},`) })

/** What was said and seen from outside during a run, by place. */
type Places = Map<string, string>

function add(places: Places, place: string, text: string): void {
  places.set(place, (places.get(place) ?? '') + text)
}

test('no key is on disk, in output, in command lines or environments, in or after a run of everything', async () => {
  test.setTimeout(300_000)
  const folder = await mkdtemp(join(tmpdir(), 'handshake-lab-e2e-'))
  const planted: Secret = { name: 'planted', bytes: randomBytes(32) }
  const hex = Buffer.from(planted.bytes).toString('hex')
  const places: Places = new Map()
  try {
    // Whatever the app or Chromium writes anywhere, it writes in here.
    const env = Object.fromEntries(
      ['TMPDIR', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME'].map((name) => [
        name,
        join(folder, name),
      ]),
    )
    for (const path of Object.values(env)) await mkdir(path)
    const app = await launchApp({
      folder,
      args: ['--lifetime=3600', `--planted=${hex}`],
      env: { ...env, PLANTED: hex },
    })
    listen(app, places)
    expect(await app.electron.evaluate(({ app: program }) => program.getPath('crashDumps'))).toContain(folder)
    const collector = await KeyCollector.attach(app)
    const look = async (): Promise<void> => {
      await collector.collect()
      const { commandLines, environments } = lookAtProcesses(app.electron.process().pid!)
      add(places, 'command lines', commandLines)
      add(places, 'environments', environments)
    }

    for (const suite of SUITE_NAMES) await runEverything(app, suite, look)
    expectEveryKey(collector)
    await exportPlain(app)
    await crashClient(app)
    await stopRoles(app)
    await app.electron.evaluate((_, text) => console.error(`planted ${text}`), hex)
    await app.server.evaluate((text) => console.warn(`planted ${text}`), hex)
    // Kept as the settings are: the one secret that everybody knows.
    const kBoot = randomBytes(8)
    await ask(app.server, 'settings:set', { bootstrapKey: kBoot.toString('hex') })
    await app.close()

    const failed = startPlainly([`--user-data-dir=${join(folder, 'user-data', 'settings.json')}`], {
      ...env,
      DISPLAY: '',
      WAYLAND_DISPLAY: '',
    })
    await failed.ended
    add(places, 'output of a failed start', failed.output())

    const search = new SecretSearch([...collector.secrets, planted, { name: 'K_boot', bytes: kBoot }])
    const found: Record<string, readonly string[]> = {}
    const lookIn = (place: string, content: Uint8Array | string): void => {
      const names = search.find(content)
      if (names.length > 0) found[place] = names
    }
    for (const [place, text] of places) lookIn(place, text)
    const files = await filesIn(folder)
    // Among them is the log, which has had something to say: a page was killed.
    const log = join(folder, 'user-data', 'logs', 'handshake-lab.log')
    expect(files).toContain(log)
    expect(await readFile(log, 'utf8')).toContain('The process of the window client is gone: killed')
    for (const path of files) lookIn(relative(folder, path), await readFile(path))
    console.info(`${collector.secrets.length} secrets, ${files.length} files, ${places.size} other places`)

    const exported = found['exported/server.key'] ?? []
    expect(exported).toContain('SK_S, pkcs8')
    expect({ ...found, 'exported/server.key': [] }).toEqual({
      'command lines': ['planted'],
      environments: ['planted'],
      output: ['planted'],
      console: ['planted'],
      'user-data/settings.json': ['K_boot'],
      'exported/server.key': [],
    })
    expect(places.get('output of a failed start')).toContain('user_data_not_usable')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

/** Takes down what the app says, and the texts of what goes wrong in its pages. */
function listen(app: App, places: Places): void {
  for (const stream of [app.electron.process().stdout, app.electron.process().stderr]) {
    stream?.on('data', (chunk: Buffer) => add(places, 'output', chunk.toString('latin1')))
  }
  for (const page of [app.authority, app.server, app.client]) {
    page.on('console', (message) => add(places, 'console', `${message.text()}\n`))
    page.on('pageerror', (error) => add(places, 'page errors', `${error.stack ?? error.message}\n`))
  }
}

/** All steps one by one, a session made anew, a walk started over, another authority; `look` is called before keys go. */
async function runEverything(app: App, suite: SuiteName, look: () => Promise<void>): Promise<void> {
  const { client, server } = app
  await chooseInQuestions(app, 'Start over', 'Make new authority')
  await button(client, SUITES[suite].title).click()
  await expect(button(client, SUITES[suite].title)).toHaveAttribute('aria-pressed', 'true')
  await button(client, 'Start over').click()
  for (const role of ['authority', 'server'] as const) {
    const start = button(app[role], `Start ${role}`)
    if (await start.isVisible()) await start.click()
    await expect(button(app[role], 'Stop')).toBeVisible()
  }
  for (const number of STEP_NUMBERS) {
    await button(client, 'Next step').click()
    await expect(step(client, number)).toHaveAccessibleName(/done/)
    await expect(button(client, 'Next step')).not.toHaveAttribute('aria-busy')
    if (number === 2 || number === 5) await look()
  }
  await look()
  await button(client, 'Renew').click()
  await expect(step(client, 6)).toHaveAccessibleName(/done/)
  await button(client, 'Send request').click()
  await expect(step(client, 8)).toHaveAccessibleName(/done/)
  await look()
  await button(client, 'Start over').click()
  await expect(step(client, 8)).toHaveAccessibleName(/not yet/)
  await ask(app.authority, 'authority:renew')
  await ask(server, 'server:register')
  await button(client, 'Run all').click()
  await expect(step(client, 8)).toHaveAccessibleName(/done/)
  await look()
}

/** The search is worth as much as what it looks for: of each kind of key, one for each run that made one. */
function expectEveryKey({ counts }: KeyCollector): void {
  const least: Readonly<Record<string, number>> = {
    'SK_CA, pkcs8': 3,
    'SK_S, pkcs8': 4,
    'k_tmp1 of the authority': 4,
    'k_tmp2 of the server': 6,
    'k_sess of the server': 6,
    'second temporary key of the client': 6,
    'session key of the client': 6,
    'ephemeral private key': 6,
    'derived by ECDH': 3,
    'key for AES-GCM': 12,
  }
  for (const [name, count] of Object.entries(least)) {
    expect(counts[name] ?? 0, `${name} of ${JSON.stringify(counts)}`).toBeGreaterThanOrEqual(count)
  }
}

/** The one way to a file, taken on purpose. */
async function exportPlain(app: App): Promise<void> {
  await answerQuestions(app, true)
  const files = [{ id: 'server-private-key/pem' }]
  expect(await ask(app.server, 'export:write', { files })).toHaveProperty('value.folder', app.exportFolder)
}

async function crashClient({ electron, server }: App): Promise<void> {
  await electron.evaluate(async ({ BrowserWindow }) => {
    const page = BrowserWindow.getAllWindows().find(({ webContents }) =>
      webContents.getURL().includes('/client/'),
    )?.webContents
    if (!page) return
    const gone = new Promise((resolve) => page.once('render-process-gone', resolve))
    const back = new Promise<void>((resolve) => page.once('did-finish-load', () => resolve()))
    process.kill(page.getOSProcessId(), 'SIGKILL')
    await Promise.all([gone, back])
  })
  await server.getByRole('tab', { name: /^Sessions/ }).click()
  await expect(server.getByText('Live', { exact: true })).toHaveCount(0)
}

/** Stops both roles as a person does: nothing can be revealed or exported any more. */
async function stopRoles(app: App): Promise<void> {
  const { authority, server } = app
  const members = {
    authority: await secretMembersOf(authority, 'authority'),
    server: await secretMembersOf(server, 'server'),
  }
  expect(members.authority.length).toBeGreaterThan(0)
  expect(members.server.length).toBeGreaterThan(0)
  await chooseInQuestions(app, 'Stop')
  await button(server, 'Stop').click()
  await button(authority, 'Stop').click()
  for (const page of [authority, server])
    await expect(page.getByText('Stopped', { exact: true })).toBeVisible()
  expect(await codesOfRevealing(app, members)).toEqual(['no_key', 'unknown_record'])
  for (const [page, id] of [
    [server, 'server-private-key/pem'],
    [authority, 'ca-private-key/pem'],
  ] as const) {
    const request = { files: [{ id }], overwrite: true }
    expect(await ask(page, 'export:write', request), id).toEqual({ code: 'export_not_available' })
    expect(await ask(page, 'export:copy', request), id).toEqual({ code: 'export_not_available' })
  }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

for (const suite of suitesInWindows('classic')) {
  test(`what a role has forgotten is not in its memory any more: ${suite}`, async () => {
    test.setTimeout(300_000)
    const app = await launchApp({ args: ['--lifetime=3600', `--suite=${suite}`] })
    const { server, client } = app
    const heard = await overhearToFile(app, join(app.folder, 'heard'))
    await button(client, 'Run all').click()
    await expect(step(client, 8)).toHaveAccessibleName(/done/)
    const all = [...(await revealInMain(app)), ...(await revealInClient(client)), ...heard()]
    // Those of the registration stay for as long as their roles run.
    const lasting = new Set(all.filter(({ name }) => /SK_|sk_s|k_tmp1/.test(name)).map(hexOf))
    const passing = all.filter((secret) => !lasting.has(hexOf(secret)))
    const [everything, ofSession] = [new SecretSearch(all), new SecretSearch(passing)]

    // What is there is found: bytes in both processes, the text of a key in main, and of what is on screen in the page.
    await button(client, 'Reveal the session key').click()
    await expect(button(client, 'Hide the session key')).toBeVisible()
    const [main, page] = [await heapOfMain(app), await heapOfPage(app, 'client')]
    expect(everything.find(main.texts)).toEqual(expect.arrayContaining(['SK_CA, pkcs8', 'SK_S, pkcs8']))
    expect(ofSession.find(main.bytes)).toEqual(
      expect.arrayContaining(['k_sess of the server', 'k_tmp2 of the server']),
    )
    expect(ofSession.find(page.bytes)).toEqual(
      expect.arrayContaining(['second temporary key of the client', 'session key of the client']),
    )
    expect(ofSession.find(page.texts)).toContain('session key of the client')
    if (suite === 'modern') expect(ofSession.find(main.bytes)).toContain('key for AES-GCM')

    await server.getByRole('tab', { name: /^Sessions/ }).click()
    await server.getByRole('button', { name: /^End the session/ }).click()
    await expect(client.getByRole('alert')).toContainText('The server has ended the session')
    const after = (): Promise<Heap>[] => [
      heapOfMain(app),
      heapOfPage(app, 'client'),
      heapOfPage(app, 'server'),
    ]
    expect(await foundIn(ofSession, after)).toEqual([])

    await stopRoles(app)
    const heaps = (): Promise<Heap>[] => [heapOfMain(app), ...ROLES.map((role) => heapOfPage(app, role))]
    expect(await foundIn(everything, heaps)).toEqual([])
    await app.close()
  })
}

function hexOf({ bytes }: Secret): string {
  return Buffer.from(bytes).toString('hex')
}

/** What is found in all of these heaps. On a busy machine what works with a value may let go of it a moment later. */
async function foundIn(
  search: SecretSearch,
  heaps: () => readonly Promise<Heap>[],
  looks = 3,
): Promise<readonly string[]> {
  const found: string[] = []
  for (const { texts, bytes } of await Promise.all(heaps()))
    found.push(...search.find(texts), ...search.find(bytes))
  return found.length === 0 || looks === 1 ? found : foundIn(search, heaps, looks - 1)
}
