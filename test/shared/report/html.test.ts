/** The one writer of a report's markup. */
import { describe, expect, it } from 'vitest'
import { hexRows } from '#shared/report/bytes'
import { lines, markup } from '#shared/report/html'

describe('text in a template', () => {
  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['"><img src=x onerror=alert(1)>', '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;'],
    ["' onclick='x", '&#39; onclick=&#39;x'],
    ['&lt;', '&amp;lt;'],
    ['a\u202eb\u0000c\u00a0d', 'a\\u{202e}b\\u{0}c\\u{a0}d'],
    ['line\nline', 'line\\u{a}line'],
  ])('is escaped and made visible: %j', (text, expected) => {
    expect(markup`<p title="${text}">${text}</p>`.text).toBe(`<p title="${expected}">${expected}</p>`)
  })

  it('is escaped once, in lists and in markup within markup too', () => {
    const inner = markup`<b>${'<'}</b>`
    expect(markup`<p>${[inner, '<', undefined, 7, [inner]]}</p>`.text).toBe(
      '<p><b>&lt;</b>&lt;7<b>&lt;</b></p>',
    )
  })

  it('has lines of its own in a place of its own, and an end', () => {
    expect(lines('a\n\tb<\u202e').text).toBe('a\n\tb&lt;\\u{202e}')
    expect(markup`${'x'.repeat(1_000_000)}`.text.length).toBeLessThan(20_000)
  })
})

it('bytes are rows of 16 with their places, and what of them is ASCII', () => {
  const bytes = Uint8Array.from({ length: 18 }, (_, index) => 0x3c + index)
  expect(hexRows(bytes)).toBe(
    [
      '0000  3c 3d 3e 3f 40 41 42 43 44 45 46 47 48 49 4a 4b  <=>?@ABCDEFGHIJK',
      `0010  4c 4d${' '.repeat(42)}  LM`,
    ].join('\n'),
  )
  expect(hexRows(Uint8Array.of(0, 0x7f, 0x80, 0x20))).toContain('...')
})
