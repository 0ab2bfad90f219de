/** Text can be read on its ground, in both themes: WCAG 2.2, 1.4.3 (text 4.5) and 1.4.11 (borders and signs 3). */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { KEYS } from '#shared/hl1/keys'

const css = readFileSync(new URL('../../../renderer/common/tokens.css', import.meta.url), 'utf8')
const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)')
const themes = { light: tokens(light), dark: { ...tokens(light), ...tokens(dark) } }
const families = [...new Set(Object.values(KEYS).map((key) => key.family))]

function tokens(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name!, value!]),
  )
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
    .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

function contrast(one: string, other: string): number {
  const [bright, dim] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (bright! + 0.05) / (dim! + 0.05)
}

describe.each(Object.entries(themes))('%s', (_, theme) => {
  const grounds = ['ground', 'surface', 'surface-2', 'field', 'accent-tint', 'danger-tint', 'mark-tint']

  it.each(grounds)('plain and muted text on %s', (ground) => {
    expect(contrast(theme['ink']!, theme[ground]!)).toBeGreaterThanOrEqual(7)
    expect(contrast(theme['ink-2']!, theme[ground]!)).toBeGreaterThanOrEqual(4.5)
  })

  it.each(families)('key %s as text and border', (family) => {
    const hue = theme[`key-${family}`]!
    for (const ground of [
      `key-${family}-tint`,
      'ground',
      'surface',
      'surface-2',
      'accent-tint',
      'mark-tint',
    ]) {
      expect(contrast(hue, theme[ground]!), ground).toBeGreaterThanOrEqual(4.5)
    }
  })

  it('accent, failure and marked bytes', () => {
    for (const ground of ['ground', 'surface', 'surface-2', 'mark-tint']) {
      expect(contrast(theme['accent']!, theme[ground]!), ground).toBeGreaterThanOrEqual(4.5)
      expect(contrast(theme['danger']!, theme[ground]!), ground).toBeGreaterThanOrEqual(4.5)
    }
    expect(contrast(theme['accent-ink']!, theme['accent']!)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(theme['danger-ink']!, theme['danger']!)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(theme['danger']!, theme['danger-tint']!)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(theme['mark-ink']!, theme['mark']!)).toBeGreaterThanOrEqual(7)
    expect(contrast(theme['line-strong']!, theme['surface']!)).toBeGreaterThanOrEqual(3)
  })

  it('every key family has a hue of its own', () => {
    expect(new Set(families.map((family) => theme[`key-${family}`])).size).toBe(families.length)
  })
})
