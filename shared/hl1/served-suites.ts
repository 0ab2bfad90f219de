/** What a server's registration lets it serve: read by windows that need no sheets to appear. */
import { SUITE_NAMES, type SuiteName } from './suite-names'

/**
 * The suites that a server can serve with what registering has brought it. Step 4 of `classic` shows a Cert_S, which only
 * registering in `classic` brings; `modern` needs the X.509 certificate and the key pair alone, whoever made that.
 */
export function suitesServedWith({ certS }: { readonly certS?: unknown }): readonly SuiteName[] {
  return SUITE_NAMES.filter((name) => name !== 'classic' || certS !== undefined)
}

/**
 * Whether a server that serves a suite in which servers make their own key pair has one that the authority made: registering in
 * `classic` brings both, a Cert_S and such a pair.
 */
export function isEscrowed({ certS }: { readonly certS?: unknown }, suite: SuiteName): boolean {
  return suite === 'modern' && certS !== undefined
}
