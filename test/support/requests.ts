/** Certification requests (RFC 2986) written by hand, with whatever somebody wants in them, and signed. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import type { Bytes } from '#shared/bytes'
import { writeElement } from '#shared/crypto/encodings/der'
import { bits, context, hex, integer, oid, octets, sequence, set, utf8 } from './der'

const [COMMON_NAME, CHALLENGE, EXTENSION_REQUEST, ALTERNATIVE_NAMES] = [
  '2.5.4.3',
  '1.2.840.113549.1.9.7',
  '1.2.840.113549.1.9.14',
  '2.5.29.17',
] as const

export interface RequestKey {
  readonly spki: Bytes
  readonly algorithm: Bytes
  readonly sign: (signed: Bytes) => Bytes
}

/** A key of Node's. `algorithm`: the OID of its signatures. */
export function requestKey(
  { publicKey, privateKey }: { readonly publicKey: KeyObject; readonly privateKey: KeyObject },
  algorithm: string,
  hash: string | null,
): RequestKey {
  return {
    spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    algorithm: sequence(oid(algorithm), ...(publicKey.asymmetricKeyType === 'rsa' ? [hex('0500')] : [])),
    sign: (signed) => new Uint8Array(sign(hash, signed, privateKey)),
  }
}

export function ecKey(namedCurve: string, algorithm = '1.2.840.10045.4.3.4', hash = 'sha512'): RequestKey {
  return requestKey(generateKeyPairSync('ec', { namedCurve }), algorithm, hash)
}

/** Name and attributes of a request. */
export interface RequestParts {
  readonly subject?: Bytes
  readonly attributes?: Bytes
}

const PLAIN = sequence(set(sequence(oid(COMMON_NAME), utf8('a.example'))))

/** A request, DER. */
export function writeRequest(
  { spki, algorithm, sign: by }: RequestKey,
  { subject = PLAIN, attributes = context(0, true) }: RequestParts = {},
): Bytes {
  const info = sequence(integer('00'), subject, spki, attributes)
  return sequence(info, algorithm, bits(by(info)))
}

/** An element so often as there is room for it, one behind the other. */
function filled(element: Bytes, bytes: number): Bytes {
  const all = new Uint8Array(element.length * Math.floor(bytes / element.length))
  for (let at = 0; at < all.length; at += element.length) all.set(element, at)
  return all
}

/** Requests of about so many bytes that are as many elements as there is room for, by what they are. */
export function crowded(bytes: number): Readonly<Record<string, RequestParts>> {
  const attribute = (type: string, value: Bytes): RequestParts => ({
    attributes: context(0, true, sequence(oid(type), writeElement(0x31, value))),
  })
  const names = (name: Bytes): RequestParts =>
    attribute(
      EXTENSION_REQUEST,
      sequence(sequence(oid(ALTERNATIVE_NAMES), octets(writeElement(0x30, filled(name, bytes))))),
    )
  return {
    'empty names': names(hex('8200')),
    names: names(hex('820161')),
    NULLs: attribute(CHALLENGE, filled(hex('0500'), bytes)),
    'NULLs in a string': attribute(CHALLENGE, octets(sequence(filled(hex('0500'), bytes)))),
    'parts of the subject': {
      subject: writeElement(0x30, filled(set(sequence(oid(COMMON_NAME), utf8('ab'))), bytes)),
    },
    extensions: attribute(
      EXTENSION_REQUEST,
      writeElement(0x30, filled(sequence(oid('1.2.3'), octets(hex('0500'))), bytes)),
    ),
  }
}
