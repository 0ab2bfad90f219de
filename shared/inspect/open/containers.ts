/** What PKCS#12 (RFC 7292) and PKCS#7 (RFC 2315, RFC 5652) files hold. */
import { concat, type Bytes } from '../../bytes'
import { readPkcs12, type Pkcs12Entry } from '../../crypto/containers/pkcs12'
import { LabError } from '../../errors'
import type { Artifact } from '../artifact'
import { partsOf, readWhole, wholeBytes, type Part } from '../x509/parts'
import { certificate, other, privateKey, titleFrom } from './artifacts'
import type { NewArtifact, Opening, Origin } from './state'

const PKCS12 = 'The PKCS#12 file'
const SEQUENCE = 0x30

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
    ...all('private key', keys, ({ der: pkcs8, friendlyName }) => {
      const name = titleFrom(friendlyName)
      return privateKey(pkcs8, name && `${name}, private key`)
    }),
    ...all('locked key', lockedKeys, ({ der: locked }) => other(locked, 'EncryptedPrivateKeyInfo')),
    ...all('certificate', certificates, ({ der: inner, friendlyName }) =>
      certificate(inner, titleFrom(friendlyName)),
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
 * The certificates, attribute certificates and revocation lists of a container of CMS or PKCS#7, wherever they stand in it. What
 * can't be read of them is told.
 * @param type by the RFC's name
 * @throws LabError `bad_pkcs7` when the bytes can't be read
 */
export function openHolder(der: Bytes, type: string, origin: Origin, opening: Opening): readonly Artifact[] {
  const whole = readWhole(der, type, 'bad_pkcs7')
  const { certificates, lists } = heldIn(whole)
  const place = { ...origin, subject: origin.subject }
  return [
    ...makeAll(certificates, { ...place, what: 'certificate' }, opening, (part) =>
      part.node.type === 'Certificate' ? certificate(wholeBytes(part)) : otherCertificate(part),
    ),
    ...makeAll(lists, { ...place, what: 'revocation list' }, opening, (part) =>
      other(wholeBytes(part), 'CertificateList'),
    ),
  ]
}

/** Fields that hold certificates and revocation lists, in CMS, OCSP and time stamps. */
const [CERTIFICATE_FIELDS, LIST_FIELDS] = [new Set(['certificates', 'certs']), new Set(['crls'])] as const

function heldIn(whole: Part): { readonly certificates: readonly Part[]; readonly lists: readonly Part[] } {
  const { structure } = whole
  const within = (fields: ReadonlySet<string>): readonly Part[] =>
    structure.nodes
      .filter(({ field }) => field !== undefined && fields.has(field))
      .flatMap((node) => partsOf(unwrappedList({ structure, node })))
  return { certificates: within(CERTIFICATE_FIELDS), lists: within(LIST_FIELDS) }
}

/** OCSP has an EXPLICIT tag around its list. */
function unwrappedList(part: Part): Part {
  const [only, ...others] = partsOf(part)
  const isWrapper =
    only !== undefined &&
    others.length === 0 &&
    only.node.field === undefined &&
    only.node.type !== 'Certificate' &&
    part.node.field === 'certs' &&
    only.node.universal === 16 &&
    partsOf(only)[0]?.node.type === 'Certificate'
  return isWrapper ? only : part
}

/** CertificateChoices (RFC 5652 section 10.2.2) other than a certificate. */
function otherCertificate(part: Part): NewArtifact {
  const bytes = wholeBytes(part)
  if (part.node.tagClass !== 'context') return certificate(bytes)
  const kinds: Readonly<Record<number, string>> = {
    0: 'an extended certificate of PKCS#6',
    1: 'an attribute certificate of version 1',
    3: 'a certificate of another format',
  }
  const kind = kinds[part.node.tagNumber]
  if (kind !== undefined) throw new LabError('unsupported_format', `It is ${kind}, which is not shown here.`)
  // An IMPLICIT tag stands in the place of that of a SEQUENCE.
  return other(concat(Uint8Array.of(SEQUENCE), bytes.subarray(1)), 'AttributeCertificate')
}
