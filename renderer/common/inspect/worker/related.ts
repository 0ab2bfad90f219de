/** What belongs together among the things that are open: a certificate's key, its signature, its issuer. */
import { equalBytes, type Bytes } from '#shared/bytes'
import { orUndefined, otherwise, passOwnFault } from '#shared/errors'
import { groupBy } from '#shared/group'
import { decodePem } from '#shared/crypto/encodings/pem'
import type {
  Artifact,
  CertificateArtifact,
  CertSArtifact,
  PublicKeyArtifact,
  SignatureArtifact,
} from '#shared/inspect/artifact'
import { isSelfSigned, mayHaveIssued, titleOf } from '#shared/inspect/path/facts'
import { signatureOf, signatureOfCertS } from '#shared/inspect/signature'
import { describePrivateKeyInfo } from '#shared/inspect/x509/keys'
import { publicKeyOf } from '#shared/inspect/x509/public-of-private'
import { readCertificationRequest } from '#shared/inspect/x509/request'
import { nameKey } from '#shared/inspect/x509/names'
import type { CertificateDescription } from '#shared/inspect/x509/types'
import { readCertificateOnce } from './read-once'

/** Certificates of one name that are looked at for an issuer: an authority has few keys. */
const MOST_NAMESAKES = 1_000

/** Where the links of an artifact lead. */
export interface Related {
  readonly key: PublicKeyArtifact | undefined
  readonly signature: SignatureArtifact | undefined
  readonly issuer: CertificateArtifact | undefined
}

/** A public key, and whose it is. */
export interface PublicHalf {
  readonly title: string
  readonly spki: Bytes
}

/** A certificate in a tree of certificates. */
export interface CertificateLine {
  /** Its place among those that were asked about. */
  readonly index: number
  /** Its common name where it has one, else as much as names it. */
  readonly title: string
  /** The whole distinguished name. */
  readonly subject: string
  /** Hex with colons. */
  readonly serial: string
  readonly notBefore: number | undefined
  readonly notAfter: number | undefined
  readonly selfSigned: boolean
  /** 0 for those whose issuer isn't among them. */
  readonly depth: number
  /** Why it can't be read; its other members say nothing then. */
  readonly problem: string | undefined
}

/** As {@link relatedTo}; the public half of a private key that doesn't store it is computed. */
export async function linksOf(
  artifact: Artifact,
  certificates: readonly CertificateArtifact[],
): Promise<Related> {
  const stored = relatedTo(artifact, certificates)
  if (artifact.kind !== 'private-key' || stored.key) return stored
  const spki = await publicKeyOf(artifact.pkcs8).catch(otherwise(undefined))
  return { ...stored, key: spki && keyOf(artifact, spki) }
}

/** Finds what an artifact leads to; certificates of issuers are looked for among `certificates`. */
export function relatedTo(artifact: Artifact, certificates: readonly CertificateArtifact[]): Related {
  switch (artifact.kind) {
    case 'certificate': {
      const own = readCertificateOnce(artifact.der)
      const issuer = isSelfSigned(own) ? undefined : issuerOf(own, certificates)
      const signer = isSelfSigned(own) ? own : issuer?.description
      return {
        key: keyOf(artifact, own.publicKey.spki),
        signature: signatureOf(own, namesOf(artifact), signer?.publicKey.spki),
        issuer: issuer?.artifact,
      }
    }
    case 'request': {
      const own = readCertificationRequest(artifact.der)
      return {
        key: keyOf(artifact, own.publicKey.spki),
        signature: signatureOf(own, namesOf(artifact), own.publicKey.spki),
        issuer: undefined,
      }
    }
    case 'private-key': {
      const { spki } = describePrivateKeyInfo(artifact.pkcs8)
      return { key: spki && keyOf(artifact, spki), signature: undefined, issuer: undefined }
    }
    case 'signature': {
      const { signer } = artifact
      return { key: signer && keyOf(artifact, signer), signature: undefined, issuer: undefined }
    }
    case 'cert-s':
      return certSLinks(artifact, certificates)
    default:
      return { key: undefined, signature: undefined, issuer: undefined }
  }
}

/** The certificates above one, its issuer's first, as far as they are among `certificates`. */
export function chainAbove(
  artifact: Artifact,
  certificates: readonly CertificateArtifact[],
): readonly CertificateArtifact[] {
  const above = new Set<CertificateArtifact>()
  const { issuer: first } = relatedTo(artifact, certificates)
  if (!first) return []
  const issuers = new Issuers(
    certificates.flatMap((certificate) => {
      const { description } = readOrProblem(certificate.der, 0)
      return description ? [{ item: certificate, description }] : []
    }),
  )
  let next = issuers.of(first)
  above.add(first)
  while (next && !above.has(next)) {
    above.add(next)
    next = issuers.of(next)
  }
  return [...above]
}

/** The certificates of a private key: the first that is for it, and those above that, as far as they are among `certificates`. */
export async function certificatesOfKey(
  pkcs8: Bytes,
  certificates: readonly CertificateArtifact[],
): Promise<readonly CertificateArtifact[]> {
  const spki = await publicKeyOf(pkcs8).catch(otherwise(undefined))
  const own = spki && certificates.find((certificate) => hasKey(certificate, spki))
  return own ? [own, ...chainAbove(own, certificates)] : []
}

