// Libraries and programs of the system that npm can't bring: installed with apt where this script may, otherwise the
// one command to run is shown.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ask, hasProgram, isRoot, say, SetUpError } from './run.mjs'

/** @typedef {import('./runtime.mjs').Runtime} Runtime */

/**
 * Something the system must have.
 * @typedef {object} Need
 * @property {readonly string[]} missing what of it isn't there, in words
 * @property {readonly (readonly string[])[]} packages Debian packages that bring it, each with the names it has had
 */

/** @typedef {{ parts: readonly import('../setup.mjs').Part[], runtime: Runtime | undefined }} Wanted */

/** The Python that the interoperation tests run; not one of a version manager, whose packages apt doesn't install. */
const PYTHON = '/usr/bin/python3'

/**
 * Programs that have to accept what the app exports, with the package of each.
 * @type {Readonly<Record<string, string>>}
 */
const KEY_TOOLS = {
  openssl: 'openssl',
  keytool: 'default-jre-headless',
  certtool: 'gnutls-bin',
  javac: 'default-jdk-headless',
  'ssh-keygen': 'openssh-client',
  curl: 'curl',
}

/**
 * Programs that captures are tried with, with the package of each.
 * @type {Readonly<Record<string, string>>}
 */
const CAPTURE_TOOLS = {
  tshark: 'tshark',
  capinfos: 'wireshark-common',
  editcap: 'wireshark-common',
  tcpdump: 'tcpdump',
  'lua5.2': 'lua5.2',
  'lua5.4': 'lua5.4',
}

/**
 * Programs that read what the app prints, with the package of each.
 * @type {Readonly<Record<string, string>>}
 */
const PAGE_TOOLS = {
  pdftotext: 'poppler-utils',
}

/**
 * Programs that the app's files are used with, with the package of each.
 * @type {Readonly<Record<string, string>>}
 */
const SERVER_TOOLS = {
  nginx: 'nginx-light',
}

/** Certificates, keys and containers of every kind, many of them broken: what the app opens is tried on them. */
const VECTORS = '/usr/lib/python3/dist-packages/cryptography_vectors/x509'

/** What each kind of work needs of a Linux system. */
const NEEDS = {
  /** @param {Runtime} runtime @returns {Need} */
  runtime: (runtime) => ({
    missing: missingLibraries(runtime.executable),
    packages: [['libgtk-3-0t64', 'libgtk-3-0'], ['libnss3'], ['libgbm1'], ['libasound2t64', 'libasound2']],
  }),
  /** @returns {Need} */
  display: () => ({ missing: hasProgram('Xvfb') ? [] : ['Xvfb'], packages: [['xvfb']] }),
  /** @returns {Need} */
  keyTools: () => missingPrograms(KEY_TOOLS),
  /** @returns {Need} */
  captureTools: () => missingPrograms(CAPTURE_TOOLS),
  /** @returns {Need} */
  pageTools: () => missingPrograms(PAGE_TOOLS),
  /** @returns {Need} */
  serverTools: () => missingPrograms(SERVER_TOOLS),
  /** @returns {Need} */
  python: () => ({
    missing: ask(PYTHON, ['-c', 'import Cryptodome, cryptography']).ok
      ? []
      : ['Python with Cryptodome and cryptography'],
    packages: [['python3'], ['python3-pycryptodome'], ['python3-cryptography']],
  }),
  /** @returns {Need} */
  vectors: () => ({
    missing: existsSync(VECTORS) ? [] : ['the test vectors of Python’s cryptography'],
    packages: [['python3-cryptography-vectors']],
  }),
  /** @returns {Need} */
  sevenZip: () => ({ missing: hasProgram('7zz') ? [] : ['7zz'], packages: [['7zip']] }),
}

/**
 * @param {Readonly<Record<string, string>>} programs with the package of each
 * @returns {Need}
 */
function missingPrograms(programs) {
  const missing = Object.keys(programs).filter((name) => !hasProgram(name))
  return { missing, packages: missing.map((name) => [programs[name] ?? name]) }
}

/**
 * Sees to it that the system has what the wanted parts need. Does nothing on systems other than Linux.
 * @param {Wanted} wanted
 */
