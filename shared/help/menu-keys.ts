/** The keys of the menu, apart from all others: what every window needs to appear. */

/** Keys as Electron writes accelerators: `CommandOrControl+O`, `Alt+Left`; several that do the same, or belong together. */
export interface Shortcut {
  readonly keys: readonly string[]
  readonly what: string
}

/** Those of the menu that the app gives; each has one key. */
export const MENU_KEYS = {
  open: { keys: ['CommandOrControl+O'], what: 'Open files in the inspector' },
  export: { keys: ['CommandOrControl+E'], what: 'Export' },
  saveRun: { keys: ['CommandOrControl+S'], what: 'Save the run, where a view has nothing else to save' },
  openRun: { keys: ['CommandOrControl+Shift+O'], what: 'Open a run' },
  settings: { keys: ['CommandOrControl+,'], what: 'Settings' },
  print: { keys: ['CommandOrControl+P'], what: 'Print a page of Help, or what another window shows' },
  quit: { keys: ['CommandOrControl+Q'], what: 'Quit' },
  usualSize: { keys: ['CommandOrControl+0'], what: 'Usual size' },
  pauseClock: { keys: ['CommandOrControl+Shift+P'], what: 'Pause the session’s clock, or let it go on' },
  arrange: { keys: ['CommandOrControl+Shift+A'], what: 'Arrange the windows' },
  help: { keys: ['F1'], what: 'Help on what is in sight' },
} as const satisfies Readonly<Record<string, Shortcut>>

/** The accelerator that a window of the lab has in the menu, by its place there. */
export function windowKey(index: number): string {
  return `CommandOrControl+${index + 1}`
}
