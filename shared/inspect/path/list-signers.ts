/** Who signed a revocation list: a certificate with its issuer's name whose key may sign lists, and verifies the signature (RFC 5280 section 6.3.3 (f) and (g)). */
import { equalBytes } from '../../bytes'
import { verifySignature, type Verification } from '../../crypto/pki/verify'
import { sameName } from '../x509/names'
import type { RevocationListDescription } from '../x509/revocation-list'
import type { CertificateDescription } from '../x509/types'
import type { PathBefore } from './judged'

/** Certificates of one name whose keys are tried on one list. */
const MOST_TRIED = 8
/** Signatures of lists that are verified for one verdict. */
const MOST_SIGNATURES = 256
/** Signers that are judged for one verdict, and that may wait for one another. */
const [MOST_JUDGED, MOST_UNDER_WAY] = [64, 8] as const

/** Whether a certificate that is not of the path may be relied on, to the same trust anchor; a sentence's predicate when not. */
export type SignerJudge = (
  signer: CertificateDescription,
  anchor: CertificateDescription,
) => Promise<string | undefined>

export class ListSigners {
  readonly #verified = new Map<string, Promise<Verification>>()
  readonly #underWay = new Set<CertificateDescription>()
  #judgements = 0
  readonly #numbers = new Map<object, number>()

  /**
   * @param known every certificate at hand
   * @param judge is asked about signers that are not on the path themselves
   */
  constructor(
    private readonly known: readonly CertificateDescription[],
    private readonly judge: SignerJudge,
  ) {}

  /** Why nobody who may is known to have signed the list, in a sentence; undefined when somebody is. */
  async faultOf(
    list: RevocationListDescription,
    path: PathBefore,
    position: number,
  ): Promise<string | undefined> {
    // An anchor has no one above it: its own list may name it.
    const anchor = path.certificates.at(-1)
    const last = path.certificates.length - 1
    const above = path.certificates.slice(path.end === 'anchor' ? Math.min(position + 1, last) : position + 1)
    const candidates = [...new Set([...above, ...this.known])].filter((each) => maySign(each, list))
    if (candidates.length === 0) return 'The certificate of who signed its list is not here.'
    let fault = 'The signature of its list is not by the key of its issuer.'
    for (const signer of candidates.slice(0, MOST_TRIED)) {
      const { keyUsage } = signer.standard
      const verification = await this.#verify(list, signer)
      if (verification.result === 'unsupported')
        fault = `The signature of its list can’t be checked. ${verification.reason}`
      if (verification.result !== 'valid') continue
      if (keyUsage && !keyUsage.includes('cRLSign')) {
        fault = 'The key that signed its list may not sign lists: its certificate has no cRLSign.'
        continue
      }
      if (above.includes(signer)) return undefined
      const against =
        path.end === 'anchor' && anchor ? await this.#judgeFor(signer, anchor) : 'leads to no trust anchor.'
      if (against === undefined) return undefined
      fault = `Its list is signed by another certificate of its issuer, and that one ${against}`
    }
    return fault
  }

  #verify(list: RevocationListDescription, signer: CertificateDescription): Promise<Verification> {
    const key = `${this.#numberOf(list)} ${this.#numberOf(signer)}`
    const known = this.#verified.get(key)
    if (known) return known
    const answer: Promise<Verification> =
      this.#verified.size < MOST_SIGNATURES
        ? verifySignature(list.signatureAlgorithm, signer.publicKey.spki, list.signature, list.signedPart)
        : Promise.resolve({ result: 'unsupported', reason: 'There are too many lists.' })
    this.#verified.set(key, answer)
    return answer
  }

  #numberOf(thing: object): number {
    const number = this.#numbers.get(thing) ?? this.#numbers.size
    this.#numbers.set(thing, number)
    return number
  }

  /** A signer that is being judged is not asked again: its own list may cover it (RFC 5280 section 6.3.3 does not forbid that). */
  async #judgeFor(
    signer: CertificateDescription,
    anchor: CertificateDescription,
  ): Promise<string | undefined> {
    if (this.#underWay.has(signer)) return undefined
    if (this.#judgements++ >= MOST_JUDGED || this.#underWay.size >= MOST_UNDER_WAY)
      return 'was not judged: there are too many signers of lists.'
    this.#underWay.add(signer)
    try {
      return await this.judge(signer, anchor)
    } finally {
      this.#underWay.delete(signer)
    }
  }
}

function maySign(
  { subject, standard }: CertificateDescription,
  { issuer, keyIdentifier }: RevocationListDescription,
): boolean {
  const own = standard.subjectKeyIdentifier
  return sameName(subject, issuer) && (!keyIdentifier || !own || equalBytes(keyIdentifier, own))
}
