// Called by electron-builder before it makes packages of an app folder: takes out what belongs to development, and makes what
// a package for Debian has besides (electron-builder.yml).
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const MAN_PAGE = join(import.meta.dirname, 'linux/handshake-lab.1')

/** @param {import('electron-builder').AfterPackContext} context */
export default async function afterPack({ appOutDir, outDir, packager }) {
  // A default_app.asar would let the app run other folders; with a runtime of its own electron-builder leaves it in.
  rmSync(join(packager.getResourcesDir(appOutDir), 'default_app.asar'), { force: true })
  for (const name of ['version', 'recipe']) rmSync(join(appOutDir, name), { force: true })
  writeDebianFiles(join(outDir, 'debian'))
}

/**
 * The man page and the list of changes as Debian's policy wants them: compressed, and the latter in its own form.
 * @param {string} folder
 */
export function writeDebianFiles(folder) {
  const { version, author } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
  )
  const date = new Date().toUTCString().replace('GMT', '+0000')
  const changelog = [
    `handshake-lab (${version}) unstable; urgency=medium`,
    '',
    '  * What is new stands in CHANGELOG.md of the sources.',
    '',
    ` -- ${author}  ${date}`,
    '',
  ].join('\n')
  const manPage = readFileSync(MAN_PAGE, 'utf8').replace(/^(\.TH \S+ 1 )""/m, `$1"${date.slice(5, 16)}"`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'changelog.gz'), gzipSync(changelog, { level: 9 }))
  writeFileSync(join(folder, 'handshake-lab.1.gz'), gzipSync(manPage, { level: 9 }))
}
