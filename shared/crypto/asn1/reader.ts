/** Reads BER and DER into a flat tree, taking and refusing what `openssl asn1parse` does. */
import type { Bytes } from '../../bytes'
import { DerError, readHeader } from '../encodings/der'
import type { Asn1Node, Asn1Tree, TagClass } from './node'

/** Levels of elements inside each other that are read; OpenSSL stops at the same. */
export const MAX_DEPTH = 128
/** Elements that are read: some hundred bytes of memory each. */
export const MAX_NODES = 500_000

const CLASSES = ['universal', 'application', 'context', 'private'] as const satisfies readonly TagClass[]
const CONSTRUCTED = 0x20

/** Part of the bytes to read, and where it stands in a larger tree. */
export interface ReadRange {
  readonly start?: number
  readonly end?: number
  /** Depth of the outermost elements. */
  readonly depth?: number
  /** Most elements to read. */
  readonly limit?: number
  /** True to read one element, with what is inside it, and nothing after it. */
  readonly firstOnly?: boolean
}

/** An element that was begun and not ended. */
interface Frame {
  readonly node: Writable | undefined
  /** The element can't go past this. */
  readonly limit: number
  readonly indefinite: boolean
}

type Writable = { -readonly [Key in keyof Asn1Node]: Asn1Node[Key] }

/**
 * Reads elements until the bytes end. Time and memory grow with the number of elements; it never calls itself.
 * @throws DerError `bad_der` with the offset where the bytes are no BER, `asn1_too_deep`, `asn1_too_many`
 */
export function readTree(bytes: Bytes, range: ReadRange = {}): Asn1Tree {
  const { start = 0, end = bytes.length, depth: outerDepth = 0 } = range
  const { limit: mostNodes = MAX_NODES, firstOnly = false } = range
  if (start >= end) throw new DerError('bad_der', 'There are no bytes to read.', start)
  const nodes: Writable[] = []
  const frames: Frame[] = [{ node: undefined, limit: end, indefinite: false }]
  let at = start

  /** Ends the innermost element, and those around it that end at the same place. */
  const close = (): void => {
    const { node } = frames.pop() as Frame
    if (!node) return
    node.next = nodes.length
    node.contentLength = at - node.offset - node.headerLength
  }

  while (frames.length > 0) {
    const frame = frames.at(-1) as Frame
    if (at >= frame.limit) {
      close()
      continue
    }
    if (firstOnly && frames.length === 1 && nodes.length > 0) break
    if (nodes.length >= mostNodes) throw tooMany(at, mostNodes)
    const header = readHeader(bytes, at, frame.limit)
    const depth = outerDepth + frames.length - 1
    const node: Writable = {
      offset: at,
      headerLength: header.contentStart - at,
      contentLength: (header.end ?? header.contentStart) - header.contentStart,
      tagClass: CLASSES[header.identifier >> 6] as TagClass,
      tagNumber: header.tagNumber,
      constructed: (header.identifier & CONSTRUCTED) !== 0,
      indefinite: header.end === undefined,
      index: nodes.length,
      parent: frame.node?.index,
      depth,
      next: nodes.length + 1,
    }
    nodes.push(node)
    at = header.contentStart
    if (node.constructed && (node.indefinite || node.contentLength > 0)) {
      if (depth >= MAX_DEPTH) throw tooDeep(node.offset)
      frames.push({ node, limit: header.end ?? frame.limit, indefinite: node.indefinite })
      continue
    }
    at += node.contentLength
    const isEndMark = node.tagClass === 'universal' && node.tagNumber === 0 && !node.constructed
    if (isEndMark && frames.length === 1) break
    if (isEndMark && frame.indefinite) close()
  }
  return { bytes, nodes, end: at }
}

function tooDeep(offset: number): DerError {
  return new DerError(
    'asn1_too_deep',
    `The element at byte ${offset} is inside ${MAX_DEPTH} others: more are not read.`,
    offset,
  )
}

function tooMany(offset: number, most: number): DerError {
  return new DerError(
    'asn1_too_many',
    `There are more than ${most.toLocaleString('en')} elements before byte ${offset}: more are not read.`,
    offset,
  )
}
