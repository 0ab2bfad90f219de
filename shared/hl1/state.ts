/**
 * What each role knows at each moment of a connection. A state names the step that comes next and whose turn it is. It is
 * plain data: what acts (clocks, cryptography, the memory for replays) comes with the environment.
 */
import type { Bytes } from '../bytes'
import type { KeyShare } from '../crypto/primitives/aead'
import type { Certificate } from '../crypto/pki/certificate'
import type { Additions } from '../crypto/pki/issue'
import type { RsaKeyPair, RsaPrivateKey, RsaPublicKey } from '../crypto/primitives/rsa'
import type { RsaBits } from '../crypto/primitives/rsa-bits'
import type { Endpoint } from '../record/connection'
import type { SuiteName } from './suites'
import type { StepNumber } from './steps'

/** What comes next: this role builds the step, waits for it, or nothing more may come. */
export type Next = { readonly act: 'build' | 'accept'; readonly step: StepNumber } | { readonly act: 'end' }

interface ConnectionState {
  /** Undefined until the first frame of the connection has fixed it. */
  readonly suite: SuiteName | undefined
  /** The suites that this role can speak on the connection, where that isn't all of them. */
  readonly offered?: readonly SuiteName[]
  readonly next: Next
  /** Hash over the frames of the connection so far, as far as the suite binds them (protocol.md section 4). */
  readonly transcript: Bytes
  /** Message age limit, seconds. */
  readonly maxAge: number
}

/** The authority itself: one identity, one key pair, one self-signed certificate. */
export interface AuthorityCredentials {
  readonly identity: string
  readonly keyPair: RsaKeyPair
  readonly certificate: Certificate
}

/** What a registered server has to show: its certificates, and the key pair that they are for. */
export interface ServerCredentials {
  readonly identity: string
  readonly publicKey: RsaPublicKey
  readonly privateKey: RsaPrivateKey
  /** Only suite `classic` issues one. */
  readonly certS?: Bytes
  readonly certificate: Certificate
}

/** Terms on which an authority issues. */
export interface IssuePolicy extends Pick<Additions, 'listAt'> {
  /** Names besides those of this machine, for one identity alone. */
  readonly more?: { readonly of: string; readonly names: readonly string[] }
  readonly rsaBits: RsaBits
  readonly validityDays: number
}

/** What the certificate of an identity has besides what every server's has. */
export function additionsFor({ listAt, more }: IssuePolicy, identity: string): Additions {
  return { listAt, names: more?.of === identity ? more.names : [] }
}

/** A session from `ts6` on: its key and when it ends. `startedAt` is wall clock, `startedMonotonic` never set. */
export interface Session {
  readonly key: Bytes
  readonly idC: string
  readonly lifetime: number
  readonly startedAt: number
  readonly startedMonotonic: number
}

/** Secrets of suite `modern` on one connection to the server (protocol.md section 4). */
export interface ModernSecrets {
  /** This side's ephemeral share; forgotten, like what it led to, once the session's keys are derived. */
  readonly keyShare?: KeyShare
  /** The client's share, read: the server's, from step 3 to step 4. */
  readonly peerShare?: CryptoKey
  /** `Z`, once both shares are there. */
  readonly shared?: Bytes
  readonly kHs?: Bytes
  /** After step 6: the transcript then, both keys, and the next sequence number each way. */
  readonly session?: {
    readonly transcript: Bytes
    readonly clientToServer: Bytes
    readonly serverToClient: Bytes
    readonly nextRequest: number
    readonly nextAnswer: number
  }
}

/** The authority on one connection: steps 1 and 2. */
export interface AuthorityState extends ConnectionState {
  readonly role: 'authority'
  readonly credentials: AuthorityCredentials
  readonly policy: IssuePolicy
  readonly kTmp1?: Bytes
  readonly idS?: string
  /** Suite `modern`: the key that the request is about, the request's nonce and its timestamp. */
  readonly requested?: { readonly publicKey: RsaPublicKey; readonly nonce: Bytes; readonly timestamp: number }
  /** Set by step 2. */
  readonly issued?: { readonly certificate: Certificate }
}

/** A server that registers: steps 1 and 2. */
export interface RegistrationState extends ConnectionState {
  readonly role: 'server'
  readonly idS: string
  readonly trustAnchor: Certificate
  /** Size of the key that the server makes for itself in suite `modern`. */
  readonly rsaBits: RsaBits
  readonly kTmp1?: Bytes
  /** Suite `modern`: the server's own key pair and the nonce of its request. */
  readonly own?: { readonly keyPair: RsaKeyPair; readonly nonce: Bytes }
  /** Set by step 2. */
  readonly credentials?: ServerCredentials
}

/**
 * A registered server on one client's connection: steps 3 to 8. What it learns later has its place from the start, as a client's:
 * then all states of a role have one shape, and the engine copies one from step to step without looking at its members.
 */
export interface ServerState extends ConnectionState {
  readonly role: 'server'
  readonly credentials: ServerCredentials
  readonly kBoot: Bytes
  /** The client's end of the connection. */
  readonly peer: Endpoint
  /** True to refuse a step 5 whose `ip_c` and `port_c` differ from `peer`. */
  readonly enforceAddress: boolean
  readonly idC: string | undefined
  readonly kTmp2: Bytes | undefined
  readonly modern: ModernSecrets | undefined
  readonly session: Session | undefined
  /** The request that step 7 brought and step 8 answers. */
  readonly request: string | undefined
}

/** A client on one connection: steps 3 to 8. */
export interface ClientState extends ConnectionState {
  readonly role: 'client'
  readonly idC: string
  readonly idS: string
  readonly trustAnchor: Certificate
  readonly kBoot: Bytes
  /** Where the client connected to: the certificate has to name it. */
  readonly server: Endpoint
  readonly serverKey: RsaPublicKey | undefined
  readonly serverCertificate: Certificate | undefined
  readonly certS: Bytes | undefined
  readonly kTmp2: Bytes | undefined
  readonly modern: ModernSecrets | undefined
  readonly session: Session | undefined
  /** What step 8 brought. */
  readonly data: string | undefined
}

/** Milliseconds until a session ends, negative after it. */
export function timeLeft(session: Pick<Session, 'lifetime' | 'startedMonotonic'>, monotonic: number): number {
  return session.startedMonotonic + session.lifetime * 1000 - monotonic
}
