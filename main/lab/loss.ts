/**
 * What would be lost by quitting, by starting over, or by an act that puts a key away: what this start has made, is there still, and was written to no file.
 * What is running and can be made again just so (listeners, settings, connections) is no loss, nor is anything that was copied
 * alone: a clipboard keeps nothing. Chains that are served are never made again with the same keys.
 */
import { count } from '#shared/words'
import { ROLE_NAMES } from '#shared/hl1/roles'

/** A role's key pair with its certificate, and which of them an export has written since they were made. */
export interface HeldKeys {
  readonly identity: string
  readonly isKeyKept: boolean
  readonly isCertificateKept: boolean
}

/** What is there. */
export interface Held {
  /** Undefined while the role has none. */
  readonly authority: HeldKeys | undefined
  readonly server: HeldKeys | undefined
  /** Certificates that the authority has issued. */
  readonly issued: number
  /** Messages in the log that were saved nowhere. */
  readonly messages: number
  /** Those of them that the client's own side of this walk is about. */
  readonly ofWalk: number
  /** Chains that the workshop serves. */
  readonly served: number
}

export type Loss =
  | { readonly of: 'keys'; readonly role: 'authority' | 'server'; readonly text: string }
  | { readonly of: 'log' | 'trust' | 'served'; readonly text: string }

/** Everything goes: keys, certificates, the log, and what is served. */
export function lostByQuitting(held: Held): readonly Loss[] {
  const losses: Loss[] = [...keysLost('authority', held.authority), ...keysLost('server', held.server)]
  if (held.messages > 0) losses.push({ of: 'log', text: `The log: ${count(held.messages, 'message')}.` })
  return [...losses, ...lostWithWorkshop(held)]
}

/** What the workshop serves ends with its window, and the files go that its clients were given. */
export function lostWithWorkshop({ served }: Pick<Held, 'served'>): readonly Loss[] {
  if (served === 0) return []
  const text = `What the workshop serves on this machine: ${count(served, 'chain')}, with the keys and the files for clients.`
  return [{ of: 'served', text }]
}

/**
 * The client's side of this walk goes. Authority and server keep what they have; the server's key pair is named as well where
 * it would go with the step that comes next, registering anew.
 */
export function lostByStartingOver(held: Held): readonly Loss[] {
  if (held.ofWalk === 0) return []
  const text = `The client’s log of this walk, ${count(held.ofWalk, 'message')}, with its keys and answers.`
  return [{ of: 'log', text }, ...keysLost('server', held.server, ': lost once it registers again')]
}

/** The authority's key goes: nothing where there is none, and as long as it has signed nothing for anybody and nobody took its certificate along. */
export function lostWithAuthority(held: Held): readonly Loss[] {
  const { issued, authority } = held
  if (!authority) return []
  if (issued === 0) return authority.isCertificateKept ? keysLost('authority', authority) : []
  const certificates = `${count(issued, 'certificate')} that this one has issued ${issued === 1 ? 'is' : 'are'}`
  const text = `Trust: once there is another authority, ${certificates} no longer valid for the lab.`
  return [...keysLost('authority', held.authority), { of: 'trust', text }]
}

/** The server's key goes. */
export function lostWithServer(held: Held): readonly Loss[] {
  return keysLost('server', held.server)
}

function keysLost(role: 'authority' | 'server', held: HeldKeys | undefined, when = ''): readonly Loss[] {
  if (!held || (held.isKeyKept && held.isCertificateKept)) return []
  const both = !held.isKeyKept && !held.isCertificateKept
  const what = both ? 'key pair and certificate' : held.isKeyKept ? 'certificate' : 'private key'
  const text = `The ${what} of the ${ROLE_NAMES[role].title} (${held.identity}), not exported${when}.`
  return [{ of: 'keys', role, text }]
}
