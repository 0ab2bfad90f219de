/** What carries, revokes or vouches for certificates, in plain words: by a table of types, a row each. */
import { toHex, type Bytes } from '../../bytes'
import { oidName } from '../../crypto/encodings/oids'
import { describeValue } from '../../crypto/asn1/values'
import { isForeseen } from '../../errors'
import { count, dayText, firstOf } from '../../words'
import type { InspectContext, OtherArtifact } from '../artifact'
import type { PathMemory } from '../path/memory'
import { algorithmText, readAlgorithm } from '../x509/algorithms'
import { leavesOf } from '../x509/extension-texts'
import { readExtensions } from '../x509/extensions'
import { generalNamesText, readGeneralNames } from '../x509/general-names'
import { readName } from '../x509/names'
import { contentBytes, fieldOf, insideOf, oidOfPart, partsOf, readWhole, type Part } from '../x509/parts'
import { signaturesOf, signatureSpots, signaturesText } from './signed-by'
import type { SummaryFact, SummaryView } from './view'

/** What a type is, and what stands in it. */
interface Row {
  readonly heading: string
  readonly lead: string
  readonly facts: (whole: Part) => readonly SummaryFact[]
}

const NOT_JUDGED = 'It is shown and not judged here: what OpenSSL says of it, the commands tell.'

const REVOCATION: Row = {
  heading: 'Certificate revocation list',
  lead: 'An authority’s list of certificates that are not to be relied on any more, though their time is not over.',
  facts: revocationFacts,
}
const OCSP: Row = {
  heading: 'OCSP response',
  lead: 'An authority’s answer to the question whether certificates are revoked, with a time until which it counts.',
  facts: ocspFacts,
}

const ROWS: Readonly<Record<string, Row>> = {
  CertificateList: REVOCATION,
  OCSPResponse: OCSP,
  BasicOCSPResponse: OCSP,
  OCSPRequest: {
    heading: 'OCSP request',
    lead: 'Asks an authority whether certificates are revoked.',
    facts: (whole) => [...fact('Certificates asked about', serialsIn(whole))],
  },
  TimeStampResp: {
    heading: 'Time stamp',
    lead: 'A time-stamping authority’s word that some bytes, of which it knows the hash, were there at a time.',
    facts: (whole) => [
      ...fact('Status', valueOf(fieldOf(whole, 'status', 'status'))),
      ...fact('Why', leavesOf(fieldOf(whole, 'status', 'statusString'))),
      ...stampFacts(whole),
    ],
  },
  TimeStampReq: {
    heading: 'Request for a time stamp',
    lead: 'Asks a time-stamping authority to vouch that some bytes, given by their hash, are there now.',
    facts: imprintFacts,
  },
  ContentInfo: {
    heading: 'CMS or PKCS#7 container',
    lead: 'Carries something signed or encrypted, and certificates; those are opened beside it.',
    facts: contentFacts,
  },
  PFX: {
    heading: 'PKCS#12 container',
    lead: 'Carries private keys and certificates under a passphrase; what could be opened of it stands beside it.',
    facts: (whole) => {
      const mac = fieldOf(whole, 'macData', 'mac', 'digestAlgorithm')
      return fact('MAC', mac ? algorithmText(readAlgorithm(mac)) : 'none')
    },
  },
  AttributeCertificate: {
    heading: 'Attribute certificate',
    lead: 'An authority’s word that somebody has attributes, for instance a role. It has no key: it names the holder’s certificate.',
    facts: attributeCertificateFacts,
  },
  EncryptedPrivateKeyInfo: {
    heading: 'Locked private key',
    lead: 'A private key that stays locked: only how it is locked can be seen.',
    facts: (whole) =>
      fact('Locked with', algorithmText(readAlgorithm(fieldOf(whole, 'encryptionAlgorithm')))),
  },
  'Dss-Parms': {
    heading: 'Parameters of DSA keys',
    lead: 'The group that DSA keys are made in. It is no secret, and no key.',
    facts: (whole) => [...bitsFact(whole, 'p', 'Modulus'), ...bitsFact(whole, 'q', 'Order')],
  },
  DHParameter: {
    heading: 'Parameters of Diffie-Hellman keys',
    lead: 'The group that keys of Diffie and Hellman are made in. It is no secret, and no key.',
    facts: (whole) => [
      ...bitsFact(whole, 'prime', 'Modulus'),
      ...fact('Base', valueOf(fieldOf(whole, 'base'))),
    ],
  },
}

