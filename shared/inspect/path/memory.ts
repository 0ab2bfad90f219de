/** What is worked out once while a certificate is judged: what certificates say, and who signed which. */
import { toBinaryString, type Bytes } from '../../bytes'
import { passOwnFault } from '../../errors'
import { verifySignature, type Verification } from '../../crypto/pki/verify'
import { readCertificate } from '../x509/certificate'
import { readRevocationList } from '../x509/revocation-list'
import type { CertificateDescription } from '../x509/types'
import { OpenLists, type ListReader } from './open-lists'

/** Reads a certificate. */
export type CertificateReader = (der: Bytes) => CertificateDescription
/** Certificates with the same bytes are one object in here, so that they are told apart without looking at their bytes. */
export class PathMemory {
  readonly #read = new Map<string, CertificateDescription>()
  /** The same by the array itself: a long certificate is not turned into a key each time. */
  readonly #seen = new Map<Bytes, CertificateDescription>()
  readonly #verified = new Map<CertificateDescription, Map<CertificateDescription, Promise<Verification>>>()

  #lists: OpenLists | undefined

  /** @param reader and `listReader` read certificates and lists: for those who may know them already */
  constructor(
    private readonly reader: CertificateReader = readCertificate,
    private readonly listReader: ListReader = readRevocationList,
  ) {}

  /** @throws LabError as `readCertificate` does */
  read(der: Bytes): CertificateDescription {
    const seen = this.#seen.get(der)
    if (seen) return seen
    const key = toBinaryString(der)
    const certificate = this.#read.get(key) ?? this.reader(der)
    this.#read.set(key, certificate)
    this.#seen.set(der, certificate)
    return certificate
  }

  /** Each certificate once; what is none is left out: whoever gave it shows its fault. */
  readAll(ders: readonly Bytes[]): readonly CertificateDescription[] {
    const found = new Set<CertificateDescription>()
    for (const der of ders) {
      try {
        found.add(this.read(der))
      } catch (error) {
        passOwnFault(error)
        continue
      }
    }
    return [...found]
  }

  /** The lists that a verdict has. They are read once, whichever path is judged. */
  listsOf(ders: readonly Bytes[]): OpenLists {
    this.#lists ??= new OpenLists(ders, this.listReader)
    return this.#lists
  }

  /** Whether the issuer's key made the subject's signature. */
  verify(subject: CertificateDescription, issuer: CertificateDescription): Promise<Verification> {
    const { signatureAlgorithm, signature, signedPart } = subject
    const ofSubject = this.#verified.get(subject) ?? new Map<CertificateDescription, Promise<Verification>>()
    this.#verified.set(subject, ofSubject)
    const answer =
      ofSubject.get(issuer) ??
      verifySignature(signatureAlgorithm, issuer.publicKey.spki, signature, signedPart)
    ofSubject.set(issuer, answer)
    return answer
  }
}
