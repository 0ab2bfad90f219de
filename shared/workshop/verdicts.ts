/** Who judges a chain, and what they may say. */
import type { PathCheckId } from '../inspect/path/verdict'

/** Everybody who judges chains, in the order in which tables have them. */
export const JUDGE_IDS = [
  'openssl-profile',
  'web-profile',
  'openssl-verify',
  'certtool',
  'node-tls',
  's-client',
  'curl',
] as const
export type JudgeId = (typeof JUDGE_IDS)[number]

/** Names of judges, for people. */
export const JUDGE_NAMES: Readonly<Record<JudgeId, string>> = {
  'openssl-profile': 'OpenSSL strict',
  'web-profile': 'Web',
  'openssl-verify': 'openssl verify',
  certtool: 'certtool',
  'node-tls': 'Node’s tls',
  's-client': 'openssl s_client',
  curl: 'curl',
}

/** Judges of this program, which say by which check they refuse. */
export type OwnJudgeId = 'openssl-profile' | 'web-profile'
/** The others; of them the last three judge a real handshake. */
export type OtherJudgeId = Exclude<JudgeId, OwnJudgeId>

/**
 * What came of it. `unservable`: no handshake was made, as the server's own library takes no such certificate or key.
 * `undecided`: the judge did not come to an end.
 */
export type Outcome = 'accepted' | 'refused' | 'unservable' | 'undecided'

/** Outcomes as words of a table. */
export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  accepted: 'accepts',
  refused: 'refuses',
  unservable: 'not served',
  undecided: 'undecided',
}

/** `unreadable`: a certificate of the path is so broken that there is no path to check. */
export type RefusingCheck = PathCheckId | 'unreadable'

/** What a judge says of a chain. */
export interface JudgedChain {
  readonly outcome: Outcome
  /** In the judge's own words, as they came. */
  readonly said: string
  /** The first check that refuses, of a judge of this program. */
  readonly check?: RefusingCheck
}

/** What is foretold of all judges. */
export interface Predictions {
  /** The check by which they refuse, or that they accept. */
  readonly own: Readonly<Record<OwnJudgeId, RefusingCheck | 'accepted'>>
  readonly others: Readonly<Record<OtherJudgeId, Exclude<Outcome, 'undecided'>>>
  /** Why a judge says something that surprises. */
  readonly because: Readonly<Partial<Record<JudgeId, string>>>
}

/** What is foretold of one judge. */
export function predicted(
  { own, others }: Predictions,
  judge: JudgeId,
): { readonly outcome: Outcome; readonly check?: RefusingCheck } {
  if (judge !== 'openssl-profile' && judge !== 'web-profile') return { outcome: others[judge] }
  const check = own[judge]
  return check === 'accepted' ? { outcome: 'accepted' } : { outcome: 'refused', check }
}
