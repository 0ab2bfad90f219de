/** Claims on frames as they crossed: header, length, alerts, and frames that were changed on the way (protocol.md sections 1 and 6). */
import { equalBytes, type Bytes } from '../bytes'
import { encodeAlert } from '../hl1/alerts'
import { decodeHeader, encodeHeader, HEADER_BYTES, LENGTH_BYTES, TYPE_ALERT } from '../hl1/frame'
import { SUITES } from '../hl1/suites'
import { claim, type Item } from './claim'
import type { ProofMessage } from './run'
import type { Subject } from './proving'
import { areBytes, isFile, slice, word } from './shell'

/** The claims on a message's frame, whoever can open it. */
export function frameItems({ message, folder }: Subject): readonly Item[] {
  const { label, file, frame, asSent, kind } = message
  return [
    headerClaim(message, label, frame, file),
    ...(kind === 'alert' ? alertItems({ message, folder }) : []),
    ...(asSent
      ? [
          headerClaim(message, `${label}, as it was sent`, asSent.bytes, asSent.file),
          claim(
            `${label}: the frame that was sent is another one, so somebody has changed it on the way`,
            [asSent.file, file],
            `! cmp -s ${word(asSent.file)} ${word(file)}`,
          ),
        ]
      : []),
  ]
}

function headerClaim(message: ProofMessage, label: string, frame: Bytes, file: string): Item {
  const path = word(file)
  const head = frame.subarray(0, HEADER_BYTES)
  const { length, version, type, suite, flags } = decodeHeader(head)
  const fields = `length ${length}, version ${version}, type ${type}, suite ${suite}, flags ${flags}`
  const isWhole = length + LENGTH_BYTES === frame.length
  const words = isSound(message, frame)
    ? `${fields}`
    : `${fields}${isWhole ? '' : `, which do not fit its ${frame.length} bytes`}: not a header of this step`
  return claim(
    `${label}: its header is ${words}`,
    [file],
    `${areBytes(path, 0, head)} && [ "$(wc -c <${path})" -eq ${frame.length} ]`,
  )
}

/** Whether a frame has the header that its step's sender writes. */
function isSound({ kind, step, suite }: ProofMessage, frame: Bytes): boolean {
  const type = kind === 'alert' ? TYPE_ALERT : step
  const bytes = suite === undefined ? Object.values(SUITES).map(({ byte }) => byte) : [SUITES[suite].byte]
  const head = frame.subarray(0, HEADER_BYTES)
  return bytes.some((byte) => equalBytes(head, encodeHeader(type, byte, frame.length - HEADER_BYTES)))
}

function alertItems({ message, folder }: Pick<Subject, 'message' | 'folder'>): readonly Item[] {
  const { label, id, file, frame, received, sent } = message
  const entry = received ?? sent
  const body = frame.slice(HEADER_BYTES)
  const expected = folder.add(`expected/${id}-alert.json`, body)
  const said =
    entry?.outcome.ok === false
      ? encodeAlert({ code: entry.outcome.code, step: entry.step, message: entry.outcome.message })
      : undefined
  const what =
    said && equalBytes(said, body) && entry?.outcome.ok === false
      ? `it says ${entry.outcome.code}, about step ${entry.step}`
      : 'it is in clear, and written in the peer’s own way'
  return [
    claim(`${label}: ${what}`, [file, expected], isFile(slice(word(file), HEADER_BYTES), word(expected))),
  ]
}
