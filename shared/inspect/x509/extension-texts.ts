/** The values of extensions in one line for people. */
import { toHex } from '../../bytes'
import { isoTime } from '../../time'
import { oidName } from '../../crypto/encodings/oids'
import { describeValue, oidText } from '../../crypto/asn1/values'
import { generalNamesText, generalNameText, readGeneralName, readGeneralNames } from './general-names'
import { booleanOfPart, contentBytes, fieldOf, numberOfPart, oidOfPart, partsOf, type Part } from './parts'
import { readTimestamps } from './sct'
import type { GeneralNameView } from './types'

/** Stands between the parts of a value. */
const BETWEEN = '; '

/** By the type of the value. */
const TEXTS: Readonly<Record<string, (value: Part) => string>> = {
  BasicConstraints: (value) => {
    const length = numberOfPart(fieldOf(value, 'pathLenConstraint'))
    const authority = booleanOfPart(fieldOf(value, 'cA')) === true ? 'yes' : 'no'
    return `CA: ${authority}${length === undefined ? '' : `, path length ${length}`}`
  },
  ExtKeyUsageSyntax: (value) => partsOf(value).map(oidLabel).join(', '),
  GeneralNames: (value) => generalNamesText(readGeneralNames(value)),
  KeyIdentifier: (value) => toHex(contentBytes(value), ':'),
  AuthorityKeyIdentifier: authorityKeyIdentifierText,
  NameConstraints: (value) =>
    lines([
      ['Permitted', generalNamesText(subtrees(fieldOf(value, 'permittedSubtrees')))],
      ['Excluded', generalNamesText(subtrees(fieldOf(value, 'excludedSubtrees')))],
    ]),
  CertificatePolicies: (value) => partsOf(value).map(policyText).join(BETWEEN),
  PolicyMappings: (value) =>
    partsOf(value)
      .map((mapping) => partsOf(mapping).map(oidLabel).join(' is '))
      .join(BETWEEN),
  PolicyConstraints: (value) =>
    lines([
      ['Explicit policy required after', numberText(fieldOf(value, 'requireExplicitPolicy'))],
      ['No policy mapping after', numberText(fieldOf(value, 'inhibitPolicyMapping'))],
    ]),
  CRLDistributionPoints: (value) => partsOf(value).map(distributionPointText).join(BETWEEN),
  IssuingDistributionPoint: issuingPointText,
  InfoAccessSyntax: (value) =>
    partsOf(value)
      .map((access) => {
        const [, location] = partsOf(access)
        const name = location && readGeneralName(location)
        return `${oidLabel(fieldOf(access, 'accessMethod'))}: ${name ? generalNameText(name) : '?'}`
      })
      .join(BETWEEN),
  TLSFeatures: (value) =>
    partsOf(value)
      .map(({ structure, node }) => describeValue(structure, node).text)
      .join(', '),
  SignedCertificateTimestampList: timestampsText,
  CertificateTemplate: (value) => oidLabel(fieldOf(value, 'templateID')),
  QCStatements: (value) => partsOf(value).map(statementText).join('\n'),
  PrivateKeyUsagePeriod: (value) =>
    lines([
      ['Not before', leafText(fieldOf(value, 'notBefore'))],
      ['Not after', leafText(fieldOf(value, 'notAfter'))],
    ]),
  SubjectDirectoryAttributes: (value) =>
    partsOf(value)
      .map(
        (attribute) => `${oidLabel(fieldOf(attribute, 'type'))}: ${leavesOf(fieldOf(attribute, 'values'))}`,
      )
      .join('\n'),
  CABFOrganizationIdentifier: (value) =>
    lines([
      ['Scheme', leafText(fieldOf(value, 'registrationSchemeIdentifier'))],
      ['Country', leafText(fieldOf(value, 'registrationCountry'))],
      ['State or province', leafText(fieldOf(value, 'registrationStateOrProvince'))],
      ['Reference', leafText(fieldOf(value, 'registrationReference'))],
    ]),
}

/** The value as text; undefined where its syntax isn't known here, or it isn't of that syntax. */
export function extensionText(value: Part): string | undefined {
  const { structure, node } = value
  const write = node.type === undefined ? undefined : TEXTS[node.type]
  if (write) return write(value)
  if (node.constructed) return undefined
  return node.universal === 5 ? 'present' : describeValue(structure, node).text
}

/** The bases of GeneralSubtrees. */
export function subtrees(part: Part | undefined): readonly GeneralNameView[] {
  if (!part) return []
  return partsOf(part).flatMap((subtree) => {
    const [base] = partsOf(subtree)
    return (base && readGeneralName(base)) ?? []
  })
}

