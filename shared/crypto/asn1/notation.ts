/**
 * Compiles ASN.1 notation (X.680) into types that can be walked beside an element. It is the part that the RFCs need, with
 * these rules: tags are EXPLICIT unless IMPLICIT is said; `ANY DEFINED BY field (Table)` looks the type up in a table by the
 * OID in that field; `CONTAINING` says what stands inside a string; `DEFAULT` takes FALSE or a number. Other constraints than
 * `SIZE (1..MAX)` and versions are left out.
 */
import { LabError } from '../../errors'
import type { TagClass } from './node'

export type Asn1Type =
  | { readonly kind: 'builtin'; readonly name: string; readonly tags: readonly number[] }
  /** INTEGER, ENUMERATED or BIT STRING whose numbers have names. */
  | {
      readonly kind: 'named'
      readonly name: string
      readonly tag: number
      readonly names: ReadonlyMap<number, string>
    }
  | {
      readonly kind: 'fields'
      readonly name: string
      readonly tag: number
      readonly fields: readonly Asn1Field[]
    }
  /** `least`: how many elements there have to be. */
  | {
      readonly kind: 'list'
      readonly name: string
      readonly tag: number
      readonly of: Asn1Type
      readonly least: 0 | 1
    }
  | { readonly kind: 'choice'; readonly options: readonly Asn1Field[] }
  | {
      readonly kind: 'tagged'
      readonly tagClass: TagClass
      readonly number: number
      readonly implicit: boolean
      readonly of: Asn1Type
    }
  | { readonly kind: 'containing'; readonly name: string; readonly tag: number; readonly of: Asn1Type }
  /** Whatever stands there; with `by`, what `table` has for the OID in that field. */
  | { readonly kind: 'any'; readonly by?: string; readonly table?: string }
  | { readonly kind: 'reference'; readonly name: string }

export interface Asn1Field {
  readonly name: string
  readonly type: Asn1Type
  readonly optional: boolean
  /** The number that is meant where the field is left out, 0 for FALSE; undefined where it has no default. */
  readonly default?: number
}

/** Tag numbers of the universal class (X.680 section 8.6). */
export const UNIVERSAL_TAGS: Readonly<Record<string, number>> = {
  BOOLEAN: 1,
  INTEGER: 2,
  'BIT STRING': 3,
  'OCTET STRING': 4,
  NULL: 5,
  'OBJECT IDENTIFIER': 6,
  ObjectDescriptor: 7,
  EXTERNAL: 8,
  REAL: 9,
  ENUMERATED: 10,
  'EMBEDDED PDV': 11,
  UTF8String: 12,
  'RELATIVE-OID': 13,
  SEQUENCE: 16,
  SET: 17,
  NumericString: 18,
  PrintableString: 19,
  TeletexString: 20,
  VideotexString: 21,
  IA5String: 22,
  UTCTime: 23,
  GeneralizedTime: 24,
  GraphicString: 25,
  VisibleString: 26,
  GeneralString: 27,
  UniversalString: 28,
  'CHARACTER STRING': 29,
  BMPString: 30,
}

/** The same by tag number. */
export const UNIVERSAL_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(UNIVERSAL_TAGS).map(([name, tag]) => [tag, name]),
)

const TWO_WORDS = new Set(['BIT', 'OCTET', 'OBJECT'])
const TOKEN = /--[^\n]*|\s+|(::=|[A-Za-z][A-Za-z0-9-]*|\d+|\.\.|[{}()[\],])/gy

/**
 * Compiles assignments `Name ::= type`.
 * @throws LabError `internal_error` for what is not in the notation
 */
export function compileNotation(text: string): ReadonlyMap<string, Asn1Type> {
  const types = new Map<string, Asn1Type>()
  const reader = new TokenReader(text)
  while (!reader.atEnd) {
    const name = reader.next()
    reader.expect('::=')
    types.set(name, readType(reader))
  }
  return types
}