export function ensureSystemPackages(wanted) {
  if (process.platform !== 'linux') return
  const needs = findNeeds(wanted)
  const helper = sandboxHelperToSet(wanted)
  if (needs.length === 0 && !helper) return

  const missing = needs.flatMap((need) => need.missing)
  if (helper) missing.push("a sandbox for Electron's windows")
  say(`Missing on this system: ${missing.join(', ')}.`)
  if (needs.length > 0 && !hasProgram('apt-get')) {
    throw new SetUpError('Install what is missing with the package manager, then run the same command again.')
  }
  if (!isRoot()) {
    const commands = [
      ...(needs.length > 0 ? ['apt-get update', `apt-get ${installArguments(needs).join(' ')}`] : []),
      ...(helper ? [`chown root:root '${helper}'`, `chmod 4755 '${helper}'`] : []),
    ]
    const command = commands.map((line) => `sudo ${line}`).join(' && ')
    throw new SetUpError(`Run this, then the same command again:\n\n  ${command}\n`)
  }
  install(needs, wanted)
}

/**
 * @param {readonly Need[]} needs
 * @param {Wanted} wanted
 */
function install(needs, wanted) {
  say('Installing it with apt…')
  // A failed update is no reason to stop: the lists that are there may do.
  apt(['update'])
  const result = apt(['-o', 'DPkg::Lock::Timeout=300', ...installArguments(needs)])
  if (!result.ok)
    throw new SetUpError(`${result.output}\napt-get could not install what is missing; see above.`)
  const left = findNeeds(wanted).flatMap((need) => need.missing)
  if (left.length > 0) throw new SetUpError(`Still missing on this system: ${left.join(', ')}.`)
}

/**
 * @param {readonly string[]} args
 * @returns {{ ok: boolean, output: string }} with all that it wrote
 */
function apt(args) {
  const result = spawnSync('apt-get', ['-q', ...args], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return { ok: result.status === 0, output: `${result.stdout}${result.stderr}` }
}

/**
 * @param {Wanted} wanted
 * @returns {Need[]} those of which something is missing
 */
function findNeeds({ parts, runtime }) {
  return [
    ...(parts.includes('runtime') && runtime ? [NEEDS.runtime(runtime)] : []),
    ...(parts.includes('display') ? [NEEDS.display()] : []),
    ...(parts.includes('test-tools')
      ? [
          NEEDS.keyTools(),
          NEEDS.captureTools(),
          NEEDS.pageTools(),
          NEEDS.serverTools(),
          NEEDS.python(),
          NEEDS.vectors(),
        ]
      : []),
    // With the official site in reach electron-builder fetches its own.
    ...(parts.includes('packaging') && runtime?.kind === 'fallback' ? [NEEDS.sevenZip()] : []),
  ].filter((need) => need.missing.length > 0)
}

/**
 * @param {readonly Need[]} needs
 * @returns {string[]} for apt-get
 */
function installArguments(needs) {
  const names = needs.flatMap((need) => need.packages.map(nameKnownHere))
  return ['install', '-y', '--no-install-recommends', ...new Set(names)]
}

/**
 * @param {readonly string[]} names a package's names, newest first
 * @returns {string}
 */
function nameKnownHere(names) {
  const oldest = /** @type {string} */ (names.at(-1))
  if (names.length === 1) return oldest
  return names.find((name) => /Candidate: \S*\d/.test(ask('apt-cache', ['policy', name]).output)) ?? oldest
}

/**
 * @param {string} executable
 * @returns {string[]} shared libraries that the loader can't find, in words
 */
function missingLibraries(executable) {
  const lines = ask('ldd', [executable]).output.split('\n')
  const names = lines
    .filter((line) => line.includes('not found'))
    .map((line) => line.trim().split(' ')[0] ?? '')
  return names.length > 3 ? [`${names.length} shared libraries of Electron's`] : names
}

/**
 * Electron's sandbox needs user namespaces, which some systems keep from ordinary users, or a helper that is root's.
 * @param {Wanted} wanted
 * @returns {string | undefined} the helper's file, where it is needed and isn't root's yet
 */
function sandboxHelperToSet({ parts, runtime }) {
  if (!runtime || !parts.includes('runtime') || isRoot()) return undefined
  if (ask('unshare', ['--user', '--map-root-user', 'true']).ok) return undefined
  const helper = join(runtime.dist, 'chrome-sandbox')
  const { uid, mode } = statSync(helper)
  return uid === 0 && (mode & 0o4000) !== 0 ? undefined : helper
}
