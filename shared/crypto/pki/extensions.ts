/** Extensions of certificates (RFC 5280 section 4.2): held to their types, and read into plain data. */
import { toHex, type Bytes } from '../../bytes'
import { ipText } from '../asn1/ip-text'
import { typeNamed } from '../asn1/schema'
import { requireExtension } from '../asn1/strict'
import { decodeString } from '../asn1/strings'
import { childAt, contentBytes, DerError, readChildren, readElement, type DerElement } from '../encodings/der'
import { decodeOid } from '../encodings/oid-text'
import { oidName, oidNamed } from '../encodings/oids'
import { numberFrom } from '../encodings/rsa-numbers'

/** One name form of a subjectAltName; `kind` is `other` where this program has no text form for it. */
export interface AlternativeName {
  readonly kind: 'DNS' | 'IP' | 'email' | 'URI' | 'other'
  readonly value: string
}

/** An extension with its value decoded into one line of text. */
export interface CertificateExtension {
  readonly oid: string
  readonly name: string
  readonly critical: boolean
  readonly text: string
}

/** What the extensions of a certificate say; a part is undefined where its extension is not there. */
export interface ReadExtensions {
  readonly extensions: readonly CertificateExtension[]
  readonly basicConstraints:
    { readonly authority: boolean; readonly pathLength: number | undefined } | undefined
  readonly keyUsage: readonly string[] | undefined
  readonly extendedKeyUsage: readonly string[] | undefined
  readonly subjectAltName: readonly AlternativeName[] | undefined
  readonly subjectKeyIdentifier: Bytes | undefined
  readonly authorityKeyIdentifier: AuthorityKeyIdentifier | undefined
}

/** What says which key of the issuer has signed (RFC 5280 section 4.2.1.1). The serial number is hex. */
export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Bytes | undefined
  /** GeneralNames without their tag, DER. */
  readonly issuer: Bytes | undefined
  readonly serial: string | undefined
}

const OIDS = {
  basicConstraints: oidNamed('basicConstraints'),
  keyUsage: oidNamed('keyUsage'),
  extKeyUsage: oidNamed('extKeyUsage'),
  subjectAltName: oidNamed('subjectAltName'),
  issuerAltName: oidNamed('issuerAltName'),
  subjectKeyIdentifier: oidNamed('subjectKeyIdentifier'),
  authorityKeyIdentifier: oidNamed('authorityKeyIdentifier'),
} as const

/** Extensions without which a certificate can't be judged: when one is unreadable, the certificate is refused. */
export const NEEDED_EXTENSIONS: ReadonlySet<string> = new Set([
  OIDS.subjectKeyIdentifier,
  OIDS.keyUsage,
  OIDS.subjectAltName,
  OIDS.basicConstraints,
  OIDS.authorityKeyIdentifier,
  OIDS.extKeyUsage,
  oidNamed('nameConstraints'),
  oidNamed('cRLDistributionPoints'),
  oidNamed('netscapeCertType'),
])

const BOOLEAN = 0x01
/** By context tag (RFC 5280 section 4.2.1.6). */
const NAME_KINDS: Readonly<Record<number, AlternativeName['kind']>> = {
  0x81: 'email',
  0x82: 'DNS',
  0x86: 'URI',
  0x87: 'IP',
}
const IA5_STRING = 22

/** An extension as it stands: its value is DER. */
interface RawExtension {
  readonly oid: string
  readonly critical: boolean
  readonly value: Bytes
}

/**
 * Reads Extensions that were held to DER; their values are held to it here, as far as the certificate depends on them.
 * @param list the SEQUENCE; undefined where there are none
 * @throws DerError for an extension that is there twice, or is needed or critical and not of its type
 */
export function readExtensions(der: Bytes, list: DerElement | undefined): ReadExtensions {
  const found = new Map<string, RawExtension>()
  for (const element of list ? readChildren(der, list) : []) {
    const extension = readExtension(der, element)
    // RFC 5280 section 4.2: else it would depend on the reader which of two holds.
    if (found.has(extension.oid)) {
      throw new DerError('bad_der', `The extension ${nameOf(extension)} is there twice.`, element.start)
    }
    found.set(extension.oid, extension)
  }
  const valueOf = (oid: string): Bytes | undefined => found.get(oid)?.value
  return {
    extensions: [...found.values()].map(({ oid, critical, value }) => ({
      oid,
      name: oidName(oid) ?? oid,
      critical,
      text: textOf(oid, value),
    })),
    basicConstraints: map(valueOf(OIDS.basicConstraints), readBasicConstraints),
    keyUsage: map(valueOf(OIDS.keyUsage), readKeyUsage),
    extendedKeyUsage: map(valueOf(OIDS.extKeyUsage), readPurposes),
    subjectAltName: map(valueOf(OIDS.subjectAltName), readNames),
    subjectKeyIdentifier: map(valueOf(OIDS.subjectKeyIdentifier), readIdentifier),
    authorityKeyIdentifier: map(valueOf(OIDS.authorityKeyIdentifier), readAuthorityKey),
  }
}

