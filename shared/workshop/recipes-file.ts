/** recipes.json: what goes with the files of recipes, so that other programs can hold their own verdicts to it. */
import { isoTime } from '../time'
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
    const { id, topic, title, wrong, rule, otherwise, predicts } = recipe
    const expected = Object.fromEntries(
      JUDGE_IDS.map((judge) => {
        const because = predicts.because[judge]
        return [judge, { ...predicted(predicts, judge), ...(because === undefined ? {} : { because }) }]
      }),
    )
    return { id, topic, title, wrong, rule, otherwise, host: chain.host, files, expected }
  })
  return `${JSON.stringify({ format: FORMAT, made: isoTime(now), recipes }, undefined, 2)}\n`
}
