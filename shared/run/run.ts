/** A run that is kept: what each role has recorded, and what belongs to it that no record says. Plain data; secrets stand apart. */
import type { Bytes } from '../bytes'
import type { Certificate } from '../crypto/pki/certificate'
import type { Since } from '../held'
import type { KeySymbol } from '../hl1/keys'
import type { GivenName } from '../hl1/name-book'
import type { Role } from '../hl1/roles'
import type { Hl1Entry } from '../hl1/types'
import type { ListenerStatus, RegistrationStatus, SessionView } from '../lab'
import type { Endpoint } from '../record/connection'
import type { Settings } from '../settings'

/** What windows showed of the authority, besides its records, when the run was saved. */
export interface KeptAuthority {
  readonly status: ListenerStatus
  readonly identity: string
  readonly address: Endpoint | undefined
  /** Certificates that it has issued with its key of then, oldest first. */
  readonly issued: readonly { readonly at: number; readonly certificate: Certificate }[]
  readonly names: readonly GivenName[]
  readonly connections: number
}

/** The same of the server. */
export interface KeptServer {
  readonly status: ListenerStatus
  readonly identity: string
  readonly address: Endpoint | undefined
  readonly registration: RegistrationStatus
  readonly outdated: string | undefined
  readonly certificate: Certificate | undefined
  /** Suite `classic` alone has it: the bare signature that is the seed's certificate. */
  readonly certS: Bytes | undefined
  readonly sessions: readonly SessionView[]
  readonly connections: number
}

/** Keys of one end of a connection that none of its members carries. */
export interface ConnectionKeys {
  readonly connection: string
  readonly role: Role
  readonly keys: Readonly<Partial<Record<KeySymbol | 'Z', Bytes>>>
}

/** Secrets that were still there when the run was saved. Those that members carry are in the records themselves. */
export interface KeptSecrets {
  /** Private keys in PEM (PKCS#8). */
  readonly privateKeys: Readonly<Partial<Record<'SK_CA' | 'SK_S', string>>>
  readonly connections: readonly ConnectionKeys[]
}

export interface Run {
  /** The version of the app that has saved it. */
  readonly app: string
  readonly savedAt: number
  /** Oldest first; at least one. */
  readonly settings: readonly Since<Settings>[]
  /** The authority’s certificates, each the trust anchor while it was in force; oldest first. */
  readonly anchors: readonly Since<Certificate>[]
  readonly authority: KeptAuthority
  readonly server: KeptServer
  /** In the order in which they were made: those of authority and server, and the client's own. */
  readonly records: readonly Hl1Entry[]
  /** The last record of authority and server from before the walk began that the client's window showed. */
  readonly walkBegan: string | undefined
  /** Absent where they were left out, or are still locked. */
  readonly secrets: KeptSecrets | undefined
}
