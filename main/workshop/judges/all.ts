/** Every judge, in the order in which tables have them. */
import { judgeByProfile } from '#shared/workshop/own-judges'
import type { OwnJudgeId } from '#shared/workshop/verdicts'
import type { Judge } from '../judge'
import { CURL, NODE_TLS, S_CLIENT } from './handshakes'
import { CERTTOOL, OPENSSL_VERIFY } from './programs'

/** The path verdict of this program. */
const own = (id: OwnJudgeId): Judge => ({
  id,
  version: async () => 'Handshake Lab',
  judge: async ({ chain }, signal) => {
    signal.throwIfAborted()
    return judgeByProfile(id, chain)
  },
})

export const JUDGES: readonly Judge[] = [
  own('openssl-profile'),
  own('web-profile'),
  OPENSSL_VERIFY,
  CERTTOOL,
  NODE_TLS,
  S_CLIENT,
  CURL,
]
