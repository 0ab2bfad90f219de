/** X.509 certificates (RFC 5280) of any key type, read as far as they can be read. */
import { equalBytes, toHex, type Bytes } from '../../bytes'
import { LabError } from '../../errors'
import { requireDer } from '../../crypto/asn1/strict'
import { decodeTime } from '../../crypto/asn1/times'
import { readAlgorithm } from './algorithms'
import { readExtensions } from './extensions'
import { readPublicKeyPart } from './keys'
import { readName } from './names'
import { algorithmOddities, dateOddities, nameOddities, serialOddities } from './oddities'
import {
  bitsOfPart,
  contentBytes,
  faultOfDer,
  fieldOf,
  numberOfPart,
  readWhole,
  required,
  wholeBytes,
  type Part,
} from './parts'
import type { CertificateDescription } from './types'

const WHAT =
  'The bytes are no certificate: tbsCertificate, signatureAlgorithm and signatureValue are expected (RFC 5280 section 4.1).'

/**
 * Reads a certificate, DER. What is broken inside it is told in `problems`.
 * @throws LabError `bad_certificate` when the bytes are no certificate at all
 */
export function readCertificate(der: Bytes): CertificateDescription {
  const whole = readWhole(der, 'Certificate', 'bad_certificate')
  const signed = required(fieldOf(whole, 'tbsCertificate'), 'bad_certificate', WHAT)
  if (!signed.node.constructed || !fieldOf(signed, 'subjectPublicKeyInfo')) {
    throw new LabError('bad_certificate', WHAT)
  }
  const problems: string[] = []
  noteEnd(whole, problems, 'certificate')
  const inner = fieldOf(signed, 'signature')
  const outer = fieldOf(whole, 'signatureAlgorithm')
  const signature = bitsOfPart(fieldOf(whole, 'signatureValue'))
  if (!signature) problems.push('The signature can’t be read.')
  const algorithmsAgree =
    inner !== undefined && outer !== undefined && equalBytes(wholeBytes(inner), wholeBytes(outer))
  if (!algorithmsAgree) problems.push('The signature algorithm inside is not the one outside.')
  const notDer = faultOfDer(() => requireDer(der, 'Certificate'))
  const { extensions, standard, oddities: names } = readExtensions(fieldOf(signed, 'extensions'), problems)
  const [issuer, subject] = [fieldOf(signed, 'issuer'), fieldOf(signed, 'subject')]
  const serial = fieldOf(signed, 'serialNumber')
  const [notBefore, notAfter] = (['notBefore', 'notAfter'] as const).map((field) =>
    readTime(fieldOf(signed, 'validity', field), problems, field),
  )
  const signatureAlgorithm = readAlgorithm(outer)
  const oddities = [
    ...algorithmOddities(signatureAlgorithm),
    ...(serial ? serialOddities(contentBytes(serial)) : []),
    ...nameOddities(issuer, 'The issuer'),
    ...nameOddities(subject, 'The subject'),
    ...[notBefore, notAfter].flatMap((date) => date?.oddities ?? []),
    ...names,
  ]
  const version = readVersion(fieldOf(signed, 'version'), 3, problems)
  if (extensions.length > 0 && version !== 3)
    problems.push(`It has extensions, but is of version ${version}.`)
  const description = {
    der,
    signedPart: wholeBytes(signed),
    signature: signature ?? new Uint8Array(),
    signatureAlgorithm,
    algorithmsAgree,
    notDer,
    version,
    serial: readSerial(serial, problems),
    issuer: readName(issuer, problems, 'The issuer'),
    subject: readName(subject, problems, 'The subject'),
    notBefore: notBefore?.time,
    notAfter: notAfter?.time,
    datesFault: notBefore?.problem ?? notAfter?.problem,
    publicKey: readPublicKeyPart(fieldOf(signed, 'subjectPublicKeyInfo'), problems),
    extensions,
    standard,
    problems,
    oddities,
  }
  problems.push(...oddities)
  // What was found already says more.
  if (notDer !== undefined && problems.length === 0) problems.push(`It is not DER. ${notDer}`)
  return description
}

/** Notes bytes that come after the whole, and parts that the RFC has no place for. */
export function noteEnd({ structure, node }: Part, problems: string[], what: string): void {
  const end = node.offset + node.headerLength + node.contentLength
  const left = structure.bytes.length - end
  if (left > 0) problems.push(`After the ${what}’s end at byte ${end} there are ${left} more bytes.`)
}

/** The version as people count it; 1 when it is left out. `highest` is the last one that there is. */
export function readVersion(part: Part | undefined, highest: number, problems: string[]): number {
  if (!part) return 1
  const version = numberOfPart(part)
  if (version === undefined) problems.push('The version can’t be read.')
  else if (version < 0 || version >= highest) problems.push(`There is no version ${version + 1}.`)
  return version === undefined ? 0 : version + 1
}

function readSerial(part: Part | undefined, problems: string[]): string {
  if (!part) {
    problems.push('The serial number can’t be read.')
    return ''
  }
  return toHex(contentBytes(part))
}

/** A date, what keeps it from being one, and what is odd about it. */
interface ReadTime {
  readonly time: number | undefined
  readonly problem: string | undefined
  readonly oddities: readonly string[]
}

function readTime(part: Part | undefined, problems: string[], what: string): ReadTime {
  const tag = part?.node.universal
  const { time, problem } = part
    ? decodeTime(tag ?? 0, contentBytes(part))
    : { time: undefined, problem: 'It is missing.' }
  const told = problem && `The date ${what} is not as it should be. ${problem}`
  if (told !== undefined) problems.push(told)
  return { time, problem: told, oddities: dateOddities(tag, time, what) }
}
