/** Looks that are tried in one window: all that comes of them ends with the window. */
import { EventEmitter } from 'node:events'
import type { BrowserWindow } from 'electron'
import { beforeEach, expect, it, vi } from 'vitest'
import { keepLooks, type Appearance } from '#main/windows/appearance'
import type { Looks } from '#shared/settings'

const electron = vi.hoisted(() => ({
  app: undefined as unknown as EventEmitter,
  nativeTheme: { themeSource: 'system' },
}))

vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events')
  electron.app = new Emitter()
  return { ...electron, BrowserWindow: { getAllWindows: () => [] } }
})

const KEPT: Looks = { theme: 'light', textSize: 100 }
const DARK: Looks = { theme: 'dark', textSize: 100 }

let kept: Looks
let appearance: Appearance
beforeEach(() => {
  electron.app.removeAllListeners()
  kept = KEPT
  appearance = keepLooks(() => kept)
})

function openWindow(): BrowserWindow & EventEmitter {
  const webContents = Object.assign(new EventEmitter(), {
    getZoomFactor: () => 1,
    setZoomFactor: () => undefined,
  })
  const window = Object.assign(new EventEmitter(), { webContents, isVisible: () => true })
  electron.app.emit('browser-window-created', {}, window)
  return window as unknown as BrowserWindow & EventEmitter
}

function setVisible(window: EventEmitter, isVisible: boolean): void {
  Object.assign(window, { isVisible: () => isVisible })
  window.emit(isVisible ? 'show' : 'hide')
}

const theme = (): string => electron.nativeTheme.themeSource

it('a theme that is not kept goes with its window, also with one that is only hidden, and comes back with it', () => {
  const window = openWindow()
  appearance.preview(window, DARK)
  expect(theme()).toBe('dark')
  setVisible(window, false)
  expect(theme()).toBe('light')
  setVisible(window, true)
  expect(theme()).toBe('dark')
  setVisible(window, false)
  window.emit('closed')
  setVisible(window, true)
  expect(theme()).toBe('light')
})

it('what was taken back, or chosen for good meanwhile, stays so when the window comes back', () => {
  const window = openWindow()
  appearance.preview(window, DARK)
  setVisible(window, false)
  appearance.preview(window, undefined)
  setVisible(window, true)
  expect(theme()).toBe('light')
  setVisible(window, false)
  expect(theme()).toBe('light')
})

it('the page of a hidden window changes no theme before the window is seen again', () => {
  const window = openWindow()
  setVisible(window, false)
  appearance.preview(window, DARK)
  expect(theme()).toBe('light')
  setVisible(window, true)
  expect(theme()).toBe('dark')
})

it('a window that tries no looks changes none by being hidden or shown', () => {
  const [trying, other] = [openWindow(), openWindow()]
  appearance.preview(trying, DARK)
  setVisible(other, false)
  setVisible(other, true)
  expect(theme()).toBe('dark')
})
