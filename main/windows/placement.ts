/** Where the windows were left: what of that still holds on the screens that there are now. */
import { WINDOW_NAMES, type WindowName } from '#shared/windows'
import { within, type Frame, type Rectangle } from './arrangement'

/** Where windows were left, and the screens that there were then. */
export interface Remembered {
  readonly places: Partial<Record<WindowName, Rectangle>>
  /** Undefined where a version has written the file that did not say. */
  readonly screens: readonly Rectangle[] | undefined
}

/** What is known before there is a file. */
export const NOTHING_REMEMBERED: Remembered = { places: {}, screens: undefined }

/** What makes sense of a file's content: nothing else is kept, and so nothing else written again. */
export function rememberedPlaces(value: unknown): Remembered {
  if (typeof value !== 'object' || value === null) return NOTHING_REMEMBERED
  const given = new Map<string, unknown>(Object.entries(value))
  const places: Partial<Record<WindowName, Rectangle>> = {}
  for (const name of WINDOW_NAMES) {
    const place = given.get(name)
    if (isRectangle(place)) places[name] = onlyRectangle(place)
  }
  const screens = given.get('screens')
  const isList = Array.isArray(screens) && screens.every(isRectangle)
  return { places, screens: isList ? screens.map(onlyRectangle) : undefined }
}

/** Whether there are the same screens as when the windows were left: what fitted one another then may not fit others. */
export function areSameScreens(before: readonly Rectangle[] | undefined, now: readonly Rectangle[]): boolean {
  if (!before) return true
  const text = (screens: readonly Rectangle[]): string =>
    screens
      .map(({ x, y, width, height }) => [x, y, width, height].join(' '))
      .sort()
      .join()
  return text(before) === text(now)
}

/** A window's bounds, no larger than a work area has room for with the frame; one that was too large stands in its corner. */
export function fitted(place: Rectangle, area: Rectangle, frame: Frame): Rectangle {
  const most = within(area, frame)
  const isTooWide = place.width > most.width
  const isTooHigh = place.height > most.height
  return {
    x: isTooWide ? area.x : place.x,
    y: isTooHigh ? area.y : place.y,
    width: Math.min(place.width, most.width),
    height: Math.min(place.height, most.height),
  }
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

function onlyRectangle({ x, y, width, height }: Rectangle): Rectangle {
  return { x, y, width, height }
}

function isRectangle(value: unknown): value is Rectangle {
  if (typeof value !== 'object' || value === null) return false
  const { x, y, width, height } = value as Partial<Record<keyof Rectangle, unknown>>
  return [x, y, width, height].every(Number.isInteger) && Number(width) > 0 && Number(height) > 0
}
