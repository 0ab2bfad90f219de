/** What saving changed settings does to what runs just now: which listener moves, what ends with it, what has to be redone. */
import type { LabView, SessionView } from './lab'
import { isEscrowed, suitesServedWith } from './hl1/served-suites'
import { SUITES } from './hl1/suites'
import type { Settings } from './settings'

/**
 * `move_…`: the role listens at another port. `new_authority`: another key and certificate. `register_again`, `escrowed_key`:
 * hints only.
 */
export interface SettingsEffect {
  readonly kind: 'move_authority' | 'move_server' | 'new_authority' | 'register_again' | 'escrowed_key'
  /** What happens, in full sentences. */
  readonly text: string
}

/** The parts of the lab that settings act on. */
export type Affected = {
  readonly authority: Pick<LabView['authority'], 'status' | 'address' | 'identity'>
  readonly server: Pick<LabView['server'], 'status' | 'address' | 'registration' | 'certS'> & {
    readonly sessions: readonly Pick<SessionView, 'end' | 'connected'>[]
  }
}

/** In the order in which they come about. A port of 0 asks for any: whoever listens already has one. */
export function effectsOf(lab: Affected, before: Settings, after: Settings): readonly SettingsEffect[] {
  return [
    ...authorityEffects(lab, before, after),
    ...serverEffects(lab, before, after),
    ...registrationEffects(lab, before, after),
  ]
}

/** The port that a running role has to move to, if any. */
export function portToMoveTo(
  role: { readonly status: string; readonly address: { readonly port: number } | undefined },
  before: number,
  after: number,
): number | undefined {
  const isElsewhere = role.status === 'running' && role.address?.port !== after
  return isElsewhere && after !== before && after !== 0 ? after : undefined
}

/** Whether a running authority has to become another one, since its name is another. */
export function isRenamed(
  authority: Pick<Affected['authority'], 'status' | 'identity'>,
  before: Settings,
  after: Settings,
): boolean {
  const { authorityIdentity: identity } = after
  return (
    authority.status === 'running' && identity !== before.authorityIdentity && identity !== authority.identity
  )
}

function authorityEffects({ authority }: Affected, before: Settings, after: Settings): SettingsEffect[] {
  const port = portToMoveTo(authority, before.authorityPort, after.authorityPort)
  const effects: SettingsEffect[] = []
  if (port !== undefined) {
    const text = `The authority listens on port ${port} instead of ${authority.address?.port}. It keeps its key.`
    effects.push({ kind: 'move_authority', text })
  }
  if (isRenamed(authority, before, after)) {
    const text = `The authority becomes a new one, ${after.authorityIdentity}, with a new key: certificates that ${authority.identity} has issued stop being valid for the lab, and its key is forgotten: export it first, to keep it.`
    effects.push({ kind: 'new_authority', text })
  }
  return effects
}

function serverEffects({ server }: Affected, before: Settings, after: Settings): SettingsEffect[] {
  const port = portToMoveTo(server, before.serverPort, after.serverPort)
  if (port === undefined) return []
  const live = server.sessions.filter(({ end, connected }) => connected && !end).length
  const ending = live === 0 ? '' : live === 1 ? ' One session ends.' : ` ${live} sessions end.`
  const text = `The server listens on port ${port} instead of ${server.address?.port}. It keeps its key and certificate.${ending}`
  return [{ kind: 'move_server', text }]
}

function registrationEffects({ server }: Affected, before: Settings, after: Settings): SettingsEffect[] {
  if (server.registration !== 'registered') return []
  const reasons: string[] = []
  const serves = suitesServedWith(server).includes(after.suite)
  if (after.serverIdentity !== before.serverIdentity) reasons.push('its certificate is in its old name')
  if (after.suite !== before.suite && !serves)
    reasons.push(`suite ${SUITES[after.suite].title} needs a Cert_S, which its registration has not brought`)
  if (reasons.length === 0) return after.suite === before.suite ? [] : escrowEffects(server, after)
  const text = `The server has to register again, since ${reasons.join(' and ')}.`
  return [{ kind: 'register_again', text }]
}

/** A server that has registered in `classic` can go on in `modern`, with the key pair that the authority made. */
function escrowEffects(server: Affected['server'], after: Settings): SettingsEffect[] {
  if (!isEscrowed(server, after.suite)) return []
  const text = `The server serves suite ${SUITES[after.suite].title} with the key pair that the authority made for it, until it registers again and makes its own.`
  return [{ kind: 'escrowed_key', text }]
}
