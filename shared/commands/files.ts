/** Names of the files that commands are about: those that the export gives. */
import type { ExportFileId } from '../export/items'
import type { OwnFile } from '../inspect/artifact'
import type { CommandFile } from './reading'

/** File names by what the files hold. A command whose files are not all named is left out. */
export interface CommandFiles {
  /** PEM: the certificate that is open. */
  readonly certificate?: CommandFile
  /** PEM: that of its issuer. */
  readonly issuer?: string
  /** PEM: the trust anchor. */
  readonly authority?: string
  /** PEM: the revocation list of its issuer. */
  readonly list?: string
  /** PEM: certificates between the two. */
  readonly intermediates?: string
  /** PEM: the certificate and those above it. */
  readonly chain?: string
  /** PKCS#7, PEM: the same. */
  readonly pkcs7?: string
  /** PKCS#12, which asks for its passphrase. */
  readonly pkcs12?: string
  /** PKCS#8, PEM; a locked one asks for its passphrase. */
  readonly key?: CommandFile
  /** SubjectPublicKeyInfo, PEM. */
  readonly publicKey?: CommandFile
  /** The line of OpenSSH. */
  readonly openssh?: CommandFile
  /** PEM. */
  readonly request?: CommandFile
  /** JSON. */
  readonly certS?: CommandFile
  /** The bytes of a signature, and those that it is over. */
  readonly signature?: string
  readonly signed?: string
  /** The bytes of a symmetric key. */
  readonly secret?: string
  /** Anything else. */
  readonly der?: OwnFile
  readonly checksums?: string
}

/** The files of the lab's own export, by the names that they were given. */
export function labFiles(
  owner: 'authority' | 'server',
  names: Readonly<Partial<Record<ExportFileId, string>>>,
): CommandFiles {
  const of = (role: keyof CommandFiles, id: ExportFileId): CommandFiles =>
    names[id] === undefined ? {} : { [role]: names[id] }
  const authority = { ...of('issuer', 'ca-certificate/pem'), ...of('authority', 'ca-certificate/pem') }
  if (owner === 'authority') {
    return {
      ...authority,
      ...of('certificate', 'ca-certificate/pem'),
      ...of('key', 'ca-private-key/pem'),
      ...of('pkcs12', 'ca-private-key/pkcs12'),
    }
  }
  return {
    ...authority,
    ...of('certificate', 'server-certificate/pem'),
    ...of('list', 'ca-revocation-list/pem'),
    ...of('chain', 'server-chain/pem'),
    ...of('pkcs7', 'server-chain/pkcs7'),
    ...of('certS', 'cert-s/json'),
    ...of('publicKey', 'server-public-key/pem'),
    ...of('openssh', 'server-public-key/openssh'),
    ...of('request', 'server-request/pem'),
    ...of('key', 'server-private-key/pem'),
    ...of('pkcs12', 'server-private-key/pkcs12'),
    ...of('checksums', 'checksums/text'),
  }
}
