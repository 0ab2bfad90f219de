/** PEM texts (RFC 7468), by node-forge; written with `\n` line ends as protocol.md section 2 wants. */
import forge from 'node-forge'
import { fromBinaryString, toBinaryString, type Bytes } from '../../bytes'
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

/** Writes DER bytes as PEM, with a line feed at the end. */
export function encodePem(type: PemLabel, der: Uint8Array): string {
  return forge.pem.encode({ type, body: toBinaryString(der) } as forge.pem.ObjectPEM).replaceAll('\r\n', '\n')
}

/**
 * Reads the first block of a PEM text.
 * @throws LabError `bad_pem` when there is none or it has another label
 */
export function decodePem(type: PemLabel, pem: string): Bytes {
  let blocks: forge.pem.ObjectPEM[]
  try {
    blocks = forge.pem.decode(pem)
  } catch (cause) {
    throw new LabError('bad_pem', `There is no PEM text with the label ${type}.`, { cause })
  }
  const block = blocks[0]
  if (block?.type !== type) {
    throw new LabError(
      'bad_pem',
      `The PEM text has the label ${block?.type ?? '(none)'}, expected is ${type}.`,
    )
  }
  return fromBinaryString(block.body)
}
