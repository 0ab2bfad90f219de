/** The lab as its windows see it: what main's two roles are doing. No private part of any key is in here. */
import type { CertificateView, CertSView, PublicKeyView } from './inspect/describe'
import type { Role } from './protocol/roles'
import type { Endpoint } from './protocol/state'
import type { StepNumber } from './protocol/steps'
import type { SuiteName } from './protocol/suites'

export type ListenerStatus = 'stopped' | 'starting' | 'running' | 'stopping'

/** An error as it crosses a border: the class is gone, the code stays. `freePort` comes with `port_in_use`. */
export interface Fault {
  readonly code: string
  readonly message: string
  readonly step?: number
  readonly freePort?: number
}

/** A certificate that the authority has issued since it started. */
export interface IssuedView {
  readonly id: string
  readonly at: number
  readonly certificate: CertificateView
}

export interface AuthorityView {
  readonly status: ListenerStatus
  readonly identity: string
  readonly address: Endpoint | undefined
  readonly fault: Fault | undefined
  readonly certificate: CertificateView | undefined
  readonly issued: readonly IssuedView[]
  readonly connections: number
}

/** `elapsed`: milliseconds of its lifetime that were gone when the view was made at `viewedAt` (wall clock). */
export interface SessionView {
  readonly id: string
  readonly idC: string
  readonly peer: Endpoint
  readonly suite: SuiteName
  readonly startedAt: number
  readonly lifetime: number
  readonly elapsed: number
  readonly viewedAt: number
  readonly requests: number
  /** False once the client's connection is gone. */
  readonly connected: boolean
}

/** How far the server's registration is. `outdated`: its certificate is from an authority that is no longer the lab's. */
export type RegistrationStatus = 'none' | 'under_way' | 'registered' | 'outdated'

export interface ServerView {
  readonly status: ListenerStatus
  readonly identity: string
  readonly address: Endpoint | undefined
  readonly fault: Fault | undefined
  readonly registration: RegistrationStatus
  readonly key: PublicKeyView | undefined
  readonly certificate: CertificateView | undefined
  readonly certS: CertSView | undefined
  readonly sessions: readonly SessionView[]
  readonly connections: number
}

/** Where the walk stands on main's side. */
export interface WalkView {
  /** Of steps 1 and 2, how many are done since the walk began. */
  readonly registered: 0 | 1 | 2
  /** Steps that a role is ready to build and waits with, until they are released. */
  readonly waiting: readonly StepNumber[]
}

export interface LabView {
  readonly authority: AuthorityView
  readonly server: ServerView
  readonly walk: WalkView
  /** Where the authority's certificate was written as a file. */
  readonly trustAnchorFile: string | undefined
  /** Shown by About: app, Electron, Chromium and Node versions. */
  readonly versions: Readonly<Record<'app' | 'electron' | 'chrome' | 'node', string>>
}

/** The window of each role. */
export type WindowName = Role
