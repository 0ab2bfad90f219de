/** What is packed, and with what: points of Electron's checklist that no running test app has. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const builder = read('electron-builder.yml')

it('the fuses are set so that the app runs no other code than its own', () => {
  const section = /^electronFuses:\n((?: .*\n)+)/m.exec(builder)?.[1] ?? ''
  const fuses = Object.fromEntries(
    [...section.matchAll(/^ {2}(\w+): (.*)$/gm)].map(([, name, value]) => [name, value]),
  )
  expect(fuses).toEqual({
    runAsNode: 'false',
    enableCookieEncryption: 'false',
    enableNodeOptionsEnvironmentVariable: 'false',
    enableNodeCliInspectArguments: 'false',
    enableEmbeddedAsarIntegrityValidation: 'true',
    onlyLoadAppFromAsar: 'true',
    loadBrowserProcessSpecificV8Snapshot: 'false',
    grantFileProtocolExtraPrivileges: 'false',
    resetAdHocDarwinSignature: 'true',
  })
})

it('the package never starts without its sandbox', () => {
  expect(builder).not.toMatch(/no-sandbox|executableArgs/)
})

describe('Electron', () => {
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> }
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version: string }> }

  it('is pinned to one version, which is the one that is installed and packed', () => {
    expect(devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/)
    expect(lock.packages['node_modules/electron']?.version).toBe(devDependencies['electron'])
    expect(builder).not.toMatch(/electronVersion|electronDist/)
  })
})
