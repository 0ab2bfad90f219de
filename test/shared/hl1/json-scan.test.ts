/** What is JSON and what is not is what JSON.parse says, in every turn that the reading may take. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromUtf8, toUtf8, type Bytes } from '#shared/bytes'
import { JsonScan, type ScannedMember } from '#shared/hl1/json-scan'

const RUNS = { numRuns: 3_000 }

/** The members of a text read so many bytes at a time; undefined when it is no JSON. */
function scan(
  bytes: Bytes,
  atOnce: number,
): { readonly isObject: boolean; readonly members: ScannedMember[] } | undefined {
  const members: ScannedMember[] = []
  const reading = new JsonScan(bytes, (member) => members.push(member))
  try {
    while (!reading.advance(atOnce));
  } catch (error) {
    expect(error).toBeInstanceOf(SyntaxError)
    return undefined
  }
  return { isObject: reading.isObject, members }
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

/** Texts of JSON's own characters, most of which are none; and JSON with one of its characters changed. */
const pieces = fc.array(
  fc.constantFrom(
    ...[
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '"m":',
      '\\',
      '\\u00',
      '\\n',
      '0',
      '1',
      '-',
      '+',
      '.',
      'e',
      'E9',
    ],
    ...[
      ' ',
      '\t',
      '\n',
      '\r',
      '\f',
      '\u00a0',
      '\u0001',
      'true',
      'false',
      'null',
      'nul',
      'ä',
      '𝄞',
      '01',
      '1.5e-3',
    ],
  ),
  { maxLength: 12 },
)
const nearly = fc
  .tuple(fc.json(), fc.nat(), fc.constantFrom('', ' ', ',', '"', '\\', '0', '}', ']', '{', 'e', '.'))
  .map(([text, place, other]) => {
    const at = place % (text.length + 1)
    return text.slice(0, at) + other + text.slice(at + 1)
  })
const texts = fc
  .oneof(
    pieces.map((parts) => parts.join('')),
    fc.json({ maxDepth: 6 }),
    nearly,
  )
  .map((text) => fromUtf8(toUtf8(text)))

describe('a scan', () => {
  it('takes what JSON.parse takes, and nothing else, however many bytes a turn has', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 9 }), (text, atOnce) => {
        const found = scan(toUtf8(text), atOnce)
        const { value } = parsed(text) ?? {}
        expect(found !== undefined, text).toBe(parsed(text) !== undefined)
        if (found)
          expect(found.isObject).toBe(typeof value === 'object' && value !== null && !Array.isArray(value))
      }),
      RUNS,
    )
  })

  it('finds every member of an object with its name and its value, and none elsewhere', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom(0, 1, '\t'),
        (object, indent) => {
          const bytes = toUtf8(JSON.stringify(object, undefined, indent))
          const text = (start: number, end: number): unknown =>
            JSON.parse(fromUtf8(bytes.subarray(start, end)))
          const { members } = scan(bytes, 5)!
          const found = members.map(({ start, nameEnd, valueStart, end }) => [
            text(start, nameEnd),
            text(valueStart, end),
          ])
          expect(found).toEqual(Object.entries(JSON.parse(fromUtf8(bytes)) as object))
          expect(scan(toUtf8(`[${fromUtf8(bytes)}]`), 5)!.members).toEqual([])
        },
      ),
      RUNS,
    )
  })

  it('stops within a turn', () => {
    const reading = new JsonScan(
      toUtf8(`${'['.repeat(100)}"${'x'.repeat(100)}"${']'.repeat(100)}`),
      () => undefined,
    )
    const turns: boolean[] = []
    do turns.push(reading.advance(10))
    while (!turns.at(-1))
    expect(turns).toHaveLength(31)
  })
})
