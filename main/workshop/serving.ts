/** What the workshop's window has served: one bench at a time, begun and ended one after another. */
import { LabError } from '#shared/errors'
import type { NamedChain } from '#shared/workshop/recipe'
import type { ChosenChains, ServingView } from '#shared/workshop/view'
import type { Bench } from './bench'

/** What is to be served, and how. */
export interface ServeRequest {
  readonly chosen: ChosenChains
  /** All on one port, told apart by name; or each on its own. */
  readonly ports: 'one' | 'each'
  /** Of the one port; 0 for any that is free. */
  readonly port: number
}

export class Serving {
  #bench: Bench | undefined
  /** Counts what was asked for: who is overtaken begins nothing. */
  #asked = 0
  #last: Promise<unknown> = Promise.resolve()

  constructor(
    /** Is done before the first folder is made. */
    private readonly sweep: () => Promise<void>,
  ) {}

  /** How many chains are served. */
  get count(): number {
    return this.#bench?.recipes.length ?? 0
  }

  /** Undefined while nothing is served. */
  async view(): Promise<ServingView | undefined> {
    const bench = this.#bench
    if (!bench) return undefined
    const { servedView } = await import('./bench')
    const { addresses, folder, recipes } = bench
    return { addresses, folder, chains: recipes.map((one) => servedView(one, bench)) }
  }

  /**
   * Serves these in the place of those that are served; a later call takes its place.
   * @throws LabError as `openBench`; `cancelled` where it was overtaken
   */
  serve(recipes: readonly NamedChain[], { ports, port }: ServeRequest): Promise<ServingView> {
    const asked = ++this.#asked
    return this.#inTurn(async () => {
      await this.#close()
      await this.sweep()
      const [{ openBench }, { nativeCrypto }] = await Promise.all([
        import('./bench'),
        import('./native-crypto'),
      ])
      if (asked === this.#asked)
        this.#bench = await openBench({ recipes, ports, port, crypto: nativeCrypto(), now: Date.now() })
      if (asked !== this.#asked) await this.#close()
      const view = await this.view()
      if (!view) throw new LabError('cancelled', 'Something else was asked for meanwhile: nothing is served.')
      return view
    })
  }

  /** Ends what is served; resolves when nothing listens any more. */
  stop(): Promise<void> {
    this.#asked++
    return this.#inTurn(() => this.#close())
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => undefined)
    return done
  }

  async #close(): Promise<void> {
    const bench = this.#bench
    this.#bench = undefined
    await bench?.stop()
  }
}
