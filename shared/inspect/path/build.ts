/**
 * Finds the path from a certificate to a trust anchor (RFC 4158). Anchors come first, then the other certificates; of
 * several that fit, first those whose key verifies the signature, then those that are valid now. A dead end is left again.
 */
import { equalBytes, type Bytes } from '../../bytes'
import { groupBy } from '../../group'
import { nameKey, sameName } from '../x509/names'
import type { CertificateDescription } from '../x509/types'
import { isSelfSigned, mayHaveIssued } from './facts'
import type { PathMemory } from './memory'

/** Certificates between the first one and the anchor; OpenSSL's limit too. */
export const MAX_INTERMEDIATES = 100
/** Signatures that are verified to choose among issuers: hundreds of them with one name must not hold anything up. */
const MAX_TRIALS = 256
/** Issuers that are considered in all: where many have issued each other, the search is given up, and no path is found. */
const MAX_CONSIDERED = 20_000

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

/** What a path is built from. Milliseconds since the Unix epoch; DER. */
export interface PathMaterial {
  readonly now: number
  readonly trustAnchors: readonly Bytes[]
  readonly intermediates: readonly Bytes[]
  /** True when any trust anchor is an end, and not only one that has signed itself. */
  readonly endsAtAnyAnchor: boolean
}

/** Builds the path for a certificate out of the memory. */
export function buildPath(
  leaf: CertificateDescription,
  material: PathMaterial,
  memory: PathMemory,
): Promise<BuiltPath> {
  return new Builder(material, memory).build(leaf)
}

/** Complete paths, the best first, at most so many; each holds a name and key once. Where the leaf is no anchor the one of
 * {@link buildPath} is among them, when it is complete. */
export async function* otherPaths(
  leaf: CertificateDescription,
  material: PathMaterial,
  memory: PathMemory,
  most: number,
): AsyncGenerator<BuiltPath> {
  let count = 0
  for await (const path of new Builder(material, memory).all([leaf], 1)) {
    yield path
    if (++count >= most) return
  }
}

class Builder {
  /** Certificates that were tried: each leads to an anchor or it doesn't, whatever comes before it. */
  readonly #triedAnchors = new Set<CertificateDescription>()
  readonly #triedOthers = new Set<CertificateDescription>()
  readonly #byName = new Map<
    readonly CertificateDescription[],
    ReadonlyMap<string, readonly CertificateDescription[]>
  >()
  #trials = 0
  #considered = 0
  #longest: BuiltPath | undefined

  readonly #anchors: readonly CertificateDescription[]
  readonly #others: readonly CertificateDescription[]

  constructor(
    private readonly material: PathMaterial,
    private readonly memory: PathMemory,
  ) {
    this.#anchors = memory.readAll(material.trustAnchors)
    this.#others = memory.readAll(material.intermediates)
  }

