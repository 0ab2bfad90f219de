/** How a receiver checks the server's two certificates (protocol.md section 7, below the table). */
import { equalBytes, type Bytes } from '../bytes'
import { messageOf, otherwise, passOwnFault } from '../errors'
import { isoTime } from '../time'
import { writeElement } from '../crypto/encodings/der'
import { verifyCertS } from '../crypto/pki/cert-s'
import { isSignedBy, parseCertificate, type Certificate } from '../crypto/pki/certificate'
import { namesAddress } from '../crypto/pki/host-name'
import { GOOD_RSA_KEY, judgeRsaKey, rsaKeyText } from '../crypto/pki/rsa-key'
import { publicKeyFromPem, type RsaPublicKey } from '../crypto/primitives/rsa'
import type { Finding } from '../record/checks'
import { perObject } from '../remember'
import { X509_CHECKS } from './check-table'
import type { CheckList } from './checks'
import type { Environment } from './environment'
import { oidNamed } from '../crypto/encodings/oids'

/** What the server's certificate is judged by. `now`: milliseconds since the Unix epoch. */
export interface CertificateQuestion {
  readonly trustAnchor: Certificate
  readonly idS: string
  /** The IPv4 address that the certificate has to name: the one connected to. */
  readonly address: string
  readonly now: number
}

/** basicConstraints, keyUsage, extendedKeyUsage, subjectAltName: what is looked at here. */
const UNDERSTOOD_EXTENSIONS = [
  oidNamed('basicConstraints'),
  oidNamed('keyUsage'),
  oidNamed('extKeyUsage'),
  oidNamed('subjectAltName'),
]
/** What limits a certificate also where it isn't marked as critical, and is not looked at here: OpenSSL asks each of them. */
const LIMITING_EXTENSIONS = [
  oidNamed('proxyCertInfo'),
  oidNamed('nameConstraints'),
  oidNamed('netscapeCertType'),
  oidNamed('ipAddrBlocks'),
  oidNamed('autonomousSysIds'),
]
const REQUIRED_KEY_USAGE = ['digitalSignature', 'keyEncipherment']
/** Only an authority may have these (RFC 5280 section 4.2.1.3). */
const AUTHORITY_KEY_USAGE = ['keyCertSign', 'cRLSign']
const REQUIRED_EXTENDED_USAGE = 'serverAuth'
const DIRECTORY_NAME = 0xa4

/**
 * Checks `cert_s`: rebuilds the signed text from the expected identities and the received key, verifies with PK_CA.
 * @throws ProtocolError `bad_certificate`
 */
export async function checkCertS(
  question: CertificateQuestion,
  pkS: string,
  signature: Bytes,
  checks: CheckList,
  { crypto }: Environment,
): Promise<void> {
  const { trustAnchor, idS } = question
  const idCa = trustAnchor.subject.commonName ?? ''
  const ok = await verifyCertS(trustAnchor.publicKey, { idS, idCa, pkS }, signature, crypto).catch(
    otherwise(false),
  )
  checks.require('cert_s_signature', 'bad_certificate', {
    ok,
    reason: ok
      ? 'The authority’s public key verifies the signature over server, authority and public key.'
      : 'The signature does not fit the text of server, authority and public key.',
    expected: `RSASSA-PKCS1-v1_5 with SHA-256 by ${idCa} over ${idS}, ${idCa} and the key`,
  })
}

/** Checks that the X.509 certificate holds the key that came beside it; throws ProtocolError `bad_certificate`. */
export function checkSameKey(certificate: Certificate, key: RsaPublicKey, checks: CheckList): void {
  const ok = equalBytes(certificate.publicKey.spki, key.spki)
  const reason = ok
    ? 'Both certificates are about one and the same key.'
    : 'The X.509 certificate holds another key.'
  checks.require('same_key', 'bad_certificate', { ok, reason })
}

/** Reads `pk_s`; throws ProtocolError `bad_certificate` when it is no public key, whoever signed it. */
export function readServerKey(pem: string, checks: CheckList): RsaPublicKey {
  try {
    return publicKeyFromPem(pem)
  } catch (cause) {
    passOwnFault(cause)
    const reason = 'The member pk_s is not a public key in PEM.'
    return checks.refuse('same_key', 'bad_certificate', { reason }, cause)
  }
}

/** Reads `x509_s`; throws ProtocolError `bad_certificate` when it is no certificate. */
export function readServerCertificate(pem: string, checks: CheckList): Certificate {
  try {
    return parseCertificate(pem)
  } catch (cause) {
    passOwnFault(cause)
    const reason = 'The member x509_s is not an X.509 certificate with an RSA key.'
    return checks.refuse('x509_signature', 'bad_certificate', { reason, found: messageOf(cause) }, cause)
  }
}

/**
 * Begins to verify the signature of `x509_s`, so that others can be verified meanwhile. What it finds is for
 * {@link verifyServerCertificate}; a text that is no certificate is for {@link readServerCertificate} to refuse.
 */
export function beginSignature(
  pem: string,
  { trustAnchor }: CertificateQuestion,
  environment: Environment,
): Promise<boolean> {
  try {
    return signedBy(trustAnchor, parseCertificate(pem), environment)
  } catch (error) {
    passOwnFault(error)
    return Promise.resolve(false)
  }
}

function signedBy(
  trustAnchor: Certificate,
  certificate: Certificate,
  { crypto }: Environment,
): Promise<boolean> {
  return isSignedBy(certificate, trustAnchor.publicKey, crypto).catch(otherwise(false))
}

/**
 * Verifies an X.509 certificate as a server's; `signature` where {@link beginSignature} has begun it.
 * @throws ProtocolError `bad_certificate` at the first check that fails
 */
