/** A line of a Markdown page as elements: text stays text, and what it cites leads there. */
import { h, type FunctionalComponent, type VNode } from 'vue'
import { citedPieces } from '#shared/help/citations'
import type { Place } from '#shared/help/places'
import type { Inline, Line } from '#shared/markdown'
import CitedText from '../../common/controls/CitedText.vue'
import HelpLink from '../../common/controls/HelpLink.vue'
import { linkedPlace } from '../pages'

const TAGS = { strong: 'strong', emphasis: 'em' } as const

/** Shows a line; renders no element of its own around it. `own`: the page's own sections, which it cites by their numbers alone. */
export const InlineText: FunctionalComponent<{ line: Line; own?: Place['page'] | undefined }> = ({
  line,
  own,
}) => line.flatMap((part) => nodesOf(part, own))
InlineText.props = ['line', 'own']

type Node = VNode | string

function nodesOf(part: Inline, own: Place['page'] | undefined): readonly Node[] {
  switch (part.kind) {
    case 'link': {
      const place = linkedPlace(part.to)
      const inside = part.inside.flatMap((each) => nodesOf(each, own))
      return place
        ? [h(HelpLink, { place }, () => part.inside.flatMap((each) => nodesOf(each, own)))]
        : inside
    }
    case 'strong':
    case 'emphasis':
      return [
        h(
          TAGS[part.kind],
          part.inside.flatMap((each) => nodesOf(each, own)),
        ),
      ]
    case 'code': {
      const code = h('code', breakable(part.text))
      // What a page cites in code is the name of a document.
      const [piece, ...more] = citedPieces(part.text)
      return piece?.place && more.length === 0 ? [h(HelpLink, { place: piece.place }, () => code)] : [code]
    }
    case 'text':
      return own === undefined ? [h(CitedText, { text: part.text })] : ownSections(part.text, own)
  }
}

/** A long name in code may go on in another line after an underscore, so that no table is wider for it. */
function breakable(text: string): Node[] {
  const [first = '', ...rest] = text.split(/(?<=_)(?=[a-z])/)
  return [first, ...rest.flatMap((piece) => [h('wbr'), piece])]
}

/** The contract says “section 2” of itself. */
function ownSections(text: string, page: Place['page']): readonly Node[] {
  return text.split(/(\bsections? \d\b)/).map((piece, index) => {
    if (index % 2 === 0) return h(CitedText, { text: piece })
    return h(HelpLink, { place: { page, anchor: piece.slice(-1) } }, () => piece)
  })
}
