/** A tree with the names that the RFCs give its parts, and with what stands encoded inside its strings. */
import type { Bytes } from '../../bytes'
import { DerError } from '../encodings/der'
import { readEncoded } from './encoded'
import type { Asn1Structure, Asn1Tree, NamedNode } from './node'
import { UNIVERSAL_NAMES, type Asn1Type } from './notation'
import { MAX_NODES, readTree, type ReadRange } from './reader'
import { recogniseType } from './recognise'
import {
  assignFields,
  canBeImplicit,
  isRaw,
  matches,
  optionFor,
  resolve,
  typeText,
  universalTag,
  type ResolvedType,
} from './schema'
import { definedBy, NO_SCOPE, type Place, type Scope } from './scope'
import { childrenOf, isUniversal, valuesIn } from './walk'

type Writable = { -readonly [Key in keyof NamedNode]: NamedNode[Key] }

/** What is known of an element from what is around it. */
interface Expectation {
  readonly type?: Asn1Type | undefined
  readonly field?: string | undefined
  readonly scope?: Scope
  readonly parent?: Writable
  readonly encapsulated?: boolean
}

const [BIT_STRING, OCTET_STRING] = [3, 4] as const
/** The table whose values are always encoded, so that one that isn't known may be a single primitive value. */
const PRIMITIVE_VALUES = 'Extensions'

/**
 * Reads bytes and names what is in them.
 * @param type of the whole by its name in the RFC, for instance `Certificate`; where it is left out it is recognised by its form
 * @throws DerError as {@link readTree} does
 */
export function readStructure(bytes: Bytes, type?: string): Asn1Structure {
  const tree = readTree(bytes)
  const known = type ?? recogniseType(tree)
  const namer = new Namer(MAX_NODES - tree.nodes.length)
  for (const node of childrenOf(tree)) {
    const isWhole = known !== undefined && node.index === 0
    namer.visit({ tree, node }, isWhole ? { type: { kind: 'reference', name: known } } : {})
  }
  return { bytes, nodes: namer.nodes, end: tree.end, type: known }
}

class Namer {
  readonly nodes: Writable[] = []
  /** Elements that may still be found inside strings. */
  #left: number

  constructor(left: number) {
    this.#left = left
  }

  visit(place: Place, expected: Expectation): void {
    const { node } = place
    // Written out: copying with `...` takes ten times as long, which large files feel.
    const out: Writable = {
      offset: node.offset,
      headerLength: node.headerLength,
      contentLength: node.contentLength,
      tagClass: node.tagClass,
      tagNumber: node.tagNumber,
      constructed: node.constructed,
      indefinite: node.indefinite,
      index: this.nodes.length,
      parent: expected.parent?.index,
      depth: node.depth,
      next: 0,
      field: expected.field,
      type: node.tagClass === 'universal' ? UNIVERSAL_NAMES.get(node.tagNumber) : undefined,
      encapsulated: expected.encapsulated ?? false,
      universal: node.tagClass === 'universal' ? node.tagNumber : undefined,
      numberNames: undefined,
      problem: undefined,
    }
    this.nodes.push(out)
    const scope = expected.scope ?? NO_SCOPE
    const settled = expected.type && this.#settle(out, place, expected.type, scope)
    if (settled) this.#enter(out, place, settled, scope)
    else this.#enterUnknown(out, place)
    out.next = this.nodes.length
  }

