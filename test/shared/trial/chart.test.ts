// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { drawTrial, type Chart, type ChartPrimitive } from '#shared/trial/chart'
import { toSvg } from '#shared/trial/svg'
import type { TrialResult } from '#shared/trial/result'
import { asDemanded, pending, trialResult } from '../../support/trials'

const OPTIONS = { width: 960, titled: true } as const
type Of<K extends ChartPrimitive['kind']> = Extract<ChartPrimitive, { kind: K }>

function find<K extends ChartPrimitive['kind']>(chart: Chart, kind: K, role: string): readonly Of<K>[] {
  return chart.primitives.filter(
    (primitive): primitive is Of<K> => primitive.kind === kind && primitive.role === role,
  )
}

/** Marks of requests: those of the legend say nothing about themselves. */
const marks = (chart: Chart, role: string) =>
  find(chart, 'mark', role).filter(({ about }) => about !== undefined)
const texts = (chart: Chart): readonly string[] =>
  chart.primitives.flatMap((primitive) => (primitive.kind === 'text' ? [primitive.text] : []))

/** What a character takes in a wide face, pixels, in a title and elsewhere. */
const [WIDE, NARROW] = [12, 7.4]

function edges(primitive: ChartPrimitive): { readonly x: readonly number[]; readonly y: readonly number[] } {
  switch (primitive.kind) {
    case 'line':
      return { x: [primitive.x1, primitive.x2], y: [primitive.y1, primitive.y2] }
    case 'rect':
      return {
        x: [primitive.x, primitive.x + primitive.width],
        y: [primitive.y, primitive.y + primitive.height],
      }
    case 'text': {
      const { x, y, text, role, anchor } = primitive
      const long = text.length * (role === 'title' ? WIDE : NARROW)
      const before = { start: 0, middle: long / 2, end: long }[anchor]
      return { x: [x - before, x - before + long], y: [y - 12, y + 4] }
    }
    case 'mark':
      return { x: [primitive.x - 9, primitive.x + 9], y: [primitive.y - 9, primitive.y + 9] }
  }
}

