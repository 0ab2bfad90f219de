/** The app's own options on the command line; everything else there belongs to Electron and Chromium. */
import { parseArgs } from 'node:util'
import { readSettings, type Settings } from '#shared/settings'

export interface CommandLine {
  /** Settings that hold for this start alone. */
  readonly overrides: Partial<Settings>
  readonly userData: string | undefined
  /** Folder that the export dialog begins with. */
  readonly exportFolder: string | undefined
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

/** Reads the options of {@link NUMBERS} and {@link WORDS}, `--user-data-dir` and `--export-folder`. */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const names = [...Object.keys(NUMBERS), ...WORDS, 'user-data-dir', 'export-folder']
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]))
  const { values } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true })
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
    problems: Object.values(problems),
  }
}
