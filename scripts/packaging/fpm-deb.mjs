#!/usr/bin/env node
// Makes a .deb with dpkg-deb, in place of fpm where electron-builder can't fetch that (CUSTOM_FPM_PATH).
// Understands the part of `fpm -s dir -t deb` that electron-builder's deb target uses.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'

/**
 * @typedef {object} Request
 * @property {Map<string, string>} options
 * @property {readonly string[]} depends
 * @property {readonly string[]} recommends
 * @property {readonly { source: string, destination: string }[]} contents
 */

const FLAGS = ['--force', '--debug']
/** fpm's options for the package's scripts, and their names in the package. */
const SCRIPTS = /** @type {const} */ ([
  ['--before-install', 'preinst'],
  ['--after-install', 'postinst'],
  ['--before-remove', 'prerm'],
  ['--after-remove', 'postrm'],
])
/** fpm's names of compressions, and dpkg-deb's. */
const COMPRESSIONS = new Map([
  ['xz', 'xz'],
  ['gz', 'gzip'],
  ['zst', 'zstd'],
  ['none', 'none'],
])

const request = parse(process.argv.slice(2))
const root = mkdtempSync(join(tmpdir(), 'handshake-lab-deb-'))
try {
  copyContents(request, root)
  const { files, kibibytes } = settle(root)
  writeControl(request, root, files, kibibytes)
  const target = required(request, '--package')
  const compression = COMPRESSIONS.get(request.options.get('--deb-compression') ?? 'xz') ?? 'xz'
  execFileSync('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', root, target], {
    stdio: 'inherit',
  })
  console.log(`created ${basename(target)}`)
} finally {
  rmSync(root, { recursive: true, force: true })
}

/**
 * @param {readonly string[]} args
 * @returns {Request}
 */
function parse(args) {
  /** @type {Map<string, string>} */
  const options = new Map()
  const depends = []
  const recommends = []
  const contents = []
  for (let rest = args; rest.length > 0;) {
    const [name = '', value = ''] = rest
    const isPair = name.startsWith('-') && !FLAGS.includes(name)
    rest = rest.slice(isPair ? 2 : 1)
    if (name === '-d') depends.push(value)
    else if (name === '--deb-recommends') recommends.push(value)
    else if (isPair) options.set(name, value)
    else if (!name.startsWith('-')) {
      const split = name.lastIndexOf('=')
      contents.push({ source: name.slice(0, split), destination: name.slice(split + 1) })
    }
  }
  if (options.get('-s') !== 'dir' || options.get('-t') !== 'deb')
    throw new Error('Only -s dir -t deb is understood')
  return { options, depends, recommends, contents }
}

/**
 * @param {Request} request
 * @param {string} name
 * @returns {string}
 */
function required(request, name) {
  const value = request.options.get(name)
  if (!value) throw new Error(`${name} is missing`)
  return value
}

/**
 * @param {Request} request
 * @param {string} root
 */
function copyContents({ contents }, root) {
  for (const { source, destination } of contents) {
    const target = join(root, destination)
    mkdirSync(statSync(source).isDirectory() ? target : dirname(target), { recursive: true })
    cpSync(source, target, { recursive: true, verbatimSymlinks: true })
  }
}

/**
 * Gives everything the permissions that files of a package have, and counts.
 * @param {string} root
 * @returns {{ files: string[], kibibytes: number }}
 */
function settle(root) {
  /** @type {string[]} */
  const files = []
  let kibibytes = 0
  chmodSync(root, 0o755)
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(root, name)
    const stats = lstatSync(path)
    if (stats.isDirectory()) {
      chmodSync(path, 0o755)
      kibibytes += 1
    } else if (stats.isFile()) {
      // The package's own script makes the sandbox's helper root's where a system needs that.
      chmodSync(path, stats.mode & 0o111 ? 0o755 : 0o644)
      kibibytes += Math.ceil(stats.size / 1024)
      files.push(path)
    }
  }
  return { files, kibibytes }
}

/**
 * Writes what dpkg wants to know.
 * @param {Request} request
 * @param {string} root
 * @param {readonly string[]} files
 * @param {number} kibibytes
 */
function writeControl(request, root, files, kibibytes) {
  const { options, depends, recommends } = request
  const folder = join(root, 'DEBIAN')
  mkdirSync(folder)
  const iteration = options.get('--iteration')
  const fields = {
    Package: required(request, '--name').toLowerCase(),
    Version: required(request, '--version') + (iteration ? `-${iteration}` : ''),
    License: options.get('--license'),
    Vendor: options.get('--vendor'),
    Architecture: required(request, '--architecture'),
    Maintainer: required(request, '--maintainer'),
    'Installed-Size': String(kibibytes),
    Depends: depends.join(', '),
    Recommends: recommends.join(', '),
    Section: options.get('--category') ?? 'default',
    Priority: options.get('--deb-priority') ?? 'optional',
    Homepage: options.get('--url'),
    Description: description(required(request, '--description')),
  }
  const lines = Object.entries(fields).filter(([, value]) => value)
  writeFileSync(join(folder, 'control'), lines.map(([name, value]) => `${name}: ${value}\n`).join(''))
  const sums = files.map((file) => `${md5(file)}  ${relative(root, file)}\n`)
  writeFileSync(join(folder, 'md5sums'), sums.join(''))
  for (const [option, name] of SCRIPTS) {
    const source = options.get(option)
    if (!source) continue
    cpSync(source, join(folder, name))
    chmodSync(join(folder, name), 0o755)
  }
}

/**
 * @param {string} text a line of synopsis, then the long description
 * @returns {string} in the format of a control file
 */
function description(text) {
  const [synopsis = '', ...rest] = text.split('\n').map((line) => line.trim())
  return [synopsis, ...rest.map((line) => ` ${line || '.'}`)].join('\n')
}

/** @param {string} file */
function md5(file) {
  return createHash('md5').update(readFileSync(file)).digest('hex')
}
