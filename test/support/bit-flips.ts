/** Flips the bits of a frame one by one, and counts what its receiver makes of each. */
import { equalBytes, type Bytes } from '#shared/bytes'
import type { RecordedMember } from '#shared/protocol/record'
import { ReplayMemory } from '#shared/protocol/replay-memory'
import type { AuthorityState } from '#shared/protocol/state'
import { flip, judge, type Moment } from './handshake'

const BITS = 8

/** How often each outcome came: an alert's code, or `accepted with` the members whose values had changed. */
export type Outcomes = Readonly<Record<string, number>>

/** Flips every bit of a moment's frame, or of another one for the same receiver. */
export async function flipEveryBit(moment: Moment, frame: Bytes = moment.frame): Promise<Outcomes> {
  const honest = (await judge(moment, frame, { acceptor: unreminded(moment) })).record.members
  const outcomes: Record<string, number> = {}
  for (let bit = 0; bit < frame.length * BITS; bit++) {
    const flipped = flip(frame, Math.floor(bit / BITS), 1 << (bit % BITS))
    const { code, record } = await judge(moment, flipped, { acceptor: unreminded(moment) })
    const outcome = code === 'accepted' ? `accepted with ${changes(honest, record.members)}` : code
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  }
  return outcomes
}

/** Only the flips that nobody noticed. */
export function unnoticed(outcomes: Outcomes): Outcomes {
  return Object.fromEntries(Object.entries(outcomes).filter(([outcome]) => outcome.startsWith('accepted')))
}

/** The receiver, remembering nothing of the flips before. */
function unreminded({ step, acceptor }: Moment): Moment['acceptor'] {
  return step === 1 ? { ...(acceptor as AuthorityState), memory: new ReplayMemory() } : acceptor
}

function changes(honest: readonly RecordedMember[], members: readonly RecordedMember[]): string {
  const changed = members.filter(({ name, value }) => {
    const before = honest.find((member) => member.name === name)?.value
    if (value instanceof Uint8Array && before instanceof Uint8Array) return !equalBytes(value, before)
    return value !== before
  })
  return changed.map(({ name }) => name).join(', ') || 'no change'
}
