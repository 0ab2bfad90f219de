/** A window more is a row more: nothing else has to know of it. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MenuItemConstructorOptions } from 'electron'
import { requireOwnKey, roleOf } from '#main/ipc/rights'
import { answerer, type Handlers } from '#main/ipc/answer'
import { RecordNews } from '#main/lab/record-news'
import { menuTemplate } from '#main/windows/menu'
import { newsOfLoss } from '#main/windows/page-news'
import { defaultPlacement } from '#main/windows/arrangement'
import { ROLES, type Role } from '#shared/hl1/roles'
import { CALLS, mayCall } from '#shared/ipc/contract'
import type { RecordsChange } from '#shared/lab'
import type { Hl1Entry } from '#shared/hl1/types'
import { connectionOf, expectNone } from '../../support/context'
import { namesOf, WINDOWS, type WindowRow, type WindowTable } from '#shared/windows'

type Name = keyof typeof WINDOWS | 'wire'

const WIRE: WindowRow = {
  title: 'Wire',
  role: undefined,
  opens: false,
  share: { left: 0.25, top: 0.25, right: 0.75, bottom: 1 },
  minimum: { width: 600, height: 400 },
  comfortable: { width: 600, height: 400 },
  records: 'app',
  dialogs: [],
}
const TABLE: WindowTable<Name> = { ...WINDOWS, wire: WIRE }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('stands at its share of the screen, and the others where they were', () => {
  const area = { x: 10, y: 20, width: 2000, height: 1000 }
  const { wire, ...others } = defaultPlacement(area, TABLE)
  expect(wire).toEqual({ x: 510, y: 270, width: 1000, height: 750 })
  expect(others).toEqual(defaultPlacement(area, WINDOWS))
  expect(defaultPlacement({ x: 0, y: 0, width: 800, height: 300 }, TABLE).wire).toEqual({
    x: 200,
    y: 0,
    width: 600,
    height: 300,
  })
})

describe('the menu', () => {
  function open(focused?: Name) {
    const done: string[] = []
    const menu = menuTemplate<Name>(
      {
        named: () => focused,
        show: (name) => void done.push(`show ${name}`),
        showAll: () => void done.push('show all'),
        arrange: () => void done.push('arrange'),
        print: (name) => void done.push(`print ${name}`),
        ask: (name, _, { dialog }) => void done.push(`${dialog} in ${name}`),
        askForFiles: async (name) => void done.push(`files in ${name}`),
        askForCapture: (name, what) => void done.push(`${what} of ${name}`),
        askForRun: (name) => void done.push(`run at ${name}`),
        toggleClock: () => void done.push('toggle clock'),
        quit: (name) => void done.push(`quit at ${name ?? 'none'}`),
        showHelp: (place) => void done.push(`help${place === undefined ? '' : ` at ${place}`}`),
        askForHelp: (name) => void done.push(`help on ${name}`),
      },
      TABLE,
      { development: false },
    )
    const items = menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
    const click = (label: string): void => {
      const found = items.find((item: MenuItemConstructorOptions) => item.label === label)
      ;(found?.click as ((...given: unknown[]) => void) | undefined)?.({}, undefined, {})
    }
    return { items, click, done }
  }

  it('lists it after the others, with the next number', () => {
    const { items, click, done } = open()
    const windows = items.filter(({ accelerator }) => /\+[1-9]$/.test(String(accelerator)))
    expect(windows.map(({ label, accelerator }) => [label, accelerator])).toEqual([
      ['Certificate Authority', 'CommandOrControl+1'],
      ['Application Server', 'CommandOrControl+2'],
      ['Client', 'CommandOrControl+3'],
      ['Wire', 'CommandOrControl+4'],
    ])
    click('Wire')
    expect(done).toEqual(['show wire'])
  })

  it('opens in it what every window has, and elsewhere what it has not', async () => {
    const { click, done } = open('wire')
    click('Settings…')
    click('Lifetime trial…')
    click('Open…')
    await vi.runAllTimersAsync()
    expect(done).toEqual([
      'show wire',
      'settings in wire',
      'show client',
      'trial in client',
      'show wire',
      'files in wire',
    ])
    expect(open().items.length).toBeGreaterThan(10)
  })

  it('asks the client where no window has the focus', () => {
    const { click, done } = open()
    click('Export…')
    expect(done).toEqual(['show client', 'export in client'])
  })
})

describe('its calls', () => {
  it('are those that every window has, and none of the client’s or of a role', () => {
    const its = Object.keys(CALLS).filter((name) => mayCall('wire', name))
    expect(its).toContain('lab:view')
    expect(its).toContain('records:list')
    expect(its).toEqual(Object.keys(CALLS).filter((name) => ROLES.every((role) => mayCall(role, name))))
    for (const name of ['walk:release', 'link:open', 'server:stop', 'authority:renew'])
      expect(its, name).not.toContain(name)
  })

  it('are answered at its own address alone', async () => {
    const handlers = { 'lab:view': (_: unknown, window: string) => window } as unknown as Handlers
    const windows = { nameOf: () => 'wire' as never }
    const person = { hasActed: () => false, agrees: async () => false }
    const answer = answerer(windows, person, 'app://lab', handlers, { failed: () => undefined })
    const ask = (url: string) => {
      const frame = { url }
      return answer({ sender: { mainFrame: frame }, senderFrame: frame } as never, 'lab:view')
    }
    expect(await ask('app://lab/wire/index.html')).toEqual({ ok: true, value: 'wire' })
    expect(await ask('app://lab/client/index.html')).toMatchObject({
      ok: false,
      error: { code: 'forbidden' },
    })
  })

  it('reveal no secret: it shows no role', () => {
    const forbidden = expect.objectContaining({ code: 'forbidden' })
    expect(() => roleOf('wire', TABLE)).toThrow(forbidden)
    expect(() => requireOwnKey('SK_S', 'wire', TABLE)).toThrow(forbidden)
    expect(() => requireOwnKey('SK_CA', 'wire', TABLE)).toThrow(forbidden)
    const second: WindowTable = { ...TABLE, wire: { ...WIRE, role: 'server' } }
    expect(roleOf('wire', second)).toBe('server')
    expect(() => requireOwnKey('SK_S', 'wire', second)).not.toThrow()
    expect(() => roleOf('constructor', TABLE)).toThrow(forbidden)
  })
})

describe('its news', () => {
  const added = (role: Role, connection: string): RecordsChange => ({
    kind: 'added',
    entry: {
      role,
      connection: connectionOf(connection, { opener: connection === 'own' ? 'client' : undefined }),
      frame: new Uint8Array(),
      ranges: [] as Hl1Entry['ranges'],
    } as Hl1Entry,
  })
  function windowsTold(change: RecordsChange, table = TABLE): readonly Name[] {
    const told: Name[] = []
    const news = new RecordNews<Name>(table, {
      tell: (window) => told.push(window),
      fail: expectNone,
    })
    news.add(change)
    news.flush()
    return told
  }

  it('are of the records that its row names', () => {
    expect(windowsTold(added('server', 'own'))).toEqual(['server', 'client', 'wire'])
    expect(windowsTold(added('server', 'of another program'))).toEqual(['server'])
    expect(windowsTold({ kind: 'forgotten', whose: { role: 'authority' } })).toEqual([
      'authority',
      'client',
      'wire',
    ])
    const withoutRecords = { ...TABLE, wire: { ...WIRE, records: 'role' } as const }
    expect(windowsTold(added('server', 'own'), withoutRecords)).toEqual(['server', 'client'])
  })

  it('of a page that was lost say that nothing is', () => {
    const quiet = { connections: 1, experiment: false }
    expect(newsOfLoss('wire', 'failed', quiet, TABLE)).toContain('Nothing is lost: what it shows is kept')
    expect(newsOfLoss('wire', 'reloaded', quiet, TABLE)).toBeUndefined()
  })
})

it('is named as the others are, in the order of the table', () => {
  expect(namesOf(TABLE)).toEqual([...namesOf(WINDOWS), 'wire'])
})
