/**
 * What every page is denied, by the barriers themselves: some of it no page can try out. What each of them shuts is tried in
 * `test/e2e/barriers.spec.ts`.
 */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { barriers, type Barrier } from '#main/windows/barriers'
import { hardenPages, hardenSession, policyOf, preferencesOf } from '#main/windows/hardening'

type Listener = (...given: readonly unknown[]) => unknown

const { made, switches, listenersOf } = vi.hoisted(() => {
  const made = new Map<string, Listener>()
  return {
    made,
    switches: new Map<string, string>(),
    listenersOf: (prefix: string) => (event: string, listener: Listener) =>
      made.set(prefix + event, listener),
  }
})
const { setProxy, setWebRTCIPHandlingPolicy } = vi.hoisted(() => ({
  setProxy: vi.fn(async () => undefined),
  setWebRTCIPHandlingPolicy: vi.fn(),
}))
vi.mock('electron', () => ({
  app: {
    on: listenersOf('app '),
    commandLine: { appendSwitch: (name: string, value: string) => switches.set(name, value) },
  },
  session: {
    defaultSession: {
      on: listenersOf('session '),
      setProxy,
      webRequest: { onBeforeRequest: (handler: Listener) => made.set('load', handler) },
      setPermissionRequestHandler: (handler: Listener) => made.set('request', handler),
      setPermissionCheckHandler: (handler: Listener) => made.set('check', handler),
      setDevicePermissionHandler: (handler: Listener) => made.set('device', handler),
    },
  },
}))

const listOf = (developmentServer?: string): readonly Barrier[] =>
  Object.values<Barrier>(barriers(developmentServer))
const OWN = listOf()
const DEVELOPMENT = listOf('http://localhost:5173')

function prevents(listener: Listener | undefined): boolean {
  const preventDefault = vi.fn()
  listener?.({ preventDefault })
  return preventDefault.mock.calls.length === 1
}

/** Whether a load goes out. */
function loads(url: string): boolean {
  const answer = vi.fn()
  made.get('load')?.({ url }, answer)
  expect(answer).toHaveBeenCalledTimes(1)
  return answer.mock.calls[0]?.[0].cancel === false
}

beforeEach(() => {
  made.clear()
  switches.clear()
  vi.clearAllMocks()
})

describe('every page', () => {
  beforeEach(() => {
    hardenPages(OWN)
    const contents = {
      on: listenersOf('page '),
      setWindowOpenHandler: (handler: Listener) => made.set('open', handler),
      setWebRTCIPHandlingPolicy,
    }
    made.get('app web-contents-created')?.({}, contents)
  })

  it.each(['will-navigate', 'will-frame-navigate', 'will-attach-webview'])('is kept from %s', (event) => {
    expect(prevents(made.get(`page ${event}`))).toBe(true)
  })

  it('can’t stay when it is to go', () => {
    // Here preventing means that what the page prevents is done.
    expect(prevents(made.get('page will-prevent-unload'))).toBe(true)
  })

  it('opens no window', () => {
    expect(made.get('open')?.({ url: 'app://lab/client/index.html' })).toEqual({ action: 'deny' })
  })

  it('has peers through the proxy alone', () => {
    expect(setWebRTCIPHandlingPolicy.mock.calls).toEqual([['disable_non_proxied_udp']])
  })

  it('is in a program that finds no name, and pastes for no script', () => {
    expect(Object.fromEntries(switches)).toEqual({
      'host-resolver-rules': 'MAP * ~NOTFOUND',
      'blink-settings':
        'dnsPrefetchingEnabled=false,DOMPasteAllowed=false,javaScriptCanAccessClipboard=false',
    })
    expect(preferencesOf(OWN)).toEqual({ disableDialogs: true, enableDeprecatedPaste: false })
  })

  it('is served under all that the barriers say of its policy', () => {
    expect(policyOf([{ policy: ["a 'none'"] }, {}, { policy: ["b 'none'", "c 'self'"] }])).toBe(
      "a 'none'; b 'none'; c 'self'",
    )
  })
})

describe('the session', () => {
  beforeEach(() => hardenSession(OWN))

  it('grants no permission that is asked for', () => {
    const answer = vi.fn()
    made.get('request')?.({}, 'media', answer)
    expect(answer.mock.calls).toEqual([[false]])
  })

  it.each(['check', 'device'])('says no at every %s', (handler) => {
    expect(made.get(handler)?.({}, 'usb')).toBe(false)
  })

  it('downloads nothing', () => {
    expect(prevents(made.get('session will-download'))).toBe(true)
  })

  it('has a proxy that is nowhere, for loopback too', () => {
    expect(setProxy.mock.calls).toEqual([
      [{ mode: 'fixed_servers', proxyRules: 'socks5://127.0.0.1:0', proxyBypassRules: '<-loopback>' }],
    ])
  })

  it.each(['app://lab/client/index.html', 'data:image/png;base64,', 'blob:app://lab/x', 'devtools://x/'])(
    'loads %s',
    (url) => expect(loads(url)).toBe(true),
  )

  it.each([
    ...['http://127.0.0.1:17401/', 'https://example.com/', 'ws://localhost/', 'wss://localhost/', 'ftp://x/'],
    ...[
      'file:///etc/passwd',
      'app://other/x',
      'app://lab.example.com/',
      'http://localhost:5173/',
      'about:blank',
    ],
  ])('does not load %s', (url) => expect(loads(url)).toBe(false))
})

describe('a development server', () => {
  beforeEach(async () => {
    hardenPages(DEVELOPMENT)
    await hardenSession(DEVELOPMENT)
  })

  it('is found, and reached without the proxy; nothing else is', () => {
    expect(switches.get('host-resolver-rules')).toBe('MAP * ~NOTFOUND, EXCLUDE localhost')
    expect(setProxy.mock.calls[0]).toEqual([expect.objectContaining({ proxyBypassRules: 'localhost:5173' })])
  })

  it.each(['http://localhost:5173/client/index.html', 'ws://localhost:5173/?token=x'])('serves %s', (url) =>
    expect(loads(url)).toBe(true),
  )

  it.each(['http://localhost:5174/', 'http://localhost:51730/', 'https://localhost:5173/'])(
    'does not make %s one',
    (url) => expect(loads(url)).toBe(false),
  )
})
