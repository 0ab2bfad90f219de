/** Words about encodings and files. */
import type { GlossaryEntry } from './entry'

export const ABOUT_FORMATS: readonly GlossaryEntry[] = [
  {
    id: 'asn1',
    title: 'ASN.1',
    names: ['ASN.1'],
    text: 'The notation in which certificates and keys are laid out: sequences, numbers, names. DER turns them into bytes.',
    more: 'record 0013.',
  },
  {
    id: 'der',
    title: 'DER',
    names: ['DER'],
    text: 'The one way to write an ASN.1 value as bytes: for each value there is only one, so a signature over it is over all of it.',
    more: 'record 0030. BER allows several.',
  },
  {
    id: 'jwk',
    title: 'JWK and JWKS',
    names: ['JWKS', 'JWK'],
    text: 'A key as JSON, for the web and for JOSE libraries; JWKS is a set of them.',
    more: 'RFC 7517; Help: Files and the tools that read them.',
  },
  {
    id: 'oid',
    title: 'Object identifier',
    names: ['object identifier', 'OID'],
    text: 'A series of numbers that names an algorithm, an attribute or an extension, the same everywhere in the world.',
  },
  {
    id: 'pem',
    title: 'PEM',
    names: ['PEM'],
    text: 'DER in base64 between a BEGIN and an END line: bytes that can be pasted as text.',
    more: 'RFC 7468; Help: Files and the tools that read them.',
  },
  {
    id: 'pkcs7',
    title: 'PKCS#7 container',
    names: ['PKCS#7 container', 'PKCS#7', 'CMS'],
    text: 'A file that carries certificates, or something signed or encrypted. Its newer name is CMS.',
    more: 'RFC 5652; Help: Files and the tools that read them.',
  },
  {
    id: 'pkcs8',
    title: 'PKCS#8',
    names: ['PKCS#8'],
    text: 'The common form of private keys of every kind, plain or under a passphrase.',
    more: 'RFC 5958; Help: Files and the tools that read them.',
  },
  {
    id: 'pkcs12',
    title: 'PKCS#12',
    names: ['PKCS#12'],
    text: 'A file with a private key, its certificate and the chain, under a passphrase: what Windows, Java and browsers import.',
    more: 'RFC 7292; Help: Files and the tools that read them.',
  },
  {
    id: 'spki',
    title: 'SubjectPublicKeyInfo',
    names: ['SubjectPublicKeyInfo'],
    text: 'A public key with the name of its algorithm, as it stands in certificates and in files of its own.',
    more: 'RFC 5280 section 4.1.',
  },
]
