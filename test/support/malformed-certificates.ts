/**
 * Certificates of a server with one thing malformed each, signed by the authority's real key: only the malformation is judged.
 * What they should be is said by nobody here; another judge is asked.
 */
import { generateKeyPairSync, sign } from 'node:crypto'
import { concat, toUtf8, type Bytes } from '#shared/bytes'
import { readChildren, readElement, writeElement } from '#shared/crypto/encodings/der'
import { encodePem } from '#shared/crypto/encodings/pem'
import type { AuthorityCredentials } from '#shared/hl1/state'
import { bits, context, extension, hex, integer, octets, oid, sequence, set, utf8 } from './der'

/** A malformed certificate. `spki`: its key, where that is not the server's. */
export interface Malformed {
  readonly name: string
  readonly pem: string
  readonly spki?: Bytes
}

/** The parts of a certificate, each an element in DER; `whole` makes the certificate of what was signed. */
interface Parts {
  readonly version: Bytes
  readonly serial: Bytes
  readonly inner: Bytes
  readonly issuer: Bytes
  readonly validity: Bytes
  readonly subject: Bytes
  readonly spki: Bytes
  readonly extensions: Bytes
  readonly tbs: (parts: Bytes) => Bytes
  readonly outer: Bytes
  readonly signature: (signature: Bytes) => Bytes
  readonly whole: (tbs: Bytes, outer: Bytes, signature: Bytes) => Bytes
}

type Case = readonly [name: string, change: Partial<Parts>]

const NONE = new Uint8Array()
const SHA256_WITH_RSA = '1.2.840.113549.1.1.11'
const NULL = hex('0500')
const IDS = {
  skid: '2.5.29.14',
  keyUsage: '2.5.29.15',
  san: '2.5.29.17',
  basic: '2.5.29.19',
  akid: '2.5.29.35',
  eku: '2.5.29.37',
} as const
type Known = keyof typeof IDS

const utc = (text: string): Bytes => writeElement(0x17, toUtf8(text))
const general = (text: string): Bytes => writeElement(0x18, toUtf8(text))
const any = (tag: number, content: string | Bytes): Bytes =>
  writeElement(tag, typeof content === 'string' ? hex(content) : content)
const attribute = (type: string, value: Bytes): Bytes => set(sequence(oid(type), value))
const commonName = (value: Bytes): Bytes => sequence(attribute('2.5.4.3', value))

/** The content of an element. */
function inside(element: Bytes): Bytes {
  const { contentStart, end } = readElement(element)
  return element.slice(contentStart, end)
}

/** The same element with its length in one byte more than it needs. */
function longForm(element: Bytes): Bytes {
  const content = inside(element)
  const size = Uint8Array.of(0x83, 0, content.length >> 8, content.length & 0xff)
  return concat(element.slice(0, 1), size, content)
}

/** The same element with its length left open. */
function openEnded(element: Bytes): Bytes {
  return concat(Uint8Array.of(element[0]! | 0x20, 0x80), inside(element), new Uint8Array(2))
}

/** The same element with its content as one piece of two levels. */
function inPieces(element: Bytes): Bytes {
  return writeElement(element[0]! | 0x20, element)
}

/** An RSA key of any numbers. */
function rsaSpki(modulus: string | Bytes, exponent: string, algorithm = ALGORITHM_RSA, unused = 0): Bytes {
  const key = sequence(any(0x02, modulus), integer(exponent))
  return sequence(algorithm, writeElement(0x03, Uint8Array.of(unused), key))
}
const ALGORITHM_RSA = sequence(oid('1.2.840.113549.1.1.1'), NULL)

