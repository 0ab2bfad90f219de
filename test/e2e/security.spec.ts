/** Electron's security checklist, point by point, on the app as it runs (SECURITY.md says which test holds which point). */
import { expect, type Page } from '@playwright/test'
import { CALLS, mayCall, type CallName } from '#shared/ipc/contract'
import { WINDOW_NAMES } from '#shared/windows'
import { ROLES } from '#shared/hl1/roles'
import { pageOf, type App } from '../support/app'
import { press } from '../support/person'
import { test } from '../support/shared-app'

let app: App

test.beforeAll(async ({ sharedApp }) => {
  app = await sharedApp()
})

const pages = (): readonly Page[] => ROLES.map((role) => app[role])

test('every window is isolated, sandboxed and without Node, with web security and nothing experimental', async () => {
  const preferences = await app.electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) =>
      (
        window.webContents as unknown as { getLastWebPreferences: () => Record<string, unknown> }
      ).getLastWebPreferences(),
    ),
  )
  expect(preferences).toHaveLength(3)
  for (const found of preferences) {
    expect(found).toMatchObject({ contextIsolation: true, sandbox: true, nodeIntegration: false })
    const off = [
      'nodeIntegrationInWorker',
      'nodeIntegrationInSubFrames',
      'allowRunningInsecureContent',
      'experimentalFeatures',
      'webviewTag',
    ]
    for (const name of off) expect(found[name] ?? false, name).toBe(false)
    expect(found['webSecurity'] ?? true).toBe(true)
    expect(found['enableBlinkFeatures'] ?? '').toBe('')
    expect(found['disableDialogs']).toBe(true)
  }
})

test('a page gets one bridge of three members, and nothing of Node or Electron', async () => {
  for (const page of pages()) {
    const seen = await page.evaluate(() => ({
      bridge: Object.keys(window.lab).sort(),
      globals: ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'].filter(
        (name) => name in globalThis,
      ),
      origin: location.origin,
    }))
    expect(seen).toEqual({ bridge: ['call', 'on', 'window'], globals: [], origin: 'app://lab' })
  }
})

test('which window it is in, a page is told and can’t choose', async () => {
  for (const role of ROLES) {
    const page = app[role]
    const name = await page.evaluate(() => {
      const forge = (change: () => unknown): void => {
        try {
          change()
        } catch {
          // Refused, as it has to be.
        }
      }
      const other = window.lab.window === 'authority' ? 'server' : 'authority'
      forge(() => Object.assign(window.lab, { window: other }))
      forge(() => Object.assign(window, { lab: { ...window.lab, window: other } }))
      return window.lab.window
    })
    expect(name).toBe(role)
  }
  expect(await ask(app.server, 'authority:stop')).toBe('forbidden')
  await press(app.authority)
  expect(await ask(app.authority, 'key:reveal', { key: 'SK_S' })).toBe('forbidden')
})

test('a page has nothing beyond that bridge that a page without a preload has not', async () => {
  const plain = await app.electron.evaluate(async ({ BrowserWindow }) => {
    const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } })
    try {
      await window.loadURL('app://lab/client/index.html')
      return (await window.webContents.executeJavaScript(
        'Object.getOwnPropertyNames(globalThis)',
      )) as string[]
    } finally {
      window.destroy()
    }
  })
  for (const page of pages()) {
    const names = await page.evaluate(() => Object.getOwnPropertyNames(globalThis))
    expect(names.filter((name) => !plain.includes(name))).toEqual(['lab'])
  }
})

