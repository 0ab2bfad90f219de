/** What the windows do with one another: who is in front, how they are arranged, and what follows when a screen changes. */
import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { LabWindows, WindowsOptions } from '#main/windows/windows'
import type { Rectangle } from '#main/windows/arrangement'
import { WINDOW_NAMES, WINDOWS, type WindowName } from '#shared/windows'

/** The screen, and windows from the lowest to the one in front. */
const desk = vi.hoisted(() => ({
  area: { x: 0, y: 0, width: 1920, height: 1080 },
  stack: [] as unknown[],
  opened: [] as unknown[],
}))

vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events')
  class Window extends Emitter {
    readonly webContents = Object.assign(new Emitter(), {
      send: () => undefined,
      isLoadingMainFrame: () => false,
      isCrashed: () => false,
    })
    visible = false
    bounds: Rectangle
    least: readonly number[] = []
    maximized = false

    constructor({ x, y, width, height }: Rectangle) {
      super()
      this.bounds = { x, y, width, height }
      desk.opened.push(this)
    }
    moveTop = (): void => {
      desk.stack = [...desk.stack.filter((other) => other !== this), this]
    }
    show = (): void => {
      this.visible = true
      this.moveTop()
    }
    // A window that is shown without the focus may well come in front of the others.
    showInactive = (): void => this.show()
    focus = (): void => undefined
    hide = (): void => void (this.visible = false)
    isVisible = (): boolean => this.visible
    isMinimized = (): boolean => false
    isFullScreen = (): boolean => false
    isMaximized = (): boolean => this.maximized
    unmaximize = (): void => void (this.maximized = false)
    isDestroyed = (): boolean => false
    getNormalBounds = (): Rectangle => this.bounds
    setBounds = (bounds: Rectangle): void => void (this.bounds = bounds)
    setMinimumSize = (...least: number[]): void => void (this.least = least)
    loadURL = async (): Promise<void> => undefined
  }
  const display = () => ({ bounds: desk.area, workArea: desk.area })
  return {
    app: Object.assign(new Emitter(), { quit: () => undefined }),
    BrowserWindow: Window,
    dialog: {},
    screen: Object.assign(new Emitter(), {
      getAllDisplays: () => [display()],
      getPrimaryDisplay: display,
      getDisplayMatching: display,
    }),
  }
})

interface Stood extends EventEmitter {
  readonly webContents: EventEmitter
  readonly bounds: Rectangle
  readonly least: readonly number[]
  readonly isVisible: () => boolean
}

let windows: LabWindows
const get = (name: WindowName): Stood => windows.get(name) as unknown as Stood
/** Those that are there from the start on. */
const LAB = WINDOW_NAMES.filter((name) => WINDOWS[name].opens)
const inFront = (): WindowName | undefined => LAB.find((name) => get(name) === desk.stack.at(-1))
const bounds = () => LAB.map((name) => get(name).bounds)

beforeEach(async () => {
  vi.useFakeTimers()
  Object.assign(desk, { area: { x: 0, y: 0, width: 1920, height: 1080 }, stack: [], opened: [] })
  const module = await import('#main/windows/windows')
  const { screen } = await import('electron')
  screen.removeAllListeners()
  windows = new module.LabWindows({
    preload: '',
    placementFile: '/nowhere/windows.json',
    developmentServer: undefined,
    preferences: {},
  } satisfies WindowsOptions)
  windows.open()
})

async function changeScreen(width: number, height: number): Promise<void> {
  desk.area = { x: 0, y: 0, width, height }
  const { screen } = await import('electron')
  screen.emit('display-metrics-changed')
  await vi.runAllTimersAsync()
}

