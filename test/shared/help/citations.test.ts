/** How texts name what they cite, and where that leads. */
import { expect, it } from 'vitest'
import { citedPieces } from '#shared/help/citations'
import { placeText, readPlace } from '#shared/help/places'

const cited = (text: string) =>
  citedPieces(text).flatMap(({ text: piece, place }) => (place ? [[piece, placeText(place)]] : []))

it.each([
  ['protocol.md section 3', [['protocol.md section 3', 'protocol#3']]],
  ['protocol.md section 2, freshness', [['protocol.md section 2', 'protocol#2']]],
  [
    'protocol.md sections 4 and 7; compare RFC 8446 section 4.3.2',
    [
      ['protocol.md sections 4', 'protocol#4'],
      ['7', 'protocol#7'],
      ['RFC 8446 section 4.3.2', 'sources#rfc-8446/4.3.2'],
    ],
  ],
  ['RFC 8446 appendix E.1', [['RFC 8446 appendix E.1', 'sources#rfc-8446/appendix-E.1']]],
  [
    'SP 800-38A appendix D, Help: Every bit flipped',
    [
      ['SP 800-38A appendix D', 'sources#sp-800-38a/appendix-D'],
      ['Help: Every bit flipped', 'bit-flips'],
    ],
  ],
  ['as JSON (RFC 7517 section 5): a', [['RFC 7517 section 5', 'sources#rfc-7517/5']]],
  ['as docs/bit-flips.md says', [['docs/bit-flips.md', 'bit-flips']]],
  ['docs/decisions/0011', [['docs/decisions/0011', 'record-0011']]],
  ['see record 0030.', [['record 0030', 'record-0030']]],
  ['RFC 5280 does not. A key', [['RFC 5280', 'sources#rfc-5280']]],
  [
    'FIPS 46-3 sets it; FIPS 197',
    [
      ['FIPS 46-3', 'sources#fips-46-3'],
      ['FIPS 197', 'sources#fips-197'],
    ],
  ],
  ['no record of it, RFCs, section 3', []],
])('%s', (text, places) => {
  expect(cited(text)).toEqual(places)
  expect(
    citedPieces(text)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text)
})

it('a number that stands alone says what it cites in full', () => {
  expect(citedPieces('RFC 8018 sections 5.2 and 6.2').at(-1)).toEqual({
    text: '6.2',
    place: { page: 'sources', anchor: 'rfc-8018/6.2' },
    full: 'RFC 8018 section 6.2',
  })
})

it('places travel as text, and what names no page is none', () => {
  for (const text of ['guide', 'protocol#4', 'record-0014', 'sources#rfc-8446/4.3.2', 'glossary#oaep'])
    expect(placeText(readPlace(text)!)).toBe(text)
  for (const text of ['', 'x', '#4', 'record-14', 'constructor', '__proto__', 'https://example.org/#a'])
    expect(readPlace(text)).toBeUndefined()
})
