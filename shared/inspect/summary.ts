/** Any artifact in plain words: what it is, for whom, until when, and whether it is sound. */
import type { Bytes } from '../bytes'
import { decodePem } from '../crypto/encodings/pem'
import { verifySignature } from '../crypto/pki/verify'
import { assertNever, passOwnFault } from '../errors'
import { count, firstOf, listed } from '../words'
import type { Artifact, CertSArtifact, InspectContext, RequestArtifact, SignatureArtifact } from './artifact'
import type { SummaryFact, SummaryView, WeakSpot } from './summary/view'
import { PathMemory, type CertificateReader } from './path/memory'
import type { ListReader } from './path/open-lists'
import { signatureFacts, signatureOfCertS } from './signature'
import { purposesOf, summariseCertificate } from './summary/certificate'
import { summariseOther } from './summary/others'
import { summarisePrivateKey, summarisePublicKey, summariseSymmetricKey } from './summary/keys'
import { hashSpot, historySpots, keySpots, sorted, type KeyHistory } from './summary/weak-spots'
import { keyDoubt } from './path/strength-checks'
import type { SymmetricKeySurroundings } from './symmetric-facts'
import { algorithmText } from './x509/algorithms'
import { readCertificate } from './x509/certificate'
import { readPublicKey } from './x509/keys'
import { readCertificationRequest } from './x509/request'
import { generalNameText } from './x509/general-names'

/** What the lab knows of an artifact that is its own. */
export interface LabKnowledge {
  /** Of the server's key pair: certificate, public and private key, Cert_S. */
  readonly key?: KeyHistory
  /** Of symmetric keys. */
  readonly symmetric?: SymmetricKeySurroundings
  /** Reads certificates, where they may have been read before. */
  readonly reader?: CertificateReader
  /** The same for revocation lists. */
  readonly listReader?: ListReader
}

/**
 * Puts an artifact into words.
 * @throws LabError as the reader of its kind does, when its bytes are not what its kind says
 */
export function summarise(
  artifact: Artifact,
  context: InspectContext,
  lab: LabKnowledge = {},
): Promise<SummaryView> {
  switch (artifact.kind) {
    case 'certificate':
      return summariseCertificate(artifact.der, context, lab.key, new PathMemory(lab.reader, lab.listReader))
    case 'request':
      return summariseRequest(artifact, lab.key)
    case 'public-key':
      return summarisePublicKey(artifact, lab.key)
    case 'private-key':
      return summarisePrivateKey(artifact, lab.key)
    case 'signature':
      return summariseSignature(artifact)
    case 'cert-s':
      return summariseCertS(artifact, context, lab.key)
    case 'symmetric-key':
      return Promise.resolve(summariseSymmetricKey(artifact, lab.symmetric))
    case 'other':
      return summariseOther(artifact, context, new PathMemory(lab.reader))
    default:
      return assertNever(artifact)
  }
}

async function summariseRequest(
  { der }: RequestArtifact,
  history: KeyHistory | undefined,
): Promise<SummaryView> {
  const request = readCertificationRequest(der)
  const { signatureAlgorithm: algorithm, publicKey, standard, subject } = request
  const { result } = await verifySignature(algorithm, publicKey.spki, request.signature, request.signedPart)
  const weakSpots = sorted([
    ...(history ? historySpots(history) : []),
    ...keySpots(publicKey),
    ...hashSpot(algorithm),
  ])
  const names = (standard.subjectAltName ?? []).map(generalNameText)
  const facts: readonly (SummaryFact | undefined)[] = [
    { title: 'For', text: subject.text || 'no subject' },
    names.length > 0 ? { title: 'Names asked for', text: firstOf(names) } : undefined,
    request.extensions.length > 0 ? { title: 'Uses asked for', text: purposesOf(standard) } : undefined,
    { title: 'Key', text: publicKey.text },
    ...request.attributes.flatMap(({ name, text }) => (text === '' ? [] : [{ title: name, text }])),
    { title: 'Signed with', text: algorithmText(algorithm) },
    request.problems.length > 0 ? { title: 'Problems', text: firstOf(request.problems) } : undefined,
  ]
  const sound = weakSpots.some(({ weight }) => weight !== 'note') ? 'weak' : 'sound'
  const doubt = keyDoubt(publicKey)
  const isBroken = request.notDer !== undefined || doubt?.kind === 'worthless'
  const judged = isBroken || result === 'invalid' ? 'unsound' : result === 'valid' ? sound : 'open'
  const why =
    request.notDer === undefined
      ? doubt?.why
      : `It is not DER, and could be read in more than one way. ${request.notDer}`
  return {
    heading: 'Certification request',
    lead: `Asks an authority for a certificate that says: this key belongs to ${subject.text || 'someone without a name'}. The authority decides what it believes of it.`,
    soundness: judged,
    conclusion: [REQUEST_CONCLUSIONS[result], why].filter(Boolean).join(' '),
    facts: facts.filter((fact) => fact !== undefined),
    weakSpots,
  }
}

