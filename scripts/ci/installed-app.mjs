// Uses the installed app as a person would, in real windows: runs all steps, exports, looks at its sandbox, and opens a run that was
// saved.
//
//   node scripts/ci/installed-app.mjs --folder FOLDER --passphrase TEXT [--user NAME]
//
// --folder: where to export to, --passphrase: for the private key, --user: whom root runs the app as; that user must be
// able to write to the folder and beside it. The shipped app can't be driven through Node's inspector, so this goes
// through Chromium's remote debugging.
import '../setup/node-version.mjs'
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { withHiddenDisplay } from '../setup/display.mjs'
import { SetUpError } from '../setup/run.mjs'
import { check, expect, runChecks } from './checks.mjs'

/** @typedef {import('@playwright/test').Page} Page */

const APP = '/opt/handshake-lab/handshake-lab'
const WINDOWS = {
  authority: 'Certificate Authority – Handshake Lab',
  server: 'Application Server – Handshake Lab',
  client: 'Client – Handshake Lab',
}
/** Where things are in the client's window. */
const CLIENT = {
  runAll: (/** @type {Page} */ page) => page.getByRole('button', { name: 'Run all', exact: true }),
  stepsDone: (/** @type {Page} */ page) => page.getByRole('button', { name: /^Step \d.*\bdone\b/ }),
  export: (/** @type {Page} */ page) => page.getByRole('button', { name: 'Export…' }),
}
/** Where things are in the export dialog. */
const DIALOG = {
  item: (/** @type {Page} */ page, /** @type {string} */ title) =>
    page.getByRole('dialog').getByRole('checkbox', { name: title }),
  /** One more form of an item: a button that stays pressed. */
  form: (/** @type {Page} */ page, /** @type {string} */ title, /** @type {string} */ form) =>
    page
      .getByRole('dialog')
      .getByRole('group', { name: `Formats of ${title}` })
      .getByRole('button', { name: form, exact: true }),
  nothing: (/** @type {Page} */ page) =>
    page.getByRole('dialog').getByRole('button', { name: 'Nothing', exact: true }),
  passphrase: (/** @type {Page} */ page) =>
    page.getByRole('dialog').getByLabel('Passphrase', { exact: true }),
  repeated: (/** @type {Page} */ page) => page.getByRole('dialog').getByLabel('Repeat it'),
  export: (/** @type {Page} */ page) =>
    page.getByRole('dialog').getByRole('button', { name: 'Export', exact: true }),
  done: (/** @type {Page} */ page) =>
    page.getByRole('dialog').getByRole('button', { name: 'Done', exact: true }),
}
/** What is exported from the client's window: titles in the dialog, and the files they become. */
const PUBLIC = [
  { title: 'Authority certificate', file: 'ca.crt' },
  { title: 'Server certificate (X.509)', file: 'server.crt' },
  { title: 'Server certificate chain', file: 'server-chain.crt' },
  { title: 'Cert_S with the signed text', file: 'cert-s.json' },
  { title: 'Server public key', file: 'server-public.pem' },
]
/** The same from the server's window, with a form that is not the usual one. */
const PRIVATE = [
  { title: 'Server private key', file: 'server.key' },
  { title: 'Server private key', form: 'PKCS#12', file: 'server.p12' },
]

const STEPS = 8

const START_MS = 60_000
const STEPS_MS = 60_000
const EXPORT_MS = 30_000
const QUIT_MS = 20_000

const { folder, passphrase, user } = parseArgs({
  options: { folder: { type: 'string' }, passphrase: { type: 'string' }, user: { type: 'string' } },
}).values

await runChecks(async () => {
  if (!folder || !passphrase) throw new SetUpError('Usage: --folder FOLDER --passphrase TEXT [--user NAME]')
  await withHiddenDisplay(async (display) => {
    await useApp({ folder, passphrase, display })
    for (const suite of ['classic', 'modern']) await openRun({ folder, suite, display })
  })
})