/** The public keys among artifacts: those of certificates and requests too. What can't be read has none. */
export function publicHalves(artifacts: readonly Artifact[]): readonly PublicHalf[] {
  return artifacts.flatMap((artifact) => {
    try {
      const spki = spkiOf(artifact)
      return spki ? [{ title: `${artifact.title} (${artifact.source})`, spki }] : []
    } catch (error) {
      passOwnFault(error)
      return []
    }
  })
}

/** True for a public key, and for what has it inside. */
export function hasKey(artifact: Artifact, spki: Bytes): boolean {
  return (
    orUndefined(() => {
      const own = artifact.kind === 'public-key' ? artifact.spki : relatedTo(artifact, []).key?.spki
      return own !== undefined && equalBytes(own, spki)
    }) ?? false
  )
}

/** Puts certificates into the order of a tree: each after its issuer. */
export function arrangeCertificates(ders: readonly Bytes[]): readonly CertificateLine[] {
  const read = ders.map(readOrProblem)
  const issuers = new Issuers(
    read.flatMap(({ index, description }) => (description ? [{ item: index, description }] : [])),
  )
  const childrenOf = groupBy(
    read.map(({ index }) => index),
    (index) => issuers.of(index),
  )
  const lines: CertificateLine[] = []
  const seen = new Set<number>()
  const add = (start: number, startDepth: number): void => {
    const open = [{ index: start, depth: startDepth }]
    for (let next = open.pop(); next; next = open.pop()) {
      const { index, depth } = next
      if (seen.has(index)) continue
      seen.add(index)
      lines.push(lineOf(index, depth, read[index]))
      const children = childrenOf.get(index) ?? []
      for (const child of children.toReversed()) open.push({ index: child, depth: depth + 1 })
    }
  }
  for (const index of childrenOf.get(undefined) ?? []) add(index, 0)
  // Some that issued each other, in a circle.
  for (const { index } of read) add(index, 0)
  return lines
}

interface Read {
  readonly index: number
  readonly description: CertificateDescription | undefined
  readonly problem: string | undefined
}

function readOrProblem(der: Bytes, index: number): Read {
  try {
    return { index, description: readCertificateOnce(der), problem: undefined }
  } catch (error) {
    passOwnFault(error)
    return { index, description: undefined, problem: error instanceof Error ? error.message : String(error) }
  }
}

function lineOf(index: number, depth: number, read: Read | undefined): CertificateLine {
  const description = read?.description
  const name = description?.subject.commonName
  return {
    index,
    title: name !== undefined ? `CN=${name}` : description ? titleOf(description) : '',
    subject: description?.subject.text ?? '',
    serial: (description?.serial.match(/../g) ?? []).join(':'),
    notBefore: description?.notBefore,
    notAfter: description?.notAfter,
    selfSigned: description !== undefined && isSelfSigned(description),
    depth,
    problem: read?.problem,
  }
}

function issuerOf(
  certificate: CertificateDescription,
  among: readonly CertificateArtifact[],
): { readonly artifact: CertificateArtifact; readonly description: CertificateDescription } | undefined {
  for (const artifact of among) {
    const { description } = readOrProblem(artifact.der, 0)
    if (description && mayHaveIssued(description, certificate)) return { artifact, description }
  }
  return undefined
}

/** Finds issuers among certificates that were read, each looked up by its name: there may be thousands of them. */
class Issuers<Item> {
  readonly #descriptions: ReadonlyMap<Item, CertificateDescription>
  readonly #byName: ReadonlyMap<string, readonly Among<Item>[]>

  constructor(among: readonly Among<Item>[]) {
    this.#descriptions = new Map(among.map(({ item, description }) => [item, description]))
    this.#byName = groupBy(among, ({ description }) => nameKey(description.subject))
  }

  /** The first that may have issued another one of them; undefined for one that has signed itself. */
  of(item: Item): Item | undefined {
    const own = this.#descriptions.get(item)
    if (!own || isSelfSigned(own)) return undefined
    return this.#byName
      .get(nameKey(own.issuer))
      ?.slice(0, MOST_NAMESAKES)
      .find((other) => other.item !== item && mayHaveIssued(other.description, own))?.item
  }
}

interface Among<Item> {
  readonly item: Item
  readonly description: CertificateDescription
}

function spkiOf(artifact: Artifact): Bytes | undefined {
  switch (artifact.kind) {
    case 'certificate':
      return readCertificateOnce(artifact.der).publicKey.spki
    case 'request':
      return readCertificationRequest(artifact.der).publicKey.spki
    case 'public-key':
      return artifact.spki
    default:
      return undefined
  }
}

function keyOf(of: Artifact, spki: Bytes): PublicKeyArtifact {
  return { kind: 'public-key', id: `${of.id}/key`, title: 'Public key', source: `of ${of.title}`, spki }
}

function namesOf(of: Artifact): { readonly id: string; readonly title: string; readonly source: string } {
  return { id: `${of.id}/signature`, title: 'Signature', source: `of ${of.title}` }
}

/** `Cert_S` names its authority, and has the key that it certifies in it. */
function certSLinks(artifact: CertSArtifact, certificates: readonly CertificateArtifact[]): Related {
  const issuer = certificates
    .map((certificate) => ({ certificate, description: readOrProblem(certificate.der, 0).description }))
    .find(({ description }) => description?.subject.commonName === artifact.idCa)
  return {
    key: { ...keyOf(artifact, decodePem('PUBLIC KEY', artifact.pkS)), pem: artifact.pkS },
    signature: signatureOfCertS(artifact, namesOf(artifact), issuer?.description?.publicKey.spki),
    issuer: issuer?.certificate,
  }
}
