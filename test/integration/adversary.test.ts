/**
 * Every attack over real sockets, decided by its oracle: with all defences in place, without what stops it, and without a part of
 * that. docs/attacks.md is held to it; `UPDATE_DOCS=1` writes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { AttackKeys } from '#main/adversary/attack-keys'
import { runAttack } from '#main/adversary/run-attack'
import type { Attack } from '#shared/adversary/attack'
import { ATTACKS, attackById } from '#shared/adversary/attacks'
import { defencesOf, expectedOf, isAsExpected, ladderOf, matrixOf, worthOf } from '#shared/adversary/matrix'
import { outcomeText, type Cell, type CellRequest } from '#shared/adversary/cell'
import { attacksPage } from '#shared/adversary/page'
import type { DefenceId } from '#shared/hl1/defences'
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'
import { ALL, sample } from '../support/sample'

const PAGE = resolve(import.meta.dirname, '../../docs/attacks.md')
const NEVER = new AbortController().signal

let keys: AttackKeys
beforeAll(async () => {
  keys = await AttackKeys.make()
})

const run = ({ attack, suite, without }: CellRequest): Promise<Cell> =>
  runAttack(attackById(attack)!, { suite, without, keys, signal: NEVER })
const behind = (attack: Attack, suite: SuiteName): readonly DefenceId[] => {
  const ids = attack.stoppedBy[suite]
  return Array.isArray(ids) ? (ids as readonly DefenceId[]) : []
}
const applies = (suite: SuiteName): readonly Attack[] =>
  ATTACKS.filter(({ notIn }) => notIn?.[suite] === undefined)
const said = ({ attack, suite, without, outcome }: Cell): string =>
  `${attack}, ${suite}, without ${without.join(' and ') || 'nothing'}: ${outcomeText(outcome)}`

describe.each(SUITE_NAMES)('attacks on suite %s', (suite) => {
  it.each(applies(suite).map((attack) => [attack.id, attack] as const))(
    '%s comes to what its data says, and falls only when all that stops it is gone',
    async (_id, attack) => {
      const all = behind(attack, suite)
      const parts = all.length > 1 ? all.map((left) => all.filter((id) => id !== left)) : []
      for (const without of [[], ...(all.length > 0 ? [all] : []), ...parts]) {
        const cell = await run({ attack: attack.id, suite, without })
        expect(cell.outcome.is, said(cell)).toBe(expectedOf(attack, suite, without))
      }
    },
  )

  it('every defence that can be taken away stops an attack, alone or before another that stops it too', () => {
    const worthless = worthOf(suite).filter(({ alone, together }) => alone.length + together.length === 0)
    expect(worthless.map(({ defence }) => defence)).toEqual([])
  })

  it('what names no defence falls to none: each is taken away in turn', async () => {
    const stubborn = applies(suite).filter(({ stoppedBy }) => stoppedBy[suite] === 'never')
    const requests = stubborn.flatMap(({ id }) =>
      defencesOf(suite).map((defence) => ({ attack: id, suite, without: [defence] })),
    )
    for (const request of sample(`defences taken from ${suite}`, requests, 5, ({ attack }) => attack)) {
      const cell = await run(request)
      expect(cell.outcome.is, said(cell)).toBe('stopped')
    }
  })

  it('to take away more never stops an attack that has succeeded', async () => {
    const requests = applies(suite).flatMap((attack) => {
      const ids = behind(attack, suite)
      const succeeds = attack.stoppedBy[suite] === undefined || ids.length > 0
      const more = succeeds ? defencesOf(suite).filter((id) => !ids.includes(id)) : []
      return more.map((id) => ({ attack: attack.id, suite, without: [...ids, id] }))
    })
    for (const request of sample(`pairs taken from ${suite}`, requests, 12, ({ attack }) => attack)) {
      const cell = await run(request)
      expect(cell.outcome.is, said(cell)).toBe('succeeded')
    }
  }, 300_000)
})

it('docs/attacks.md is what a run gives', async () => {
  const decisive = ({ attack, suite, without }: CellRequest): boolean => {
    const ids = behind(attackById(attack)!, suite)
    return without.length === 0 || (without.length === ids.length && without.every((id) => ids.includes(id)))
  }
  const requests = ALL ? matrixOf(SUITE_NAMES) : matrixOf(SUITE_NAMES).filter(decisive)
  const cells: Cell[] = []
  for (const request of requests) cells.push(await run(request))
  const ladder: Cell[] = []
  for (const request of ladderOf()) ladder.push(await run(request))
  // The window shows it by the same data until it is run there.
  expect(ladder.filter((cell) => !isAsExpected(cell)).map(said)).toEqual([])
  const page = attacksPage(cells, ladder)
  if (process.env['UPDATE_DOCS']) writeFileSync(PAGE, page)
  expect(page).toBe(readFileSync(PAGE, 'utf8'))
}, 300_000)
