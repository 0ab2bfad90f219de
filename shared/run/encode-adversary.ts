/** The part of a run file that says what an adversary on the lab's own wires did: written, and read. */
import { fromBase64, toBase64, type Bytes } from '../bytes'
import type { LabError } from '../errors'
import { LENGTH_BYTES } from '../hl1/frame'
import type { RunContent } from './format'
import type { KeptAdversary, KeptFrame } from './kept-adversary'

type AdversaryContent = NonNullable<RunContent['adversary']>

/** @param placeOf where a frame stands that a role has recorded; any other stands by itself */
export function encodeAdversary(
  { lines, frames, deeds }: KeptAdversary,
  placeOf: (frame: Bytes) => number | undefined,
): AdversaryContent {
  const standing = (frame: Bytes): number | string => placeOf(frame) ?? toBase64(frame)
  return {
    lines: [...lines],
    frames: frames.map(({ isOwn, came, instead, ...rest }) => ({
      ...rest,
      ...(isOwn ? { own: true as const } : {}),
      came: standing(came),
      ...(instead ? { instead: standing(instead) } : {}),
    })),
    deeds: [...deeds],
  }
}

/**
 * And back.
 * @param recorded frames that roles have recorded, by their places
 * @param bad what is wrong, by its place in the content
 */
export function decodeAdversary(
  { lines, frames, deeds }: AdversaryContent,
  recorded: readonly Bytes[],
  bad: (at: string, what: string) => LabError,
): KeptAdversary {
  const standing = (frame: number | string, at: string): Bytes => {
    const found = typeof frame === 'number' ? recorded[frame] : fromBase64(frame)
    if (!found || found.length < LENGTH_BYTES)
      throw bad(at, 'It names a frame that is not there, or is none in base64 with padding.')
    return found
  }
  const lineAt = (line: number, at: string): void => {
    if (!lines[line]) throw bad(at, 'It names a line that is not there.')
  }
  for (const [index, deed] of deeds.entries())
    if (deed.does === 'cut') lineAt(deed.line, `adversary.deeds[${index}]`)
  return {
    lines,
    frames: frames.map(({ own, came, instead, ...rest }, index): KeptFrame => {
      const at = `adversary.frames[${index}]`
      lineAt(rest.line, at)
      if (rest.of !== undefined && rest.of >= index) throw bad(at, 'It was sent again before it came.')
      return {
        ...rest,
        isOwn: own === true,
        came: standing(came, at),
        ...(instead === undefined ? {} : { instead: standing(instead, at) }),
      }
    }),
    deeds,
  }
}
