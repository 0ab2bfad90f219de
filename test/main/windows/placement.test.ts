import { describe, expect, it } from 'vitest'
import { defaultPlacement, validPlacement, type Rectangle } from '#main/windows/placement'
import { WINDOWS, type WindowName } from '#shared/windows'

const AREAS: readonly Rectangle[] = [
  { x: 0, y: 0, width: 1920, height: 1040 },
  { x: 0, y: 0, width: 2560, height: 1400 },
  { x: 0, y: 0, width: 3840, height: 2120 },
  { x: 1920, y: 25, width: 1680, height: 1025 },
  { x: -1440, y: 0, width: 1440, height: 860 },
]

const right = ({ x, width }: Rectangle): number => x + width
const bottom = ({ y, height }: Rectangle): number => y + height
const isWithin = (inner: Rectangle, outer: Rectangle): boolean =>
  inner.x >= outer.x && inner.y >= outer.y && right(inner) <= right(outer) && bottom(inner) <= bottom(outer)

describe('the windows at first', () => {
  it.each(AREAS)(
    'fill a work area of $width x $height at $x, $y and none is smaller than it works at',
    (area) => {
      const { authority, server, client } = defaultPlacement(area, WINDOWS)
      for (const [name, window] of Object.entries({ authority, server, client })) {
        expect(isWithin(window, area), name).toBe(true)
        const least = WINDOWS[name as WindowName].minimum
        expect(window.width, name).toBeGreaterThanOrEqual(least.width)
      }
      expect(authority.x).toBe(area.x)
      expect(authority.y).toBe(area.y)
      expect(bottom(server)).toBe(bottom(area))
      expect(right(client)).toBe(right(area))
      expect(client.height).toBe(area.height)
    },
  )

  it('stand side by side without overlap where there is room', () => {
    const { authority, server, client } = defaultPlacement({ x: 0, y: 0, width: 1920, height: 1040 }, WINDOWS)
    expect(right(authority)).toBe(client.x)
    expect(bottom(authority)).toBe(server.y)
    expect(authority.width).toBe(server.width)
  })

  it('overlap where there is none, each still whole on the screen', () => {
    const area = { x: 0, y: 0, width: 1366, height: 728 }
    const { authority, server, client } = defaultPlacement(area, WINDOWS)
    expect(right(authority)).toBeGreaterThan(client.x)
    for (const window of [authority, server, client]) expect(isWithin(window, area)).toBe(true)
  })

  it('are never larger than the screen, however small that is', () => {
    const area = { x: 0, y: 0, width: 1024, height: 400 }
    const { client, server } = defaultPlacement(area, WINDOWS)
    expect(client).toEqual({ x: 0, y: 0, width: 1024, height: 400 })
    expect(server.height).toBe(400)
  })
})

describe('a remembered place', () => {
  const displays: readonly Rectangle[] = [
    { x: 0, y: 0, width: 1920, height: 1080 },
    { x: 1920, y: 0, width: 1280, height: 1024 },
  ]

  it.each([
    ['on the first display', { x: 100, y: 100, width: 800, height: 600 }],
    ['on the second one', { x: 2000, y: 100, width: 800, height: 600 }],
    ['half off the screen, but no more', { x: -400, y: 0, width: 800, height: 600 }],
  ])('%s holds', (_, place) => {
    expect(validPlacement(place, displays)).toEqual(place)
  })

  it.each([
    ['on a display that is gone', { x: 5000, y: 100, width: 800, height: 600 }],
    ['more than half off the screen', { x: -401, y: 0, width: 800, height: 600 }],
    ['above the screen', { x: 0, y: -500, width: 800, height: 600 }],
    ['without a size', { x: 0, y: 0, width: 0, height: 600 }],
    ['of negative size', { x: 800, y: 600, width: -800, height: -600 }],
    ['with a fraction', { x: 0.5, y: 0, width: 800, height: 600 }],
    ['with a text in it', { x: '0', y: 0, width: 800, height: 600 }],
    ['with a number missing', { x: 0, y: 0, width: 800 }],
    ['that is a list', [0, 0, 800, 600]],
    ['that is a text', 'maximized'],
    ['that is null', null],
    ['that is not there', undefined],
  ])('%s does not', (_, place) => {
    expect(validPlacement(place, displays)).toBeUndefined()
  })

  it('does not hold where there is no display at all', () => {
    expect(validPlacement({ x: 0, y: 0, width: 800, height: 600 }, [])).toBeUndefined()
  })

  it('holds only what a rectangle has', () => {
    const place = { x: 0, y: 0, width: 800, height: 600 }
    expect(validPlacement({ ...place, more: 1 }, displays)).toMatchObject(place)
  })
})
