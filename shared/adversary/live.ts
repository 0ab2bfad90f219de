/**
 * The adversary on the wire as its window sees it: plain data. It holds what somebody in the middle has, and what was leaked
 * to it on purpose; nothing of the lab's records but what became of a frame.
 */
import type { Bytes } from '../bytes'
import type { Fault } from '../errors'
import type { CheckId } from '../hl1/check-table'
import type { KeySymbol } from '../hl1/keys'
import type { Role } from '../hl1/roles'
import type { StepNumber } from '../hl1/steps'
import type { SuiteName } from '../hl1/suites'
import type { Endpoint } from '../record/connection'
import type { MemberKind, MemberValue } from '../record/member'
import type { ByteRange } from '../record/range'
import type { TermLayer } from '../record/term'
import type { SecretName } from './eavesdropper'
import type { End } from './wire'

/** A wire by the role that listens at its end: the authority's, where servers register, and the server's, where clients come. */
export const WIRE_NAMES = ['authority', 'server'] as const
export type WireName = (typeof WIRE_NAMES)[number]

/** One way along a wire. */
export const DIRECTIONS = [
  'server_to_authority',
  'authority_to_server',
  'client_to_server',
  'server_to_client',
] as const
export type Direction = (typeof DIRECTIONS)[number]

/** Which frames wait until the person lets them go. */
export interface HoldRule {
  /** `next`: the next one that fits, and none after it. */
  readonly hold: 'none' | 'all' | 'next'
  /** Only those of this step; 0 stands for alerts. */
  readonly step?: StepNumber | 0 | undefined
  /** Only those that go this way. */
  readonly direction?: Direction | undefined
  /**
   * Receivers whose connections cross the wires wait as long as it takes: their idle limits don't run. Holds for connections that
   * are opened from now on.
   */
  readonly patient: boolean
}

export interface WireView {
  readonly wire: WireName
  /** Where the adversary listens; undefined while it is off. Other programs may connect there as well. */
  readonly at: Endpoint | undefined
  /** Where it leads to; undefined while that listens nowhere. */
  readonly to: Endpoint | undefined
}

export interface ConnectionView {
  /** Counts from 1 over both wires. */
  readonly number: number
  readonly wire: WireName
  /** The end that has opened it. */
  readonly opener: Endpoint
  /**
   * What it is: one that crosses the wire; one of the adversary's own to the listener; one that the adversary answers in the
   * place of the listener.
   */
  readonly kind: 'crossing' | 'own' | 'posed'
  readonly suite: SuiteName | undefined
  readonly isOpen: boolean
}

/** What became of a frame. */
export type Fate =
  | { readonly is: 'held' }
  | { readonly is: 'dropped' }
  /** Under way: its receiver has not said what it makes of it. */
  | { readonly is: 'sent' }
  /** `unnoticed`: it was none that its sender had sent so, and nobody noticed. */
  | { readonly is: 'accepted'; readonly by: Role; readonly unnoticed: boolean }
  | {
      readonly is: 'refused'
      readonly by: Role
      /** The step that the receiver refused. */
      readonly step: number
      /** The code of its alert. */
      readonly code: string
      /** What it said. */
      readonly message: string
      /** The check that refused; undefined where only the alert is known. */
      readonly check: { readonly id: CheckId; readonly title: string } | undefined
    }
  /** The connection had ended before anybody read it. */
  | { readonly is: 'unread' }
  /** For the adversary itself, which took it. */
  | { readonly is: 'taken' }

/** How much of a frame the adversary can read. */
export type Readability = 'all' | 'part' | 'none'

/** A frame that has passed, or that the adversary has sent, as a row of the list. */
export interface FrameRow {
  readonly id: number
  /** When it came or was sent, wall clock. */
  readonly at: number
  readonly connection: number
  readonly wire: WireName
  readonly direction: Direction
  /** Made, or sent again, by the adversary. */
  readonly isOwn: boolean
  /** The frame that was sent again, where it is one. */
  readonly of: number | undefined
  /** By its type: 0 for an alert, and whatever number it says. */
  readonly step: number
  /** What its step is called; an alert’s code. */
  readonly title: string
  readonly suite: SuiteName | undefined
  /** Bytes, length field included. */
  readonly length: number
  readonly readable: Readability
  /** Keys that it would take to read on. */
  readonly missing: readonly KeySymbol[]
  /** What was changed in it, a sentence each: what goes on, or went on, is another than what came. */
  readonly changes: readonly string[]
  readonly fate: Fate
}

/** A member that was read. */
export interface ReadMember {
  readonly name: string
  readonly symbol: string
  readonly kind: MemberKind
  readonly meaning: string
  readonly value: MemberValue
  /** It can be given another value: every key that it takes to seal the frame again is there. */
  readonly canChange: boolean
}

/** Bytes of a frame, as far as the adversary can tell. */
export interface ReadBytes {
  readonly bytes: Bytes
  readonly ranges: readonly ByteRange[]
  /** One for each JSON object of the step that was opened, by really decrypting it. */
  readonly plaintexts: readonly { readonly bytes: Bytes; readonly ranges: readonly ByteRange[] }[]
  readonly members: readonly ReadMember[]
  /** Outermost first, as the sheet has them; empty for what is no step. */
  readonly layers: readonly TermLayer<KeySymbol>[]
  readonly missing: readonly KeySymbol[]
  /** Keys that were there and did not fit. */
  readonly unfit: readonly KeySymbol[]
}

