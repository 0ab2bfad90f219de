/** A chart as an SVG file: ink on white, readable in print, with nothing in it but shapes and text. */
import { assertNever } from '../errors'
import type { Chart, ChartPrimitive, ChartRole, MarkRole } from './chart'

/** Families that have the same widths everywhere, before whatever the machine has. */
const FONT = "Arial, Helvetica, 'Liberation Sans', 'Nimbus Sans', 'DejaVu Sans', sans-serif"

const INK = '#16191d'
const GREY = '#525a65'
const BLUE = '#1a5fc4'
const RED = '#b3201a'

/** Width of a chart in a file, pixels; a PNG has twice as many. */
export const EXPORT_WIDTH = 960

type Attributes = Readonly<Record<string, string | number>>

/** How each role is drawn; a mark's shape is below. */
const LOOKS: Readonly<Record<ChartRole, Attributes>> = {
  title: { 'font-size': 18, 'font-weight': 'bold', fill: INK },
  note: { 'font-size': 12, fill: GREY },
  label: { 'font-size': 13, 'font-weight': 'bold', fill: INK },
  tick: { 'font-size': 12, fill: GREY },
  axis: { stroke: INK, 'stroke-width': 1 },
  grid: { stroke: '#d5d9de', 'stroke-width': 1 },
  bar: { fill: '#d7dce3' },
  end: { stroke: INK, 'stroke-width': 2 },
  now: { stroke: GREY, 'stroke-width': 1, 'stroke-dasharray': '3 3' },
  accepted: { fill: BLUE },
  refused: { fill: 'none', stroke: RED, 'stroke-width': 2.4 },
  pending: { fill: '#ffffff', stroke: GREY, 'stroke-width': 1.2 },
  otherwise: { fill: 'none', stroke: RED, 'stroke-width': 1.6 },
}

/** Marks around their place: radius of a circle, or half the width of a cross. Pixels. */
export const MARK_SIZES: Readonly<Record<MarkRole, number>> = {
  accepted: 5,
  refused: 4.5,
  pending: 3.5,
  otherwise: 9,
}

/** The arms of a refused request's cross around a place, as path data. */
export function crossAt(x: number, y: number): string {
  const arm = MARK_SIZES.refused
  return `M${x - arm} ${y - arm}L${x + arm} ${y + arm}M${x + arm} ${y - arm}L${x - arm} ${y + arm}`
}

export function toSvg({ width, height, primitives, description }: Chart): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    open('svg', {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'font-family': FONT,
    }),
    `  <title>Session lifetime trial</title>`,
    `  <desc>${escape(description)}</desc>`,
    `  ${element('rect', { width, height, fill: '#ffffff' })}`,
    ...primitives.map((primitive) => `  ${drawPrimitive(primitive)}`),
    '</svg>',
    '',
  ].join('\n')
}

function drawPrimitive(primitive: ChartPrimitive): string {
  const look = LOOKS[primitive.role]
  switch (primitive.kind) {
    case 'line': {
      const { x1, y1, x2, y2 } = primitive
      return element('line', { x1, y1, x2, y2, ...look })
    }
    case 'rect': {
      const { x, y, width, height } = primitive
      return element('rect', { x, y, width, height, ...look })
    }
    case 'text': {
      const { x, y, anchor, text } = primitive
      return element('text', { x, y, 'text-anchor': anchor, ...look }, escape(text))
    }
    case 'mark': {
      const { role, x, y, about } = primitive
      const inner = about === undefined ? undefined : `<title>${escape(about)}</title>`
      if (role === 'refused') return element('path', { d: crossAt(x, y), ...look }, inner)
      return element('circle', { cx: x, cy: y, r: MARK_SIZES[role], ...look }, inner)
    }
    default:
      return assertNever(primitive)
  }
}

function open(name: string, attributes: Attributes): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(String(value))}"`)
  return `<${name}${written.join('')}>`
}

function element(name: string, attributes: Attributes, inner?: string): string {
  const start = open(name, attributes)
  return inner === undefined ? `${start.slice(0, -1)}/>` : `${start}${inner}</${name}>`
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character)
}
