/** What PKCS#12 (RFC 7292) and PKCS#7 (RFC 2315, RFC 5652) files hold. */
import type { Bytes } from '../../bytes'
import { readPkcs12, type Pkcs12Contents } from '../../crypto/containers/pkcs12'
import { LabError } from '../../errors'
import type { Artifact } from '../artifact'
import { fieldOf, partsOf, readWhole, wholeBytes, type Part } from '../x509/parts'
import { certificate, other, privateKey, titleFrom } from './artifacts'
import type { Opening, Origin } from './state'

const PKCS12 = 'The PKCS#12 file'

/**
 * The certificates and keys of a PKCS#12 file; none when it stays locked. A file without a passphrase opens without asking.
 * @throws LabError as {@link readPkcs12} does, and `passphrase_needed`
 */
export async function openPkcs12(der: Bytes, origin: Origin, opening: Opening): Promise<readonly Artifact[]> {
  const contents = await readContents(der, opening)
  if (!contents) return []
  const { certificates, keys } = contents
  if (certificates.length + keys.length === 0) opening.note(`${PKCS12} holds neither certificates nor keys.`)
  const place = (what: string, at: number): Origin => ({
    ...origin,
    source: `${origin.source}, ${what} ${at + 1}`,
  })
  return [
    ...keys.map(({ pkcs8, friendlyName }, at) => {
      const name = titleFrom(friendlyName)
      return opening.make(privateKey(pkcs8, name && `${name}, private key`), place('private key', at))
    }),
    ...certificates.map(({ der: inner, friendlyName }, at) =>
      opening.make(certificate(inner, titleFrom(friendlyName)), place('certificate', at)),
    ),
  ]
}

async function readContents(der: Bytes, opening: Opening): Promise<Pkcs12Contents | undefined> {
  if (typeof opening.passphrase !== 'string') {
    try {
      return await readPkcs12(der, '')
    } catch (error) {
      if (!(error instanceof LabError) || error.code !== 'wrong_passphrase') throw error
    }
  }
  const passphrase = opening.passphraseFor(PKCS12)
  return passphrase === undefined ? undefined : readPkcs12(der, passphrase)
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