/** A frame as the hex view shows it. */
export interface FrameDetail {
  readonly id: number
  /** What has come, or what the adversary has made. */
  readonly came: ReadBytes
  /** What goes on, or went on, in its place; undefined where that is the same. */
  readonly goesOn: ReadBytes | undefined
}

/** What may be leaked, each named for what it models. */
export const LEAKS = {
  SK_S: {
    title: 'Leak SK_S',
    models:
      'A thief of the server’s disk, or an authority that has kept the key that it made: the server’s private key.',
  },
  SK_CA: {
    title: 'Leak SK_CA',
    models: 'A thief of the authority’s disk, or an authority that is curious: its private key.',
  },
  K_tmp1: {
    title: 'Leak K_tmp1',
    models: 'A look into the memory of the authority: the temporary key of the last registration.',
  },
  K_tmp2: {
    title: 'Leak K_tmp2',
    models: 'A look into the memory of the server: the temporary key of its newest session.',
  },
  K_sess: {
    title: 'Leak K_sess',
    models: 'A look into the memory of the server: the key of its newest session.',
  },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly models: string }>>
export type LeakId = keyof typeof LEAKS
export const LEAK_IDS = Object.keys(LEAKS) as LeakId[]

export interface LeakView {
  readonly id: LeakId
  readonly title: string
  /** A sentence: whose loss it stands for. */
  readonly models: string
  /** There is such a key now. */
  readonly isThere: boolean
  /** It was leaked, and is still the one that its owner has. */
  readonly isLeaked: boolean
}

/** A key that the adversary has; its bytes stay with it. */
export interface KeyRow {
  readonly name: SecretName
  /** How it came to it. */
  readonly from: 'known' | 'leaked' | 'opened' | 'derived' | 'own'
  /** The connection that it is of, where it is of one alone. */
  readonly connection: number | undefined
}

/** Something that the adversary did, in a sentence. */
export interface Deed {
  readonly id: number
  readonly at: number
  readonly text: string
  /** The frame that it was done to, or that came of it. */
  readonly frame: number | undefined
  /** It is a rule of the script that is kept of it. */
  readonly isInScript: boolean
}

/** The two ready moves, and none. */
export const POSES = {
  none: { title: 'Stand in nobody’s place', about: 'Clients reach the server.' },
  register: {
    title: 'Pose as the server after registering its name',
    about:
      'The adversary registers under the server’s name with the real authority and answers clients itself. Its certificate is genuine. An authority that gives a name to the first who asks, or asks you, may refuse it.',
  },
  mallory: {
    title: 'Answer step 4 with the certificate of ID-Mallory',
    about:
      'The adversary registers honestly as ID-Mallory, and answers clients with that certificate: valid, for another name.',
  },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly about: string }>>
export type PoseId = keyof typeof POSES
export const POSE_IDS = Object.keys(POSES) as PoseId[]

export interface PoseView {
  readonly is: PoseId
  /** The name that it has registered, once it has. */
  readonly name: string | undefined
  /** Requests that clients have sent it, oldest first. */
  readonly requests: readonly { readonly at: number; readonly connection: number; readonly text: string }[]
  /** Why it could not: the authority has refused the name, for one. */
  readonly fault: Fault | undefined
}

/** A script that was recorded or opened. */
export interface ScriptView {
  /** What was recorded is a script only while it runs. */
  readonly from: 'file' | 'recorded'
  readonly title: string
  /** Each rule in a sentence. */
  readonly rules: readonly string[]
  readonly isRunning: boolean
  /** Which of them have been done since it was started, by their places in `rules`. */
  readonly done: readonly number[]
}

/** Everything that the window shows but the bytes. */
export interface AdversaryView {
  /** Of two views the one with the greater number is the newer. */
  readonly version: number
  readonly status: 'off' | 'starting' | 'on' | 'stopping'
  /** Why it could not be switched on, or what went wrong last. */
  readonly fault: Fault | undefined
  readonly wires: readonly WireView[]
  /** Newest last. */
  readonly connections: readonly ConnectionView[]
  /** Newest last. */
  readonly frames: readonly FrameRow[]
  /** How many of the oldest frames were forgotten. */
  readonly forgotten: number
  /** Frames that wait, in the order in which they came. Their age counts from `at`. */
  readonly held: readonly number[]
  /** Seconds that a receiver takes a message after it was made. */
  readonly ageLimit: number
  readonly rule: HoldRule
  readonly keys: readonly KeyRow[]
  readonly leaks: readonly LeakView[]
  readonly deeds: readonly Deed[]
  readonly pose: PoseView
  /** What would be saved: what it did so far, as rules. */
  readonly recorded: readonly string[]
  readonly script: ScriptView | undefined
}

/** Where something is sent: along a connection to one of its ends, or on a new one to the listener of a wire. */
export type Target = { readonly connection: number; readonly to: End } | { readonly wire: WireName }

/** A member to be filled in. */
export interface FormField {
  readonly name: string
  readonly symbol: string
  readonly kind: MemberKind
  readonly meaning: string
  /** What fits now: the time, a fresh key, what was read before. */
  readonly suggestion: MemberValue | undefined
}

/** What it takes to make a step of one's own. */
export interface ForgeForm {
  readonly suite: SuiteName
  readonly step: StepNumber
  readonly fields: readonly FormField[]
  /** Keys that it takes, and of those the ones that are not there. */
  readonly needs: readonly KeySymbol[]
  readonly missing: readonly KeySymbol[]
}