/**
 * Puts it into words as far as its type is known; what can't be read of it is left out. Its
 * signatures are checked with the certificates inside and those of the context.
 */
export async function summariseOther(
  { der, what }: OtherArtifact,
  { now, trustAnchors, intermediates }: InspectContext,
  memory: PathMemory,
): Promise<SummaryView> {
  const row = Object.hasOwn(ROWS, what) ? ROWS[what] : undefined
  const length: SummaryFact = { title: 'Length', text: count(der.length, 'byte') }
  if (!row) {
    return {
      heading: what,
      lead: 'ASN.1 that has no summary here: its structure shows what stands in it.',
      soundness: 'open',
      conclusion: 'There is nothing to judge.',
      facts: [length],
      weakSpots: [],
    }
  }
  const { heading, lead } = row
  const facts = [...factsOf(row, der, what), length]
  const overdue = facts.find(({ title }) => title === NEXT)?.text
  const isOver = overdue !== undefined && Date.parse(overdue) < now
  const outdated = isOver ? `It is outdated: a newer one was due ${dayText(Date.parse(overdue))}.` : undefined
  const findings = await signaturesOf(der, what, [...trustAnchors, ...intermediates], memory)
  const weakSpots = signatureSpots(findings)
  const signed = findings.length === 0 && outdated === undefined ? NOT_JUDGED : signaturesText(findings)
  const isWeak = isOver || weakSpots.length > 0
  return {
    ...{ heading, lead, facts, weakSpots },
    soundness: findings.some(({ result }) => result === 'invalid') ? 'unsound' : isWeak ? 'weak' : 'open',
    conclusion: [outdated, signed].filter(Boolean).join(' '),
  }
}

const NEXT = 'Next update'

function factsOf(row: Row, der: Bytes, type: string): readonly SummaryFact[] {
  try {
    return row.facts(readWhole(der, type, 'bad_der'))
  } catch (error) {
    if (!isForeseen(error)) throw error
    return [{ title: 'Problem', text: error.message }]
  }
}

function revocationFacts(whole: Part): readonly SummaryFact[] {
  const list = fieldOf(whole, 'tbsCertList')
  const revoked = fieldOf(list, 'revokedCertificates')
  const entries = (revoked ? partsOf(revoked) : []).map((entry) => {
    const serial = fieldOf(entry, 'userCertificate')
    const reason = leavesOf(fieldOf(entry, 'crlEntryExtensions'))
    const text = `${serialText(serial)}, ${valueOf(fieldOf(entry, 'revocationDate'))}`
    return reason === '' ? text : `${text} (${reason})`
  })
  const { extensions } = readExtensions(fieldOf(list, 'crlExtensions'), [])
  return [
    ...fact('Issued by', readName(fieldOf(list, 'issuer'), [], 'The issuer').text),
    ...fact('This update', valueOf(fieldOf(list, 'thisUpdate'))),
    ...fact(NEXT, valueOf(fieldOf(list, 'nextUpdate'))),
    { title: 'Revoked', text: entries.length === 0 ? 'none' : count(entries.length, 'certificate') },
    ...fact('Serial numbers', entries.length === 0 ? '' : firstOf(entries)),
    ...extensions.map(({ name, text }) => ({ title: name, text })),
    ...fact('Signed with', algorithmText(readAlgorithm(fieldOf(whole, 'signatureAlgorithm')))),
  ]
}

