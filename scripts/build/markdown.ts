/** Markdown pages as data: read when the app is built, by the parser that the formatter has, so that no window needs one. */
import { parsers } from 'prettier/plugins/markdown'
import type { Plugin } from 'vite'
import { textOf, type Block, type Inline, type Page } from '../../shared/markdown.ts'

/** What is read of an mdast node (https://github.com/syntax-tree/mdast). */
interface Node {
  readonly type: string
  readonly value?: string
  readonly url?: string
  readonly depth?: number
  readonly ordered?: boolean
  readonly children?: readonly Node[]
  readonly position?: { readonly start: { readonly line: number } }
}

/** A plugin for Vite: `import page from './page.md'` gives a {@link Page}. */
export function markdown(): Plugin {
  return {
    name: 'handshake-lab:markdown',
    enforce: 'pre',
    transform: {
      filter: { id: /\.md$/ },
      handler: (source) => ({ code: `export default ${JSON.stringify(readPage(source))}`, map: null }),
    },
  }
}

/**
 * Reads a page.
 * @throws Error on anything that the app has no way to show (pictures, quotations, HTML): such a page does not build
 */
export function readPage(source: string): Page {
  // The parser takes no options; its type asks for them all.
  const root = parsers.markdown.parse(source, {} as Parameters<typeof parsers.markdown.parse>[1]) as Node
  return blocksOf(root)
}

function blocksOf({ children = [] }: Node): readonly Block[] {
  return children.filter((node) => !isComment(node)).map(blockOf)
}

/** Between comments stand tables that tests write. */
function isComment({ type, value = '' }: Node): boolean {
  return type === 'html' && /^<!--(?:(?!-->)[^])*-->$/.test(value)
}

function blockOf(node: Node): Block {
  const { type, depth = 1, value = '', children = [] } = node
  switch (type) {
    case 'heading': {
      const title = textOf(lineOf(node))
      return { kind: 'heading', depth, title, section: /^(\d+)\. /.exec(title)?.[1] }
    }
    case 'paragraph':
      return { kind: 'paragraph', line: lineOf(node) }
    case 'code':
      return { kind: 'code', text: value }
    case 'list':
      return { kind: 'list', ...(node.ordered ? { ordered: true } : {}), items: children.map(blocksOf) }
    case 'table': {
      const [head = [], ...rows] = children.map(({ children: cells = [] }) => cells.map(lineOf))
      return { kind: 'table', head, rows }
    }
    default:
      return refuse(node)
  }
}

function lineOf({ children = [] }: Node): readonly Inline[] {
  return children.map(inlineOf)
}

function inlineOf(node: Node): Inline {
  const { type, value = '' } = node
  switch (type) {
    case 'text':
      // A line's end within a paragraph is a space.
      return { kind: 'text', text: value.replace(/\s*\n\s*/g, ' ') }
    case 'inlineCode':
      return { kind: 'code', text: value.replace(/\s*\n\s*/g, ' ') }
    case 'strong':
    case 'emphasis':
      return { kind: type, inside: lineOf(node) }
    case 'link':
      return { kind: 'link', to: node.url ?? '', inside: lineOf(node) }
    default:
      return refuse(node)
  }
}

function refuse({ type, position }: Node): never {
  throw new Error(`Line ${position?.start.line}: the app has no way to show “${type}” of Markdown.`)
}
