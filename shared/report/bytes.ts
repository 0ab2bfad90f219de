/** Bytes in a report: rows of 16 with their places, what each part is, and all of them in an appendix. */
import { toHex, type Bytes } from '../bytes'
import type { ByteRange } from '../record/range'
import { count } from '../words'
import { markup, lines, type Html } from './html'
import type { ReportMessage } from './messages'
import { firstRows, type ReportWishes } from './source'
import { more, table } from './words'

const ROW = 16
/** Bytes of a frame, and of what was in it, that stand with its message. */
const BEGINNING = 256
/** Rows of an appendix that are put out at once. */
const ROWS_AT_ONCE = 128
/** Named parts of a frame at most: whoever sends a message chooses how many members it has. */
const MOST_RANGES = 60

/** Rows of bytes as text: place in hex, bytes, and what of them is ASCII. */
export function hexRows(bytes: Uint8Array, from = 0, end = bytes.length): string {
  const rows: string[] = []
  for (let at = from; at < end; at += ROW) {
    const row = bytes.subarray(at, Math.min(at + ROW, end))
    const place = at.toString(16).padStart(4, '0')
    const text = [...row]
      .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'))
      .join('')
    rows.push(`${place}  ${toHex(row, ' ').padEnd(3 * ROW - 1)}  ${text}`)
  }
  return rows.join('\n')
}

/** The bytes of a message, folded: what its parts are, and how it begins, or where all of it stands. */
export function bytesFold(message: ReportMessage, { bytes, unfolded }: ReportWishes): Html {
  const { entry, number } = message
  const { frame, plaintext } = entry
  const inside = [
    rangesTable('Parts of the frame', entry.ranges),
    ...(bytes
      ? [markup`<p>All of its bytes stand <a href="#b${number}">in the appendix</a>.</p> `]
      : [
          beginningOf('Frame', frame),
          ...(plaintext ? [beginningOf('What was inside, opened', plaintext.bytes)] : []),
        ]),
  ]
  const title = markup`Bytes: ${count(frame.length, 'byte')} on the
  wire${plaintext ? `, ${count(plaintext.bytes.length, 'byte')} inside` : ''}`
  if (unfolded)
    return markup`<h5>${title}</h5>
      ${inside}`
  return markup`<details>
    <summary>${title}</summary>
    ${inside}
  </details> `
}

function rangesTable(caption: string, ranges: readonly ByteRange[]): Html {
  const { rows, more: rest } = firstRows(ranges, MOST_RANGES)
  if (rows.length === 0) return markup``
  return markup`${table(
    caption,
    ['Part', 'From byte', 'To byte', 'What it is', 'Under key'],
    // What a member was made into lies within a part before it, which says under which key.
    rows.map(({ name, start, end, note, key, member }) => [
      name,
      start,
      end - 1,
      note,
      key ?? (member === undefined ? 'none' : ''),
    ]),
  )}${more(rest, 'part')}`
}

function beginningOf(what: string, bytes: Bytes): Html {
  const rest = bytes.length - BEGINNING
  return markup`<p class="before">${what}:</p>
    <pre class="bytes">${lines(hexRows(bytes, 0, Math.min(bytes.length, BEGINNING)))}</pre>
    ${rest > 0 ? markup`<p class="note">${count(rest, 'byte')} more: a report with every byte has them.</p> ` : undefined}`
}

/** All bytes of a message, in pieces. */
export function* allBytes(message: ReportMessage): Iterable<Html> {
  const { number, title, sent, received, isChanged, entry } = message
  yield markup`<h3 id="b${number}">Bytes of message <a href="#m${number}">${number}. ${title}</a></h3> `
  if (isChanged && sent) yield* rowsOf('As it was sent', sent.frame)
  yield* rowsOf(isChanged ? 'As it arrived' : 'Frame', entry.frame)
  const opened = (received?.plaintext ? received : sent)?.plaintext
  if (opened) yield* rowsOf('What was inside, opened; secrets that are left out are asterisks', opened.bytes)
}

function* rowsOf(what: string, bytes: Bytes): Iterable<Html> {
  yield markup`<p class="before">${what}: ${count(bytes.length, 'byte')}.</p> `
  const piece = ROW * ROWS_AT_ONCE
  for (let at = 0; at < bytes.length; at += piece)
    yield markup`<pre class="bytes">${lines(hexRows(bytes, at, Math.min(bytes.length, at + piece)))}</pre> `
}
