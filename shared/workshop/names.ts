/** Writes names: distinguished ones (RFC 5280 section 4.1.2.4) and general ones (section 4.2.1.6). */
import { concat, toUtf8, type Bytes } from '../bytes'
import { context, implicit, oid, sequence, set, text } from '../crypto/encodings/asn1'
import { oidNamed } from '../crypto/encodings/oids'
import { addressBytes } from '../crypto/pki/host-name'
import { LabError } from '../errors'
import type { AlternativeName, NamePart } from './chain'

/** Context tags of GeneralName. */
const KINDS = { email: 1, DNS: 2, directory: 4, URI: 6, IP: 7 } as const

/** A distinguished name: one attribute in each of its sets. */
export function writeName(parts: readonly NamePart[]): Bytes {
  return sequence(
    ...parts.map(({ type, text: value, as }) =>
      set(sequence(oid(oidNamed(type)), text(as ?? 'UTF8String', value))),
    ),
  )
}

/** A general name, in name constraints with the mask of a network. */
export function writeGeneralName(name: AlternativeName): Bytes {
  const tag = KINDS[name.kind]
  switch (name.kind) {
    case 'IP': {
      const mask = name.mask === undefined ? [] : [addressOf(name.mask)]
      return implicit(tag, concat(addressOf(name.value), ...mask))
    }
    case 'directory':
      // A Name is a CHOICE, so its tag is EXPLICIT.
      return context(tag, writeName(name.value))
    default:
      return implicit(tag, toUtf8(name.value))
  }
}

function addressOf(value: string): Bytes {
  const bytes = addressBytes(value)
  if (!bytes) throw new LabError('bad_argument', `${value} is no IP address.`)
  return bytes
}
