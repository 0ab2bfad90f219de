/** Writes certificate revocation lists with any fault that a test wants (RFC 5280 section 5.1), signed with Node's own crypto. */
import { createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { decodePem } from '#shared/crypto/encodings/pem'
import { readCertificate } from '#shared/inspect/x509/certificate'
import { fromHex, toUtf8, type Bytes } from '#shared/bytes'
import { writeElement } from '#shared/crypto/encodings/der'
import { bits, context, extension, integer, oid, sequence } from '../der'
import { PKI_NOW, type Issued } from '../open-ssl-pki'

const DAY = 86_400_000
const [UTC_TIME, GENERALIZED_TIME, ENUMERATED, BIT_STRING] = [0x17, 0x18, 0x0a, 0x03] as const
const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))
const ECDSA_SHA384 = sequence(oid('1.2.840.10045.4.3.3'))

/** An entry of a list. */
export interface WrittenEntry {
  /** Hex of the INTEGER's content. */
  readonly serial: string
  /** CRLReason; none otherwise. */
  readonly reason?: number
  /** More extensions of the entry. */
  readonly extensions?: readonly Bytes[]
}

/** A list as it is to be written. Times are milliseconds since the Unix epoch. */
export interface WrittenList {
  readonly by: Issued
  /** Whose name stands as the issuer's, when it is not the signer's. */
  readonly as?: Issued
  readonly entries?: readonly WrittenEntry[]
  readonly thisUpdate?: number
  /** `null` leaves it out. */
  readonly nextUpdate?: number | null
  readonly generalized?: boolean
  readonly extensions?: readonly Bytes[]
  /** CRLNumber; `null` leaves it out. */
  readonly number?: number | null
  /** The version's number as it is written; `null` leaves it out, as version 1 does. */
  readonly version?: number | null
  /** Key identifier of the issuer in hex; its own otherwise, `null` leaves it out. */
  readonly keyIdentifier?: string | null
  readonly fault?: 'signature' | 'algorithms' | 'empty entries' | 'bytes behind'
}

/** The certificate of somebody, as the reader has it. */
export function certificateOf({ pem }: Issued): ReturnType<typeof readCertificate> {
  return readCertificate(decodePem('CERTIFICATE', pem))
}

/** Writes and signs a list, DER. Signers have keys on P-256. */
export function writeList(list: WrittenList): Bytes {
  const { by, as = by, entries = [], extensions = [], fault, number = 1, version = 1 } = list
  const { thisUpdate = PKI_NOW - DAY, nextUpdate = PKI_NOW + DAY, generalized = false } = list
  const { subject, standard } = certificateOf(by)
  const identifier =
    list.keyIdentifier === undefined ? standard.subjectKeyIdentifier : fromHex(list.keyIdentifier ?? '')
  const all = [
    ...(identifier && list.keyIdentifier !== null
      ? [extension('2.5.29.35', sequence(context(0, false, identifier)))]
      : []),
    ...(number === null ? [] : [extension('2.5.29.20', small(number))]),
    ...extensions,
  ]
  const listed = entries.length > 0 || fault === 'empty entries'
  const signed = sequence(
    ...(version === null ? [] : [small(version)]),
    fault === 'algorithms' ? ECDSA_SHA384 : ECDSA_SHA256,
    as === by ? subject.der : certificateOf(as).subject.der,
    time(thisUpdate, generalized),
    ...(nextUpdate === null ? [] : [time(nextUpdate, generalized)]),
    ...(listed ? [sequence(...entries.map(entry))] : []),
    ...(all.length === 0 ? [] : [context(0, true, sequence(...all))]),
  )
  const signature = sign('sha256', signed, createPrivateKey(readFileSync(by.keyFile)))
  const last = signature.length - 1
  if (fault === 'signature') signature[last] = (signature[last] ?? 0) ^ 1
  const whole = sequence(signed, ECDSA_SHA256, bits(new Uint8Array(signature)))
  return fault === 'bytes behind' ? new Uint8Array([...whole, 5, 0]) : whole
}

function entry({ serial, reason, extensions = [] }: WrittenEntry): Bytes {
  const all = [
    ...(reason === undefined
      ? []
      : [extension('2.5.29.21', writeElement(ENUMERATED, Uint8Array.of(reason)))]),
    ...extensions,
  ]
  return sequence(
    integer(serial),
    time(PKI_NOW - 2 * DAY, false),
    ...(all.length === 0 ? [] : [sequence(...all)]),
  )
}

function time(at: number, generalized: boolean): Bytes {
  const digits = new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)
  return writeElement(
    generalized ? GENERALIZED_TIME : UTC_TIME,
    toUtf8(`${generalized ? digits : digits.slice(2)}Z`),
  )
}

function small(number: number): Bytes {
  return integer(number.toString(16).padStart(2, '0'))
}

const flag = (tag: number): Bytes => context(tag, false, Uint8Array.of(0xff))
const uri = (text: string): Bytes => context(6, false, toUtf8(text))

/** What a list covers (RFC 5280 section 5.2.5). */
export interface WrittenScope {
  readonly uri?: string
  readonly only?: 'user' | 'authority' | 'attribute'
  /** ReasonFlags in hex, unused bits first. */
  readonly reasons?: string
  readonly indirect?: boolean
}

/** The extension issuingDistributionPoint. */
export function issuingPoint({ uri: at, only, reasons, indirect }: WrittenScope): Bytes {
  const value = sequence(
    ...(at === undefined ? [] : [context(0, true, context(0, true, uri(at)))]),
    ...(only === 'user' ? [flag(1)] : []),
    ...(only === 'authority' ? [flag(2)] : []),
    ...(reasons === undefined ? [] : [reasonFlags(reasons)]),
    ...(indirect === true ? [flag(4)] : []),
    ...(only === 'attribute' ? [flag(5)] : []),
  )
  return extension('2.5.29.28', value, true)
}

function reasonFlags(content: string): Bytes {
  return writeElement(0x83, fromHex(content) ?? new Uint8Array(BIT_STRING))
}

/** The extension certificateIssuer of an entry (RFC 5280 section 5.3.3). */
export function certificateIssuer(whose: Issued): Bytes {
  return extension('2.5.29.29', sequence(context(4, true, certificateOf(whose).subject.der)), true)
}

/** The extension freshestCRL: where deltas are (RFC 5280 section 5.2.6). */
export function freshest(at: string): Bytes {
  return extension('2.5.29.46', sequence(sequence(context(0, true, context(0, true, uri(at))))))
}

/** The extension deltaCRLIndicator (RFC 5280 section 5.2.4). */
export function deltaOf(base: number): Bytes {
  return extension('2.5.29.27', small(base), true)
}
