/** A start that fails says why, in the terminal and, where there is a display, in a window; then the app ends. */
import { app } from 'electron'
import { isForeseen, LabError, messageOf } from '#shared/errors'
import { TERMINAL_LOG, type Log } from '../log/log'
import { printLines } from '../log/stdio'
import { showMessage } from './dialogs'

const TITLE = 'Handshake Lab could not start'
const EXIT_CODE = 1

/** Says what went wrong and ends the app with exit code 1: at once without a display, otherwise once the person has read it. */
export async function endWithFailure(error: unknown, log: Log = TERMINAL_LOG): Promise<void> {
  const { code, message } = describe(error)
  printLines('stderr', [`${TITLE} (${code}): ${message}`])
  // Somebody has to look for what nobody has foreseen.
  if (isForeseen(error)) log.note(`${TITLE} (${code}).`)
  else log.failed(TITLE, error)
  const end = (): void => app.exit(EXIT_CODE)
  // Before the app is ready signals are Node's; from then on they are Chromium's, which quits.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end)
  app.on('before-quit', end)
  if (hasDisplay()) {
    await app.whenReady()
    await showMessage({ type: 'error', message: TITLE, detail: [`${message} (${code})`] })
  }
  end()
}

function describe(error: unknown): { readonly code: string; readonly message: string } {
  return { code: error instanceof LabError ? error.code : 'start_failed', message: messageOf(error) }
}

/** Without one, Chromium ends the process before anything can be shown. */
function hasDisplay(): boolean {
  const { DISPLAY = '', WAYLAND_DISPLAY = '' } = process.env
  return process.platform !== 'linux' || DISPLAY !== '' || WAYLAND_DISPLAY !== ''
}
