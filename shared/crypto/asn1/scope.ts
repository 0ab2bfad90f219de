/** What an element has around it: where `DEFINED BY` looks. */
import { decodeOid } from '../encodings/oid-text'
import type { Asn1Node, Asn1Tree } from './node'
import type { Asn1Type } from './notation'
import { typeFromTable } from './schema'
import { childrenOf, contentOf, isUniversal } from './walk'

/** An element, and the tree that it is from: what stands in a string is a tree of its own. */
export interface Place {
  readonly tree: Asn1Tree
  readonly node: Asn1Node
}

/** The fields of the SEQUENCE around a value, by name. */
export type Scope = ReadonlyMap<string, Place>

/** Around the whole there is nothing. */
export const NO_SCOPE: Scope = new Map()

const OBJECT_IDENTIFIER = 6

/** What the OID in the field says that stands here; undefined when it says nothing. */
export function definedBy(
  { by, table }: Extract<Asn1Type, { kind: 'any' }>,
  scope: Scope,
): Asn1Type | undefined {
  const place = by === undefined ? undefined : scope.get(by)
  if (!place || table === undefined) return undefined
  // The field is the OID, or an AlgorithmIdentifier that begins with it.
  const { tree, node } = place
  const oid = node.constructed ? childrenOf(tree, node)[0] : node
  if (!oid || !isUniversal(oid, OBJECT_IDENTIFIER)) return undefined
  return typeFromTable(table, decodeOid(contentOf(tree.bytes, oid)))
}
