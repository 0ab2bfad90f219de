/**
 * The one thing a page gets: calls to main by name, and events from it. What may be called, and how, main decides, by who
 * asks. One file serves every window: which one it is in comes with the arguments that main starts the page's process with;
 * no page can change those.
 */
import { contextBridge, ipcRenderer, webFrame } from 'electron'
import { WINDOW_ARGUMENT } from './argument'

// Chromium has one zoom for all pages of an address, which is one for all windows here, until one is set on a page itself.
webFrame.setZoomLevel(webFrame.getZoomLevel())

contextBridge.exposeInMainWorld('lab', {
  window: process.argv
    .findLast((argument) => argument.startsWith(WINDOW_ARGUMENT))
    ?.slice(WINDOW_ARGUMENT.length),
  call: (name: string, argument: unknown) => ipcRenderer.invoke('call', name, argument),
  on: (event: string, listener: (value: unknown) => void) => {
    const forward = (_: unknown, value: unknown): void => listener(value)
    ipcRenderer.on(event, forward)
    return () => ipcRenderer.off(event, forward)
  },
})
