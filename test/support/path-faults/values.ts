/** Faults of times, integers, strings and names: what RFC 5280 and DER say of single values. */
import { concat, toUtf8, type Bytes } from '#shared/bytes'
import { context, extension, hex, integer, octets, oid, sequence, set, utf8 } from '../der'
import { attribute, commonName, element, general, IDS, NONE, utc } from './chain'
import { faultsIn, withValue, type Fault } from './fault'

type Spoil = Parameters<typeof faultsIn>[2][string]

const TIMES: Readonly<Record<string, string>> = {
  'month 13': '20261301000000Z',
  'month 0': '20260001000000Z',
  'day 32': '20260132000000Z',
  '29 February of a common year': '20260229000000Z',
  '29 February of a leap year': '20280229000000Z',
  '31 June': '20260631000000Z',
  'hour 24': '20260101240000Z',
  'minute 60': '20260101006000Z',
  'a leap second': '20261231235960Z',
  'second 61': '20261231235961Z',
  'no zone': '20260101000000',
  'a small z': '20260101000000z',
  'an offset of zero': '20260101000000+0000',
  'an offset': '20260101000000+0100',
  'a negative offset': '20260101000000-0500',
  'an offset of hours': '20260101000000+01',
  'no seconds': '202601010000Z',
  'no minutes': '2026010100Z',
  'a fraction': '20260101000000.5Z',
  'a fraction of zero': '20260101000000.0Z',
  'a comma': '20260101000000,5Z',
  'a letter': '2026O101000000Z',
  'a space in front': ' 20260101000000Z',
  'a NUL behind': '20260101000000Z\0',
  'a line end behind': '20260101000000Z\n',
  'two Z': '20260101000000ZZ',
}

function times(): readonly Fault[] {
  const spoils: Record<string, Spoil> = {}
  for (const [name, text] of Object.entries(TIMES)) {
    const short = text.startsWith(' ') ? ` ${text.slice(3)}` : text.slice(2)
    spoils[`notAfter, UTCTime with ${name}`] = (certificate) => (certificate.notAfter = utc(short))
    spoils[`notAfter, GeneralizedTime with ${name}`] = (certificate) => (certificate.notAfter = general(text))
  }
  const before: Readonly<Record<string, Bytes>> = {
    'GeneralizedTime before 2050': general('20250101000000Z'),
    'year 0000': general('00000101000000Z'),
    'year 0001': general('00010101000000Z'),
    'year 1900': general('19000101000000Z'),
    'UTCTime of 1950': utc('500101000000Z'),
    'UTCTime with no seconds': utc('2501010000Z'),
    'UTCTime with an offset': utc('250101000000+0100'),
    'GeneralizedTime with a fraction': general('20250101000000.5Z'),
    'GeneralizedTime without a zone': general('20250101000000'),
    'an empty UTCTime': utc(''),
    'an empty GeneralizedTime': general(''),
    'a year of five digits': general('120250101000000Z'),
    'a year of four digits in UTCTime': utc('20250101000000Z'),
    'a year of two digits in GeneralizedTime': general('250101000000Z'),
    'a text': utf8('250101000000Z'),
    'an INTEGER': integer('01'),
    'in the future': utc('260101000000Z'),
  }
  for (const [name, value] of Object.entries(before))
    spoils[`notBefore, ${name}`] = (certificate) => (certificate.notBefore = value)
  const after: Readonly<Record<string, Bytes>> = {
    'GeneralizedTime before 2050': general('20260101000000Z'),
    'the year 2050': general('20500101000000Z'),
    'the year 9999': general('99991231235959Z'),
    'UTCTime of 2049': utc('491231235959Z'),
    'in the past': utc('250301000000Z'),
    'in the past, as GeneralizedTime': general('20250301000000Z'),
  }
  for (const [name, value] of Object.entries(after))
    spoils[`notAfter, ${name}`] = (certificate) => (certificate.notAfter = value)
  spoils['an end before its start'] = (certificate) => {
    ;[certificate.notBefore, certificate.notAfter] = [certificate.notAfter, certificate.notBefore]
  }
  const some = Object.fromEntries(Object.entries(spoils).filter((_, index) => index % 6 === 0))
  return [...faultsIn('times', ['leaf'], spoils), ...faultsIn('times', ['between', 'root'], some)]
}

