/** Two certificates side by side: every field of both, and whether it differs. */
import { equalBytes, toHex, type Bytes } from '../bytes'
import { groupBy } from '../group'
import { shownHex, titleOf } from './path/facts'
import { dateText } from './path/judged'
import { algorithmText } from './x509/algorithms'
import { readCertificate } from './x509/certificate'
import { sameName } from './x509/names'
import type { CertificateDescription, ExtensionView } from './x509/types'

/** One field of two certificates. */
export interface ComparisonRow {
  readonly title: string
  /** Undefined where that certificate doesn't have the field. */
  readonly left: string | undefined
  readonly right: string | undefined
  readonly differs: boolean
}

/** Rows that belong together, for instance those of the key. */
export interface ComparisonGroup {
  readonly title: string
  readonly rows: readonly ComparisonRow[]
}

/** Two certificates side by side. */
export interface CertificateComparison {
  readonly left: string
  readonly right: string
  /** True when they are the same bytes. */
  readonly identical: boolean
  /** How many rows differ. */
  readonly differences: number
  /** What the differences amount to, in a sentence. */
  readonly conclusion: string
  readonly groups: readonly ComparisonGroup[]
}

/** A field as text, and the bytes that decide whether it differs, where the text doesn't tell all. */
interface Field {
  readonly title: string
  readonly text: string | undefined
  readonly bytes?: Bytes
}

/** One certificate's fields by group; both have the same groups and, in the fixed ones, the same fields. */
interface Fields {
  readonly general: readonly Field[]
  readonly key: readonly Field[]
  readonly extensions: readonly Field[]
  readonly whole: readonly Field[]
}

const DAY_MS = 86_400_000
const GROUPS: readonly { readonly title: string; readonly of: keyof Fields }[] = [
  { title: 'Certificate', of: 'general' },
  { title: 'Public key', of: 'key' },
  { title: 'Extensions', of: 'extensions' },
  { title: 'Fingerprints and signature', of: 'whole' },
]
const OTHERWISE = ' (the same text in other bytes)'

/**
 * Compares two certificates, DER.
 * @throws LabError as `readCertificate` does
 */
export async function compareCertificates(first: Bytes, second: Bytes): Promise<CertificateComparison> {
  const identical = equalBytes(first, second)
  const one = readCertificate(first)
  const two = identical ? one : readCertificate(second)
  const [fields, others] = await Promise.all([fieldsOf(one), fieldsOf(two)])
  const groups = GROUPS.map(({ title, of }): ComparisonGroup => ({
    title,
    rows: rowsOf(fields[of], others[of]),
  })).filter(({ rows }) => rows.length > 0)
  const differences = groups.flatMap(({ rows }) => rows).filter(({ differs }) => differs).length
  const [left, right] = identical ? [titleOf(one), titleOf(two)] : headingsOf(one, two)
  return {
    left,
    right,
    identical,
    differences,
    conclusion: identical ? 'They are one certificate, byte for byte.' : concluded(one, two),
    groups,
  }
}

/** What each is called: by its name, and where both have one name, by what tells them apart, the serial number or a date. */
function headingsOf(one: CertificateDescription, two: CertificateDescription): readonly [string, string] {
  const headings = (apart: (certificate: CertificateDescription) => string): readonly [string, string] => [
    `${titleOf(one)}${apart(one)}`,
    `${titleOf(two)}${apart(two)}`,
  ]
  if (titleOf(one) !== titleOf(two)) return headings(() => '')
  if (one.serial !== two.serial)
    return headings(({ serial }) => `, serial number ${(serial.match(/../g) ?? []).join(':')}`)
  if (one.notBefore !== two.notBefore) return headings(({ notBefore }) => `, from ${dateText(notBefore)}`)
  if (one.notAfter !== two.notAfter) return headings(({ notAfter }) => `, until ${dateText(notAfter)}`)
  return [`${titleOf(one)}, the first`, `${titleOf(two)}, the second`]
}