  /** Finds what an element is among what it may be, and writes it down; undefined when it is none of that. */
  #settle(
    out: Writable,
    { node }: Place,
    expected: Asn1Type,
    scope: Scope,
  ): ResolvedType['type'] | undefined {
    let { type, name } = resolve(expected)
    let isImplicit = false
    let isChosen = false
    for (;;) {
      if (!isImplicit && !matches(type, node)) return undefined
      let next: Asn1Type | undefined
      isChosen ||= type.kind === 'choice'
      if (type.kind === 'any') {
        next = definedBy(type, scope)
      } else if (type.kind === 'choice') {
        const option = optionFor(type, node)
        out.field ??= option?.name
        next = option?.type
      } else if (type.kind === 'tagged' && type.implicit && canBeImplicit(type.of)) {
        isImplicit = true
        next = type.of
      } else {
        if (type.kind === 'tagged') return type
        out.type = name ?? typeText(type)
        out.universal = universalTag(type)
        if (type.kind === 'named') out.numberNames = type.names
        return type
      }
      if (!next) return undefined
      const resolved = resolve(next)
      type = resolved.type
      // Of a CHOICE the name of what was chosen tells more.
      name = isChosen ? (resolved.name ?? name) : (name ?? resolved.name)
    }
  }

  /** Visits what is inside an element of a known type. */
  #enter(out: Writable, place: Place, type: ResolvedType['type'], scope: Scope): void {
    const { tree, node } = place
    const children = childrenOf(tree, node)
    switch (type.kind) {
      case 'fields': {
        const fields = assignFields(type, children)
        const inner = new Map<string, Place>()
        children.forEach((child, at) => {
          const field = fields[at]
          if (field) inner.set(field.name, { tree, node: child })
        })
        children.forEach((child, at) => {
          const field = fields[at]
          this.visit(
            { tree, node: child },
            { type: field?.type, field: field?.name, scope: inner, parent: out },
          )
        })
        return
      }
      case 'list':
      case 'tagged':
        for (const child of children) this.visit({ tree, node: child }, { type: type.of, scope, parent: out })
        return
      case 'containing':
        this.#enterString(out, place, type.of, scope)
        return
      default:
        for (const child of children) this.visit({ tree, node: child }, { parent: out })
    }
  }

  /** What is known of no type is looked into all the same. */
  #enterUnknown(out: Writable, place: Place): void {
    const { tree, node } = place
    const isString = isUniversal(node, OCTET_STRING) || isUniversal(node, BIT_STRING)
    if (isString && !node.constructed) this.#enterString(out, place, undefined, NO_SCOPE)
    for (const child of childrenOf(tree, node)) this.visit({ tree, node: child }, { parent: out })
  }

  /** Opens a string that holds an encoded value, or may hold one. */
  #enterString(out: Writable, place: Place, type: Asn1Type | undefined, scope: Scope): void {
    const { tree, node } = place
    if (node.constructed) return this.#enterPieces(out, place, type, scope)
    let start = node.offset + node.headerLength
    const end = start + node.contentLength
    // What is encoded is a whole number of bytes: no bit is unused.
    if (out.universal === BIT_STRING && tree.bytes[start++] !== 0) return

    const found = type && resolve(type).type
    const expected = found?.kind === 'any' ? definedBy(found, scope) : type
    const range = { start, end, depth: node.depth + 1, limit: this.#left }
    const inner = expected
      ? isRaw(expected)
        ? undefined
        : readExpected(tree.bytes, range, expected, out)
      : readEncoded(tree.bytes, range, found?.kind === 'any' && found.table === PRIMITIVE_VALUES)
    if (!inner) return
    this.#left -= inner.nodes.length
    for (const child of childrenOf(inner)) {
      const isFirst = child.index === 0
      this.visit(
        { tree: inner, node: child },
        { type: isFirst ? expected : undefined, scope, parent: out, encapsulated: true },
      )
    }
  }

  /** A string in pieces (BER): the value inside can be shown in its place when there is just one. */
  #enterPieces(out: Writable, { tree, node }: Place, type: Asn1Type | undefined, scope: Scope): void {
    const pieces = valuesIn(tree, node)
    const of: Asn1Type | undefined =
      type && pieces.length === 1
        ? { kind: 'containing', name: 'OCTET STRING', tag: OCTET_STRING, of: type }
        : undefined
    for (const piece of childrenOf(tree, node)) {
      this.visit({ tree, node: piece }, { type: of, scope, parent: out })
    }
  }
}

/** Reads what should stand in a string; notes on `out` when it doesn't. */
function readExpected(
  bytes: Bytes,
  range: Required<Omit<ReadRange, 'firstOnly'>>,
  expected: Asn1Type,
  out: Writable,
): Asn1Tree | undefined {
  const what = typeText(expected)
  if (range.start >= range.end) {
    out.problem = `It is empty; ${what} is expected in it.`
    return undefined
  }
  try {
    const inner = readTree(bytes, range)
    const [first] = inner.nodes
    if (first && !matches(expected, first)) out.problem = `What is in it is not the expected ${what}.`
    return inner
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    out.problem = `The expected ${what} can’t be read in it. ${error.message}`
    return undefined
  }
}