/** @param {{ folder: string, passphrase: string, display: Record<string, string> }} options */
async function useApp({ folder, passphrase, display }) {
  const { chromium } = await import('@playwright/test')
  const app = startApp(folder, { data: 'user-data', display })
  try {
    const browser = await chromium.connectOverCDP(await app.debuggingAddress)
    const pages = () => browser.contexts().flatMap((context) => context.pages())

    await check('three windows open', () =>
      until(START_MS, async () => {
        const titles = await Promise.all(pages().map((page) => page.title()))
        const missing = Object.values(WINDOWS).filter((title) => !titles.includes(title))
        expect(missing.length === 0, `Missing: ${missing.join(', ')}. Open: ${titles.join(', ')}`)
      }),
    )
    const client = await pageWithTitle(pages(), WINDOWS.client)
    await check('Run all takes the client through all eight steps', async () => {
      await CLIENT.runAll(client).click()
      await until(STEPS_MS, async () => {
        const done = await CLIENT.stepsDone(client).count()
        expect(done === STEPS, `${done} of ${STEPS} steps are done`)
      })
    })
    const missing = (/** @type {readonly { file: string }[]} */ items) =>
      items.flatMap(({ file }) => (readdirSync(folder).includes(file) ? [] : [file]))
    await check('Export… writes the chosen files to the folder given', async () => {
      await CLIENT.export(client).click()
      for (const { title } of PUBLIC) await DIALOG.item(client, title).check()
      await DIALOG.export(client).click()
      await DIALOG.done(client).click({ timeout: EXPORT_MS })
      expect(missing(PUBLIC).length === 0, `Not there: ${missing(PUBLIC).join(', ')}`)
    })
    await check(
      'private keys are written once the app’s own question is answered with yes, no sooner',
      async () => {
        const server = await pageWithTitle(pages(), WINDOWS.server)
        await CLIENT.export(server).click()
        await DIALOG.nothing(server).click()
        for (const { title, form } of PRIVATE) {
          if (form === undefined) await DIALOG.item(server, title).check()
          else await DIALOG.form(server, title, form).click()
        }
        await DIALOG.passphrase(server).fill(passphrase)
        await DIALOG.repeated(server).fill(passphrase)
        await DIALOG.export(server).click()
        const question = await questionOnScreen(display)
        expect(missing(PRIVATE).length === PRIVATE.length, 'Written before anybody had answered')
        pressYes(question, display)
        await DIALOG.done(server).click({ timeout: EXPORT_MS })
        expect(missing(PRIVATE).length === 0, `Not there: ${missing(PRIVATE).join(', ')}`)
      },
    )
    await check('every window runs sandboxed', () => {
      const renderers = processes().filter(({ command }) => command.includes('--type=renderer'))
      expect(renderers.length >= 3, `${renderers.length} window processes found, at least 3 expected`)
      const open = renderers.filter(({ seccomp }) => seccomp !== 2)
      expect(open.length === 0, `Without a system call filter: ${open.map(({ id }) => id).join(', ')}`)
      const [main] = processes().filter(({ command }) => !command.includes('--type='))
      const shared = renderers.filter(({ userNamespace }) => userNamespace === main?.userNamespace)
      const isApart = main !== undefined && shared.length === 0
      expect(isApart, `In the user namespace of the main process: ${shared.map(({ id }) => id).join(', ')}`)
      expect(!main?.command.includes('--no-sandbox'), 'The app was started without its sandbox')
    })
    await check('the fuses of the installed program are those that were asked for', async () => {
      const wrong = await wrongFuses()
      expect(wrong.length === 0, `Not as configured: ${wrong.join(', ')}`)
    })
    await check('the licences of all that is bundled are in the package, and shown', async () => {
      const text = readFileSync(join(dirname(APP), 'resources/licences.txt'), 'utf8')
      const named = ['@vue/runtime-core', 'reka-ui', 'node-forge', 'valibot']
      const missing = named.filter((name) => !text.includes(`\n${name} `))
      expect(missing.length === 0, `Not named: ${missing.join(', ')}`)
      const shown = await client.evaluate(() => {
        const { lab } = /** @type {{ lab: { call: (name: string) => Promise<{ value?: string }> } }} */ (
          /** @type {unknown} */ (window)
        )
        return lab.call('lab:licences')
      })
      expect(shown.value === text, 'The app shows another text than the file has')
    })
    if (user) {
      await check('no process of the app is root’s', () => {
        const roots = processes().filter(({ userId }) => userId === 0)
        expect(roots.length === 0, roots.map(({ command }) => command).join('\n'))
      })
    }
    await check('the app ends when it is asked to, with all its processes', async () => {
      app.stop()
      await until(QUIT_MS, async () => {
        const left = processes()
        expect(left.length === 0, left.map(({ command }) => command).join('\n'))
      })
      const code = await app.ended
      expect(code === 0, `Its exit code is ${code}, 0 is expected`)
    })
  } finally {
    app.stop()
  }
}

