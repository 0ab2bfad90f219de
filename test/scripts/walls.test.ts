/** The walls inside the house (scripts/walls) and the search for what is dead: each falls when it is broken. */
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, extname, join, relative, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import rules from '../../scripts/walls/cruiser.mjs'
import { ROOMS } from '../../scripts/walls/rooms.mjs'

const ROOT = resolve(import.meta.dirname, '../..')
const ZONES = ['main', 'renderer', 'shared', 'bench'] as const

let house: string
beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'handshake-lab-walls-'))
  for (const zone of ZONES) mkdirSync(join(house, zone))
})
afterEach(() => rmSync(house, { recursive: true }))

/** Puts files into the house, by their paths. */
function furnish(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, path)), { recursive: true })
    writeFileSync(join(house, path), text)
  }
}

/** What is broken in the house, as `rule: from to`. */
async function broken(ruleNames = rules.forbidden.map(({ name }) => name)): Promise<readonly string[]> {
  const forbidden = rules.forbidden.filter(({ name }) => ruleNames.includes(name))
  const { output } = await cruise([...ZONES], {
    ...rules.options,
    baseDir: house,
    validate: true,
    ruleSet: { forbidden },
  })
  const { violations } = (output as ICruiseResult).summary
  return violations.map(({ rule, from, to }) => `${rule.name}: ${from} ${to}`)
}

/** A file of a room. */
function fileIn({ at: [path = ''] }: (typeof ROOMS)[number]): string {
  return extname(path) === '' ? `${path}/probe.ts` : path
}

describe('the rooms', () => {
  it('keep to those that their row names, types counted', { timeout: 120_000 }, async () => {
    const importing = (from: string): string =>
      ROOMS.filter((to) => fileIn(to) !== from)
        .map((to, index) => {
          const path = relative(dirname(from), fileIn(to)).replace(/\.ts$/, '')
          return `import type { Probe as P${index} } from '${path.startsWith('.') ? path : `./${path}`}'\n`
        })
        .join('')
    furnish(
      Object.fromEntries(
        ROOMS.map((room) => [fileIn(room), `${importing(fileIn(room))}export type Probe = 1\n`]),
      ),
    )
    const forbidden = ROOMS.flatMap((from) =>
      ROOMS.filter((to) => to !== from && !from.imports.includes(to.name)).map(
        (to) => `${from.name}: ${fileIn(from)} ${fileIn(to)}`,
      ),
    )
    expect(forbidden.length).toBeGreaterThan(1_000)
    const found = await broken(ROOMS.map(({ name }) => name))
    expect(found.toSorted()).toEqual(forbidden.toSorted())
  })

  it('go from the ground up: none names one that comes after it', () => {
    const names = ROOMS.map(({ name }) => name)
    for (const [index, { name, imports }] of ROOMS.entries()) {
      expect(
        imports.filter((other) => !names.slice(0, index).includes(other)),
        name,
      ).toEqual([])
    }
  })

  it('let one of those that windows share know HL/1: the one that registers protocols', () => {
    const shared = ROOMS.filter(({ name }) => name.startsWith('renderer/common'))
    expect(shared.length).toBeGreaterThan(8)
    const knowing = shared.filter(({ imports }) => imports.some((room) => room.startsWith('shared/hl1')))
    expect(knowing.map(({ name }) => name)).toEqual(['renderer/common/protocols'])
  })

  it('hold every file of the house', () => {
    const places = ROOMS.flatMap(({ at }) => at)
    const files = ZONES.flatMap((zone) =>
      readdirSync(join(ROOT, zone), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(?:ts|vue)$/.test(entry.name))
        .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
    ).filter((file) => !file.endsWith('.d.ts'))
    expect(files.length).toBeGreaterThan(400)
    const isHeld = (file: string): boolean =>
      places.some((place) => file === place || file.startsWith(`${place}/`))
    expect(files.filter((file) => !isHeld(file))).toEqual([])
  })

  it('name rooms that there are, and none twice', () => {
    const names = ROOMS.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, purpose, imports } of ROOMS) {
      expect(names, name).toEqual(expect.arrayContaining([...imports]))
      expect(new Set(imports).size, name).toBe(imports.length)
      expect(purpose, name).toMatch(/\w/)
    }
  })
})

