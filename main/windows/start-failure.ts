/** A start that fails says why, in the terminal and, where there is a display, in a window; then the app ends. */
import { app } from 'electron'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isForeseen, LabError, messageOf, orUndefined, otherwise, type ErrorCode } from '#shared/errors'
import { TERMINAL_LOG, type Log } from '../log/log'
import { printLines } from '../log/stdio'
import { showMessage } from './dialogs'
import { checkDisplay } from './display'

const TITLE = 'Handshake Lab could not start'
const UNFORESEEN = 1

/** Exit codes of starts that fail, each its own, as `--help` and the man page list them; 1 for any other reason. */
const EXIT_CODES: Readonly<Partial<Record<ErrorCode, number>>> = {
  user_data_not_usable: 3,
  user_data_not_lockable: 4,
  temporary_folder_not_usable: 5,
  shared_memory_not_usable: 6,
  no_display: 7,
  display_not_reached: 8,
  display_refused: 9,
}

/**
 * Says what went wrong and ends the app with the exit code for that: at once without a display, otherwise once the person has read
 * it, which is not waited for.
 */
export async function endWithFailure(error: unknown, log: Log = TERMINAL_LOG): Promise<void> {
  const { code, message } = describe(error)
  printLines('stderr', [`${TITLE} (${code}): ${message}`])
  // Somebody has to look for what nobody has foreseen.
  if (isForeseen(error)) log.note(`${TITLE} (${code}).`)
  else log.failed(TITLE, error)
  const exitCode = (code !== 'start_failed' && EXIT_CODES[code]) || UNFORESEEN
  const end = (): void => app.exit(exitCode)
  // Before the app is ready signals are Node's; from then on they are Chromium's, which quits.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
  app.on('before-quit', end)
  const display = await displayFor(code)
  if (!display) return end()
  const removeFolder = lendUserData()
  const tell = async (): Promise<void> => {
    await app.whenReady()
    display.leave()
    await showMessage({ type: 'error', message: TITLE, detail: [`${message} (${code})`] })
    removeFolder()
  }
  // Not waited for: the app is ready once its main module, which may wait for this, has run to its end.
  void tell().finally(end)
}

function describe(error: unknown): { readonly code: ErrorCode | 'start_failed'; readonly message: string } {
  return { code: error instanceof LabError ? error.code : 'start_failed', message: messageOf(error) }
}

/** Without a display, or without shared memory, Chromium ends the process before anything can be shown. */
async function displayFor(code: string): Promise<{ readonly leave: () => void } | undefined> {
  return code === 'shared_memory_not_usable' ? undefined : checkDisplay().catch(otherwise(undefined))
}

/** Where its own folder can't be, Chromium ends the process: for as long as the box is shown it has another one. */
function lendUserData(): () => void {
  if (orUndefined(() => app.getPath('userData')) !== undefined) return () => undefined
  const folder = orUndefined(() => mkdtempSync(join(tmpdir(), 'handshake-lab-')))
  if (folder === undefined) return () => undefined
  app.setPath('userData', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
