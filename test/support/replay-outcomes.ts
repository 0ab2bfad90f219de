/** What becomes of a frame that is sent again: the one table that tests of pure steps, of real connections and docs/replay.md share. */
import type { AlertCode } from '#shared/hl1/alert-codes'
import type { StepNumber } from '#shared/hl1/steps'
import type { SuiteName } from '#shared/hl1/suites'

/** `accepted`, an alert's code, or `not read`: nobody reads from that connection any more. */
export type ReplayOutcome = 'accepted' | AlertCode | 'not read'

/** On the connection that the frame was sent on, or on a later one between the same two programs. */
export const PLACES = ['same', 'new'] as const
export type Place = (typeof PLACES)[number]

/** While the frame's timestamp is fresh, and when it is no longer. */
export const AGES = ['within', 'after'] as const
export type Age = (typeof AGES)[number]

type Outcomes = Readonly<Record<Age, ReplayOutcome>>

const always = (outcome: ReplayOutcome): Outcomes => ({ within: outcome, after: outcome })
/** Nothing but the timestamp stands against it. */
const whileFresh: Outcomes = { within: 'accepted', after: 'stale_timestamp' }

const SAME_CONNECTION = {
  1: always('not read'),
  2: always('not read'),
  3: always('unexpected_message'),
  4: always('unexpected_message'),
  5: always('unexpected_message'),
  6: always('unexpected_message'),
} as const

/** What is expected of every frame, at the receiver that it was for. */
export const REPLAY_OUTCOMES: Readonly<
  Record<SuiteName, Readonly<Record<Place, Readonly<Record<StepNumber, Outcomes>>>>>
> = {
  classic: {
    same: { ...SAME_CONNECTION, 7: whileFresh, 8: whileFresh },
    new: {
      1: whileFresh,
      2: always('decrypt_failed'),
      3: whileFresh,
      4: whileFresh,
      5: whileFresh,
      6: always('decrypt_failed'),
      7: always('decrypt_failed'),
      8: always('decrypt_failed'),
    },
  },
  modern: {
    same: { ...SAME_CONNECTION, 7: always('replayed'), 8: always('replayed') },
    new: {
      1: always('replayed'),
      2: always('decrypt_failed'),
      3: whileFresh,
      4: always('decrypt_failed'),
      5: always('decrypt_failed'),
      6: always('decrypt_failed'),
      7: always('decrypt_failed'),
      8: always('decrypt_failed'),
    },
  },
}
