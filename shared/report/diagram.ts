/** The messages of a run between the lifelines of the three roles, as SVG that reads in black and white. */
import { HL1 } from '../hl1/protocol'
import { sheetOf } from '../record/protocol'
import { count } from '../words'
import { markup, type Html } from './html'
import { isRefused, outcomeWord, type ReportMessage, type ReportRecords } from './messages'

/** Rows of a diagram at most: what stands on one page. */
const MOST_ARROWS = 24

const WIDTH = 720
const TOP = 46
const ROW = 34
/** Places of the lifelines, by their order. */
const LANES = [80, 305, 535] as const
const INK = '#16191d'
const GREY = '#4a525d'
const HEAD = 8

/** The diagram, with what it shows in words. */
export function* diagramPart({ connections }: ReportRecords): Iterable<Html> {
  const all = connections.flatMap(({ messages }) => messages)
  const shown = all.slice(0, MOST_ARROWS)
  const height = TOP + ROW * shown.length + 16
  const rest = all.length - shown.length
  yield markup`<figure>
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox="0 0 ${WIDTH} ${height}"
      width="${WIDTH}"
      height="${height}"
      role="img"
      aria-label="Sequence diagram of ${count(shown.length, 'message')}; the table of messages says the same"
      font-family="Arial, Helvetica, 'Liberation Sans', sans-serif"
      font-size="12"
      fill="${INK}"
    >
      ${HL1.roles.map(({ role, title }) => lifeline(title, laneOf(role), height))}${shown.map((message, index) => arrow(message, TOP + ROW * index + 26))}
    </svg>
    <figcaption>${captionOf(rest)}</figcaption>
  </figure> `
}

function captionOf(rest: number): string {
  const key =
    'A solid arrow is a message, a dashed one an alert; above it its step and the key that closes it. A bar across the head: refused.'
  return rest > 0 ? `${key} ${count(rest, 'message')} more stand in the table of messages.` : key
}

function laneOf(role: string | undefined): number {
  return LANES[HL1.roles.findIndex((each) => each.role === role)] ?? LANES[2]
}

function lifeline(title: string, x: number, height: number): Html {
  return markup`<text x="${x}" y="18" text-anchor="middle" font-weight="bold">${title}</text>
    <line x1="${x}" y1="28" x2="${x}" y2="${height - 6}" stroke="${GREY}" /> `
}

function arrow(message: ReportMessage, y: number): Html {
  const { entry, number } = message
  const { connection, role, direction, kind, suite, step } = entry
  const other = role === connection.opener ? connection.acceptor : connection.opener
  const [from, to] = direction === 'sent' ? [role, other] : [other, role]
  const [start, end] = [laneOf(from), laneOf(to)]
  const way = end > start ? 1 : -1
  const dashes = kind === 'alert' ? '5 4' : undefined
  const key = kind === 'message' ? sheetOf(HL1, suite, step)?.layers[0]?.key : undefined
  const label =
    kind === 'alert'
      ? `${number}. alert${entry.outcome.ok ? '' : `: ${entry.outcome.code}`}`
      : `${number}. step ${step}${key === undefined ? ', in clear' : `, ${key}`}`
  return markup`<line
      x1="${start}"
      y1="${y}"
      x2="${end - way * HEAD}"
      y2="${y}"
      stroke="${INK}"
      stroke-width="1.5"
      ${dashes && markup` stroke-dasharray="${dashes}"`}
    />
    <path d="M${end} ${y}l${-way * HEAD} -4v8z" />
    ${isRefused(message) ? markup`<path d="M${end - way * 16} ${y - 8}v16" stroke="${INK}" stroke-width="3" /> ` : undefined}<text
      x="${(start + end) / 2}"
      y="${y - 6}"
      text-anchor="middle"
      >${label}</text
    >
    <text
      x="${WIDTH - 4}"
      y="${y + 4}"
      text-anchor="end"
      font-weight="${isRefused(message) ? 'bold' : 'normal'}"
      >${message.isChanged ? 'changed, ' : ''}${outcomeWord(message)}</text
    > `
}