function authorityKeyIdentifierText(value: Part): string {
  const identifier = fieldOf(value, 'keyIdentifier')
  const issuer = fieldOf(value, 'authorityCertIssuer')
  const serial = fieldOf(value, 'authorityCertSerialNumber')
  const hex = identifier && toHex(contentBytes(identifier), ':')
  if (!issuer && !serial) return hex ?? 'empty'
  return lines([
    ['Key identifier', hex],
    ['Issuer', issuer && generalNamesText(readGeneralNames(issuer))],
    ['Serial number', serial && toHex(contentBytes(serial), ':')],
  ])
}

function policyText(policy: Part): string {
  const qualifiers = fieldOf(policy, 'policyQualifiers')
  const texts = (qualifiers ? partsOf(qualifiers) : []).map((info) => {
    const qualifier = fieldOf(info, 'qualifier')
    const label = oidLabel(fieldOf(info, 'policyQualifierId'))
    if (!qualifier) return label
    const text = qualifier.node.constructed
      ? stringsIn(qualifier)
      : describeValue(qualifier.structure, qualifier.node).text
    return `${label}: ${text}`
  })
  return [oidText(oidOfPart(fieldOf(policy, 'policyIdentifier')) ?? '?'), ...texts].join(', ')
}

/** The values of all parts that hold no others. */
function stringsIn({ structure, node }: Part): string {
  return structure.nodes
    .slice(node.index, node.next)
    .filter(({ constructed }) => !constructed)
    .map((leaf) => describeValue(structure, leaf).text)
    .join(' ')
}

/** ETSI EN 319 412-5: what it says, and with what. */
function statementText(statement: Part): string {
  const name = oidLabel(fieldOf(statement, 'statementId'))
  const info = fieldOf(statement, 'statementInfo')
  if (!info) return name
  if (info.node.type === 'MonetaryValue') {
    const [amount, exponent] = ['amount', 'exponent'].map((field) => numberOfPart(fieldOf(info, field)))
    const value = `${amount ?? '?'}${exponent ? ` × 10^${exponent}` : ''}`
    return `${name}: up to ${value} ${leafText(fieldOf(info, 'currency'))}`
  }
  return `${name}: ${leavesOf(info)}`
}

function leafText(part: Part | undefined): string | undefined {
  return part && describeValue(part.structure, part.node).text
}

/** The values inside, objects by their names. */
export function leavesOf(part: Part | undefined): string {
  if (!part) return ''
  const { structure, node } = part
  return structure.nodes
    .slice(node.index, node.next)
    .filter(({ constructed, index }) => !constructed && !structure.nodes[index + 1]?.encapsulated)
    .map((leaf) => oidOrText({ structure, node: leaf }))
    .join(', ')
}

function oidOrText(part: Part): string {
  const oid = oidOfPart(part)
  return oid === undefined ? describeValue(part.structure, part.node).text : (oidName(oid) ?? oid)
}

function distributionPointText(point: Part): string {
  const reasons = fieldOf(point, 'reasons')
  const issuer = fieldOf(point, 'cRLIssuer')
  return lines(
    [
      ['', pointNameText(point)],
      ['reasons', reasons && describeValue(reasons.structure, reasons.node).text],
      ['issuer', issuer && generalNamesText(readGeneralNames(issuer))],
    ],
    ', ',
  )
}

function pointNameText(point: Part): string | undefined {
  const name = fieldOf(point, 'distributionPoint')
  if (!name) return undefined
  if (name.node.field !== 'nameRelativeToCRLIssuer') return generalNamesText(readGeneralNames(name))
  return describeValue(name.structure, name.node).text
}

function issuingPointText(value: Part): string {
  const flags = partsOf(value).filter((part) => booleanOfPart(part) === true)
  const reasons = fieldOf(value, 'onlySomeReasons')
  return lines([
    ['Point', pointNameText(value)],
    ['Only', flags.map(({ node }) => node.field ?? '').join(', ')],
    ['Reasons', reasons && describeValue(reasons.structure, reasons.node).text],
  ])
}

function timestampsText(value: Part): string {
  const content = contentBytes(value)
  const timestamps = readTimestamps(content)
  if (!timestamps) return toHex(content, ' ')
  return timestamps
    .map(
      ({ version, logId, time, algorithm }) =>
        `v${version + 1}, ${isoTime(time)}, ${algorithm}, log ${toHex(logId)}`,
    )
    .join(BETWEEN)
}

function numberText(part: Part | undefined): string | undefined {
  return part && describeValue(part.structure, part.node).text
}

function oidLabel(part: Part | undefined): string {
  const oid = oidOfPart(part)
  return oid === undefined ? '?' : (oidName(oid) ?? oid)
}

function lines(
  rows: readonly (readonly [label: string, text: string | undefined])[],
  separator = BETWEEN,
): string {
  return rows
    .filter(([, text]) => text)
    .map(([label, text]) => (label ? `${label}: ${text}` : text))
    .join(separator)
}
