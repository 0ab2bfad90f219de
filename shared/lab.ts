/** The lab as its windows see it: what main's two roles are doing. No private part of any key is in here. */
import type { RevocationReason } from './crypto/pki/revocation-reasons'
import type { Fault } from './errors'
import type { CertificateView, CertSView, PublicKeyView } from './inspect/describe'
import type { SessionEnd } from './hl1/drivers/session'
import type { GivenName } from './hl1/name-book'
import type { Hl1Entry } from './hl1/types'
import type { Role } from './hl1/roles'
import type { Connection, Endpoint } from './record/connection'
import type { StepNumber } from './hl1/steps'
import type { SuiteName } from './hl1/suites'
import type { Settings } from './settings'
import type { WindowName } from './windows'

export type ListenerStatus = 'stopped' | 'starting' | 'running' | 'stopping'

/** A certificate that the authority has issued since it started. */
export interface IssuedView {
  readonly id: string
  readonly at: number
  readonly certificate: CertificateView
  readonly revoked: RevokedView | undefined
}

/** Since when (wall clock) and why a certificate is revoked. */
export interface RevokedView {
  readonly at: number
  readonly reason: RevocationReason
}

/** A certificate that the person at the authority has issued for a request from a file; its key is of any kind. */
export interface SignedView {
  /** The serial number, hex. */
  readonly id: string
  readonly at: number
  /** For lists and titles: the subject, or a name where that is empty. */
  readonly title: string
  readonly pem: string
  /** The key in words, `EC, P-256`. */
  readonly key: string
  readonly names: readonly string[]
  readonly revoked: RevokedView | undefined
}

/** The authority's revocation list (RFC 5280 section 5). Times are milliseconds since the Unix epoch. */
export interface RevocationListView {
  readonly pem: string
  readonly number: number
  readonly thisUpdate: number
  readonly nextUpdate: number
  /** Certificates on it. */
  readonly count: number
  /** Where it is handed out by HTTP; undefined where it is not. */
  readonly url: string | undefined
  /** Why it is not, where it should be. */
  readonly fault: Fault | undefined
  /** Where it was written as a file. */
  readonly file: string | undefined
}

/** A question to the person at the authority: may who asks have the name? Times are wall clock. */
export interface NameQuestion {
  readonly id: number
  readonly name: string
  readonly from: Endpoint
  /** This app's own server asks. */
  readonly isOwn: boolean
  /** SHA-256 of the key that is to be certified, in hex with colons; undefined where the authority makes one. */
  readonly key: string | undefined
  /** Who has got the name before. */
  readonly before: GivenName | undefined
  readonly askedAt: number
  /** Unanswered by then, it is refused. */
  readonly endsAt: number
}

export interface AuthorityView {
  readonly status: ListenerStatus
  readonly identity: string
  readonly address: Endpoint | undefined
  readonly fault: Fault | undefined
  readonly certificate: CertificateView | undefined
  readonly issued: readonly IssuedView[]
  /** Issued for requests from files. */
  readonly signed: readonly SignedView[]
  /** Its revocation list, while it runs; a recording has none. */
  readonly list: RevocationListView | undefined
  /** Names that it has given since it started, the last one first. */
  readonly names: readonly GivenName[]
  readonly questions: readonly NameQuestion[]
  readonly connections: number
}

/** `elapsed`: milliseconds of its lifetime that were gone when the view was made at `viewedAt` (wall clock). */
export interface SessionView {
  /** The identifier of its connection. */
  readonly id: string
  readonly idC: string
  readonly peer: Endpoint
  readonly suite: SuiteName
  readonly startedAt: number
  readonly lifetime: number
  readonly elapsed: number
  /** Its clock stands at both ends, for somebody who reads. */
  readonly paused: boolean
  /** Milliseconds that it stood until now, or until the session's end. */
  readonly stood: number
  readonly viewedAt: number
  readonly requests: number
  /** False once the client's connection is gone. */
  readonly connected: boolean
  /** How and when (wall clock) it ended; undefined while it lives. */
  readonly end: { readonly how: SessionEnd; readonly at: number } | undefined
}

/** Whose secrets: those in all records of a role, or in those of one of its connections. */
export interface SecretsOf {
  readonly role: Role
  readonly connection?: Connection
}

/** A record as windows are told of it. */
export type LabEntry = Hl1Entry

/** What happens to the records that windows show: one is added, without the values of its secrets, or secrets are gone. */
export type RecordsChange =
  | { readonly kind: 'added'; readonly entry: LabEntry }
  | { readonly kind: 'forgotten'; readonly whose: SecretsOf }

/** How far the server's registration is. `outdated`: it is no longer what the lab and its settings call for. */
export type RegistrationStatus = 'none' | 'under_way' | 'registered' | 'outdated'

export interface ServerView {
  readonly status: ListenerStatus
  readonly identity: string
  readonly address: Endpoint | undefined
  readonly fault: Fault | undefined
  readonly registration: RegistrationStatus
  /** Why the registration is outdated, in a sentence. */
  readonly outdated: string | undefined
  readonly key: PublicKeyView | undefined
  readonly certificate: CertificateView | undefined
  readonly certS: CertSView | undefined
  readonly sessions: readonly SessionView[]
  readonly connections: number
}

/** Where the walk stands on main's side. */
export interface WalkView {
  /** Of two views the one with the greater number is the newer. */
  readonly version: number
  /** Of steps 1 and 2, how many are done since the walk began. */
  readonly registered: 0 | 1 | 2
  /** Steps that a role is ready to build and waits with, until they are released. */
  readonly waiting: readonly StepNumber[]
  /** The clock of the client's session stands at both ends. */
  readonly paused: boolean
}

/** Something that every window says once, or the one that it concerns, until it is dismissed. */
export interface Notice {
  readonly id: number
  readonly text: string
  /** A `note` tells of something that did no harm. */
  readonly kind: 'note' | 'warning'
  /** The only window that says it; undefined for all of them. */
  readonly window?: WindowName
  /** A window that it offers to show. */
  readonly offers?: WindowName
}

export interface LabView {
  readonly authority: AuthorityView
  readonly server: ServerView
  readonly walk: WalkView
  /** The adversary of this app is on: somebody stands in the middle of the lab's connections. No program of the lab can tell. */
  readonly isOnWire: boolean
  /** Messages that it holds: whoever waits for one waits until it goes on. */
  readonly heldOnWire: number
  /** Windows of whose records some had to go for newer ones: they are not revealed any more, nor saved with a run. */
  readonly dropped: readonly WindowName[]
  /** Where the authority's certificate was written as a file. */
  readonly trustAnchorFile: string | undefined
  readonly notices: readonly Notice[]
  /** Settings that the command line has set for this start. */
  readonly commandLine: readonly (keyof Settings)[]
  /** Shown by About: app, Electron, Chromium and Node versions. */
  readonly versions: Readonly<Record<'app' | 'electron' | 'chrome' | 'node', string>>
}
