import { describe, expect, it } from 'vitest'
import { readStructure } from '#shared/crypto/asn1/structure'
import { describeValue } from '#shared/crypto/asn1/values'
import { elementAs } from '../../../../renderer/common/inspect/structure/copies'
import { headerText, tagText } from '../../../../renderer/common/inspect/structure/element'
import {
  countNodes,
  nodeAt,
  textAt,
  transferablesOf,
  type PackedStructure,
} from '../../../../renderer/common/inspect/structure/packed'
import {
  ancestorsOf,
  elementAt,
  foldedAll,
  foldedAtFirst,
  rowOf,
  visibleRows,
} from '../../../../renderer/common/inspect/structure/rows'
import { searchStructure } from '../../../../renderer/common/inspect/structure/search'
import { moveAfterKey } from '../../../../renderer/common/inspect/structure/tree-keys'
import { certificates, hex, packed } from './support'

/** SEQUENCE { INTEGER 1, SEQUENCE { NULL, OCTET STRING aa bb }, BOOLEAN } */
const SMALL = hex('30 0e 02 01 01 30 06 05 00 04 02 aa bb 01 01 ff')
const all = (structure: PackedStructure) => [...visibleRows(structure, new Set())]

describe('a packed structure', () => {
  it('is the structure, node by node', async () => {
    const { der } = (await certificates()).server
    const structure = readStructure(der, 'Certificate')
    const copy = packed(der, 'Certificate')
    expect(countNodes(copy)).toBe(structure.nodes.length)
    for (const node of structure.nodes) {
      expect(nodeAt(copy, node.index)).toMatchObject(node)
      expect(textAt(copy, node.index)).toBe(describeValue(structure, node).text)
    }
    expect(nodeAt(copy, structure.nodes.length)).toBeUndefined()
    expect(nodeAt(copy, -1)).toBeUndefined()
  })

  it('says where each node stands among those beside it', () => {
    const places = Array.from({ length: 6 }, (_, index) => nodeAt(packed(SMALL), index)!)
    expect(places.map(({ position, siblings }) => `${position}/${siblings}`)).toEqual([
      '1/1',
      '1/3',
      '2/3',
      '1/2',
      '2/2',
      '3/3',
    ])
  })

  it('goes to another thread without being copied', () => {
    const structure = packed(SMALL)
    expect(transferablesOf(structure)).toEqual([structure.numbers.buffer, structure.texts.buffer])
    expect(transferablesOf(undefined)).toEqual([])
    expect(transferablesOf({ numbers: 3 })).toEqual([])
  })
})

describe('rows', () => {
  it('leave out what is inside a folded element', () => {
    const structure = packed(SMALL)
    expect(all(structure)).toEqual([0, 1, 2, 3, 4, 5])
    expect([...visibleRows(structure, new Set([2]))]).toEqual([0, 1, 2, 5])
    expect([...visibleRows(structure, new Set([0]))]).toEqual([0])
  })

  it('find an element, or the folded one that it is in', () => {
    const rows = visibleRows(packed(SMALL), new Set([2]))
    expect(rowOf(rows, 5)).toBe(3)
    expect(rowOf(rows, 4)).toBe(2)
  })

  it('begin with very long lists folded, and with nothing else', () => {
    const many = hex(`30 82 01 2c ${'05 00'.repeat(150)}`)
    expect([...foldedAtFirst(packed(many))]).toEqual([0])
    expect([...foldedAtFirst(packed(SMALL))]).toEqual([])
  })

  it('fold all but the outermost', () => {
    expect([...foldedAll(packed(SMALL))]).toEqual([2])
  })
})

describe('bytes', () => {
  it.each([
    [0, 0, true],
    [1, 0, true],
    [2, 1, true],
    [4, 1, false],
    [5, 2, true],
    [7, 3, true],
    [10, 4, true],
    [12, 4, false],
    [13, 5, true],
    [15, 5, false],
  ])('byte %i belongs to element %i, to its header: %s', (offset, index, isHeader) => {
    expect(elementAt(packed(SMALL), offset)).toEqual({ index, isHeader })
  })

  it('after the end belong to nothing', () => {
    expect(elementAt(packed(hex('05 00')), 2)).toBeUndefined()
  })

  it('of a BIT STRING that holds others, the count of unused bits is the BIT STRING’s own', async () => {
    const structure = packed((await certificates()).server.der, 'Certificate')
    const index = all(structure).find((at) => nodeAt(structure, at)?.field === 'subjectPublicKey')!
    const node = nodeAt(structure, index)!
    const content = node.offset + node.headerLength
    expect(elementAt(structure, content)).toEqual({ index, isHeader: false })
    expect(elementAt(structure, content + 1)).toEqual({ index: index + 1, isHeader: true })
    expect(ancestorsOf(structure, index + 1)).toContain(index)
  })
})

