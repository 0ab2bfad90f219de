/** Frames, ways and connections in words. */
import { stepName } from '#shared/adversary/fate-words'
import type { ConnectionView, Direction, FrameRow, WireName } from '#shared/adversary/live'
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

/** How long a message has waited, beside how long its receiver takes it. `limit` in seconds. */
export function ageText(
  milliseconds: number,
  limit: number,
): { readonly text: string; readonly isStale: boolean } {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  if (milliseconds <= limit * 1000) return { text: `${seconds} s of ${limit} s`, isStale: false }
  return { text: `stale: ${seconds} s, limit ${limit} s`, isStale: true }
}