test('the policy of every page allows no inline code and no connection', async () => {
  const policies = await app.electron.evaluate(async ({ net }) => {
    const found: (string | null)[] = []
    for (const name of ['authority', 'server', 'client']) {
      const response = await net.fetch(`app://lab/${name}/index.html`)
      found.push(response.headers.get('content-security-policy'))
    }
    return found
  })
  for (const policy of policies) {
    // All of it: what is not named falls back to nothing, and each of these lets in the app's own alone.
    expect((policy ?? '').split('; ').sort()).toEqual([
      "base-uri 'none'",
      "connect-src 'none'",
      "default-src 'none'",
      "font-src 'self'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "img-src 'self' data:",
      "script-src 'self'",
      "style-src 'self'",
      "worker-src 'self'",
    ])
  }
})

test('the policy is in force: inline code, evaluated code and connections are refused', async () => {
  for (const page of pages()) {
    const found = await page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'document.title = "taken over"'
      document.head.append(script)
      const image = document.createElement('img')
      image.setAttribute('onerror', 'document.title = "taken over"')
      image.src = 'app://lab/there-is-none.png'
      document.body.append(image)
      await new Promise((resolve) => setTimeout(resolve, 200))
      script.remove()
      image.remove()
      const attempt = async (action: () => unknown): Promise<string> => {
        try {
          await action()
          return 'done'
        } catch {
          return 'refused'
        }
      }
      return {
        title: document.title,
        evaluated: await attempt(() => (0, eval)('1')),
        made: await attempt(() => new Function('return 1')()),
        fetched: await attempt(() => fetch('https://example.com/')),
        fetchedHere: await attempt(() => fetch('http://127.0.0.1:17401/')),
        socket: await attempt(
          () =>
            new Promise((resolve, reject) => {
              const socket = new WebSocket('ws://127.0.0.1:17401/')
              socket.onopen = resolve
              socket.onerror = reject
            }),
        ),
      }
    })
    expect(found.title).toContain('Handshake Lab')
    expect({ ...found, title: '' }).toEqual({
      title: '',
      evaluated: 'refused',
      made: 'refused',
      fetched: 'refused',
      fetchedHere: 'refused',
      socket: 'refused',
    })
  }
})

test('no page can be led elsewhere, or open a window, a frame or a download', async () => {
  for (const page of pages()) {
    const before = page.url()
    for (const address of [
      'https://example.com/',
      'file:///etc/passwd',
      'data:text/html,<p>x',
      'app://lab/server/',
    ]) {
      await page.evaluate((url) => void location.assign(url), address).catch(() => undefined)
      await page
        .evaluate((url) => {
          const link = document.createElement('a')
          link.href = url
          link.download = 'x'
          document.body.append(link)
          link.click()
          link.remove()
        }, address)
        .catch(() => undefined)
      const opened = await page.evaluate((url) => window.open(url) === null, address)
      expect(opened, address).toBe(true)
    }
    const frames = await page.evaluate(async () => {
      const frame = document.createElement('iframe')
      frame.src = 'https://example.com/'
      document.body.append(frame)
      await new Promise((resolve) => setTimeout(resolve, 200))
      const isEmpty = frame.contentDocument === null || frame.contentDocument.body.childElementCount === 0
      frame.remove()
      return isEmpty
    })
    expect(frames).toBe(true)
    expect(page.url()).toBe(before)
  }
  expect(app.electron.windows()).toHaveLength(3)
  const count = await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
  expect(count).toBe(3)
})

test('every permission is denied, asked for or checked', async () => {
  for (const page of pages()) {
    const found = await page.evaluate(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read']
      const states: Record<string, string> = {}
      for (const name of names) {
        const status = await navigator.permissions.query({ name: name as PermissionName })
        states[name] = status.state
      }
      const refused = (action: Promise<unknown>): Promise<boolean> =>
        action.then(
          () => false,
          () => true,
        )
      return {
        states: Object.values(states),
        notification: await Notification.requestPermission(),
        camera: await refused(navigator.mediaDevices.getUserMedia({ video: true })),
        clipboard: await refused(navigator.clipboard.readText()),
        position: await refused(
          new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject)),
        ),
      }
    })
    expect(new Set(found.states)).toEqual(new Set(['denied']))
    expect(found).toMatchObject({ notification: 'denied', camera: true, clipboard: true, position: true })
  }
})