describe('the chart of a trial', () => {
  it('has a row for each lifetime, with its bar and its end', () => {
    const chart = drawTrial(trialResult(), OPTIONS)
    expect(find(chart, 'text', 'label').map(({ text }) => text)).toEqual(['10 s', '60 s', '100 s'])
    const bars = find(chart, 'rect', 'bar')
    const ends = find(chart, 'line', 'end').slice(0, 3)
    expect(bars.map(({ width }) => Math.round((width / bars[2]!.width) * 100))).toEqual([10, 60, 100])
    for (const [index, bar] of bars.entries()) expect(ends[index]?.x1).toBeCloseTo(bar.x + bar.width, 0)
    expect(new Set(bars.map(({ y }) => y)).size).toBe(3)
  })

  it('shows every request, accepted ones over the bar and refused ones under it, in the order of time', () => {
    const chart = drawTrial(trialResult(), OPTIONS)
    expect(marks(chart, 'accepted')).toHaveLength(12)
    expect(marks(chart, 'refused')).toHaveLength(9)
    expect(marks(chart, 'pending')).toHaveLength(0)
    const middle = find(chart, 'rect', 'bar')[0]!.y
    const first = marks(chart, 'accepted').slice(0, 4)
    expect(first.every(({ y }) => y < middle)).toBe(true)
    expect(marks(chart, 'refused')[0]!.y).toBeGreaterThan(middle)
    expect(first.map(({ x }) => x)).toEqual(first.map(({ x }) => x).sort((a, b) => a - b))
  })

  it('puts the request at exactly the end on the line of the end', () => {
    const chart = drawTrial(trialResult(), OPTIONS)
    const end = find(chart, 'line', 'end')[2]!
    expect(marks(chart, 'accepted')[11]!.x).toBeCloseTo(end.x1, 1)
    expect(marks(chart, 'accepted')[11]!.about).toBe('100.000 s: accepted')
    expect(marks(chart, 'refused')[6]!.about).toBe('100.001 s: refused, session_expired')
  })

  it('marks what is not sent yet by a shape of its own, and names it in the legend only then', () => {
    const before = drawTrial({ ...trialResult({}, pending), state: 'running' }, OPTIONS)
    expect(marks(before, 'pending')).toHaveLength(21)
    expect(texts(before)).toContain('not sent yet')
    expect(texts(drawTrial(trialResult(), OPTIONS))).not.toContain('not sent yet')
  })

  it('rings what is not as the protocol demands', () => {
    const wrong = trialResult({}, (row) =>
      row.planned === 60_001
        ? { is: 'accepted', session: 1, sent: 60_001, answered: 60_001 }
        : asDemanded(row),
    )
    const chart = drawTrial(wrong, OPTIONS)
    // One around the request and one in the legend.
    expect(find(chart, 'mark', 'otherwise')).toHaveLength(2)
    expect(texts(chart)).toContain('not as the protocol demands')
    expect(texts(drawTrial(trialResult(), OPTIONS))).not.toContain('not as the protocol demands')
  })

  it.each(['simulated', 'real'] as const)('says which clock it ran on: %s', (clock) => {
    for (const titled of [true, false]) {
      const chart = drawTrial(trialResult({ clock }), { width: 960, titled })
      const other = clock === 'real' ? 'simulated clock' : 'real time'
      const note = texts(chart).join('\n')
      expect(note).toContain(clock === 'real' ? 'real time' : 'simulated clock')
      expect(note).not.toContain(other)
      expect(chart.description).toContain(clock === 'real' ? 'in real time' : 'in a simulated clock')
    }
  })

  it('says that it was given up', () => {
    const chart = drawTrial({ ...trialResult({}, pending), state: 'cancelled' }, OPTIONS)
    expect(texts(chart).join('\n')).toContain('cancelled before its end')
  })

  it('has title and date where it stands alone, and nowhere else', () => {
    const alone = texts(drawTrial(trialResult(), OPTIONS))
    expect(alone).toContain('Session lifetime trial')
    expect(alone.join('\n')).toContain('2027-01-15 08:00 UTC')
    const within = texts(drawTrial(trialResult(), { width: 960, titled: false }))
    expect(within).not.toContain('Session lifetime trial')
    expect(within.join('\n')).not.toContain('UTC')
  })

  it('has a logarithmic axis where the lifetimes lie far apart, and says so', () => {
    const chart = drawTrial(trialResult({ lifetimes: [1, 86_400] }), OPTIONS)
    expect(texts(chart).join('\n')).toContain('(logarithmic)')
    expect(find(chart, 'text', 'tick').map(({ text }) => text)).toEqual(
      expect.arrayContaining(['0.1', '1', '10', '100', '1,000', '10,000']),
    )
    expect(texts(drawTrial(trialResult(), OPTIONS)).join('\n')).not.toContain('logarithmic')
  })

  it.each([
    [[10, 60, 100], 960],
    [[1], 820],
    [[86_400], 960],
    [[1, 86_400], 820],
    [[8, 7, 6, 5, 4, 3, 2, 1], 820],
  ])('stays within its edges: %j at a width of %i', (lifetimes, width) => {
    for (const outcome of [asDemanded, pending]) {
      const chart = drawTrial(trialResult({ lifetimes }, outcome), { width, titled: true, now: 1e9 })
      for (const primitive of chart.primitives) {
        const { x, y } = edges(primitive)
        expect(
          x.every((value) => value >= 0 && value <= width),
          JSON.stringify(primitive),
        ).toBe(true)
        expect(
          y.every((value) => value >= 0 && value <= chart.height),
          JSON.stringify(primitive),
        ).toBe(true)
      }
      const ticks = find(chart, 'text', 'tick')
      expect(ticks.length).toBeGreaterThan(2)
      for (const [index, tick] of ticks.slice(1).entries())
        expect(tick.x - ticks[index]!.x).toBeGreaterThan(50)
    }
  })
})

describe('the chart as a file', () => {
  const parse = (result: TrialResult): Document =>
    new DOMParser().parseFromString(
      toSvg(drawTrial(result, OPTIONS)).replace(/^<\?.*?\?>\s*/, ''),
      'text/html',
    )

  it('is well formed, has its size, and is ink on white', () => {
    const document = parse(trialResult())
    const svg = document.querySelector('svg')!
    expect([svg.getAttribute('width'), svg.getAttribute('viewBox')]).toEqual(['960', '0 0 960 302'])
    const ground = svg.querySelector('rect')!
    expect([
      ground.getAttribute('width'),
      ground.getAttribute('height'),
      ground.getAttribute('fill'),
    ]).toEqual(['960', '302', '#ffffff'])
    expect(svg.querySelectorAll('path')).toHaveLength(10)
    expect(svg.getAttribute('font-family')).toMatch(/sans-serif$/)
  })

  it('needs nothing from outside: no script, no style, no link, no picture', () => {
    const svg = toSvg(drawTrial(trialResult(), OPTIONS))
    expect(svg).not.toMatch(/<script|<style|<image|<use|href|url\(|style=/)
    expect(svg.match(/https?:[^"]*/g)).toEqual(['http://www.w3.org/2000/svg'])
  })

  it('has every character of its texts escaped', () => {
    const chart = drawTrial(trialResult(), OPTIONS)
    const hostile: Chart = {
      ...chart,
      description: 'a < b & "c"',
      primitives: [{ kind: 'text', role: 'note', x: 1, y: 1, anchor: 'start', text: '</text><script>&' }],
    }
    const svg = toSvg(hostile)
    expect(svg).toContain('a &lt; b &amp; &quot;c&quot;')
    expect(svg).toContain('&lt;/text&gt;&lt;script&gt;&amp;</text>')
  })
})
