/**
 * A trial as a chart: time along the x-axis, a row for each lifetime, accepted requests over the row's bar and refused ones
 * under it. The chart is a list of primitives that the window draws in its theme and an export in ink on white.
 */
import { SUITES } from '../hl1/suites'
import { isoTime } from '../time'
import { timeScale, type TimeScale } from './axis'
import { CLOCK_TITLES } from './request'
import { isAsDemanded, isUnderWay, seconds, type TrialResult, type TrialRow } from './result'

/** What a primitive stands for: decides its colour, weight and size of type. */
export type ChartRole =
  'axis' | 'grid' | 'bar' | 'end' | 'now' | 'title' | 'note' | 'label' | 'tick' | MarkRole

/** Accepted is a disc, refused a cross, pending a small ring; a ring around a mark says that it should be otherwise. */
export type MarkRole = 'accepted' | 'refused' | 'pending' | 'otherwise'

export type ChartPrimitive =
  | {
      readonly kind: 'line'
      readonly role: ChartRole
      readonly x1: number
      readonly y1: number
      readonly x2: number
      readonly y2: number
    }
  | {
      readonly kind: 'rect'
      readonly role: ChartRole
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
    }
  | {
      readonly kind: 'mark'
      readonly role: MarkRole
      readonly x: number
      readonly y: number
      readonly about?: string
    }
  | {
      readonly kind: 'text'
      readonly role: ChartRole
      readonly x: number
      /** Of the base line. */
      readonly y: number
      readonly anchor: 'start' | 'middle' | 'end'
      readonly text: string
    }

/** Sizes and places in pixels. */
export interface Chart {
  readonly width: number
  readonly height: number
  /** Says in words what the picture shows. */
  readonly description: string
  readonly primitives: readonly ChartPrimitive[]
}

export interface ChartOptions {
  /** Pixels. */
  readonly width: number
  /** True for a chart that stands alone: with title and date. */
  readonly titled: boolean
  /** Milliseconds since the sessions started, for a line at the present moment. */
  readonly now?: number
}

const LEFT = 76
const RIGHT = 28
const TITLE = 30
const NOTE = 34
const ROW = 56
/** From the middle of a row to its marks. */
const LANE = 13
const BAR = 6
const FOOT = 70

export function drawTrial(result: TrialResult, { width, titled, now }: ChartOptions): Chart {
  const { request, rows } = result
  const top = (titled ? TITLE : 0) + NOTE
  const bottom = top + request.lifetimes.length * ROW
  const height = bottom + FOOT
  const scale = timeScale(rows, { from: LEFT, to: width - RIGHT })
  const middleOf = (lifetime: number): number => top + (request.lifetimes.indexOf(lifetime) + 0.5) * ROW
  const primitives: readonly ChartPrimitive[] = [
    ...(titled ? [text('title', LEFT, TITLE - 4, 'Session lifetime trial')] : []),
    text('note', LEFT, top - 16, noteOf(result, titled)),
    ...drawAxis(scale, { top, bottom, width }),
    ...request.lifetimes.flatMap((lifetime) => drawLifetime(lifetime, middleOf(lifetime), scale)),
    ...rows.flatMap((row) => drawRequest(row, middleOf(row.lifetime), scale)),
    ...(now === undefined ? [] : [vertical('now', scale.place(Math.min(now, scale.last)), top, bottom)]),
    ...drawLegend(result, height - 14),
  ]
  return { width, height, primitives, description: describe(result) }
}

/** Suite and clock; with the date where the chart stands alone. */
function noteOf({ request, startedAt, state }: TrialResult, dated: boolean): string {
  const date = `${isoTime(startedAt).slice(0, 16).replace('T', ' ')} UTC`
  const parts = [
    `Suite ${SUITES[request.suite].title}`,
    CLOCK_TITLES[request.clock],
    ...(dated ? [date] : []),
    ...(state === 'cancelled' ? ['cancelled before its end'] : []),
  ]
  return parts.join('  ·  ')
}

