/** What somebody in the middle of the lab's own connections did, as it is kept: plain data, in which frames stand as they crossed the wire. */
import type { ConnectionView, Fate, LeakId, PoseId, WireName } from '../adversary/live'
import type { End } from '../adversary/wire'
import type { Bytes } from '../bytes'
import type { Role } from '../hl1/roles'
import type { Endpoint } from '../record/connection'

/** A connection as it stood there. */
export interface KeptLine {
  readonly wire: WireName
  readonly kind: ConnectionView['kind']
  /** The end that has opened it. */
  readonly opener: Endpoint
  /** The connection of the run that it is; undefined where no role has recorded anything of it. */
  readonly connection?: string
}

/** A frame that was seen there, or made. */
export interface KeptFrame {
  /** Wall clock, milliseconds since the Unix epoch. */
  readonly at: number
  /** Its line, by its place. */
  readonly line: number
  /** The end that has sent it, or in whose place the adversary did. */
  readonly from: End
  readonly isOwn: boolean
  /** The frame that was sent again, by its place. */
  readonly of?: number
  /** It was held for so many milliseconds; undefined where it was not. */
  readonly held?: number
  readonly came: Bytes
  /** What went on in its place, where that is another. */
  readonly instead?: Bytes
  readonly fate: Fate['is']
}

/** Something that it did besides what was done to frames. */
export type KeptDeed = { readonly at: number } & (
  | { readonly does: 'switch_on' | 'switch_off' | 'run_script' | 'stop_script' }
  /** `line`: by its place. */
  | { readonly does: 'cut'; readonly line: number }
  /** `name`: what it has registered. */
  | { readonly does: 'pose'; readonly as: PoseId; readonly name?: string }
  | { readonly does: 'leak'; readonly key: LeakId }
)

export interface KeptAdversary {
  readonly lines: readonly KeptLine[]
  /** Oldest first. */
  readonly frames: readonly KeptFrame[]
  readonly deeds: readonly KeptDeed[]
}

/** The role at an end of a wire. */
export function roleAt(wire: WireName, end: End): Role {
  if (end === 'acceptor') return wire
  return wire === 'server' ? 'client' : 'server'
}

/** Whether the adversary itself is an end of a connection. */
export function isItself({ kind }: Pick<KeptLine, 'kind'>, end: End): boolean {
  return kind === (end === 'opener' ? 'own' : 'posed')
}
