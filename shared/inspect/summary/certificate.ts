/** A certificate in plain words: whom it is for, who vouches, until when, what for, and whether it is sound. */
import type { Bytes } from '../../bytes'
import { isoTime } from '../../time'
import { count, dayText, daysAway, firstOf, listed } from '../../words'
import type { InspectContext } from '../artifact'
import type { SummaryFact, SummaryView, WeakSpot } from './view'
import type { Verdict } from '../path/verdict'
import { judgeCertificate } from '../path'
import { shownHex, titleOf } from '../path/facts'
import type { PathMemory } from '../path/memory'
import { keyDoubt } from '../path/strength-checks'
import { isForServers } from '../path/use-checks'
import { algorithmText } from '../x509/algorithms'
import { sameName } from '../x509/names'
import type { CertificateDescription, StandardExtensions } from '../x509/types'
import { generalNameText, valueText } from '../x509/general-names'
import { certificateSpots, historySpots, sorted, type KeyHistory } from './weak-spots'

/** @throws LabError as `readCertificate` does */
export async function summariseCertificate(
  der: Bytes,
  context: InspectContext,
  history: KeyHistory | undefined,
  memory: PathMemory,
): Promise<SummaryView> {
  const certificate = memory.read(der)
  const isAuthority = certificate.standard.basicConstraints?.authority === true
  const verdict = await judgeCertificate(der, context, isAuthority ? 'authority' : 'server', memory)
  const authorities = memory.readAll([...context.trustAnchors, ...context.intermediates])
  const weakSpots = sorted([
    ...(history ? historySpots(history) : []),
    ...certificateSpots(certificate, authorities, context.now),
  ])
  return {
    heading: headingOf(certificate, isAuthority),
    lead: leadOf(certificate, context.now),
    ...soundnessOf(verdict, weakSpots, unjudged(certificate)),
    facts: await factsOf(certificate, context.now),
    weakSpots,
    verdict,
  }
}

/** What a certificate is for, by its own words, in a list. */
export function purposesOf({ keyUsage, extendedKeyUsage, basicConstraints }: StandardExtensions): string {
  const uses = (keyUsage ?? []).map((usage) => USAGE_WORDS[usage] ?? usage)
  const purposes = (extendedKeyUsage ?? []).map(({ name }) => PURPOSE_WORDS[name] ?? name)
  const authority = basicConstraints?.authority === true ? ['issuing certificates'] : []
  const all = [...new Set([...authority, ...purposes, ...uses])]
  return all.length === 0 ? 'any use: it sets no limits' : firstOf(all)
}

const USAGE_WORDS: Readonly<Record<string, string>> = {
  digitalSignature: 'signing data',
  nonRepudiation: 'signing what is to be binding',
  keyEncipherment: 'receiving keys',
  dataEncipherment: 'receiving data',
  keyAgreement: 'agreeing on keys',
  keyCertSign: 'issuing certificates',
  cRLSign: 'signing revocation lists',
}
const PURPOSE_WORDS: Readonly<Record<string, string>> = {
  serverAuth: 'servers (TLS)',
  clientAuth: 'clients (TLS)',
  codeSigning: 'signing programs',
  emailProtection: 'mail',
  timeStamping: 'time stamps',
  OCSPSigning: 'revocation answers',
  anyExtendedKeyUsage: 'any purpose',
}

function headingOf(certificate: CertificateDescription, isAuthority: boolean): string {
  const { extendedKeyUsage, subjectAltName } = certificate.standard
  if (isAuthority) {
    return sameName(certificate.subject, certificate.issuer)
      ? 'Certificate of an authority (root)'
      : 'Certificate of an authority (intermediate)'
  }
  if (isForServers(certificate)) return 'Server certificate'
  if (extendedKeyUsage?.some(({ name }) => name === 'clientAuth')) return 'Client certificate'
  const hasHost = subjectAltName?.some(({ kind }) => kind === 'DNS' || kind === 'IP')
  return hasHost && !extendedKeyUsage ? 'Server certificate' : 'Certificate'
}

