/** Writes recipes into a folder: for each its certificates, key and lists as PEM, and recipes.json with the verdicts that are expected. */
import { toUtf8 } from '#shared/bytes'
import type { ExportResult } from '#shared/export'
import type { WorkshopCrypto } from '#shared/workshop/crypto'
import { makeChain, makeRoot } from '#shared/workshop/make'
import type { NamedChain, Recipe } from '#shared/workshop/recipe'
import { recipesFile, type MadeRecipe, type RecipeFiles } from '#shared/workshop/recipes-file'
import { putFiles, type PutOptions, type Target } from '../files/put'
import { keyPem, listsPem, pemOf } from './chain-files'

export interface WriteOptions extends PutOptions {
  readonly recipes: readonly (Recipe | NamedChain)[]
  readonly crypto: WorkshopCrypto
  /** Milliseconds since the Unix epoch. */
  readonly now: number
  /** True to replace what has the same names. */
  readonly replace?: boolean
}

const INDEX = 'recipes.json'

/**
 * Writes recipes: keys are for their owner alone (0600), all files or none.
 * @throws LabError as {@link putFiles} does
 */
export async function writeRecipes(options: WriteOptions): Promise<ExportResult> {
  const { recipes, crypto, now, replace = false } = options
  const root = await makeRoot(crypto, now)
  const made: MadeRecipe[] = []
  for (const recipe of recipes) {
    const chain = await makeChain(recipe.chain, crypto, now, root)
    made.push({ recipe, chain, files: namesOf(recipe) })
  }
  const contents = new Map<string, { readonly text: string; readonly isPrivate: boolean }>(
    made.flatMap(({ chain, files }) => {
      const open = (name: string, text: string) => [name, { text, isPrivate: false }] as const
      return [
        open(files.leaf, pemOf([chain.leaf])),
        open(files.chain, pemOf([chain.leaf, ...chain.sent])),
        [files.key, { text: keyPem(chain.leaf), isPrivate: true }] as const,
        open(files.root, pemOf(chain.anchors)),
        ...(files.lists === undefined ? [] : [open(files.lists, listsPem(chain).join(''))]),
      ]
    }),
  )
  contents.set(INDEX, { text: recipesFile(made, now), isPrivate: false })
  const targets = [...contents].map(([name, { isPrivate }]): Target => ({
    id: name,
    name,
    private: isPrivate,
    replace,
  }))
  return putFiles(targets, async () => [...contents.values()].map(({ text }) => toUtf8(text)), options)
}

function namesOf({ id, chain }: NamedChain): RecipeFiles {
  const name = (what: string): string => `${id}.${what}.pem`
  return {
    ...{ leaf: name('leaf'), chain: name('chain'), key: name('key'), root: name('root') },
    ...(chain.lists.length === 0 ? {} : { lists: name('lists') }),
  }
}
