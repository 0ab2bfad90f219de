/**
 * What the window *Certificate workshop* asks for: has chains judged in a thread, serves them on this machine, shows and writes
 * them. All keys are of its own, and made afresh: nothing here knows the lab.
 */
import { LabError, toFault, type Fault } from '#shared/errors'
import type { ExportResult } from '#shared/export'
import type { ChainPlan } from '#shared/workshop/chain'
import type { NamedChain, Recipe } from '#shared/workshop/recipe'
import {
  OWN_ID,
  type ChainVerdict,
  type ChainView,
  type ChosenChains,
  type ServingView,
  type WorkshopProgress,
  type WorkshopView,
} from '#shared/workshop/view'
import { coalesce } from '../lab/coalesce'
import { OneAtATime } from '../lab/one-at-a-time'
import type { Log } from '../log/log'
import { Judging } from './judging'
import { Serving, type ServeRequest } from './serving'
import { TLS_LIBRARY } from './tls-library'
import { WaitingLots } from './waiting-lots'
import type { FromThread } from './workshop-thread'

export interface WorkshopDeskOptions {
  /** The file of the thread in the build. */
  readonly thread: string
  readonly tell: (progress: WorkshopProgress) => void
  readonly log: Pick<Log, 'failed'>
}

/** At most so often the window hears of new verdicts, milliseconds. */
const TELL_MS = 150

export class WorkshopDesk {
  #judging: Judging | undefined
  #swept: Promise<void> | undefined
  readonly #lots = new WaitingLots()
  readonly #verdicts = new Map<string, ChainVerdict>()
  readonly #made = new Map<string, ChainView>()
  /** The chain that the person has planned, and the plan that was judged last. They outlive the window. */
  #plan: ChainPlan | undefined
  #judged: ChainPlan | undefined
  #news: ChainVerdict[] = []
  readonly #serving = new Serving(() => this.#sweep())
  /** What makes chains here: few wait for one another. */
  readonly #inTurn = new OneAtATime()
  readonly #announce: () => void

  constructor(private readonly options: WorkshopDeskOptions) {
    const { tell, log } = options
    this.#announce = coalesce(
      async () => tell(this.#progress()),
      (error) => log.failed('While the window was told of verdicts.', error),
      TELL_MS,
    )
  }

