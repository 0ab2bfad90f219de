/** Extensions (RFC 5280 section 4.2): each with its text, and the standard ones as data. */
import { toHex } from '../../bytes'
import { oidName } from '../../crypto/encodings/oids'
import { requireExtension } from '../../crypto/asn1/strict'
import { extensionText, subtrees } from './extension-texts'
import { readGeneralNames } from './general-names'
import { generalNameOddity } from './oddities'
import {
  bitsOfPart,
  booleanOfPart,
  contentBytes,
  faultOfDer,
  fieldOf,
  numberOfPart,
  oidOfPart,
  partsOf,
  type Part,
} from './parts'
import type { ExtensionView, NamedOid, StandardExtensions } from './types'

/** What {@link readExtensions} finds. */
export interface ReadExtensions {
  readonly extensions: readonly ExtensionView[]
  readonly standard: StandardExtensions
  /** Alternative names that are none, each in a sentence; also those of an extension that can't be used for them. */
  readonly oddities: readonly string[]
}

/** Reads Extensions; without any both results are empty. `problems` gets a sentence for what can't be read. */
export function readExtensions(part: Part | undefined, problems: string[]): ReadExtensions {
  const found = (part ? partsOf(part) : []).map((extension) => readExtension(extension))
  const values = new Map<string, Part>()
  const seen = new Set<string>()
  for (const { view, value } of found) {
    if (view.problem !== undefined) problems.push(`The extension ${view.name} can’t be used. ${view.problem}`)
    if (seen.has(view.oid)) {
      problems.push(`The extension ${view.name} is there more than once.`)
    } else if (value && view.problem === undefined) values.set(view.name, value)
    seen.add(view.oid)
  }
  return {
    extensions: found.map(({ view }) => view),
    standard: readStandard(values),
    oddities: found.flatMap(namesOddities),
  }
}

/** An extension, its value where that can be used, and its value as it stands. */
interface ReadExtension {
  readonly view: ExtensionView
  readonly value: Part | undefined
  readonly held: Part | undefined
}

function namesOddities({ view, held }: ReadExtension): readonly string[] {
  if (!held || !(view.name === 'subjectAltName' || view.name === 'issuerAltName')) return []
  return readGeneralNames(held)
    .flatMap((name) => generalNameOddity(name) ?? [])
    .map((oddity) => `The extension ${view.name} has ${oddity}.`)
}

function readExtension(part: Part): ReadExtension {
  const oid = oidOfPart(fieldOf(part, 'extnID')) ?? ''
  const critical = fieldOf(part, 'critical')
  const holder = fieldOf(part, 'extnValue')
  const content = holder ? contentBytes(holder) : new Uint8Array()
  const value = holder && partsOf(holder).find(({ node }) => node.encapsulated)
  const problem = holder ? faultOfDer(() => requireExtension(oid, content)) : 'It has no value.'
  const isReadable = value !== undefined && problem === undefined
  return {
    view: {
      oid,
      name: oidName(oid) ?? (oid || 'unreadable'),
      critical: booleanOfPart(critical) === true,
      text: (isReadable ? extensionText(value) : undefined) ?? toHex(content, ' '),
      value: content,
      problem,
    },
    value: isReadable ? value : undefined,
    held: value,
  }
}

function readStandard(values: ReadonlyMap<string, Part>): StandardExtensions {
  const basic = values.get('basicConstraints')
  const subjectKey = values.get('subjectKeyIdentifier')
  const constraints = values.get('nameConstraints')
  const names = (extension: string): StandardExtensions['subjectAltName'] => {
    const value = values.get(extension)
    return value && readGeneralNames(value)
  }
  return {
    basicConstraints: basic && {
      authority: booleanOfPart(fieldOf(basic, 'cA')) === true,
      pathLength: numberOfPart(fieldOf(basic, 'pathLenConstraint')),
    },
    keyUsage: readBits(values.get('keyUsage')),
    extendedKeyUsage: readOids(values.get('extKeyUsage'), (purpose) => purpose),
    subjectAltName: names('subjectAltName'),
    issuerAltName: names('issuerAltName'),
    subjectKeyIdentifier: subjectKey && contentBytes(subjectKey),
    authorityKeyIdentifier: readAuthorityKey(values.get('authorityKeyIdentifier')),
    nameConstraints: constraints && {
      permitted: subtrees(fieldOf(constraints, 'permittedSubtrees')),
      excluded: subtrees(fieldOf(constraints, 'excludedSubtrees')),
    },
    certificatePolicies: readOids(values.get('certificatePolicies'), (policy) =>
      fieldOf(policy, 'policyIdentifier'),
    ),
  }
}

/** Names of the bits of a BIT STRING that are set; undefined for anything else. */
export function readBits(value: Part | undefined): readonly string[] | undefined {
  const bits = bitsOfPart(value)
  return bits && [...(value?.node.numberNames ?? [])].flatMap(([bit, name]) => (isSet(bits, bit) ? name : []))
}

function isSet(bits: Uint8Array, bit: number): boolean {
  return (((bits[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1
}

function readOids(
  value: Part | undefined,
  oidPart: (part: Part) => Part | undefined,
): readonly NamedOid[] | undefined {
  return (
    value &&
    partsOf(value).map((part) => {
      const oid = oidOfPart(oidPart(part)) ?? ''
      return { oid, name: oidName(oid) ?? oid }
    })
  )
}

function readAuthorityKey(value: Part | undefined): StandardExtensions['authorityKeyIdentifier'] {
  const identifier = fieldOf(value, 'keyIdentifier')
  const issuer = fieldOf(value, 'authorityCertIssuer')
  const serial = fieldOf(value, 'authorityCertSerialNumber')
  return (
    value && {
      keyIdentifier: identifier && contentBytes(identifier),
      issuer: issuer && readGeneralNames(issuer),
      serial: serial && toHex(contentBytes(serial)),
    }
  )
}
