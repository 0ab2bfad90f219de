/** Signals that ask the app to end, to it alone or to all of its processes, as systemd, `timeout` and a closed terminal do. */
import { app } from 'electron'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const NO_CRASH_LIMIT = 'disable-gpu-process-crash-limit'
/** So long helpers that are gone are forgiven, and so long not again, in milliseconds. */
const FORGIVEN_MS = 3_000
const FORGIVEN_AGAIN_MS = 60_000

let isTold = false
let isWatching = false

/** From now on each ends the app the way *Quit* does. To be called again when it is ready: Chromium has taken them over then. */
export function quitOnSignals(): void {
  if (!isWatching) forgiveHelpers()
  isWatching = true
  for (const signal of SIGNALS) {
    process.off(signal, quit)
    process.on(signal, quit)
  }
}

function quit(): void {
  isTold = true
  app.commandLine.appendSwitch(NO_CRASH_LIMIT)
  app.quit()
}

/**
 * Helpers may have the signal before main hears of it. Chromium would take it for a crash that the one for graphics is gone three times
 * in a row: for a moment it does not count, and from then on it does, where no signal came.
 */
function forgiveHelpers(): void {
  let last = Number.NEGATIVE_INFINITY
  app.on('child-process-gone', (_, { type, reason }) => {
    const now = performance.now()
    if (type !== 'GPU' || reason === 'clean-exit' || now - last < FORGIVEN_AGAIN_MS) return
    last = now
    app.commandLine.appendSwitch(NO_CRASH_LIMIT)
    setTimeout(() => {
      if (!isTold) app.commandLine.removeSwitch(NO_CRASH_LIMIT)
    }, FORGIVEN_MS)
  })
}