function leadOf(certificate: CertificateDescription, now: number): string {
  const { notBefore, notAfter, issuer, subject, standard } = certificate
  const hosts = (standard.subjectAltName ?? []).filter(({ kind }) => kind === 'DNS' || kind === 'IP')
  const names = hosts.length === 0 ? '' : ` (${firstOf(hosts.map(valueText))})`
  const self = sameName(subject, issuer)
  const by = self
    ? 'It names itself as its issuer'
    : `${issuer.text || 'An issuer without a name'} vouches for it`
  const dates =
    notBefore === undefined || notAfter === undefined
      ? 'its dates can’t be read'
      : now < notBefore
        ? `it is valid from ${dayText(notBefore)} on, ${daysAway(notBefore, now)}`
        : now > notAfter
          ? `it expired on ${dayText(notAfter)}, ${daysAway(notAfter, now)}`
          : `it is valid until ${dayText(notAfter)}, ${daysAway(notAfter, now)}`
  return `For ${titleOf(certificate)}${names}. ${by}; ${dates}.`
}

function soundnessOf(
  verdict: Verdict,
  weakSpots: readonly WeakSpot[],
  unknown: string | undefined,
): Pick<SummaryView, 'soundness' | 'conclusion'> {
  const serious = weakSpots.filter(({ weight }) => weight !== 'note')
  const titles = listed(serious.map(({ title }) => lowerFirst(title)))
  const more = serious.length === 0 ? '' : ` ${count(serious.length, 'weak spot')}: ${titles}.`
  const isRefused = verdict.checks.some(({ result }) => result === 'failed')
  const good = serious.length > 0 ? 'weak' : 'sound'
  const soundness = verdict.accepted ? good : isRefused ? 'unsound' : 'open'
  const also = isRefused && unknown !== undefined ? ` Its key can’t be judged here. ${unknown}` : ''
  return { soundness, conclusion: verdict.conclusion + also + more }
}

/** Why a certificate's key can't be judged, in a sentence; undefined where it is. */
function unjudged({ publicKey }: CertificateDescription): string | undefined {
  const doubt = keyDoubt(publicKey)
  return doubt?.kind === 'unknown' ? doubt.why : undefined
}

async function factsOf(certificate: CertificateDescription, now: number): Promise<readonly SummaryFact[]> {
  const { subject, issuer, notBefore, notAfter, standard, problems } = certificate
  const names = (standard.subjectAltName ?? []).map(generalNameText)
  const unknown = unjudged(certificate)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', certificate.der))
  const facts: readonly (SummaryFact | undefined)[] = [
    { title: 'For', text: subject.text || 'no subject' },
    names.length > 0 ? { title: 'Names', text: firstOf(names) } : undefined,
    { title: 'Issued by', text: issuer.text || 'no issuer' },
    dateFact('Valid from', notBefore, now),
    dateFact('Valid until', notAfter, now),
    { title: 'Good for', text: purposesOf(standard) },
    { title: 'Key', text: certificate.publicKey.text, ...(unknown === undefined ? {} : { note: unknown }) },
    { title: 'Signed with', text: algorithmText(certificate.signatureAlgorithm) },
    { title: 'Serial number', text: (certificate.serial.match(/../g) ?? []).join(':') },
    {
      title: 'SHA-256',
      text: shownHex(digest),
      note: 'Hash of the whole certificate, as other tools show it.',
    },
    problems.length > 0 ? { title: 'Problems', text: firstOf(problems) } : undefined,
  ]
  return facts.filter((fact) => fact !== undefined)
}

function dateFact(title: string, time: number | undefined, now: number): SummaryFact {
  if (time === undefined) return { title, text: 'can’t be read' }
  const text = isoTime(time)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC')
  return { title, text, note: `${dayText(time)}, ${daysAway(time, now)}` }
}

/** A title in the middle of a sentence; names in capitals stay. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}
