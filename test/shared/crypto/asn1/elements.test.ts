/** How many elements bytes have: counted before they are read, in strings too, and in no more time than as many as may be there take. */
import { expect, it } from 'vitest'
import { concat } from '#shared/bytes'
import { hasMoreElements } from '#shared/crypto/asn1/elements'
import { writeElement } from '#shared/crypto/encodings/der'
import { bits, hex, octets, sequence } from '../../../support/der'

const NULL = hex('0500')
const three = sequence(NULL, NULL)

it.each([
  ['elements', three, 3],
  ['elements in a string', octets(three), 4],
  ['elements in a bit string', bits(three), 4],
  ['elements in a string in a string', octets(octets(three)), 5],
  ['elements in several strings', sequence(octets(three), bits(three)), 9],
  ['a string that holds none', octets(hex('0102ff')), 1],
  ['an empty string', octets(hex('')), 1],
  ['a text that could be elements', writeElement(0x0c, three), 1],
  ['elements of BER', hex('3080 0500 0000'), 3],
])('%s are counted', (_, bytes, count) => {
  expect(hasMoreElements(bytes, count - 1)).toBe(true)
  expect(hasMoreElements(bytes, count)).toBe(false)
})

it('bytes that are none have no more than there may be', () => {
  for (const text of ['', '05', '3005 0500', '0402 30ff'])
    expect(hasMoreElements(hex(text), 1), text).toBe(false)
})

it('the bytes behind the first that are too many are not looked at', () => {
  const many = concat(...Array.from({ length: 50_000 }, () => NULL))
  let read = 0
  const watched = new Proxy(many, {
    get: (bytes, name) => {
      if (typeof name === 'string' && /^\d+$/.test(name)) read++
      const value: unknown = Reflect.get(bytes, name)
      return value
    },
  })
  expect(hasMoreElements(watched, 1_000)).toBe(true)
  expect(read).toBeLessThan(5_000)
})

it('strings in strings as deep as there is room for take no longer than they are many', () => {
  let nested = octets(NULL)
  while (nested.length < 60_000) nested = octets(nested)
  expect(hasMoreElements(nested, 1_000)).toBe(true)
})
