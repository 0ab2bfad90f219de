/**
 * What the protocol defends itself with, and what can be taken away from it one by one, to see what each is worth: a
 * receiver's checks, which are then made and recorded and refuse nothing, and the repairs of suite `modern`, which both
 * ends then do without. Only a lab made for attacks ever does (`main/adversary/`); no setting leads here.
 */
import { CHECKS, type CheckId } from './check-table'
import type { SuiteName } from './suite-names'

/** Checks without which there is nothing to go on with: what they look at would not be there. */
export const FIRST_LINES = ['frame', 'decryption', 'members'] as const satisfies readonly CheckId[]

/** A check that a receiver could go on without. */
export type RemovableCheck = Exclude<CheckId, (typeof FIRST_LINES)[number]>

/** Whether a receiver could go on without a check. */
export function isRemovable(id: CheckId): id is RemovableCheck {
  return !FIRST_LINES.some((first) => first === id)
}

/**
 * The repairs of suite `modern` that are no check of a receiver (protocol.md section 4). The others are: `proof`, `sequence`,
 * `not_seen` (the memory for replays) and `request_signature` (proof of possession).
 */
export const REPAIRS = {
  transcript: {
    title: 'Transcript',
    without: 'Every message is bound to an empty transcript: the connection’s frames bind nothing.',
  },
  ephemeral_share: {
    title: 'Ephemeral share',
    without: 'The shared secret is 32 zero bytes: what it should protect rests on the RSA keys alone.',
  },
  two_keys: {
    title: 'A key for each direction',
    without: 'Requests and answers are protected by one and the same key, with the same numbers.',
  },
  tag: {
    title: 'Tag',
    without: 'The tag is sent and not looked at: a changed ciphertext opens to a changed plaintext.',
  },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly without: string }>>

export type RepairId = keyof typeof REPAIRS

/** Something that can be taken away. */
export type DefenceId = RemovableCheck | RepairId

/** All that can be taken away, of either suite. */
export const DEFENCES: readonly DefenceId[] = [
  ...(Object.keys(CHECKS) as CheckId[]).filter(isRemovable),
  ...(Object.keys(REPAIRS) as RepairId[]),
]

/** What is taken away; a plain set, so that a lab can be asked what it does without. */
export type Without = ReadonlySet<DefenceId>

const isRepair = (id: DefenceId): id is RepairId => Object.hasOwn(REPAIRS, id)

/** What a defence is called. */
export function defenceTitle(id: DefenceId): string {
  return isRepair(id) ? REPAIRS[id].title : CHECKS[id].title
}

/** What it means to do without a defence, in a sentence. */
export function withoutDefence(id: DefenceId): string {
  return isRepair(id) ? REPAIRS[id].without : CHECKS[id].ifIgnored
}

/** The repairs that a suite has. */
export function repairsOf(suite: SuiteName): readonly RepairId[] {
  return suite === 'modern' ? (Object.keys(REPAIRS) as RepairId[]) : []
}
