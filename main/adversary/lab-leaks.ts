/** What the lab can lose to an adversary, by what the person leaks on purpose. */
import type { LeakId } from '#shared/adversary/live'
import type { Role } from '#shared/hl1/roles'
import type { Lab } from '../lab/lab'
import type { Leaked } from './line'

/** Symmetric keys: whose memory they are looked up in, and the member that carried them. */
const CARRIED: Readonly<Record<Exclude<LeakId, 'SK_CA' | 'SK_S'>, readonly [Role, string]>> = {
  K_tmp1: ['authority', 'k_tmp1'],
  K_tmp2: ['server', 'k_tmp2'],
  K_sess: ['server', 'k_sess'],
}

/** A key that its owner has now; undefined where there is none, or none any more. */
export function leakOf(
  { authority, server, journal }: Pick<Lab, 'authority' | 'server' | 'journal'>,
  id: LeakId,
): Leaked | undefined {
  if (id === 'SK_CA' || id === 'SK_S') {
    const key = id === 'SK_CA' ? authority.credentials?.keyPair.privateKey : server.credentials?.privateKey
    return key && { key, connection: undefined }
  }
  const found = journal.lastSecret(...CARRIED[id])
  return found?.value instanceof Uint8Array ? { key: found.value, connection: found.connection } : undefined
}