function ocspFacts(whole: Part): readonly SummaryFact[] {
  const status = fieldOf(whole, 'responseStatus')
  const basic = insideOf(fieldOf(whole, 'responseBytes', 'response')) ?? (status ? undefined : whole)
  const data = fieldOf(basic, 'tbsResponseData')
  const list = fieldOf(data, 'responses')
  const singles = list ? partsOf(list) : []
  const answers = singles.map((single) => {
    const state = partsOf(single).find(
      ({ node }) => STATES.has(node.field ?? '') || node.field === 'certStatus',
    )
    const at = leavesOf(state)
    return `${serialText(fieldOf(single, 'certID', 'serialNumber'))}: ${stateOf(state)}${at === '' ? '' : ` (${at})`}`
  })
  const responder = fieldOf(data, 'responderID')
  return [
    ...fact('Status', valueOf(status)),
    ...fact('Answered by', responder && leavesOf(responder)),
    ...fact('Produced at', valueOf(fieldOf(data, 'producedAt'))),
    ...fact('Certificates', answers.length === 0 ? '' : firstOf(answers)),
    ...fact('This update', valueOf(fieldOf(singles[0], 'thisUpdate'))),
    ...fact(NEXT, valueOf(fieldOf(singles[0], 'nextUpdate'))),
    ...fact('Signed with', basic && algorithmText(readAlgorithm(fieldOf(basic, 'signatureAlgorithm')))),
  ]
}

const STATES = new Set(['good', 'revoked', 'unknown'])

/** CertStatus by its tag (RFC 6960 section 4.2.1). */
function stateOf(state: Part | undefined): string {
  return ['good', 'revoked', 'unknown'][state?.node.tagNumber ?? -1] ?? '?'
}

function stampFacts(whole: Part): readonly SummaryFact[] {
  const info = typed(whole, 'TSTInfo')
  return info
    ? [
        ...fact('Time', valueOf(fieldOf(info, 'genTime'))),
        ...fact('Serial number', serialText(fieldOf(info, 'serialNumber'))),
        ...fact('Policy', valueOf(fieldOf(info, 'policy'))),
        ...imprintFacts(info),
        ...signerFacts(whole),
      ]
    : []
}

function imprintFacts(holder: Part): readonly SummaryFact[] {
  const imprint = fieldOf(holder, 'messageImprint')
  const hash = fieldOf(imprint, 'hashedMessage')
  return [
    ...fact('Hash', algorithmText(readAlgorithm(fieldOf(imprint, 'hashAlgorithm')))),
    ...fact('Of the bytes', hash && toHex(contentBytes(hash))),
  ]
}

function contentFacts(whole: Part): readonly SummaryFact[] {
  const content = fieldOf(whole, 'content')
  const oid = oidOfPart(fieldOf(whole, 'contentType')) ?? ''
  const encapsulated = fieldOf(content, 'encapContentInfo')
  const encrypted = fieldOf(content, 'encryptedContentInfo')
  const recipients = fieldOf(content, 'recipientInfos')
  const inner = oidOfPart(fieldOf(encapsulated ?? encrypted, encapsulated ? 'eContentType' : 'contentType'))
  return [
    ...fact('Kind', oidName(oid) ?? oid),
    ...fact('Holds', inner && (oidName(inner) ?? inner)),
    encapsulated
      ? {
          title: 'Content',
          text: fieldOf(encapsulated, 'eContent')
            ? 'in it'
            : 'not in it: the signature is detached, or there are certificates alone',
        }
      : { title: 'Content', text: encrypted ? 'encrypted' : 'shown by its structure' },
    ...fact(
      'Encrypted with',
      encrypted && algorithmText(readAlgorithm(fieldOf(encrypted, 'contentEncryptionAlgorithm'))),
    ),
    ...(recipients ? partsOf(recipients) : []).slice(0, 8).map((recipient) => ({
      title: 'Recipient',
      text: identifierText(fieldOf(recipient, 'rid') ?? recipient),
    })),
    ...signerFacts(whole),
    ...stampFacts(whole).slice(0, 3),
  ]
}

