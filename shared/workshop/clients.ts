/**
 * Clients that are no judges here and meet what is served: Python's `ssl`, which is OpenSSL's, and Java's `HttpsURLConnection`. What is
 * foretold of both is what `openssl s_client` says, but for what stands here; measured with Python 3.11 and OpenJDK 17.
 */
import type { Recipe } from './recipe'
import type { Outcome } from './verdicts'

export const CLIENT_IDS = ['python', 'java'] as const
export type ClientId = (typeof CLIENT_IDS)[number]

/** Names of clients, for people. */
export const CLIENT_NAMES: Readonly<Record<ClientId, string>> = {
  python: 'Python’s ssl',
  java: 'Java’s HttpsURLConnection',
}

/** What one says otherwise, and why. */
interface Otherwise {
  readonly outcome: Outcome
  readonly because: string
}

const accepts = (because: string): Otherwise => ({ outcome: 'accepted', because })
const refuses = (because: string): Otherwise => ({ outcome: 'refused', because })

const JAVA_TIMES = 'Java reads times in forms that DER does not have.'
const JAVA_WILDCARDS =
  'Java matches wildcards in any label, and looks for public suffixes only where its own anchors are trusted.'
const JAVA_SHA1 = 'Java refuses SHA-1 only on paths to anchors that it was delivered with.'
const JAVA_RSA = 'Java refuses no RSA key but those of less than 1024 bits (jdk.certpath.disabledAlgorithms).'
const JAVA_VERSION = 'Java reads no certificate of a version that does not fit its extensions.'

/** By the ids of recipes. */
const OTHERWISE: Readonly<Record<ClientId, Readonly<Record<string, Otherwise>>>> = {
  python: {
    'wildcard-partial-label': refuses('Python has OpenSSL match a wildcard with whole labels alone.'),
  },
  java: {
    'root-expired': accepts('Java takes a trust anchor for a name and a key: its dates do not count.'),
    'generalized-time-fraction': accepts(JAVA_TIMES),
    'utc-time-without-seconds': accepts(JAVA_TIMES),
    'utc-time-with-offset': accepts(JAVA_TIMES),
    'subject-empty-san-not-critical': refuses(
      'Java reads no certificate without a subject whose alternative names are not critical.',
    ),
    'issuer-subject-empty': refuses('Java reads no certificate without an issuer.'),
    'wildcard-two-labels': accepts(JAVA_WILDCARDS),
    'wildcard-top-level': accepts(JAVA_WILDCARDS),
    'wildcard-inner-label': accepts(JAVA_WILDCARDS),
    'extended-key-usage-any': accepts('Java takes any purpose for each.'),
    'issuer-extended-key-usage-mail': accepts('Java asks the server’s certificate alone for its purpose.'),
    'duplicate-unknown-extension': refuses('Java reads no certificate with an extension twice.'),
    'malformed-extension': accepts(
      'Java passes over an extension that it can’t read and that is not critical, and takes the common name.',
    ),
    'authority-key-identifier-wrong': accepts(
      'Java tries an issuer by its name, whatever the identifier says.',
    ),
    'signature-sha1': accepts(JAVA_SHA1),
    'signature-ecdsa-sha1': accepts(JAVA_SHA1),
    'rsa-1024': accepts(JAVA_RSA),
    'issuer-rsa-1024': accepts(JAVA_RSA),
    'rsa-exponent-1': refuses('Java takes no exponent below 3.'),
    'version-1-with-extensions': refuses(JAVA_VERSION),
    'version-2-with-extensions': refuses(JAVA_VERSION),
    'version-4': refuses(JAVA_VERSION),
    'anchor-is-intermediate': accepts('Java ends a path at any certificate that is trusted.'),
  },
}

/** What is foretold of a client; `because` where it is not what `openssl s_client` says. */
export function predictedOfClient(
  client: ClientId,
  { id, predicts }: Pick<Recipe, 'id' | 'predicts'>,
): { readonly outcome: Outcome; readonly because?: string } {
  return OTHERWISE[client][id] ?? { outcome: predicts.others['s-client'] }
}

/** Who says otherwise of these recipes, in their order. */
export function clientDifferences(
  recipes: readonly Pick<Recipe, 'id'>[],
): readonly (Otherwise & { readonly id: string; readonly client: ClientId })[] {
  return recipes.flatMap(({ id }) =>
    CLIENT_IDS.flatMap((client) => {
      const other = OTHERWISE[client][id]
      return other ? [{ id, client, ...other }] : []
    }),
  )
}
