/** The app's own options on the command line, and files to open; every other option there belongs to Electron and Chromium. */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readSettings, type Settings } from '#shared/settings'
import usage from './usage.txt?raw'

/** What the options are, in lines. */
export const APP_USAGE: readonly string[] = usage.trimEnd().split('\n')

export interface CommandLine {
  /** Settings that hold for this start alone. */
  readonly overrides: Partial<Settings>
  readonly userData: string | undefined
  /** Folder that the export dialog begins with. */
  readonly exportFolder: string | undefined
  /** Files to open, runs and others, whole paths. */
  readonly files: readonly string[]
  /** What is printed instead of a start. */
  readonly tells: 'help' | 'version' | undefined
  /** What is wrong with an option, one sentence each. */
  readonly problems: readonly string[]
}

const NUMBERS = {
  'ca-port': 'authorityPort',
  'server-port': 'serverPort',
  lifetime: 'lifetime',
  'max-age': 'maxAge',
} as const satisfies Record<string, keyof Settings>

/** Settings that are one word of some. */
const WORDS = ['suite', 'names'] as const satisfies readonly (keyof Settings)[]
const TELLING = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

/**
 * Reads the options of {@link NUMBERS} and {@link WORDS}, `--user-data-dir`, `--export-folder`, `--open`, `--help`, `--version` and files.
 * @param appFolder from a clone, the folder of the app: what is before it on the command line is Electron's
 */
export function readCommandLine(argv: readonly string[], appFolder?: string): CommandLine {
  const names = [...Object.keys(NUMBERS), ...WORDS, 'user-data-dir', 'export-folder', 'open']
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  const isApp = (argument: string): boolean => appFolder !== undefined && resolve(argument) === appFolder
  const args = argv.slice(argv.findIndex(isApp) + 1)
  const { values, positionals } = parseArgs({
    args,
    options: { ...options, ...TELLING },
    strict: false,
    allowPositionals: true,
  })
  const text = (name: string): string | undefined => {
    const value = values[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const given: Partial<Record<keyof Settings, unknown>> = {}
  for (const [name, setting] of Object.entries(NUMBERS)) {
    const value = text(name)
    if (value !== undefined) given[setting] = /^\d+$/.test(value) ? Number(value) : value
  }
  for (const name of WORDS) if (text(name) !== undefined) given[name] = text(name)
  // Whether a port is free of the other role's depends on what is stored: the store asks that.
  const read = readSettings({ authorityPort: 0, serverPort: 0, ...given })
  const problems = 'problems' in read ? read.problems : {}
  const overrides = Object.fromEntries(Object.entries(given).filter(([name]) => !(name in problems)))
  return {
    overrides,
    userData: text('user-data-dir'),
    exportFolder: text('export-folder'),
    files: [text('open') ?? '', ...positionals].filter((name) => name !== '').map(pathOf),
    tells: values['help'] === true ? 'help' : values['version'] === true ? 'version' : undefined,
    problems: Object.values(problems),
  }
}

/** Desktops name files by their addresses. */
function pathOf(name: string): string {
  if (!/^file:\/\//i.test(name)) return resolve(name)
  try {
    return fileURLToPath(name)
  } catch {
    // One of another machine, or none at all: then it is looked for under this very name.
    return resolve(name)
  }
}