export async function verifyServerCertificate(
  certificate: Certificate,
  question: CertificateQuestion,
  checks: CheckList,
  environment: Environment,
  signature = signedBy(question.trustAnchor, certificate, environment),
): Promise<void> {
  const findings = judge(certificate, question, await signature)
  for (const id of X509_CHECKS) checks.require(id, 'bad_certificate', findings[id])
}

const validityText = perObject(
  ({ notBefore, notAfter }: Certificate) => `${isoTime(notBefore)} to ${isoTime(notAfter)}`,
)

function judge(
  certificate: Certificate,
  { trustAnchor, idS, address, now }: CertificateQuestion,
  signed: boolean,
): Record<(typeof X509_CHECKS)[number], Finding> {
  const finding = (ok: boolean, good: string, bad: string, found: string, expected: string): Finding => ({
    ok,
    reason: ok ? good : bad,
    found,
    expected,
  })
  const { keyUsage = [], extendedKeyUsage = [], subjectAltName = [], basicConstraints } = certificate
  const names = subjectAltName
    .filter((name) => name.kind === 'DNS' || name.kind === 'IP')
    .map((name) => `${name.kind}: ${name.value}`)
  // RFC 5280 section 4.2: whoever doesn't understand a critical extension refuses the certificate.
  const unknown = certificate.extensions
    .filter(({ critical, oid }) =>
      critical ? !UNDERSTOOD_EXTENSIONS.includes(oid) : LIMITING_EXTENSIONS.includes(oid),
    )
    .map(({ name }) => name)
  const isIssuer = equalBytes(certificate.issuer.der, trustAnchor.subject.der)
  const key = judgeRsaKey(certificate.publicKey)
  return {
    x509_signature: finding(
      signed,
      'The authority’s public key verifies the signature.',
      'The signature was not made by the trust anchor’s key.',
      certificate.signatureName,
      `sha256WithRSAEncryption by ${trustAnchor.subject.text}`,
    ),
    issuer: finding(
      isIssuer && isIssuingKey(certificate, trustAnchor),
      'The issuer is the trust anchor.',
      isIssuer
        ? 'The certificate speaks of another key of the trust anchor.'
        : 'The issuer named in the certificate is not the trust anchor.',
      certificate.issuer.text,
      trustAnchor.subject.text,
    ),
    validity: finding(
      certificate.notBefore <= now && now <= certificate.notAfter,
      'The certificate is valid now.',
      now < certificate.notBefore ? 'The certificate is not valid yet.' : 'The certificate has expired.',
      validityText(certificate),
      isoTime(now),
    ),
    subject: finding(
      certificate.subject.commonName === idS,
      'The certificate was issued to the server that was asked for.',
      'The certificate was issued to someone else.',
      certificate.subject.text,
      `CN=${idS}`,
    ),
    basic_constraints: finding(
      // RFC 5280 section 4.2.1.9: a path length is for authorities alone.
      basicConstraints?.authority === false && basicConstraints.pathLength === undefined,
      'Its holder is no authority: it is not allowed to issue certificates.',
      basicConstraints?.authority
        ? 'Its holder is an authority: it is allowed to issue certificates.'
        : basicConstraints
          ? 'It limits the certificates of an authority, and its holder is none.'
          : 'The certificate does not say that it is no authority.',
      basicConstraints ? `CA: ${basicConstraints.authority ? 'yes' : 'no'}` : 'none',
      'CA: no',
    ),
    critical_extensions: finding(
      unknown.length === 0,
      'Every extension that may limit the certificate was looked at.',
      'An extension that its issuer calls critical, or that limits the certificate, is not understood here.',
      unknown.join(', ') || 'none',
      'none',
    ),
    certificate_key: finding(
      key.fault === undefined,
      'The key is long enough, and has the exponent that it should have.',
      key.fault ?? '',
      rsaKeyText(key),
      GOOD_RSA_KEY,
    ),
    key_usage: finding(
      REQUIRED_KEY_USAGE.every((usage) => keyUsage.includes(usage)) &&
        !AUTHORITY_KEY_USAGE.some((usage) => keyUsage.includes(usage)),
      'The key is allowed to sign and to encrypt other keys.',
      'The key is not allowed for what this protocol does with it.',
      keyUsage.join(', ') || 'none',
      REQUIRED_KEY_USAGE.join(', '),
    ),
    extended_key_usage: finding(
      extendedKeyUsage.includes(REQUIRED_EXTENDED_USAGE),
      'The certificate is for a server.',
      'The certificate is not for a server.',
      extendedKeyUsage.join(', ') || 'none',
      REQUIRED_EXTENDED_USAGE,
    ),
    subject_alt_name: finding(
      namesAddress(subjectAltName, address),
      'The certificate names the address that was connected to.',
      'The certificate does not name the address that was connected to.',
      names.join(', ') || 'none',
      `IP: ${address}`,
    ),
  }
}

/**
 * Whether the authority key identifier, where there is one, is that of the trust anchor (RFC 5280 section 4.2.1.1): it has to
 * name the key, and whatever else it names has to be right.
 */
function isIssuingKey({ authorityKeyIdentifier: named }: Certificate, trustAnchor: Certificate): boolean {
  if (!named) return true
  const { keyIdentifier, issuer, serial } = named
  const own = trustAnchor.subjectKeyIdentifier
  if (!keyIdentifier || (own && !equalBytes(keyIdentifier, own))) return false
  if (serial !== undefined && serial !== trustAnchor.serial) return false
  // GeneralName: directoryName [4], which is EXPLICIT.
  return !issuer || equalBytes(issuer, writeElement(DIRECTORY_NAME, trustAnchor.issuer.der))
}