  async build(leaf: CertificateDescription): Promise<BuiltPath> {
    if (this.#anchors.includes(leaf) && this.#mayEnd(leaf))
      return { certificates: [leaf], untrusted: 0, end: 'anchor', namesakes: [] }
    const complete = await this.#walk([leaf], 1)
    return complete ?? this.#longest ?? this.#ended([leaf], 1)
  }

  /** Every complete path that goes on from this one, without a name and key twice. */
  async *all(path: readonly CertificateDescription[], untrusted: number): AsyncGenerator<BuiltPath> {
    const last = path.at(-1)
    if (!last || untrusted > MAX_INTERMEDIATES + 1) return
    const inAnchors = path.length > untrusted
    if (inAnchors && this.#mayEnd(last)) yield { certificates: path, untrusted, end: 'anchor', namesakes: [] }
    if (isSelfSigned(last) || (inAnchors && this.#mayEnd(last))) return
    const onPath = new Set(path)
    for (const among of inAnchors ? [this.#anchors] : [this.#anchors, this.#others]) {
      for (const issuer of await this.#issuersOf(last, among, onPath)) {
        if (path.some((each) => isSameAuthority(each, issuer))) continue
        yield* this.all([...path, issuer], among === this.#others ? untrusted + 1 : untrusted)
      }
    }
  }

  #mayEnd(anchor: CertificateDescription): boolean {
    return this.material.endsAtAnyAnchor || isSelfSigned(anchor)
  }

  /** @returns the complete path, or undefined after noting how far it got */
  async #walk(path: readonly CertificateDescription[], untrusted: number): Promise<BuiltPath | undefined> {
    const last = path.at(-1)
    if (!last) return undefined
    const inAnchors = path.length > untrusted
    if (inAnchors && this.#mayEnd(last))
      return { certificates: path, untrusted, end: 'anchor', namesakes: [] }
    if (isSelfSigned(last)) return this.#note(path, untrusted)
    if (!inAnchors && untrusted > MAX_INTERMEDIATES + 1) return this.#note(path, untrusted)
    ;(inAnchors ? this.#triedAnchors : this.#triedOthers).add(last)
    const anchored = await this.#walkOn(path, untrusted, this.#anchors, this.#triedAnchors)
    if (anchored) return anchored
    // Above a certificate that is trusted only trusted ones count.
    const found = inAnchors ? undefined : await this.#walkOn(path, untrusted, this.#others, this.#triedOthers)
    return found ?? this.#note(path, untrusted)
  }

  async #walkOn(
    path: readonly CertificateDescription[],
    untrusted: number,
    among: readonly CertificateDescription[],
    tried: ReadonlySet<CertificateDescription>,
  ): Promise<BuiltPath | undefined> {
    const last = path.at(-1)
    if (!last) return undefined
    for (const issuer of await this.#issuersOf(last, among, tried)) {
      if (tried.has(issuer)) continue
      const found = await this.#walk([...path, issuer], among === this.#others ? untrusted + 1 : untrusted)
      if (found) return found
    }
    return undefined
  }

  /** The best first. */
  async #issuersOf(
    subject: CertificateDescription,
    among: readonly CertificateDescription[],
    tried: ReadonlySet<CertificateDescription>,
  ): Promise<readonly CertificateDescription[]> {
    const named = this.#named(among, subject)
    this.#considered += named.length
    if (this.#considered > MAX_CONSIDERED) return []
    const fitting = named.filter((issuer) => !tried.has(issuer) && mayHaveIssued(issuer, subject))
    if (fitting.length < 2) return fitting
    const ranked = await Promise.all(
      fitting.map(async (issuer) => ({ issuer, rank: await this.#rankOf(subject, issuer) })),
    )
    return ranked.sort((a, b) => a.rank - b.rank).map(({ issuer }) => issuer)
  }

  /** Those of a list that have the name which a certificate's issuer should have. */
  #named(
    among: readonly CertificateDescription[],
    { issuer }: CertificateDescription,
  ): readonly CertificateDescription[] {
    const index = this.#byName.get(among) ?? groupBy(among, ({ subject }) => nameKey(subject))
    this.#byName.set(among, index)
    return index.get(nameKey(issuer)) ?? []
  }

  async #rankOf(subject: CertificateDescription, issuer: CertificateDescription): Promise<number> {
    const { notBefore, notAfter } = issuer
    const { now } = this.material
    const isValidNow =
      notBefore !== undefined && notAfter !== undefined && notBefore <= now && now <= notAfter
    const isTried = this.#trials++ < MAX_TRIALS
    const isWrong = isTried && (await this.memory.verify(subject, issuer)).result === 'invalid'
    return (isWrong ? 2 : 0) + (isValidNow ? 0 : 1)
  }

  #note(path: readonly CertificateDescription[], untrusted: number): undefined {
    if (path.length > (this.#longest?.certificates.length ?? 0)) this.#longest = this.#ended(path, untrusted)
  }

  #ended(path: readonly CertificateDescription[], untrusted: number): BuiltPath {
    const last = path.at(-1)
    const onPath = new Set(path)
    const named = last ? [this.#anchors, this.#others].flatMap((among) => this.#named(among, last)) : []
    const namesakes = named.filter((each) => !onPath.has(each))
    return { certificates: path, untrusted, end: this.#endOf(path, untrusted), namesakes }
  }

  #endOf(path: readonly CertificateDescription[], untrusted: number): PathEnd {
    const last = path.at(-1)
    if (last && isSelfSigned(last)) return 'self_signed'
    if (path.length > untrusted) return 'anchor_issuer_missing'
    return untrusted > MAX_INTERMEDIATES + 1 ? 'too_long' : 'no_issuer'
  }
}

/** RFC 4158 section 5.2: a path that comes by the same name and key again goes in a circle. */
function isSameAuthority(a: CertificateDescription, b: CertificateDescription): boolean {
  return sameName(a.subject, b.subject) && equalBytes(a.publicKey.spki, b.publicKey.spki)
}
