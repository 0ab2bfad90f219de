import { describe, expect, it } from 'vitest'
import { concat } from '#shared/bytes'
import { DerError, writeElement } from '#shared/crypto/encodings/der'
import { MAX_DEPTH, MAX_NODES, readTree } from '#shared/crypto/asn1/reader'
import { hex } from '../../../support/der'

/** `depth@offset header+content class tag` of every element. */
function shape(text: string): readonly string[] {
  return readTree(hex(text)).nodes.map(
    ({ depth, offset, headerLength, contentLength, tagClass, tagNumber, indefinite }) =>
      `${depth}@${offset} ${headerLength}+${indefinite ? `inf(${contentLength})` : contentLength} ${tagClass} ${tagNumber}`,
  )
}

function refusal(text: string): DerError {
  try {
    readTree(hex(text))
  } catch (error) {
    if (error instanceof DerError) return error
    throw error
  }
  throw new Error('It was read.')
}

describe('elements', () => {
  it.each([
    ['a primitive one', '02 01 05', ['0@0 2+1 universal 2']],
    ['one without content', '05 00', ['0@0 2+0 universal 5']],
    ['one inside another', '30 03 02 01 05', ['0@0 2+3 universal 16', '1@2 2+1 universal 2']],
    ['two behind one another', '05 00 02 01 05', ['0@0 2+0 universal 5', '0@2 2+1 universal 2']],
    [
      'other classes',
      'a0 00 40 00 c1 00',
      ['0@0 2+0 context 0', '0@2 2+0 application 0', '0@4 2+0 private 1'],
    ],
    ['a tag of several bytes', '9f 81 01 01 ff', ['0@0 4+1 context 129']],
    ['a long tag for a small number', '1f 02 01 05', ['0@0 3+1 universal 2']],
    ['a needlessly long length', '04 83 00 00 01 aa', ['0@0 5+1 universal 4']],
    [
      'an indefinite length',
      '30 80 02 01 05 00 00',
      ['0@0 2+inf(5) universal 16', '1@2 2+1 universal 2', '1@5 2+0 universal 0'],
    ],
    [
      'an indefinite length whose mark is missing',
      '30 80 02 01 05',
      ['0@0 2+inf(3) universal 16', '1@2 2+1 universal 2'],
    ],
    ['an end mark where none is due', '30 02 00 00', ['0@0 2+2 universal 16', '1@2 2+0 universal 0']],
  ])('are read: %s', (_name, text, expected) => {
    expect(shape(text)).toEqual(expected)
  })

  it('end at an end mark at the top, and it is told where', () => {
    const tree = readTree(hex('0500 0000 ffff'))
    expect(tree.nodes).toHaveLength(2)
    expect(tree.end).toBe(4)
  })

  it('know their parent and where their descendants end', () => {
    const { nodes } = readTree(hex('30 07 30 02 05 00 02 01 05'))
    expect(nodes.map(({ parent }) => parent)).toEqual([undefined, 0, 1, 0])
    expect(nodes.map(({ next }) => next)).toEqual([4, 3, 3, 4])
  })
})

describe('bytes that are no elements', () => {
  it.each([
    ['nothing', '', 0],
    ['a tag alone', '30', 0],
    ['a tag without end', '1f ff ff', 0],
    ['a tag number past all bounds', '1f ff ff ff ff ff 7f 00', 0],
    ['content that is cut short', '30 05 02 01', 0],
    ['an inner element that goes past its parent', '30 03 02 05 01 00 00 00', 2],
    ['a length of several bytes that is cut short', '30 82 01', 0],
    ['a length past all bounds', '30 89 01 00 00 00 00 00 00 00 00 00', 0],
    ['an indefinite length on a primitive element', '04 80 00 00', 0],
    ['an empty element with a long length at the end', '04 81 00', 0],
    ['a second element that is cut short', '05 00 04', 2],
  ])('are refused with the place: %s', (_name, text, offset) => {
    const error = refusal(text)
    expect([error.code, error.offset]).toEqual(['bad_der', offset])
    if (text !== '') expect(error.message).toContain(`byte ${offset}`)
  })
})

describe('limits', () => {
  const nested = (levels: number) => hex(`${'3080'.repeat(levels)}0500`)

  it(`are ${MAX_DEPTH} levels, those of openssl asn1parse`, () => {
    expect(readTree(nested(MAX_DEPTH)).nodes.at(-1)!.depth).toBe(MAX_DEPTH)
    expect(() => readTree(nested(MAX_DEPTH + 1))).toThrow(expect.objectContaining({ code: 'asn1_too_deep' }))
  })

  it('are so many elements', () => {
    const most = new Uint8Array(2 * (MAX_NODES + 1)).map((_, at) => (at % 2 === 0 ? 5 : 0))
    expect(readTree(most.slice(2)).nodes).toHaveLength(MAX_NODES)
    expect(() => readTree(most)).toThrow(expect.objectContaining({ code: 'asn1_too_many' }))
  })

  it('don’t keep a thousand million levels from being refused at once', () => {
    const deep = new Uint8Array(4_000_000).map((_, at) => (at % 2 === 0 ? 0x30 : 0x80))
    expect(() => readTree(deep)).toThrow(expect.objectContaining({ code: 'asn1_too_deep' }))
  })
})

describe('a part of the bytes', () => {
  it('is read with places from the first byte of all, and a depth of its own', () => {
    const whole = concat(hex('ffff'), writeElement(0x30, hex('020105')), hex('ff'))
    const { nodes } = readTree(whole, { start: 2, end: 7, depth: 3 })
    expect(nodes.map(({ offset, depth }) => [offset, depth])).toEqual([
      [2, 3],
      [4, 4],
    ])
  })
})
