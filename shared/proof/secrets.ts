/** Secrets that a proof may be made with: what opens a run's frames, as far as somebody has kept it. */
import type { Bytes } from '../bytes'
import { equalBytes } from '../bytes'
import type { SecretName } from '../adversary/eavesdropper'
import { isKeySymbol, type KeySymbol } from '../hl1/keys'
import { isStepNumber } from '../hl1/steps'
import { SUITES } from '../hl1/suites'
import type { Hl1Entry } from '../hl1/types'

/**
 * One secret. A list may hold the same one more than once, and several of one symbol for one connection: where somebody stood in the
 * middle, its two ends have different keys, and each frame takes the one that fits. Private keys belong to certificates, of which a
 * run may have several; which, their numbers tell.
 */
export type ProofSecret =
  /** `SK_CA` or `SK_S`: RSA, PKCS#8 in PEM. */
  | { readonly is: 'private-key'; readonly symbol: KeySymbol; readonly pem: string }
  /** A symmetric key, or `Z`, of a connection by its id. */
  | { readonly is: 'key'; readonly symbol: SecretName; readonly connection: string; readonly value: Bytes }
  /** The secret half of an ephemeral share, by the share's symbol: a key on P-256, PKCS#8 in PEM. */
  | { readonly is: 'half'; readonly symbol: string; readonly connection: string; readonly pem: string }

/** The secrets that records still hold, each once: members that carry a symmetric or a private key. */
export function secretsOf(entries: readonly Hl1Entry[]): readonly ProofSecret[] {
  const found: ProofSecret[] = []
  for (const { suite, step, members, connection } of entries) {
    if (suite === undefined || !isStepNumber(step)) continue
    for (const { name, nature } of SUITES[suite].sheets[step].members) {
      const value = members.find((member) => member.name === name)?.value
      if (nature.is === 'key' && value instanceof Uint8Array && isKeySymbol(nature.key))
        add(found, { is: 'key', symbol: nature.key, connection: connection.id, value })
      if (nature.is === 'private-key' && typeof value === 'string')
        add(found, { is: 'private-key', symbol: nature.key, pem: value })
    }
  }
  return found
}

function add(found: ProofSecret[], secret: ProofSecret): void {
  if (!found.some((each) => isSame(each, secret))) found.push(secret)
}

function isSame(one: ProofSecret, other: ProofSecret): boolean {
  if (one.is !== other.is || one.symbol !== other.symbol) return false
  if (one.is === 'key' && other.is === 'key')
    return one.connection === other.connection && equalBytes(one.value, other.value)
  return 'pem' in one && 'pem' in other && one.pem === other.pem
}
