import { describe, expect, it } from 'vitest'
import { toUtf8 } from '#shared/bytes'
import { writeElement } from '#shared/crypto/encodings/der'
import { readStructure } from '#shared/crypto/asn1/structure'
import { decodeTime } from '#shared/crypto/asn1/times'
import { describeValue } from '#shared/crypto/asn1/values'
import { ipText } from '#shared/crypto/asn1/ip-text'
import { context, extension, hex, octets, oid, sequence, set, utf8 } from '../../../support/der'

/** What the only element says. */
function valueOf(text: string) {
  const structure = readStructure(hex(text))
  return describeValue(structure, structure.nodes[0]!)
}

/** The detail with this label. */
function detail(text: string, label: string): string | undefined {
  return valueOf(text).details.find((line) => line.label === label)?.value
}

describe('an INTEGER', () => {
  it.each([
    ['02 01 00', '0', '0 bits'],
    ['02 01 7f', '127', '7 bits'],
    ['02 02 00 80', '128', '8 bits'],
    ['02 01 80', '-128', '8 bits'],
    ['02 01 ff', '-1', '1 bits'],
    ['02 02 ff 7f', '-129', '8 bits'],
    ['02 03 01 00 01', '65537', '17 bits'],
    ['02 08 7f ff ff ff ff ff ff ff', '9223372036854775807', '63 bits'],
  ])('%s is %s', (text, decimal, length) => {
    expect(valueOf(text).text).toBe(decimal)
    expect(detail(text, 'Decimal')).toBe(decimal)
    expect(detail(text, 'Length')).toBe(length)
    expect(valueOf(text).problem).toBeUndefined()
  })

  it('that is long is hex in the line, and has all digits in its details', () => {
    const text = '02 11 00 ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff'
    expect(valueOf(text).text).toBe('128 bits: 00ffffffffffffffffffffffffffffffff')
    expect(detail(text, 'Decimal')).toBe('340282366920938463463374607431768211455')
  })

  it('of a million bytes stays hex', () => {
    const structure = readStructure(writeElement(2, new Uint8Array(1_000_000).fill(0x11)))
    const { text, details } = describeValue(structure, structure.nodes[0]!)
    expect(text.length).toBe(160)
    expect(details.map(({ label }) => label)).toEqual(['Hex', 'Length'])
  })

  it.each(['02 00', '02 02 00 01', '02 02 ff ff'])('has a problem when it is %s', (text) => {
    expect(valueOf(text).problem).toBeDefined()
  })

  it('has the name that its type gives the number', () => {
    const structure = readStructure(hex('0a 01 01'), 'CRLReason')
    expect(describeValue(structure, structure.nodes[0]!).text).toBe('keyCompromise (1)')
  })
})

describe('other primitive values', () => {
  it.each([
    ['BOOLEAN', '01 01 ff', 'TRUE'],
    ['BOOLEAN', '01 01 00', 'FALSE'],
    ['NULL', '05 00', ''],
    ['an OID with a name', '06 03 55 04 03', 'commonName (2.5.4.3)'],
    ['an OID without', '06 03 2a 03 04', '1.2.3.4'],
    ['a RELATIVE-OID', '0d 02 03 04', '3.4'],
    ['a BIT STRING', '03 02 04 f0', '4 bits: f0'],
    ['an empty BIT STRING', '03 01 00', '0 bits'],
    ['an OCTET STRING', '04 02 01 ff', '2 bytes: 01ff'],
    ['an empty OCTET STRING', '04 00', '0 bytes'],
    ['an end mark', '30 80 00 00', ''],
    ['ENUMERATED', '0a 01 05', '5'],
  ])('%s %s is %j', (_name, text, expected) => {
    expect(valueOf(text)).toMatchObject({ text: expected, problem: undefined })
  })

  it.each([
    ['BOOLEAN of two bytes', '01 02 ff ff'],
    ['BOOLEAN that isn’t ff', '01 01 01'],
    ['NULL with content', '05 01 00'],
    ['OID that is none', '06 01 80'],
    ['BIT STRING without its first byte', '03 00'],
    ['BIT STRING with 8 unused bits', '03 02 08 00'],
    ['BIT STRING with unused bits that are set', '03 02 04 ff'],
    ['UTCTime with a 13th month', '17 0d 32 33 31 33 30 31 30 30 30 30 30 30 5a'],
  ])('%s has a problem', (_name, text) => {
    expect(valueOf(text).problem).toMatch(/\.$/)
  })

  it('has named bits, and numbers for those without a name', () => {
    const usage = readStructure(hex('03 03 07 05 80'), 'KeyUsage')
    expect(describeValue(usage, usage.nodes[0]!).text).toBe('keyCertSign, encipherOnly, decipherOnly')
    const more = readStructure(hex('03 03 00 80 01'), 'KeyUsage')
    expect(describeValue(more, more.nodes[0]!).text).toBe('digitalSignature, bit 15')
  })
})

