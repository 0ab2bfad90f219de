/** How windows are arranged on a work area: side by side, or one behind another, with the frames around them counted. */
import { namesOf, type Size, type WindowRow, type WindowTable } from '#shared/windows'

/** On the screen, in pixels as pages count them. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** What a window manager draws around a window, in pixels. */
export interface Frame {
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly left: number
}

/** Where nothing is drawn around a window, or its bounds have it already. */
export const NO_FRAME: Frame = { top: 0, right: 0, bottom: 0, left: 0 }

/** A little more than window managers' usual frames: a gap between two windows hides nothing, an overlap a title or a bar. */
const USUAL_FRAME: Frame = { top: 38, right: 2, bottom: 4, left: 2 }

/** The frame that comes on top of a window's bounds: they are those of its content on Linux, and with the frame elsewhere. */
export function frameOn(platform: NodeJS.Platform): Frame {
  return platform === 'linux' ? USUAL_FRAME : NO_FRAME
}

/** The bounds to give a window, so that with its frame it takes up a place. */
export function within(place: Rectangle, frame: Frame): Rectangle {
  return {
    x: place.x,
    y: place.y,
    width: place.width - frame.left - frame.right,
    height: place.height - frame.top - frame.bottom,
  }
}

/** Where to open a window that is to stand at bounds: X11 opens by the corner of the content, and moves by that of the frame. */
export function whereOpened(bounds: Rectangle, frame: Frame): Rectangle {
  return { ...bounds, x: bounds.x + frame.left, y: bounds.y + frame.top }
}

/** The smallest size that a window may be given: what it works at, or as much of it as the work area has. */
export function minimumOn(area: Rectangle, minimum: Size, frame: Frame = NO_FRAME): Size {
  const { width, height } = within(area, frame)
  return { width: Math.min(minimum.width, width), height: Math.min(minimum.height, height) }
}

/**
 * Where windows stand so that none hides what another is used by: side by side where there is room for all of them, or else
 * one behind another. Every window is whole on the screen, with its frame. Bounds to give to windows.
 */
export function defaultPlacement<Name extends string>(
  area: Rectangle,
  table: WindowTable<Name>,
  frame: Frame = NO_FRAME,
): Readonly<Record<Name, Rectangle>> {
  const places = sideBySide(area, table, frame) ?? oneBehindAnother(area, table, frame)
  const inside = namesOf(table).map((name) => [name, within(places[name], frame)] as const)
  return Object.fromEntries(inside) as Record<Name, Rectangle>
}

type Places<Name extends string> = Readonly<Record<Name, Rectangle>>

/** A window's place along one axis: fractions of the whole, and pixels that it needs. */
interface Span {
  readonly from: number
  readonly to: number
  readonly least: number
}

/**
 * Each window at its share of the work area, edge to edge; where one needs more than its share, the edge moves. Undefined where
 * that leaves one of those that are there from the start less than it needs.
 */
function sideBySide<Name extends string>(
  area: Rectangle,
  table: WindowTable<Name>,
  frame: Frame,
): Places<Name> | undefined {
  const opening = namesOf(table).filter((name) => table[name].opens)
  const across = edges(
    area.width,
    opening.map((name) => spanAcross(table[name])),
  )
  const down = edges(
    area.height,
    opening.map((name) => spanDown(table[name])),
  )
  if (!across || !down) return undefined
  const places = namesOf(table).map((name) => {
    const row = table[name]
    const { width, height } = withFrame(row.minimum, frame)
    const horizontal = stretch(area.width, across(row.share.left), across(row.share.right), width)
    const vertical = stretch(area.height, down(row.share.top), down(row.share.bottom), height)
    return [name, rectangle(area, horizontal, vertical)] as const
  })
  return Object.fromEntries(places) as Record<Name, Rectangle>
}

function spanAcross({ share, comfortable }: WindowRow): Span {
  return { from: share.left, to: share.right, least: comfortable.width }
}