  /** All that is known. The first time it takes as long as programs take to say their versions. */
  async view(): Promise<WorkshopView> {
    const { judges } = await this.#thread()
    return {
      judges: await judges,
      ...this.#progress([]),
      verdicts: [...this.#verdicts.values()],
      library: TLS_LIBRARY,
      serving: await this.#serving.view(),
      plan: this.#plan,
      judged: this.#judged,
    }
  }

  /** Keeps the chain that the person plans, until the app quits. */
  keep(plan: ChainPlan): void {
    this.#plan = plan
  }

  /**
   * Has chains judged, after all that wait, and answers at once. One that waits already is judged once.
   * @throws LabError `bad_argument`, `too_many_runs`
   */
  async judge(chosen: ChosenChains): Promise<void> {
    const chains = await chainsOf(chosen)
    const thread = await this.#thread()
    const judges = (await thread.judges).filter(({ version }) => version !== undefined)
    const ids = chains.map(({ id }) => id)
    const added = this.#lots.add(ids, judges.length)
    if (!added) return
    const { lot } = added
    if (chosen.what === 'own') this.#judged = chosen.plan
    for (const [key, { chain }] of this.#verdicts) if (added.ids.includes(chain)) this.#verdicts.delete(key)
    for (const id of added.ids) this.#made.delete(id)
    const few: ChosenChains = chosen.what === 'own' ? chosen : { what: 'recipes', ids: [...added.ids] }
    thread.tell({ kind: 'judge', lot, chosen: few })
    this.#announce()
  }

  /** Gives up what is judged and what waits; the window hears when nothing is under way any more. */
  cancel(): void {
    this.#judging?.tell({ kind: 'cancel' })
  }

  /**
   * The certificates of one chain: those that were judged last, or new ones.
   * @throws LabError `bad_argument` for several
   */
  async open(chosen: ChosenChains): Promise<ChainView> {
    const [named, ...more] = await chainsOf(chosen)
    if (!named || more.length > 0) throw new LabError('bad_argument', 'One chain can be inspected at a time.')
    const isKept = chosen.what === 'recipes' || JSON.stringify(chosen.plan) === JSON.stringify(this.#judged)
    const kept = isKept ? this.#made.get(named.id) : undefined
    return kept ?? this.#inTurn.inTurn(() => this.#make(named))
  }

  /**
   * Serves chains in the place of those that are served.
   * @throws LabError `bad_argument`, and as `openBench`
   */
  async serve(request: ServeRequest): Promise<ServingView> {
    return this.#serving.serve(await chainsOf(request.chosen), request)
  }

  /** How many chains are served. */
  get served(): number {
    return this.#serving.count
  }

  /** Ends what is served; resolves when nothing listens any more. */
  stop(): Promise<void> {
    return this.#serving.stop()
  }

  /**
   * Writes chains, with their keys, into a folder that is made for them.
   * @throws LabError `bad_argument`, and as `putFiles`
   */
  async write(chosen: ChosenChains, folder: string): Promise<ExportResult> {
    const recipes = await chainsOf(chosen)
    return this.#inTurn.inTurn(async () => {
      const [{ writeRecipes }, { nativeCrypto }] = await Promise.all([
        import('./write-recipes'),
        import('./native-crypto'),
      ])
      return writeRecipes({ recipes, folder, createFolder: true, crypto: nativeCrypto(), now: Date.now() })
    })
  }

  /** Gives up all, ends what is served, and forgets all but the person's plan. */
  async forget(): Promise<void> {
    const judging = this.#judging
    this.#judging = undefined
    this.#judged = undefined
    this.#verdicts.clear()
    this.#made.clear()
    this.#lots.clear()
    this.#news = []
    await Promise.all([judging?.end(), this.#serving.stop()])
  }

  /** Before the first folder is made; what this program makes afterwards is not touched. */
  #sweep(): Promise<void> {
    this.#swept ??= import('./left-behind').then(({ sweepLeftBehind }) => sweepLeftBehind())
    return this.#swept
  }

  async #thread(): Promise<Judging> {
    await this.#sweep()
    this.#judging ??= new Judging({
      thread: this.options.thread,
      onMessage: (message) => this.#take(message),
      onFailure: (error) => this.#fail(error),
    })
    return this.#judging
  }

  #take(message: Exclude<FromThread, { readonly kind: 'judges' }>): void {
    switch (message.kind) {
      case 'made':
        if (this.#lots.has(message.lot)) this.#made.set(message.id, message.chain)
        return
      case 'judged': {
        const { lot, verdict } = message
        if (!this.#lots.judged(lot, verdict.chain)) return
        this.#verdicts.set(`${verdict.chain} ${verdict.judge}`, verdict)
        this.#news.push(verdict)
        return this.#announce()
      }
      case 'ended':
        if (this.#lots.end(message.lot) || message.fault) this.#tellNow(message.fault)
        else this.#announce()
    }
  }

  #fail(error: unknown): void {
    this.#judging = undefined
    this.#lots.clear()
    this.options.log.failed('While chains were judged.', error)
    this.#tellNow(toFault(error))
  }

  #tellNow(fault: Fault | undefined): void {
    this.options.tell({ ...this.#progress(), ...(fault ? { fault } : {}) })
  }

  async #make(named: NamedChain): Promise<ChainView> {
    const [{ makeChain }, { nativeCrypto }, { chainView }] = await Promise.all([
      import('#shared/workshop/make'),
      import('./native-crypto'),
      import('#shared/workshop/view'),
    ])
    const chain = chainView(await makeChain(named.chain, nativeCrypto(), Date.now()))
    if (named.id !== OWN_ID) this.#made.set(named.id, chain)
    return chain
  }

  /** Takes the news that it tells. */
  #progress(verdicts: readonly ChainVerdict[] = this.#news.splice(0)): WorkshopProgress {
    return { verdicts, ...this.#lots.count, waiting: this.#lots.chains }
  }
}

/** Recipes come with all that they are made of: whoever never asks for one never has them. */
async function chainsOf(chosen: ChosenChains): Promise<readonly (Recipe | NamedChain)[]> {
  const { chosenChains } = await import('#shared/workshop/chosen')
  return chosenChains(chosen)
}
