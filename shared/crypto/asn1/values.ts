/** What the content of an element means, in one line and in every form. */
import { toHex, type Bytes } from '../../bytes'
import { beginning } from '../../visible'
import { ipText } from './ip-text'
import type { Asn1Structure, Asn1Value, NamedNode, ValueDetail } from './node'
import { decodeOid, decodeRelativeOid } from '../encodings/oid-text'
import { attributeName, oidName } from '../encodings/oids'
import { decodeString, isStringTag, printableText } from './strings'
import { decodeTime } from './times'
import { childrenOf, contentOf } from './walk'

/** Characters of {@link Asn1Value.text}. */
const MAX_TEXT = 160
/** Larger integers stay hex: their decimal digits would take long to work out. */
const MAX_DECIMAL_BYTES = 4_096
/** Integers up to this are shown in decimal in the line. */
const MAX_LINE_BYTES = 8
const OBJECT_IDENTIFIER = 6

/** Describes the value of an element. Elements that hold others get a line that names them, where there is one. */
export function describeValue(structure: Asn1Structure, node: NamedNode): Asn1Value {
  const described = node.constructed ? describeContainer(structure, node) : describePrimitive(structure, node)
  const problem = described.problem ?? node.problem
  return { ...described, text: cut(described.text), problem }
}

/** The dotted OID in an element; undefined when it has none. */
function oidIn(structure: Asn1Structure, node: NamedNode | undefined): string | undefined {
  return node?.universal === OBJECT_IDENTIFIER ? decodeOid(contentOf(structure.bytes, node)) : undefined
}

/** An OID with its name, for instance `serverAuth (1.3.6.1.5.5.7.3.1)`. */
export function oidText(oid: string): string {
  const name = oidName(oid)
  return name === undefined ? oid : `${name} (${oid})`
}

/** A distinguished name, a part of it or an element that begins with an OID says more than that it holds others. */
function describeContainer(structure: Asn1Structure, node: NamedNode): Asn1Value {
  const children = childrenOf(structure, node)
  const count = `${children.length} ${children.length === 1 ? 'element' : 'elements'}`
  return value(containerText(structure, node, children), [
    { label: 'Holds', value: count },
    { label: 'Length', value: bytesText(node.contentLength) },
  ])
}

function containerText(structure: Asn1Structure, node: NamedNode, children: readonly NamedNode[]): string {
  const inner = (child: NamedNode): string => containerText(structure, child, childrenOf(structure, child))
  switch (node.type) {
    case 'Name':
    case 'RelativeDistinguishedName':
      return children
        .slice(0, 20)
        .map(inner)
        .join(node.type === 'Name' ? ', ' : ' + ')
    case 'AttributeTypeAndValue': {
      const [type, held] = children
      const oid = oidIn(structure, type)
      if (oid === undefined || !held) return ''
      return `${attributeName(oid)}=${describePrimitive(structure, held).text}`
    }
  }
  const oid = oidIn(structure, children[0])
  return oid === undefined ? '' : (oidName(oid) ?? oid)
}

function describePrimitive(structure: Asn1Structure, node: NamedNode): Asn1Value {
  const content = contentOf(structure.bytes, node)
  if (node.next > node.index + 1 && node.universal === 4) return holdingString(content)
  switch (node.universal) {
    case 0:
      return value('end of contents', [])
    case 1:
      return describeBoolean(content)
    case 2:
    case 10:
      return describeInteger(content, node)
    case 3:
      return describeBits(content, node)
    case 5:
      return value('', [], content.length > 0 ? 'NULL has no content, and this has some.' : undefined)
    case 6:
      return describeOid(content)
    case 13: {
      const text = decodeRelativeOid(content)
      return value(text ?? toHex(content), [], text === undefined ? 'It is no relative OID.' : undefined)
    }
    case 23:
    case 24:
      return describeTime(content, node.universal)
    default:
      if (node.universal !== undefined && isStringTag(node.universal)) {
        return describeString(content, node.universal)
      }
      return describeOctets(content, node)
  }
}

function describeBoolean(content: Bytes): Asn1Value {
  const hex: ValueDetail = { label: 'Hex', value: toHex(content) }
  if (content.length !== 1) return value('', [hex], 'A BOOLEAN is one byte.')
  const isOdd = content[0] !== 0 && content[0] !== 0xff
  const text = content[0] === 0 ? 'FALSE' : 'TRUE'
  return value(text, [hex], isOdd ? 'DER writes TRUE as the byte ff.' : undefined)
}

function describeInteger(content: Bytes, node: NamedNode): Asn1Value {
  if (content.length === 0) return value('', [], 'An INTEGER has at least one byte.')
  const hex = toHex(content)
  const number = content.length <= MAX_DECIMAL_BYTES ? toBigInt(content) : undefined
  const bits = bitLength(content)
  const decimal = number?.toString()
  const name = number === undefined ? undefined : node.numberNames?.get(Number(number))
  const short = decimal !== undefined && content.length <= MAX_LINE_BYTES ? decimal : `${bits} bits: ${hex}`
  const [first, second] = content
  const isLong =
    second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))
  return value(
    name === undefined ? short : `${name} (${short})`,
    [
      ...(decimal === undefined ? [] : [{ label: 'Decimal', value: decimal }]),
      { label: 'Hex', value: hex },
      { label: 'Length', value: `${bits} bits` },
    ],
    isLong ? 'DER leaves out the needless byte at the start.' : undefined,
  )
}

