/** Points of every curve that Node's OpenSSL has, on it and off it, in every form. */
import { createECDH, ECDH, generateKeyPairSync, getCurves } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { concat, type Bytes } from '#shared/bytes'
import { faultOfCurveKey, type CurveKeyName } from '#shared/crypto/primitives/curve-keys'
import { curveNamed, fieldBits, judgePoint } from '#shared/crypto/primitives/curves'
import { hex } from '../../../support/der'
import { jwkOf } from '../../../support/jwk'

/** Names of OpenSSL that are others here. */
const NAMES: Readonly<Record<string, string>> = { prime256v1: 'secp256r1', prime192v1: 'secp192r1' }
const curves = getCurves().flatMap((openssl) => {
  const curve = curveNamed(NAMES[openssl] ?? openssl)
  return curve ? [{ openssl, curve }] : []
})

const pointOf = (name: string, form: 'uncompressed' | 'compressed'): Bytes => {
  const pair = createECDH(name)
  pair.generateKeys()
  return new Uint8Array(pair.getPublicKey(null, form))
}

describe('the equation of every curve is that of OpenSSL', () => {
  it('of more than thirty', () => {
    expect(curves.length).toBeGreaterThan(30)
  })

  it.each(curves)('$openssl', ({ openssl, curve }) => {
    for (let round = 0; round < 4; round++) {
      const point = pointOf(openssl, 'uncompressed')
      expect(judgePoint(curve, point).fault).toBeUndefined()
      expect(point.length).toBe(1 + 2 * Math.ceil(fieldBits(curve) / 8))
      const off = point.slice()
      off[off.length - 1]! ^= 1
      expect(judgePoint(curve, off).fault).toBe('Its point is not on its curve.')
    }
  })

  it.each(curves)('$openssl, compressed: half of all numbers are no x', ({ openssl, curve }) => {
    const point = pointOf(openssl, 'compressed')
    const whole = new Uint8Array(
      ECDH.convertKey(point, openssl, undefined, undefined, 'uncompressed') as Buffer,
    )
    const judged = judgePoint(curve, point)
    expect(judged.fault).toBeUndefined()
    if (judged.fault === undefined && judged.y !== undefined) {
      const y = judged.y.toString(16)
      expect(Buffer.from(whole).toString('hex').slice(-y.length)).toBe(y)
    }
    let refused = 0
    for (let last = 0; last < 12; last++) {
      const other = point.slice()
      other[other.length - 1] = last * 2
      const fault = judgePoint(curve, other).fault
      const isPoint = ((): boolean => {
        try {
          return ECDH.convertKey(other, openssl).length > 0
        } catch {
          return false
        }
      })()
      expect(fault === undefined, Buffer.from(other).toString('hex')).toBe(isPoint)
      if (!isPoint) refused++
    }
    expect(refused).toBeLessThan(12)
  })
})

it('a point in another form, of another length or at infinity is none', () => {
  const curve = curveNamed('secp256r1')!
  const point = pointOf('prime256v1', 'uncompressed')
  const with_ = (form: number, rest = point.subarray(1)): Bytes => concat(Uint8Array.of(form), rest)
  for (const wrong of [
    new Uint8Array(),
    hex('00'),
    with_(1),
    with_(5),
    with_(6),
    with_(7),
    with_(2),
    with_(4, point.subarray(2)),
    with_(4, concat(point.subarray(1), hex('00'))),
    with_(4, new Uint8Array(64).fill(0xff)),
  ])
    expect(judgePoint(curve, wrong).fault).toBeDefined()
})

describe('keys of RFC 7748 and RFC 8032', () => {
  const names: readonly CurveKeyName[] = ['Ed25519', 'Ed448', 'X25519', 'X448']

  it.each(names)('%s: real ones are taken, others of another length are not', (name) => {
    for (let round = 0; round < 20; round++) {
      const { publicKey } = generateKeyPairSync(name.toLowerCase() as 'ed25519')
      const key = new Uint8Array(Buffer.from(jwkOf(publicKey).x!, 'base64url'))
      expect(faultOfCurveKey(name, key)).toBeUndefined()
      expect(faultOfCurveKey(name, key.slice(1))).toMatch(/bytes/)
      expect(faultOfCurveKey(name, concat(key, hex('00')))).toMatch(/bytes/)
    }
  })

  it('half of all numbers are no y of Edwards’s curves', () => {
    const off = Array.from({ length: 60 }, (_, index) =>
      hex(`${index.toString(16).padStart(2, '0')}${'00'.repeat(31)}`),
    )
    const faults = off.filter((key) => faultOfCurveKey('Ed25519', key) === 'Its point is not on its curve.')
    expect(faults.length).toBeGreaterThan(15)
    expect(faults.length).toBeLessThan(45)
  })

  // The points of order 1, 2, 4 and 8, as lists of them have it.
  it.each([
    ['Ed25519', `01${'00'.repeat(31)}`],
    ['Ed25519', `ec${'ff'.repeat(30)}7f`],
    ['Ed25519', '00'.repeat(32)],
    ['Ed25519', `${'00'.repeat(31)}80`],
    ['Ed25519', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
    ['Ed25519', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
    ['Ed448', `01${'00'.repeat(56)}`],
    ['Ed448', '00'.repeat(57)],
    ['X25519', '00'.repeat(32)],
    ['X25519', `01${'00'.repeat(31)}`],
    ['X25519', 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'],
    ['X25519', '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157'],
    ['X448', '00'.repeat(56)],
    ['X448', `01${'00'.repeat(55)}`],
  ] as const)('%s: %s is of small order', (name, key) => {
    expect(faultOfCurveKey(name, hex(key))).toMatch(/small order/)
  })
})
