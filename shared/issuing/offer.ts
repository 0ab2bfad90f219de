/**
 * What an authority makes of a certification request from a file (RFC 2986): what a certificate takes from it, what it does
 * not, and why there is none at all. Requests of any key type; nothing is taken that was not looked at.
 */
import type { Bytes } from '../bytes'
import { addressBytes, isDnsName } from '../crypto/pki/host-name'
import { judgeKey } from '../crypto/pki/judge-key'
import { faultOfSize } from '../crypto/pki/request-size'
import { verifySignature } from '../crypto/pki/verify'
import { LabError } from '../errors'
import { readCertificationRequest } from '../inspect/x509/request'
import { readNameDer, sameName } from '../inspect/x509/names'
import type {
  DistinguishedNameView,
  GeneralNameView,
  KeyFamily,
  RequestDescription,
} from '../inspect/x509/types'
import { shortened } from '../words'

/** A request as the person at the authority is shown it: bounded, whatever the request is. */
export interface RequestOffer {
  /** Empty for an empty subject. */
  readonly subject: string
  /** The key in words. */
  readonly key: string
  /** Whether the key can take other keys in: those of RSA that are not for signatures alone (RFC 4055 section 3.1). */
  readonly takesKeys: boolean
  /** SubjectPublicKeyInfo and Name, DER, as they go into the certificate. */
  readonly spki: Bytes
  readonly subjectDer: Bytes
  /** Names that a certificate can have: DNS names, addresses and mailboxes. */
  readonly names: readonly string[]
  /** What is asked for and not taken, and why, in sentences. */
  readonly leftOut: readonly string[]
  /** Why no certificate is issued, in a sentence; undefined where one can be. */
  readonly refusal: string | undefined
}

/** So many names are taken from one request. */
const MOST_NAMES = 50
/** So many sentences say what was left out, and then how many more there are. */
const MOST_LEFT_OUT = 100
/** Characters of a subject: so many are shown to whoever is asked, and in the list of what was issued. */
const LONGEST_SUBJECT = 4_000
/** Characters of a refusal, which may quote the request. */
const LONGEST_REFUSAL = 1_000
const NO_PROOF = 'so nothing shows that whoever asks has the private key (proof of possession).'
const MAKES_NO_SIGNATURES = `Such a key makes no signatures, ${NO_PROOF}`
/** Keys that no certificate is issued for, whatever their numbers are: nothing is computed with those. */
const NOT_ISSUED_FOR: Readonly<Partial<Record<KeyFamily, string>>> = {
  DSA: `DSA signatures can’t be checked here, ${NO_PROOF}`,
  DH: MAKES_NO_SIGNATURES,
  X25519: MAKES_NO_SIGNATURES,
  X448: MAKES_NO_SIGNATURES,
}
/** The part of a mailbox before its host (RFC 5280 section 4.2.1.6), in ASCII. */
const MAILBOX_OF = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/
/** RSA keys have so many bits, and so many hex digits of exponent, at most: more takes long to try. */
const RSA_BITS = { least: 2048, most: 8192 } as const
const LONGEST_EXPONENT = 16
/** Extensions of a request that the authority decides itself, and what it says to that. */
const DECIDED: Readonly<Record<string, string>> = {
  basicConstraints: 'This authority certifies no other authorities: its path length is 0.',
  keyUsage: 'Uses of the key follow from the purposes that you choose.',
  extKeyUsage: 'Purposes are those that you choose.',
  subjectKeyIdentifier: 'The authority makes it of the key itself.',
  authorityKeyIdentifier: 'It names the key of this authority, whatever is asked for.',
}

/**
 * Reads a request and judges it.
 * @param authority the subject of the authority's certificate, DER: it certifies its own name for nobody, however that is written
 * @throws LabError `bad_request_bytes` when the bytes are no request at all, `request_refused` when they are of too many parts
 */
