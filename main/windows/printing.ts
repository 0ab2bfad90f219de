/** Prints what a window shows, by way of the system's own dialog. */
import type { BrowserWindow } from 'electron'
import { showMessage } from './dialogs'

/** Why nothing was printed where somebody has changed their mind. */
const CANCELLED = /cancel/i

/** What can't be printed is said over the window, with the system's reason. */
export function printWindow(window: BrowserWindow): void {
  window.webContents.print({}, (isDone, reason) => {
    if (isDone || CANCELLED.test(reason) || window.isDestroyed()) return
    void showMessage(
      {
        type: 'error',
        message: 'This was not printed.',
        detail: [`${reason || 'The system gives no reason.'} Is there a printer that is switched on?`],
      },
      window,
    )
  })
}
