/**
 * The one thing a page gets: calls to main by name, and events from it. What may be called, and how, main decides, by who
 * asks. One file serves every window: which one it is in comes with the arguments that main starts the page's process with;
 * no page can change those.
 */
import { contextBridge, ipcRenderer, webFrame } from 'electron'
import { isBounded, mostBytesOf } from '#shared/ipc/size'
import { WINDOW_ARGUMENT } from './argument'

// Chromium has one zoom for all pages of an address, which is one for all windows here, until one is set on a page itself. Set before
// the page has drawn itself, it now and then costs the first frame, and nobody sees the window until main shows it all the same.
new PerformanceObserver((painted, observer) => {
  if (painted.getEntriesByName('first-contentful-paint').length === 0) return
  observer.disconnect()
  webFrame.setZoomLevel(webFrame.getZoomLevel())
}).observe({ type: 'paint', buffered: true })

/** Answered here, where no page reaches: main would have to take in all of it before it could say so. */
const TOO_MUCH = {
  ok: false,
  error: { code: 'bad_argument', message: 'The argument holds too much.' },
} as const

contextBridge.exposeInMainWorld('lab', {
  window: process.argv
    .findLast((argument) => argument.startsWith(WINDOW_ARGUMENT))
    ?.slice(WINDOW_ARGUMENT.length),
  call: (name: string, argument: unknown) =>
    isBounded([name, argument], { bytes: mostBytesOf(name) })
      ? ipcRenderer.invoke('call', name, argument)
      : Promise.resolve(TOO_MUCH),
  on: (event: string, listener: (value: unknown) => void) => {
    const forward = (_: unknown, value: unknown): void => listener(value)
    ipcRenderer.on(event, forward)
    return () => ipcRenderer.off(event, forward)
  },
})