/**
 * Opens a run that was saved by another start, at the first start of all: what the installed app has of its own is enough.
 * @param {{ folder: string, suite: string, display: Record<string, string> }} options
 */
async function openRun({ folder, suite, display }) {
  const { chromium } = await import('@playwright/test')
  const name = `version-1-${suite}.hlrun`
  // Where the one that the app runs as can read it.
  const path = join(folder, name)
  copyFileSync(join(import.meta.dirname, '../../test/vectors/runs', name), path)
  const app = startApp(folder, { data: `user-data-${suite}`, display, open: path })
  try {
    const browser = await chromium.connectOverCDP(await app.debuggingAddress)
    const pages = () => browser.contexts().flatMap((context) => context.pages())
    await check(
      `a run in ${suite} that was saved opens in all windows, and every check comes out as recorded`,
      () =>
        until(START_MS, async () => {
          for (const title of Object.values(WINDOWS)) {
            const page = await pageWithTitle(pages(), title)
            const bar = page.getByRole('region', { name: 'Recording' })
            const shown = await bar.innerText({ timeout: 1_000 })
            expect(/\b(\d+) of \1\b/.test(shown), `${title} says: ${shown}`)
            // A narrow window leaves both to the client's, and has them in the hint of its first word.
            const hint = (await bar.getByText('Recording', { exact: true }).getAttribute('title')) ?? ''
            for (const said of title === WINDOWS.client ? [shown, hint] : [hint]) {
              expect(said.includes(name), `${title} says: ${said}`)
              expect(said.includes('came out as recorded'), `${title} says: ${said}`)
            }
          }
        }),
    )
  } finally {
    app.stop()
    await app.ended
    rmSync(path)
  }
}

/**
 * @param {string} folder
 * @param {{ data: string, display: Record<string, string>, open?: string }} options data: name of the folder for its settings, beside
 *   the other one; open: a run to open
 */
function startApp(folder, { data, display, open }) {
  const args = [
    '--remote-debugging-port=0',
    `--user-data-dir=${join(folder, '..', data)}`,
    `--export-folder=${folder}`,
    ...(open === undefined ? [] : ['--open', open]),
  ]
  const asUser = user ? ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', '--'] : []
  const [command = APP, ...rest] = [...asUser, APP, ...args]
  const child = spawn(command, rest, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...display },
  })
  const ended = new Promise((resolve) => child.on('close', resolve))
  return { ended, debuggingAddress: debuggingAddress(child), stop: () => void child.kill() }
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<string>} where Chromium says it listens for a debugger
 */
