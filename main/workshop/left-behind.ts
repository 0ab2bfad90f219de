/** Temporary folders of runs that were killed. */
import { RECIPES } from '#shared/workshop/recipes'
import { OWN_ID } from '#shared/workshop/view'
import { sweepTemporaryFolders } from '../files/temporary-folder'
import { chainFileNames } from './chain-files'
import { clientFileNames } from './client-files'

const CHAINS = [...RECIPES, { id: OWN_ID }]

/** Removes what runs with recipes have left behind when they were killed; to be done before this one makes a folder of its own. Never fails. */
export async function sweepLeftBehind(): Promise<void> {
  await sweepTemporaryFolders([...clientFileNames(CHAINS), ...CHAINS.flatMap(({ id }) => chainFileNames(id))])
}
