/**
 * A structure on its way from the worker: numbers in one array that changes hands without being copied, words once each.
 * Half a million elements as objects would freeze the window for longer than reading them takes.
 */
import { fromUtf8, toUtf8, type Bytes } from '#shared/bytes'
import type { Asn1Structure, NamedNode, TagClass } from '#shared/crypto/asn1/node'

const CLASSES = ['universal', 'application', 'context', 'private'] as const satisfies readonly TagClass[]
const FIELDS = [
  'offset',
  'headerLength',
  'contentLength',
  'parent',
  'depth',
  'next',
  'tagNumber',
  'flags',
  'universal',
  'field',
  'type',
  'numberNames',
  'problem',
  'position',
  'siblings',
  'textEnd',
] as const
type Field = (typeof FIELDS)[number]
const WIDTH = FIELDS.length
const PLACES = Object.fromEntries(FIELDS.map((field, place) => [field, place])) as Readonly<
  Record<Field, number>
>
const CONSTRUCTED = 4
const INDEFINITE = 8
const ENCAPSULATED = 16
const NONE = -1

export interface PackedStructure {
  /** Which of the structures that the worker has read this is. */
  readonly id: number
  readonly bytes: Bytes
  readonly end: number
  readonly type: string | undefined
  /** {@link FIELDS} of every node, in the order of nodes. */
  readonly numbers: Int32Array<ArrayBuffer>
  readonly words: readonly string[]
  readonly numberNames: readonly ReadonlyMap<number, string>[]
  /** The nodes' values in one line each, one after the other in UTF-8. */
  readonly texts: Bytes
}

/** A node with its place among those beside it, counted from 1. */
export interface PlacedNode extends NamedNode {
  readonly position: number
  readonly siblings: number
}

/**
 * Packs a structure.
 * @param textOf one line of a node's value
 */
export function pack(
  id: number,
  structure: Asn1Structure,
  textOf: (node: NamedNode) => string,
): PackedStructure {
  const { bytes, end, type, nodes } = structure
  const numbers = new Int32Array(nodes.length * WIDTH)
  const words = new Numbering<string>()
  const numberNames = new Numbering<ReadonlyMap<number, string>>()
  const texts: Bytes[] = []
  let textEnd = 0
  nodes.forEach((node, index) => {
    const text = toUtf8(textOf(node))
    texts.push(text)
    textEnd += text.length
    const row: Readonly<Record<Field, number>> = {
      offset: node.offset,
      headerLength: node.headerLength,
      contentLength: node.contentLength,
      parent: node.parent ?? NONE,
      depth: node.depth,
      next: node.next,
      tagNumber: node.tagNumber,
      flags: flagsOf(node),
      universal: node.universal ?? NONE,
      field: words.of(node.field),
      type: words.of(node.type),
      numberNames: numberNames.of(node.numberNames),
      problem: words.of(node.problem),
      position: 0,
      siblings: 0,
      textEnd,
    }
    FIELDS.forEach((field, place) => (numbers[index * WIDTH + place] = row[field]))
  })
  countSiblings(numbers, nodes)
  return {
    id,
    bytes,
    end,
    type,
    numbers,
    words: words.values,
    numberNames: numberNames.values,
    texts: joined(texts, textEnd),
  }
}

/** All parts behind one another. There may be more of them than a call can have arguments. */
function joined(parts: readonly Bytes[], length: number): Bytes {
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** How many nodes there are. */
export function countNodes({ numbers }: PackedStructure): number {
  return numbers.length / WIDTH
}

/** One number of a node; -1 for what is not there. */
export function numberOf({ numbers }: PackedStructure, index: number, field: Field): number {
  return numbers[index * WIDTH + PLACES[field]] ?? NONE
}

/** The node at an index; undefined outside. */
export function nodeAt(packed: PackedStructure, index: number): PlacedNode | undefined {
  if (index < 0 || index >= countNodes(packed)) return undefined
  const at = (field: Field): number => numberOf(packed, index, field)
  const known = (value: number): number | undefined => (value === NONE ? undefined : value)
  const flags = at('flags')
  return {
    index,
    offset: at('offset'),
    headerLength: at('headerLength'),
    contentLength: at('contentLength'),
    parent: known(at('parent')),
    depth: at('depth'),
    next: at('next'),
    tagNumber: at('tagNumber'),
    tagClass: CLASSES[flags & 3] ?? 'universal',
    constructed: (flags & CONSTRUCTED) !== 0,
    indefinite: (flags & INDEFINITE) !== 0,
    encapsulated: (flags & ENCAPSULATED) !== 0,
    universal: known(at('universal')),
    field: packed.words[at('field')],
    type: packed.words[at('type')],
    numberNames: packed.numberNames[at('numberNames')],
    problem: packed.words[at('problem')],
    position: at('position'),
    siblings: at('siblings'),
  }
}

/** A node's value in one line. */
export function textAt(packed: PackedStructure, index: number): string {
  const start = index === 0 ? 0 : numberOf(packed, index - 1, 'textEnd')
  return fromUtf8(packed.texts.subarray(start, numberOf(packed, index, 'textEnd')))
}

/** Header and content of an element. */
export function elementBytes({ bytes }: PackedStructure, node: NamedNode): Bytes {
  return bytes.subarray(node.offset, node.offset + node.headerLength + node.contentLength)
}

/** What goes over to another thread without being copied. */
export function transferablesOf(value: unknown): Transferable[] {
  const { numbers, texts } = (value ?? {}) as { numbers?: unknown; texts?: unknown }
  return numbers instanceof Int32Array && texts instanceof Uint8Array
    ? [numbers.buffer as ArrayBuffer, texts.buffer as ArrayBuffer]
    : []
}

function flagsOf(node: NamedNode): number {
  return (
    CLASSES.indexOf(node.tagClass) |
    (node.constructed ? CONSTRUCTED : 0) |
    (node.indefinite ? INDEFINITE : 0) |
    (node.encapsulated ? ENCAPSULATED : 0)
  )
}

/** Writes down where each node stands among those beside it: a tree that shows a part of itself has to say so. */
function countSiblings(numbers: Int32Array, nodes: Asn1Structure['nodes']): void {
  const counts = new Map<number, number>()
  for (const { index, parent = NONE } of nodes) {
    const position = (counts.get(parent) ?? 0) + 1
    counts.set(parent, position)
    numbers[index * WIDTH + PLACES.position] = position
  }
  for (const { index, parent = NONE } of nodes) {
    numbers[index * WIDTH + PLACES.siblings] = counts.get(parent) ?? 0
  }
}

/** Gives each different value a number, from 0. */
class Numbering<T> {
  readonly values: T[] = []
  readonly #numbers = new Map<T, number>()

  of(value: T | undefined): number {
    if (value === undefined) return NONE
    const known = this.#numbers.get(value)
    if (known !== undefined) return known
    this.#numbers.set(value, this.values.length)
    return this.values.push(value) - 1
  }
}
