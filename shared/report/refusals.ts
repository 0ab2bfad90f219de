/** What went wrong in a run, on purpose or not: what was done to it, what was refused and by which check, what was changed on the way. */
import { changeText } from '../adversary/moves'
import { CHECKS } from '../hl1/check-table'
import { movesOf } from '../run/moves'
import { adversaryPart } from './adversary'
import { markup, type Html } from './html'
import { isRefused, type ReportMessage, type ReportRecords } from './messages'
import { firstRows, type ReportSource } from './source'
import { asRoomAllows, messageLink, type Room } from './words'

/** Tells of an adversary where there was one; one sentence where there is nothing to be told. */
export function* refusalsPart(
  { run, opened }: ReportSource,
  { connections }: ReportRecords,
  room: Room,
): Iterable<Html> {
  // Of a run that was opened that was worked out then.
  const moves = opened ? opened.moves : movesOf(run)
  if (moves) yield* adversaryPart(moves, room)
  const all = connections.flatMap(({ messages }) => messages)
  const odd = all.filter(
    (message) => isRefused(message) || message.isChanged || message.repeats !== undefined,
  )
  if (odd.length === 0) {
    if (!moves) yield markup`<p>Nothing was refused, changed on the way or sent again.</p> `
    return
  }
  const { rows, more: rest } = firstRows(odd)
  yield* asRoomAllows(rows, room, itemOf, { what: 'message', more: rest, isList: true })
}

function* itemOf(message: ReportMessage): Iterable<Html> {
  yield markup`<li>${messageLink(message)}, ${message.from} to ${message.to}. ${tell(message)}</li> `
}

function tell(message: ReportMessage): Html {
  const { sent, received, isChanged, repeats, to } = message
  const changed =
    isChanged && sent && received
      ? `It is not what was sent. ${changeText(sent.frame, received.frame)} `
      : undefined
  const again =
    repeats === undefined
      ? undefined
      : markup`It is the frame of <a href="#m${repeats}">message ${repeats}</a> once more: somebody has sent it
          again. `
  // An alert's outcome is what it is about: nobody refuses one.
  if (received?.kind === 'alert') return markup`${changed}${again}The ${to} was told so.`
  if (!received || received.outcome.ok) return markup`${changed}${again}The ${to} accepted it.`
  const failed = received.checks.find(({ result }) => result === 'failed')
  const by =
    failed &&
    markup` The check that refused it is “${CHECKS[failed.id].title}”: ${failed.reason} Had the ${to} gone on
    without it: ${CHECKS[failed.id].ifIgnored}`
  return markup`${changed}${again}<strong>The ${to} refused it</strong> with
    <code>${received.outcome.code}</code>: ${received.outcome.message}${by}`
}
