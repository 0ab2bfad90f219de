/**
 * What the window *Certificate workshop* asks for: has chains judged in a thread, serves them on this machine, shows and writes
 * them. All keys are of its own, and made afresh: nothing here knows the lab.
 */
import { LabError, toFault, type Fault } from '#shared/errors'
import type { ExportResult } from '#shared/export'
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
import type { Bench } from './bench'
import { Judging } from './judging'
import { TLS_LIBRARY } from './tls-library'
import type { FromThread } from './workshop-thread'

export interface WorkshopDeskOptions {
  /** The file of the thread in the build. */
  readonly thread: string
  readonly tell: (progress: WorkshopProgress) => void
  readonly log: Pick<Log, 'failed'>
}

/** What is served, and how. */
export interface ServeRequest {
  readonly chosen: ChosenChains
  /** All on one port, told apart by name; or each on its own. */
  readonly ports: 'one' | 'each'
  /** Of the one port; 0 for any that is free. */
  readonly port: number
}

/** At most so often the window hears of new verdicts, milliseconds. */
const TELL_MS = 150
/** So many verdicts may be waited for: all recipes by all judges a few times over. */
const MOST_WAITING = 5_000

export class WorkshopDesk {
  #judging: Judging | undefined
  readonly #verdicts = new Map<string, ChainVerdict>()
  readonly #made = new Map<string, ChainView>()
  /** The plan that the own chain was made by, as text. */
  #ownPlan = ''
  #news: ChainVerdict[] = []
  #done = 0
  #of = 0
  #bench: Bench | undefined
  /** Counts how often the window has gone: what was begun for one before is for nobody. */
  #gone = 0
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
    const judges = await this.#thread.judges
    return {
      ...this.#progress([]),
      verdicts: [...this.#verdicts.values()],
      judges,
      library: TLS_LIBRARY,
      serving: await this.#serving(),
    }
  }

  /**
   * Has chains judged, after all that wait, and answers at once.
   * @throws LabError `bad_argument`, `too_many_runs`
   */
  async judge(chosen: ChosenChains): Promise<void> {
    const chains = await chainsOf(chosen)
    const thread = this.#thread
    const judges = (await thread.judges).filter(({ version }) => version !== undefined)
    const count = chains.length * judges.length
    if (this.#of - this.#done + count > MOST_WAITING)
      throw new LabError('too_many_runs', 'So much can’t wait: let some of it end, or cancel it.')
    this.#of += count
    if (chosen.what === 'own') this.#forgetOwn(JSON.stringify(chosen.plan))
    thread.tell({ kind: 'judge', chosen })
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
    const isKept = chosen.what === 'recipes' || JSON.stringify(chosen.plan) === this.#ownPlan
    const kept = isKept ? this.#made.get(named.id) : undefined
    return kept ?? this.#inTurn.inTurn(() => this.#make(named))
  }

  /**
   * Serves chains in the place of those that are served.
   * @throws LabError `bad_argument`, and as `openBench`
   */
  async serve({ chosen, ports, port }: ServeRequest): Promise<ServingView> {
    const recipes = await chainsOf(chosen)
    const gone = this.#gone
    return this.#inTurn.inTurn(async () => {
      await this.#stop()
      const [{ openBench }, { nativeCrypto }] = await Promise.all([
        import('./bench'),
        import('./native-crypto'),
      ])
      const bench = await openBench({ recipes, ports, port, crypto: nativeCrypto(), now: Date.now() })
      if (gone === this.#gone) this.#bench = bench
      else await bench.stop()
      const view = await this.#serving()
      if (!view) throw new LabError('cancelled', 'The workshop was closed.')
      return view
    })
  }

  /** Ends what is served; resolves when nothing listens any more. */
  stop(): Promise<void> {
    return this.#inTurn.inTurn(() => this.#stop())
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

  /** Gives up all, ends what is served, and forgets what is known. */
  async forget(): Promise<void> {
    const judging = this.#judging
    this.#judging = undefined
    this.#gone++
    this.#verdicts.clear()
    this.#made.clear()
    this.#news = []
    this.#done = this.#of = 0
    await Promise.all([judging?.end(), this.#stop()])
  }

  get #thread(): Judging {
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
        this.#made.set(message.id, message.chain)
        return
      case 'judged': {
        const { verdict } = message
        this.#verdicts.set(`${verdict.chain} ${verdict.judge}`, verdict)
        this.#news.push(verdict)
        this.#done++
        return this.#announce()
      }
      case 'rest':
        return this.#rest(message.fault)
    }
  }

  #fail(error: unknown): void {
    this.#judging = undefined
    this.options.log.failed('While chains were judged.', error)
    this.#rest(toFault(error))
  }

  #rest(fault: Fault | undefined): void {
    this.#done = this.#of = 0
    this.options.tell({ ...this.#progress(), ...(fault ? { fault } : {}) })
  }

  /** A new plan of the person's own takes the place of the one before. */
  #forgetOwn(plan: string): void {
    this.#ownPlan = plan
    this.#made.delete(OWN_ID)
    for (const [key, { chain }] of this.#verdicts) if (chain === OWN_ID) this.#verdicts.delete(key)
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

  async #serving(): Promise<ServingView | undefined> {
    const bench = this.#bench
    if (!bench) return undefined
    const { servedView } = await import('./bench')
    const { addresses, folder, recipes } = bench
    return { addresses, folder, chains: recipes.map((one) => servedView(one, bench)) }
  }

  async #stop(): Promise<void> {
    const bench = this.#bench
    this.#bench = undefined
    await bench?.stop()
  }

  /** Takes the news that it tells. */
  #progress(verdicts: readonly ChainVerdict[] = this.#news.splice(0)): WorkshopProgress {
    return { verdicts, done: this.#done, of: this.#of }
  }
}

/** Recipes come with all that they are made of: whoever never asks for one never has them. */
async function chainsOf(chosen: ChosenChains): Promise<readonly (Recipe | NamedChain)[]> {
  const { chosenChains } = await import('#shared/workshop/chosen')
  return chosenChains(chosen)
}
