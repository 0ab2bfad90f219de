/** Theme and size of text as the settings have them: in every window, at once, and in those that are opened later. */
import { app, BrowserWindow, nativeTheme } from 'electron'
import type { Looks } from '#shared/settings'

export interface Appearance {
  /** Takes over what has changed in the settings. What somebody has made larger or smaller since stays where the size has not. */
  readonly apply: () => void
  /** Gives every window the size of text that the settings have. */
  readonly usualSize: () => void
  /** Shows a window in looks that are not kept, the theme while it is to be seen; without any, as it was before. */
  readonly preview: (window: BrowserWindow, tried: Looks | undefined) => void
}

/** Chromium keeps a level of which it makes the factor again: the same one comes back as far as this. */
const SAME_FACTOR = 1e-6

/** Keeps every window to the looks of now. */
export function keepLooks(looks: () => Looks): Appearance {
  let { textSize } = looks()
  /** Windows that show looks that are not kept: which, and their zoom before. */
  const trying = new Map<BrowserWindow, { readonly theme: Looks['theme']; readonly zoom: number }>()
  const sizeText = ({ webContents }: BrowserWindow): void => {
    const factor = looks().textSize / 100
    // Setting what is so already can cost a page that is loading its first frame.
    if (Math.abs(webContents.getZoomFactor() - factor) > SAME_FACTOR) webContents.setZoomFactor(factor)
  }
  const endPreview = (window: BrowserWindow): void => {
    if (trying.delete(window)) nativeTheme.themeSource = looks().theme
  }
  nativeTheme.themeSource = looks().theme
  app.on('browser-window-created', (_, window) => {
    // Each window has a zoom of its own (main/preload/bridge.ts): what another one is set to stays.
    window.webContents.on('dom-ready', () => {
      endPreview(window)
      sizeText(window)
    })
    // Nobody could take it back there any more; where its page is kept, its dialog comes back with the window.
    window.on('closed', () => endPreview(window))
    window.on('hide', () => {
      if (trying.has(window)) nativeTheme.themeSource = looks().theme
    })
    window.on('show', () => {
      const tried = trying.get(window)
      if (tried) nativeTheme.themeSource = tried.theme
    })
    window.webContents.on('render-process-gone', () => endPreview(window))
  })

  function usualSize(): void {
    for (const window of BrowserWindow.getAllWindows()) sizeText(window)
  }

  function apply(): void {
    nativeTheme.themeSource = looks().theme
    if (looks().textSize !== textSize) {
      textSize = looks().textSize
      trying.clear()
      usualSize()
    }
  }

  function preview(window: BrowserWindow, tried: Looks | undefined): void {
    const { webContents } = window
    const zoom = trying.get(window)?.zoom ?? webContents.getZoomFactor()
    if (tried) trying.set(window, { theme: tried.theme, zoom })
    else if (!trying.has(window)) return
    nativeTheme.themeSource = (tried && window.isVisible() ? tried : looks()).theme
    webContents.setZoomFactor(tried && tried.textSize !== textSize ? tried.textSize / 100 : zoom)
    if (!tried) endPreview(window)
  }

  return { apply, usualSize, preview }
}
