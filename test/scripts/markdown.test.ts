/** Markdown becomes data that the app can show whole: what it could not show does not build. */
import { expect, it } from 'vitest'
import { readPage } from '../../scripts/build/markdown'

it('reads headings with the number of their section', () => {
  expect(readPage('# A `b`\n\n## 4. C *d*\n\n### e 5\n')).toEqual([
    { kind: 'heading', depth: 1, title: 'A b', section: undefined },
    { kind: 'heading', depth: 2, title: '4. C d', section: '4' },
    { kind: 'heading', depth: 3, title: 'e 5', section: undefined },
  ])
})

it('joins the lines of a paragraph, and keeps those of code', () => {
  expect(readPage('a **b\nc** `d\ne`\n\n```\n f\n  g\n```\n')).toEqual([
    {
      kind: 'paragraph',
      line: [
        { kind: 'text', text: 'a ' },
        { kind: 'strong', inside: [{ kind: 'text', text: 'b c' }] },
        { kind: 'text', text: ' ' },
        { kind: 'code', text: 'd e' },
      ],
    },
    { kind: 'code', text: ' f\n  g' },
  ])
})

it('reads lists within lists, and tables', () => {
  const text = (value: string) => [{ kind: 'text', text: value }]
  const paragraph = (value: string) => ({ kind: 'paragraph', line: text(value) })
  expect(readPage('* a\n  * b\n\n| c | d |\n| --- | --- |\n| e | f |\n')).toEqual([
    { kind: 'list', items: [[paragraph('a'), { kind: 'list', items: [[paragraph('b')]] }]] },
    { kind: 'table', head: [text('c'), text('d')], rows: [[text('e'), text('f')]] },
  ])
})

it('reads links with where they lead, and numbered lists', () => {
  const a = [{ kind: 'text', text: 'a' }]
  expect(readPage('[a](b.md#c)\n\n1. a\n')).toEqual([
    { kind: 'paragraph', line: [{ kind: 'link', to: 'b.md#c', inside: a }] },
    { kind: 'list', ordered: true, items: [[{ kind: 'paragraph', line: a }]] },
  ])
})

it('leaves comments out', () => {
  expect(readPage('<!-- what opens -->\n\na\n\n<!-- /what opens -->\n')).toHaveLength(1)
})

it.each([
  ['HTML', 'a <b>c</b>'],
  ['a block of HTML', '<script>alert(1)</script>'],
  ['a picture', '![a](b.png)'],
  ['a quotation', '> a'],
])('refuses %s', (_, source) => {
  expect(() => readPage(`# Title\n\n${source}\n`)).toThrow(/^Line 3: the app has no way to show/)
})
