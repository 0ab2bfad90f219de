/** The licence texts that go into the package are those of the packages whose modules are in the bundles. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { licences } from '../../scripts/packaging/licences'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'licences-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function install(name: string, files: Readonly<Record<string, string>>): void {
  const folder = join(root, 'node_modules', name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '1.2.3', license: 'MIT' }))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
}

/** Builds one bundle after another, each of modules with these identifiers. */
function build(...bundles: readonly (readonly string[])[]): string {
  const file = join(root, 'out', 'licences.txt')
  const plugin = licences({ root, file })
  for (const moduleIds of bundles) {
    const generate = plugin().generateBundle as unknown as (options: object, bundle: object) => void
    generate({}, { 'main.js': { type: 'chunk', moduleIds }, 'main.css': { type: 'asset' } })
  }
  return readFileSync(file, 'utf8')
}

const inPackage = (path: string): string => join(root, 'node_modules', path)

it('every package of every bundle is named once, with its version and all its texts', () => {
  install('@scope/one', { LICENSE: 'text of one' })
  install('two', { 'license.md': 'text of two', NOTICE: 'notice of two', 'readme.md': 'no licence' })
  install('three', { LICENSE: 'text of three' })
  const text = build(
    [join(root, 'main/index.ts'), inPackage('@scope/one/dist/a.js'), inPackage('@scope/one/dist/b.js?raw')],
    [`\0${inPackage('two/index.js')}?commonjs`, inPackage('@scope/one/dist/a.js')],
  )
  expect(text.match(/^\S+ 1\.2\.3 \(MIT\)$/gm)).toEqual(['@scope/one 1.2.3 (MIT)', 'two 1.2.3 (MIT)'])
  for (const part of ['text of one', 'text of two', 'notice of two']) expect(text).toContain(part)
  expect(text).not.toContain('text of three')
  expect(text).not.toContain('no licence')
})

it('of packages within packages each has its own', () => {
  install('one', { LICENSE: 'text of one' })
  install('one/node_modules/two', { LICENCE: 'text of the inner two' })
  expect(build([inPackage('one/node_modules/two/index.js')])).toContain('text of the inner two')
})

it('what the tools put in themselves is theirs', () => {
  install('rolldown', { LICENSE: 'text of rolldown' })
  install('vite', { 'LICENSE.md': 'text of vite' })
  const text = build(['\0rolldown/runtime.js', '\0vite/preload-helper.js'])
  expect(text).toContain('text of rolldown')
  expect(text).toContain('text of vite')
})

it('a package without a licence text fails the build', () => {
  install('one', {})
  expect(() => build([inPackage('one/index.js')])).toThrow('one is in the bundles')
})
