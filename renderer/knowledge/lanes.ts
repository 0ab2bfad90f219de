/** Where everything stands in the drawing of keys: a lane for each key, a column for each step. Nothing depends on the moment. */
import type { KeyEvent, Lineage } from '#shared/knowledge/genealogy'

/** In units of the drawing. */
const LANE = 28
export const COLUMN = 50
const LABELS = 128
export const HEAD = 24

/** Where in its column an event stands: first how the key is there, then what carries it, then what it does. */
const SLOTS: Readonly<Record<KeyEvent['is'], number>> = {
  before: 10,
  made: 10,
  derived: 10,
  carried: 25,
  closes: 40,
  opens: 40,
  signs: 40,
}

export interface Spot {
  readonly x: number
  readonly y: number
}

/** Something that happens with a key, at its place. */
export interface Mark extends Spot {
  readonly event: KeyEvent
}

/** From one lane to another. */
export interface Edge {
  readonly at: number
  readonly is: 'derived' | 'carried'
  /** The key whose lane it begins at. */
  readonly from: string
  readonly path: string
}

export interface Lane {
  readonly lineage: Lineage
  readonly y: number
  readonly marks: readonly Mark[]
}

export interface Drawing {
  readonly lanes: readonly Lane[]
  readonly edges: readonly Edge[]
  readonly width: number
  readonly height: number
}

/** The left edge of a step's column. */
export function columnOf(step: number): number {
  return LABELS + step * COLUMN
}

/** Lays out the lives of keys; `last` is the last step. */
export function layOut(lineages: readonly Lineage[], last: number): Drawing {
  const heights = new Map(lineages.map(({ key }, index) => [key.id, HEAD + (index + 0.5) * LANE]))
  const lanes = lineages.map((lineage): Lane => {
    const y = heights.get(lineage.key.id) ?? 0
    const marks = lineage.events.map((event) => ({ event, x: columnOf(event.at) + SLOTS[event.is], y }))
    return { lineage, y, marks }
  })
  const edges = lanes.flatMap(({ marks }) =>
    marks.flatMap(({ event, x, y }) =>
      sourcesOf(event).flatMap((from) => edgeTo({ x, y }, event, from, heights)),
    ),
  )
  return { lanes, edges, width: columnOf(last + 1), height: HEAD + lineages.length * LANE }
}

function sourcesOf(event: KeyEvent): readonly string[] {
  if (event.is === 'derived') return event.from
  return event.is === 'carried' ? event.under : []
}

/** Bent to the side, the more the farther it goes, so that edges in one column can be told from one another. */
function edgeTo(
  { x, y }: Spot,
  { at, is }: KeyEvent,
  from: string,
  heights: ReadonlyMap<string, number>,
): readonly Edge[] {
  const start = heights.get(from)
  if (start === undefined || start === y || (is !== 'derived' && is !== 'carried')) return []
  const bend = Math.min(9, 2 + Math.abs(start - y) / LANE)
  const end = y + (start < y ? -6 : 6)
  const path = `M${x} ${start}Q${x - bend} ${(start + end) / 2} ${x} ${end}`
  return [{ at, is, from, path }]
}
