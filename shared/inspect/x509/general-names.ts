/** GeneralName (RFC 5280 section 4.2.1.6): the names of subjectAltName, of name constraints, of where to find something. */
import { toHex } from '../../bytes'
import { decodeOid } from '../../crypto/encodings/oid-text'
import { oidText } from '../../crypto/asn1/values'
import { decodeString, printableText } from '../../crypto/asn1/strings'
import { ipText } from '../../crypto/asn1/ip-text'
import { readName } from './names'
import { contentBytes, fieldOf, oidOfPart, partsOf, unwrapped, wholeBytes, type Part } from './parts'
import type { GeneralNameKind, GeneralNameView } from './types'

/** By context tag. */
export const GENERAL_NAME_KINDS: readonly GeneralNameKind[] = [
  'otherName',
  'email',
  'DNS',
  'x400Address',
  'directoryName',
  'ediPartyName',
  'URI',
  'IP',
  'registeredID',
]
const IA5_STRING = 22

/** Reads GeneralNames; what is none is left out. */
export function readGeneralNames(part: Part): readonly GeneralNameView[] {
  return partsOf(part).flatMap((name) => readGeneralName(name) ?? [])
}

/** Reads one name; undefined for a tag that no name has. */
export function readGeneralName(part: Part): GeneralNameView | undefined {
  const kind = part.node.tagClass === 'context' ? GENERAL_NAME_KINDS[part.node.tagNumber] : undefined
  if (!kind) return undefined
  switch (kind) {
    case 'directoryName': {
      const name = readName(unwrapped(part), [], 'The name')
      return { kind, value: name.text, content: name.der }
    }
    case 'otherName':
      return { kind, value: otherNameText(part), content: contentBytes(part) }
    case 'IP':
      return { kind, value: ipText(contentBytes(part)), content: contentBytes(part) }
    case 'registeredID':
      return { kind, value: oidText(decodeOid(contentBytes(part)) ?? '?'), content: contentBytes(part) }
    case 'x400Address':
    case 'ediPartyName':
      return { kind, value: toHex(contentBytes(part)), content: contentBytes(part) }
    default: {
      const content = contentBytes(part)
      const decoded = decodeString(IA5_STRING, content)
      // What is not ASCII is mostly UTF-8, and wrong either way.
      const text = (decoded?.problem && printableText(content)) || (decoded?.text ?? '')
      return { kind, value: text, content }
    }
  }
}

/** As in `DNS: localhost, IP: 127.0.0.1`. */
export function generalNamesText(names: readonly GeneralNameView[]): string {
  return names.map(generalNameText).join(', ')
}

/** A name with its kind in front. */
export function generalNameText(name: Pick<GeneralNameView, 'kind' | 'value'>): string {
  return `${name.kind}: ${valueText(name)}`
}

/** What is named, as it stands among others: in quotes where a comma in it would pose as the end of the name. */
export function valueText({ kind, value }: Pick<GeneralNameView, 'kind' | 'value'>): string {
  // In a distinguished name a comma that is no end has a backslash before it.
  const isPlain = kind === 'directoryName' || !/[,"]/.test(value)
  return isPlain ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`
}

function otherNameText(part: Part): string {
  const oid = oidOfPart(fieldOf(part, 'type-id'))
  const held = fieldOf(part, 'value')
  if (!held) return toHex(contentBytes(part))
  const text = held.node.constructed ? undefined : decodeString(held.node.universal ?? 0, contentBytes(held))
  // A SID of Windows is a text in an OCTET STRING.
  const printable = held.node.universal === 4 ? printableText(contentBytes(held)) : undefined
  return `${oidText(oid ?? '?')} ${text?.text ?? printable ?? toHex(wholeBytes(held))}`
}
