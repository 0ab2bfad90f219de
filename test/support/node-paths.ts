/** Names the elements of an ASN.1 structure by the way to them. */
import type { Asn1Structure, NamedNode } from '#shared/crypto/asn1/node'
import { childrenOf, valuesIn } from '#shared/crypto/asn1/walk'

/**
 * The way to a node by its fields, for instance `tbsCertificate.validity.notBefore` or `tbsCertificate.extensions[2].extnID`;
 * places without a name are counted from 0. Empty for the whole.
 */
export function nodePath(structure: Asn1Structure, node: NamedNode): string {
  const parent = node.parent === undefined ? undefined : structure.nodes[node.parent]
  if (!parent) {
    const tops = childrenOf(structure)
    return tops.length === 1 ? '' : `[${tops.indexOf(node)}]`
  }
  const before = nodePath(structure, parent)
  const siblings = childrenOf(structure, parent)
  if (node.field !== undefined) {
    // In a list of a CHOICE several may have the name.
    const isOnly = siblings.every((sibling) => sibling === node || sibling.field !== node.field)
    const name = isOnly ? node.field : `${node.field}[${siblings.indexOf(node)}]`
    return before === '' ? name : `${before}.${name}`
  }
  // What an EXPLICIT tag or a string holds is the same thing as that.
  const isOnly = valuesIn(structure, parent).length === 1
  const isSame = isOnly && (node.encapsulated || isWrapper(parent))
  return isSame ? before : `${before}[${siblings.indexOf(node)}]`
}

/** An element that is there for its tag only: it has a field and no type. */
function isWrapper(node: NamedNode): boolean {
  return (
    node.tagClass === 'context' && node.constructed && node.type === undefined && node.field !== undefined
  )
}
