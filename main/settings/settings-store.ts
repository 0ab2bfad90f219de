/** The settings, kept in the user data folder. */
import { basename } from 'node:path'
import { fromUtf8 } from '#shared/bytes'
import {
  DEFAULT_SETTINGS,
  readEachSetting,
  readSettings,
  unknownSettings,
  type Settings,
  type SettingsProblems,
} from '#shared/settings'
import { settingsFailure } from './failures'
import { readJson, replaceFile, SMALL_FILE_BYTES } from '../files/json-file'
import { freeBeside, readOwn, setAside, type NotOwn } from '../files/own-file'

/** What a file of another version, parts of which were not understood, has behind its name once settings were saved over it. */
const OTHER_VERSION = 'other-version'

/** Settings that were judged and are allowed, ready to be kept. */
export interface JudgedChange {
  /** What is in force once they are kept. */
  readonly next: Settings
  /** @throws LabError `settings_disk_full`, `settings_not_writable`, `settings_not_kept`: then nothing has changed */
  readonly keep: () => Promise<void>
}

export class SettingsStore {
  private constructor(
    private readonly path: string,
    /** Members of the file that this version knows nothing of: they are written again as they are. */
    private readonly unknown: Readonly<Record<string, unknown>>,
    /** Whether the file says something that was not understood, and that saving would destroy. */
    private isMisunderstood: boolean,
    private stored: Settings,
    private overrides: Partial<Settings>,
    private readonly onChange: (settings: Settings) => void,
  ) {}

  /**
   * Reads the settings. A damaged file is set aside and the defaults hold. In one with settings that are not allowed, as a newer
   * version may write, all others hold; it stays as it is until settings are saved, and is kept beside then.
   * `overrides` come from the command line: they hold for this start and are not kept; what does not go together with
   * the settings is left out. `notices` say so.
   */
  static open(
    path: string,
    overrides: Partial<Settings>,
    onChange: (settings: Settings) => void,
  ): { readonly store: SettingsStore; readonly notices: readonly string[] } {
    const notices: string[] = []
    const read = readStored(path)
    if ('wrong' in read)
      notices.push(`The settings could not be read, so the defaults hold. ${read.wrong} ${setAside(path)}`)
    const { settings, problems, unknown } =
      'wrong' in read ? { settings: DEFAULT_SETTINGS, problems: {}, unknown: {} } : read
    const wrong = Object.values(problems)
    if (wrong.length > 0) notices.push(misunderstood(path, wrong))
    const { kept, notice } = withoutConflicts(settings, overrides)
    if (notice !== undefined) notices.push(notice)
    return { store: new SettingsStore(path, unknown, wrong.length > 0, settings, kept, onChange), notices }
  }

  get current(): Settings {
    return { ...this.stored, ...this.overrides }
  }

  /** The settings that the command line has set for this start. */
  get overridden(): readonly (keyof Settings)[] {
    return Object.keys(this.overrides) as (keyof Settings)[]
  }

  /** Judges changes of single settings, against all that hold besides; nothing changes before they are kept. */
  judge(changes: Readonly<Record<string, unknown>>): JudgedChange | { readonly problems: SettingsProblems } {
    // A value that holds already is no change: what only the command line has set is not kept by saving the rest.
    const current: Readonly<Record<string, unknown>> = this.current
    const changed = Object.fromEntries(
      Object.entries(changes).filter(([name, value]) => value !== current[name]),
    )
    const overrides = Object.fromEntries(
      Object.entries(this.overrides).filter(([name]) => !(name in changed)),
    )
    const stored = readSettings({ ...this.stored, ...changed })
    const next = readSettings({ ...this.stored, ...overrides, ...changed })
    if ('problems' in next) return next
    if ('problems' in stored) return stored
    const keep = async (): Promise<void> => {
      await this.#write(stored.settings).catch((error: unknown) => {
        throw settingsFailure(error, this.path)
      })
      this.stored = stored.settings
      this.overrides = overrides
      this.onChange(this.current)
    }
    return { next: next.settings, keep }
  }

  async #write(settings: Settings): Promise<void> {
    if (this.isMisunderstood) await keepBeside(this.path)
    await replaceFile(this.path, `${JSON.stringify({ ...this.unknown, ...settings }, null, 2)}\n`)
    this.isMisunderstood = false
  }

  /** Changes single settings and keeps them; nothing changes when one of them is not allowed. */
  async change(
    changes: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly settings: Settings } | { readonly problems: SettingsProblems }> {
    const judged = this.judge(changes)
    if ('problems' in judged) return judged
    await judged.keep()
    return { settings: this.current }
  }
}

interface Read {
  readonly settings: Settings
  /** What was not understood, by its name. */
  readonly problems: SettingsProblems
  readonly unknown: Readonly<Record<string, unknown>>
}

/** The settings of a file; the defaults where there is none. */
function readStored(path: string): Read | NotOwn {
  const file = readJson(path)
  if (!file) return { settings: DEFAULT_SETTINGS, problems: {}, unknown: {} }
  if ('wrong' in file) return file
  const { value } = file
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { wrong: 'There are no settings in it.' }
  return { ...readEachSetting(value), unknown: unknownSettings(value) }
}

function misunderstood(path: string, wrong: readonly string[]): string {
  return `Settings in ${path} that this version does not understand have their defaults, all others hold. ${wrong.join(' ')} The file stays as it is; once settings are saved, it is kept beside as ${basename(path)}.${OTHER_VERSION}.`
}

/** Puts a copy beside the file, under a name that is free. */
async function keepBeside(path: string): Promise<void> {
  const read = readOwn(path, SMALL_FILE_BYTES)
  const beside = freeBeside(path, OTHER_VERSION)
  if (read && 'bytes' in read && beside !== undefined) await replaceFile(beside, fromUtf8(read.bytes))
}

/** The command line's settings that go together with the stored ones: both roles on one port do not. */
function withoutConflicts(
  stored: Settings,
  overrides: Partial<Settings>,
): { readonly kept: Partial<Settings>; readonly notice?: string } {
  const read = readSettings({ ...stored, ...overrides })
  if ('settings' in read) return { kept: overrides }
  const { authorityPort: _authorityPort, serverPort: _serverPort, ...kept } = overrides
  return { kept, notice: `Ports on the command line left out. ${Object.values(read.problems).join(' ')}` }
}
