/** An element of ASN.1 in words: its tag, its header. */
import { toHex } from '#shared/bytes'
import type { Asn1Element } from '#shared/crypto/asn1/node'
import { UNIVERSAL_TAGS } from '#shared/crypto/asn1/notation'
import { count } from '../../format'

const UNIVERSAL_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(UNIVERSAL_TAGS).map(([name, number]) => [number, name]),
)

/** The tag as ASN.1 writes it: `SEQUENCE`, `[0]`, `[APPLICATION 3]`. */
export function tagText({ tagClass, tagNumber }: Asn1Element): string {
  if (tagClass === 'universal') {
    return (
      UNIVERSAL_NAMES.get(tagNumber) ?? (tagNumber === 0 ? 'end of contents' : `[UNIVERSAL ${tagNumber}]`)
    )
  }
  return tagClass === 'context' ? `[${tagNumber}]` : `[${tagClass.toUpperCase()} ${tagNumber}]`
}

/** The header read aloud: its bytes, then what tag and length say. */
export function headerText(bytes: Uint8Array, node: Asn1Element): string {
  const header = toHex(bytes.subarray(node.offset, node.offset + node.headerLength), ' ')
  const form = node.constructed ? 'constructed' : 'primitive'
  const length = node.indefinite ? 'length left open' : `${count(node.contentLength, 'byte')} of content`
  return `${header} = ${tagText(node)}, ${form}, ${length}, at byte ${node.offset}`
}