function readType(reader: TokenReader): Asn1Type {
  if (reader.skip('[')) return readTagged(reader)
  const token = reader.next()
  const name = TWO_WORDS.has(token) ? `${token} ${reader.next()}` : token
  const tag = UNIVERSAL_TAGS[name]
  switch (name) {
    case 'SEQUENCE':
    case 'SET':
      if (reader.peek() !== '{') return readList(reader, name, tag ?? 0)
      return { kind: 'fields', name, tag: tag ?? 0, fields: readFields(reader) }
    case 'CHOICE':
      return { kind: 'choice', options: readFields(reader) }
    case 'ANY':
      return readAny(reader)
    case 'INTEGER':
    case 'ENUMERATED':
    case 'BIT STRING':
      if (reader.peek() === '{') return { kind: 'named', name, tag: tag ?? 0, names: readNames(reader) }
  }
  if (tag === undefined) {
    if (!/^[A-Z]/.test(name)) throw new LabError('internal_error', `${name} is no type of ASN.1.`)
    return { kind: 'reference', name }
  }
  if (!reader.skip('(')) return { kind: 'builtin', name, tags: [tag] }
  reader.expect('CONTAINING')
  const of = readType(reader)
  reader.expect(')')
  return { kind: 'containing', name, tag, of }
}

function readList(reader: TokenReader, name: string, tag: number): Asn1Type {
  const isSized = reader.skip('SIZE')
  for (const token of isSized ? ['(', '1', '..', 'MAX', ')'] : []) reader.expect(token)
  reader.expect('OF')
  return { kind: 'list', name, tag, of: readType(reader), least: isSized ? 1 : 0 }
}

function readTagged(reader: TokenReader): Asn1Type {
  const tagClass = reader.skip('APPLICATION') ? 'application' : 'context'
  const number = Number(reader.next())
  reader.expect(']')
  const implicit = reader.skip('IMPLICIT')
  return { kind: 'tagged', tagClass, number, implicit, of: readType(reader) }
}

function readFields(reader: TokenReader): readonly Asn1Field[] {
  const fields: Asn1Field[] = []
  reader.expect('{')
  do {
    const name = reader.next()
    const type = readType(reader)
    if (reader.skip('DEFAULT')) fields.push({ name, type, optional: true, default: readDefault(reader) })
    else fields.push({ name, type, optional: reader.skip('OPTIONAL') })
  } while (reader.skip(','))
  reader.expect('}')
  return fields
}

function readDefault(reader: TokenReader): number {
  const token = reader.next()
  if (token !== 'FALSE' && !/^\d+$/.test(token)) {
    throw new LabError('internal_error', `${token} is no default that is read here.`)
  }
  return token === 'FALSE' ? 0 : Number(token)
}

function readAny(reader: TokenReader): Asn1Type {
  if (!reader.skip('DEFINED')) return { kind: 'any' }
  reader.expect('BY')
  const by = reader.next()
  reader.expect('(')
  const table = reader.next()
  reader.expect(')')
  return { kind: 'any', by, table }
}

function readNames(reader: TokenReader): ReadonlyMap<number, string> {
  const names = new Map<number, string>()
  reader.expect('{')
  do {
    const name = reader.next()
    reader.expect('(')
    names.set(Number(reader.next()), name)
    reader.expect(')')
  } while (reader.skip(','))
  reader.expect('}')
  return names
}

class TokenReader {
  readonly #tokens: readonly string[]
  #at = 0

  constructor(text: string) {
    const matches = [...text.matchAll(TOKEN)]
    const length = matches.reduce((sum, [whole]) => sum + whole.length, 0)
    if (length !== text.length) {
      throw new LabError('internal_error', `Not ASN.1 notation: ${text.slice(length, length + 40)}`)
    }
    this.#tokens = matches.flatMap(([, token]) => (token === undefined ? [] : [token]))
  }

  get atEnd(): boolean {
    return this.#at >= this.#tokens.length
  }

  peek(): string | undefined {
    return this.#tokens[this.#at]
  }

  next(): string {
    const token = this.#tokens[this.#at++]
    if (token === undefined) throw new LabError('internal_error', 'The ASN.1 notation ends too early.')
    return token
  }

  /** Takes the token if it is the next one. */
  skip(token: string): boolean {
    if (this.peek() !== token) return false
    this.#at++
    return true
  }

  expect(token: string): void {
    const found = this.next()
    if (found !== token) {
      throw new LabError('internal_error', `ASN.1 notation has ${found} where ${token} is expected.`)
    }
  }
}
