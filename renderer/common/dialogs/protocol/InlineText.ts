/** A line of a Markdown page as elements: text stays text. */
import { h, type FunctionalComponent, type VNode } from 'vue'
import type { Inline, Line } from '#shared/markdown'

const TAGS = { strong: 'strong', emphasis: 'em' } as const

/** Shows a line; renders no element of its own around it. */
export const InlineText: FunctionalComponent<{ line: Line }> = ({ line }) => line.map(nodeOf)
InlineText.props = ['line']

function nodeOf(part: Inline): VNode | string {
  if ('inside' in part) return h(TAGS[part.kind], part.inside.map(nodeOf))
  return part.kind === 'code' ? h('code', part.text) : part.text
}
