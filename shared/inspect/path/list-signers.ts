/** Who signed a revocation list: a certificate with its issuer's name whose key may sign lists, and verifies the signature (RFC 5280 section 6.3.3 (f) and (g)). */
import { equalBytes } from '../../bytes'
import { groupBy } from '../../group'
import { verifySignature, type Verification } from '../../crypto/pki/verify'
import { nameKey } from '../x509/names'
import type { RevocationListDescription } from '../x509/revocation-list'
import type { CertificateDescription } from '../x509/types'
import type { PathBefore } from './judged'

/** Certificates of one name whose keys are tried on one list. */
const MOST_TRIED = 8
/** Signatures of lists that are verified for one verdict. */
const MOST_SIGNATURES = 256
/** Lists that are looked at for one verdict, each time that one is, for whichever certificate. */
const MOST_ASKED = 100_000
/** Signers that are judged for one verdict, and that may wait for one another. */
const [MOST_JUDGED, MOST_UNDER_WAY] = [64, 8] as const
const TOO_MANY = 'There are too many lists, or too many who may have signed them.'

/** Whether a certificate that is not of the path may be relied on, to the same trust anchor; a sentence's predicate when not. */
export type SignerJudge = (
  signer: CertificateDescription,
  anchor: CertificateDescription,
) => Promise<string | undefined>

/**
 * Who signed a list, or in a sentence why nobody who may is known to have. `isOwn`: whoever is asked about has signed it, so that it
 * clears nobody. `isOpen`: not everything was tried, because there is too much.
 */
export type SignerAnswer =
  | { readonly signer: CertificateDescription; readonly isOwn: boolean }
  | { readonly why: string; readonly isOpen?: boolean }

/** One for a verdict, whichever paths are judged for it: bounds are of all of them together. */
export class ListSigners {
  readonly #verified = new Map<string, Promise<Verification>>()
  readonly #judged = new Map<string, Promise<string | undefined>>()
  readonly #underWay = new Set<CertificateDescription>()
  readonly #numbers = new Map<object, number>()
  /** By `nameKey` of the subject. */
  readonly #known: ReadonlyMap<string, readonly CertificateDescription[]>
  #judgements = 0
  #asked = 0

  /**
   * @param known every certificate at hand
   * @param judge is asked about signers that are not on the path themselves
   */
  constructor(
    known: readonly CertificateDescription[],
    private readonly judge: SignerJudge,
  ) {
    this.#known = groupBy(known, ({ subject }) => nameKey(subject))
  }

  /** Counts lists that are about to be looked at; false when there were too many. */
  mayAsk(lists: number): boolean {
    this.#asked += lists
    return this.#asked <= MOST_ASKED
  }

  /** Who signed a list that is asked about the certificate at a position of a path to a trust anchor. */
  async signerOf(list: RevocationListDescription, path: PathBefore, position: number): Promise<SignerAnswer> {
    const { certificates } = path
    const last = certificates.length - 1
    const [subject, anchor] = [certificates[position], certificates[last]]
    // An anchor has no one above it: its own list may name it.
    const above = certificates.slice(Math.min(position + 1, last))
    const name = nameKey(list.issuer)
    const named = [
      ...above.filter((each) => nameKey(each.subject) === name),
      ...(this.#known.get(name) ?? []),
    ]
    const candidates = [...new Set(named)].filter((each) => mayBeSignedBy(list, each))
    if (candidates.length === 0) return { why: 'The certificate of who signed its list is not here.' }
    let fault: SignerAnswer = { why: 'The signature of its list is not by the key of its issuer.' }
    for (const signer of candidates.slice(0, MOST_TRIED)) {
      const { keyUsage } = signer.standard
      const verification = await this.#verify(list, signer)
      if (verification === undefined) return { why: TOO_MANY, isOpen: true }
      if (verification.result === 'unsupported')
        fault = { why: `The signature of its list can’t be checked. ${verification.reason}` }
      if (verification.result !== 'valid') continue
      if (keyUsage && !keyUsage.includes('cRLSign')) {
        fault = { why: 'The key that signed its list may not sign lists: its certificate has no cRLSign.' }
        continue
      }
      if (above.includes(signer)) return { signer, isOwn: false }
      // Whoever holds a stolen key would clear it by a list.
      if (signer === subject || this.#underWay.has(signer)) return { signer, isOwn: true }
      const against = anchor ? await this.#judgeFor(signer, anchor) : 'leads to no trust anchor.'
      if (against === 'too many') return { why: TOO_MANY, isOpen: true }
      if (against === undefined) return { signer, isOwn: false }
      fault = { why: `Its list is signed by another certificate of its issuer, and that one ${against}` }
    }
    return candidates.length > MOST_TRIED ? { why: TOO_MANY, isOpen: true } : fault
  }

  /** Undefined when too many were verified. */
  async #verify(
    list: RevocationListDescription,
    signer: CertificateDescription,
  ): Promise<Verification | undefined> {
    const key = this.#keyOf(list, signer)
    const known = this.#verified.get(key)
    if (known) return known
    if (this.#verified.size >= MOST_SIGNATURES) return undefined
    const answer = verifySignature(
      list.signatureAlgorithm,
      signer.publicKey.spki,
      list.signature,
      list.signedPart,
    )
    this.#verified.set(key, answer)
    return answer
  }

  #keyOf(...things: readonly object[]): string {
    return things
      .map((thing) => {
        const number = this.#numbers.get(thing) ?? this.#numbers.size
        this.#numbers.set(thing, number)
        return number
      })
      .join(' ')
  }

  /** Answers are kept, but for those that were given while others waited: what they left out hangs on who that was. */
  #judgeFor(signer: CertificateDescription, anchor: CertificateDescription): Promise<string | undefined> {
    const key = this.#keyOf(signer, anchor)
    const known = this.#judged.get(key)
    if (known) return known
    if (this.#judgements++ >= MOST_JUDGED || this.#underWay.size >= MOST_UNDER_WAY)
      return Promise.resolve('too many')
    const isFirst = this.#underWay.size === 0
    const answer = this.#judge(signer, anchor)
    if (isFirst) this.#judged.set(key, answer)
    return answer
  }

  async #judge(signer: CertificateDescription, anchor: CertificateDescription): Promise<string | undefined> {
    this.#underWay.add(signer)
    try {
      return await this.judge(signer, anchor)
    } finally {
      this.#underWay.delete(signer)
    }
  }
}

function mayBeSignedBy(
  { keyIdentifier }: RevocationListDescription,
  { standard }: CertificateDescription,
): boolean {
  const own = standard.subjectKeyIdentifier
  return !keyIdentifier || !own || equalBytes(keyIdentifier, own)
}
