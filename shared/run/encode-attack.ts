/** The part of a run file that says which attack a run is of: written, and read. */
import type { Outcome } from '../adversary/cell'
import type { TracedFrame } from '../adversary/stage'
import { stepOf } from '../adversary/wire'
import { fromBase64, toBase64, type Bytes } from '../bytes'
import { LabError } from '../errors'
import { HEADER_BYTES } from '../hl1/frame'
import type { RunContent } from './format'
import type { KeptAttack } from './run'

type AttackContent = NonNullable<RunContent['attack']>

/**
 * An attack as content.
 * @param placeOf where a frame stands that a role has recorded; any other stands by itself
 * @throws LabError `export_nothing_chosen` for one that meant nothing in its suite: nothing has run
 */
export function encodeAttack(
  { outcome, without, operations, frames, ...rest }: KeptAttack,
  placeOf: (frame: Bytes) => number | undefined,
): AttackContent {
  if (outcome.is === 'not_applicable')
    throw new LabError('export_nothing_chosen', 'This attack means nothing here: nothing has run.')
  return {
    ...rest,
    outcome,
    without: [...without],
    operations: [...operations],
    frames: frames.map(({ from, to, frame }) => {
      const place = placeOf(frame)
      return { from, to, ...(place === undefined ? { bytes: toBase64(frame) } : { frame: place }) }
    }),
  }
}

/**
 * And back. A step is what the frame says.
 * @param frames those that roles have recorded, by their places
 * @param bad what is wrong, by its place in the content
 */
export function decodeAttack(
  content: AttackContent,
  frames: readonly Bytes[],
  bad: (at: string, what: string) => LabError,
): KeptAttack {
  return {
    ...content,
    outcome: outcomeOf(content),
    frames: content.frames.map(({ from, to, frame, bytes }, index): TracedFrame => {
      const at = `attack.frames[${index}]`
      if ((frame === undefined) === (bytes === undefined))
        throw bad(at, 'It has its place in frames or its bytes, and not both.')
      const found = frame === undefined ? fromBase64(bytes ?? '') : frames[frame]
      if (!found) throw bad(at, 'It names a frame that is not there, or is not base64 with padding.')
      if (found.length < HEADER_BYTES) throw bad(at, 'It is too short for a frame.')
      return { from, to, step: stepOf(found), frame: found }
    }),
  }
}

function outcomeOf({ outcome }: AttackContent): Outcome {
  if (outcome.is === 'succeeded') return outcome
  const { by, ...rest } = outcome
  return by ? { ...rest, by: { ...by, check: by.check } } : rest
}
