import { describe, expect, it } from 'vitest'
import {
  defaultPlacement,
  frameOn,
  minimumOn,
  NO_FRAME,
  type Frame,
  type Rectangle,
} from '#main/windows/arrangement'
import { WINDOWS, WINDOW_NAMES, type WindowName } from '#shared/windows'

/** Work areas in pixels as pages count them: a screen at 150 % or 200 % has fewer. */
const AREAS = {
  '1280x720': { x: 0, y: 0, width: 1280, height: 720 },
  '1366x768': { x: 0, y: 0, width: 1366, height: 768 },
  '1366x768 with a panel': { x: 0, y: 27, width: 1366, height: 701 },
  '1366x768 at 150 %': { x: 0, y: 0, width: 910, height: 512 },
  '1920x1080': { x: 0, y: 0, width: 1920, height: 1080 },
  '1920x1080 with a panel': { x: 0, y: 0, width: 1920, height: 1040 },
  '1920x1080 at 200 %': { x: 0, y: 0, width: 960, height: 540 },
  '1024x768': { x: 0, y: 0, width: 1024, height: 768 },
  '800x600': { x: 0, y: 0, width: 800, height: 600 },
  '800x600 at 150 %': { x: 0, y: 0, width: 533, height: 400 },
  '2560x1440': { x: 0, y: 0, width: 2560, height: 1400 },
  'a second screen to the right': { x: 1920, y: 25, width: 1680, height: 1025 },
  'a second screen to the left': { x: -1440, y: 0, width: 1440, height: 860 },
} as const satisfies Record<string, Rectangle>
type Area = keyof typeof AREAS
const AREA_NAMES = Object.keys(AREAS) as Area[]

const FRAMES: Readonly<Record<string, Frame>> = {
  'no frame': NO_FRAME,
  'frames as on Linux': frameOn('linux'),
}

/** The bar under a window's title: what its role is started, stopped and registered with. */
const BAR = 48

const right = ({ x, width }: Rectangle): number => x + width
const bottom = ({ y, height }: Rectangle): number => y + height
const isWithin = (inner: Rectangle, outer: Rectangle): boolean =>
  inner.x >= outer.x && inner.y >= outer.y && right(inner) <= right(outer) && bottom(inner) <= bottom(outer)
const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.x < right(b) && b.x < right(a) && a.y < bottom(b) && b.y < bottom(a)

/** A window with what is drawn around it: its bounds are its content's size, at its frame's corner. */
const outer = ({ x, y, width, height }: Rectangle, frame: Frame): Rectangle => ({
  x,
  y,
  width: width + frame.left + frame.right,
  height: height + frame.top + frame.bottom,
})

/** Title and bar of a window. */
const top = (window: Rectangle, frame: Frame): Rectangle => ({ ...window, height: frame.top + BAR })

describe.each(Object.entries(FRAMES))('windows with %s', (_, frame) => {
  const placed = (area: Area): Record<Exclude<WindowName, 'help' | 'adversary'>, Rectangle> => {
    const bounds = defaultPlacement(AREAS[area], WINDOWS, frame)
    const { authority, server, client } = bounds
    return {
      authority: outer(authority, frame),
      server: outer(server, frame),
      client: outer(client, frame),
    }
  }

  it.each(AREA_NAMES)('are none larger than the screen or beside it: %s', (area) => {
    for (const [name, window] of Object.entries(placed(area)))
      expect(isWithin(window, AREAS[area]), name).toBe(true)
  })

  it.each(AREA_NAMES)('are none smaller than they may be there: %s', (area) => {
    const bounds = defaultPlacement(AREAS[area], WINDOWS, frame)
    for (const name of WINDOW_NAMES) {
      const least = minimumOn(AREAS[area], WINDOWS[name].minimum, frame)
      expect(bounds[name].width, name).toBeGreaterThanOrEqual(least.width)
      expect(bounds[name].height, name).toBeGreaterThanOrEqual(least.height)
    }
  })

  it.each(AREA_NAMES.filter((area) => AREAS[area].width >= 1280))(
    'stand side by side where there is room, none over another: %s',
    (area) => {
      const { authority, server, client } = placed(area)
      expect(overlap(authority, server)).toBe(false)
      expect(overlap(authority, client)).toBe(false)
      expect(overlap(server, client)).toBe(false)
      expect([authority.x, authority.y]).toEqual([AREAS[area].x, AREAS[area].y])
      expect(bottom(server)).toBe(bottom(AREAS[area]))
      expect(right(client)).toBe(right(AREAS[area]))
      expect(client.height).toBe(AREAS[area].height)
      // The client keeps both of its panes.
      expect(client.width).toBeGreaterThanOrEqual(860)
    },
  )

  it.each(AREA_NAMES.filter((area) => AREAS[area].width >= 850 && AREAS[area].width < 1280))(
    'stand one behind another where there is none, and the bars of those behind stay in sight: %s',
    (area) => {
      const { authority, server, client } = placed(area)
      const bars = [top(authority, frame), top(server, frame)] as const
      expect(overlap(...bars)).toBe(false)
      expect(overlap(authority, server)).toBe(false)
      for (const bar of bars) expect(overlap(bar, client)).toBe(false)
      expect(client.width).toBe(AREAS[area].width)
      // In front of one of those behind, the client can still be reached.
      expect(bottom(authority)).toBeLessThan(bottom(client))
    },
  )
})

it('windows fill the screen where they stand side by side without frames', () => {
  const { authority, server, client } = defaultPlacement(AREAS['1920x1080'], WINDOWS)
  expect(right(authority)).toBe(client.x)
  expect(bottom(authority)).toBe(server.y)
  expect(authority.width).toBe(server.width)
})

it('a window may be as small as it works at, or as the screen is', () => {
  const least = { width: 640, height: 400 }
  expect(minimumOn(AREAS['1920x1080'], least)).toEqual(least)
  expect(minimumOn(AREAS['800x600 at 150 %'], least)).toEqual({ width: 533, height: 400 })
  const frame = { top: 30, right: 1, bottom: 1, left: 1 }
  expect(minimumOn(AREAS['800x600 at 150 %'], least, frame)).toEqual({ width: 531, height: 369 })
})

it('a frame comes on top of the bounds on Linux alone', () => {
  expect(frameOn('win32')).toEqual(NO_FRAME)
  expect(frameOn('darwin')).toEqual(NO_FRAME)
  expect(frameOn('linux').top).toBeGreaterThan(30)
})
