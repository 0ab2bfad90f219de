/** Frames, ways and connections in words. */
import { stepName } from '#shared/adversary/fate-words'
import type { ConnectionView, Direction, Fate, FrameRow, ReadBytes, WireName } from '#shared/adversary/live'
import type { End } from '#shared/adversary/wire'
import type { Role } from '#shared/hl1/roles'

/** Which roles a wire leads from and to: the one that opens connections first. */
export const ENDS: Readonly<Record<WireName, Readonly<Record<End, Role>>>> = {
  authority: { opener: 'server', acceptor: 'authority' },
  server: { opener: 'client', acceptor: 'server' },
}

/** Who sends and who gets what goes this way. */
export function partiesOf(direction: Direction): { readonly from: Role; readonly to: Role } {
  const [from, to] = direction.split('_to_') as [Role, Role]
  return { from, to }
}

/** Which end of its connection a frame is for. */
export function receiverOf({ wire, direction }: Pick<FrameRow, 'wire' | 'direction'>): End {
  return ENDS[wire].acceptor === partiesOf(direction).to ? 'acceptor' : 'opener'
}

/** “client → server”; of a frame of the adversary’s own who it passes for. */
export function wayOf({ direction, isOwn }: Pick<FrameRow, 'direction' | 'isOwn'>): string {
  const { from, to } = partiesOf(direction)
  return isOwn ? `adversary, as ${from} → ${to}` : `${from} → ${to}`
}

/** A frame in the sentences of this window: “frame 12, step 4”. */
export function frameName({ id, step }: Pick<FrameRow, 'id' | 'step'>): string {
  return `frame ${id}, ${stepName(step).toLowerCase()}`
}

/** A connection as its list names it. */
export function connectionText({ number, kind, wire }: ConnectionView): string {
  const { opener, acceptor } = ENDS[wire]
  const ends = {
    crossing: `${opener} to ${acceptor}`,
    own: `adversary to ${acceptor}`,
    posed: `${opener} to adversary`,
  }[kind]
  return `#${number}, ${ends}`
}

/** How long a message that waits is still good for, as its receiver takes it for `limit` seconds; or that it is none any more. */
export function ageText(
  milliseconds: number,
  limit: number,
): { readonly text: string; readonly isStale: boolean } {
  const age = Math.max(0, milliseconds)
  if (age <= limit * 1000) return { text: `stale in ${Math.ceil(limit - age / 1000)} s`, isStale: false }
  return { text: `stale: ${Math.floor(age / 1000)} s, limit ${limit} s`, isStale: true }
}

/**
 * What is said of a frame where every key is there and no member comes out, or where only its receiver could not open it: both
 * are right, and what they say has to go together. Undefined where nothing has to be said.
 */
export function openedWords(
  { members, missing, unfit, layers, plaintexts }: ReadBytes,
  fate: Fate,
): string | undefined {
  if (missing.length > 0 || unfit.length > 0) return undefined
  const isShut = fate.is === 'refused' && fate.code === 'decrypt_failed'
  if (members.length > 0)
    return isShut
      ? 'What the adversary has opens it. What its receiver has, its keys and what came before on its connection, did not.'
      : undefined
  if (layers.length === 0)
    return 'All of it is in clear, under no key: anybody on the wire can read it, byte by byte.'
  if (plaintexts.length === 0) return 'It was not read: nobody has tried its keys yet.'
  const found = 'Its keys are there, and what comes out when they are applied is no member of this step'
  return isShut
    ? `${found}: noise, as after a change on the way. Its receiver calls such a message one that could not be opened.`
    : `${found}.`
}