function debuggingAddress(child) {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stderr?.on('data', (chunk) => {
      text += chunk
      const address = /DevTools listening on (ws:\S+)/.exec(text)?.[1]
      if (address) resolve(address)
    })
    child.on('error', reject)
    child.on('close', (code) =>
      reject(new Error(`The app ended with code ${code} before it could be used:\n${text}`)),
    )
  })
}

/**
 * Waits for a question of the app's own, which is no page: it is looked for on the display.
 * @param {Record<string, string>} display
 * @returns {Promise<string>} its window, as X11 numbers it
 */
async function questionOnScreen(display) {
  let found = ''
  await until(EXPORT_MS, async () => {
    found = xdotool(display, 'search', '--onlyvisible', '--name', '^Handshake Lab$').split('\n')[0] ?? ''
    expect(found !== '', 'The app has asked nothing')
  })
  return found
}

/**
 * Presses its right button of two, which is the one that agrees.
 * @param {string} question
 * @param {Record<string, string>} display
 */
function pressYes(question, display) {
  const shape = xdotool(display, 'getwindowgeometry', '--shell', question)
  const size = (/** @type {string} */ name) => Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(shape)?.[1])
  const x = Math.round(size('WIDTH') * 0.75)
  xdotool(display, 'mousemove', '--window', question, String(x), String(size('HEIGHT') - 20), 'click', '1')
}

/**
 * @param {Record<string, string>} display
 * @param {string[]} args
 * @returns {string} what it says
 */
function xdotool(display, ...args) {
  return (
    spawnSync('xdotool', args, { env: { ...process.env, ...display }, encoding: 'utf8' }).stdout?.trim() ?? ''
  )
}

/**
 * @param {readonly Page[]} pages
 * @param {string} title
 * @returns {Promise<Page>}
 */
async function pageWithTitle(pages, title) {
  for (const page of pages) if ((await page.title()) === title) return page
  throw new Error(`There is no window titled ${title}`)
}

/** @returns {Promise<string[]>} fuses that differ from what electron-builder.yml asks for */
async function wrongFuses() {
  const { FuseState, FuseV1Options, getCurrentFuseWire } = await import('@electron/fuses')
  const wire = /** @type {Record<number, number>} */ (/** @type {unknown} */ (await getCurrentFuseWire(APP)))
  const configuration = readFileSync(join(import.meta.dirname, '../../electron-builder.yml'), 'utf8')
  const section = /^electronFuses:\n((?: .*\n)+)/m.exec(configuration)?.[1] ?? ''
  const wanted = [...section.matchAll(/^ {2}(\w+): (true|false)$/gm)]
  const known = wanted.flatMap(([, name = '', value]) => {
    const option = /** @type {Record<string, unknown>} */ (FuseV1Options)[
      name[0]?.toUpperCase() + name.slice(1)
    ]
    return typeof option === 'number'
      ? [{ name, option, state: value === 'true' ? FuseState.ENABLE : FuseState.DISABLE }]
      : []
  })
  expect(known.length >= 8, `Only ${known.length} fuses found in the configuration`)
  return known.filter(({ option, state }) => wire[option] !== state).map(({ name }) => name)
}

/** @returns {{ id: string, command: string, userId: number, seccomp: number, userNamespace: string }[]} those that run the installed app */
function processes() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) => {
      try {
        const command = readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ')
        const status = readFileSync(`/proc/${id}/status`, 'utf8')
        const field = (/** @type {string} */ name) =>
          Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1])
        const userNamespace = readlinkSync(`/proc/${id}/ns/user`)
        return command.startsWith(APP)
          ? [{ id, command, userId: field('Uid'), seccomp: field('Seccomp'), userNamespace }]
          : []
      } catch {
        return [] // It has ended meanwhile.
      }
    })
}

/**
 * Repeats a check until it holds; its last error is the result when it never does.
 * @param {number} milliseconds
 * @param {() => Promise<void>} check
 */
async function until(milliseconds, check) {
  for (const end = Date.now() + milliseconds; ; await sleep(100)) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > end) throw error
    }
  }
}
