/** The settings, kept in the user data folder. */
import { DEFAULT_SETTINGS, readSettings, type Settings, type SettingsProblems } from '#shared/settings'
import { settingsFailure } from './failures'
import { readJson, replaceFile } from '../files/json-file'
import { setAside, type NotOwn } from '../files/own-file'

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
    private stored: Settings,
    private overrides: Partial<Settings>,
    private readonly onChange: (settings: Settings) => void,
  ) {}

  /**
   * Reads the settings. A damaged file, or one with settings that are not allowed, is set aside and the defaults hold.
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
    const stored = 'wrong' in read ? DEFAULT_SETTINGS : read.settings
    const { kept, notice } = withoutConflicts(stored, overrides)
    if (notice !== undefined) notices.push(notice)
    return { store: new SettingsStore(path, stored, kept, onChange), notices }
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
      await replaceFile(this.path, `${JSON.stringify(stored.settings, null, 2)}\n`).catch(
        (error: unknown) => {
          throw settingsFailure(error, this.path)
        },
      )
      this.stored = stored.settings
      this.overrides = overrides
      this.onChange(this.current)
    }
    return { next: next.settings, keep }
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

/** The settings of a file; the defaults where there is none. */
function readStored(path: string): { readonly settings: Settings } | NotOwn {
  const file = readJson(path)
  if (file && 'wrong' in file) return file
  if (file && (typeof file.value !== 'object' || file.value === null || Array.isArray(file.value)))
    return { wrong: 'There are no settings in it.' }
  const read = readSettings(file?.value)
  return 'settings' in read ? read : { wrong: Object.values(read.problems).join(' ') }
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
