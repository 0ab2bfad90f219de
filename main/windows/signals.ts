/** Signals that ask the app to end, to it alone or to all of its processes, as systemd, `timeout` and a closed terminal do. */
import { app } from 'electron'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

let isTold = false

/** From now on each ends the app the way *Quit* does. To be called again when it is ready: Chromium has taken them over then. */
export function quitOnSignals(): void {
  for (const signal of SIGNALS) {
    process.off(signal, quit)
    process.on(signal, quit)
  }
}

/** Whether a signal has asked the app to end: then nobody is asked anything any more. */
export function isToldToEnd(): boolean {
  return isTold
}

function quit(): void {
  isTold = true
  // Its helpers may have had the signal too. Chromium would take it for a crash that three of them in a row are gone.
  app.commandLine.appendSwitch('disable-gpu-process-crash-limit')
  app.quit()
}
