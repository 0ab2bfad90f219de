import { describe, expect, it } from 'vitest'
import {
  concat,
  equalBytes,
  fromBase64,
  fromBinaryString,
  fromHex,
  fromUtf8,
  toBase64,
  toBinaryString,
  toHex,
  toUtf8,
} from '#shared/bytes'
import { seededRandom } from '../support/environment'

const random = seededRandom('bytes')

describe('base64', () => {
  // RFC 4648 section 10.
  it.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('of %j is %j', (text, encoded) => {
    expect(toBase64(toUtf8(text))).toBe(encoded)
    expect(fromBase64(encoded)).toEqual(toUtf8(text))
  })

  it.each([
    'Zg',
    'Zg=',
    'Zg===',
    'Z',
    '=',
    '====',
    'Zm9v\n',
    ' Zm9v',
    'Zm 9v',
    'Zm-_',
    'Zm9v=',
    'Zg==Zg==',
    'ÀÀ==',
  ])('is not %j', (text) => {
    expect(fromBase64(text)).toBeUndefined()
  })

  it('has one text for each byte string: the bits that padding leaves over are zero', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
    for (const ending of ['==', '=']) {
      const taken = [...alphabet].filter((letter) => {
        const text = `${ending === '==' ? 'Z' : 'Zm'}${letter}${ending}`
        const bytes = fromBase64(text)
        if (bytes) expect(toBase64(bytes)).toBe(text)
        return bytes !== undefined
      })
      expect(taken).toHaveLength(ending === '==' ? 4 : 16)
    }
  })

  it('holds as much as a session’s message', () => {
    const bytes = random(800_000)
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
    expect(equalBytes(fromBase64(toBase64(bytes))!, bytes)).toBe(true)
  })
})

describe('hex', () => {
  it('is two digits a byte, either case when read, lower case when written', () => {
    expect(toHex(new Uint8Array([0, 0x0f, 0xa0, 0xff]))).toBe('000fa0ff')
    expect(toHex(new Uint8Array([1, 2]), ':')).toBe('01:02')
    expect(fromHex('000fA0fF')).toEqual(new Uint8Array([0, 0x0f, 0xa0, 0xff]))
    expect(fromHex('')).toEqual(new Uint8Array())
  })

  it.each(['0', '0x00', 'gg', '00 00', '00\n', '٠٠'])('is not %j', (text) => {
    expect(fromHex(text)).toBeUndefined()
  })
})

describe('byte strings', () => {
  it('are joined into a new one', () => {
    const first = new Uint8Array([1, 2])
    const joined = concat(first, new Uint8Array(), new Uint8Array([3]))
    first[0] = 9
    expect(joined).toEqual(new Uint8Array([1, 2, 3]))
  })

  it('are equal in length and every byte', () => {
    expect(equalBytes(new Uint8Array([1, 2]), new Uint8Array([1, 2]))).toBe(true)
    expect(equalBytes(new Uint8Array([1, 2]), new Uint8Array([1, 3]))).toBe(false)
    expect(equalBytes(new Uint8Array([1, 2]), new Uint8Array([1, 2, 0]))).toBe(false)
  })

  it('of every value survive the form that node-forge works on', () => {
    const bytes = random(100_000)
    expect(equalBytes(fromBinaryString(toBinaryString(bytes)), bytes)).toBe(true)
  })

  it('are UTF-8 only where they are: no overlong forms, half pairs or cut characters, and a mark stays', () => {
    for (const wrong of ['c080', 'eda080', 'e282', 'ff', 'f4908080']) {
      expect(() => fromUtf8(fromHex(wrong)!), wrong).toThrow(SyntaxError)
    }
    expect(fromUtf8(fromHex('efbbbf61')!)).toBe('\ufeffa')
  })
})
