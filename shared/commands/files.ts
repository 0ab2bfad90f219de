/** Names of the files that commands are about: those that the export gives. */
import { filesOf, type GivenGroup } from '../export/given'
import type { ExportFormat } from '../export/formats'
import type { ExportFileId } from '../export/items'
import type { Artifact } from '../inspect/artifact'

/** File names by what the files hold. A command whose files are not all named is left out. */
export interface CommandFiles {
  /** PEM: the certificate that is open. */
  readonly certificate?: string
  /** PEM: that of its issuer. */
  readonly issuer?: string
  /** PEM: the trust anchor. */
  readonly authority?: string
  /** PEM: certificates between the two. */
  readonly intermediates?: string
  /** PEM: the certificate and those above it. */
  readonly chain?: string
  /** PKCS#7, PEM: the same. */
  readonly pkcs7?: string
  /** PKCS#12, which asks for its passphrase. */
  readonly pkcs12?: string
  /** PKCS#8, PEM; a locked one asks for its passphrase. */
  readonly key?: string
  /** SubjectPublicKeyInfo, PEM. */
  readonly publicKey?: string
  /** The line of OpenSSH. */
  readonly openssh?: string
  /** PEM. */
  readonly request?: string
  /** JSON. */
  readonly certS?: string
  /** The bytes of a signature, and those that it is over. */
  readonly signature?: string
  readonly signed?: string
  /** The bytes of a symmetric key. */
  readonly secret?: string
  /** DER of anything else. */
  readonly der?: string
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

/** The files that an artifact from anywhere is exported as, by the names that the export begins with. */
export async function filesFor(artifact: Artifact): Promise<CommandFiles> {
  const groups = await filesOf(artifact)
  switch (artifact.kind) {
    case 'certificate':
      return named(groups, { certificate: 'pem' })
    case 'request':
      return named(groups, { request: 'pem' })
    case 'public-key':
      return named(groups, { publicKey: 'pem', openssh: 'openssh' })
    case 'private-key':
      return named(groups, { key: 'pem' })
    case 'signature':
      return named(groups, { signature: 'binary' })
    case 'cert-s':
      return named(groups, { certS: 'json' })
    case 'symmetric-key':
      return named(groups, { secret: 'binary' })
    case 'other':
      return named(groups, { der: 'der' })
  }
}

function named(
  groups: readonly GivenGroup[],
  roles: Readonly<Partial<Record<keyof CommandFiles, ExportFormat>>>,
): CommandFiles {
  const files = groups.flatMap((group) => group.files)
  const found = Object.entries(roles).flatMap(([role, format]) => {
    const file = files.find((each) => each.format === format)
    return file ? [[role, file.name] as const] : []
  })
  return Object.fromEntries(found)
}
