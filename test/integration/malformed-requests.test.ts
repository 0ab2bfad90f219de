/** Certification requests, well formed and not: the authority is never more lenient than OpenSSL, which looks at each as well. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { concat, type Bytes } from '#shared/bytes'
import { encodePem } from '#shared/crypto/encodings/pem'
import { writeElement } from '#shared/crypto/encodings/der'
import { readRequest } from '#shared/crypto/pki/request'
import { webCrypto } from '#shared/crypto/provider'
import { keyPair } from '../support/credentials'
import { bits, context, hex, integer, oid, sequence, set, utf8 } from '../support/der'
import { openssl } from '../support/open-ssl'

const NULL = hex('0500')
const SHA256_WITH_RSA = sequence(oid('1.2.840.113549.1.1.11'), NULL)
const COMMON_NAME = oid('2.5.4.3')
const NAME = sequence(set(sequence(COMMON_NAME, utf8('ID-Server'))))
const [CHALLENGE, EXTENSIONS] = ['1.2.840.113549.1.9.7', '1.2.840.113549.1.9.14'].map(oid)

interface Parts {
  readonly version: Bytes
  readonly subject: Bytes
  readonly key: Bytes
  readonly attributes: Bytes
  readonly more: Bytes
  readonly algorithm: Bytes
  readonly signature: (made: Bytes) => Bytes
  readonly sign: (signed: Bytes) => Bytes
  readonly wrap: (request: Bytes) => Bytes
}

const same = <T>(value: T): T => value
const attribute = (...parts: readonly Bytes[]): Bytes => context(0, true, sequence(...parts))
/** An element with its length in a form that DER has not. */
const longLength = (bytes: Bytes): Bytes =>
  concat(bytes.slice(0, 1), hex('83'), lengthOf(bytes), contentOf(bytes))
const contentOf = (bytes: Bytes): Bytes =>
  bytes.slice(2 + ((bytes[1] ?? 0) & 0x80 ? (bytes[1] ?? 0) & 0x7f : 0))
const lengthOf = (bytes: Bytes): Bytes => {
  const { length } = contentOf(bytes)
  return Uint8Array.of(length >> 16, length >> 8, length & 0xff)
}
const indefinite = (bytes: Bytes): Bytes =>
  concat(bytes.slice(0, 1), hex('80'), contentOf(bytes), hex('0000'))

/** Each with one thing changed; those that OpenSSL takes may be taken. */
const REQUESTS: Readonly<Record<string, Partial<Parts>>> = {
  'as it should be': {},
  'without attributes': { attributes: new Uint8Array() },
  'with a challenge': { attributes: attribute(CHALLENGE!, set(utf8('x'))) },
  'with asked extensions': {
    attributes: attribute(
      EXTENSIONS!,
      set(sequence(sequence(oid('2.5.29.17'), writeElement(4, hex('3006820478797a77'))))),
    ),
  },
  'attributes that are no list': { attributes: context(0, true, NULL) },
  'attributes in a primitive element': { attributes: context(0, false) },
  'attributes of another tag': { attributes: context(1, true) },
  'attributes twice': { attributes: concat(context(0, true), context(0, true)) },
  'an attribute without values': { attributes: attribute(CHALLENGE!, set()) },
  'an attribute without a set': { attributes: attribute(CHALLENGE!) },
  'an attribute whose type is a number': { attributes: attribute(integer('01'), set(utf8('x'))) },
  'an attribute with a field more': { attributes: attribute(CHALLENGE!, set(utf8('x')), NULL) },
  'attributes with their length left open': { attributes: indefinite(context(0, true)) },
  'a field after the attributes': { more: integer('00') },
  'bytes that are no element after the attributes': { more: hex('30') },
  'version 2': { version: integer('01') },
  'a negative version': { version: integer('ff') },
  'a version of two bytes': { version: integer('0000') },
  'an empty version': { version: writeElement(2) },
  'a version that is a text': { version: utf8('0') },
  'no version': { version: new Uint8Array() },
  'an empty subject': { subject: sequence() },
  'a subject that is a set': { subject: set() },
  'a subject with an empty part': { subject: sequence(set()) },
  'a subject whose value is missing': { subject: sequence(set(sequence(COMMON_NAME))) },
  'a subject with a field more': { subject: sequence(set(sequence(COMMON_NAME, utf8('x'), NULL))) },
  'a subject with a long length': { subject: longLength(NAME) },
  'a subject that is no UTF-8': {
    subject: sequence(set(sequence(COMMON_NAME, writeElement(0x0c, hex('ff'))))),
  },
  'no key': { key: new Uint8Array() },
  'an empty key': { key: sequence() },
  'a key without its bits': { key: sequence(sequence(oid('1.2.840.113549.1.1.1'), NULL)) },
  'a key with unused bits': {
    key: sequence(sequence(oid('1.2.840.113549.1.1.1'), NULL), writeElement(3, hex('013000'))),
  },
  'no algorithm': { algorithm: new Uint8Array() },
  'an algorithm of no name': { algorithm: sequence() },
  'another algorithm than it is signed with': { algorithm: sequence(oid('1.2.840.113549.1.1.5'), NULL) },
  'an algorithm that nobody knows': { algorithm: sequence(oid('1.2.3.4'), NULL) },
  'an algorithm without parameters': { algorithm: sequence(oid('1.2.840.113549.1.1.11')) },
  'an algorithm with other parameters': { algorithm: sequence(oid('1.2.840.113549.1.1.11'), integer('00')) },
  'an algorithm with parameters twice': { algorithm: sequence(oid('1.2.840.113549.1.1.11'), NULL, NULL) },
  'an empty signature': { signature: () => new Uint8Array() },
  'a signature that lacks a byte': { signature: (made) => made.slice(1) },
  'a signature with a zero in front': { signature: (made) => concat(new Uint8Array(1), made) },
  'a signature with a byte behind': { signature: (made) => concat(made, new Uint8Array(1)) },
  'a changed signature': { signature: (made) => made.with(9, (made[9] ?? 0) ^ 1) as Bytes },
  'a signature over nothing': { sign: () => new Uint8Array(256) },
  'bytes behind it': { wrap: (request) => concat(request, new Uint8Array(1)) },
  'another request behind it': { wrap: (request) => concat(request, request) },
  'its end left out': { wrap: (request) => request.slice(0, -1) },
  'its length left open': { wrap: indefinite },
  'a long length': { wrap: longLength },
  'a set around it': { wrap: (request) => concat(hex('31'), request.slice(1)) },
  nothing: { wrap: () => new Uint8Array() },
}

