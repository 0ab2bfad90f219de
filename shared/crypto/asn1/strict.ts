/**
 * Holds bytes to a type of the RFCs and to DER (X.690 sections 10 and 11): what may be written in one way only has to be. This
 * is what decides about bytes from others; to show what is broken, read them with `structure.ts`.
 */
import type { Bytes } from '../../bytes'
import { DerError } from '../encodings/der'
import { constructionFault, contentFault, headerFault, plainFault } from './der-rules'
import type { Asn1Node } from './node'
import type { Asn1Type } from './notation'
import { readTree } from './reader'
import {
  assignFields,
  canBeImplicit,
  isRaw,
  matches,
  optionFor,
  resolve,
  typeFromTable,
  typeText,
  universalTag,
  type ResolvedType,
} from './schema'
import { definedBy, NO_SCOPE, type Place, type Scope } from './scope'
import { bytesOf, childrenOf, contentOf } from './walk'

const BIT_STRING = 3
/** The table whose values are held to their types one by one, by {@link requireExtension}: most may be unreadable. */
const EXTENSIONS = 'Extensions'

/**
 * Requires bytes to be one value of a type, in DER, and nothing else. Values of extensions stay unread.
 * @param type by its name in the RFC, for instance `Certificate`
 * @throws DerError with the first thing that is wrong, in a sentence, and its offset
 */
export function requireDer(bytes: Bytes, type: string): void {
  requireWhole(bytes, { start: 0, end: bytes.length }, { kind: 'reference', name: type }, NO_SCOPE)
}

/**
 * Requires the value of an extension to be of the type that the RFCs give it, in DER; one of an OID that isn't known may
 * be anything.
 * @throws DerError as {@link requireDer} does; offsets count from the value's first byte
 */
export function requireExtension(oid: string, value: Bytes): void {
  const type = typeFromTable(EXTENSIONS, oid)
  if (type) requireWhole(value, { start: 0, end: value.length }, type, NO_SCOPE)
}

function requireWhole(
  bytes: Bytes,
  range: { readonly start: number; readonly end: number },
  type: Asn1Type,
  scope: Scope,
): void {
  const tree = readTree(bytes, range)
  const [whole, next] = childrenOf(tree)
  if (!whole) throw new DerError('bad_der', `${typeText(type)} is missing.`, range.start)
  if (next ?? tree.end < range.end) {
    const end = whole.offset + whole.headerLength + whole.contentLength
    throw new DerError('bad_der', 'There are bytes after its value.', end)
  }
  requireType({ tree, node: whole }, type, scope)
}

function requireType(place: Place, expected: Asn1Type, scope: Scope): void {
  const { node } = place
  const { type } = resolve(expected)
  if (type.kind === 'any') {
    const defined = definedBy(type, scope)
    return defined ? requireType(place, defined, scope) : requirePlain(place)
  }
  if (!matches(type, node)) throw wrong(node, `${typeText(expected)} is expected here.`)
  if (type.kind === 'choice') {
    const option = optionFor(type, node)
    return option && requireType(place, option.type, scope)
  }
  if (type.kind !== 'tagged') return requireContent(place, type, scope)
  if (type.implicit && canBeImplicit(type.of)) return requireContent(place, resolve(type.of).type, scope)
  const [inner, ...others] = requireHolder(place)
  if (!inner || others.length > 0) throw wrong(node, 'A tag in front of a value has to hold just that.')
  requireType({ tree: place.tree, node: inner }, type.of, scope)
}

/** The tag fits, or is one that stands in the place of the type's own. */
function requireContent(place: Place, type: ResolvedType['type'], scope: Scope): void {
  switch (type.kind) {
    case 'fields':
      return requireFields(place, type)
    case 'list':
      return requireList(place, type, scope)
    case 'containing':
      requirePrimitive(place, type.tag)
      return requireInside(place, type, scope)
    case 'named':
      requirePrimitive(place, type.tag)
      if (type.tag === BIT_STRING && hasNeedlessBits(contentOf(place.tree.bytes, place.node)))
        throw wrong(place.node, 'DER leaves out zero bits at the end of named bits.')
      return
    default: {
      const tag = universalTag(type)
      return tag === undefined ? requirePlain(place) : requirePrimitive(place, tag)
    }
  }
}

