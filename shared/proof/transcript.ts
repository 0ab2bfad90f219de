/** The transcript of a connection, frame by frame (protocol.md section 4). */
import { toHex } from '../bytes'
import { EMPTY_TRANSCRIPT, extendTranscript } from '../hl1/message'
import { SUITES } from '../hl1/suites'
import { claim, type Item } from './claim'
import type { SeenFrame, View } from './run'
import { hexOfFile, word, worked } from './shell'

/** What a connection's first hash is over. */
const BEGINNING = 'HL/1'

/** How many frames a transcript is over. */
function nameOf(view: View, frames: number): string {
  return `${view.name}-th${frames}`
}

/** The frames that a view's transcript goes over. */
function boundFrames(view: View): readonly SeenFrame[] {
  const { suite } = view
  if (suite === undefined) return []
  const bound: readonly number[] = SUITES[suite].transcript
  return view.frames.filter(({ message: { kind, step } }) => kind === 'message' && bound.includes(step))
}

/** What the transcript before a step's frame is called among what lines leave, where the view goes so far. */
export function transcriptBefore(view: View, step: number): string | undefined {
  const bound = boundFrames(view)
  const at = bound.findIndex(({ message }) => message.step === step)
  if (at >= 0) return nameOf(view, at)
  // What comes next is bound to all that was.
  return bound.at(-1)?.message.step === step - 1 ? nameOf(view, bound.length) : undefined
}

/** The claims on a view's transcript: one for each frame that it goes over. */
export function transcriptItems(view: View): readonly Item[] {
  const bound = boundFrames(view)
  if (bound.length === 0) return []
  let hash = EMPTY_TRANSCRIPT
  const first = worked(nameOf(view, 0))
  return [
    {
      is: 'preparation',
      about: `The transcript of ${view.name} before its first frame.`,
      line: `printf '${BEGINNING}' | openssl dgst -sha256 -binary >${first}`,
      gives: [nameOf(view, 0)],
    },
    ...bound.map(({ message, file, bytes }, index) => {
      const [before, after] = [nameOf(view, index), nameOf(view, index + 1)]
      const make = `cat ${worked(before)} ${word(file)} | openssl dgst -sha256 -binary >${worked(after)}`
      hash = extendTranscript(hash, bytes)
      const line = `${make} && [ ${hexOfFile(worked(after))} = ${toHex(hash)} ]`
      return claim(`${message.label}: the transcript after it is ${toHex(hash)}`, [file], line, {
        needs: [before],
        gives: [after],
      })
    }),
  ]
}
