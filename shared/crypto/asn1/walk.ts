/** Ways through a tree. */
import type { Bytes } from '../../bytes'
import type { Asn1Element, Asn1Node, Asn1Tree } from './node'

const END_MARK = 0

/** The elements directly inside one, or at the top when none is named. */
export function childrenOf<Node extends Asn1Node>(tree: Asn1Tree<Node>, parent?: Node): readonly Node[] {
  const children: Node[] = []
  const end = parent ? parent.next : tree.nodes.length
  for (let index = parent ? parent.index + 1 : 0; index < end;) {
    const child = tree.nodes[index]
    if (!child) break
    children.push(child)
    index = child.next
  }
  return children
}

/** The same without the marks that end an indefinite length (BER): what the type of the parent speaks of. */
export function valuesIn<Node extends Asn1Node>(tree: Asn1Tree<Node>, parent?: Node): readonly Node[] {
  return childrenOf(tree, parent).filter((child) => !isUniversal(child, END_MARK))
}

/** The element's content, not copied. */
export function contentOf(bytes: Bytes, element: Asn1Element): Bytes {
  const start = element.offset + element.headerLength
  return bytes.subarray(start, start + element.contentLength)
}

/** The whole element, header and content, not copied. */
export function bytesOf(bytes: Bytes, element: Asn1Element): Bytes {
  return bytes.subarray(element.offset, element.offset + element.headerLength + element.contentLength)
}

/** True for a universal element with this tag number. */
export function isUniversal(element: Asn1Element | undefined, tagNumber: number): element is Asn1Element {
  return element?.tagClass === 'universal' && element.tagNumber === tagNumber
}
