/** Frames, ways and fates in words. */
import type { ConnectionView, Direction, Fate, FrameRow, WireName } from '#shared/adversary/live'
import type { End } from '#shared/adversary/wire'
import { isStepNumber } from '#shared/hl1/steps'
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

/** “Step 4”, “Alert”, or what the type says where it is neither. */
export function stepName(step: number): string {
  if (step === 0) return 'Alert'
  return isStepNumber(step) ? `Step ${step}` : `Type ${step}`
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

/** What became of a frame, for a row: a sign and a word or two. */
export interface FateWords {
  readonly sign: 'passed' | 'warning' | 'failed' | 'noted' | 'not_made'
  readonly short: string
  /** A sentence. */
  readonly long: string
}

/** Who is meant, as a sentence names them. */
const THE: Readonly<Record<Role, string>> = {
  authority: 'the authority',
  server: 'the server',
  client: 'the client',
}

/** What became of a frame. */
export function fateWords(fate: Fate): FateWords {
  switch (fate.is) {
    case 'held':
      return { sign: 'noted', short: 'held', long: 'Held: it waits here until you pass or drop it.' }
    case 'dropped':
      return { sign: 'not_made', short: 'dropped', long: 'Dropped: its receiver has never seen it.' }
    case 'sent':
      return {
        sign: 'not_made',
        short: 'sent',
        long: 'Sent; its receiver has not said yet what it makes of it.',
      }
    case 'unread':
      return { sign: 'not_made', short: 'unread', long: 'The connection had ended before anybody read it.' }
    case 'taken':
      return { sign: 'noted', short: 'taken', long: 'It was for the adversary itself, which took it.' }
    case 'accepted': {
      if (!fate.unnoticed) return { sign: 'passed', short: 'accepted', long: `Accepted by ${THE[fate.by]}.` }
      return {
        sign: 'warning',
        short: 'unnoticed',
        long: `Accepted by ${THE[fate.by]}. Its sender never sent it so, and nobody has noticed.`,
      }
    }
    case 'refused': {
      const by = fate.check ? `, by the check “${fate.check.title}”` : ''
      return {
        sign: 'failed',
        short: 'refused',
        long: `Refused by ${THE[fate.by]} as ${stepName(fate.step).toLowerCase()}${by}.`,
      }
    }
  }
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
