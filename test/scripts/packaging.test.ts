/** What is packed, and with what: points of Electron's checklist that no running test app has. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { outOfSupportSince } from '../../scripts/packaging/electron-support.mjs'

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

  it('is one of which it is known when its support ends: after that it is not packed', () => {
    expect(outOfSupportSince(devDependencies['electron'] ?? '', new Date('9999-12-31'))).toMatch(/^since /)
  })

  it.each([
    ['33.2.1', '2025-04-28', undefined],
    ['33.2.1', '2025-04-29', 'since 2025-04-29'],
    ['42.9.9', '2026-11-29', 'since 2026-10-21'],
    ['43.0.0', '2026-11-29', undefined],
    ['45.5.0', '2027-04-06', undefined],
    ['45.5.0', '2027-04-07', 'since 2027-04-07'],
    ['12.0.0', '2026-11-29', 'long ago'],
    ['nothing', '2026-11-29', 'long ago'],
    ['99.0.0', '2026-11-29', undefined],
  ])('%s has no support on %s: %s', (version, day, since) => {
    expect(outOfSupportSince(version, new Date(`${day}T00:00:00Z`))).toBe(since)
  })

  it('out of support is packed where that was asked for alone: in the test of the package, never for others', () => {
    expect(read('.ci/run')).toContain('npm run dist -- --allow-old-runtime --linux deb')
    expect(read('.github/workflows/package.yml')).not.toContain('allow-old-runtime')
    expect(read('package.json')).not.toContain('allow-old-runtime')
  })
})
