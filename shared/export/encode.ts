/** Keys and certificates written in every form: DER in, bytes of a file out. */
import { toBase64, toUtf8, type Bytes } from '../bytes'
import { certSText, type CertSParts } from '../crypto/pki/cert-s'
import { jwkText, privateJwk, publicJwk } from '../crypto/pki/jwk'
import { opensshKey, opensshLine } from '../crypto/encodings/openssh'
import { encodePem } from '../crypto/encodings/pem'
import { pkcs1PrivateKey, pkcs1PublicKey } from '../crypto/encodings/pkcs1'
import { pkcs12Length, writePkcs12, type Pkcs12Strength } from '../crypto/containers/pkcs12-write'
import { certificatesPkcs7 } from '../crypto/pki/pkcs7'
import { encryptPkcs8, encryptedPkcs8Length } from '../crypto/containers/pkcs8'
import { LabError } from '../errors'
import { PKCS12_FORMATS, type ExportFormat } from './formats'

/** What locks a file. */
export interface LockWith {
  readonly passphrase: string
  /** That many random bytes. */
  readonly random: (length: number) => Bytes
}

/** A private key with what a PKCS#12 file says of it. */
export interface PrivateKeyInput {
  /** PrivateKeyInfo, DER. */
  readonly pkcs8: Bytes
  /** DER, the key's own first; without any there is no PKCS#12 file. */
  readonly certificates: readonly Bytes[]
  readonly friendlyName: string
}

/** Certificates, the one that matters first: `pem` has them one after another, `der` the first alone. */
export function encodeCertificates(format: ExportFormat, certificates: readonly Bytes[]): Bytes {
  switch (format) {
    case 'pem':
      return toUtf8(certificates.map((der) => encodePem('CERTIFICATE', der)).join(''))
    case 'der':
      return certificates[0] ?? new Uint8Array()
    case 'pkcs7':
      return toUtf8(encodePem('PKCS7', certificatesPkcs7(certificates)))
    case 'pkcs7-der':
      return certificatesPkcs7(certificates)
    default:
      throw noSuchForm(format, 'certificate')
  }
}

/** `Cert_S` with all that is needed to verify it: protocol.md section 2. */
export function encodeCertS(parts: CertSParts, signature: Bytes): Bytes {
  const json = {
    id_s: parts.idS,
    id_ca: parts.idCa,
    pk_s: parts.pkS,
    signed_text: certSText(parts),
    signature: toBase64(signature),
    algorithm: 'RSASSA-PKCS1-v1_5 with SHA-256',
  }
  return toUtf8(`${JSON.stringify(json, undefined, 2)}\n`)
}

/** A certification request (PKCS#10). */
export function encodeRequest(format: ExportFormat, der: Bytes): Bytes {
  if (format === 'pem') return toUtf8(encodePem('CERTIFICATE REQUEST', der))
  if (format === 'der') return der
  throw noSuchForm(format, 'certification request')
}

/** A revocation list. */
export function encodeRevocationList(format: ExportFormat, der: Bytes): Bytes {
  if (format === 'pem') return toUtf8(encodePem('X509 CRL', der))
  if (format === 'der') return der
  throw noSuchForm(format, 'revocation list')
}

/**
 * A public key.
 * @param spki SubjectPublicKeyInfo, DER
 * @param comment what an OpenSSH line ends with
 * @throws LabError `bad_key`, `unsupported_key`
 */
export async function encodePublicKey(format: ExportFormat, spki: Bytes, comment: string): Promise<Bytes> {
  switch (format) {
    case 'pem':
      return toUtf8(encodePem('PUBLIC KEY', spki))
    case 'der':
      return spki
    case 'pkcs1':
      return toUtf8(encodePem('RSA PUBLIC KEY', pkcs1PublicKey(spki)))
    case 'pkcs1-der':
      return pkcs1PublicKey(spki)
    case 'jwk':
      return toUtf8(jwkText(await publicJwk(spki)))
    case 'jwks':
      return toUtf8(jwkText({ keys: [await publicJwk(spki)] }))
    case 'openssh': {
      const key = opensshKey(spki)
      if (!key)
        throw new LabError('unsupported_key', 'OpenSSH has no keys of this kind: choose another format.')
      return toUtf8(`${opensshLine(key, comment)}\n`)
    }
    default:
      throw noSuchForm(format, 'public key')
  }
}

/**
 * A private key; with `lock` under its passphrase, in the forms that have one.
 * @throws LabError `bad_key`, `unsupported_key`, `passphrase_missing` for a form that is never without
 */
export async function encodePrivateKey(
  format: ExportFormat,
  input: PrivateKeyInput,
  lock: LockWith | undefined,
): Promise<Bytes> {
  const { pkcs8 } = input
  switch (format) {
    case 'pem':
      return lock
        ? toUtf8(encodePem('ENCRYPTED PRIVATE KEY', await lockedPkcs8(pkcs8, lock)))
        : plainPem(pkcs8)
    case 'der':
      return lock ? lockedPkcs8(pkcs8, lock) : pkcs8
    case 'pkcs1':
      return toUtf8(encodePem('RSA PRIVATE KEY', pkcs1PrivateKey(pkcs8)))
    case 'pkcs1-der':
      return pkcs1PrivateKey(pkcs8)
    case 'pkcs12':
    case 'pkcs12-pbmac1':
    case 'pkcs12-compatible':
      return pkcs12(PKCS12_FORMATS[format], input, lock)
    case 'jwk':
      return toUtf8(jwkText(await privateJwk(pkcs8)))
    case 'jwks':
      return toUtf8(jwkText({ keys: [await privateJwk(pkcs8)] }))
    default:
      throw noSuchForm(format, 'private key')
  }
}

/** Size in bytes of what {@link encodePrivateKey} writes, without the work of locking it. */
export async function privateKeySize(
  format: ExportFormat,
  input: PrivateKeyInput,
  locked: boolean,
): Promise<number> {
  switch (format) {
    case 'pkcs12':
    case 'pkcs12-pbmac1':
    case 'pkcs12-compatible':
      return pkcs12Length(certified(input), PKCS12_FORMATS[format])
    case 'pem':
    case 'der': {
      if (!locked) break
      const length = encryptedPkcs8Length(input.pkcs8.length)
      return format === 'der' ? length : encodePem('ENCRYPTED PRIVATE KEY', new Uint8Array(length)).length
    }
  }
  return (await encodePrivateKey(format, input, undefined)).length
}

function plainPem(pkcs8: Bytes): Bytes {
  return toUtf8(encodePem('PRIVATE KEY', pkcs8))
}

function lockedPkcs8(pkcs8: Bytes, { passphrase, random }: LockWith): Promise<Bytes> {
  return encryptPkcs8(pkcs8, passphrase, random)
}

function pkcs12(
  strength: Pkcs12Strength,
  input: PrivateKeyInput,
  lock: LockWith | undefined,
): Promise<Bytes> {
  if (!lock) {
    const message = 'A PKCS#12 file is always locked: give it a passphrase, or choose another form.'
    throw new LabError('passphrase_missing', message)
  }
  return writePkcs12(certified(input), strength, lock.passphrase, lock.random)
}

function certified({ certificates: [own, ...others], ...input }: PrivateKeyInput) {
  if (!own) throw new LabError('unsupported_key', 'A PKCS#12 file needs the certificate of its key.')
  return { ...input, certificates: [own, ...others] as const }
}

function noSuchForm(format: ExportFormat, what: string): LabError {
  return new LabError('unsupported_key', `A ${what} is not written as ${format}.`)
}
