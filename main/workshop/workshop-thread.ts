/** A thread that makes chains and has them judged, one lot after another: no window waits for judges, and keys lie ready here. */
import { parentPort } from 'node:worker_threads'
import { isForeseen, LabError, toFault, type Fault } from '#shared/errors'
import { chosenChains } from '#shared/workshop/chosen'
import {
  chainView,
  type ChainVerdict,
  type ChainView,
  type ChosenChains,
  type JudgeHere,
} from '#shared/workshop/view'
import { JUDGES } from './judges/all'
import { KeysAhead } from './keys-ahead'
import { nativeCrypto } from './native-crypto'
import { runRecipes } from './run-recipes'

/** What the thread is told: to judge a lot of chains, to give up all that it was told, or that as well and to end. */
export type ToThread =
  | { readonly kind: 'judge'; readonly lot: number; readonly chosen: ChosenChains }
  | { readonly kind: 'cancel' | 'end' }

/** What it says; each lot that it was told of ends. */
export type FromThread =
  | { readonly kind: 'judges'; readonly judges: readonly JudgeHere[] }
  | { readonly kind: 'made'; readonly lot: number; readonly id: string; readonly chain: ChainView }
  | { readonly kind: 'judged'; readonly lot: number; readonly verdict: ChainVerdict }
  | { readonly kind: 'ended'; readonly lot: number; readonly fault?: Fault }

const port = parentPort
if (!port) throw new LabError('internal_error', 'This is no program of its own: it runs as a thread.')
const tell = (message: FromThread): void => port.postMessage(message)

const { crypto } = new KeysAhead(nativeCrypto())
let stop = new AbortController()
let last = Promise.resolve()
const judges = askJudges()

port.on('message', (message: ToThread) => {
  if (message.kind === 'judge') {
    const { lot, chosen } = message
    const { signal } = stop
    last = last.then(() => judge(lot, chosen, signal))
    return
  }
  stop.abort(new LabError('cancelled', 'The judging was cancelled.'))
  stop = new AbortController()
  if (message.kind === 'end') void last.then(() => port.close())
})

/** Those that are installed, once all have been told. */
async function askJudges(): Promise<readonly (typeof JUDGES)[number][]> {
  const { signal } = new AbortController()
  const here = await Promise.all(
    JUDGES.map(async (one) => ({ judge: one, version: await one.version(signal) })),
  )
  tell({ kind: 'judges', judges: here.map(({ judge: { id }, version }) => ({ id, version })) })
  return here.flatMap(({ judge: one, version }) => (version === undefined ? [] : [one]))
}

async function judge(lot: number, chosen: ChosenChains, signal: AbortSignal): Promise<void> {
  let fault: Fault | undefined
  try {
    await runRecipes({
      ...{ recipes: chosenChains(chosen), judges: await judges, crypto, now: Date.now, signal },
      onMade: ({ id }, chain) => tell({ kind: 'made', lot, id, chain: chainView(chain) }),
      onDone: ({ id }, { id: by }, judged) =>
        tell({ kind: 'judged', lot, verdict: { chain: id, judge: by, judged } }),
    })
  } catch (error) {
    // Nobody catches it here, so the thread ends with it, and whoever has started the thread gets it whole.
    if (!isForeseen(error)) throw error
    if (!signal.aborted) fault = toFault(error)
  }
  tell({ kind: 'ended', lot, ...(fault ? { fault } : {}) })
}