function integers(): readonly Fault[] {
  const serial = (value: Bytes): Spoil => {
    return (certificate) => (certificate.serial = value)
  }
  const version = (content: string): Spoil => {
    return (certificate) => (certificate.version = context(0, true, integer(content)))
  }
  const spoils: Readonly<Record<string, Spoil>> = {
    'an empty serial': serial(integer('')),
    'a serial with a needless zero': serial(integer('0011')),
    'a serial with a needless ff': serial(integer('ff80')),
    'a serial of zero': serial(integer('00')),
    'a negative serial': serial(integer('80')),
    'a serial of -1': serial(integer('ff')),
    'a serial of 20 bytes': serial(integer('7f'.repeat(20))),
    'a serial of 21 bytes': serial(integer('7f'.repeat(21))),
    'a serial of 21 bytes, the first zero': serial(integer(`00${'ff'.repeat(20)}`)),
    'a serial of 200 bytes': serial(integer('7f'.repeat(200))),
    'an ENUMERATED serial': serial(element(0x0a, '11')),
    'an OCTET STRING as serial': serial(octets(hex('11'))),
    'no serial': serial(NONE),
    'version 1': version('00'),
    'version 2': version('01'),
    'version 4': version('03'),
    'version -1': version('ff'),
    'version in two bytes': version('0002'),
    'no version': (certificate) => (certificate.version = NONE),
    'version 1 without extensions': (certificate) => {
      certificate.version = NONE
      certificate.extensions.clear()
    },
    'a path length of zero bytes': withValue('basic', sequence(hex('0101ff'), integer('')), true),
    'a path length with a needless zero': withValue('basic', sequence(hex('0101ff'), integer('0001')), true),
    'a path length of five bytes': withValue('basic', sequence(hex('0101ff'), integer('0100000000')), true),
    'a negative path length': withValue('basic', sequence(hex('0101ff'), integer('ff')), true),
  }
  return faultsIn('integers', ['leaf', 'between', 'root'], spoils)
}

/** Values of an attribute: tag and content. */
const STRINGS: Readonly<Record<string, readonly [tag: number, content: string | Bytes]>> = {
  'an empty UTF8String': [0x0c, ''],
  'UTF8String of Greek': [0x0c, toUtf8('ελληνικά')],
  'UTF8String beyond 16 bits': [0x0c, toUtf8('😀')],
  'UTF8String that ends in the middle': [0x0c, '41c3'],
  'UTF8String with a lone byte': [0x0c, '4180'],
  'UTF8String with an overlong slash': [0x0c, '41c0af'],
  'UTF8String with an overlong letter of three bytes': [0x0c, '41e08081'],
  'UTF8String with half a surrogate': [0x0c, '41eda080'],
  'UTF8String with two halves of a surrogate': [0x0c, 'eda080edb080'],
  'UTF8String past the last character': [0x0c, 'f4908080'],
  'UTF8String of five bytes a character': [0x0c, 'f888808080'],
  'UTF8String with ff': [0x0c, '41ff'],
  'UTF8String with a NUL': [0x0c, '410042'],
  'PrintableString with an underscore': [0x13, toUtf8('a_b')],
  'PrintableString with an at sign': [0x13, toUtf8('a@b')],
  'PrintableString with an asterisk': [0x13, toUtf8('*.a')],
  'PrintableString with an umlaut': [0x13, 'e4'],
  'PrintableString as it should be': [0x13, toUtf8("A b'()+,-./:=?")],
  'an empty PrintableString': [0x13, ''],
  'IA5String as it should be': [0x16, toUtf8('a@b')],
  'IA5String with an umlaut': [0x16, '41e4'],
  'NumericString as it should be': [0x12, toUtf8('12 3')],
  'NumericString with letters': [0x12, toUtf8('12a')],
  'TeletexString of ASCII': [0x14, toUtf8('abc')],
  'TeletexString with an umlaut': [0x14, '61e4'],
  'TeletexString with an escape': [0x14, '611b2b'],
  VideotexString: [0x15, toUtf8('abc')],
  GraphicString: [0x19, toUtf8('abc')],
  VisibleString: [0x1a, toUtf8('abc')],
  GeneralString: [0x1b, toUtf8('abc')],
  'UniversalString as it should be': [0x1c, '000000410001f600'],
  'UniversalString of three bytes': [0x1c, '000041'],
  'UniversalString past the last character': [0x1c, '00110000'],
  'UniversalString with half a surrogate': [0x1c, '0000d800'],
  'BMPString as it should be': [0x1e, '00410042'],
  'BMPString of an odd length': [0x1e, '004100'],
  'BMPString with half a surrogate': [0x1e, '0041d800'],
  'BMPString with a surrogate pair': [0x1e, 'd83dde00'],
  'BMPString with the halves of a pair turned': [0x1e, 'de00d83d'],
  'an empty BMPString': [0x1e, ''],
  'a BIT STRING': [0x03, '00ff'],
  'a BIT STRING without a byte': [0x03, ''],
  'an OCTET STRING': [0x04, '6161'],
  'an INTEGER': [0x02, '01'],
  'a padded INTEGER': [0x02, '0001'],
  'a BOOLEAN': [0x01, 'ff'],
  'a NULL': [0x05, ''],
  'an OBJECT IDENTIFIER': [0x06, '2a03'],
  'a UTCTime': [0x17, toUtf8('250101000000Z')],
  'a SEQUENCE': [0x30, utf8('a')],
  'a context tag': [0x80, toUtf8('abc')],
  'a constructed UTF8String': [0x2c, utf8('abc')],
}

function strings(): readonly Fault[] {
  const spoils: Record<string, Spoil> = {}
  for (const [name, [tag, content]] of Object.entries(STRINGS))
    spoils[`organisation, ${name}`] = (certificate) =>
      (certificate.subject = sequence(attribute('2.5.4.10', element(tag, content)), commonName('Server')))
  return faultsIn('strings', ['leaf'], spoils)
}

