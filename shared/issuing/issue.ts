/** Certificates that an authority issues for requests from files: on terms that the person at it has chosen. */
import type { Bytes } from '../bytes'
import { addressBytes, isDnsName } from '../crypto/pki/host-name'
import {
  authorityKeyIdentifier,
  issueFor,
  listAddress,
  namesExtension,
  type ExtensionTemplate,
  type Issuer,
  type Signer,
  type Validity,
} from '../crypto/pki/issue'
import { LabError } from '../errors'
import { shortened } from '../words'
import type { RequestOffer } from './offer'
import type { Purpose } from './purposes'

export interface IssueTerms {
  /** Names of the offer that are taken, and names that the person adds. */
  readonly names: readonly string[]
  readonly purposes: readonly Purpose[]
  readonly validity: Validity
  /** Content of the INTEGER. */
  readonly serial: Bytes
  /** Where the authority's revocation list is. */
  readonly listAt: string | undefined
}

/** Characters of all names together: so many are shown whole to whoever is asked. */
const LONGEST_NAMES = 4_000

/** What the person at the authority has chosen for a request; days of validity. */
export interface ChosenTerms extends Pick<IssueTerms, 'names' | 'purposes'> {
  readonly days: number
}

/**
 * Issues a certificate, DER.
 * @throws LabError `request_refused` with the reason
 */
export function issueForRequest(
  issuer: Issuer,
  offer: RequestOffer,
  terms: IssueTerms,
  crypto: Signer,
): Promise<Bytes> {
  requireTerms(offer, terms)
  const { names, purposes, validity, serial, listAt } = terms
  const extensions: ExtensionTemplate[] = [
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: offer.takesKeys },
    { name: 'extKeyUsage', ...Object.fromEntries(purposes.map((purpose) => [purpose, true])) },
    { name: 'subjectKeyIdentifier' },
    authorityKeyIdentifier(issuer),
    // The only name that there is has to be understood (RFC 5280 section 4.2.1.6).
    ...(names.length > 0 ? [namesExtension(names, offer.subject === '')] : []),
    ...(listAt === undefined ? [] : [listAddress(listAt)]),
  ]
  const template = {
    subject: offer.subjectDer,
    issuer: issuer.certificate.subject.der,
    serial,
    validity,
    extensions,
  }
  return issueFor(offer.spki, issuer.privateKey, template, crypto)
}

/**
 * Sees that a certificate can be issued on these terms, before anybody is asked.
 * @throws LabError `request_refused` with the reason
 */
export function requireTerms(offer: RequestOffer, terms: Pick<IssueTerms, 'names' | 'purposes'>): void {
  const refusal = offer.refusal ?? refusalOfTerms(offer, terms)
  if (refusal !== undefined) throw new LabError('request_refused', refusal)
}

function refusalOfTerms(
  offer: RequestOffer,
  { names, purposes }: Pick<IssueTerms, 'names' | 'purposes'>,
): string | undefined {
  if (purposes.length === 0)
    return 'Choose at least one purpose: without one it would be good for everything.'
  const offered = new Set(offer.names)
  const wrong = names.find(
    (name) => !offered.has(name) && addressBytes(name) === undefined && !isDnsName(name),
  )
  if (wrong !== undefined) return `“${shortened(wrong)}” is no DNS name and no IP address.`
  if (names.join(', ').length > LONGEST_NAMES) return 'Its names are more than anybody could be asked about.'
  if (names.length === 0 && offer.subject === '')
    return 'It has no subject, and no name was taken: it would be nobody’s certificate.'
  return undefined
}
