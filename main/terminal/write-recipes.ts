/** Recipes written into a folder, for the tests of others. */
import { nativeCrypto } from '../workshop/native-crypto'
import { count } from '#shared/words'
import { writeRecipes } from '../workshop/write-recipes'
import type { Output } from './output'
import type { WriteRequest } from './recipes-request'

/**
 * Writes them and says where.
 * @throws LabError as `putFiles` does, `export_exists` for one
 */
export async function writeTerminalRecipes(
  { recipes, folder, replace }: WriteRequest,
  output: Output,
): Promise<void> {
  const written = await writeRecipes({
    ...{ recipes, folder, replace, createFolder: true },
    ...{ crypto: nativeCrypto(), now: Date.now() },
  })
  const keys = written.files.filter((file) => file.private).length
  output.print([
    `${count(recipes.length, 'recipe')} in ${count(written.files.length, 'file')} written to ${written.folder}.`,
    'recipes.json says which files are of which, and what is expected of each judge.',
    `${count(keys, 'private key')}, *.key.pem, readable by you alone.`,
  ])
}
