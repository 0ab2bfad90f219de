/** Where the windows stand: side by side at first, then where they were left. */
import { namesOf, WINDOW_NAMES, type WindowName, type WindowRow, type WindowTable } from '#shared/windows'

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/**
 * Each window at its share of the work area, edge to edge. Where that is too small for one, it is as large as it has to be
 * and still on the screen: then windows overlap, those that come later in front.
 */
export function defaultPlacement<Name extends string>(
  area: Rectangle,
  table: WindowTable<Name>,
): Readonly<Record<Name, Rectangle>> {
  const places = namesOf(table).map((name) => [name, placeOf(area, table[name])] as const)
  return Object.fromEntries(places) as Record<Name, Rectangle>
}

function placeOf(area: Rectangle, { share, minimum }: Pick<WindowRow, 'share' | 'minimum'>): Rectangle {
  const across = span(area.width, share.left, share.right, minimum.width)
  const down = span(area.height, share.top, share.bottom, minimum.height)
  return { x: area.x + across.start, y: area.y + down.start, width: across.length, height: down.length }
}

/** A part of a length, between two fractions of it, and at least so long where there is room. */
function span(
  whole: number,
  from: number,
  to: number,
  least: number,
): { readonly start: number; readonly length: number } {
  const start = Math.round(whole * from)
  const length = Math.min(whole, Math.max(least, Math.round(whole * to) - start))
  return { start: Math.min(start, whole - length), length }
}

/** What makes sense of a file's content as places by window: nothing else is kept, and so nothing else written again. */
export function rememberedPlaces(value: unknown): Partial<Record<WindowName, Rectangle>> {
  if (typeof value !== 'object' || value === null) return {}
  const given = new Map<string, unknown>(Object.entries(value))
  const places: Partial<Record<WindowName, Rectangle>> = {}
  for (const name of WINDOW_NAMES) {
    const place = given.get(name)
    if (isRectangle(place))
      places[name] = { x: place.x, y: place.y, width: place.width, height: place.height }
  }
  return places
}

/** A remembered place, if it is one and most of it is still on one of the displays. */
export function validPlacement(value: unknown, displays: readonly Rectangle[]): Rectangle | undefined {
  if (!isRectangle(value)) return undefined
  const visible = displays.some((display) => overlap(value, display) >= (value.width * value.height) / 2)
  return visible ? value : undefined
}

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}

function isRectangle(value: unknown): value is Rectangle {
  if (typeof value !== 'object' || value === null) return false
  const { x, y, width, height } = value as Partial<Record<keyof Rectangle, unknown>>
  return [x, y, width, height].every(Number.isInteger) && Number(width) > 0 && Number(height) > 0
}
