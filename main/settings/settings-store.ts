/** The settings, kept in the user data folder. */
import { readSettings, type Settings, type SettingsProblems } from '#shared/settings'
import { readJson, replaceFile, setAside } from './json-file'

export class SettingsStore {
  private constructor(
    private readonly path: string,
    private stored: Settings,
    private overrides: Partial<Settings>,
    private readonly onChange: (settings: Settings) => void,
  ) {}

  /**
   * Reads the settings. A damaged file, or one with settings that are not allowed, is set aside and the defaults hold;
   * `notice` says so. `overrides` come from the command line: they hold for this start and are not kept.
   */
  static async open(
    path: string,
    overrides: Partial<Settings>,
    onChange: (settings: Settings) => void,
  ): Promise<{ readonly store: SettingsStore; readonly notice: string | undefined }> {
    const file = await readJson(path)
    const read = readSettings(file === 'damaged' ? undefined : file?.value)
    const sound = file !== 'damaged' && 'settings' in read
    const notice = sound
      ? undefined
      : `The settings could not be read: they were set aside as ${await setAside(path)}.`
    const defaults = readSettings(undefined)
    const settings = sound ? read.settings : 'settings' in defaults ? defaults.settings : undefined
    if (!settings) throw new TypeError('The default settings break their own rules.')
    return { store: new SettingsStore(path, settings, overrides, onChange), notice }
  }

  get current(): Settings {
    return { ...this.stored, ...this.overrides }
  }

  /** Changes single settings and keeps them; nothing changes when one of them is not allowed. */
  async change(
    changes: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly settings: Settings } | { readonly problems: SettingsProblems }> {
    // A value that holds already is no change: what only the command line has set is not kept by saving the rest.
    const current: Readonly<Record<string, unknown>> = this.current
    const changed = Object.fromEntries(
      Object.entries(changes).filter(([name, value]) => value !== current[name]),
    )
    const read = readSettings({ ...this.stored, ...changed })
    if ('problems' in read) return read
    await replaceFile(this.path, `${JSON.stringify(read.settings, null, 2)}\n`)
    this.stored = read.settings
    this.overrides = Object.fromEntries(Object.entries(this.overrides).filter(([name]) => !(name in changed)))
    this.onChange(this.current)
    return { settings: this.current }
  }
}
