/** A plugin for Vite: writes the licence texts of all that the build puts into the bundles, from the modules that are in them. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'

interface BundledPackage {
  readonly name: string
  readonly version: string
  readonly licence: string
  readonly text: string
}

export interface LicencesOptions {
  /** Folder of node_modules. */
  readonly root: string
  /** The file to write. */
  readonly file: string
}

/** Helpers that the tools themselves put into bundles, by how their modules begin. */
const HELPERS = [
  { start: '\0rolldown/', name: 'rolldown' },
  { start: '\0vite/', name: 'vite' },
  { start: '\0plugin-vue:', name: '@vitejs/plugin-vue' },
] as const
const LICENCE_FILE = /^(licen[sc]e|copying|notice)/i
const ABOUT =
  'Handshake Lab holds parts of these packages. Electron and Chromium have files of their own beside the program.\n'

/**
 * Several bundles go into one file: each plugin that the result makes adds to the same list, and the last one writes all.
 * Building fails where a bundled package has no licence text.
 */
export function licences({ root, file }: LicencesOptions): () => Plugin {
  const packages = new Map<string, BundledPackage>()
  return () => ({
    name: 'handshake-lab:licences',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue
        for (const id of output.moduleIds) {
          const folder = packageFolder(id, root)
          if (folder !== undefined && !packages.has(folder)) packages.set(folder, describe(folder))
        }
      }
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, licenceText([...packages.values()]))
    },
  })
}

function licenceText(packages: readonly BundledPackage[]): string {
  const sorted = packages.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const sections = sorted.map(
    ({ name, version, licence, text }) => `${'='.repeat(60)}\n${name} ${version} (${licence})\n\n${text}\n`,
  )
  return [ABOUT, ...sections].join('\n')
}

/** The folder of the package that a module is from; undefined for the app's own. */
function packageFolder(id: string, root: string): string | undefined {
  const helper = HELPERS.find(({ start }) => id.startsWith(start))
  if (helper) return join(root, 'node_modules', helper.name)
  const path = id.replaceAll('\\', '/').replace('\0', '')
  return /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]
}

function describe(folder: string): BundledPackage {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, string>
  const { name = '', version = '', license: licence = '' } = manifest
  const files = readdirSync(folder).filter((entry) => LICENCE_FILE.test(entry))
  const text = files.map((entry) => readFileSync(join(folder, entry), 'utf8').trim()).join('\n\n')
  if (text === '') throw new Error(`${name} is in the bundles, and its package holds no licence text.`)
  return { name, version, licence, text }
}