function signerFacts(whole: Part): readonly SummaryFact[] {
  const signers = whole.structure.nodes.filter(({ type }) => type === 'SignerInfo').slice(0, 8)
  return signers.flatMap((node) => {
    const signer = { structure: whole.structure, node }
    return [
      ...fact('Signer', identifierText(fieldOf(signer, 'sid') ?? signer)),
      ...fact('Signed with', algorithmText(readAlgorithm(fieldOf(signer, 'signatureAlgorithm')))),
    ]
  })
}

/** A certificate by its issuer and number, or by its key identifier. */
function identifierText(part: Part): string {
  const issuer = fieldOf(part, 'issuer')
  if (!issuer) return leavesOf(part).slice(0, 200)
  return `number ${serialText(fieldOf(part, 'serialNumber'))} of ${readName(issuer, [], 'The issuer').text}`
}

function attributeCertificateFacts(whole: Part): readonly SummaryFact[] {
  const info = fieldOf(whole, 'acinfo')
  const holder = fieldOf(info, 'holder')
  const names = fieldOf(holder, 'entityName') ?? fieldOf(holder, 'baseCertificateID', 'issuer')
  const issuer = fieldOf(info, 'issuer')
  const attributes = fieldOf(info, 'attributes')
  return [
    ...fact('Holder', names && generalNamesText(readGeneralNames(names))),
    ...fact('Holder’s certificate', serialText(fieldOf(holder, 'baseCertificateID', 'serial'))),
    ...fact('Issued by', issuer && namesInside(issuer)),
    ...fact('Serial number', serialText(fieldOf(info, 'serialNumber'))),
    ...fact('Valid from', valueOf(fieldOf(info, 'attrCertValidityPeriod', 'notBeforeTime'))),
    ...fact('Valid until', valueOf(fieldOf(info, 'attrCertValidityPeriod', 'notAfterTime'))),
    ...(attributes ? partsOf(attributes) : []).slice(0, 16).flatMap((attribute) => {
      const oid = oidOfPart(fieldOf(attribute, 'type')) ?? ''
      return fact(oidName(oid) ?? oid, leavesOf(fieldOf(attribute, 'values')))
    }),
    ...fact('Signed with', algorithmText(readAlgorithm(fieldOf(whole, 'signatureAlgorithm')))),
  ]
}

function namesInside(issuer: Part): string {
  return generalNamesText(readGeneralNames(fieldOf(issuer, 'issuerName') ?? issuer))
}

function serialsIn(whole: Part): string {
  const serials = whole.structure.nodes.filter(({ field }) => field === 'serialNumber')
  return firstOf(serials.map((node) => serialText({ structure: whole.structure, node }) ?? '?'))
}

/** The first part of a type, wherever it stands. */
function typed({ structure }: Part, type: string): Part | undefined {
  const node = structure.nodes.find((each) => each.type === type)
  return node && { structure, node }
}

function bitsFact(whole: Part, field: string, title: string): readonly SummaryFact[] {
  const part = fieldOf(whole, field)
  if (!part) return []
  const content = contentBytes(part)
  const first = content.findIndex((byte) => byte !== 0)
  if (first < 0) return []
  const bits = (content.length - first) * 8 - (Math.clz32(content[first] ?? 0) - 24)
  return fact(title, `${bits.toLocaleString('en-GB')} bits`)
}

function serialText(part: Part | undefined): string | undefined {
  return part && toHex(contentBytes(part), ':')
}

function valueOf(part: Part | undefined): string | undefined {
  return part && describeValue(part.structure, part.node).text
}

function fact(title: string, text: string | undefined): readonly SummaryFact[] {
  return text === undefined || text === '' ? [] : [{ title, text }]
}