export async function offerFor(der: Bytes, authority: Bytes): Promise<RequestOffer> {
  const tooLarge = faultOfSize(der)
  if (tooLarge !== undefined) throw new LabError('request_refused', tooLarge)
  const request = readCertificationRequest(der)
  const asked = request.standard.subjectAltName ?? []
  const taken = [...new Set(asked.flatMap((name) => takenName(name) ?? []))]
  const named = taken.length > 0 ? taken : namesOfSubject(request)
  const refusal = await refusalOf(request, readNameDer(authority))
  return {
    subject: shortened(request.subject.text, LONGEST_SUBJECT),
    key: shortened(request.publicKey.text),
    takesKeys: request.publicKey.family === 'RSA',
    spki: request.publicKey.spki,
    subjectDer: request.subject.der,
    names: named.slice(0, MOST_NAMES),
    leftOut: firstSentences([
      ...asked.filter((name) => takenName(name) === undefined).map(leftOutName),
      ...(named.length > MOST_NAMES ? [`More than ${MOST_NAMES} names: the others are left out.`] : []),
      ...request.extensions.flatMap(({ name }) => leftOutExtension(name)),
      ...request.attributes
        .filter(({ name }) => name !== 'extensionRequest' && name !== 'msExtensionRequest')
        .map(({ name }) => `The attribute ${shortened(name)}: a certificate has no room for it.`),
    ]),
    refusal: refusal === undefined ? undefined : shortened(refusal, LONGEST_REFUSAL),
  }
}

function firstSentences(all: readonly string[]): readonly string[] {
  const more = all.length - MOST_LEFT_OUT
  return more > 0 ? [...all.slice(0, MOST_LEFT_OUT), `And ${more.toLocaleString('en')} more.`] : all
}

async function refusalOf(
  request: RequestDescription,
  authority: DistinguishedNameView,
): Promise<string | undefined> {
  const { problems, publicKey, signatureAlgorithm, signature, signedPart, subject } = request
  const [problem] = problems
  if (problem !== undefined) return problem
  if (subject.text.length > LONGEST_SUBJECT) return 'Its subject is more than anybody could be asked about.'
  const reason = NOT_ISSUED_FOR[publicKey.family]
  if (reason !== undefined) return `Its key is ${publicKey.text}. ${reason}`
  if (publicKey.rsa) {
    const bits = publicKey.bits ?? 0
    if (bits < RSA_BITS.least || bits > RSA_BITS.most)
      return `Its key is ${publicKey.text}: RSA keys have ${RSA_BITS.least} to ${RSA_BITS.most} bits here.`
    if (publicKey.rsa.exponent.length > LONGEST_EXPONENT) return 'The exponent of its key is too long.'
  }
  const judgement = judgeKey(publicKey.spki)
  if (judgement.result !== 'good') return `Its key can’t be certified. ${judgement.reason}`
  if (judgement.note !== undefined) return `Its key is not written as it should be. ${judgement.note}`
  if (sameName(subject, authority)) return 'It asks for the name of this authority, which nobody else gets.'
  const verification = await verifySignature(signatureAlgorithm, publicKey.spki, signature, signedPart)
  if (verification.result === 'invalid')
    return 'Its signature was not made by its key: whoever asks has not shown that the private key is theirs (proof of possession).'
  if (verification.result === 'unsupported')
    return `Its signature can’t be checked here. ${verification.reason}`
  return undefined
}

/** The text of a name as a certificate can have it; undefined where it is left out. */
function takenName({ kind, value }: GeneralNameView): string | undefined {
  if (kind === 'DNS') return isDnsName(value) ? value : undefined
  if (kind === 'IP') return addressBytes(value) ? value : undefined
  return kind === 'email' && isMailbox(value) ? value : undefined
}

function isMailbox(value: string): boolean {
  const [of = '', host = '', ...more] = value.split('@')
  return more.length === 0 && of.length <= 64 && MAILBOX_OF.test(of) && isDnsName(host) && !host.includes('*')
}

function leftOutName({ kind, value }: GeneralNameView): string {
  const known = kind === 'DNS' || kind === 'IP' || kind === 'email'
  return `The name ${kind}: ${shortened(value)}. ${known ? 'It is not well formed.' : 'Names of this kind are not issued here.'}`
}

/** A request without names of its own has that in its subject, where it looks like one: programs read no other any more. */
function namesOfSubject({ subject }: RequestDescription): readonly string[] {
  const name = subject.commonName ?? ''
  const isHost = addressBytes(name) !== undefined || (name.includes('.') && isDnsName(name))
  return isHost ? [name] : []
}

function leftOutExtension(name: string): readonly string[] {
  if (name === 'subjectAltName') return []
  return [`The extension ${shortened(name)}. ${DECIDED[name] ?? 'It is not issued here.'}`]
}
