/**
 * What is otherwise in the app's own process, whose TLS is Electron's BoringSSL: as Node's `tls` it takes other certificates, and as
 * the server it serves fewer. Measured with Electron 33.
 */
import { handshakes, type Recipe } from './recipe'
import { predicted, type JudgedChain, type JudgeId, type Outcome } from './verdicts'

export type TlsLibrary = 'OpenSSL' | 'BoringSSL'

/** Outcomes that differ, and why. */
interface Otherwise {
  readonly outcomes: Readonly<Partial<Record<JudgeId, Outcome>>>
  readonly because: string
}

const unservable = (because: string): Otherwise => ({ outcomes: handshakes('unservable'), because })
const byNode = (outcome: Outcome, because: string): Otherwise => ({
  outcomes: { 'node-tls': outcome },
  because,
})

const TIMES = 'BoringSSL reads no certificate with a time of another form.'
const USAGE = 'BoringSSL uses no key for what its certificate does not allow.'
const VERSION = 'BoringSSL reads no certificate of a version that does not fit.'
const SHA1 = 'BoringSSL has no security levels, and verifies SHA-1.'

/** By the ids of recipes. */
const OTHERWISE: Readonly<Record<string, Otherwise>> = {
  'generalized-time-fraction': unservable(TIMES),
  'utc-time-without-zone': unservable(TIMES),
  'utc-time-without-seconds': unservable(TIMES),
  'key-usage-wrong': unservable(USAGE),
  'key-usage-empty': unservable(USAGE),
  'path-length-without-ca': byNode('refused', 'BoringSSL holds a path length to an authority.'),
  'signature-sha1': byNode('accepted', SHA1),
  'signature-ecdsa-sha1': byNode('accepted', SHA1),
  'rsa-exponent-1': unservable('BoringSSL takes no key with exponent 1.'),
  'ed25519-key': byNode('unservable', 'BoringSSL does not ask for signatures with Ed25519.'),
  'version-1-with-extensions': unservable(VERSION),
  'version-2-with-extensions': unservable(VERSION),
  'version-4': unservable(VERSION),
  'length-not-minimal': unservable('BoringSSL reads DER alone.'),
  'self-signed-leaf-trusted': byNode(
    'refused',
    'BoringSSL takes only an authority’s certificate for an issuer, also of itself.',
  ),
}

/** What differs of these recipes, in their order. */
export function boringDifferences(
  recipes: readonly Pick<Recipe, 'id'>[],
): readonly (Otherwise & { readonly id: string })[] {
  return recipes.flatMap(({ id }) => {
    const other = OTHERWISE[id]
    return other ? [{ id, ...other }] : []
  })
}

/** What is foretold of a judge, where a library makes TLS; `because` where it surprises. */
export function predictedWith(
  library: TlsLibrary,
  { id, predicts }: Pick<Recipe, 'id' | 'predicts'>,
  judge: JudgeId,
): ReturnType<typeof predicted> & { readonly because?: string } {
  const other = library === 'BoringSSL' ? OTHERWISE[id] : undefined
  const outcome = other?.outcomes[judge]
  if (other && outcome !== undefined) return { outcome, because: other.because }
  const because = predicts.because[judge]
  return { ...predicted(predicts, judge), ...(because === undefined ? {} : { because }) }
}

/** True when a judge has said what was foretold. */
export function isAsPredicted(
  library: TlsLibrary,
  recipe: Pick<Recipe, 'id' | 'predicts'>,
  judge: JudgeId,
  judged: JudgedChain,
): boolean {
  const { outcome, check } = predictedWith(library, recipe, judge)
  return outcome === judged.outcome && check === judged.check
}
