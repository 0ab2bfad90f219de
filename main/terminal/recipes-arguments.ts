/** The options about recipes for wrong certificates, and what is wrong with wrong ones. */
import { LabError } from '#shared/errors'
import type { Recipe } from '#shared/workshop/recipe'
import { RECIPES } from '#shared/workshop/recipes'
import { shorten } from '#shared/visible'
import { firstOf } from '#shared/words'
import { refuseOthers, wholeNumber, type Values } from './options'
import type { RecipesRequest } from './recipes-request'

/** What goes with each of the three, and in words. */
const WITH_SERVE = ['serve-recipes', 'recipe', 'port', 'ports', 'json', 'out', 'replace', 'help']
const WITH_WORKSHOP = ['workshop', 'recipe', 'json', 'help']
const WITH_WRITE = ['write-recipes', 'recipe', 'replace', 'help']

const MOST_PORTS = 65_535
/** A name that nobody has given is cut off after so many characters where it is repeated. */
const LONGEST_ID = 64

/**
 * What is asked for; undefined when it is nothing about recipes.
 * @throws LabError `bad_argument`
 */
export function readRecipes(values: Values): RecipesRequest | undefined {
  const { 'serve-recipes': isServed, workshop, 'write-recipes': folder, json, out, replace } = values
  if (isServed) {
    refuseOthers(
      values,
      new Set(WITH_SERVE),
      '--serve-recipes',
      '--recipe, --port, --ports, --json, --out and --replace',
    )
    if (replace && out === undefined)
      throw new LabError('bad_argument', '--replace goes with --out here: without it nothing is replaced.')
    if (values.port !== undefined && values.ports)
      throw new LabError('bad_argument', 'Choose one of --port and --ports.')
    const ports = values.ports ? 'each' : 'one'
    const port = portOf(values.port)
    return { is: 'serve', recipes: chosen(values.recipe), ports, port, json, out, replace }
  }
  if (values.ports || values.port !== undefined)
    throw new LabError('bad_argument', `--${values.ports ? 'ports' : 'port'} goes with --serve-recipes.`)
  if (workshop) {
    refuseOthers(values, new Set(WITH_WORKSHOP), '--workshop', '--recipe and --json')
    return { is: 'judge', recipes: chosen(values.recipe), json }
  }
  if (folder !== undefined) {
    refuseOthers(values, new Set(WITH_WRITE), '--write-recipes', '--recipe and --replace')
    if (folder === '') throw new LabError('bad_argument', '--write-recipes needs the name of a folder.')
    return { is: 'write', recipes: chosen(values.recipe), folder, replace }
  }
  if (values.recipe)
    throw new LabError('bad_argument', '--recipe goes with --serve-recipes, --workshop and --write-recipes.')
  return undefined
}

function portOf(given: string | undefined): number {
  const port = wholeNumber('port', given) ?? 0
  if (port > MOST_PORTS) throw new LabError('bad_argument', `--port is at most ${MOST_PORTS}.`)
  return port
}

/** Those with these ids, each once; all when none is named. */
function chosen(ids: readonly string[] | undefined): readonly Recipe[] {
  if (!ids) return RECIPES
  const unknown = ids.find((id) => !RECIPES.some((recipe) => recipe.id === id))
  if (unknown !== undefined) throw new LabError('bad_argument', unknownRecipe(unknown))
  return RECIPES.filter(({ id }) => ids.includes(id))
}

function unknownRecipe(given: string): string {
  const words = given
    .toLowerCase()
    .slice(0, LONGEST_ID)
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2)
  const alike = RECIPES.map(({ id }) => id).filter((id) => words.some((word) => id.includes(word)))
  const hint = alike.length > 0 ? ` Do you mean ${firstOf(alike)}?` : ''
  return `There is no recipe “${shorten(given, LONGEST_ID)}”.${hint} docs/recipes.md has all ${RECIPES.length} by their ids.`
}
