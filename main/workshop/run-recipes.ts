/** Makes chains by their recipes and has them judged: two at once, each by one judge after another. */
import { rm } from 'node:fs/promises'
import { makeChain, type MadeChain } from '#shared/workshop/make'
import type { WorkshopCrypto } from '#shared/workshop/crypto'
import type { NamedChain } from '#shared/workshop/recipe'
import type { JudgedChain } from '#shared/workshop/verdicts'
import { makeTemporaryFolder } from '../files/temporary-folder'
import { writeChainFiles } from './chain-files'
import type { Judge } from './judge'
import { serveChain } from './tls-server'

/** Characters of what a judge has said that are kept: certificates may make it say anything, at any length. */
const LONGEST_SAID = 4_096
/** So many chains at once: as many programs run at most. */
const AT_ONCE = 2

export interface RecipeRun<R extends NamedChain> {
  readonly recipes: readonly R[]
  readonly judges: readonly Judge[]
  readonly crypto: WorkshopCrypto
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  /** Is told of each verdict as it comes. */
  readonly onDone: (recipe: R, judge: Judge, judged: JudgedChain) => void
  /** Is told of each chain when it is made. */
  readonly onMade?: (recipe: R, chain: MadeChain) => void
  readonly signal: AbortSignal
}

/**
 * Has every recipe judged by every judge.
 * @throws the signal's reason, when nothing of it runs any more; what a recipe that can't be made throws
 */
export async function runRecipes<R extends NamedChain>(run: RecipeRun<R>): Promise<void> {
  const folder = await makeTemporaryFolder()
  const waiting = [...run.recipes]
  const stop = new AbortController()
  const signal = AbortSignal.any([run.signal, stop.signal])
  const work = async (): Promise<void> => {
    for (let recipe = waiting.shift(); recipe; recipe = waiting.shift()) {
      await judgeRecipe(recipe, folder, { ...run, signal })
    }
  }
  try {
    const workers = Array.from({ length: AT_ONCE }, () =>
      work().catch((error: unknown) => {
        stop.abort(error)
        throw error
      }),
    )
    const ended = await Promise.allSettled(workers)
    const failed = ended.find((end) => end.status === 'rejected')
    if (failed) throw failed.reason
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function judgeRecipe<R extends NamedChain>(
  recipe: R,
  folder: string,
  run: RecipeRun<R>,
): Promise<void> {
  run.signal.throwIfAborted()
  const makeKeyPair: WorkshopCrypto['makeKeyPair'] = (kind) => {
    run.signal.throwIfAborted()
    return run.crypto.makeKeyPair(kind)
  }
  const chain = await makeChain(recipe.chain, { ...run.crypto, makeKeyPair }, run.now())
  run.onMade?.(recipe, chain)
  const files = await writeChainFiles(folder, recipe.id, chain)
  const served = await serveChain(chain)
  try {
    for (const judge of run.judges) {
      const judged = await judge.judge({ chain, files, served }, run.signal)
      run.onDone(recipe, judge, { ...judged, said: judged.said.slice(0, LONGEST_SAID) })
    }
  } finally {
    if ('stop' in served) await served.stop()
  }
}
