/** The types of the RFCs, compiled from their notation, and how they meet the elements of a tree. */
import type { Asn1Element, NamedNode } from './node'
import { oidNamed } from '../encodings/oids'
import { CERTIFICATES } from './modules/certificates'
import { CONTAINERS } from './modules/containers'
import { KEYS } from './modules/keys'
import { RAW, TABLES } from './modules/tables'
import { compileNotation, UNIVERSAL_TAGS, type Asn1Field, type Asn1Type } from './notation'

/** A type without references: what it is, and the name that it goes by. */
export interface ResolvedType {
  readonly type: Exclude<Asn1Type, { kind: 'reference' }>
  readonly name: string | undefined
}

const ANY: ResolvedType = { type: { kind: 'any' }, name: undefined }
/** Nothing matches it. */
const NOTHING: ResolvedType = { type: { kind: 'choice', options: [] }, name: undefined }

/** Compiled when a type is asked for first: a program may have read nothing for long after its start. */
let types: ReadonlyMap<string, Asn1Type> | undefined

/** Types that were resolved already, by name. */
const RESOLVED = new Map<string, ResolvedType>()
/** Options that were found already, by class and number of the tag. */
const OPTIONS = new WeakMap<Asn1Type, Map<string, Asn1Field | undefined>>()
const MAX_REMEMBERED_TAG = 30

/** For each table, the type of a value by the dotted OID beside it. */
const BY_OID = new Map(
  Object.entries(TABLES).map(([table, types]) => [
    table,
    new Map(Object.entries(types).map(([name, type]) => [oidNamed(name), type])),
  ]),
)

/** The type of that name; ANY when there is none. */
export function typeNamed(name: string): ResolvedType {
  return resolve({ kind: 'reference', name })
}

/** Follows references. The outermost name is kept. */
export function resolve(type: Asn1Type): ResolvedType {
  if (type.kind !== 'reference') return { type, name: undefined }
  const known = RESOLVED.get(type.name)
  if (known) return known
  const resolved = resolveName(type.name)
  RESOLVED.set(type.name, resolved)
  return resolved
}

function resolveName(name: string): ResolvedType {
  if (name === RAW) return NOTHING
  const universal = UNIVERSAL_TAGS[name]
  if (universal !== undefined) return { type: { kind: 'builtin', name, tags: [universal] }, name: undefined }
  types ??= new Map([CERTIFICATES, KEYS, CONTAINERS].flatMap((text) => [...compileNotation(text)]))
  const named = types.get(name)
  return named ? { type: resolve(named).type, name } : ANY
}

/** The type that a table has for an OID; undefined when it has none. */
export function typeFromTable(table: string, oid: string | undefined): Asn1Type | undefined {
  const name = oid === undefined ? undefined : BY_OID.get(table)?.get(oid)
  return name === undefined ? undefined : { kind: 'reference', name }
}

/** True for a value that has no ASN.1 inside, though it stands in a string that could hold some. */
export function isRaw(type: Asn1Type): boolean {
  return type.kind === 'reference' && type.name === RAW
}

/** True when an element can be of the type, by its tag alone. */
export function matches(type: Asn1Type, element: Asn1Element): boolean {
  const found = type.kind === 'reference' ? resolve(type).type : type
  switch (found.kind) {
    case 'any':
      return true
    case 'choice':
      return optionFor(found, element) !== undefined
    case 'tagged':
      return element.tagClass === found.tagClass && element.tagNumber === found.number
    case 'builtin':
      return element.tagClass === 'universal' && found.tags.includes(element.tagNumber)
    default:
      return element.tagClass === 'universal' && element.tagNumber === found.tag
  }
}

/** What of a CHOICE an element is, by its tag; undefined when it is none of it. */
export function optionFor(
  choice: Extract<Asn1Type, { kind: 'choice' }>,
  element: Asn1Element,
): Asn1Field | undefined {
  // Long lists of names ask the same again and again.
  const { tagClass, tagNumber } = element
  if (tagNumber > MAX_REMEMBERED_TAG) return findOption(choice, element)
  const known = OPTIONS.get(choice) ?? new Map<string, Asn1Field | undefined>()
  OPTIONS.set(choice, known)
  const key = `${tagClass} ${tagNumber}`
  if (!known.has(key)) known.set(key, findOption(choice, element))
  return known.get(key)
}

function findOption(
  { options }: Extract<Asn1Type, { kind: 'choice' }>,
  element: Asn1Element,
): Asn1Field | undefined {
  return options.find((option) => matches(option.type, element))
}

/** True when a tag in front of the type replaces its own: those of CHOICE and ANY never do (X.680 section 31.2.7). */
export function canBeImplicit(type: Asn1Type): boolean {
  const { kind } = resolve(type).type
  return kind !== 'choice' && kind !== 'any'
}

/** The universal tag of a type's encoding; undefined where it depends on what is there. */
export function universalTag(type: ResolvedType['type']): number | undefined {
  if (type.kind === 'builtin') return type.tags[0]
  return 'tag' in type ? type.tag : undefined
}

/**
 * Gives each child of a SEQUENCE or SET its field; undefined for those that have no place. What is out of place doesn't
 * keep those after it from theirs.
 */
export function assignFields(
  type: Extract<Asn1Type, { kind: 'fields' }>,
  children: readonly NamedNode[] | readonly Asn1Element[],
): readonly (Asn1Field | undefined)[] {
  const taken = new Set<Asn1Field>()
  let from = 0
  return children.map((child) => {
    const fits = (field: Asn1Field): boolean => !taken.has(field) && matches(field.type, child)
    const ahead = type.fields.slice(from)
    const field = (type.name === 'SET' ? type.fields : ahead).find(fits)
    if (!field) return undefined
    taken.add(field)
    from = type.fields.indexOf(field) + 1
    return field
  })
}

/** A type in words. */
export function typeText(type: Asn1Type): string {
  switch (type.kind) {
    case 'reference':
      return type.name
    case 'list':
      return `${type.name} OF ${typeText(type.of)}`
    case 'any':
      return 'ANY'
    case 'choice':
      return 'CHOICE'
    case 'tagged':
      return `[${type.number}] ${typeText(type.of)}`
    default:
      return type.name
  }
}
