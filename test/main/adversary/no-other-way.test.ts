/** Nothing but a lab made for attacks ever does without a defence. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as v from 'valibot'
import { expect, it } from 'vitest'
import { mainEnvironment } from '#main/lab/environment'
import { Roles } from '#main/lab/roles'
import { systemEnvironment } from '#shared/hl1/environment'
import { ATTACKS } from '#shared/adversary/attacks'
import { isCell, ladderOf, matrixOf } from '#shared/adversary/matrix'
import { CALLS, mayCall } from '#shared/ipc/contract'
import { DEFENCES, FIRST_LINES } from '#shared/hl1/defences'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { WINDOWS } from '#shared/windows'
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

it('one file takes defences away: the stage of an attack asks it to, and what makes checks of its run again', () => {
  const makes = sources.filter(({ text }) =>
    /[{,]\s*without(,|:\s*new Set\([^)])/.test(text.replaceAll(/const \{[^}]*\}/g, '')),
  )
  const asks = sources.filter(({ text }) => /adversary\/without'/.test(text))
  expect(asks.map(({ name }) => name)).toEqual(['main/adversary/stage.ts', 'shared/run/attack-again.ts'])
  // Whoever makes checks again has records, and no connection.
  const users = sources.filter(({ text }) => /environmentOf\b/.test(text)).map(({ name }) => name)
  expect(users).toEqual(['shared/run/attack-again.ts', 'shared/run/remake.ts'])
  const again = sources.filter(({ text }) => /\/remake'/.test(text) && /remakeRun\(/.test(text))
  expect(again.map(({ name }) => name)).toEqual(['main/recording/read-run.ts'])
  // Those that hand a list on, and the one that makes an environment of it.
  expect(
    makes
      .map(({ name }) => name)
      .filter((name) => !/adversary|terminal\/attacks|run\/(attack-again|encode-attack)/.test(name)),
  ).toEqual([])
})

/** The calls of the window *Attacks*. */
const OF_ATTACKS = Object.keys(CALLS).filter((name) => name.startsWith('attacks:'))

it('no setting, no call of a window of the lab and no option of a lab names one', () => {
  const others = Object.keys(CALLS).filter((name) => !OF_ATTACKS.includes(name))
  const names = [...Object.keys(DEFAULT_SETTINGS), ...others].map((name) => name.toLowerCase())
  expect(
    names.filter((name) => ['without', 'polic', 'ignore', 'attack'].some((id) => name.includes(id))),
  ).toEqual([])
  for (const others of [['--serve'], ['--trial', '10'], []])
    expect(() => readArguments([...others, '--without', 'freshness'])).toThrow('--without')
  const smuggled = { ...DEFAULT_SETTINGS, without: ['freshness'] }
  expect(new Roles({ settings: () => smuggled }).context.environment.without).toBeUndefined()
})

it('the calls of attacks are those of their own window, and lead to private labs alone', () => {
  for (const name of OF_ATTACKS) {
    const allowed = Object.keys(WINDOWS).filter((window) => mayCall(window, name))
    expect(allowed, name).toEqual(['attacks'])
  }
  // What starts a run knows the threads, and nothing of the lab that the other windows show.
  const handlers = sources.find(({ name }) => name === 'main/ipc/handlers.ts')?.text ?? ''
  const own = /function attackHandlers\(\{ ([^}]*) \}/.exec(handlers)?.[1]
  expect(own).toBe('attacks, exports')
  const imports = (file: string): readonly string[] =>
    [
      ...(sources.find(({ name }) => name === file)?.text ?? '').matchAll(
        /^} from '(.*)'|import .* from '(.*)'/gm,
      ),
    ]
      .map(([, several, one]) => several ?? one ?? '')
      .filter((path) => path.startsWith('../'))
  expect(imports('main/adversary/attack-desk.ts')).toEqual(['../lab/coalesce', '../log/log'])
  expect(imports('main/adversary/attack-runs.ts')).toEqual([])
})

it('what a run is asked for names what a private lab takes away, and nothing else', () => {
  const cell = { attack: 'ask-again', suite: 'modern', without: ['sequence'] }
  const run = (asked: unknown): boolean =>
    v.safeParse(CALLS['attacks:run'].argument, { cells: [asked] }).success
  expect(run(cell)).toBe(true)
  for (const wrong of [...FIRST_LINES, 'settings', 'everything', '', 7])
    expect(run({ ...cell, without: [wrong] }), String(wrong)).toBe(false)
  expect(run({ ...cell, without: [...DEFENCES, ...DEFENCES] })).toBe(false)
  expect(run({ ...cell, suite: 'none' })).toBe(false)
  const smuggled = v.parse(CALLS['attacks:run'].argument, {
    cells: [{ ...cell, settings: {}, environment: {} }],
  })
  expect(smuggled).toEqual({ cells: [cell] })
  const many = { cells: Array.from({ length: 4_097 }, () => cell) }
  expect(v.safeParse(CALLS['attacks:run'].argument, many).success).toBe(false)
})

it('every cell of the matrix and of the ladder is one that may be asked for, and no other', () => {
  const all = [...matrixOf(SUITE_NAMES), ...ladderOf()]
  expect(all.length).toBeLessThan(4_096)
  expect(all.filter((cell) => !isCell(cell))).toEqual([])
  const [first] = ATTACKS
  const base = { attack: first?.id ?? '', suite: 'classic', without: [] } as const
  expect(isCell({ ...base, attack: 'none' })).toBe(false)
  expect(isCell({ ...base, without: ['tag'] })).toBe(false)
  expect(isCell({ ...base, without: ['freshness', 'freshness'] })).toBe(false)
})
