/** Nothing but a lab made for attacks ever does without a defence. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { mainEnvironment } from '#main/lab/environment'
import { Roles } from '#main/lab/roles'
import { systemEnvironment } from '#shared/hl1/environment'
import { CALLS } from '#shared/ipc/contract'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { readArguments } from '#main/terminal/arguments'

const ROOT = resolve(import.meta.dirname, '../../..')

/** Every source file of the program, with its text. */
const sources = ['main', 'renderer', 'shared'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|vue)$/.test(name))
    .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(join(ROOT, folder, name), 'utf8') })),
)

it('the environments of the app, the terminal and the window do without nothing', () => {
  expect([mainEnvironment.without, systemEnvironment.without]).toEqual([undefined, undefined])
})

it('one file takes defences away, and the stage of an attack alone asks it to', () => {
  const makes = sources.filter(({ text }) =>
    /[{,]\s*without(,|:\s*new Set)/.test(text.replaceAll(/const \{[^}]*\}/g, '')),
  )
  const asks = sources.filter(({ text }) => /adversary\/without'/.test(text))
  expect(asks.map(({ name }) => name)).toEqual(['main/adversary/stage.ts'])
  // Those that hand a list on, and the one that makes an environment of it.
  expect(makes.map(({ name }) => name).filter((name) => !/adversary|terminal\/attacks/.test(name))).toEqual(
    [],
  )
})

it('no setting, no call of a window and no option of a lab names one', () => {
  const names = [...Object.keys(DEFAULT_SETTINGS), ...Object.keys(CALLS)].map((name) => name.toLowerCase())
  expect(
    names.filter((name) => ['without', 'polic', 'ignore', 'attack'].some((id) => name.includes(id))),
  ).toEqual([])
  for (const others of [['--serve'], ['--trial', '10'], []])
    expect(() => readArguments([...others, '--without', 'freshness'])).toThrow('--without')
  const smuggled = { ...DEFAULT_SETTINGS, without: ['freshness'] }
  expect(new Roles({ settings: () => smuggled }).context.environment.without).toBeUndefined()
})
