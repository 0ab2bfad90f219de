/** A report of a run: one HTML file that needs nothing else, to be read, printed and handed in. */
import { concatAll, toUtf8, type Bytes } from '../bytes'
import { isoTime } from '../time'
import { BYTES_PER_TURN, nextTurn } from '../turn'
import { allBytes } from './bytes'
import { certificatesOf, certificatesPart, keysPart } from './certificates'
import { diagramPart } from './diagram'
import { markup, styleElement, type Html } from './html'
import { connectionHead, messagePart, messagesLeftOut } from './message'
import { messagesOf, type ReportRecords } from './messages'
import { glancePart, settingsPart, summaryPart } from './overview'
import { refusalsPart } from './refusals'
import { sessionsPart } from './sessions'
import type { ReportSource, ReportWishes } from './source'
import { POLICY, STYLE } from './style'
import { taken, type Room } from './words'

/** What files with a report are called. */
export const REPORT_KIND = 'Web page'
export const REPORT_EXTENSION = '.html'
/** Characters of a report at most, about: what comes after that is left out, and said to be. */
export const LONGEST_REPORT = 24 * 1024 * 1024
/** The same for one that is printed, which takes much longer: some five hundred pages. */
export const LONGEST_PRINTED = 2 * 1024 * 1024

interface Section {
  readonly id: string
  readonly title: string
  readonly pieces: () => Iterable<Html> | AsyncIterable<Html>
}

/**
 * Writes a report as HTML, in turns with other work.
 * @param most characters at most, about, of messages in full and their bytes; refusals and certificates have a quarter of it each, and
 *   what else is told is short
 */
export async function writeReport(
  source: ReportSource,
  wishes: ReportWishes,
  most: number = LONGEST_REPORT,
): Promise<Bytes> {
  const records = await messagesOf(source.run.records, wishes.secrets)
  const sections = await sectionsOf(source, wishes, records, most)
  const written: Bytes[] = []
  let sinceTurn = 0
  const put = async (piece: Html): Promise<void> => {
    written.push(toUtf8(piece.text))
    sinceTurn += piece.text.length
    if (sinceTurn < BYTES_PER_TURN) return
    sinceTurn = 0
    await nextTurn()
  }
  await put(headOf(source))
  await put(contentsOf(sections, records))
  await put(markup`<main>\n`)
  for (const { id, title, pieces } of sections) {
    await put(markup`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
`)
    for await (const piece of pieces()) await put(piece)
    await put(markup`</section>\n`)
  }
  await put(markup`</main>\n</body>\n</html>\n`)
  return concatAll(written)
}

async function sectionsOf(
  source: ReportSource,
  wishes: ReportWishes,
  records: ReportRecords,
  most: number,
): Promise<readonly Section[]> {
  const { run, opened } = source
  const certificates = await certificatesOf(run)
  const room: Room = { left: most }
  // Refusals come before the messages, and certificates after them: each has room of its own, which those don't take.
  const [ofRefusals, ofCertificates]: readonly [Room, Room] = [{ left: most / 4 }, { left: most / 4 }]
  return [
    { id: 'summary', title: 'What this is of', pieces: () => summaryPart(source, wishes, records) },
    // A capture says nothing of settings: those of a run that is made of one are the usual ones.
    ...(opened?.source === 'capture'
      ? []
      : [{ id: 'settings', title: 'Settings', pieces: () => settingsPart(run) }]),
    { id: 'diagram', title: 'Diagram', pieces: () => diagramPart(records) },
    {
      id: 'refusals',
      title: 'Attacks and refusals',
      pieces: () => refusalsPart(source, records, ofRefusals),
    },
    { id: 'glance', title: 'Messages at a glance', pieces: () => glancePart(records) },
    { id: 'messages', title: 'Messages', pieces: () => messagesPart(source, wishes, records, room) },
    { id: 'keys', title: 'Keys', pieces: () => keysPart(run, wishes) },
    {
      id: 'certificates',
      title: 'Certificates',
      pieces: () => certificatesPart(certificates, run, wishes, ofCertificates),
    },
    { id: 'sessions', title: 'Sessions and requests', pieces: () => sessionsPart(run, records) },
    ...(wishes.bytes
      ? [{ id: 'bytes', title: 'Appendix: every byte', pieces: () => appendixPart(records, room) }]
      : []),
  ]
}

function headOf({ run, application }: ReportSource): Html {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${application}">
<title>Report of a run, ${isoTime(run.savedAt).slice(0, 10)} - Handshake Lab</title>
${styleElement(STYLE)}
</head>
<body>
<header>
<h1>Report of a run</h1>
<p>What three programs have said to each other, step by step: who sent what, under which key, and what its receiver made of it.</p>
</header>
`
}

function contentsOf(sections: readonly Section[], { connections }: ReportRecords): Html {
  const inner = connections
    .slice(0, 100)
    .map(
      ({ number, opener, acceptor }) =>
        markup`<li><a href="#c${number}">Connection ${number}: ${opener} to ${acceptor}</a></li> `,
    )
  return markup`<nav aria-labelledby="contents">
    <h2 id="contents">Contents</h2>
    <ol>
      ${sections.map(
        ({ id, title }) =>
          markup`<li>
            <a href="#${id}">${title}</a>${
              id === 'messages' && inner.length > 0
                ? markup`
                    <ol>
                      ${inner}
                    </ol>
                  `
                : undefined
            }
          </li> `,
      )}
    </ol>
  </nav> `
}

function* messagesPart(
  source: ReportSource,
  wishes: ReportWishes,
  { connections }: ReportRecords,
  room: Room,
): Iterable<Html> {
  let leftOut = 0
  for (const connection of connections) {
    yield connectionHead(connection)
    for (const message of connection.messages) {
      if (room.left <= 0) leftOut++
      else for (const piece of messagePart(message, source, wishes)) yield taken(piece, room)
    }
  }
  if (connections.length === 0) yield markup`<p>Nothing was recorded.</p> `
  if (leftOut > 0) yield messagesLeftOut(leftOut)
}

function* appendixPart({ connections }: ReportRecords, room: Room): Iterable<Html> {
  for (const { messages } of connections)
    for (const message of messages)
      for (const piece of allBytes(message)) {
        if (room.left <= 0) {
          yield markup`<p class="note">
            From message ${message.number} on bytes are left out: the report would grow too long.
          </p> `
          return
        }
        yield taken(piece, room)
      }
}
