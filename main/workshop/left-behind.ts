/** Temporary folders of runs that were killed. */
import { RECIPES } from '#shared/workshop/recipes'
import { sweepTemporaryFolders } from '../files/temporary-folder'
import { chainFileNames } from './chain-files'
import { clientFileNames } from './client-files'

/** Removes what runs with recipes have left behind when they were killed. Never fails. */
export async function sweepLeftBehind(): Promise<void> {
  await sweepTemporaryFolders([
    ...clientFileNames(RECIPES),
    ...RECIPES.flatMap(({ id }) => chainFileNames(id)),
  ])
}
