/** PEM texts (RFC 7468), with the `\n` line ends that protocol.md section 2 wants. */
import { fromBase64, toBase64, type Bytes } from '../../bytes'
import { LabError } from '../../errors'

export type PemLabel =
  | 'CERTIFICATE'
  | 'CERTIFICATE REQUEST'
  | 'PUBLIC KEY'
  | 'PRIVATE KEY'
  | 'ENCRYPTED PRIVATE KEY'
  | 'RSA PUBLIC KEY'
  | 'RSA PRIVATE KEY'
  | 'PKCS7'
  | 'X509 CRL'

/** Writes DER bytes as PEM, in lines of 64 characters (RFC 7468 section 2), with a line feed at the end. */
export function encodePem(type: PemLabel, der: Uint8Array): string {
  const body = toBase64(der).replace(LINE, '$&\n')
  return `-----BEGIN ${type}-----\n${body}-----END ${type}-----\n`
}

const LINE = /.{1,64}/g
/** The first block of a text: its label and what stands before its end, which has to have the same label. */
const BLOCK = /-----BEGIN ([^\r\n]*?)-----([^-]*)-----END \1-----/

/**
 * Reads the first block of a PEM text. Its base64 has to be that of these bytes alone (RFC 4648 section 3.5).
 * @throws LabError `bad_pem` when there is none, it has another label, or is no base64
 */
export function decodePem(type: PemLabel, pem: string): Bytes {
  const start = pem.indexOf('-----BEGIN ')
  const [block, label, body = ''] = BLOCK.exec(start < 0 ? '' : pem.slice(start)) ?? []
  if (block === undefined || !pem.startsWith(block, start)) {
    throw new LabError('bad_pem', `There is no PEM text with the label ${type}.`)
  }
  if (label !== type) {
    throw new LabError('bad_pem', `The PEM text has the label ${label}, expected is ${type}.`)
  }
  const bytes = fromBase64(body.replace(/\s/g, ''))
  if (!bytes) throw new LabError('bad_pem', `What is in the PEM text with the label ${type} is no base64.`)
  return bytes
}
