/** Text made visible: nothing that acts or hides is left of it, and it says what was there. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beginning, hasUnseen, jsonLine, shorten, visible, visibleLines } from '#shared/visible'
import { csvText } from '#shared/csv'
import { unseenIn, UNSEEN_RANGES } from '../support/unseen'

/** What a visible text says was there. */
function readBack(text: string): string {
  return text.replace(/\\u\{([0-9a-f]+)\}/g, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)))
}

/** Units of UTF-16 as they come: every plane, and halves of pairs; with what is on the way to an escape. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
    .map((units) => String.fromCharCode(...units)),
  fc
    .array(
      fc.constantFrom(
        ...['\\', 'u', '{', '}', '1b', 'u{', '\\u{', '\\u{1b}', '\\\\', '\u001b', '\u0301', '\u20dd'],
        ...['\u202e', '\n', '\r\n', '\t', ' ', '\ud83d', '\ude00', 'a', '\u{e0041}', '\ufe0f', '\u0085'],
      ),
      { maxLength: 24 },
    )
    .map((parts) => parts.join('')),
)

describe('a text made visible', () => {
  it('has nothing left that acts, hides or is half, and says exactly what was there', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const shown = visible(text)
        expect(unseenIn(shown)).toEqual([])
        expect(hasUnseen(shown)).toBe(false)
        expect(shown).not.toMatch(/^[\p{Mn}\p{Me}]|[\p{Mn}\p{Me}]{5}/u)
        expect(readBack(shown)).toBe(text)
      }),
      { numRuns: 20_000 },
    )
  })

  it('is another for every other text', () => {
    const texts = new Set(fc.sample(anyText, 50_000))
    expect(new Set([...texts].map((text) => visible(text))).size).toBe(texts.size)
  })

  it('has none of the characters that act, each alone', () => {
    for (const [first, last] of UNSEEN_RANGES)
      for (let code = first; code <= last; code += code < 0x10000 ? 1 : 97)
        expect(visible(`a${String.fromCodePoint(code)}b`)).toBe(`a\\u{${code.toString(16)}}b`)
  })

  it.each([
    ['a clipboard set by OSC 52', '\u001b]52;c;YQ==\u0007', '\\u{1b}]52;c;YQ==\\u{7}'],
    ['a C1 control', 'a\u009b31mb', 'a\\u{9b}31mb'],
    ['a line of its own', 'a\r\nb', 'a\\u{d}\\u{a}b'],
    ['a name turned round', 'crt.\u202egnp', 'crt.\\u{202e}gnp'],
    ['a zero width', 'ad\u200bmin', 'ad\\u{200b}min'],
    ['a hidden tag', 'a\u{e0041}', 'a\\u{e0041}'],
    ['a space that is none', 'a\u00a0b', 'a\\u{a0}b'],
    ['half a character', 'a\ud83d', 'a\\u{d83d}'],
    ['an escape of its own', '\\u{1b}[2J', '\\u{5c}u{1b}[2J'],
    ['an escape that was made so', '\\u{5c}u{1b}', '\\u{5c}u{5c}u{1b}'],
    ['marks without a letter', '\u0301a', '\\u{301}a'],
    [
      'a pile of marks',
      'a\u0301\u0302\u0303\u0304\u0305\u0306b',
      'a\u0301\u0302\u0303\u0304\\u{305}\\u{306}b',
    ],
  ])('shows %s', (_, text, shown) => expect(visible(text)).toBe(shown))

  it.each([
    '',
    ' ',
    'C:\\Users\\a b\\u.pem',
    'größer € 𝄞 日本 नमस्ते 😀 a\u0301',
    '-----BEGIN CERTIFICATE-----',
    'q83vEjRWeJ+/==',
    '0a:1b',
    '“it’s” … →',
  ])('leaves what can be seen: %j', (text) => expect(visible(text)).toBe(text))

  it('keeps lines and tabs where a text may have its own, and nothing else', () => {
    expect(visible('a\n\tb\r\u001b\u0085', { lines: true })).toBe('a\n\tb\\u{d}\\u{1b}\\u{85}')
  })

  it('keeps the escapes of what was made visible before, and lets nothing else through', () => {
    const once = visible('a\u001b\\u{7}')
    expect(visible(once, { again: true })).toBe(once)
    expect(visible('\u001b', { again: true })).toBe('\\u{1b}')
  })

  it('is cut with a count, never within a character', () => {
    expect(shorten('a'.repeat(10), 10)).toBe('a'.repeat(10))
    expect(visible('a'.repeat(11), { most: 10 })).toBe(`${'a'.repeat(10)}… (11 characters)`)
    expect(beginning('ab😀', 3)).toBe('ab')
    expect(beginning('ab😀', 4)).toBe('ab😀')
    expect(visible('\u001b'.repeat(100_000), { most: 10 })).toBe(
      `${'\\u{1b}'.repeat(10)}… (100000 characters)`,
    )
  })

  it('costs no more time than its length', () => {
    const started = performance.now()
    for (const character of ['\u0301', '\\', '\u001b', '\ud800', 'é'])
      visible(character.repeat(1_000_000)).slice(0, 1)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

describe('lines', () => {
  it('are as many as there were, whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 6 }), (lines) => {
        expect(visibleLines(lines).split('\n')).toEqual([...lines.map((line) => visible(line)), ''])
      }),
    )
  })
})

describe('a line of JSON', () => {
  it('is one line, has nothing that acts, and is the same value', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const line = jsonLine({ [`x${text}`]: text })
        expect(line.endsWith('\n')).toBe(true)
        expect(unseenIn(line.slice(0, -1))).toEqual([])
        expect(JSON.parse(line)).toEqual({ [`x${text}`]: text })
      }),
      { numRuns: 5_000 },
    )
  })
})

describe('a table in a file', () => {
  it('has a row for each, whatever is in a cell', () => {
    expect(
      csvText([
        ['a\r\nb\u001b', '"'],
        [1, 'x,y'],
      ]),
    ).toBe('a\\u{d}\\u{a}b\\u{1b},""""\r\n1,"x,y"\r\n')
  })

  it.each([
    ['=1+1', "'=1+1"],
    ['+cmd|x', "'+cmd|x"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['=F("x","y")', '"\'=F(""x"",""y"")"'],
    ['\uff1d1', "'\uff1d1"],
    ['-5', '-5'],
    [-5, '-5'],
    ['+1.5e-3', '+1.5e-3'],
    [-1e-7, '-1e-7'],
    ['-', '-'],
    ['a=b', 'a=b'],
    ['\t=1', '\\u{9}=1'],
  ])('has nothing that a spreadsheet computes: %j', (cell, written) => {
    expect(csvText([[cell]])).toBe(`${written}\r\n`)
  })
})
