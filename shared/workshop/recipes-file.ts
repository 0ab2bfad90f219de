/** recipes.json: what goes with the files of recipes, so that other programs can hold their own verdicts to it. */
import { isoTime } from '../time'
import { CLIENT_IDS, predictedOfClient } from './clients'
import type { MadeChain } from './make'
import type { NamedChain, Recipe } from './recipe'
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
  readonly recipe: Recipe | NamedChain
  readonly chain: MadeChain
  readonly files: RecipeFiles
}

/** The version of the file's format. */
const FORMAT = 1

/** The text of the file. `now`: milliseconds since the Unix epoch. */
export function recipesFile(all: readonly MadeRecipe[], now: number): string {
  const recipes = all.map(({ recipe, chain, files }) => {
    const made = { host: chain.host, files }
    // Of a chain of one's own nothing is foretold: whoever reads it gets the plan that it was made by.
    if (!('predicts' in recipe)) return { id: recipe.id, ...made, plan: recipe.chain }
    const { id, topic, title, wrong, rule, otherwise } = recipe
    return { id, topic, title, wrong, rule, otherwise, ...made, expected: expectedOf(recipe) }
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
