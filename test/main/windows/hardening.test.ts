/** What every page is denied, by the handlers themselves: some of it no page can try out. The end-to-end tests try the rest. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { denyPermissions, hardenPages } from '#main/windows/hardening'

type Listener = (...given: readonly unknown[]) => unknown

const { made, listenersOf } = vi.hoisted(() => {
  const made = new Map<string, Listener>()
  return {
    made,
    listenersOf: (prefix: string) => (event: string, listener: Listener) =>
      made.set(prefix + event, listener),
  }
})
vi.mock('electron', () => ({
  app: { on: listenersOf('app ') },
  session: {
    defaultSession: {
      on: listenersOf('session '),
      setPermissionRequestHandler: (handler: Listener) => made.set('request', handler),
      setPermissionCheckHandler: (handler: Listener) => made.set('check', handler),
      setDevicePermissionHandler: (handler: Listener) => made.set('device', handler),
    },
  },
}))

function prevents(listener: Listener | undefined): boolean {
  const preventDefault = vi.fn()
  listener?.({ preventDefault })
  return preventDefault.mock.calls.length === 1
}

beforeEach(() => made.clear())

describe('every page', () => {
  beforeEach(() => {
    hardenPages()
    const contents = {
      on: listenersOf('page '),
      setWindowOpenHandler: (handler: Listener) => made.set('open', handler),
    }
    made.get('app web-contents-created')?.({}, contents)
  })

  it.each(['will-navigate', 'will-frame-navigate', 'will-attach-webview'])('is kept from %s', (event) => {
    expect(prevents(made.get(`page ${event}`))).toBe(true)
  })

  it('opens no window', () => {
    expect(made.get('open')?.({ url: 'app://lab/client/index.html' })).toEqual({ action: 'deny' })
  })
})

describe('the session', () => {
  beforeEach(() => denyPermissions())

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
})
