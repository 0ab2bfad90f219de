/** The secrets that a run has, named before they leave. */
import { LabError } from '../errors'
import type { Run } from './run'

/** Private keys beside those that the lab has now: they leaked, or are those of an adversary that has a certificate. */
export const OTHER_KEYS = 'SK_S (as leaked, or of somebody else)'

/** The secrets that a run has, by their symbols. */
export function secretsIn({ records, secrets }: Run): readonly string[] {
  const carried = records.flatMap(({ members }) =>
    members.flatMap(({ secret, value, symbol }) => (secret && value !== undefined ? [symbol] : [])),
  )
  const derived = secrets?.connections.flatMap(({ keys }) => Object.keys(keys)) ?? []
  const others = (secrets?.others ?? []).length > 0 ? [OTHER_KEYS] : []
  return [...new Set([...Object.keys(secrets?.privateKeys ?? {}), ...others, ...carried, ...derived])]
}

/**
 * The same for what is to tell them.
 * @throws LabError `no_key` where there is none
 */
export function requireSecrets(run: Run): readonly string[] {
  const symbols = secretsIn(run)
  if (symbols.length === 0)
    throw new LabError('no_key', 'No secret is there any more, or they were left out when the run was saved.')
  return symbols
}