function names(): readonly Fault[] {
  const subject = (...parts: readonly Bytes[]): Spoil => {
    return (certificate) => (certificate.subject = sequence(...parts))
  }
  const text = (type: string, tag: number, content: string): Bytes =>
    attribute(type, element(tag, toUtf8(content)))
  const long = (length: number): string => 'a'.repeat(length)
  const one = (type: string, value: Bytes): Bytes => sequence(oid(type), value)
  return faultsIn('names', ['leaf'], {
    'an empty subject': subject(),
    'an empty subject and critical names': (certificate, plan) => {
      certificate.subject = sequence()
      withValue('names', sequence(element(0x82, toUtf8('www.lab.example'))), true)(certificate, plan)
    },
    'an empty issuer': (certificate) => (certificate.issuer = sequence()),
    'an issuer in capitals': (certificate) =>
      (certificate.issuer = sequence(attribute('2.5.4.10', utf8('LAB')), commonName('BETWEEN'))),
    'an issuer with more spaces': (certificate) =>
      (certificate.issuer = sequence(attribute('2.5.4.10', utf8(' Lab ')), commonName('Between '))),
    'an issuer of other string types': (certificate) =>
      (certificate.issuer = sequence(text('2.5.4.10', 0x13, 'Lab'), text('2.5.4.3', 0x13, 'Between'))),
    'an issuer with its parts turned': (certificate) =>
      (certificate.issuer = sequence(commonName('Between'), attribute('2.5.4.10', utf8('Lab')))),
    'an issuer with both parts in one set': (certificate) =>
      (certificate.issuer = sequence(set(one('2.5.4.3', utf8('Between')), one('2.5.4.10', utf8('Lab'))))),
    'an issuer with a part more': (certificate) =>
      (certificate.issuer = sequence(certificate.issuer.slice(2), commonName('x'))),
    'an empty set': subject(set(), commonName('Server')),
    'a set of two': subject(set(one('2.5.4.10', utf8('Lab')), one('2.5.4.3', utf8('Server')))),
    'a set of two in another order': subject(
      set(one('2.5.4.3', utf8('Server')), one('2.5.4.10', utf8('Lab'))),
    ),
    'a set with one thing twice': subject(set(one('2.5.4.3', utf8('a')), one('2.5.4.3', utf8('a')))),
    'an attribute without a value': subject(set(sequence(oid('2.5.4.3')))),
    'an attribute with two values': subject(set(sequence(oid('2.5.4.3'), utf8('a'), utf8('b')))),
    'an attribute without its set': subject(sequence(oid('2.5.4.3'), utf8('a'))),
    'an attribute of an unknown type': subject(attribute('1.2.3.4', utf8('a')), commonName('Server')),
    'an attribute whose type is no OID': subject(set(sequence(element(0x06, '2a80'), utf8('a')))),
    'an attribute whose type has a needless byte': subject(
      set(sequence(element(0x06, '5580040a'), utf8('a'))),
    ),
    'a country of three letters': subject(text('2.5.4.6', 0x13, 'DEU'), commonName('Server')),
    'a country as UTF8String': subject(text('2.5.4.6', 0x0c, 'DE'), commonName('Server')),
    'an empty country': subject(text('2.5.4.6', 0x13, ''), commonName('Server')),
    'a mail address as UTF8String': subject(text('1.2.840.113549.1.9.1', 0x0c, 'a@b.example')),
    'a domain component as UTF8String': subject(text('0.9.2342.19200300.100.1.25', 0x0c, 'example')),
    'a common name of 65 characters': subject(commonName(long(65))),
    'an organisation of 65 characters': subject(attribute('2.5.4.10', utf8(long(65)))),
    'a common name of 70,000 characters': subject(commonName(long(70_000))),
    'two common names': subject(commonName('Server'), commonName('Other')),
    'a SET in the place of the name': (certificate) => (certificate.subject = set(commonName('Server'))),
    'a name with something after its parts': subject(commonName('Server'), hex('0500')),
    'unique identifiers': (certificate) =>
      (certificate.between = concat(element(0x81, '00ff'), element(0x82, '00ff'))),
    'a unique identifier that is none': (certificate) => (certificate.between = element(0x81, '')),
    'unique identifiers turned': (certificate) =>
      (certificate.between = concat(element(0x82, '00ff'), element(0x81, '00ff'))),
    'a subject that is its issuer': (certificate) => (certificate.subject = certificate.issuer),
    'an issuer alternative name': (certificate) =>
      certificate.extensions.set(
        'more',
        extension('2.5.29.18', sequence(element(0x82, toUtf8('a.example')))),
      ),
    'no alternative names at all': (certificate) => certificate.extensions.delete(nameOf(IDS.names)),
  })
}

function nameOf(dotted: string): string {
  return Object.entries(IDS).find(([, id]) => id === dotted)![0]
}

/** All faults of single values. */
export function valueFaults(): readonly Fault[] {
  return [...times(), ...integers(), ...strings(), ...names()]
}