const REQUEST_CONCLUSIONS = {
  valid:
    'It is signed with the key that it is about: whoever asks has the private half (proof of possession).',
  invalid:
    'It is not signed with the key that it is about: anyone could ask in this name for someone else’s key.',
  unsupported: 'Its signature can’t be checked here.',
} as const

async function summariseSignature(artifact: SignatureArtifact): Promise<SummaryView> {
  const { scheme, length, verified, conclusion, hash } = await signatureFacts(artifact)
  const signer = artifact.signer && readPublicKey(artifact.signer)
  const weakSpots = hash === undefined ? [] : hashSpot({ oid: '', name: scheme, hash, parameters: undefined })
  const facts: readonly (SummaryFact | undefined)[] = [
    { title: 'Scheme', text: scheme },
    { title: 'Length', text: count(length, 'byte') },
    { title: 'Signer’s key', text: signer?.text ?? 'not known' },
    artifact.signed ? { title: 'Signed', text: count(artifact.signed.length, 'byte') } : undefined,
  ]
  const good = weakSpots.length > 0 ? 'weak' : 'sound'
  return {
    heading: 'Signature',
    lead: 'Made with a private key over the hash of some bytes: with the public key everyone can check that exactly these bytes were signed.',
    soundness: verified === undefined ? 'open' : verified ? good : 'unsound',
    conclusion,
    facts: facts.filter((fact) => fact !== undefined),
    weakSpots,
  }
}

/** `Cert_S` is judged with the key of the trusted authority whose name it has. */
async function summariseCertS(
  artifact: CertSArtifact,
  { trustAnchors }: InspectContext,
  history: KeyHistory | undefined,
): Promise<SummaryView> {
  const { idS, idCa, pkS } = artifact
  const signer = keysNamed(idCa, trustAnchors)
  const verified = await verifiedBy(artifact, signer)
  const key = readPublicKey(decodePem('PUBLIC KEY', pkS))
  const spots: readonly WeakSpot[] = [...(history ? historySpots(history) : []), ...keySpots(key), NO_DATES]
  return {
    heading: 'Cert_S, the protocol’s own certificate',
    lead: `${idCa} vouches that this public key belongs to ${idS}. It says nothing else: no dates, no uses, no number.`,
    soundness: verified === undefined ? 'open' : verified ? 'weak' : 'unsound',
    conclusion:
      verified === undefined
        ? `No certificate of ${idCa} is among the trust anchors, so the signature can’t be checked.`
        : verified
          ? `The key of ${idCa} verifies the signature over ${listed([idS, idCa, 'the key'])}.`
          : `The signature is not by the trusted ${idCa} over this text: don’t rely on it.`,
    facts: [
      { title: 'For', text: idS },
      { title: 'Issued by', text: idCa },
      { title: 'Key', text: key.text },
      { title: 'Signed with', text: 'RSASSA-PKCS1-v1_5 with SHA-256' },
    ],
    weakSpots: sorted(spots),
  }
}

const NO_DATES: WeakSpot = {
  id: 'no_dates',
  weight: 'caution',
  title: 'Valid for ever',
  text: 'Cert_S has no dates and no number: a key that was given up long ago is still vouched for, and nothing can take it back.',
}

function keysNamed(idCa: string, trustAnchors: readonly Bytes[]): readonly Bytes[] {
  return trustAnchors.flatMap((der) => {
    try {
      const { subject, publicKey } = readCertificate(der)
      return subject.commonName === idCa ? [publicKey.spki] : []
    } catch (error) {
      passOwnFault(error)
      return []
    }
  })
}

/** Undefined without any signer. */
async function verifiedBy(artifact: CertSArtifact, signers: readonly Bytes[]): Promise<boolean | undefined> {
  if (signers.length === 0) return undefined
  const { id, title, source } = artifact
  const facts = await Promise.all(
    signers.map((signer) => signatureFacts(signatureOfCertS(artifact, { id, title, source }, signer))),
  )
  return facts.some(({ verified }) => verified === true)
}