describe('keys of the keyboard', () => {
  const press = (key: string, index: number, folded: readonly number[] = []) => {
    const structure = packed(SMALL)
    const set = new Set(folded)
    const rows = visibleRows(structure, set)
    return moveAfterKey(key, { packed: structure, folded: set, rows, index, page: 3 })
  }

  it.each([
    ['ArrowDown', 1, { kind: 'go', index: 2 }],
    ['ArrowUp', 1, { kind: 'go', index: 0 }],
    ['ArrowUp', 0, { kind: 'go', index: 0 }],
    ['ArrowDown', 5, { kind: 'go', index: 5 }],
    ['Home', 4, { kind: 'go', index: 0 }],
    ['End', 1, { kind: 'go', index: 5 }],
    ['PageDown', 1, { kind: 'go', index: 4 }],
    ['PageUp', 4, { kind: 'go', index: 1 }],
    ['ArrowRight', 2, { kind: 'go', index: 3 }],
    ['ArrowLeft', 2, { kind: 'fold', index: 2 }],
    ['ArrowLeft', 4, { kind: 'go', index: 2 }],
    ['Enter', 2, { kind: 'fold', index: 2 }],
    ['ArrowRight', 1, undefined],
    ['Enter', 1, undefined],
    ['ArrowLeft', 0, { kind: 'fold', index: 0 }],
    ['a', 0, undefined],
  ])('%s at element %i', (key, index, expected) => {
    expect(press(key, index)).toEqual(expected)
  })

  it('pass over what is folded, and unfold it', () => {
    expect(press('ArrowDown', 2, [2])).toEqual({ kind: 'go', index: 5 })
    expect(press('ArrowRight', 2, [2])).toEqual({ kind: 'unfold', index: 2 })
    expect(press(' ', 2, [2])).toEqual({ kind: 'unfold', index: 2 })
    expect(press('ArrowLeft', 2, [2])).toEqual({ kind: 'go', index: 0 })
  })
})

describe('the search', () => {
  const find = async (query: string, signal = new AbortController().signal) => {
    const structure = packed((await certificates()).server.der, 'Certificate')
    const found = await searchStructure(structure, query, signal)
    return found.map((index) => nodeAt(structure, index)!)
  }

  it('finds by name, by OID and by value', async () => {
    expect((await find('notbefore')).map(({ field }) => field)).toEqual(['notBefore'])
    expect((await find('1.3.6.1.5.5.7.3.1')).length).toBe(1)
    expect((await find('ID-Server')).length).toBeGreaterThan(0)
    expect(await find('no such thing')).toEqual([])
    expect(await find('  ')).toEqual([])
  })

  it('can be ended', async () => {
    expect(await find('e', AbortSignal.abort())).toEqual([])
  })
})

describe('an element', () => {
  it('is named by its tag, and its header read aloud', () => {
    const structure = packed(SMALL)
    expect(tagText(nodeAt(structure, 0)!)).toBe('SEQUENCE')
    expect(headerText(SMALL, nodeAt(structure, 4)!)).toBe(
      '04 02 = OCTET STRING, primitive, 2 bytes of content, at byte 9',
    )
    const tagged = packed(hex('a0 02 05 00'))
    expect(tagText(nodeAt(tagged, 0)!)).toBe('[0]')
    expect(tagText(nodeAt(packed(hex('61 00')), 0)!)).toBe('[APPLICATION 1]')
  })

  it('is copied as hex, as base64 and as PEM with the label of its type', async () => {
    const { der } = (await certificates()).server
    const structure = packed(der, 'Certificate')
    const whole = nodeAt(structure, 0)!
    expect(elementAs('hex', packed(SMALL), nodeAt(packed(SMALL), 4)!)).toBe('0402aabb')
    expect(elementAs('base64', packed(SMALL), nodeAt(packed(SMALL), 4)!)).toBe('BAKquw==')
    expect(elementAs('pem', structure, whole)).toMatch(/^-----BEGIN CERTIFICATE-----\n(.{64}\n)+/)
    const key = all(structure).find((index) => nodeAt(structure, index)?.type === 'SubjectPublicKeyInfo')!
    expect(elementAs('pem', structure, nodeAt(structure, key)!)).toContain('-----BEGIN PUBLIC KEY-----')
  })
})
