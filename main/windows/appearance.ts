/** Theme and size of text as the settings have them: in every window, at once, and in those that are opened later. */
import { app, BrowserWindow, nativeTheme } from 'electron'
import type { Settings } from '#shared/settings'

/** What the settings say of looks. */
type Looks = Pick<Settings, 'theme' | 'textSize'>

/** Keeps every window to the looks of now; the result is to be called when they have changed, and for the usual size. */
export function keepLooks(looks: () => Looks): () => void {
  const sizeText = ({ webContents }: BrowserWindow): void => webContents.setZoomFactor(looks().textSize / 100)
  const apply = (): void => {
    nativeTheme.themeSource = looks().theme
    for (const window of BrowserWindow.getAllWindows()) sizeText(window)
  }
  // A page that is loaded anew begins at the size that its address had the last time.
  app.on('browser-window-created', (_, window) => window.webContents.on('dom-ready', () => sizeText(window)))
  apply()
  return apply
}