function readExtension(der: Bytes, element: DerElement): RawExtension {
  // FALSE is never written: it is the default.
  const critical = childAt(der, element, 1).tag === BOOLEAN
  const holder = childAt(der, element, critical ? 2 : 1)
  const extension = {
    oid: decodeOid(contentBytes(der, childAt(der, element, 0))) ?? '',
    critical,
    value: contentBytes(der, holder),
  }
  if (critical || NEEDED_EXTENSIONS.has(extension.oid)) requireValue(extension, holder.contentStart)
  return extension
}

function requireValue(extension: RawExtension, offset: number): void {
  try {
    requireExtension(extension.oid, extension.value)
  } catch (cause) {
    if (!(cause instanceof DerError)) throw cause
    const message = `The extension ${nameOf(extension)} can’t be used. ${cause.message}`
    throw new DerError('bad_der', message, offset)
  }
}

function nameOf({ oid }: RawExtension): string {
  return oidName(oid) ?? oid
}

function map<T>(value: Bytes | undefined, read: (value: Bytes) => T): T | undefined {
  return value && read(value)
}

function readBasicConstraints(value: Bytes): NonNullable<ReadExtensions['basicConstraints']> {
  const parts = readChildren(value, readElement(value))
  const limit = parts.find(({ tag }) => tag !== BOOLEAN)
  return { authority: parts[0]?.tag === BOOLEAN, pathLength: limit && numberIn(value, limit) }
}

/** A number in two's complement. */
function numberIn(der: Bytes, element: DerElement): number {
  const content = contentBytes(der, element)
  return Number(BigInt.asIntN(content.length * 8, numberFrom(content)))
}

/** Names of the bits that are set. */
function readKeyUsage(value: Bytes): readonly string[] {
  const { type } = typeNamed('KeyUsage')
  const bits = contentBytes(value, readElement(value)).subarray(1)
  const isSet = (bit: number): boolean => (((bits[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1
  return type.kind === 'named' ? [...type.names].flatMap(([bit, name]) => (isSet(bit) ? name : [])) : []
}

/** Names of purposes, or OIDs. */
function readPurposes(value: Bytes): readonly string[] {
  return readChildren(value, readElement(value)).map((element) => {
    const oid = decodeOid(contentBytes(value, element)) ?? ''
    return oidName(oid) ?? oid
  })
}

function readNames(value: Bytes): readonly AlternativeName[] {
  return readChildren(value, readElement(value)).map((element) => {
    const kind = NAME_KINDS[element.tag]
    const content = contentBytes(value, element)
    if (kind === undefined) return { kind: 'other', value: `type ${element.tag & 0x1f}` }
    if (kind === 'IP') return { kind, value: ipText(content) }
    return { kind, value: decodeString(IA5_STRING, content)?.text ?? '' }
  })
}

function readIdentifier(value: Bytes): Bytes {
  return contentBytes(value, readElement(value))
}

function readAuthorityKey(value: Bytes): AuthorityKeyIdentifier {
  const parts = readChildren(value, readElement(value))
  const partOf = (wanted: number): Bytes | undefined => {
    const part = parts.find(({ tag }) => tag === wanted)
    return part && contentBytes(value, part)
  }
  const serial = partOf(0x82)
  return { keyIdentifier: partOf(0x80), issuer: partOf(0xa1), serial: serial && toHex(serial) }
}

/** One line; hex where the extension has no text here, or can't be read and needn't be. */
function textOf(oid: string, value: Bytes): string {
  try {
    requireExtension(oid, value)
    return readableText(oid, value) ?? toHex(value, ' ')
  } catch (error) {
    if (error instanceof DerError) return toHex(value, ' ')
    throw error
  }
}

function readableText(oid: string, value: Bytes): string | undefined {
  switch (oid) {
    case OIDS.basicConstraints: {
      const { authority, pathLength } = readBasicConstraints(value)
      return `CA: ${authority ? 'yes' : 'no'}${pathLength === undefined ? '' : `, path length ${pathLength}`}`
    }
    case OIDS.keyUsage:
      return readKeyUsage(value).join(', ')
    case OIDS.extKeyUsage:
      return readPurposes(value).join(', ')
    case OIDS.subjectAltName:
    case OIDS.issuerAltName:
      return readNames(value)
        .map((name) => `${name.kind}: ${name.value}`)
        .join(', ')
    case OIDS.subjectKeyIdentifier:
      return toHex(readIdentifier(value), ':')
    case OIDS.authorityKeyIdentifier:
      return map(readAuthorityKey(value).keyIdentifier, (identifier) => toHex(identifier, ':'))
    default:
      return undefined
  }
}
