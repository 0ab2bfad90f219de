/** Who may register a name (protocol.md section 7, Names): the policies there are, and what step 1 asks of an authority's. */
import type { Certificate } from '../crypto/pki/certificate'
import type { RsaPublicKey } from '../crypto/primitives/rsa'
import type { Finding } from '../record/checks'

/**
 * `anyone`: as in the original. `first`: whoever has registered a name first keeps it, until the person allows another one. `ask`:
 * the person says so of each request.
 */
export const NAME_POLICIES = ['anyone', 'first', 'ask'] as const
export type NamePolicy = (typeof NAME_POLICIES)[number]

/** Why anyone may have any name, where that is so. */
export const ANYONE_MAY = 'This authority asks nobody: anyone may register any name but its own.'

/** A request for a name that is right in every other respect. */
export interface NameRequest {
  readonly name: string
  /** The key to be certified, where whoever asks has made it: suite `modern`. */
  readonly publicKey?: RsaPublicKey
}

/** An authority's policy for names, for the request of one connection. */
export interface Names {
  /** Asked before all other checks: may the name be had? Undefined where a person is to say so, once all else is right. */
  readonly look: (name: string) => Finding | undefined
  /**
   * Asked after all other checks; may wait for a person. A name that only one may have is held from then on.
   * @throws ProtocolError `busy` when as many questions, or names, are there as the authority takes
   */
  readonly take: (request: NameRequest) => Promise<Finding>
  /** A certificate in the name is signed: the name is given. */
  readonly give: (name: string, certificate: Certificate) => void
}

/** Two names that differ in capitals alone are one (RFC 5280 section 7.1). */
export function nameKey(name: string): string {
  return name.toLowerCase()
}