function drawAxis(
  { ticks, place, logarithmic }: TimeScale,
  { top, bottom, width }: { readonly top: number; readonly bottom: number; readonly width: number },
): readonly ChartPrimitive[] {
  const title = `seconds since the session started${logarithmic ? ' (logarithmic)' : ''}`
  return [
    ...ticks.map(({ at }) => vertical('grid', place(at), top, bottom)),
    { kind: 'line', role: 'axis', x1: LEFT, y1: bottom, x2: width - RIGHT, y2: bottom },
    ...ticks.map(({ at, label }) => text('tick', place(at), bottom + 16, label, 'middle')),
    text('note', width - RIGHT, bottom + 34, title, 'end'),
    text('note', LEFT - 14, top - 16, 'Lifetime', 'end'),
  ]
}

function drawLifetime(lifetime: number, y: number, { place }: TimeScale): readonly ChartPrimitive[] {
  const end = place(lifetime * 1000)
  return [
    { kind: 'rect', role: 'bar', x: LEFT, y: y - BAR / 2, width: round(end - LEFT), height: BAR },
    vertical('end', end, y - ROW / 2 + 6, y + ROW / 2 - 6),
    text('label', LEFT - 14, y + 4, `${lifetime.toLocaleString('en-GB')} s`, 'end'),
  ]
}

/** A request stands where it was sent; one that was not sent yet where it is planned, on the bar. */
function drawRequest(row: TrialRow, y: number, { place }: TimeScale): readonly ChartPrimitive[] {
  const { outcome, planned } = row
  if (outcome.is === 'pending')
    return [
      {
        kind: 'mark',
        role: 'pending',
        x: round(place(planned)),
        y,
        about: `${seconds(planned)} s: not sent`,
      },
    ]
  const lane = { x: round(place(outcome.sent)), y: outcome.is === 'accepted' ? y - LANE : y + LANE }
  const about = `${seconds(outcome.sent)} s: ${outcome.is}${outcome.is === 'refused' ? `, ${outcome.code}` : ''}`
  return [
    { kind: 'mark', role: outcome.is, ...lane, about },
    ...(isAsDemanded(row) === false ? [{ kind: 'mark', role: 'otherwise', ...lane } as const] : []),
  ]
}

function drawLegend(result: TrialResult, y: number): readonly ChartPrimitive[] {
  const { rows } = result
  const entries: readonly {
    readonly role: MarkRole | 'end'
    readonly text: string
    readonly width: number
  }[] = [
    { role: 'accepted', text: 'accepted', width: 92 },
    { role: 'refused', text: 'refused: session_expired', width: 178 },
    { role: 'end', text: 'end of the lifetime', width: 146 },
    ...(rows.some(({ outcome }) => outcome.is === 'pending')
      ? [{ role: 'pending', text: isUnderWay(result) ? 'not sent yet' : 'not sent', width: 106 } as const]
      : []),
    ...(rows.some((row) => isAsDemanded(row) === false)
      ? [{ role: 'otherwise', text: 'not as the protocol demands', width: 190 } as const]
      : []),
  ]
  let x = LEFT + 6
  return entries.flatMap(({ role, text: words, width }) => {
    const at = x
    x += width
    const sign: ChartPrimitive =
      role === 'end' ? vertical('end', at, y - 11, y + 3) : { kind: 'mark', role, x: at, y: y - 4 }
    return [sign, text('note', at + 12, y, words)]
  })
}

function describe({ request, rows }: TrialResult): string {
  const lines = request.lifetimes.map((lifetime) => {
    const mine = rows.filter((row) => row.lifetime === lifetime)
    const number = (is: string): number => mine.filter(({ outcome }) => outcome.is === is).length
    return `${lifetime} s: ${number('accepted')} accepted, ${number('refused')} refused, ${number('pending')} not sent.`
  })
  return `Chart of requests over time, by session lifetime, in ${request.clock === 'real' ? 'real time' : 'a simulated clock'}. ${lines.join(' ')}`
}

function text(
  role: ChartRole,
  x: number,
  y: number,
  words: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
): ChartPrimitive {
  return { kind: 'text', role, x: round(x), y: round(y), anchor, text: words }
}

function vertical(role: ChartRole, x: number, y1: number, y2: number): ChartPrimitive {
  return { kind: 'line', role, x1: round(x), y1, x2: round(x), y2 }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
