/** What PKCS#12 (RFC 7292) and PKCS#7 (RFC 2315, RFC 5652) files hold. */
import type { Bytes } from '../../bytes'
import { readPkcs12, type Pkcs12Entry } from '../../crypto/containers/pkcs12'
import type { Artifact } from '../artifact'
import { fieldOf, partsOf, readWhole, wholeBytes, type Part } from '../x509/parts'
import { certificate, other, privateKey } from './artifacts'
import type { NewArtifact, Opening, Origin } from './state'

const PKCS12 = 'The PKCS#12 file'

/**
 * The certificates, keys and revocation lists of a PKCS#12 file. What can't be read of it is told.
 * @throws LabError as {@link readPkcs12} does, and `passphrase_needed`
 */
export async function openPkcs12(der: Bytes, origin: Origin, opening: Opening): Promise<readonly Artifact[]> {
  // A file without a passphrase opens without asking.
  const { certificates, keys, lockedKeys, lists, passedOver } = await readPkcs12(der, (what, open) =>
    opening.unlock(what, open, true),
  )
  for (const note of passedOver) opening.note(note)
  const found = certificates.length + keys.length + lockedKeys.length + lists.length
  if (found === 0 && passedOver.length === 0 && opening.notes.length === 0)
    opening.note(`${PKCS12} holds neither certificates nor keys.`)
  const all = (
    what: string,
    entries: readonly Pkcs12Entry[],
    artifactOf: (entry: Pkcs12Entry) => NewArtifact,
  ): readonly Artifact[] => makeAll(entries, { ...origin, what, subject: PKCS12 }, opening, artifactOf)
  return [
    ...all('private key', keys, ({ der: pkcs8, friendlyName }) =>
      privateKey(pkcs8, friendlyName ? `${friendlyName}, private key` : undefined),
    ),
    ...all('locked key', lockedKeys, ({ der: locked }) => other(locked, 'EncryptedPrivateKeyInfo')),
    ...all('certificate', certificates, ({ der: inner, friendlyName }) =>
      certificate(inner, friendlyName || undefined),
    ),
    ...all('revocation list', lists, ({ der: list }) => other(list, 'CertificateList')),
  ]
}

/** Makes artifacts of several parts of a kind; one that can't be read is told, and left out. */
function makeAll<Held>(
  held: readonly Held[],
  { source, subject, what }: Origin & { readonly what: string },
  opening: Opening,
  artifactOf: (held: Held) => NewArtifact,
): readonly Artifact[] {
  return held.flatMap((each, at) => {
    const place = `${what} ${at + 1}`
    try {
      return [opening.make(artifactOf(each), { source: `${source}, ${place}`, subject })]
    } catch (error) {
      opening.passOver(error, `${subject}, ${place}, was passed over`)
      return []
    }
  })
}

/**
 * The certificates and revocation lists of a PKCS#7 container; none where it holds something else.
 * @throws LabError `bad_pkcs7`, `bad_certificate`
 */
export function openContentInfo(der: Bytes, origin: Origin, opening: Opening): readonly Artifact[] {
  const content = fieldOf(readWhole(der, 'ContentInfo', 'bad_pkcs7'), 'content')
  const held = (field: string, type: string): readonly Part[] => {
    const list = fieldOf(content, field)
    return list ? partsOf(list).filter(({ node }) => node.type === type) : []
  }
  const place = (what: string, at: number): Origin => ({
    ...origin,
    source: `${origin.source}, ${what} ${at + 1}`,
  })
  return [
    ...held('certificates', 'Certificate').map((part, at) =>
      opening.make(certificate(wholeBytes(part)), place('certificate', at)),
    ),
    ...held('crls', 'CertificateList').map((part, at) =>
      opening.make(other(wholeBytes(part), 'CertificateList'), place('revocation list', at)),
    ),
  ]
}
