/** The one thing a page gets: calls to main by name, and events from it. What may be called, and how, main decides. */
import { contextBridge, ipcRenderer } from 'electron'
import type { WindowName } from '#shared/lab'

/** Puts the bridge on `window.lab`. */
export function exposeBridge(window: WindowName): void {
  contextBridge.exposeInMainWorld('lab', {
    window,
    call: (name: string, argument: unknown) => ipcRenderer.invoke('call', name, argument),
    on: (event: string, listener: (value: unknown) => void) => {
      const forward = (_: unknown, value: unknown): void => listener(value)
      ipcRenderer.on(event, forward)
      return () => ipcRenderer.off(event, forward)
    },
  })
}
