/** recipes.json: what goes with the files of recipes, so that other programs can hold their own verdicts to it. */
import { isoTime } from '../time'
import { CLIENT_IDS, predictedOfClient } from './clients'
import type { MadeChain } from './make'
import type { Recipe } from './recipe'
import { JUDGE_IDS, predicted } from './verdicts'

/** Names of the files of one recipe. */
export interface RecipeFiles {
  readonly leaf: string
  readonly chain: string
  readonly key: string
  readonly root: string
  readonly lists?: string
}

/** A recipe with what was made by it. */
export interface MadeRecipe {
  readonly recipe: Recipe
  readonly chain: MadeChain
  readonly files: RecipeFiles
}

/** The version of the file's format. */
const FORMAT = 1

/** The text of the file. `now`: milliseconds since the Unix epoch. */
export function recipesFile(made: readonly MadeRecipe[], now: number): string {
  const recipes = made.map(({ recipe, chain, files }) => {
    const { id, topic, title, wrong, rule, otherwise } = recipe
    const expected = expectedOf(recipe)
    return { id, topic, title, wrong, rule, otherwise, host: chain.host, files, expected }
  })
  return `${JSON.stringify({ format: FORMAT, made: isoTime(now), recipes }, undefined, 2)}\n`
}

/** What is expected of every judge and of other clients, by their ids, with the reason where that surprises. */
export function expectedOf(recipe: Pick<Recipe, 'id' | 'predicts'>): Readonly<Record<string, object>> {
  const { predicts } = recipe
  const judges = JUDGE_IDS.map((judge) => {
    const because = predicts.because[judge]
    return [judge, { ...predicted(predicts, judge), ...(because === undefined ? {} : { because }) }] as const
  })
  const clients = CLIENT_IDS.map((client) => [client, predictedOfClient(client, recipe)] as const)
  return Object.fromEntries([...judges, ...clients])
}
