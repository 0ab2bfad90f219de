/** What nobody in a window has caught goes to the app's log, by way of main. */
import type { App } from 'vue'
import { reportFailure } from '#shared/failure'
import { report } from './call'

/**
 * Sizes that change while sizes are told of are told of with the next picture: the browser says so as an error, without one, and nothing
 * is lost (Resize Observer, section 3.4.6).
 */
function isPutOff(error: unknown, message: string): boolean {
  return !error && message.startsWith('ResizeObserver loop')
}

/** From now on reports what nobody catches, in the page and in `app`'s components. For a window's entry, before it mounts. */
export function reportFailures(app: App): void {
  window.addEventListener('error', ({ error, message }) => {
    if (isPutOff(error, message)) return
    report('Nobody has caught this.', reportFailure(error ?? new Error(message)))
  })
  window.addEventListener('unhandledrejection', ({ reason }) => {
    report('Nobody has caught this rejection.', reportFailure(reason))
  })
  // Vue takes these for itself.
  app.config.errorHandler = (error, _, where) => {
    console.error(error)
    report(`In a component, ${where}.`, reportFailure(error))
  }
}
