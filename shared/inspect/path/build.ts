/**
 * Finds the path from a certificate to a trust anchor (RFC 4158). Anchors come first, then the other certificates; of
 * several that fit, first those whose key verifies the signature, then those that are valid now. A dead end is left again.
 */
import { toBinaryString, type Bytes } from '../../bytes'
import { verifySignature, type Verification } from '../../crypto/verify'
import { readCertificate } from '../x509/certificate'
import { sameName } from '../x509/names'
import type { CertificateDescription } from '../x509/types'
import { isSelfSigned, mayHaveIssued } from './facts'

/** Certificates between the first one and the anchor; OpenSSL's limit too. */
export const MAX_INTERMEDIATES = 100

/** How a path ends. Only `anchor` is a good end. */
export type PathEnd = 'anchor' | 'self_signed' | 'no_issuer' | 'anchor_issuer_missing' | 'too_long'

export interface BuiltPath {
  /** From the certificate that is judged upwards. */
  readonly certificates: readonly CertificateDescription[]
  /** How many of them, from the start, are not from the trust anchors. */
  readonly untrusted: number
  readonly end: PathEnd
  /** Known certificates with the name that the last one's issuer should have, which are not its issuer. */
  readonly namesakes: readonly CertificateDescription[]
}

/** Answers whether a key has made a certificate's signature, and remembers it. */
export class SignatureMemory {
  readonly #known = new Map<CertificateDescription, Map<CertificateDescription, Promise<Verification>>>()

  verify(subject: CertificateDescription, issuer: CertificateDescription): Promise<Verification> {
    const ofSubject = this.#known.get(subject) ?? new Map<CertificateDescription, Promise<Verification>>()
    this.#known.set(subject, ofSubject)
    const { signatureAlgorithm, signature, signedPart } = subject
    const answer =
      ofSubject.get(issuer) ??
      verifySignature(signatureAlgorithm, issuer.publicKey.spki, signature, signedPart)
    ofSubject.set(issuer, answer)
    return answer
  }
}

/** Builds the path; what is no certificate among anchors and intermediates is passed over. */
export async function buildPath(
  leaf: CertificateDescription,
  context: {
    readonly now: number
    readonly trustAnchors: readonly Bytes[]
    readonly intermediates: readonly Bytes[]
  },
  memory: SignatureMemory,
): Promise<BuiltPath> {
  const anchors = readAll(context.trustAnchors)
  const others = readAll(context.intermediates)
  return new Builder(anchors, others, context.now, memory).build(leaf)
}

class Builder {
  /** Certificates that were tried: each leads to an anchor or it doesn't, whatever comes before it. */
  readonly #tried = new Set<string>()
  #longest: BuiltPath | undefined

  constructor(
    private readonly anchors: readonly CertificateDescription[],
    private readonly others: readonly CertificateDescription[],
    private readonly now: number,
    private readonly memory: SignatureMemory,
  ) {}

  async build(leaf: CertificateDescription): Promise<BuiltPath> {
    const known = this.anchors.find((anchor) => keyOf(anchor) === keyOf(leaf))
    if (known && isSelfSigned(leaf))
      return { certificates: [leaf], untrusted: 0, end: 'anchor', namesakes: [] }
    const complete = await this.#walk([leaf], 1)
    return complete ?? this.#longest ?? this.#ended([leaf], 1)
  }

  /** @returns the complete path, or undefined after noting how far it got */
  async #walk(path: readonly CertificateDescription[], untrusted: number): Promise<BuiltPath | undefined> {
    const last = path.at(-1)
    if (!last) return undefined
    const inAnchors = path.length > untrusted
    if (isSelfSigned(last)) {
      if (inAnchors) return { certificates: path, untrusted, end: 'anchor', namesakes: [] }
      return this.#note(path, untrusted)
    }
    if (!inAnchors && untrusted > MAX_INTERMEDIATES + 1) return this.#note(path, untrusted)
    this.#tried.add(`${inAnchors} ${keyOf(last)}`)
    for (const issuer of await this.#issuersOf(last, this.anchors, 'true')) {
      const found = await this.#walk([...path, issuer], untrusted)
      if (found) return found
    }
    // Above a certificate that is trusted only trusted ones count.
    if (!inAnchors) {
      for (const issuer of await this.#issuersOf(last, this.others, 'false')) {
        const found = await this.#walk([...path, issuer], untrusted + 1)
        if (found) return found
      }
    }
    return this.#note(path, untrusted)
  }

  async #issuersOf(
    subject: CertificateDescription,
    among: readonly CertificateDescription[],
    kind: 'true' | 'false',
  ): Promise<readonly CertificateDescription[]> {
    const fitting = among.filter(
      (issuer) => mayHaveIssued(issuer, subject) && !this.#tried.has(`${kind} ${keyOf(issuer)}`),
    )
    if (fitting.length < 2) return fitting
    const ranked = await Promise.all(
      fitting.map(async (issuer) => {
        const { result } = await this.memory.verify(subject, issuer)
        return { issuer, rank: (result === 'invalid' ? 2 : 0) + (this.#isValidNow(issuer) ? 0 : 1) }
      }),
    )
    return ranked.sort((a, b) => a.rank - b.rank).map(({ issuer }) => issuer)
  }

  #isValidNow({ notBefore, notAfter }: CertificateDescription): boolean {
    return notBefore !== undefined && notAfter !== undefined && notBefore <= this.now && this.now <= notAfter
  }

  #note(path: readonly CertificateDescription[], untrusted: number): undefined {
    if (path.length > (this.#longest?.certificates.length ?? 0)) this.#longest = this.#ended(path, untrusted)
  }

  #ended(path: readonly CertificateDescription[], untrusted: number): BuiltPath {
    const last = path.at(-1)
    const namesakes = [...this.anchors, ...this.others].filter(
      (each) => last && !path.includes(each) && sameName(each.subject, last.issuer),
    )
    const end =
      last && isSelfSigned(last)
        ? 'self_signed'
        : path.length > untrusted
          ? 'anchor_issuer_missing'
          : untrusted > MAX_INTERMEDIATES + 1
            ? 'too_long'
            : 'no_issuer'
    return { certificates: path, untrusted, end, namesakes }
  }
}

/** Each certificate once. */
function readAll(certificates: readonly Bytes[]): readonly CertificateDescription[] {
  const known = new Map<string, CertificateDescription>()
  for (const der of certificates) {
    try {
      const certificate = readCertificate(der)
      known.set(keyOf(certificate), certificate)
    } catch {
      // Whoever gave it shows its fault; a path can't go through it.
    }
  }
  return [...known.values()]
}

const keys = new WeakMap<CertificateDescription, string>()

function keyOf(certificate: CertificateDescription): string {
  const key = keys.get(certificate) ?? toBinaryString(certificate.der)
  keys.set(certificate, key)
  return key
}