describe('character strings', () => {
  const string = (tag: number, content: Uint8Array) => {
    const structure = readStructure(writeElement(tag, content))
    return describeValue(structure, structure.nodes[0]!)
  }

  it.each([
    ['UTF8String', 12, toUtf8('Größe 🌱'), 'Größe 🌱'],
    ['NumericString', 18, toUtf8('12 34'), '12 34'],
    ['PrintableString', 19, toUtf8("A-z 0 '()+,./:=?"), "A-z 0 '()+,./:=?"],
    ['TeletexString', 20, Uint8Array.of(0x4d, 0xfc), 'Mü'],
    ['IA5String', 22, toUtf8('a@b'), 'a@b'],
    ['VisibleString', 26, toUtf8('a~'), 'a~'],
    ['BMPString', 30, Uint8Array.of(0x00, 0x41, 0x26, 0x3a), 'A☺'],
    ['UniversalString', 28, Uint8Array.of(0, 1, 0xf3, 0x31), '🌱'],
  ])('%s is read', (_name, tag, content, text) => {
    expect(string(tag, content)).toMatchObject({ text, problem: undefined })
  })

  it.each([
    ['UTF8String that is none', 12, Uint8Array.of(0xc3, 0x28), 'UTF-8'],
    ['NumericString with a letter', 18, toUtf8('12a'), 'Byte 3'],
    ['PrintableString with an underscore', 19, toUtf8('a_b'), 'Byte 2 of the text, 0x5f'],
    ['IA5String with an umlaut', 22, Uint8Array.of(0x61, 0xfc), 'Byte 2 of the text, 0xfc'],
    ['VisibleString with a line feed', 26, toUtf8('a\n'), 'Byte 2'],
    ['BMPString of an odd length', 30, Uint8Array.of(0, 0x41, 0), 'multiple of 2'],
    ['UniversalString past Unicode', 28, Uint8Array.of(0, 0x11, 0, 0), 'no character'],
  ])('%s is told to be wrong', (_name, tag, content, told) => {
    expect(string(tag, content).problem).toContain(told)
  })
})

