/** Pieces that all parts of a report use: tables of facts, links, what is left out, values in full. */
import { toBase64, toHex } from '../bytes'
import type { Endpoint } from '../record/connection'
import type { MemberKind, MemberValue } from '../record/member'
import { isoTime } from '../time'
import { count } from '../words'
import { markup, lines, type Html, type Part } from './html'
import type { ReportMessage } from './messages'

/** Longer byte strings stand in base64, as in a message. */
const HEX_BYTES = 64

/** A list of facts: a name and what it is, each. Those that are undefined are left out. */
export function facts(rows: readonly (readonly [string, Part])[]): Html {
  const there = rows.filter(([, value]) => value !== undefined)
  return markup`<dl>
    ${there.map(
      ([name, value]) =>
        markup`<dt>${name}</dt>
          <dd>${value}</dd> `,
    )}
  </dl> `
}

/** A table with a heading to each column; the first cell of a row is its heading. `kind`: a class of the style sheet. */
export function table(...given: Parameters<typeof tablePieces>): Html {
  return markup`${[...tablePieces(...given)]}`
}

/** The same row by row, for one that may be long. */
export function* tablePieces(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Part[])[],
  kind = '',
): Iterable<Html> {
  yield markup`<table class="${kind}">
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => markup`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
`
  for (const [first, ...others] of rows)
    yield markup`<tr><th scope="row">${first}</th>${others.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`
  yield markup`</tbody>
</table>
`
}

/** A link to a message in the same report. */
export function messageLink({ number, title }: Pick<ReportMessage, 'number' | 'title'>): Html {
  return markup`<a href="#m${number}">${number}. ${title}</a>`
}

/** Says that rows are left out; nothing where none are. */
export function more(number: number, what: string): Html | undefined {
  return number > 0
    ? markup`<p class="note">${count(number, what)} more ${number === 1 ? 'is' : 'are'} left out here.</p> `
    : undefined
}

/** Characters that are left for what may be left out. */
export interface Room {
  left: number
}

/** What a list has to say of each, for as long as there is room; then how many are left out, with those that were before. */
export function* asRoomAllows<T>(
  all: readonly T[],
  room: Room,
  tell: (each: T) => Iterable<Html>,
  {
    what,
    more: before,
    isList = false,
  }: { readonly what: string; readonly more: number; readonly isList?: boolean },
): Iterable<Html> {
  let leftOut = before
  if (isList) yield markup`<ul>\n`
  for (const each of all)
    if (room.left <= 0) leftOut++
    else for (const piece of tell(each)) yield taken(piece, room)
  if (isList) yield markup`</ul>\n`
  yield markup`${more(leftOut, what)}`
}

/** A piece that takes its room. */
export function taken(piece: Html, room: Room): Html {
  room.left -= piece.text.length
  return piece
}

/** A value as text, whole as far as a report goes. */
export function valueText(kind: MemberKind, value: MemberValue): Html {
  if (value instanceof Uint8Array)
    return markup`<code>${value.length <= HEX_BYTES ? toHex(value, ' ') : toBase64(value)}</code>`
  if (kind === 'timestamp') return markup`<code>${value}</code> ${timeText(Number(value))}`
  if (kind === 'pem') return markup`<pre>${lines(String(value).trimEnd())}</pre>`
  const text = String(value)
  // What would not be seen at all.
  return /^ *$/.test(text) ? markup`(${count(text.length, 'space')})` : markup`<code>${text}</code>`
}

/** A time for people, in UTC; `no date` where no calendar has it. */
export function timeText(at: number): string {
  const text = isoTime(at)
  return text === String(at) ? 'no date' : text.replace('T', ' ').replace('Z', ' UTC')
}

export function endpointText({ address, port }: Endpoint): string {
  return `${address}:${port}`
}