describe('after a start', () => {
  it.each([
    ['authority', 'server', 'client'],
    ['authority', 'client', 'server'],
    ['server', 'authority', 'client'],
    ['server', 'client', 'authority'],
    ['client', 'authority', 'server'],
    ['client', 'server', 'authority'],
  ] as const)('the client is in front, also when they are ready as %s, %s, %s', (...order) => {
    for (const name of order) get(name).emit('ready-to-show')
    expect(LAB.every((name) => get(name).isVisible())).toBe(true)
    expect(inFront()).toBe('client')
  })

  it('a page that was loaded is shown even if it never says that it has drawn itself, and once only', async () => {
    for (const name of LAB) get(name).webContents.emit('did-finish-load')
    get('server').emit('ready-to-show')
    expect(LAB.filter((name) => get(name).isVisible())).toEqual(['server'])
    await vi.runAllTimersAsync()
    expect(LAB.every((name) => get(name).isVisible())).toBe(true)
    expect(inFront()).toBe('client')
    const before = [...desk.stack]
    for (const name of LAB) get(name).emit('ready-to-show')
    expect(desk.stack).toEqual(before)
  })

  it('whoever is at another window already keeps it', () => {
    get('client').emit('ready-to-show')
    get('authority').emit('ready-to-show')
    get('authority').webContents.emit('input-event', {}, { type: 'mouseDown' })
    get('server').emit('ready-to-show')
    expect(inFront()).not.toBe('client')
  })
})

it('what is chosen in the menu for a window’s page counts as an act in that window', () => {
  const before = windows.lastAct('client')
  windows.askForCapture('client', 'proof')
  expect(windows.lastAct('client')).toBeGreaterThan(before)
  expect(windows.lastAct('server')).toBe(before)
})

it('shown all, the client is in front', () => {
  windows.show('authority')
  windows.showAll()
  expect(inFront()).toBe('client')
})

it('a window that is closed before it has drawn itself stays closed, until somebody wants it', () => {
  get('server').emit('ready-to-show')
  get('authority').emit('close', { preventDefault: () => undefined })
  get('authority').emit('ready-to-show')
  expect(get('authority').isVisible()).toBe(false)
  windows.show('authority')
  expect(get('authority').isVisible()).toBe(true)
})

it('arranged, windows stand as before, those that were closed as well', () => {
  windows.arrange()
  const first = bounds()
  Object.assign(get('client'), { bounds: { x: 5, y: 5, width: 900, height: 700 }, maximized: true })
  Object.assign(get('server'), { bounds: { x: 5, y: 5, width: 900, height: 700 } })
  windows.show('authority')
  get('server').emit('close', { preventDefault: () => undefined })
  expect(get('server').isVisible()).toBe(false)
  windows.arrange()
  expect(bounds()).toEqual(first)
  expect(get('server').isVisible()).toBe(true)
  expect(inFront()).toBe('client')
})

describe('when the screen changes', () => {
  it('windows that do not fit any more are arranged, and may become as small as it is', async () => {
    await changeScreen(533, 400)
    for (const name of LAB) {
      const { bounds: now, least } = get(name)
      expect(now.x + now.width, name).toBeLessThanOrEqual(533)
      expect(now.y + now.height, name).toBeLessThanOrEqual(400)
      expect(least[0], name).toBeLessThanOrEqual(533)
    }
    await changeScreen(1920, 1080)
    expect(get('client').least).toEqual([640, 380])
  })

  it('windows that still fit stay where they are', async () => {
    const before = bounds()
    await changeScreen(2560, 1440)
    expect(bounds()).toEqual(before)
  })
})

describe('a window beside the lab', () => {
  const close = async (may: boolean): Promise<boolean> => {
    const mayClose = vi.fn(async () => may)
    const nothing = (): void => undefined
    const onPageGone = vi.fn()
    windows.attend({ onPageGone, onHidden: nothing, onBack: nothing, onQuit: nothing, mayClose })
    windows.show('workshop')
    for (const name of [...LAB, 'workshop'] as const) get(name).emit('ready-to-show')
    const destroy = vi.fn()
    Object.assign(get('workshop'), { destroy })
    get('workshop').emit('close', { preventDefault: nothing })
    await vi.runAllTimersAsync()
    expect(mayClose.mock.calls).toEqual([['workshop']])
    expect(onPageGone.mock.calls.length).toBe(destroy.mock.calls.length)
    return destroy.mock.calls.length === 1
  }

  it('stays where the person keeps it open, and closes where nobody minds', async () => {
    expect(await close(false)).toBe(false)
    expect(await close(true)).toBe(true)
  })
})
