/** What went wrong in a run, on purpose or not: what was done to it, what was refused and by which check, what was changed on the way. */
import { CHECKS } from '../hl1/check-table'
import { count } from '../words'
import { adversaryPart } from './adversary'
import { markup, type Html } from './html'
import { isRefused, type ReportMessage, type ReportRecords } from './messages'
import { firstRows, type ReportSource } from './source'
import { messageLink, more } from './words'

/** Tells of an adversary where there was one; one sentence where there is nothing to be told. */
export function* refusalsPart({ run }: ReportSource, { connections }: ReportRecords): Iterable<Html> {
  yield* adversaryPart(run)
  const all = connections.flatMap(({ messages }) => messages)
  const odd = all.filter(
    (message) => isRefused(message) || message.isChanged || message.repeats !== undefined,
  )
  if (odd.length === 0) {
    yield markup`<p>Nothing was refused, changed on the way or sent again.</p> `
    return
  }
  const { rows, more: rest } = firstRows(odd)
  yield markup`<ul>\n`
  for (const message of rows)
    yield markup`<li>${messageLink(message)}, ${message.from} to ${message.to}. ${tell(message)}</li> `
  yield markup`</ul>\n${more(rest, 'message')}`
}

function tell(message: ReportMessage): Html {
  const { sent, received, isChanged, repeats, to } = message
  const changed = isChanged && sent && received ? changeText(sent.frame, received.frame) : undefined
  const again =
    repeats === undefined
      ? undefined
      : markup`It is the frame of <a href="#m${repeats}">message ${repeats}</a> once more: somebody has sent it
          again. `
  if (!received || received.outcome.ok) return markup`${changed}${again}The ${to} accepted it.`
  const failed = received.checks.find(({ result }) => result === 'failed')
  const by =
    failed &&
    markup` The check that refused it is “${CHECKS[failed.id].title}”: ${failed.reason} Had the ${to} gone on
    without it: ${CHECKS[failed.id].ifIgnored}`
  return markup`${changed}${again}<strong>The ${to} refused it</strong> with
    <code>${received.outcome.code}</code>: ${received.outcome.message}${by}`
}

/** Where two frames differ, in a sentence. */
function changeText(sent: Uint8Array, received: Uint8Array): string {
  const most = Math.max(sent.length, received.length)
  let first: number | undefined
  let differing = 0
  for (let at = 0; at < most; at++) {
    if (sent[at] === received[at]) continue
    first ??= at
    differing++
  }
  const lengths =
    sent.length === received.length
      ? ''
      : ` It was ${count(sent.length, 'byte')} long and arrived with ${received.length}.`
  return `It was changed on the way: ${count(differing, 'byte')}, the first at place ${first ?? 0}.${lengths} `
}
