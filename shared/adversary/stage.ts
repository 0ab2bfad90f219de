/** Where an attack takes place: honest roles that run for real, the wires between them, time, and what an adversary was given. */
import type { Bytes } from '../bytes'
import type { Certificate } from '../crypto/pki/certificate'
import type { RsaKeyPair } from '../crypto/primitives/rsa'
import type { Without } from '../hl1/defences'
import type { BytePipe } from '../hl1/drivers/transport'
import type { Environment } from '../hl1/environment'
import type { AuthorityCredentials, ClientState, ServerCredentials } from '../hl1/state'
import type { Role } from '../hl1/roles'
import type { SuiteName } from '../hl1/suites'
import type { Hl1Entry } from '../hl1/types'
import type { Endpoint } from '../record/connection'
import type { Settings } from '../settings'
import type { Passing } from './wire'

/** A frame that has passed. */
export interface SeenFrame extends Passing {
  readonly step: number
}

/** Who sends a frame on a wire, or gets it. */
export type Party = Role | 'adversary'

/** A frame as the adversary had it on a wire: what passed, what it kept, and what it sent itself. */
export interface TracedFrame {
  readonly from: Party
  readonly to: Party
  /** 0 for an alert. */
  readonly step: number
  readonly frame: Bytes
}

/** One of both wires, as whoever stands in its middle has it. */
export interface Tap {
  /** Every frame that has come, oldest first, whatever became of it. */
  readonly seen: readonly SeenFrame[]
  /** Decides what goes on in the place of a frame. Set by an attack; everything passes until then. */
  onFrame: (passing: SeenFrame) => readonly Bytes[] | Promise<readonly Bytes[]>
  /** Answers the connections that come from now on, in the place of the listener. */
  serve: ((pipe: BytePipe, opener: Endpoint) => Promise<void>) | undefined
}

/** An honest client on a connection of its own. What fails is in the evidence, and throws nothing. */
export interface HonestClient {
  /** Steps 3 to 6; false when that failed. */
  readonly open: () => Promise<boolean>
  /** Steps 7 and 8; undefined when that failed. `force`: also when its own clock says that the session is over. */
  readonly request: (text: string, options?: { readonly force: boolean }) => Promise<string | undefined>
  readonly close: () => void
}

/** What an adversary may have been given, each named for what it stands for. */
export interface Leaks {
  /** The authority’s keys: a thief of its disk, or an authority that is curious. */
  readonly authority: () => AuthorityCredentials
  /** The server’s: a thief of its disk. */
  readonly server: () => ServerCredentials
  /** All that the last honest client has in memory. */
  readonly client: () => ClientState
  /** A symmetric key that an honest role has carried in a message: a look into its memory. */
  readonly carried: (member: 'k_tmp1' | 'k_tmp2' | 'k_sess') => Bytes
}

export interface Stage {
  readonly suite: SuiteName
  readonly settings: Settings
  readonly without: Without
  /** Of this run alone: what only the request, or only the answer to it, holds. */
  readonly word: string
  readonly kBoot: Bytes
  readonly trustAnchor: Certificate
  /** The adversary's own: the same clocks, and the protocol as both ends speak it here. */
  readonly environment: Environment
  readonly toServer: Tap
  readonly toAuthority: Tap
  /** The honest server registers; false when that failed. */
  readonly register: () => Promise<boolean>
  /** An honest client connects; nothing has been said yet. */
  readonly client: () => Promise<HonestClient>
  /** Another honest server of the same authority, registered in its own name. */
  readonly otherServer: () => Promise<Endpoint>
  /** Clients that connect from now on come out elsewhere. */
  readonly leadTo: (endpoint: Endpoint) => void
  /** Time goes by for everybody, milliseconds. */
  readonly pass: (milliseconds: number) => void
  /** Somebody sets the honest server's wall clock, milliseconds. */
  readonly setServerClock: (difference: number) => void
  readonly leaks: Leaks
  /** A connection of the adversary's own, past every wire. */
  readonly connect: (
    to: 'server' | 'authority',
  ) => Promise<{ readonly pipe: BytePipe; readonly local: Endpoint }>
  /** An RSA key pair of the adversary's own. */
  readonly keyPair: () => Promise<RsaKeyPair>
  /** One of 1,792 bits, which is too short. */
  readonly shortKeyPair: () => Promise<RsaKeyPair>
  /** Waits until nothing moves any more: every connection has said what it has to. */
  readonly settle: () => Promise<void>
}

/** Something that an honest role set out to do. */
export interface Operation {
  readonly what: 'register' | 'open' | 'request'
  readonly ok: boolean
  /** The code of what went wrong. */
  readonly code?: string
  readonly answer?: string
}

/** What is known afterwards, outside of the protocol: oracles judge by it. */
export interface Evidence {
  /** What the honest roles have recorded, in order. */
  readonly records: readonly Hl1Entry[]
  /** What the adversary had on both wires, in order. */
  readonly frames: readonly TracedFrame[]
  readonly operations: readonly Operation[]
  readonly stage: Pick<Stage, 'word' | 'settings'>
}

/** What the adversary says at the end. */
export interface Claim {
  /** The word that the adversary has found out. */
  readonly secret?: string
  /** What it took and was not there, in a sentence; for an attack that meets no check. */
  readonly missing?: string
  /** Something measured on the way, in a sentence. */
  readonly measured?: string
}
