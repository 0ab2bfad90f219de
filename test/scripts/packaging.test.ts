/** What is packed, and with what: points of Electron's checklist that no running test app has. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeDebianFiles } from '../../scripts/packaging/after-pack.mjs'
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

describe.runIf(process.platform === 'linux')('the package for Debian', () => {
  const listOf = (text: string, name: string): readonly string[] =>
    [...(new RegExp(`^  ${name}:\\n((?:    - .*\\n)+)`, 'm').exec(text)?.[1] ?? '').matchAll(/- (.*)/g)].map(
      ([, item = '']) => item,
    )
  const extras = listOf(builder, 'fpm')
  const metainfo = read('scripts/packaging/linux/io.github.handshake_lab.handshake_lab.metainfo.xml')
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'packaging-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('offers itself for the same kinds of files in its desktop entry and to software centres, and takes none as its own but runs that it has saved', () => {
    const types = listOf(builder, 'mimeTypes')
    for (const type of ['application/x-pem-file', 'application/pkix-cert', 'application/x-pkcs12'])
      expect(types).toContain(type)
    expect([...metainfo.matchAll(/<mediatype>(.*)<\/mediatype>/g)].map(([, type]) => type)).toEqual(types)
    expect(builder.match(/- ext: .*/g)).toEqual(['- ext: hlrun'])
    expect(builder).not.toMatch(/mimeapps|xdg-mime/)
  })

  it('says who it is as its desktop entry and package do', () => {
    expect(metainfo).toContain('<launchable type="desktop-id">handshake-lab.desktop</launchable>')
    expect(metainfo).toContain(`<summary>${/synopsis: (.*)/.exec(builder)?.[1]}</summary>`)
  })

  it('has what software centres read, and appstreamcli finds nothing wrong with that', ({ skip }) => {
    const path = join(ROOT, 'scripts/packaging/linux/io.github.handshake_lab.handshake_lab.metainfo.xml')
    const { status, stdout, error } = spawnSync('appstreamcli', ['validate', '--no-net', path], {
      encoding: 'utf8',
    })
    if (error) return skip('appstreamcli is not installed')
    expect(stdout).not.toMatch(/^[WE]: /m)
    expect(status).toBe(0)
  })

  it('has a man page, its licence and its changes where Debian’s policy wants them', () => {
    expect(extras).toHaveLength(5)
    writeDebianFiles(join(folder, 'dist/debian'))
    for (const extra of extras) {
      const [source = '', destination] = extra.split('=')
      expect(destination).toMatch(/^\/usr\/share\//)
      expect(existsSync(source.startsWith('dist/') ? join(folder, source) : join(ROOT, source)), source).toBe(
        true,
      )
    }
    const manPage = gunzipSync(readFileSync(join(folder, 'dist/debian/handshake-lab.1.gz'))).toString()
    expect(manPage).toMatch(/^\.TH HANDSHAKE\\-LAB 1 "\d\d \w{3} \d{4}" /)
    const changes = gunzipSync(readFileSync(join(folder, 'dist/debian/changelog.gz'))).toString()
    expect(changes).toMatch(
      /^handshake-lab \(\d+\.\d+\.\d+\) unstable; urgency=medium\n\n {2}\* .*\n\n -- .* <.*> {2}\w{3}, .* \+0000\n$/,
    )
  })

  it('is made with them by what stands in for fpm', ({ skip }) => {
    writeDebianFiles(join(folder, 'dist/debian'))
    for (const name of ['LICENSE', 'scripts']) symlinkSync(join(ROOT, name), join(folder, name))
    mkdirSync(join(folder, 'app'))
    writeFileSync(join(folder, 'app/handshake-lab'), 'x', { mode: 0o755 })
    const options = [
      '-s',
      'dir',
      '-t',
      'deb',
      '--name',
      'handshake-lab',
      '--version',
      '0.1.0',
      '--architecture',
      'amd64',
    ]
    const rest = [
      '--maintainer',
      'A <a@b.c>',
      '--description',
      'Short\n Long.',
      '--package',
      join(folder, 'a.deb'),
    ]
    const script = join(ROOT, 'scripts/packaging/fpm-deb.mjs')
    const args = [script, ...options, ...rest, ...extras, `${folder}/app/=/opt/handshake-lab`]
    const made = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    if (made.stderr.includes('ENOENT') && made.stderr.includes('dpkg-deb'))
      return skip('dpkg-deb is not installed')
    expect(made.status, made.stderr).toBe(0)
    const { stdout } = spawnSync('dpkg-deb', ['--contents', join(folder, 'a.deb')], { encoding: 'utf8' })
    for (const extra of extras) expect(stdout).toContain(`.${extra.split('=')[1]}`)
    expect(stdout).toMatch(/^-rw-r--r-- root\/root .* \.\/usr\/share\/man\/man1\/handshake-lab\.1\.gz$/m)
    expect(stdout).toMatch(/^-rwxr-xr-x root\/root .* \.\/opt\/handshake-lab\/handshake-lab$/m)
  })
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