test('the own scheme serves the built pages and nothing else', async () => {
  const statuses = await app.electron.evaluate(async ({ net }) => {
    const addresses = [
      'app://lab/client/index.html',
      'app://lab/../main/index.js',
      'app://lab/client/../../main/index.js',
      'app://lab/client/%2e%2e/%2e%2e/main/index.js',
      'app://lab/..%2fmain%2findex.js',
      'app://lab/client/..%5c..%5cmain/index.js',
      'app://lab/',
      'app://lab/etc/passwd',
      'app://other/client/index.html',
      'app://lab/client/index.html%00.png',
      'app://lab/%',
    ]
    const found: Record<string, number> = {}
    for (const address of addresses) {
      found[address] = await net.fetch(address).then(
        (response) => response.status,
        () => 0,
      )
    }
    return found
  })
  const { 'app://lab/client/index.html': page, ...others } = statuses
  expect(page).toBe(200)
  for (const [address, status] of Object.entries(others)) expect(status, address).toBe(404)
})

/** Calls as a page would that has got hold of the bridge. */
function ask(page: Page, name: string, argument?: unknown): Promise<string> {
  return page.evaluate(
    async ([call, value]) => {
      const lab = window.lab as unknown as {
        call: (name: string, argument: unknown) => Promise<{ ok: boolean; error?: { code: string } }>
      }
      const answer = await lab.call(call as string, value)
      return answer.ok ? 'ok' : (answer.error?.code ?? 'no code')
    },
    [name, argument] as const,
  )
}

test('a call is answered to those windows alone that may make it', async () => {
  for (const role of ROLES) {
    for (const name of ['', 'toString', '__proto__', 'constructor', 'lab:none', 'call']) {
      expect(await ask(app[role], name), name).toBe('forbidden')
    }
    for (const name of Object.keys(CALLS)) {
      if (!mayCall(role, name)) expect(await ask(app[role], name), `${role}: ${name}`).toBe('forbidden')
    }
  }
})

test('a call with an argument of another shape is refused before anything is done', async () => {
  const wrong = [null, 0, '', 'text', [], [1], { id: {} }, { port: 'x' }, { key: 'SK_X' }, { step: 9 }, true]
  // Settings are judged by their own rules, each by name; an empty change changes nothing.
  const judged: readonly CallName[] = ['settings:set']
  for (const [name, { argument }] of Object.entries(CALLS)) {
    if (judged.includes(name as CallName)) continue
    const page = await pageOf(
      app,
      WINDOW_NAMES.find((window) => mayCall(window, name))!,
    )
    for (const value of wrong) {
      // A shape that takes anything of this kind is not tried: the call would be made.
      const { typed } = argument['~run']({ value }, {}) as { typed: boolean; issues?: unknown }
      const hasIssues = (argument['~run']({ value }, {}) as { issues?: unknown }).issues !== undefined
      if (typed && !hasIssues) continue
      expect(await ask(page, name, value), `${name} with ${JSON.stringify(value)}`).toBe('bad_argument')
    }
  }
})

test('a page that is no window of the app is answered nothing, whatever its address', async () => {
  const codes = await app.electron.evaluate(async ({ app: program, BrowserWindow }) => {
    const preload = `${program.getAppPath()}/out/preload/bridge.cjs`
    const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } })
    try {
      const found: string[] = []
      for (const address of ['app://lab/client/index.html', 'data:text/html,<p>x']) {
        await stranger.loadURL(address)
        found.push(
          (await stranger.webContents.executeJavaScript(
            'window.lab.call("lab:view").then((answer) => answer.ok ? "ok" : answer.error.code)',
          )) as string,
        )
      }
      return found
    } finally {
      stranger.destroy()
    }
  })
  expect(codes).toEqual(['forbidden', 'forbidden'])
})
