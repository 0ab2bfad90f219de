/** The judges of this program: the path verdict of the inspector under its two profiles. */
import { LabError } from '../errors'
import type { ProfileId } from '../inspect/artifact'
import { judgeCertificate, refuses } from '../inspect/path'
import type { MadeChain } from './make'
import type { JudgedChain, OwnJudgeId } from './verdicts'

const PROFILES: Readonly<Record<OwnJudgeId, ProfileId>> = {
  'openssl-profile': 'openssl',
  'web-profile': 'web',
}

/** Judges a chain as the inspector would, when it is opened there with its authorities and lists. */
export async function judgeByProfile(judge: OwnJudgeId, chain: MadeChain): Promise<JudgedChain> {
  try {
    const { accepted, conclusion, checks } = await judgeCertificate(chain.leaf.der, {
      now: chain.now,
      trustAnchors: chain.anchors.map(({ der }) => der),
      intermediates: chain.sent.map(({ der }) => der),
      revocationLists: chain.lists,
      host: chain.host,
      profile: PROFILES[judge],
    })
    if (accepted) return { outcome: 'accepted', said: conclusion }
    const refusal = checks.find(({ result }) => result === 'failed') ?? checks.find(refuses)
    return { outcome: 'refused', said: conclusion, ...(refusal ? { check: refusal.id } : {}) }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    return { outcome: 'refused', said: error.message, check: 'unreadable' }
  }
}
