/** A run that is kept: what each role has recorded, and what belongs to it that no record says. Plain data; secrets stand apart. */
import type { Claim, Operation, TracedFrame } from '../adversary/stage'
import type { Outcome } from '../adversary/cell'
import type { Bytes } from '../bytes'
import type { Certificate } from '../crypto/pki/certificate'
import type { Since } from '../held'
import type { DefenceId } from '../hl1/defences'
import type { KeySymbol } from '../hl1/keys'
import type { GivenName } from '../hl1/name-book'
import type { Role } from '../hl1/roles'
import type { SuiteName } from '../hl1/suite-names'
import type { Hl1Entry } from '../hl1/types'
import type {
  ListenerStatus,
  RegistrationStatus,
  RevocationListView,
  RevokedView,
  SessionView,
  SignedView,
} from '../lab'
import type { Connection, Endpoint } from '../record/connection'
import type { Settings } from '../settings'
import type { KeptAdversary } from './kept-adversary'

/** What windows showed of the authority, besides its records, when the run was saved. */
export interface KeptAuthority {
  readonly status: ListenerStatus
  readonly identity: string
  readonly address: Endpoint | undefined
  /** Certificates that it has issued with its key of then, oldest first. */
  readonly issued: readonly { readonly at: number; readonly certificate: Certificate }[]
  readonly names: readonly GivenName[]
  readonly connections: number
  /** Its revocation list then, and what is on it by serial numbers; absent where a run is from before there was one. */
  readonly list?: Omit<RevocationListView, 'url' | 'fault' | 'file'> | undefined
  readonly revoked?: readonly (RevokedView & { readonly serial: string })[] | undefined
  /** Certificates for requests from files. */
  readonly signed?: readonly Omit<SignedView, 'revoked'>[] | undefined
}

/** The same of the server. */
export interface KeptServer {
  readonly status: ListenerStatus
  readonly identity: string
  readonly address: Endpoint | undefined
  readonly registration: RegistrationStatus
  readonly outdated: string | undefined
  readonly certificate: Certificate | undefined
  /** Suite `classic` alone has it: the bare signature that is the original's certificate. */
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
  /** Private keys in PEM of whoever is no part of the lab, where a certificate of the run is about them. */
  readonly others?: readonly string[]
}

/** An adversary as it was when a run was to be saved; which connections of the run its lines are is said once these are known. */
export interface AdversarySide {
  /** Absent where what it did is kept otherwise. */
  readonly adversary?: (connections: readonly Connection[]) => KeptAdversary
  /** Keys of others that it has. */
  readonly keys: readonly ConnectionKeys[]
  /** Private keys in PEM: its own, and those that it has of others. */
  readonly privateKeys: readonly string[]
}

/** The attack that a run is of, and all that its oracle has judged by. */
export interface KeptAttack {
  readonly attack: string
  readonly suite: SuiteName
  /** What defends both ends, and was taken away in the lab of this run. */
  readonly without: readonly DefenceId[]
  readonly outcome: Outcome
  /** What the oracle has seen, in a sentence. */
  readonly why: string
  /** The random word that only request or answer held. */
  readonly word: string
  readonly claim: Claim
  readonly operations: readonly Operation[]
  /** What the adversary had on both wires, in order. */
  readonly frames: readonly TracedFrame[]
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
  /** What somebody in the middle did; absent where nobody was. */
  readonly adversary?: KeptAdversary
  /** Of a run of an attack alone, in a lab made for it. */
  readonly attack?: KeptAttack
}
