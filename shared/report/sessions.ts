/** The sessions of a run, as the server had them, and what was asked and answered in them. */
import type { SessionEnd } from '../hl1/drivers/session'
import { SUITES } from '../hl1/suites'
import { memberText } from '../run/members'
import type { Run } from '../run/run'
import { shorten } from '../visible'
import { count } from '../words'
import { markup, type Html, type Part } from './html'
import { isRefused, type ReportConnection, type ReportMessage, type ReportRecords } from './messages'
import { firstRows } from './source'
import { endpointText, more, tablePieces, timeText } from './words'

/** Characters of a request or an answer in the table: all of it stands with its message. */
const LONGEST_LINE = 300

const ENDS: Readonly<Record<SessionEnd, string>> = {
  lifetime: 'its lifetime was over',
  ended_here: 'the server ended it',
  client_left: 'the client left',
  refused: 'a message was refused',
}

/** Sessions, then requests and answers by connection. */
export function* sessionsPart({ server: { sessions } }: Run, { connections }: ReportRecords): Iterable<Html> {
  const { rows, more: rest } = firstRows(sessions)
  if (rows.length === 0) yield markup`<p>The server had no session.</p> `
  else
    yield* tablePieces(
      'Sessions of the server',
      ['Client', 'From', 'Suite', 'Began', 'Lifetime', 'Requests', 'End'],
      rows.map(({ idC, peer, suite, startedAt, lifetime, requests, end, connected }) => [
        idC,
        endpointText(peer),
        SUITES[suite].title,
        timeText(startedAt),
        count(lifetime, 'second'),
        requests,
        end
          ? `${ENDS[end.how]}, ${timeText(end.at)}`
          : connected
            ? 'it lived when this was recorded'
            : ENDS.client_left,
      ]),
    )
  yield markup`${more(rest, 'session')}`
  for (const connection of connections) yield* requestsOf(connection)
}

function* requestsOf({ number, messages }: ReportConnection): Iterable<Html> {
  const told = messages.filter(({ entry }) => entry.kind === 'message' && entry.step >= 7)
  if (told.length === 0) return
  const { rows, more: rest } = firstRows(told)
  yield* tablePieces(
    `Requests and answers on connection ${number}`,
    ['Message', 'What', 'Text'],
    rows.map((message) => [
      markup`<a href="#m${message.number}">${message.number}</a>`,
      `${message.entry.step === 7 ? 'Request' : 'Answer'}${isRefused(message) ? ', REFUSED' : ''}`,
      textOf(message),
    ]),
  )
  yield markup`${more(rest, 'message')}`
}

function textOf({ sent, received }: ReportMessage): Part {
  const [entry] = [received, sent].filter((record) =>
    record?.members.some(({ value }) => value !== undefined),
  )
  if (!entry) return 'not opened'
  return markup`<code>${shorten(memberText(entry, entry.step === 7 ? 'req' : 'data'), LONGEST_LINE)}</code>`
}