let server: Awaited<ReturnType<typeof keyPair>>
beforeAll(async () => {
  server = await keyPair('server')
})

function requestOf(changes: Partial<Parts>): string {
  const parts: Parts = {
    version: integer('00'),
    subject: NAME,
    key: server.publicKey.spki,
    attributes: context(0, true),
    more: new Uint8Array(),
    algorithm: SHA256_WITH_RSA,
    signature: same,
    sign: (signed) => new Uint8Array(sign('sha256', signed, server.privateKey.pem)),
    wrap: same,
    ...changes,
  }
  const signed = sequence(parts.version, parts.subject, parts.key, parts.attributes, parts.more)
  const whole = sequence(signed, parts.algorithm, bits(parts.signature(parts.sign(signed))))
  return encodePem('CERTIFICATE REQUEST', parts.wrap(whole))
}

/** Whether the authority would go on with it, whatever its name. */
async function isTaken(pem: string): Promise<boolean> {
  try {
    const { isSigned, fault } = await readRequest(pem, webCrypto)
    return isSigned && fault === undefined
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad_request_text' })
    return false
  }
}

async function isTakenByOpenSsl(pem: string): Promise<boolean> {
  const { output } = await openssl(['req', '-verify', '-noout'], pem)
  return /verify OK/.test(output)
}

describe('a request', () => {
  it.each(Object.keys(REQUESTS))('%s: is taken only where OpenSSL takes it', async (name) => {
    const pem = requestOf(REQUESTS[name]!)
    const [own, others] = [await isTaken(pem), await isTakenByOpenSsl(pem)]
    if (own) expect(others).toBe(true)
  })

  it('as it should be, and without attributes, which OpenSSL calls optional, is taken by both', async () => {
    for (const name of [
      'as it should be',
      'without attributes',
      'with a challenge',
      'with asked extensions',
    ]) {
      const pem = requestOf(REQUESTS[name]!)
      expect([name, await isTaken(pem), await isTakenByOpenSsl(pem)]).toEqual([name, true, true])
    }
  })

  it.each([
    ['of 1024 bits', { modulusLength: 1024 }],
    ['of exponent 3', { modulusLength: 2048, publicExponent: 3 }],
  ])('for a key %s is refused, though OpenSSL takes it', async (_what, options) => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', options)
    const pem = requestOf({
      key: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
      sign: (signed) => new Uint8Array(sign('sha256', signed, privateKey)),
    })
    expect([await isTaken(pem), await isTakenByOpenSsl(pem)]).toEqual([false, true])
  })
})
