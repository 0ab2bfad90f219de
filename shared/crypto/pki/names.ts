/** Distinguished names (RFC 5280 section 4.1.2.4) of what was held to DER. */
import type { Bytes } from '../../bytes'
import { attributeText, decodeString } from '../asn1/strings'
import { childAt, contentBytes, readChildren, type DerElement } from '../encodings/der'
import { decodeOid } from '../encodings/oid-text'
import { attributeName, oidNamed } from '../encodings/oids'

/** A distinguished name: its text, its common name where it has just one, and its DER. */
export interface DistinguishedName {
  readonly text: string
  readonly commonName: string | undefined
  readonly der: Bytes
}

const COMMON_NAME = oidNamed('commonName')

/** Reads the Name that an element is. */
export function readName(der: Bytes, element: DerElement): DistinguishedName {
  const relative = readChildren(der, element).map((set) =>
    readChildren(der, set).map((attribute) => readAttribute(der, attribute)),
  )
  const common = relative.flat().filter(({ oid }) => oid === COMMON_NAME)
  return {
    text: relative
      .map((attributes) => attributes.map(({ oid, value }) => attributeText(attributeName(oid), value)))
      .map((texts) => texts.join(' + '))
      .join(', '),
    commonName: common.length === 1 ? common[0]?.value : undefined,
    der: der.slice(element.start, element.end),
  }
}

function readAttribute(der: Bytes, attribute: DerElement): { readonly oid: string; readonly value: string } {
  const value = childAt(der, attribute, 1)
  return {
    oid: decodeOid(contentBytes(der, childAt(der, attribute, 0))) ?? '',
    value: decodeString(value.tag, contentBytes(der, value))?.text ?? '',
  }
}
