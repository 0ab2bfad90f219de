/** The writer of DER, held to what X.690 and X.680 say and to the reader. */
import { describe, expect, it } from 'vitest'
import { toHex, type Bytes } from '#shared/bytes'
import {
  bits,
  bmpString,
  context,
  implicit,
  integer,
  nothing,
  octets,
  oid,
  sequence,
  set,
  text,
  yes,
} from '#shared/crypto/encodings/asn1'
import { readChildren, readElement } from '#shared/crypto/encodings/der'

const written = (der: Bytes): string => toHex(der)

describe('a number is the shortest in two’s complement (X.690 section 8.3)', () => {
  it.each([
    [0, '020100'],
    [1, '020101'],
    [127, '02017f'],
    [128, '02020080'],
    [255, '020200ff'],
    [256, '02020100'],
    [250_000, '020303d090'],
    [0xffff_ffff, '020500ffffffff'],
  ])('%i', (value, expected) => {
    expect(written(integer(value))).toBe(expected)
  })

  it('bytes stand as they are, also those that no number should have', () => {
    expect(written(integer(Uint8Array.of(0, 0, 1)))).toBe('0203000001')
  })
})

it('each type has its tag', () => {
  expect(written(oid('1.2.840.113549.1.1.11'))).toBe('06092a864886f70d01010b')
  expect(written(octets(Uint8Array.of(1), Uint8Array.of(2)))).toBe('04020102')
  expect(written(bits(Uint8Array.of(0xa0)))).toBe('030200a0')
  expect(written(yes())).toBe('0101ff')
  expect(written(nothing())).toBe('0500')
  expect(written(bmpString('aü'))).toBe('1e04006100fc')
  expect(written(text('IA5String', 'a'))).toBe('160161')
  expect(written(text('UTF8String', 'ü'))).toBe('0c02c3bc')
  expect(written(set(nothing()))).toBe('31020500')
  expect(written(context(3, nothing()))).toBe('a3020500')
  expect(written(implicit(2, Uint8Array.of(0x61)))).toBe('820161')
})

it('a length has as many bytes as it needs (X.690 section 10.1)', () => {
  for (const length of [0, 127, 128, 255, 256, 65_535, 65_536]) {
    const whole = sequence(octets(new Uint8Array(length)))
    const [inner] = readChildren(whole, readElement(whole))
    expect(inner!.end - inner!.contentStart).toBe(length)
    expect(readElement(whole).end).toBe(whole.length)
  }
})

it('what is no object identifier is a mistake of the program', () => {
  expect(() => oid('1.2.x')).toThrow(expect.objectContaining({ code: 'internal_error' }))
})
