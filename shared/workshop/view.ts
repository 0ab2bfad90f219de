/** The certificate workshop as its window sees it. */
import * as v from 'valibot'
import type { Bytes } from '../bytes'
import type { Fault } from '../errors'
import type { TlsLibrary } from './boring-ssl'
import type { ChainPlan } from './chain'
import type { MadeChain } from './make'
import { chainPlanSchema } from './plan-schema'
import type { JudgedChain, JudgeId } from './verdicts'

/** The id of the chain that a person has planned. */
export const OWN_ID = 'own'
/** As many recipes can be chosen at once: all there are, and some. */
const MOST_CHOSEN = 400

/** Chains that something is done with: recipes by their ids, or the person's own. */
export const chosenSchema = v.variant('what', [
  v.object({
    what: v.literal('recipes'),
    ids: v.pipe(v.array(v.pipe(v.string(), v.maxLength(80))), v.minLength(1), v.maxLength(MOST_CHOSEN)),
  }),
  v.object({ what: v.literal('own'), plan: chainPlanSchema }),
])
export type ChosenChains = v.InferOutput<typeof chosenSchema>

/** What a judge has said of a chain. */
export interface ChainVerdict {
  /** The recipe's, or {@link OWN_ID}. */
  readonly chain: string
  readonly judge: JudgeId
  readonly judged: JudgedChain
}

/** Verdicts that have come, and how far those are that were asked for since nothing was under way. */
export interface WorkshopProgress {
  readonly verdicts: readonly ChainVerdict[]
  readonly done: number
  /** Nothing is under way when as many are done. */
  readonly of: number
  /** Ids of the chains that wait or are being judged. */
  readonly waiting: readonly string[]
  /** What something of it has ended with. */
  readonly fault?: Fault
}

/** A judge, with the version that is here; undefined where it is not installed. */
export interface JudgeHere {
  readonly id: JudgeId
  readonly version: string | undefined
}

/** A client of others, and the line that asks by it, for a POSIX shell. */
export interface ClientCommand {
  readonly client: string
  readonly command: string
}

/** A chain that is served. */
export interface ServedView {
  readonly id: string
  /** What to ask for. */
  readonly host: string
  /** Undefined where it can't be served. */
  readonly port: number | undefined
  /** Why it can't be, in the words of the TLS library. */
  readonly fault: string | undefined
  /** Path of the trust anchor. */
  readonly trustAnchor: string
  /** Path of its revocation lists; undefined without any. */
  readonly lists: string | undefined
  /** How clients of others are asked; none for what can't be served. */
  readonly commands: readonly ClientCommand[]
}

/** What is served, and where. */
export interface ServingView {
  readonly addresses: readonly string[]
  /** The folder of what clients need. */
  readonly folder: string
  readonly chains: readonly ServedView[]
}

export interface WorkshopView extends WorkshopProgress {
  readonly judges: readonly JudgeHere[]
  /** What makes TLS in the process that judges. */
  readonly library: TlsLibrary
  readonly serving: ServingView | undefined
  /** The chain that the person plans, as it was kept last; and the plan that the verdicts on it are of. */
  readonly plan: ChainPlan | undefined
  readonly judged: ChainPlan | undefined
}

/** A chain that was made, without its keys, to be inspected. */
export interface ChainView {
  /** The server's first, then what it sends, then all others. DER. */
  readonly certificates: readonly { readonly id: string; readonly der: Bytes; readonly isAnchor: boolean }[]
  /** Revocation lists, DER. */
  readonly lists: readonly Bytes[]
  readonly host: string
}

/** What of a chain may be seen. */
export function chainView({ leaf, sent, anchors, certificates, lists, host }: MadeChain): ChainView {
  const inOrder = [...new Set([leaf, ...sent, ...anchors, ...certificates])]
  return {
    certificates: inOrder.map((one) => ({ id: one.id, der: one.der, isAnchor: anchors.includes(one) })),
    lists,
    host,
  }
}
