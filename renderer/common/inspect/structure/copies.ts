/** An element as text, to take along. */
import { toBase64, toHex } from '#shared/bytes'
import { elementBytes, type PackedStructure, type PlacedNode } from './packed'

/** Labels of RFC 7468 for the types that have one; others are any DER. */
const LABELS: Readonly<Record<string, string>> = {
  Certificate: 'CERTIFICATE',
  CertificationRequest: 'CERTIFICATE REQUEST',
  SubjectPublicKeyInfo: 'PUBLIC KEY',
  PrivateKeyInfo: 'PRIVATE KEY',
  OneAsymmetricKey: 'PRIVATE KEY',
  EncryptedPrivateKeyInfo: 'ENCRYPTED PRIVATE KEY',
  CertificateList: 'X509 CRL',
  ContentInfo: 'PKCS7',
  RSAPublicKey: 'RSA PUBLIC KEY',
  RSAPrivateKey: 'RSA PRIVATE KEY',
}
const LINE = /.{1,64}/g

/** The forms that an element can be copied in. */
export type CopyForm = 'hex' | 'base64' | 'pem'

/** Header and content of an element in a form. */
export function elementAs(form: CopyForm, packed: PackedStructure, node: PlacedNode): string {
  const bytes = elementBytes(packed, node)
  if (form === 'hex') return toHex(bytes)
  const text = toBase64(bytes)
  if (form === 'base64') return text
  const label = LABELS[node.type ?? ''] ?? 'DER'
  return [`-----BEGIN ${label}-----`, ...(text.match(LINE) ?? []), `-----END ${label}-----`, ''].join('\n')
}
