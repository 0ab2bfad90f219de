/** What nobody in a window has caught goes to the app's log, by way of main. */
import type { App } from 'vue'
import { reportFailure } from '#shared/failure'

/** From now on reports what nobody catches, in the page and in `app`'s components. For a window's entry, before it mounts. */
export function reportFailures(app: App): void {
  const report = (where: string, error: unknown): void => {
    // Without main there is nobody to tell, and telling must not be a failure of its own.
    window.lab.call('log:report', { where, failure: reportFailure(error) }).catch(() => undefined)
  }
  window.addEventListener('error', ({ error, message }) => {
    report('Nobody has caught this.', error ?? new Error(message))
  })
  window.addEventListener('unhandledrejection', ({ reason }) => {
    report('Nobody has caught this rejection.', reason)
  })
  // Vue takes these for itself.
  app.config.errorHandler = (error, _, where) => {
    console.error(error)
    report(`In a component, ${where}.`, error)
  }
}
