/** The search for secrets of the end-to-end tests finds what it is to find: without that, its silence says nothing. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SecretSearch, secretsOfRsaKey } from '../support/secret-search'
import { jwkOf } from '../support/jwk'

const key = Buffer.from('0123456789abcdeffedcba9876543210aabbccdd00112233f0e1d2c3b4a59687', 'hex')
const search = new SecretSearch([
  { name: 'other', bytes: randomBytes(32) },
  { name: 'the key', bytes: key },
  { name: 'a short one', bytes: key.subarray(3, 11) },
])
const amid = (text: string | Buffer): Buffer =>
  Buffer.concat([randomBytes(1_001), Buffer.from(text as string), randomBytes(77)])

describe('a key is found', () => {
  it.each([
    ['raw', amid(key)],
    ['at the end', Buffer.concat([randomBytes(5), key])],
    ['in hex', amid(key.toString('hex'))],
    ['in capital hex', amid(key.toString('hex').toUpperCase())],
    ['in base64', amid(key.toString('base64'))],
    ['in the base64 of more, one byte in', amid(Buffer.concat([Buffer.of(7), key]).toString('base64'))],
    ['in the base64 of more, two bytes in', amid(Buffer.concat([Buffer.of(7, 7), key]).toString('base64'))],
    ['in base64url', amid(key.toString('base64url'))],
    ['in UTF-16', amid(Buffer.from(key.toString('hex'), 'utf16le'))],
    ['as a list', amid(JSON.stringify([...key]))],
    ['as the members of an array', amid(JSON.stringify(new Uint8Array(key)))],
    ['as Node prints it', amid(`Uint8Array(32) [ ${[...key].join(', ')} ]`)],
    ['as a dump', amid(key.toString('hex').match(/../g)!.join(' '))],
  ])('%s', (_, place) => {
    expect(search.find(place)).toContain('the key')
  })
})

it('part of a key in base64 is found where only part of it is secret', () => {
  expect(search.find(key.toString('base64'))).toEqual(['a short one', 'the key'])
})

it('nothing is found where there is nothing', () => {
  expect(search.find(randomBytes(1_000_000))).toEqual([])
  expect(search.find(key.subarray(0, 9))).toEqual([])
})

describe('an RSA key is found by', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const rsa = new SecretSearch(secretsOfRsaKey('SK', pem))
  const jwk = jwkOf(privateKey)
  const p = Buffer.from(jwk.p!, 'base64url')

  it.each([
    ['its PEM text', pem, 'SK, pkcs8'],
    ['a line of it', pem.split('\n')[12]!, 'SK, pkcs8'],
    ['its older PEM text', privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(), 'SK, pkcs1'],
    ['its DER', privateKey.export({ type: 'pkcs8', format: 'der' }), 'SK, pkcs8'],
    ['its DER in hex', privateKey.export({ type: 'pkcs1', format: 'der' }).toString('hex'), 'SK, pkcs1'],
    ['its JWK', JSON.stringify(jwk), 'SK, q'],
    ['one of its primes', p, 'SK, p'],
    ['one of its primes in hex', p.toString('hex'), 'SK, p'],
    ['one of its primes as it lies in memory', Buffer.from(p).reverse(), 'SK, p backwards'],
  ])('%s', (_, place, name) => {
    expect(rsa.find(place)).toContain(name)
  })

  it('what is public of it is no find', () => {
    for (const type of ['spki', 'pkcs1'] as const) {
      expect(rsa.find(publicKey.export({ type, format: 'pem' }).toString())).toEqual([])
      expect(rsa.find(publicKey.export({ type, format: 'der' }))).toEqual([])
    }
    expect(rsa.find(JSON.stringify(jwkOf(publicKey)))).toEqual([])
  })
})
