import { describe, expect, it } from 'vitest'
import { frameOn, NO_FRAME, type Rectangle } from '#main/windows/arrangement'
import { areSameScreens, fitted, rememberedPlaces, validPlacement } from '#main/windows/placement'

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

describe('what was remembered', () => {
  const place = { x: 1, y: 2, width: 800, height: 600 }
  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }]

  it('is places and screens, and nothing else', () => {
    const read = rememberedPlaces({ client: { ...place, more: 1 }, server: 'left', other: place, screens })
    expect(read).toEqual({ places: { client: place }, screens })
  })

  it.each([undefined, 'none', [1], [{ x: 0 }]])('says nothing of screens where they are %j', (wrong) => {
    expect(rememberedPlaces({ client: place, screens: wrong })).toEqual({
      places: { client: place },
      screens: undefined,
    })
  })

  it('holds on the same screens, in whichever order they come', () => {
    const [one] = screens
    const other = { x: 1920, y: 0, width: 1280, height: 1024 }
    expect(areSameScreens([one!, other], [other, one!])).toBe(true)
    expect(areSameScreens(undefined, screens)).toBe(true)
  })

  it.each([
    ['a smaller one', [{ x: 0, y: 0, width: 1366, height: 768 }]],
    ['the same one at 150 %', [{ x: 0, y: 0, width: 1280, height: 720 }]],
    ['one more', [...screens, { x: 1920, y: 0, width: 1280, height: 1024 }]],
    ['none', []],
  ])('does not hold on %s', (_, now) => {
    expect(areSameScreens(screens, now)).toBe(false)
  })

  it('fits the screen with its frame: what is too large begins at its corner', () => {
    const area = { x: 0, y: 27, width: 1366, height: 701 }
    const frame = { top: 20, right: 1, bottom: 5, left: 1 }
    expect(fitted({ x: 300, y: 50, width: 1100, height: 680 }, area, frame)).toEqual({
      x: 300,
      y: 27,
      width: 1100,
      height: 676,
    })
    expect(fitted({ x: -100, y: 50, width: 800, height: 600 }, area, NO_FRAME)).toMatchObject({ x: -100 })
    expect(fitted({ x: 0, y: 0, width: 4000, height: 3000 }, area, frameOn('linux')).width).toBeLessThan(1366)
  })
})
