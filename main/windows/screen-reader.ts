/**
 * Whether a screen reader is there on Linux. Chromium makes the tree that one reads only when it is told to, and hears of
 * screen readers by itself on Windows and macOS alone: here the desktop is asked, over the session bus.
 */
import { execFile } from 'node:child_process'
import { systemCode } from '../files/system-codes'

/** Variables by which a session says that programs are to be accessible, as Chromium, GTK and Qt read them. */
const VARIABLES = ['ACCESSIBILITY_ENABLED', 'GNOME_ACCESSIBILITY', 'QT_ACCESSIBILITY'] as const

const BUS = 'org.a11y.Bus'
const PATH = '/org/a11y/bus'
const GET = 'org.freedesktop.DBus.Properties.Get'
const ASKED = ['org.a11y.Status', 'ScreenReaderEnabled'] as const

/** Programs that ask the session bus, one of which every desktop has: GLib's, D-Bus's own, and systemd's. */
const ASKERS: readonly { readonly program: string; readonly args: readonly string[] }[] = [
  {
    program: 'gdbus',
    args: [
      'call',
      '--session',
      '--timeout',
      '2',
      '--dest',
      BUS,
      '--object-path',
      PATH,
      '--method',
      GET,
      ...ASKED,
    ],
  },
  {
    program: 'dbus-send',
    args: [
      ...['--session', '--print-reply', '--reply-timeout=2000', `--dest=${BUS}`, PATH, GET],
      ...ASKED.map((text) => `string:${text}`),
    ],
  },
  { program: 'busctl', args: ['--user', '--timeout=2', 'get-property', BUS, PATH, ...ASKED] },
]
const ANSWER_WITHIN_MS = 3_000
const LONGEST_ANSWER = 4_096
/** The desktop is not asked more often than this. */
const ASK_EVERY_MS = 5_000

/** Runs a program: what it prints, nothing where it fails, undefined where there is none of that name. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string | undefined>

/** Whether the session says that a screen reader is there; false where nobody can be asked. */
export async function isScreenReaderThere(
  environment: Readonly<Record<string, string | undefined>>,
  run: RunProgram = runProgram,
): Promise<boolean> {
  const said = VARIABLES.map((name) => environment[name]).find((value) => value === '1' || value === '0')
  if (said !== undefined) return said === '1'
  for (const { program, args } of ASKERS) {
    const answer = await run(program, args)
    // gdbus: (<true>,) dbus-send: boolean true; busctl: b true. A bus that gives no answer gives none to the next one either.
    if (answer !== undefined) return /\btrue\b/.test(answer)
  }
  return false
}

/** What {@link attendScreenReader} needs of the app. */
export interface ReadApp {
  accessibilitySupportEnabled: boolean
  on(event: 'browser-window-focus', listener: () => void): unknown
  off(event: 'browser-window-focus', listener: () => void): unknown
}

/**
 * Has Chromium make its tree from the moment on that a screen reader is there: asks now, and whenever a window comes to the front,
 * until one is. Needs the app to be ready. `now`: milliseconds on a clock that is never set.
 */
export async function attendScreenReader(
  app: ReadApp,
  isThere: () => Promise<boolean>,
  now: () => number = () => performance.now(),
): Promise<void> {
  let asked = Number.NEGATIVE_INFINITY
  const ask = async (): Promise<void> => {
    if (now() - asked < ASK_EVERY_MS) return
    asked = now()
    if (!(await isThere())) return
    app.off('browser-window-focus', askAgain)
    app.accessibilitySupportEnabled = true
  }
  const askAgain = (): void => void ask()
  app.on('browser-window-focus', askAgain)
  await ask()
}

function runProgram(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const bounds = { timeout: ANSWER_WITHIN_MS, maxBuffer: LONGEST_ANSWER, encoding: 'utf8' } as const
    execFile(program, args, bounds, (error, output) => {
      if (!error) resolve(output)
      else resolve(systemCode(error) === 'ENOENT' ? undefined : '')
    })
  })
}