describe('times', () => {
  const [UTC, GENERALIZED] = [23, 24]

  it.each([
    [UTC, '491231235959Z', '2049-12-31T23:59:59Z'],
    [UTC, '500101000000Z', '1950-01-01T00:00:00Z'],
    [GENERALIZED, '20500101000000Z', '2050-01-01T00:00:00Z'],
    [GENERALIZED, '99991231235959Z', '9999-12-31T23:59:59Z'],
    [GENERALIZED, '00010101000000Z', '0001-01-01T00:00:00Z'],
  ])('tag %i %s is %s', (tag, text, iso) => {
    expect(decodeTime(tag, toUtf8(text))).toEqual({
      written: text,
      iso,
      time: Date.parse(iso),
      problem: undefined,
    })
  })

  it.each([
    [UTC, '2401010000Z', '2024-01-01T00:00:00Z'],
    [UTC, '240101010000+0130', '2023-12-31T23:30:00Z'],
    [GENERALIZED, '2024010112', '2024-01-01T12:00:00Z'],
    [GENERALIZED, '20240101120000.25Z', '2024-01-01T12:00:00.250Z'],
    [GENERALIZED, '20240101120000-05', '2024-01-01T17:00:00Z'],
  ])('tag %i %s is read, though RFC 5280 forbids it', (tag, text, iso) => {
    const decoded = decodeTime(tag, toUtf8(text))
    expect(decoded.iso).toBe(iso)
    expect(decoded.problem).toContain('RFC 5280')
  })

  it.each([
    [UTC, ''],
    [UTC, '240230000000Z'],
    [UTC, '240101240000Z'],
    [UTC, '240101000060Z'],
    [UTC, '240101000000'],
    [UTC, '20240101000000Z'],
    [GENERALIZED, '240101000000Z'],
    [GENERALIZED, '20230229000000Z'],
    [GENERALIZED, '20240101000000Zx'],
    [GENERALIZED, '2024-01-01'],
  ])('tag %i %j is none', (tag, text) => {
    expect(decodeTime(tag, toUtf8(text))).toMatchObject({
      time: undefined,
      iso: undefined,
      problem: expect.stringContaining('no time'),
    })
  })
})

describe('IP addresses', () => {
  it.each([
    ['7f000001', '127.0.0.1'],
    ['0a000000ff000000', '10.0.0.0/8'],
    ['0a000000ff00ff00', '10.0.0.0/255.0.255.0'],
    ['0a00000000000000', '10.0.0.0/0'],
    ['00000000000000000000000000000001', '::1'],
    ['00000000000000000000000000000000', '::'],
    ['20010db8000000000000000000000000', '2001:db8::'],
    ['20010db8000000010000000000000001', '2001:db8:0:1::1'],
    ['20010db80000000100010001000a0001', '2001:db8:0:1:1:1:a:1'],
    ['20010db8000000000000000000000000ffffffff000000000000000000000000', '2001:db8::/32'],
    ['7f0000', '7f0000'],
  ])('%s is %s', (bytes, text) => {
    expect(ipText(hex(bytes))).toBe(text)
  })
})

describe('elements that hold others', () => {
  const name = sequence(
    set(sequence(oid('2.5.4.6'), utf8('DE'))),
    set(sequence(oid('2.5.4.3'), utf8('ID-Server')), sequence(oid('2.5.4.11'), utf8('x'))),
  )

  it('are told by the name in them', () => {
    const structure = readStructure(name, 'Name')
    expect(describeValue(structure, structure.nodes[0]!).text).toBe('C=DE, CN=ID-Server + OU=x')
  })

  it('are told by the OID that they begin with', () => {
    const structure = readStructure(extension('2.5.29.19', sequence()))
    expect(describeValue(structure, structure.nodes[0]!).text).toBe('basicConstraints')
  })

  it('say what is wrong with what should be in a string', () => {
    for (const [value, told] of [
      [octets(), 'empty'],
      [octets(hex('0203')), 'BasicConstraints can’t be read'],
      [octets(hex('0500')), 'not the expected BasicConstraints'],
    ] as const) {
      const structure = readStructure(sequence(oid('2.5.29.19'), value), 'Extension')
      const node = structure.nodes.find(({ field }) => field === 'extnValue')!
      expect(describeValue(structure, node).problem).toContain(told)
    }
  })

  it('of an unknown tag are shown as bytes', () => {
    const structure = readStructure(context(3, false, hex('6869')))
    expect(describeValue(structure, structure.nodes[0]!).text).toBe('2 bytes: 6869')
    expect(describeValue(structure, structure.nodes[0]!).details).toContainEqual({
      label: 'As text',
      value: 'hi',
    })
  })
})