/** Fields with one title belong together; the second of a title to the second. */
function rowsOf(left: readonly Field[], right: readonly Field[]): readonly ComparisonRow[] {
  const rest = new Set(right)
  const byTitle = groupBy(right, ({ title }) => title)
  const taken = new Map<string, number>()
  const paired = left.map((field) => {
    const { title } = field
    const count = taken.get(title) ?? 0
    taken.set(title, count + 1)
    const partner = byTitle.get(title)?.[count]
    if (partner) rest.delete(partner)
    return rowOf(title, field, partner)
  })
  return [...paired, ...[...rest].map((field) => rowOf(field.title, undefined, field))].filter(
    ({ left: one, right: two }) => one !== undefined || two !== undefined,
  )
}

function rowOf(title: string, left: Field | undefined, right: Field | undefined): ComparisonRow {
  const [one, two] = [left?.text, right?.text]
  const sameBytes = !left?.bytes || !right?.bytes || equalBytes(left.bytes, right.bytes)
  if (one !== two || sameBytes) return { title, left: one, right: two, differs: one !== two }
  return { title, left: one, right: `${two ?? ''}${OTHERWISE}`, differs: true }
}

async function fieldsOf(certificate: CertificateDescription): Promise<Fields> {
  const { publicKey, subject, issuer, notBefore, notAfter, der } = certificate
  const days = notBefore === undefined || notAfter === undefined ? undefined : (notAfter - notBefore) / DAY_MS
  return {
    general: [
      { title: 'Version', text: String(certificate.version) },
      { title: 'Serial number', text: (certificate.serial.match(/../g) ?? []).join(':') },
      { title: 'Subject', text: subject.text || 'empty', bytes: subject.der },
      { title: 'Issuer', text: issuer.text || 'empty', bytes: issuer.der },
      { title: 'Valid from', text: dateText(notBefore) },
      { title: 'Valid until', text: dateText(notAfter) },
      { title: 'Length of validity', text: days === undefined ? undefined : daysText(days) },
      { title: 'Signature algorithm', text: algorithmText(certificate.signatureAlgorithm) },
    ],
    key: [
      { title: 'Kind and size', text: publicKey.text },
      { title: 'SHA-256 of the key', text: shownHex(await digest('SHA-256', publicKey.spki)) },
      { title: 'Modulus', text: publicKey.rsa?.modulus },
      { title: 'Public exponent', text: publicKey.rsa && BigInt(`0x${publicKey.rsa.exponent}`).toString() },
      { title: 'Point', text: publicKey.rsa ? undefined : toHex(publicKey.keyBytes) },
    ],
    extensions: certificate.extensions.map(extensionField),
    whole: [
      { title: 'SHA-256 of the certificate', text: shownHex(await digest('SHA-256', der)) },
      { title: 'SHA-1 of the certificate', text: shownHex(await digest('SHA-1', der)) },
      { title: 'Length in bytes', text: String(der.length) },
      { title: 'Signature', text: toHex(certificate.signature) },
    ],
  }
}

function extensionField({ name, critical, text, value }: ExtensionView): Field {
  return { title: name, text: critical ? `${text} (critical)` : text, bytes: value }
}

function daysText(days: number): string {
  const rounded = Math.round(days)
  return `${rounded} ${rounded === 1 ? 'day' : 'days'}`
}

function concluded(one: CertificateDescription, two: CertificateDescription): string {
  const sameKey = equalBytes(one.publicKey.spki, two.publicKey.spki)
  const sameSubject = sameName(one.subject, two.subject)
  const sameIssuer = sameName(one.issuer, two.issuer)
  const issuer = sameIssuer ? 'the same issuer' : 'different issuers'
  if (sameKey && sameSubject)
    return `Two certificates for one key and one subject, by ${issuer}: one may have replaced the other.`
  if (sameKey) return `Two certificates for one key with different subjects, by ${issuer}.`
  if (sameSubject) return `Two certificates for one subject with different keys, by ${issuer}.`
  return `Two certificates for different subjects with different keys, by ${issuer}.`
}

async function digest(name: 'SHA-1' | 'SHA-256', bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest(name, bytes))
}
