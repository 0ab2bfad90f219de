/** What became of a frame, in words. */
import type { Role } from '../hl1/roles'
import { isStepNumber } from '../hl1/steps'
import type { Fate } from './live'

/** “Step 4”, “Alert”, or what the type says where it is neither. */
export function stepName(step: number): string {
  if (step === 0) return 'Alert'
  return isStepNumber(step) ? `Step ${step}` : `Type ${step}`
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
