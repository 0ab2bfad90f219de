/** What a hostile page gets from the calls that a person decides, while no person does anything or says yes. */
import { expect, type Page } from '@playwright/test'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CALLS, mayCall, type CallName } from '#shared/ipc/contract'
import type { LabView } from '#shared/lab'
import { WINDOW_NAMES } from '#shared/windows'
import { launchApp, pageOf, type App } from '../support/app'
import { ask } from '../support/key-collector'
import { answerQuestions, press, questionsAsked } from '../support/person'
import { test } from '../support/shared-app'

const BYTES = 'a page made this'
/** The flags with which a page once confirmed all by itself. */
const FLAGS = { confirmPlain: true, confirmAuthorityKey: true, overwrite: true }

let app: App

test.beforeEach(async ({ openApp }) => {
  app = await openApp()
  await answerQuestions(app, false)
  await app.client.getByRole('button', { name: 'Run all' }).click()
  await expect(app.client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
  // What was pressed until now is over.
  await app.client.waitForTimeout(1_100)
})

const clipboard = (): Promise<string> => app.electron.evaluate(({ clipboard }) => clipboard.readText())
const written = (): string[] => readdirSync(app.exportFolder)

/** Arguments with which each call does its worst; every call that a person decides is here. */
const WORST: Partial<Record<CallName, unknown>> = {
  'log:show': undefined,
  'records:reveal': { id: 'x', member: 'x' },
  'authority:answer': { question: 1, isAllowed: true },
  'authority:allow-another': { name: 'ID-Server', isAllowed: true },
  'authority:stop': undefined,
  'authority:renew': undefined,
  'server:stop': undefined,
  'server:register': undefined,
  'key:reveal': { key: 'SK_S' },
  'export:show': { path: '/etc/passwd' },
  'text:copy': { text: BYTES },
  'window:show': { window: 'authority' },
  'help:show': { place: 'guide' },
  'walk:may-reset': undefined,
  'walk:register': undefined,
  'settings:set': { authorityIdentity: 'ID-Mine' },
  'export:choose-folder': undefined,
  'export:write': { files: [{ id: 'server-private-key/pem' }], ...FLAGS },
  'export:write-given': undefined,
  'export:copy': { files: [{ id: 'server-private-key/pem' }], ...FLAGS },
  'report:save': { form: 'html', secrets: true, bytes: true },
  'capture:save': undefined,
  'capture:save-keys': undefined,
  'capture:save-proof': undefined,
  'capture:save-dissector': undefined,
  'run:save': { secrets: 'in_clear' },
  'run:open': undefined,
  'run:open-keys': undefined,
  'run:reveal': { id: 'x', member: 'x' },
  'run:key': { key: 'SK_S' },
  'trial:save': { format: 'csv' },
  'attacks:save': { attack: 'ask-again', suite: 'modern', without: [] },
  'attacks:save-run': { attack: 'ask-again', suite: 'modern', without: [] },
  'workshop:write': { what: 'recipes', ids: ['good'] },
  'adversary:switch': { on: true },
  'adversary:leak': { key: 'SK_CA' },
  'adversary:save-script': undefined,
  'adversary:open-script': undefined,
  'authority:issue': {
    request: new Uint8Array(10),
    names: ['bank.example'],
    purposes: ['serverAuth'],
    days: 3650,
  },
  'authority:revoke': { serial: '00', reason: 'unspecified' },
  'authority:release': { serial: '00' },
}

test('what needs an act is refused without one, after one question, and no window is asked twice', async () => {
  const decided = Object.entries(CALLS).filter(([, { decides }]) => decides !== 'page')
  expect(decided.map(([name]) => name).sort()).toEqual(Object.keys(WORST).sort())
  for (const window of WINDOW_NAMES) {
    for (const [name, { decides }] of Object.entries(CALLS)) {
      if (decides !== 'act') continue
      const answer = await ask(await pageOf(app, window), name, WORST[name as CallName])
      const code = mayCall(window, name) ? 'not_asked_for' : 'forbidden'
      expect(answer, `${window}: ${name}`).toEqual({ code })
    }
    expect(await questionsAsked(app)).toHaveLength(1)
  }
  expect(await clipboard()).not.toBe(BYTES)
})

test('what would lose a key is asked once, however often a page brings it up, and a no leaves all as it is', async () => {
  const before = await ask(app.server, 'lab:view')
  const LOSING = [
    [app.server, 'server:stop'],
    [app.server, 'server:register'],
    [app.client, 'server:register'],
    [app.client, 'walk:register'],
    [app.authority, 'authority:stop'],
    [app.authority, 'authority:renew'],
    [app.authority, 'settings:set'],
  ] as const
  for (const [page, name] of LOSING) for (let time = 0; time < 3; time++) await ask(page, name, WORST[name])
  // One a window.
  expect((await questionsAsked(app)).length).toBeLessThanOrEqual(3)
  const kept = (lab: unknown) => {
    const { authority, server } = (lab as { value: LabView }).value
    const { status, registration, certificate } = server
    return [authority.status, authority.certificate, status, registration, certificate]
  }
  expect(kept(await ask(app.server, 'lab:view'))).toEqual(kept(before))
})

test('what somebody pressed counts in that window alone, and for a second', async () => {
  await press(app.server)
  expect(await ask(app.server, 'key:reveal', { key: 'SK_S' })).toHaveProperty('value.pem')
  expect(await ask(app.authority, 'key:reveal', { key: 'SK_CA' })).toEqual({ code: 'not_asked_for' })
  expect(await ask(app.server, 'key:reveal', { key: 'SK_CA' })).toEqual({ code: 'forbidden' })
  await app.server.waitForTimeout(1_100)
  expect(await ask(app.server, 'key:reveal', { key: 'SK_S' })).toEqual({ code: 'not_asked_for' })
})

test('no event that a page makes counts as one', async () => {
  await app.server.evaluate(() => {
    const button = document.querySelector('button')!
    for (const type of ['mousedown', 'mouseup', 'click', 'pointerdown'])
      button.dispatchEvent(new MouseEvent(type, { bubbles: true }))
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
  })
  expect(await ask(app.server, 'key:reveal', { key: 'SK_S' })).toEqual({ code: 'not_asked_for' })
})

test('no private key leaves without a yes, pressed or not, whatever the page sends with it', async () => {
  for (const window of WINDOW_NAMES) {
    for (const [owner, id] of [
      ['authority', 'ca-private-key/pem'],
      ['server', 'server-private-key/pem'],
    ] as const) {
      for (const name of ['export:write', 'export:copy'] as const) {
        const page = await pageOf(app, window)
        await press(page)
        const answer = await ask(page, name, { files: [{ id }], ...FLAGS })
        if (owner !== window) expect(answer, `${window}: ${id}`).toEqual({ code: 'forbidden' })
        else expect(answer.code, `${window}: ${id}`).toBeUndefined()
        expect(await questionsAsked(app), `${window}: ${id}`).toHaveLength(owner === window ? 1 : 0)
      }
    }
  }
  await press(app.server)
  const { value: key } = await ask<{ pem: string }>(app.server, 'key:reveal', { key: 'SK_S' })
  await press(app.server)
  expect(await ask(app.server, 'text:copy', { text: key?.pem })).toEqual({ code: 'not_asked_for' })
  expect(await questionsAsked(app)).toHaveLength(1)
  expect(written()).toEqual([])
  expect(await clipboard()).not.toContain('PRIVATE KEY')
})

test('no file is replaced, hidden or put beside what is chosen without a yes', async () => {
  writeFileSync(join(app.exportFolder, 'ca.crt'), 'mine')
  const given = (name: string) => ({
    files: [{ name, bytes: new Uint8Array([1]), private: false }],
    overwrite: [name],
  })
  for (const name of WINDOW_NAMES) {
    const page = await pageOf(app, name)
    const send = (file: string) =>
      page.evaluate(async (argument) => {
        const lab = window.lab as unknown as {
          call: (
            name: string,
            argument: unknown,
          ) => Promise<{ ok: boolean; value?: unknown; error?: { code: string } }>
        }
        const files = argument.files.map((file) => ({ ...file, bytes: Uint8Array.from([1]) }))
        const answer = await lab.call('export:write-given', { ...argument, files })
        return answer.ok ? (answer.value ?? 'declined') : answer.error?.code
      }, given(file))
    if (!mayCall(name, 'export:write-given')) {
      expect(await send('new.txt'), name).toBe('forbidden')
      continue
    }
    for (const name of ['.profile', '../x', '..', '/etc/x'])
      expect(await send(name), name).toBe('bad_argument')
    await press(page)
    expect(await send('ca.crt')).toBe('declined')
    await press(page)
    expect(await send('new.txt')).toBe('declined')
    await press(page)
    const files = [{ id: 'ca-certificate/pem' }]
    expect((await ask(page, 'export:write', { files, ...FLAGS })).value).toBeUndefined()
    expect(await questionsAsked(app)).toHaveLength(3)
  }
  expect(written()).toEqual(['ca.crt'])
  expect(readFileSync(join(app.exportFolder, 'ca.crt'), 'utf8')).toBe('mine')
})

test('nothing is leaked to the adversary without a yes, pressed or not', async () => {
  const page = await pageOf(app, 'adversary')
  // A page that still loads may ask later than an act counts.
  await expect(async () => {
    await press(page)
    expect(await ask(page, 'adversary:switch', { on: true })).not.toHaveProperty('code')
  }).toPass()
  await questionsAsked(app)
  for (const key of ['SK_CA', 'SK_S']) {
    await press(page)
    expect(await ask(page, 'adversary:leak', { key }), key).toEqual({ value: false })
  }
  expect(await questionsAsked(app)).toHaveLength(2)
  for (const window of WINDOW_NAMES.filter((name) => name !== 'adversary'))
    expect(await ask(await pageOf(app, window), 'adversary:leak', { key: 'SK_S' })).toEqual({
      code: 'forbidden',
    })
})

test('choosers come one at a time, and after one that was left none until somebody presses something', async () => {
  // Each chooser is left after a while, as a person would who never asked for it.
  await app.electron.evaluate(({ dialog }) => {
    const seen = { now: 0, most: 0, all: 0 }
    Object.assign(globalThis, { choosers: seen })
    const leave = async (): Promise<object> => {
      seen.all++
      seen.most = Math.max(seen.most, ++seen.now)
      await new Promise((resolve) => setTimeout(resolve, 200))
      seen.now--
      return { canceled: true, filePaths: [], filePath: '' }
    }
    dialog.showOpenDialog = leave as typeof dialog.showOpenDialog
    dialog.showSaveDialog = leave as typeof dialog.showSaveDialog
  })
  const choosers = () =>
    app.electron.evaluate(
      () => (globalThis as unknown as { choosers: { most: number; all: number } }).choosers,
    )
  const bring = (page: Page) =>
    page.evaluate(async () => {
      const lab = window.lab as unknown as { call: (name: string) => Promise<unknown> }
      const calls = ['export:choose-folder', 'run:open', 'capture:save-dissector', 'capture:save']
      await Promise.all(calls.flatMap((name) => Array.from({ length: 20 }, () => lab.call(name))))
    })
  for (const page of [app.client, app.server]) {
    await bring(page)
    await bring(page)
  }
  expect(await choosers()).toMatchObject({ most: 1, all: 2 })
  await press(app.client)
  await bring(app.client)
  expect(await choosers()).toMatchObject({ most: 1, all: 3 })
})

test('an argument that holds too much does not reach main', async () => {
  const tried = await app.client.evaluate(async () => {
    const lab = window.lab as unknown as {
      call: (name: string, argument?: unknown) => Promise<{ ok: boolean; error?: { code: string } }>
    }
    const large = {
      numbers: Array.from({ length: 2_000_000 }, (_, index) => index),
      members: Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`k${index}`, index])),
      bytes: new Uint8Array(100_000_000),
      text: 'x'.repeat(50_000_000),
      map: new Map([[1, 'x'.repeat(50_000_000)]]),
      number: 10n ** 10_000n,
    }
    const found: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(large)) {
      const answer = await lab.call('log:report', { where: 'x', failure: value }).catch(() => undefined)
      found[name] = answer?.error?.code ?? 'not sent'
    }
    const long = await lab.call('x'.repeat(50_000_000)).catch(() => undefined)
    return { ...found, long: long?.error?.code ?? 'not sent' }
  })
  for (const [name, code] of Object.entries(tried)) expect(['bad_argument', 'not sent'], name).toContain(code)
  // Main's own word for it ends with where the count was; nothing of it was ever main's to count.
  expect(await app.electron.evaluate(() => process.memoryUsage().arrayBuffers)).toBeLessThan(50_000_000)
})

