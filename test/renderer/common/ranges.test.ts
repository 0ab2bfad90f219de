import { expect, it } from 'vitest'
import { cellsOf, offsetAfterKey } from '../../../renderer/common/bytes/rows'
import { placeOf, rangesOf, spokenByte } from '../../../renderer/common/bytes/ranges'
import { entryOf } from './support'

it('names a byte of the frame by its smallest range, and its key', async () => {
  const { ranges } = await entryOf(3)
  expect(placeOf(ranges, 5, true)).toMatchObject({ range: { name: 'type' }, members: [], key: undefined })
  expect(placeOf(ranges, 8, true)).toMatchObject({ range: { name: 'IV' }, key: undefined })
  expect(placeOf(ranges, 16, true)).toMatchObject({ range: { name: 'ciphertext' }, key: 'K_boot' })
})

it('a member that stands in the frame by itself names its bytes, and is not made from itself', () => {
  const share = { name: 'share of the server', member: 'share_s', start: 8, end: 73, note: 'in clear' }
  const body = { name: 'ciphertext', start: 73, end: 99, note: '', key: 'K_hs' }
  const place = placeOf([share, body], 0x1b, true)
  expect(place).toMatchObject({
    range: { name: 'share of the server' },
    members: ['share_s'],
    key: undefined,
  })
  expect(spokenByte(new Uint8Array(99), 0x1b, place)).toBe('offset 27, hex 00, share of the server')
})

it('links a block of DES to each member that is in it', async () => {
  const { ranges, plaintext } = await entryOf(3)
  const boundary = plaintext!.ranges.find((range) => range.member === 'id_c')!.end
  const block = 16 + 8 * Math.floor(boundary / 8)
  expect(placeOf(ranges, block, true).members).toEqual(['id_c', 'id_s'])
})

it('links every byte of an RSA block to every member', async () => {
  const { ranges, frame, members } = await entryOf(5)
  const names = members.map((member) => member.name)
  expect(placeOf(ranges, 8, true).members).toEqual(names)
  expect(placeOf(ranges, frame.length - 1, true).members).toEqual(names)
})

it('marks a member as whole blocks in the frame, and as its own bytes in the plaintext', async () => {
  const { ranges, plaintext } = await entryOf(6)
  const [inFrame] = rangesOf(ranges, ['k_sess'])
  const [inPlaintext] = rangesOf(plaintext!.ranges, ['k_sess'])
  expect((inFrame!.end - inFrame!.start) % 8).toBe(0)
  const text = new TextDecoder().decode(plaintext!.bytes.slice(inPlaintext!.start, inPlaintext!.end))
  expect(text).toMatch(/^"k_sess":".{12}"$/)
})

it('gives the bytes of a member the hue of the key that it carries', async () => {
  const { plaintext } = await entryOf(6)
  const source = { ...plaintext!, inFrame: false, carried: { k_sess: 'K_sess' } }
  const cells = cellsOf(source, 0, 16)
  expect(cells[0]).toMatchObject({ character: '{', named: false, key: undefined })
  expect(cells[1]).toMatchObject({ character: '"', named: true, first: true, key: 'K_sess' })
})

it('says offset, value and name of a byte', async () => {
  const { frame, ranges } = await entryOf(3)
  expect(spokenByte(frame, 5, placeOf(ranges, 5, true))).toBe('offset 5, hex 03, type')
})

it('moves by byte, row, page and within the row, and never out of the bytes', () => {
  const at = { offset: 20, length: 40, width: 16, page: 10 }
  expect(offsetAfterKey('ArrowRight', at)).toBe(21)
  expect(offsetAfterKey('ArrowUp', at)).toBe(4)
  expect(offsetAfterKey('ArrowDown', at)).toBe(36)
  expect(offsetAfterKey('Home', at)).toBe(16)
  expect(offsetAfterKey('End', at)).toBe(31)
  expect(offsetAfterKey('PageUp', at)).toBe(4)
  expect(offsetAfterKey('PageDown', at)).toBe(39)
  expect(offsetAfterKey('ArrowLeft', { ...at, offset: 0 })).toBe(0)
  expect(offsetAfterKey('ArrowDown', { ...at, offset: 30 })).toBe(30)
  expect(offsetAfterKey('a', at)).toBeUndefined()
})
