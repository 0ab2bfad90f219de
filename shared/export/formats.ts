/** The forms that keys and certificates can be written in. */
import type { Pkcs12Strength } from '../crypto/containers/pkcs12-write'

export const EXPORT_FORMATS = [
  'pem',
  'der',
  'pkcs1',
  'pkcs1-der',
  'pkcs12',
  'pkcs12-pbmac1',
  'pkcs12-compatible',
  'jwk',
  'jwks',
  'openssh',
  'pkcs7',
  'pkcs7-der',
  'json',
  'text',
  'binary',
] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** The forms of PKCS#12, each with how it is locked. */
export const PKCS12_FORMATS = {
  pkcs12: 'modern',
  'pkcs12-pbmac1': 'pbmac1',
  'pkcs12-compatible': 'compatible',
} as const satisfies Partial<Record<ExportFormat, Pkcs12Strength>>

/** True for a form of PKCS#12. */
export function isPkcs12(format: ExportFormat): format is keyof typeof PKCS12_FORMATS {
  return format in PKCS12_FORMATS
}

export interface FormatInfo {
  /** A short name, for buttons and lists. */
  readonly title: string
  /** What it is and who wants it, in one sentence. */
  readonly about: string
  /** True for text that a person can read and copy. */
  readonly text: boolean
}

export const FORMATS: Readonly<Record<ExportFormat, FormatInfo>> = {
  pem: {
    title: 'PEM',
    about: 'Base64 between two marked lines: what most servers and tools read.',
    text: true,
  },
  der: { title: 'DER', about: 'The bytes themselves: Java, Windows and small devices read it.', text: false },
  pkcs1: {
    title: 'PKCS#1',
    about: 'The older form of RSA keys in PEM, for programs that know no PKCS#8.',
    text: true,
  },
  'pkcs1-der': { title: 'PKCS#1 DER', about: 'The older form of RSA keys as bytes.', text: false },
  pkcs12: {
    title: 'PKCS#12',
    about:
      'Key, certificate and chain in one locked file, AES-256 with SHA-256: for Java, Windows, browsers.',
    text: false,
  },
  'pkcs12-pbmac1': {
    title: 'PKCS#12, PBMAC1',
    about:
      'The same under the MAC of RFC 9579, which holds off guessing better: for OpenSSL 3.4 and what else is as new. Older tools refuse it.',
    text: false,
  },
  'pkcs12-compatible': {
    title: 'PKCS#12, old tools',
    about: 'The same with 3DES and SHA-1, for old tools that refuse the other. Its lock is weaker.',
    text: false,
  },
  jwk: { title: 'JWK', about: 'The key as JSON (RFC 7517), for the web and for JOSE libraries.', text: true },
  jwks: {
    title: 'JWKS',
    about: 'A set of keys as JSON (RFC 7517 section 5), here with this one key.',
    text: true,
  },
  openssh: { title: 'OpenSSH', about: 'One line as in authorized_keys.', text: true },
  pkcs7: { title: 'PKCS#7', about: 'The chain in a container, PEM: Windows and Java read it.', text: true },
  'pkcs7-der': { title: 'PKCS#7 DER', about: 'The chain in a container, as bytes.', text: false },
  json: { title: 'JSON', about: 'Its parts by name.', text: true },
  text: { title: 'Text', about: 'To read.', text: true },
  binary: { title: 'Bytes', about: 'The bytes as they are.', text: false },
}