test('of calls that wait for an answer a window has so many, and one for the bytes of a connection', async () => {
  const found = await app.client.evaluate(async () => {
    const lab = window.lab as unknown as {
      call: (
        name: string,
        argument?: unknown,
      ) => Promise<{ ok: boolean; value?: { id: number }; error?: { code: string } }>
    }
    const { value } = await lab.call('link:open')
    const id = value?.id ?? 0
    void lab.call('link:read', { id })
    const second = await lab.call('link:read', { id })
    // Nobody releases this step: whoever waits for it goes on waiting.
    const codes = new Map<string, number>()
    const note = (answer: { error?: { code: string } }): void => {
      const code = answer.error?.code ?? 'ok'
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    const waits = Array.from({ length: 1_000 }, () =>
      lab.call('walk:reached', { step: 8, connection: 'connection-9999' }).then(note),
    )
    await Promise.race([Promise.all(waits), new Promise((resolve) => setTimeout(resolve, 3_000))])
    await lab.call('link:close', { id })
    return { second: second.error?.code, codes: Object.fromEntries(codes) }
  })
  expect(found.second).toBe('already_running')
  expect(await ask(app.server, 'lab:view')).toHaveProperty('value.server.status', 'running')
  console.info(JSON.stringify(found.codes))
})

test('a page takes the keyboard from no other window', async () => {
  await app.electron.evaluate(({ BrowserWindow }) => {
    const found = BrowserWindow.getAllWindows().find((each) =>
      each.webContents.getURL().includes('/authority/'),
    )
    found?.show()
    found?.focus()
  })
  await press(app.authority)
  await app.server.waitForTimeout(1_100)
  const focused = () =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getFocusedWindow()?.webContents.getURL() ?? '')
  expect(await focused()).toContain('/authority/')
  for (const [name, argument] of [
    ['window:show', { window: 'server' }],
    ['help:show', { place: 'guide' }],
  ] as const)
    for (let time = 0; time < 5; time++)
      expect(await ask(app.server, name, argument)).toEqual({ code: 'not_asked_for' })
  expect(await focused()).toContain('/authority/')
  await press(app.server)
  expect(await ask(app.server, 'window:show', { window: 'server' })).not.toHaveProperty('code')
  await expect.poll(focused).toContain('/server/')
})

test('a folder that an earlier start had chosen, or that a file names, is none to write to', async () => {
  const folder = test.info().outputPath('earlier')
  mkdirSync(join(folder, 'user-data'), { recursive: true })
  writeFileSync(join(folder, 'user-data', 'export.json'), JSON.stringify({ folder }))
  const { client, close } = await launchApp({ folder, args: ['--export-folder='] })
  try {
    await client.getByRole('button', { name: 'Run all' }).click()
    await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
    const { value: plan } = await ask<{ folder?: string; files: unknown[] }>(client, 'export:plan')
    expect(plan?.files.length).toBeGreaterThan(0)
    expect(plan?.folder).toBeUndefined()
    const files = [{ id: 'ca-certificate/pem' }]
    expect(await ask(client, 'export:write', { files })).toEqual({ code: 'export_folder_missing' })
  } finally {
    await close()
  }
})