function describeBits(content: Bytes, node: NamedNode): Asn1Value {
  const unused = content[0]
  if (unused === undefined)
    return value('', [], 'A BIT STRING has at least the byte that counts unused bits.')
  const data = content.subarray(1)
  if (unused > 7 || (unused > 0 && data.length === 0)) {
    return value(toHex(content), [], `It can’t have ${unused} unused bits.`)
  }
  const bits = data.length * 8 - unused
  const names = node.numberNames && bitNames(data, bits, node.numberNames)
  const isPadded = ((data.at(-1) ?? 0) & ((1 << unused) - 1)) !== 0
  const details = [
    { label: 'Length', value: `${bits} bits` },
    { label: 'Unused bits', value: String(unused) },
    { label: 'Hex', value: toHex(data) },
  ]
  const text = names
    ? names.join(', ')
    : `${bits} bits${bits > 0 ? `: ${toHex(data.subarray(0, MAX_TEXT))}` : ''}`
  const holds = node.next > node.index + 1
  return value(
    holds ? `${bits} bits` : text,
    details,
    isPadded ? 'DER has zeros in the unused bits.' : undefined,
  )
}

function bitNames(data: Bytes, bits: number, names: ReadonlyMap<number, string>): readonly string[] {
  const set: string[] = []
  for (let bit = 0; bit < Math.min(bits, MAX_TEXT); bit++) {
    if (((data[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) set.push(names.get(bit) ?? `bit ${bit}`)
  }
  return set
}

function describeOid(content: Bytes): Asn1Value {
  const oid = decodeOid(content)
  if (oid === undefined) return value(toHex(content), [], 'It is no object identifier.')
  const name = oidName(oid)
  return value(oidText(oid), [
    { label: 'OID', value: oid },
    ...(name === undefined ? [] : [{ label: 'Name', value: name }]),
    { label: 'Hex', value: toHex(content) },
  ])
}

function describeTime(content: Bytes, tag: number): Asn1Value {
  const { written, iso, problem } = decodeTime(tag, content)
  const details = [{ label: 'As written', value: written }]
  return value(
    iso ?? written,
    iso === undefined ? details : [...details, { label: 'ISO 8601', value: iso }],
    problem,
  )
}

function describeString(content: Bytes, tag: number): Asn1Value {
  const decoded = decodeString(tag, content)
  const text = decoded?.text ?? ''
  return value(
    text,
    [
      { label: 'Text', value: text },
      { label: 'Length', value: bytesText(content.length) },
      { label: 'Hex', value: toHex(content) },
    ],
    decoded?.problem,
  )
}

function describeOctets(content: Bytes, node: NamedNode): Asn1Value {
  const printable = printableText(content)
  const details = [
    { label: 'Length', value: bytesText(content.length) },
    { label: 'Hex', value: toHex(content) },
    ...(printable === undefined ? [] : [{ label: 'As text', value: printable }]),
  ]
  if (node.type === 'IPAddress') {
    const isAddress = [4, 8, 16, 32].includes(content.length)
    return value(ipText(content), details, isAddress ? undefined : 'An IP address has 4 or 16 bytes.')
  }
  const hex = toHex(content.subarray(0, MAX_TEXT))
  return value(content.length === 0 ? '0 bytes' : `${bytesText(content.length)}: ${hex}`, details)
}

function holdingString(content: Bytes): Asn1Value {
  const length = bytesText(content.length)
  return value(length, [
    { label: 'Length', value: length },
    { label: 'Hex', value: toHex(content) },
  ])
}

function value(text: string, details: readonly ValueDetail[], problem?: string): Asn1Value {
  return { text, details, problem }
}

/** Two's complement, big-endian. */
function toBigInt(content: Bytes): bigint {
  return BigInt.asIntN(content.length * 8, BigInt(`0x${toHex(content)}`))
}

/** Bits of the number without its sign. */
function bitLength(content: Bytes): number {
  const isNegative = (content[0] ?? 0) >= 0x80
  // -2^n is the only negative number whose size is not that of its inverted bits.
  const at = content.findIndex((byte) => byte !== (isNegative ? 0xff : 0))
  if (at < 0) return isNegative ? 1 : 0
  const byte = content[at] ?? 0
  const bits = (content.length - at) * 8 - (Math.clz32(isNegative ? byte ^ 0xff : byte) - 24)
  const isPower = isNegative && bits % 8 === 7 && content.subarray(at + 1).every((other) => other === 0)
  return isPower && byte === 0x80 ? bits + 1 : bits
}

function bytesText(count: number): string {
  return count === 1 ? '1 byte' : `${count.toLocaleString('en')} bytes`
}

function cut(text: string): string {
  return text.length <= MAX_TEXT ? text : `${beginning(text, MAX_TEXT - 1)}…`
}