/** Makes all of them. `now`: milliseconds since the Unix epoch. */
export function malformedCertificates(
  authority: AuthorityCredentials,
  spki: Bytes,
  now: number,
): { readonly good: string; readonly malformed: readonly Malformed[] } {
  const anchor = authority.certificate
  const year = new Date(now).getUTCFullYear()
  const [past, future] = [`${year - 1}`, `${year + 1}`]
  const short = (full: string): string => full.slice(2)
  const [start, end] = [utc(`${short(past)}0101000000Z`), utc(`${short(future)}0101000000Z`)]
  const algorithm = sequence(oid(SHA256_WITH_RSA), NULL)
  const subject = commonName(utf8('ID-Server'))
  const values: Readonly<Record<Known, Bytes>> = {
    basic: sequence(),
    keyUsage: hex('030205a0'),
    eku: sequence(oid('1.3.6.1.5.5.7.3.1')),
    san: sequence(any(0x82, toUtf8('localhost')), any(0x87, '7f000001')),
    skid: octets(hex('a1'.repeat(20))),
    akid: sequence(any(0x80, anchor.subjectKeyIdentifier!)),
  }
  const isCritical = (name: Known): boolean => name === 'basic' || name === 'keyUsage'
  const extensionsOf = (
    changes: Partial<Record<Known, Bytes>> = {},
    more: readonly Bytes[] = [],
    wrap = (list: Bytes): Bytes => context(3, true, list),
  ): Bytes => {
    const names = Object.keys(IDS) as readonly Known[]
    const list = names.map((name) => changes[name] ?? extension(IDS[name], values[name], isCritical(name)))
    return wrap(sequence(...list.filter((each) => each.length > 0), ...more))
  }
  const base: Parts = {
    version: context(0, true, integer('02')),
    serial: integer('40'.repeat(16)),
    inner: algorithm,
    issuer: anchor.subject.der,
    validity: sequence(start, end),
    subject,
    spki,
    extensions: extensionsOf(),
    tbs: (parts) => any(0x30, parts),
    outer: algorithm,
    signature: (signature) => bits(signature),
    whole: (...parts) => sequence(...parts),
  }
  const make = (change: Partial<Parts>): string => {
    const all = { ...base, ...change }
    const { version, serial, inner, issuer, validity, subject: name, spki: key, extensions } = all
    const tbs = all.tbs(concat(version, serial, inner, issuer, validity, name, key, extensions))
    const signature = new Uint8Array(sign('sha256', tbs, authority.keyPair.privateKey.pem))
    return encodePem('CERTIFICATE', all.whole(tbs, all.outer, all.signature(signature)))
  }
  /** The extension with another value, as critical as it was. */
  const withValue = (name: Known, value: Bytes): Partial<Parts> => ({
    extensions: extensionsOf({ [name]: extension(IDS[name], value, isCritical(name)) }),
  })

  const cases: Case[] = []
  const add = (kind: string, list: Readonly<Record<string, Partial<Parts>>>): void => {
    for (const [name, change] of Object.entries(list)) cases.push([`${kind}: ${name}`, change])
  }
  const both = (value: Bytes): Partial<Parts> => ({ inner: value, outer: value })
  const otherHash = sequence(oid('1.2.840.113549.1.1.12'), NULL)

  add('algorithm', {
    'another inside': { inner: otherHash },
    'another outside': { outer: otherHash },
    'another both times': both(otherHash),
    'parameters missing inside': { inner: sequence(oid(SHA256_WITH_RSA)) },
    'parameters missing outside': { outer: sequence(oid(SHA256_WITH_RSA)) },
    'parameters that are no NULL': both(sequence(oid(SHA256_WITH_RSA), integer('00'))),
    'parameters that are a NULL with content': both(sequence(oid(SHA256_WITH_RSA), hex('050100'))),
    'two parameters': both(sequence(oid(SHA256_WITH_RSA), NULL, NULL)),
    'an OID alone': both(oid(SHA256_WITH_RSA)),
    'an empty sequence': both(sequence()),
    'an OID that doesn’t end': both(sequence(any(0x06, '2a864886f70d01018b'), NULL)),
    'an OID with a needless byte': both(sequence(any(0x06, '2a80864886f70d01010b'), NULL)),
    'SHA-1': both(sequence(oid('1.2.840.113549.1.1.5'), NULL)),
    'an unknown one': both(sequence(oid('1.2.3.4'), NULL)),
  })

  for (const name of Object.keys(IDS) as readonly Known[]) {
    const value = values[name]
    const whole = extension(IDS[name], value, isCritical(name))
    const first = value[0]! & 0x20 ? [hex('0500'), inside(value)] : [inside(value)]
    add(name, {
      'is garbage': withValue(name, hex('deadbeef')),
      'is text': withValue(name, utf8('CA:FALSE')),
      'is cut short': withValue(name, value.slice(0, -1)),
      'is empty': withValue(name, NONE),
      'holds nothing': withValue(name, any(value[0]!, NONE)),
      'is NULL': withValue(name, NULL),
      'is a SET': withValue(name, any(0x31, inside(value))),
      'has bytes after it': withValue(name, concat(value, hex('0500'))),
      'has a zero after it': withValue(name, concat(value, hex('00'))),
      'holds something more at its end': withValue(name, any(value[0]!, concat(inside(value), hex('0500')))),
      'holds something more at its start': withValue(name, any(value[0]!, concat(...first))),
      'has a long length': withValue(name, longForm(value)),
      'has an open length': withValue(name, openEnded(value)),
      'is in pieces': withValue(name, inPieces(value)),
      'is there twice': { extensions: extensionsOf({}, [whole]) },
      'is missing': { extensions: extensionsOf({ [name]: NONE }) },
      'has a value that is a BIT STRING': {
        extensions: extensionsOf({ [name]: sequence(oid(IDS[name]), bits(value)) }),
      },
      'has a value in pieces': {
        extensions: extensionsOf({ [name]: sequence(oid(IDS[name]), inPieces(octets(value))) }),
      },
      'has its value before its name': {
        extensions: extensionsOf({ [name]: sequence(octets(value), oid(IDS[name])) }),
      },
      'has something after its value': {
        extensions: extensionsOf({ [name]: sequence(oid(IDS[name]), octets(value), NULL) }),
      },
    })
  }

  const cA = (content: string): Bytes => sequence(any(0x01, content))
  add('basicConstraints', {
    'says TRUE': withValue('basic', cA('ff')),
    'says TRUE as 01': withValue('basic', cA('01')),
    'says FALSE': withValue('basic', cA('00')),
    'says nothing with its BOOLEAN': withValue('basic', cA('')),
    'says it in two bytes': withValue('basic', cA('00ff')),
    'says it as an INTEGER': withValue('basic', sequence(integer('01'))),
    'has its parts in another order': withValue('basic', sequence(integer('00'), any(0x01, 'ff'))),
    'has a path length': withValue('basic', sequence(integer('00'))),
    'has a negative path length': withValue('basic', sequence(any(0x01, 'ff'), integer('ff'))),
    'has an empty path length': withValue('basic', sequence(any(0x01, 'ff'), integer(''))),
    'has a context tag': withValue('basic', sequence(any(0x80, 'ff'))),
  })
  add('keyUsage', {
    'has unused bits set': withValue('keyUsage', hex('030205bf')),
    'has 8 unused bits': withValue('keyUsage', hex('030208a0')),
    'has no unused bits where some are': withValue('keyUsage', hex('030200a0')),
    'has unused bits of nothing': withValue('keyUsage', hex('030105')),
    'has zeros at its end': withValue('keyUsage', hex('030305a000')),
    'allows to sign certificates': withValue('keyUsage', hex('030202a4')),
    'is an OCTET STRING': withValue('keyUsage', hex('0402a005')),
  })
  add('subjectAltName', {
    'has an address of three bytes': withValue('san', sequence(any(0x87, '7f0000'))),
    'has an address of five bytes': withValue('san', sequence(any(0x87, '7f00000100'))),
    'has its address constructed': withValue('san', sequence(any(0xa7, '7f000001'))),
    'has a universal tag': withValue('san', sequence(octets(hex('7f000001')))),
    'has an unknown name form': withValue('san', sequence(any(0x87, '7f000001'), any(0x89, '00'))),
    'has a name that is no ASCII': withValue('san', sequence(any(0x87, '7f000001'), any(0x82, 'ff'))),
    'has a directory name that is none': withValue('san', sequence(any(0x87, '7f000001'), any(0xa4, '0500'))),
  })
  add('authorityKeyIdentifier', {
    'is of another key': withValue('akid', sequence(any(0x80, 'a5'.repeat(20)))),
    'names no key': withValue('akid', sequence()),
    'is constructed': withValue('akid', sequence(context(0, true, octets(anchor.subjectKeyIdentifier!)))),
    'has another serial': withValue(
      'akid',
      sequence(any(0x80, anchor.subjectKeyIdentifier!), any(0x82, '01')),
    ),
    'has another issuer': withValue(
      'akid',
      sequence(
        any(0x80, anchor.subjectKeyIdentifier!),
        context(1, true, context(4, true, commonName(utf8('other')))),
        any(0x82, hex(anchor.serial)),
      ),
    ),
  })

  const flagged = (dotted: string, flag: Bytes, value: Bytes): Bytes =>
    sequence(oid(dotted), flag, octets(value))
  for (const [name, dotted] of [
    ['unknown', '1.2.3.4.5'],
    ['policies', '2.5.29.36'],
  ] as const) {
    const flags: Readonly<Record<string, Bytes>> = {
      ff: any(0x01, 'ff'),
      '01': any(0x01, '01'),
      '00': any(0x01, '00'),
      'two bytes': any(0x01, 'ffff'),
      'two bytes, zeros first': any(0x01, '00ff'),
      'no bytes': any(0x01, ''),
      'an INTEGER': integer('01'),
      'an ENUMERATED': any(0x0a, '01'),
      'in a context tag': context(0, true, any(0x01, 'ff')),
      twice: concat(any(0x01, 'ff'), any(0x01, 'ff')),
      'in long form': hex('018101ff'),
    }
    for (const [form, flag] of Object.entries(flags)) {
      const more = [flagged(dotted, flag, sequence())]
      add(`critical flag of an ${name} extension`, { [form]: { extensions: extensionsOf({}, more) } })
    }
    const after = [sequence(oid(dotted), octets(sequence()), any(0x01, 'ff'))]
    add(`critical flag of an ${name} extension`, {
      'after the value': { extensions: extensionsOf({}, after) },
    })
  }
  const limiting = (dotted: string, value: Bytes): Partial<Parts> => ({
    extensions: extensionsOf({}, [extension(dotted, value)]),
  })
  add('extensions', {
    'a proxy’s': limiting('1.3.6.1.5.5.7.1.14', sequence(sequence(oid('1.3.6.1.5.5.7.21.1')))),
    'for Netscape’s clients alone': limiting('2.16.840.1.113730.1.1', hex('03020780')),
    'for Netscape, unreadable': limiting('2.16.840.1.113730.1.1', hex('0500')),
    'address blocks': limiting('1.3.6.1.5.5.7.1.7', sequence(sequence(octets(hex('0001')), NULL))),
    'unreadable name constraints': limiting('2.5.29.30', hex('0500')),
    'unreadable distribution points': limiting('2.5.29.31', hex('0500')),
    'none in the list': { extensions: context(3, true, sequence()) },
    'two lists': { extensions: context(3, true, sequence(), sequence()) },
    'a list without its tag': { extensions: extensionsOf({}, [], (list) => list) },
    'a list in an implicit tag': {
      extensions: extensionsOf({}, [], (list) => context(3, true, inside(list))),
    },
    'behind another tag': { extensions: extensionsOf({}, [], (list) => context(4, true, list)) },
    'there twice': { extensions: concat(base.extensions, base.extensions) },
    'left out': { extensions: NONE },
    'with an open length': { extensions: extensionsOf({}, [], (list) => context(3, true, openEnded(list))) },
  })

  const dates = (from: Bytes, to: Bytes): Partial<Parts> => ({ validity: sequence(from, to) })
  const common = year % 4 === 3 ? year + 2 : year + 1
  for (const [form, text] of Object.entries({
    'month 13': `${future}1301000000Z`,
    'month 0': `${future}0001000000Z`,
    'day 0': `${future}0100000000Z`,
    '30 February': `${future}0230000000Z`,
    '29 February of a common year': `${common}0229000000Z`,
    '31 April': `${future}0431000000Z`,
    'hour 24': `${future}0101240000Z`,
    'minute 60': `${future}0101006000Z`,
    'second 60': `${future}0101000060Z`,
    'no Z': `${future}0101000000`,
    'a small z': `${future}0101000000z`,
    'an offset': `${future}0101000000+0100`,
    'no seconds': `${future}01010000Z`,
    'a fraction': `${future}0101000000.5Z`,
    letters: `${future}01O1000000Z`,
    'a space': `${future}0101 00000Z`,
    'a sign': `${future}-101000000Z`,
    'a zero byte at its end': `${future}0101000000Z\0`,
    nothing: '',
  })) {
    add('notAfter in UTCTime', { [form]: dates(start, utc(short(text))) })
    add('notAfter in GeneralizedTime', { [form]: dates(start, general(text)) })
  }
  add('validity', {
    'an unreadable start': dates(utc(`${short(past)}1301000000Z`), end),
    'a start on 30 February': dates(general(`${past}0230000000Z`), end),
    'four digits of a year in UTCTime': dates(start, utc(`${future}0101000000Z`)),
    'two digits of a year in GeneralizedTime': dates(start, general(`${short(future)}0101000000Z`)),
    'GeneralizedTime before 2050': dates(general(`${past}0101000000Z`), general(`${future}0101000000Z`)),
    'an end before its start': dates(end, start),
    'one date': { validity: sequence(end) },
    'three dates': { validity: sequence(start, end, end) },
    texts: dates(utf8(`${short(past)}0101000000Z`), utf8(`${short(future)}0101000000Z`)),
    'a SET': { validity: set(start, end) },
    'a date with a long length': dates(longForm(start), end),
    'a date in pieces': dates(start, inPieces(end)),
  })

  add('serial', {
    empty: { serial: integer('') },
    'with a needless zero': { serial: integer(`00${'40'.repeat(15)}`) },
    'with a needless ff': { serial: integer(`ffff${'40'.repeat(14)}`) },
    zero: { serial: integer('00') },
    negative: { serial: integer('c0'.repeat(16)) },
    'of 21 bytes': { serial: integer('40'.repeat(21)) },
    'an OCTET STRING': { serial: octets(hex('40')) },
    constructed: { serial: any(0x22, '020140') },
    missing: { serial: NONE },
    'there twice': { serial: concat(base.serial, base.serial) },
  })

  const version = (content: string): Bytes => context(0, true, integer(content))
  for (const [form, value] of Object.entries({
    '1, written': version('00'),
    '1, left out': NONE,
    '2': version('01'),
    '4': version('03'),
    '-1': version('ff'),
    'of two bytes': version('0002'),
    '256': version('0102'),
    empty: version(''),
    'without its tag': integer('02'),
    'with an implicit tag': any(0x80, '02'),
    twice: concat(version('02'), version('02')),
    'two numbers in its tag': context(0, true, integer('02'), integer('02')),
  })) {
    add('version with extensions', { [form]: { version: value } })
    if (['1, written', '1, left out', '2', '4'].includes(form))
      add('version without extensions', { [form]: { version: value, extensions: NONE } })
  }

  const wholeOf = (change: (whole: Bytes) => Bytes): Partial<Parts> => ({
    whole: (...parts) => change(sequence(...parts)),
  })
  add('lengths', {
    'of the certificate left open': wholeOf(openEnded),
    'of the certificate too long': wholeOf(longForm),
    'of the signed part left open': { tbs: (parts) => openEnded(any(0x30, parts)) },
    'of the signed part too long': { tbs: (parts) => longForm(any(0x30, parts)) },
    'of the serial too long': { serial: longForm(base.serial) },
    'of the issuer too long': { issuer: longForm(base.issuer) },
    'of the issuer left open': { issuer: openEnded(base.issuer) },
    'of the subject too long': { subject: longForm(base.subject) },
    'of the key left open': { spki: openEnded(spki) },
    'of the algorithms too long': both(longForm(algorithm)),
    'of the algorithm outside too long': { outer: longForm(algorithm) },
    'of the validity too long': { validity: longForm(base.validity) },
    'of the signature too long': { signature: (signature) => longForm(bits(signature)) },
    'a zero after the certificate': wholeOf((whole) => concat(whole, hex('00'))),
    'an element after the certificate': wholeOf((whole) => concat(whole, NULL)),
    'the certificate twice': wholeOf((whole) => concat(whole, whole)),
    'one byte short': wholeOf((whole) => whole.slice(0, -1)),
    'a fourth field': { whole: (...parts) => sequence(...parts, NULL) },
    'fields in another order': { whole: (tbs, outer, signature) => sequence(outer, tbs, signature) },
    'a SET in the place of the certificate': { whole: (...parts) => set(...parts) },
    'a field after the extensions': { extensions: concat(base.extensions, NULL) },
  })

  add('signature', {
    'with unused bits': { signature: (signature) => writeElement(0x03, Uint8Array.of(1), signature) },
    'with 8 unused bits': { signature: (signature) => writeElement(0x03, Uint8Array.of(8), signature) },
    'an OCTET STRING': { signature: (signature) => octets(signature) },
    'in pieces': { signature: (signature) => inPieces(bits(signature)) },
    empty: { signature: () => hex('0300') },
    'with a byte before it': { signature: (signature) => bits(new Uint8Array(1), signature) },
    'with a byte after it': { signature: (signature) => bits(signature, new Uint8Array(1)) },
  })

  const key = inside(readField(spki, 1)).slice(1)
  const modulus = inside(readField(key, 0))
  const even = modulus.slice()
  even[even.length - 1]! &= 0xfe
  const divided = modulus.slice()
  // The number that is nearest and can be divided by three.
  while (BigInt(`0x${Buffer.from(divided).toString('hex')}`) % 3n !== 0n) divided[divided.length - 1]! -= 2
  const small = new Uint8Array(
    generateKeyPairSync('rsa', { modulusLength: 512 }).publicKey.export({ type: 'spki', format: 'der' }),
  )
  const curve = new Uint8Array(
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' }),
  )
  const e = '010001'
  for (const [form, value] of Object.entries({
    'with exponent 1': rsaSpki(modulus, '01'),
    'with exponent 3': rsaSpki(modulus, '03'),
    'with an even exponent': rsaSpki(modulus, '010000'),
    'with exponent 0': rsaSpki(modulus, '00'),
    'with a negative exponent': rsaSpki(modulus, 'ff'),
    'with a needless byte in its exponent': rsaSpki(modulus, `00${e}`),
    'with an empty exponent': rsaSpki(modulus, ''),
    'with an exponent as long as its modulus': rsaSpki(modulus, Buffer.from(modulus).toString('hex')),
    'with a negative modulus': rsaSpki(modulus.slice(1), e),
    'with needless bytes in its modulus': rsaSpki(concat(new Uint8Array(1), modulus), e),
    'with an even modulus': rsaSpki(even, e),
    'with a modulus that 3 divides': rsaSpki(divided, e),
    'with modulus 0': rsaSpki('00', e),
    'with an empty modulus': rsaSpki('', e),
    'with unused bits': rsaSpki(modulus, e, ALGORITHM_RSA, 1),
    'with 8 unused bits': rsaSpki(modulus, e, ALGORITHM_RSA, 8),
    'with parameters missing': rsaSpki(modulus, e, sequence(oid('1.2.840.113549.1.1.1'))),
    'with other parameters': rsaSpki(modulus, e, sequence(oid('1.2.840.113549.1.1.1'), oid('1.2.3'))),
    'with an unknown algorithm': rsaSpki(modulus, e, sequence(oid('1.2.3.4'), NULL)),
    'with the algorithm of signatures': rsaSpki(modulus, e, algorithm),
    'for RSASSA-PSS alone': rsaSpki(modulus, e, sequence(oid('1.2.840.113549.1.1.10'))),
    'with three numbers': sequence(
      ALGORITHM_RSA,
      bits(sequence(any(0x02, modulus), integer(e), integer('01'))),
    ),
    'with one number': sequence(ALGORITHM_RSA, bits(sequence(any(0x02, modulus)))),
    'with bytes after its numbers': sequence(ALGORITHM_RSA, bits(key, NULL)),
    'with garbage': sequence(ALGORITHM_RSA, bits(hex('deadbeef'))),
    'in an OCTET STRING': sequence(ALGORITHM_RSA, octets(sequence(any(0x02, modulus), integer(e)))),
    'with a third part': sequence(ALGORITHM_RSA, readField(spki, 1), NULL),
    empty: sequence(),
    'of 512 bits': small,
    'on a curve': curve,
    'as its numbers alone': key,
  }))
    add('key', { [form]: { spki: value } })

  const named = (tag: number, content: string | Bytes): Partial<Parts> => ({
    subject: commonName(any(tag, content)),
  })
  add('names', {
    'an empty issuer': { issuer: sequence() },
    'another issuer': { issuer: commonName(utf8('ID-CB')) },
    'an issuer of another string type': { issuer: commonName(any(0x13, toUtf8(authority.identity))) },
    'an issuer in small letters': { issuer: commonName(utf8(authority.identity.toLowerCase())) },
    'an issuer whose value holds a comma': { issuer: commonName(utf8(`${authority.identity}, O=x`)) },
    'an issuer with one attribute more': {
      issuer: sequence(attribute('2.5.4.3', utf8(authority.identity)), attribute('2.5.4.10', utf8('x'))),
    },
    'an empty subject': { subject: sequence() },
    'an empty set in the subject': { subject: sequence(set()) },
    'two common names': {
      subject: sequence(attribute('2.5.4.3', utf8('ID-Server')), attribute('2.5.4.3', utf8('ID-Server'))),
    },
    'two common names in one set': {
      subject: sequence(
        set(sequence(oid('2.5.4.3'), utf8('ID-Server')), sequence(oid('2.5.4.3'), utf8('ID-Other'))),
      ),
    },
    'a set in another order': {
      subject: sequence(
        set(sequence(oid('2.5.4.10'), utf8('zzzzzzzzzzzzzzzz')), sequence(oid('2.5.4.3'), utf8('ID-Server'))),
      ),
    },
    'a NUL in the common name': named(0x0c, toUtf8('ID-Server\0.example')),
    'a NUL at the end of the common name': named(0x0c, toUtf8('ID-Server\0')),
    'UTF-8 that is none': named(0x0c, concat(toUtf8('ID-Server'), hex('ff'))),
    'UTF-8 of more bytes than needed': named(0x0c, concat(toUtf8('ID-Serve'), hex('c1b2'))),
    'PrintableString with an underscore': {
      subject: sequence(
        attribute('2.5.4.3', utf8('ID-Server')),
        attribute('2.5.4.10', any(0x13, toUtf8('a_b'))),
      ),
    },
    'BMPString of an odd length': named(0x1e, concat(toUtf8('ID-Server'))),
    'an INTEGER': named(0x02, toUtf8('ID-Server')),
    'an OCTET STRING': named(0x04, toUtf8('ID-Server')),
    VisibleString: named(0x1a, toUtf8('ID-Server')),
    GeneralString: named(0x1b, toUtf8('ID-Server')),
    BOOLEAN: named(0x01, 'ff'),
    'a SEQUENCE': named(0x30, utf8('ID-Server')),
    'a context tag': named(0x8c, toUtf8('ID-Server')),
    'text in pieces': { subject: commonName(inPieces(utf8('ID-Server'))) },
    'an attribute without a value': { subject: sequence(set(sequence(oid('2.5.4.3')))) },
    'an attribute with two values': {
      subject: sequence(set(sequence(oid('2.5.4.3'), utf8('ID-Server'), utf8('ID-Server')))),
    },
    'an attribute without its set': { subject: sequence(sequence(oid('2.5.4.3'), utf8('ID-Server'))) },
    'a set in the place of a sequence': { subject: any(0x31, inside(subject)) },
  })
  add('unique identifiers', {
    'with unused bits set': { extensions: concat(any(0x81, '01ff'), base.extensions) },
    constructed: { extensions: concat(context(1, true, bits(hex('ff'))), base.extensions) },
    'in another order': { extensions: concat(any(0x82, '00ff'), any(0x81, '00ff'), base.extensions) },
    'after the extensions': { extensions: concat(base.extensions, any(0x81, '00ff')) },
  })

  return {
    good: make({}),
    malformed: cases.map(([name, change]) => ({
      name,
      pem: make(change),
      ...(change.spki ? { spki: change.spki } : {}),
    })),
  }
}

/** One of the elements inside an element. */
function readField(element: Bytes, index: number): Bytes {
  const { start, end } = readChildren(element, readElement(element))[index]!
  return element.slice(start, end)
}
