import forge from 'node-forge'
import { describe, expect, it } from 'vitest'
import { CERTIFICATES } from '#shared/crypto/asn1/modules/certificates'
import { CONTAINERS } from '#shared/crypto/asn1/modules/containers'
import { KEYS } from '#shared/crypto/asn1/modules/keys'
import { RAW, TABLES } from '#shared/crypto/asn1/modules/tables'
import { compileNotation, UNIVERSAL_TAGS, type Asn1Type } from '#shared/crypto/asn1/notation'
import { attributeName, OID_NAMES, oidName, oidNamed } from '#shared/crypto/encodings/oids'
import { decodeOid, decodeRelativeOid, encodeOid } from '#shared/crypto/encodings/oid-text'
import { hex } from '../../../support/der'

const MODULES = { CERTIFICATES, KEYS, CONTAINERS }
const defined = new Map(Object.values(MODULES).flatMap((text) => [...compileNotation(text)]))

/** Names that a type refers to, tables included. */
function references(type: Asn1Type): readonly { readonly type?: string; readonly table?: string }[] {
  switch (type.kind) {
    case 'reference':
      return [{ type: type.name }]
    case 'any':
      return type.table === undefined ? [] : [{ table: type.table }]
    case 'list':
    case 'tagged':
    case 'containing':
      return references(type.of)
    case 'fields':
      return type.fields.flatMap((field) => references(field.type))
    case 'choice':
      return type.options.flatMap((option) => references(option.type))
    default:
      return []
  }
}

describe('the notation of the RFCs', () => {
  it('names only types and tables that are there', () => {
    for (const [name, type] of defined) {
      for (const { type: referred, table } of references(type)) {
        if (referred !== undefined) expect(defined.has(referred), `${name} names ${referred}`).toBe(true)
        if (table !== undefined) expect(TABLES, name).toHaveProperty(table)
      }
    }
  })

  it('defines no type twice', () => {
    const names = Object.values(MODULES).flatMap((text) =>
      [...text.matchAll(/^(\S+) ::=/gm)].map(([, name]) => name),
    )
    expect(new Set(names).size).toBe(names.length)
  })

  it('looks fields up that are there', () => {
    const check = (type: Asn1Type, fields: readonly string[], name: string): void => {
      if (type.kind === 'any' && type.by !== undefined) expect(fields, name).toContain(type.by)
      if (type.kind === 'fields') {
        const inner = type.fields.map((field) => field.name)
        for (const field of type.fields) check(field.type, inner, name)
      }
      if ('of' in type) check(type.of, fields, name)
    }
    for (const [name, type] of defined) check(type, [], name)
  })

  it.each(['A ::= {', 'A ::= SEQUENCE { a }', 'A = NULL', 'A ::= OCTET STRING (CONTAINS B)', 'A ::= "x"'])(
    'is refused when it is none: %s',
    (text) => {
      expect(() => compileNotation(text)).toThrow(expect.objectContaining({ code: 'internal_error' }))
    },
  )
})

describe('the tables', () => {
  it.each(Object.entries(TABLES))('%s have names of known OIDs and known types', (_table, types) => {
    for (const [name, type] of Object.entries(types)) {
      expect(oidNamed(name), name).toBeDefined()
      expect(type === RAW || defined.has(type) || type in UNIVERSAL_TAGS, type).toBe(true)
    }
  })
})

describe('names of OIDs', () => {
  it('are unique, and each is found again', () => {
    for (const [dotted, name] of OID_NAMES) {
      expect(oidNamed(name), name).toBe(dotted)
      expect(decodeOid(encodeOid(dotted)!)).toBe(dotted)
    }
  })

  it('agree with node-forge, but for how they are spelt', () => {
    // Names that it took from elsewhere than the RFCs, or that two OIDs would share.
    const own = new Set([
      '1.3.14.3.2.29',
      '1.3.6.1.4.1.311.60.2.1.2',
      '1.3.6.1.4.1.311.60.2.1.3',
      '2.16.840.1.113730.1.1',
      '2.16.840.1.113730.1.13',
      '1.3.101.112',
      '2.5.29.23',
      '1.3.6.1.4.1.11129.2.4.2',
    ])
    const plain = (name: string) => name.toLowerCase().replace(/^id-|^pkcs5|[^a-z0-9]/g, '')
    const theirs = Object.entries(forge.pki.oids as Record<string, string>).filter(([dotted]) =>
      /^\d/.test(dotted),
    )
    expect(theirs.length).toBeGreaterThan(90)
    for (const [dotted, name] of theirs) {
      const ours = oidName(dotted)
      // Obsolete extensions of X.509's first draft have no names here.
      if (ours === undefined) expect(dotted).toMatch(/^2\.5\.29\.\d+$/)
      else if (!own.has(dotted)) expect(plain(ours)).toBe(plain(name))
    }
  })

  it('are short in distinguished names', () => {
    expect(['2.5.4.3', '2.5.4.10', '1.2.840.113549.1.9.1', '1.2.3'].map(attributeName)).toEqual([
      'CN',
      'O',
      'emailAddress',
      '1.2.3',
    ])
  })
})

describe('the content of an OBJECT IDENTIFIER', () => {
  it.each([
    ['2a864886f70d010101', '1.2.840.113549.1.1.1'],
    ['00', '0.0'],
    ['27', '0.39'],
    ['28', '1.0'],
    ['4f', '1.39'],
    ['50', '2.0'],
    ['883703', '2.999.3'],
  ])('%s is %s', (content, dotted) => {
    expect(decodeOid(hex(content))).toBe(dotted)
    expect(encodeOid(dotted)).toEqual(hex(content))
  })

  it('may have numbers of any size, such as UUIDs (X.667 section 8)', () => {
    const dotted = '2.25.329800735698586629295641978511506172918'
    const uuid = 0xf81d4fae7dec11d0a76500a0c91e6bf6n
    const content = encodeOid(dotted)!
    expect(content[0]).toBe(2 * 40 + 25)
    expect([...content.slice(1)].reduce((sum, byte) => (sum << 7n) | BigInt(byte & 0x7f), 0n)).toBe(uuid)
    expect(decodeOid(content)).toBe(dotted)
  })

  it.each([
    ['nothing', ''],
    ['an arc that doesn’t end', '2a86'],
    ['a needless zero', '2a8001'],
  ])('is none: %s', (_name, content) => {
    expect(decodeOid(hex(content))).toBeUndefined()
  })

  it.each(['', '1', '1.2.', '3.1', '1.40', '01.2', '1.2.03', 'a.b'])('is not written from %j', (text) => {
    expect(encodeOid(text)).toBeUndefined()
  })

  it('may be relative', () => {
    expect(decodeRelativeOid(hex('883703'))).toBe('1079.3')
  })
})
