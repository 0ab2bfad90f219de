// Called by electron-builder before it makes packages of an app folder: takes out what belongs to development.
import { rmSync } from 'node:fs'
import { join } from 'node:path'

/** @param {import('electron-builder').AfterPackContext} context */
export default async function afterPack({ appOutDir, packager }) {
  // A default_app.asar would let the app run other folders; with a runtime of its own electron-builder leaves it in.
  rmSync(join(packager.getResourcesDir(appOutDir), 'default_app.asar'), { force: true })
  for (const name of ['version', 'recipe']) rmSync(join(appOutDir, name), { force: true })
}