function spanDown({ share, comfortable }: WindowRow): Span {
  return { from: share.top, to: share.bottom, least: comfortable.height }
}

/** Where each fraction of a length lies, so that every span is as long as it has to be; undefined where that can't be. */
function edges(whole: number, spans: readonly Span[]): ((fraction: number) => number) | undefined {
  const known = new Map([
    [0, 0],
    [1, whole],
  ])
  const at = (fraction: number): number => known.get(fraction) ?? Math.round(whole * fraction)
  const inner = spans.flatMap(({ from, to }) => [from, to]).filter((fraction) => !known.has(fraction))
  for (const fraction of [...new Set(inner)].sort((one, other) => one - other)) {
    const ending = spans.filter(({ to }) => to === fraction).map(({ from, least }) => at(from) + least)
    const beginning = spans
      .filter(({ from, to }) => from === fraction && to === 1)
      .map(({ least }) => whole - least)
    known.set(fraction, Math.min(Math.max(at(fraction), ...ending), ...beginning))
  }
  return spans.every(({ from, to, least }) => at(to) - at(from) >= least) ? at : undefined
}

/** What is used most of the other windows: a bar under the title. It stays in sight above the window in front. */
const BAR = 50

/** Of the work area's height, what a window behind others takes up. */
const BEHIND = 0.75

/** The last of those that are there from the start in front, as wide as the screen; above it the bars of the others. */
function oneBehindAnother<Name extends string>(
  area: Rectangle,
  table: WindowTable<Name>,
  frame: Frame,
): Places<Name> {
  const names = namesOf(table)
  const opening = names.filter((name) => table[name].opens)
  const front = opening.at(-1)
  const others = opening.slice(0, -1)
  const widest = Math.max(1, ...others.map((name) => withFrame(table[name].minimum, frame).width))
  const columns = Math.max(1, Math.min(others.length, Math.floor(area.width / widest)))
  const rows = Math.ceil(others.length / columns)
  const frontLeast = front ? withFrame(table[front].minimum, frame).height : 0
  const top = Math.min(rows * (frame.top + BAR), Math.max(0, area.height - frontLeast))

  const placeOf = (name: Name): Rectangle => {
    const row = table[name]
    const least = withFrame(row.minimum, frame)
    if (name === front)
      return rectangle(area, { start: 0, length: area.width }, { start: top, length: area.height - top })
    const index = others.indexOf(name)
    if (index < 0) {
      const { left, right, top: upper, bottom } = row.share
      const across = stretch(area.width, area.width * left, area.width * right, least.width)
      return rectangle(
        area,
        across,
        stretch(area.height, area.height * upper, area.height * bottom, least.height),
      )
    }
    const column = index % columns
    const line = Math.floor(index / columns)
    const from = Math.round((area.width * column) / columns)
    const to = Math.round((area.width * (column + 1)) / columns)
    const start = rows > 0 ? Math.round((top / rows) * line) : 0
    return rectangle(
      area,
      stretch(area.width, from, to, least.width),
      stretch(area.height, start, start + area.height * BEHIND, least.height),
    )
  }
  return Object.fromEntries(names.map((name) => [name, placeOf(name)])) as Record<Name, Rectangle>
}

function withFrame({ width, height }: Size, frame: Frame): Size {
  return { width: width + frame.left + frame.right, height: height + frame.top + frame.bottom }
}

interface Stretch {
  readonly start: number
  readonly length: number
}

/** A part of a length, at least so long where there is room, and within it. */
function stretch(whole: number, from: number, to: number, least: number): Stretch {
  const start = Math.round(from)
  const length = Math.min(whole, Math.max(least, Math.round(to) - start))
  return { start: Math.max(0, Math.min(start, whole - length)), length }
}

function rectangle(area: Rectangle, across: Stretch, down: Stretch): Rectangle {
  return { x: area.x + across.start, y: area.y + down.start, width: across.length, height: down.length }
}
