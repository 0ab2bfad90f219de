/** Distinguished names (RFC 5280 section 4.1.2.4): read, written as text, compared. */
import { equalBytes, toHex } from '../../bytes'
import { attributeName, oidNamed } from '../../crypto/encodings/oids'
import { attributeText, decodeString } from '../../crypto/asn1/strings'
import { readStructure } from '../../crypto/asn1/structure'
import { contentBytes, oidOfPart, partsOf, wholeBytes, wholeOf, type Part } from './parts'
import type { DistinguishedNameView, NameAttribute } from './types'

/** The string types whose characters count, not their encoding, when names are compared. */
const COMPARED_AS_TEXT = new Set([12, 19, 20, 22, 26, 28, 30])
const COMMON_NAME = oidNamed('commonName')
const canonical = new WeakMap<DistinguishedNameView, string>()

/** Reads a name. `problems` gets a sentence for each value that isn't encoded as it says. */
export function readName(part: Part | undefined, problems: string[], what: string): DistinguishedNameView {
  if (!part) return { text: '', attributes: [], commonName: undefined, der: new Uint8Array() }
  const rdns = partsOf(part).map((rdn) =>
    partsOf(rdn).map((attribute) => readAttribute(attribute, problems, what)),
  )
  const attributes = rdns.flat().map(({ attribute }) => attribute)
  return {
    text: rdns.map((rdn) => rdn.map(({ text }) => text).join(' + ')).join(', '),
    attributes,
    commonName: attributes.findLast(({ oid }) => oid === COMMON_NAME)?.value,
    der: wholeBytes(part),
  }
}

/** Reads a name of its own, DER. */
export function readNameDer(der: Uint8Array<ArrayBuffer>): DistinguishedNameView {
  return readName(wholeOf(readStructure(der, 'Name')), [], 'The name')
}

/**
 * True when both are the same name: RFC 5280 section 7.1 as OpenSSL does it. The same attributes in the same order; of text
 * neither its encoding nor the case of A to Z, nor spaces around it or in a row, make a difference.
 */
export function sameName(a: DistinguishedNameView, b: DistinguishedNameView): boolean {
  return equalBytes(a.der, b.der) || nameKey(a) === nameKey(b)
}

/** Values of an attribute as they stand, with the tag of their string type; what is no string is left out. */
export function textsOf(
  name: DistinguishedNameView,
  oid: string,
): readonly { readonly text: string; readonly tag: number }[] {
  const whole = name.der.length === 0 ? undefined : wholeOf(readStructure(name.der, 'Name'))
  const attributes = whole ? partsOf(whole).flatMap((rdn) => partsOf(rdn)) : []
  return attributes.flatMap((attribute) => {
    const [type, held] = partsOf(attribute)
    const tag = held?.node.universal
    if (oidOfPart(type) !== oid || !held || tag === undefined || held.node.constructed) return []
    const decoded = decodeString(tag, contentBytes(held))
    return decoded ? [{ text: decoded.text, tag }] : []
  })
}

/** A name without attributes. */
export function isEmptyName(name: DistinguishedNameView): boolean {
  return name.attributes.length === 0
}

/** An attribute, and how it stands in the text of the name. */
interface ReadAttribute {
  readonly attribute: NameAttribute
  readonly text: string
}

function readAttribute(part: Part, problems: string[], what: string): ReadAttribute {
  const [type, held] = partsOf(part)
  const oid = oidOfPart(type)
  if (oid === undefined || !held) {
    problems.push(`${what} has an attribute that can’t be read.`)
    return written({ oid: '', name: '?', value: `#${toHex(wholeBytes(part))}` })
  }
  const name = attributeName(oid)
  const decoded = held.node.constructed
    ? undefined
    : decodeString(held.node.universal ?? 0, contentBytes(held))
  if (decoded?.problem) {
    problems.push(`${what} has a value that is wrongly encoded, ${name}: ${decoded.problem}`)
  }
  // RFC 4514 section 2.4 for what is no text.
  if (!decoded) return written({ oid, name, value: `#${toHex(wholeBytes(held))}` })
  return written({ oid, name, value: decoded.text })
}

function written(attribute: NameAttribute): ReadAttribute {
  return { attribute, text: attributeText(attribute.name, attribute.value) }
}

/** One text for all that {@link sameName} takes for one name: to look names up by. */
export function nameKey(name: DistinguishedNameView): string {
  const known = canonical.get(name)
  if (known !== undefined) return known
  const whole = name.der.length === 0 ? undefined : wholeOf(readStructure(name.der, 'Name'))
  const rdns = (whole ? partsOf(whole) : []).map((rdn) => partsOf(rdn).map(canonicalAttribute).sort())
  const text = JSON.stringify(rdns)
  canonical.set(name, text)
  return text
}

function canonicalAttribute(part: Part): string {
  const [type, held] = partsOf(part)
  const oid = oidOfPart(type)
  const tag = held?.node.tagClass === 'universal' ? held.node.tagNumber : 0
  if (oid === undefined || !held || held.node.constructed || !COMPARED_AS_TEXT.has(tag)) {
    return `#${toHex(wholeBytes(part))}`
  }
  const text = decodeString(tag, contentBytes(held))?.text ?? ''
  const collapsed = text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '').replace(/[ \t\n\v\f\r]+/g, ' ')
  return `${oid}=${collapsed.replace(/[A-Z]/g, (letter) => letter.toLowerCase())}`
}
