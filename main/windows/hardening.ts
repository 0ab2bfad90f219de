/** Puts the barriers around every page the app ever shows (Electron's security checklist). */
import { app, session, type Session, type WebPreferences } from 'electron'
import type { Barrier } from './barriers'

/** Sets the switches, and what holds for every page. Has to run before the app is ready. */
export function hardenPages(barriers: readonly Barrier[]): void {
  for (const [name, value] of Object.entries(switchesOf(barriers))) app.commandLine.appendSwitch(name, value)
  app.on('web-contents-created', (_, contents) => {
    for (const { onContents } of barriers) onContents?.(contents)
  })
}

/** Sets what holds for every page of a session, that of the windows unless given; needs the app to be ready, and no page to be there yet. */
export async function hardenSession(
  barriers: readonly Barrier[],
  of: Session = session.defaultSession,
): Promise<void> {
  for (const { onSession } of barriers) await onSession?.(of)
}

/** The content security policy that pages are served with. */
export function policyOf(barriers: readonly Barrier[]): string {
  return barriers.flatMap(({ policy = [] }) => policy).join('; ')
}

/** The settings that every window gets. */
export function preferencesOf(barriers: readonly Barrier[]): WebPreferences {
  return Object.assign({}, ...barriers.map(({ preferences }) => preferences)) as WebPreferences
}

/** What several barriers say with one switch is a list there. */
function switchesOf(barriers: readonly Barrier[]): Readonly<Record<string, string>> {
  const joined: Record<string, string> = {}
  for (const [name, value] of barriers.flatMap(({ switches = {} }) => Object.entries(switches)))
    joined[name] = name in joined ? `${joined[name]},${value}` : value
  return joined
}
