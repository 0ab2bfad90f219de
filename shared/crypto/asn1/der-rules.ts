/** DER's rules for one element (X.690 sections 8, 10 and 11): what may be written in one way only has to be. */
import type { Bytes } from '../../bytes'
import { decodeOid, decodeRelativeOid } from '../encodings/oid-text'
import type { Asn1Node } from './node'
import { decodeString, isStringTag } from './strings'
import { decodeTime } from './times'
import { contentOf } from './walk'

const [BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OBJECT_IDENTIFIER] = [1, 2, 3, 4, 5, 6] as const
const [ENUMERATED, RELATIVE_OID, SEQUENCE, SET, UTC_TIME, GENERALIZED_TIME] = [
  10, 13, 16, 17, 23, 24,
] as const

/** What keeps an element, of a type that isn't known, from being DER by its header and its own content; undefined if nothing. */
export function plainFault(bytes: Bytes, node: Asn1Node): string | undefined {
  const fault = headerFault(node)
  if (fault !== undefined || node.tagClass !== 'universal') return fault
  const isHolder = node.tagNumber === SEQUENCE || node.tagNumber === SET
  if (node.constructed !== isHolder) return constructionFault(node.constructed)
  return isHolder ? undefined : contentFault(node.tagNumber, contentOf(bytes, node))
}

/** What is wrong with an element’s tag and length; undefined if nothing (X.690 sections 8.1 and 10.1). */
export function headerFault({
  indefinite,
  headerLength,
  tagNumber,
  contentLength,
}: Asn1Node): string | undefined {
  if (indefinite) return 'Its length is left open, which is BER.'
  let shortest = 2
  if (tagNumber >= 31) for (let rest = tagNumber; rest > 0; rest = Math.floor(rest / 128)) shortest++
  if (contentLength >= 0x80)
    for (let rest = contentLength; rest > 0; rest = Math.floor(rest / 256)) shortest++
  return headerLength === shortest ? undefined : 'Its tag or length takes more bytes than it needs.'
}

/** What is wrong with an element that is constructed, or should be. */
export function constructionFault(constructed: boolean): string {
  return constructed ? 'It is in pieces, which is BER.' : 'It should hold other elements.'
}

/** What keeps content from being a value of a universal type in DER; undefined if nothing. */
export function contentFault(tag: number, content: Uint8Array): string | undefined {
  const [first, second = 0] = content
  switch (tag) {
    case BOOLEAN:
      return content.length === 1 && (first === 0 || first === 0xff)
        ? undefined
        : 'A BOOLEAN is one byte, 00 or ff.'
    case INTEGER:
    case ENUMERATED: {
      const isLong = content.length > 1 && (first === 0 ? second < 0x80 : first === 0xff && second >= 0x80)
      if (first === undefined) return 'A number has at least one byte.'
      return isLong ? 'A number has a needless byte at its start.' : undefined
    }
    case BIT_STRING:
      return bitsFault(content)
    case OCTET_STRING:
      return undefined
    case NULL:
      return first === undefined ? undefined : 'NULL has no content.'
    case OBJECT_IDENTIFIER:
      return decodeOid(content) === undefined ? 'It is no object identifier.' : undefined
    case RELATIVE_OID:
      return decodeRelativeOid(content) === undefined ? 'It is no relative object identifier.' : undefined
    case UTC_TIME:
    case GENERALIZED_TIME:
      return decodeTime(tag, content).problem
    default:
      return isStringTag(tag) ? decodeString(tag, content)?.problem : 'Its type is not in use.'
  }
}

function bitsFault(content: Uint8Array): string | undefined {
  const [unused] = content
  if (unused === undefined) return 'A BIT STRING has at least the byte that counts unused bits.'
  if (unused > 7 || (unused > 0 && content.length === 1)) return `It can’t have ${unused} unused bits.`
  return unused === 0 || ((content.at(-1) ?? 0) & ((1 << unused) - 1)) === 0
    ? undefined
    : 'DER has zeros in the unused bits.'
}
