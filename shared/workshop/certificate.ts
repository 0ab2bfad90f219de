/** Writes certificates (RFC 5280 section 4.1), right or wrong, and signs them. */
import { concat, type Bytes } from '../bytes'
import { bits, context, integer, sequence, TAGS } from '../crypto/encodings/asn1'
import { contentBytes, readElement, writeElement } from '../crypto/encodings/der'
import { methodOf, writeAlgorithms } from './algorithms'
import type { CertificatePlan, KeyKind, NamePart } from './chain'
import type { KeyPair, WorkshopCrypto } from './crypto'
import { writeExtension } from './extensions'
import { writeName } from './names'
import { spoilSignature } from './public-key'
import { writeSerial, writeTime } from './values'

/** What a certificate is made with besides its plan. */
export interface CertificateParts {
  /** Content of its serial number's INTEGER. */
  readonly serial: Bytes
  /** SubjectPublicKeyInfo. */
  readonly spki: Bytes
  /** The issuer's subject. */
  readonly issuerName: readonly NamePart[]
  readonly issuerKey: KeyPair
  readonly issuerKind: KeyKind['kind']
  /** Milliseconds since the Unix epoch, from which dates are counted. */
  readonly now: number
}

/** Writes a certificate as its plan says. */
export async function writeCertificate(
  plan: CertificatePlan,
  parts: CertificateParts,
  { sign }: Pick<WorkshopCrypto, 'sign'>,
): Promise<Bytes> {
  const { inside, outside } = writeAlgorithms(plan.signature, parts.issuerKind)
  const keys = { own: parts.spki, issuer: parts.issuerKey.spki }
  const extensions = plan.extensions.map((extension) => writeExtension(extension, keys))
  const signed = sequence(
    // Version 1 is the default, which DER leaves out.
    ...(plan.version === 1 ? [] : [context(0, integer(plan.version - 1))]),
    writeSerial(parts.serial),
    inside,
    writeName(plan.issuerName ?? parts.issuerName),
    sequence(writeTime(plan.notBefore, parts.now), writeTime(plan.notAfter, parts.now)),
    writeName(plan.subject),
    parts.spki,
    ...(extensions.length === 0 ? [] : [context(3, sequence(...extensions))]),
  )
  const method = methodOf(plan.signature, parts.issuerKind)
  const signature = await sign(parts.issuerKey.pkcs8, method, signed)
  const whole = sequence(signed, outside, bits(spoilSignature(signature, plan.signature.fault)))
  return spoilWhole(whole, plan.fault)
}

function spoilWhole(whole: Bytes, fault: CertificatePlan['fault']): Bytes {
  switch (fault) {
    case undefined:
      return whole
    case 'a byte behind':
      return concat(whole, new Uint8Array(1))
    case 'length too long': {
      // BER lets a length have leading zeros (X.690 section 8.1.3.5); DER does not.
      const content = contentBytes(whole, readElement(whole))
      const length = writeElement(TAGS.SEQUENCE, content).slice(2, whole.length - content.length)
      return concat(Uint8Array.of(TAGS.SEQUENCE, 0x80 | (length.length + 1), 0), length, content)
    }
  }
}
