/** What the inspector can open: one key, certificate, request or signature, wherever it came from. */
import type { Bytes } from '../bytes'
import type { AlgorithmName } from '../crypto/pki/verify'

interface Common {
  /** Unique among what is open together. */
  readonly id: string
  /** A short name for lists, for instance `CN=ID-Server`. */
  readonly title: string
  /** Where it is from and how it was written there, for instance `server.crt: PEM, CERTIFICATE` or `step 4, member x509_s`. */
  readonly source: string
  /** Where a file holds this and nothing else: what commands can be asked of, as it lies. */
  readonly file?: OwnFile
}

/** How a file holds something, as OpenSSL and OpenSSH know it. `pkcs12`: there are others beside it in the container. */
export type FileForm = 'pem' | 'der' | 'pkcs12' | 'openssh' | 'smime' | 'json'

/** A file that was opened, by its own name, whatever that is. */
export interface OwnFile {
  readonly name: string
  readonly form: FileForm
}

/** An X.509 certificate (RFC 5280), any key type, DER. It may be one that can be read only in part. */
export interface CertificateArtifact extends Common {
  readonly kind: 'certificate'
  readonly der: Bytes
}

/** A certification request (PKCS#10, RFC 2986), DER. */
export interface RequestArtifact extends Common {
  readonly kind: 'request'
  readonly der: Bytes
}

/** Something that is said of a key where it stands, for instance by a certificate of OpenSSH. */
export interface KeyDetail {
  readonly title: string
  readonly text: string
}

/** A public key as SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7), DER; `pem` is the text it came with, where it was one. */
export interface PublicKeyArtifact extends Common {
  readonly kind: 'public-key'
  readonly spki: Bytes
  readonly pem?: string
  /** What was said of it where it was found. */
  readonly details?: readonly KeyDetail[]
}

/** A private key as PKCS#8 PrivateKeyInfo (RFC 5958), DER, opened because the person asked for it. */
export interface PrivateKeyArtifact extends Common {
  readonly kind: 'private-key'
  readonly pkcs8: Bytes
}

/** A raw signature, with the key that verifies it and the bytes that were signed where they are known. */
export interface SignatureArtifact extends Common {
  readonly kind: 'signature'
  readonly signature: Bytes
  readonly scheme: 'RSASSA-PKCS1-v1_5' | 'RSASSA-PSS' | 'ECDSA' | 'EdDSA' | 'DSA'
  /** As what it signs names it. Without one RSASSA-PSS has SHA-256 and a salt of 32 bytes, as in protocol.md section 4. */
  readonly algorithm?: AlgorithmName
  /** SubjectPublicKeyInfo of the signer, DER. */
  readonly signer?: Bytes
  readonly signed?: Bytes
}

/** `Cert_S` (protocol.md section 2): the three signed parts and the signature over them. */
export interface CertSArtifact extends Common {
  readonly kind: 'cert-s'
  readonly idS: string
  readonly idCa: string
  /** The exact PEM text that was signed. */
  readonly pkS: string
  readonly signature: Bytes
}

/** A symmetric key of the protocol; `key` is there only once it was revealed. */
export interface SymmetricKeyArtifact extends Common {
  readonly kind: 'symmetric-key'
  readonly symbol: string
  readonly key?: Bytes
}

/** Anything else that is ASN.1: shown by its structure alone. `what` names it as far as it is known. */
export interface OtherArtifact extends Common {
  readonly kind: 'other'
  readonly der: Bytes
  readonly what: string
}

export type Artifact =
  | CertificateArtifact
  | RequestArtifact
  | PublicKeyArtifact
  | PrivateKeyArtifact
  | SignatureArtifact
  | CertSArtifact
  | SymmetricKeyArtifact
  | OtherArtifact

/** Which judge a path is judged like: `openssl verify -x509_strict`, or browsers. */
export type ProfileId = 'openssl' | 'web'

/** What judging an artifact needs to know of its surroundings. Certificates are DER, `now` is milliseconds since the epoch. */
export interface InspectContext {
  readonly now: number
  readonly trustAnchors: readonly Bytes[]
  readonly intermediates: readonly Bytes[]
  /** Certificate revocation lists (RFC 5280 section 5), DER, of whomever. */
  readonly revocationLists?: readonly Bytes[]
  /** Name or address that a server's certificate has to be for. */
  readonly host: string
  /** OpenSSL's when it is left out. */
  readonly profile?: ProfileId
}

/** The DER that an artifact is; undefined for what has no one form: private keys, which files hold in several, and what is no DER. */
export function derOf(artifact: Artifact): Bytes | undefined {
  switch (artifact.kind) {
    case 'certificate':
    case 'request':
    case 'other':
      return artifact.der
    case 'public-key':
      return artifact.spki
    case 'private-key':
    case 'signature':
    case 'cert-s':
    case 'symmetric-key':
      return undefined
  }
}