function requireFields(place: Place, type: Extract<Asn1Type, { kind: 'fields' }>): void {
  const { tree, node } = place
  const children = requireHolder(place)
  const fields = assignFields(type, children)
  const missing = type.fields.find((field) => !field.optional && !fields.includes(field))
  if (missing) throw wrong(node, `The field ${missing.name} is missing, or is of another type.`)
  const inner = new Map(
    children.flatMap((child, at) => {
      const name = fields[at]?.name
      return name === undefined ? [] : [[name, { tree, node: child }] as const]
    }),
  )
  children.forEach((child, at) => {
    const field = fields[at]
    if (!field) throw wrong(child, 'There is no field of this type here.')
    requireType({ tree, node: child }, field.type, inner)
    const value = contentOf(tree.bytes, childrenOf(tree, child)[0] ?? child)
    if (field.default !== undefined && value.length === 1 && value[0] === field.default)
      throw wrong(child, `DER leaves out the field ${field.name} when it has its default.`)
  })
}

function requireList(place: Place, type: Extract<Asn1Type, { kind: 'list' }>, scope: Scope): void {
  const { tree, node } = place
  const children = requireHolder(place)
  if (children.length < type.least) throw wrong(node, 'It has to hold at least one element.')
  for (const child of children) requireType({ tree, node: child }, type.of, scope)
  if (type.name !== 'SET') return
  children.reduce<Asn1Node | undefined>((before, child) => {
    if (before && isAfter(bytesOf(tree.bytes, before), bytesOf(tree.bytes, child)))
      throw wrong(child, 'DER puts the elements of a SET OF in the order of their bytes.')
    return child
  }, undefined)
}

/** What stands in a string, where it is known what that is. */
function requireInside(
  place: Place,
  { of, tag }: Extract<Asn1Type, { kind: 'containing' }>,
  scope: Scope,
): void {
  const { tree, node } = place
  if (of.kind === 'any' && of.table === EXTENSIONS) return
  let start = node.offset + node.headerLength
  const end = start + node.contentLength
  if (tag === BIT_STRING && tree.bytes[start++] !== 0)
    throw wrong(node, 'What is inside has to be whole bytes.')
  const expected = of.kind === 'any' ? definedBy(of, scope) : of
  if (expected && !isRaw(expected)) requireWhole(tree.bytes, { start, end }, expected, scope)
}

/** Of a type that isn't known: DER all the same. */
function requirePlain(place: Place): void {
  const { tree, node } = place
  const fault = plainFault(tree.bytes, node)
  if (fault !== undefined) throw wrong(node, fault)
  for (const child of childrenOf(tree, node)) requirePlain({ tree, node: child })
}

function requireHolder({ tree, node }: Place): readonly Asn1Node[] {
  const fault = headerFault(node) ?? (node.constructed ? undefined : constructionFault(false))
  if (fault !== undefined) throw wrong(node, fault)
  return childrenOf(tree, node)
}

function requirePrimitive({ tree, node }: Place, tag: number): void {
  const fault =
    headerFault(node) ??
    (node.constructed ? constructionFault(true) : contentFault(tag, contentOf(tree.bytes, node)))
  if (fault !== undefined) throw wrong(node, fault)
}

/** X.690 section 11.2.2: where bits have names, zeros after the last one that is set don't count. */
function hasNeedlessBits([unused = 0, ...bits]: Uint8Array): boolean {
  const last = bits.at(-1)
  return last !== undefined && ((last >> unused) & 1) === 0
}

/** X.690 section 11.6: compared as bytes, the shorter one as if zeros followed. */
function isAfter(a: Uint8Array, b: Uint8Array): boolean {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return false
}

function wrong(node: Asn1Node, what: string): DerError {
  return new DerError(
    'bad_der',
    `The element at byte ${node.offset} is not as it should be. ${what}`,
    node.offset,
  )
}