it('a file outside of every room is refused', async () => {
  furnish({
    'shared/elsewhere/odd.ts': 'export const odd = 1\n',
    'main/index.ts': "export { odd } from '../shared/elsewhere/odd'\n",
  })
  expect(await broken(['no room'])).toEqual(['no room: main/index.ts shared/elsewhere/odd.ts'])
})

it('what is imported and not there is refused', async () => {
  furnish({ 'main/index.ts': "export { gone } from './gone'\n" })
  expect(await broken()).toEqual(['not there: main/index.ts ./gone'])
})

describe('circles', () => {
  it.each([
    ['of two files', 'export const a = 1\n'],
    ['of types alone', 'export type A = 1\n'],
  ])('%s are refused', async (_what, own) => {
    const isType = own.includes('type')
    furnish({
      'main/net/one.ts': `import ${isType ? 'type ' : ''}{ two } from './two'\n${own}void ({} as typeof two)\n`,
      'main/net/two.ts': `import ${isType ? 'type ' : ''}{ one } from './one'\n${own}void ({} as typeof one)\n`,
    })
    const found = await broken()
    expect(found.length).toBeGreaterThan(0)
    expect(found.every((line) => line.startsWith('no circle'))).toBe(true)
  })

  it('through a view are refused', async () => {
    furnish({
      'renderer/common/keys/Key.vue':
        '<script setup lang="ts">\nimport { title } from \'./title\'\n</script>\n\n<template>{{ title }}</template>\n',
      'renderer/common/keys/title.ts': "import Key from './Key.vue'\nexport const title = Key.name\n",
    })
    expect((await broken()).map((line) => line.split(':')[0])).toContain('no circle')
  })

  it('of none are none', async () => {
    furnish({
      'main/net/one.ts': "import { two } from './two'\nexport const one = two\n",
      'main/net/two.ts': 'export const two = 2\n',
    })
    expect(await broken()).toEqual([])
  })
})

describe('what is dead', () => {
  const PACKAGE = { name: 'house', type: 'module', main: 'bench/main.ts' }

  /** What knip says of the house, with the project's own configuration. */
  function findDead(): { readonly status: number | null; readonly output: string } {
    for (const name of ['knip.json', 'tsconfig.json']) copyFileSync(join(ROOT, name), join(house, name))
    symlinkSync(join(ROOT, 'node_modules'), join(house, 'node_modules'))
    const knip = join(ROOT, 'node_modules/knip/bin/knip.js')
    const { status, stdout } = spawnSync(process.execPath, [knip, '--no-config-hints'], {
      cwd: house,
      encoding: 'utf8',
    })
    return { status, output: stdout }
  }

  beforeEach(() => {
    furnish({
      'package.json': JSON.stringify(PACKAGE),
      'bench/main.ts': "import { used } from '../shared/bytes'\nconsole.log(used)\n",
      'shared/bytes.ts': 'export const used = 1\n',
    })
  })

  it('is nothing in a house where all is used', () => {
    expect(findDead()).toEqual({ status: 0, output: '' })
  })

  it('is found: exports, types, files, files of the tests, packages', () => {
    furnish({
      'package.json': JSON.stringify({ ...PACKAGE, devDependencies: { 'dead-package': '1.0.0' } }),
      'shared/bytes.ts': 'export const used = 1\nexport const deadValue = 2\nexport type DeadType = 3\n',
      'shared/dead-file.ts': 'export const other = 2\n',
      'test/support/dead-helper.ts': 'export const other = 2\n',
    })
    const { status, output } = findDead()
    expect(status).toBe(1)
    const names = [
      'dead-package',
      'deadValue',
      'DeadType',
      'shared/dead-file.ts',
      'test/support/dead-helper.ts',
    ]
    for (const name of names) expect(output).toContain(name)
  })
})
