/** Artifacts made of what the windows show anyway, so that one thing has one name wherever it is opened from. */
import { fromHex } from '#shared/bytes'
import { decodePem } from '#shared/crypto/encodings/pem'
import type {
  Artifact,
  CertificateArtifact,
  CertSArtifact,
  OtherArtifact,
  PublicKeyArtifact,
} from '#shared/inspect/artifact'
import type { CertificateView, CertSView } from '#shared/inspect/describe'
import type { LabView, RevocationListView, ServerView } from '#shared/lab'
import { WINDOW_NAMES } from '#shared/windows'
import type { ServerKey } from './worker/calls'

/** What kind of thing it is, in the words of the field. */
export const KIND_NAMES: Readonly<Record<Artifact['kind'], string>> = {
  certificate: 'Certificate',
  request: 'Certification request',
  'public-key': 'Public key',
  'private-key': 'Private key',
  signature: 'Signature',
  'cert-s': 'Cert_S',
  'symmetric-key': 'Symmetric key',
  other: 'ASN.1',
}

/** What an artifact is named by that is a revocation list. */
export const REVOCATION_LIST = 'CertificateList'
/** That of the lab's own authority. */
export const LAB_LIST = 'lab/crl'

/** A certificate as a card shows it. */
export function certificateArtifact(id: string, view: CertificateView, source: string): CertificateArtifact {
  return {
    kind: 'certificate',
    id,
    title: view.subject,
    source,
    der: decodePem('CERTIFICATE', view.pem),
  }
}

/** A public key by its PEM text. */
export function publicKeyArtifact(id: string, title: string, pem: string, source: string): PublicKeyArtifact {
  return { kind: 'public-key', id, title, source, spki: decodePem('PUBLIC KEY', pem), pem }
}

/** `Cert_S` as a card shows it. */
export function certSArtifact(id: string, view: CertSView, source: string): CertSArtifact {
  const { idS, idCa, pkS } = view
  const signature = fromHex(view.signature) ?? new Uint8Array()
  return { kind: 'cert-s', id, title: `Cert_S of ${idS}`, source, idS, idCa, pkS, signature }
}

/** The server's key and what became of it: only suite classic gives `Cert_S`, and there the authority makes the key. */
export function serverKeyOf({ key, certS }: ServerView): ServerKey | undefined {
  if (!key) return undefined
  const spki = decodePem('PUBLIC KEY', key.pem)
  return certS
    ? { spki, history: { madeBy: 'authority', deliveredUnder: 'DES' } }
    : { spki, history: { madeBy: 'server', deliveredUnder: undefined } }
}

/** Where what is the lab's own is opened from: the list of the lab, and the cards of each window. */
const LAB_SOURCES: ReadonlySet<string> = new Set(['lab', ...WINDOW_NAMES])
/** What of the lab's own export something is: by the ids that it is opened with here and from the cards of keys. */
const LAB_OWNERS: Readonly<Record<string, 'authority' | 'server'>> = {
  ca: 'authority',
  'pk-ca': 'authority',
  PK_CA: 'authority',
  SK_CA: 'authority',
  server: 'server',
  'cert-s': 'server',
  'pk-s': 'server',
  PK_S: 'server',
  SK_S: 'server',
}

/** Whose it is among what the lab exports; undefined for anything else. */
export function labOwnerOf({ id }: Artifact): 'authority' | 'server' | undefined {
  const [from, name] = id.split('/')
  if (from === undefined || name === undefined || !LAB_SOURCES.has(from)) return undefined
  return Object.hasOwn(LAB_OWNERS, name) ? LAB_OWNERS[name] : undefined
}

/** The authority's revocation list. */
export function listArtifact({ number, pem }: RevocationListView): OtherArtifact {
  const der = decodePem('X509 CRL', pem)
  const source = 'revocation list of the authority'
  return {
    kind: 'other',
    id: LAB_LIST,
    title: `Revocation list ${number}`,
    source,
    der,
    what: REVOCATION_LIST,
  }
}

/** Certificates, public keys and the revocation list that the lab's roles have now. */
export function labArtifacts({ authority, server }: LabView): readonly Artifact[] {
  const found: Artifact[] = []
  if (server.certificate) {
    found.push(certificateArtifact('lab/server', server.certificate, 'certificate of the server'))
  }
  if (server.certS) found.push(certSArtifact('lab/cert-s', server.certS, 'the protocol’s own certificate'))
  if (server.key) {
    found.push(publicKeyArtifact('lab/pk-s', 'PK_S', server.key.pem, 'public key of the server'))
  }
  if (authority.certificate) {
    const { certificate } = authority
    found.push(
      certificateArtifact('lab/ca', certificate, 'certificate of the authority, the trust anchor'),
      publicKeyArtifact('lab/pk-ca', 'PK_CA', certificate.key.pem, 'public key of the authority'),
    )
  }
  if (authority.list) found.push(listArtifact(authority.list))
  return found
}
