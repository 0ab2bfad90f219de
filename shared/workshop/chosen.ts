/** Chains that a window has chosen: recipes by their ids, or a person's own. */
import { LabError } from '../errors'
import type { NamedChain, Recipe } from './recipe'
import { RECIPES } from './recipes'
import { OWN_ID, type ChosenChains } from './view'

const BY_ID = new Map(RECIPES.map((recipe) => [recipe.id, recipe]))

/**
 * The chains that were chosen, each once, in the order of all recipes.
 * @throws LabError `bad_argument` for what is no recipe
 */
export function chosenChains(chosen: ChosenChains): readonly (Recipe | NamedChain)[] {
  if (chosen.what === 'own') return [{ id: OWN_ID, chain: chosen.plan }]
  const unknown = chosen.ids.find((id) => !BY_ID.has(id))
  if (unknown !== undefined) throw new LabError('bad_argument', `There is no recipe ${unknown}.`)
  const ids = new Set(chosen.ids)
  return RECIPES.filter(({ id }) => ids.has(id))
}
