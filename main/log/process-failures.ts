/** What would end or pass by without a word: every error that nobody has caught, and every process of the app that is gone. */
import { app } from 'electron'
import type { Log } from './log'

/** From now on logs what nobody catches. What becomes of the process is left as it is. */
export function logProcessFailures(log: Log): void {
  // The monitor changes nothing: Electron still shows its box, and Node still ends a worker.
  process.on('uncaughtExceptionMonitor', (error) => log.failed('Nobody has caught this.', error))
  process.on('unhandledRejection', (error) => log.failed('Nobody has caught this rejection.', error))
  app.on('render-process-gone', (_, contents, { reason, exitCode }) => {
    if (reason === 'clean-exit') return
    const page = /^\w+:\/\/[^/]+\/(\w+)\//.exec(contents.getURL())?.[1] ?? 'unknown'
    log.note(`The process of the window ${page} is gone: ${reason}, exit code ${exitCode}.`)
  })
  app.on('child-process-gone', (_, { type, reason, exitCode }) => {
    if (reason === 'clean-exit') return
    log.note(`A helping process (${type}) is gone: ${reason}, exit code ${exitCode}.`)
  })
}
