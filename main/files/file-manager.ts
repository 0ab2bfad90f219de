/** The file manager of a Linux desktop: whether the session knows one, and the opener that looks for one. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { orUndefined } from '#shared/errors'

/** What a file manager is called on the session's bus (freedesktop.org, File Manager D-Bus Interface). */
const SERVICE = /^Name\s*=\s*org\.freedesktop\.FileManager1\s*$/m
/** Of xdg-utils, on which the package depends. */
const OPENER = 'xdg-open'
/** An opener that has not ended after so long, in milliseconds, has started something that stays. */
const STAYS_AFTER_MS = 4_000

/** Whether there is a session's bus, and a file manager that it can start. */
export function hasFileManagerService(env: NodeJS.ProcessEnv = process.env): boolean {
  const { DBUS_SESSION_BUS_ADDRESS: bus = '', XDG_RUNTIME_DIR: runtime = '' } = env
  if (bus === '' && (runtime === '' || !existsSync(join(runtime, 'bus')))) return false
  return dataFolders(env).some((folder) => {
    const services = join(folder, 'dbus-1/services')
    const names = orUndefined(() => readdirSync(services)) ?? []
    return names.some((name) =>
      SERVICE.test(orUndefined(() => readFileSync(join(services, name), 'utf8')) ?? ''),
    )
  })
}

/** Has the system open a folder; false where it has nothing to do that with. What it starts outlives the app. */
export function openFolder(folder: string, staysAfter = STAYS_AFTER_MS): Promise<boolean> {
  return new Promise((resolve) => {
    const opener = spawn(OPENER, [folder], { stdio: 'ignore', detached: true })
    opener.unref()
    const timer = setTimeout(() => resolve(true), staysAfter)
    const end = (isOpen: boolean): void => {
      clearTimeout(timer)
      resolve(isOpen)
    }
    opener.once('error', () => end(false))
    opener.once('exit', (code) => end(code === 0))
  })
}

/** Where programs leave what they tell of themselves (XDG Base Directory Specification). */
function dataFolders(env: NodeJS.ProcessEnv): readonly string[] {
  const { XDG_DATA_HOME: own = '', XDG_DATA_DIRS: shared = '' } = env
  return [
    own === '' ? join(homedir(), '.local/share') : own,
    ...(shared === '' ? '/usr/local/share:/usr/share' : shared).split(':').filter((folder) => folder !== ''),
  ]
}
