/** What is against RFC 5280 and keeps nobody from reading a certificate: those who hold to the letter refuse it. */
import { decodeString } from '../../crypto/asn1/strings'
import { attributeName, oidName } from '../../crypto/encodings/oids'
import { signatureAlgorithm } from '../../crypto/pki/verify'
import { contentBytes, oidOfPart, partsOf, type Part } from './parts'
import type { AlgorithmView, GeneralNameView } from './types'

const [PRINTABLE_STRING, IA5_STRING, GENERALIZED_TIME] = [19, 22, 24] as const
/** The most characters of an attribute (RFC 5280 appendix A.1, upper bounds). */
const MOST: Readonly<Record<string, number>> = {
  commonName: 64,
  localityName: 128,
  stateOrProvinceName: 128,
  organizationName: 64,
  organizationalUnitName: 64,
  title: 64,
  serialNumber: 64,
  pseudonym: 128,
  emailAddress: 255,
  generationQualifier: 32_768,
  surname: 32_768,
  givenName: 32_768,
  initials: 32_768,
  name: 32_768,
}
/** Attributes with one string type alone (the same appendix). */
const TYPES: Readonly<Record<string, number>> = {
  countryName: PRINTABLE_STRING,
  dnQualifier: PRINTABLE_STRING,
  serialNumber: PRINTABLE_STRING,
  emailAddress: IA5_STRING,
  domainComponent: IA5_STRING,
}
const TYPE_NAMES: Readonly<Record<number, string>> = {
  [PRINTABLE_STRING]: 'PrintableString',
  [IA5_STRING]: 'IA5String',
}
/** RFC 5280 section 4.1.2.5: dates until the end of 2049 are UTCTime. */
const LATER = Date.UTC(2050, 0)
const MAX_SERIAL_BYTES = 20
const COUNTRY_LETTERS = 2

/** What is odd in a distinguished name, each in a sentence. `what` is its subject. */
export function nameOddities(part: Part | undefined, what: string): readonly string[] {
  if (!part) return []
  return partsOf(part).flatMap((rdn) =>
    partsOf(rdn).flatMap((attribute) => attributeOddities(attribute, what)),
  )
}

function attributeOddities(part: Part, what: string): readonly string[] {
  const [type, held] = partsOf(part)
  const oid = oidOfPart(type)
  const kind = oidName(oid ?? '')
  if (oid === undefined || kind === undefined || !held || held.node.constructed) return []
  const tag = held.node.universal ?? 0
  const length = [...(decodeString(tag, contentBytes(held))?.text ?? '')].length
  const [most, wanted] = [MOST[kind], TYPES[kind]]
  const name = attributeName(oid)
  return [
    ...(length === 0 && decodeString(tag, contentBytes(held)) ? [`${what} has an empty ${name}.`] : []),
    ...(most !== undefined && length > most
      ? [`${what} has ${length} characters of ${name}; ${most} are allowed.`]
      : []),
    ...(kind === 'countryName' && length !== COUNTRY_LETTERS
      ? [`${what} has a country of ${length} letters; ${COUNTRY_LETTERS} are its code.`]
      : []),
    ...(wanted !== undefined && wanted !== tag
      ? [`${what} has ${name} as another type than ${TYPE_NAMES[wanted] ?? ''}.`]
      : []),
  ]
}

/** RFC 5280 section 4.1.2.2. */
export function serialOddities(content: Uint8Array): readonly string[] {
  return [
    ...((content[0] ?? 0) >= 0x80 ? ['The serial number is negative.'] : []),
    ...(content.every((byte) => byte === 0) ? ['The serial number is zero.'] : []),
    ...(content.length > MAX_SERIAL_BYTES
      ? [`The serial number has ${content.length} bytes; ${MAX_SERIAL_BYTES} are allowed.`]
      : []),
  ]
}

/** RFC 5280 section 4.1.2.5. */
export function dateOddities(
  tag: number | undefined,
  time: number | undefined,
  what: string,
): readonly string[] {
  return tag === GENERALIZED_TIME && time !== undefined && time < LATER
    ? [`The date ${what} is before 2050 and not written as UTCTime.`]
    : []
}

/** RFC 5758 section 3.2, RFC 8410 section 3: these algorithms have no parameters, not even a NULL. */
export function algorithmOddities({ oid, name, parameters }: AlgorithmView): readonly string[] {
  const key = signatureAlgorithm(oid)?.key
  const isPlain = key !== undefined && key !== 'RSA'
  return isPlain && parameters
    ? [`The signature algorithm ${name} has parameters, and should have none.`]
    : []
}

/** What makes an alternative name none (RFC 5280 section 4.2.1.6), in a sentence's predicate; undefined if nothing. */
export function generalNameOddity({ kind, value, content }: GeneralNameView): string | undefined {
  const text = String.fromCharCode(...content.subarray(0, 1_024))
  if (kind === 'IP')
    return content.length === 4 || content.length === 16
      ? undefined
      : `an address of ${content.length} bytes; one has 4 or 16`
  if (kind === 'directoryName') return value === '' ? 'an empty directory name' : undefined
  if (kind !== 'DNS' && kind !== 'email' && kind !== 'URI') return undefined
  if (text === '') return `an empty name of the kind ${kind}`
  if (/[\0-\x20\x7f-\xff]/.test(text)) return `a name with a character that no ${kind} has, ${kind}: ${value}`
  if (kind === 'DNS' && !/^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i.test(text))
    return `a name that is no host’s, DNS: ${value}`
  if (kind === 'email' && !/^[^@]+@[^@]+$/.test(text)) return `a mail address that is none, ${value}`
  if (kind === 'URI' && !/^[a-z][a-z0-9+.-]*:/i.test(text)) return `a URI without a scheme, ${value}`
  return undefined
}
