/** Runs of attacks as files: opened, they are the runs that they were, and their checks and oracles come to the same. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { AttackKeys } from '#main/adversary/attack-keys'
import { runAttackWhole, type WholeRun } from '#main/adversary/run-attack'
import { readRun } from '#main/recording/read-run'
import { writeRun } from '#main/recording/write-run'
import { attackById } from '#shared/adversary/attacks'
import { cellKey, type CellRequest } from '#shared/adversary/cell'
import { matrixOf } from '#shared/adversary/matrix'
import { fromUtf8 } from '#shared/bytes'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { attackRunOf } from '#shared/run/attack-again'
import type { KeptAttack, Run } from '#shared/run/run'
import { missedRecords, recordsChanges } from '../support/changed-records'
import { missedChanges, suspects } from '../support/changed-run'
import { ALL, sample, sampleSize } from '../support/sample'

const SCHEMA = join(import.meta.dirname, '../../docs/run-file.schema.json')
const CLEAR = { secrets: 'in_clear' } as const

let keys: AttackKeys
beforeAll(async () => {
  keys = await AttackKeys.make()
})

async function run({ attack, suite, without }: CellRequest): Promise<Required<WholeRun> & { kept: Run }> {
  const { signal } = new AbortController()
  const { run, kept } = await runAttackWhole(attackById(attack)!, { suite, without, keys, signal })
  return { run, kept: kept! }
}

/** Cells of the matrix that run: with all in place, and without what stops the attack, or one thing else. */
const CELLS = matrixOf(SUITE_NAMES).filter(
  ({ attack, suite }) => attackById(attack)?.notIn?.[suite] === undefined,
)
const decides = ({ attack, suite, without }: CellRequest): boolean => {
  const behind = attackById(attack)?.stoppedBy[suite]
  return (
    Array.isArray(behind) && without.length === behind.length && without.every((id) => behind.includes(id))
  )
}

describe('the run of an attack', () => {
  it(
    'is as it was when it is opened, its checks and its oracle come to the same, and it fits the schema',
    async () => {
      const schema: object = JSON.parse(await readFile(SCHEMA, 'utf8'))
      const validate = new Ajv2020({ strict: false }).compile(schema)
      const cells = sample(
        'attacks that are saved',
        CELLS,
        260,
        ({ suite, without }) => `${suite} ${Math.min(2, without.length)}`,
      )
      const succeeding = sample('attacks that succeed', CELLS.filter(decides), 8, ({ suite }) => suite)
      for (const request of [...cells, ...succeeding]) {
        const { run: live, kept } = await run(request)
        const bytes = await writeRun(kept, CLEAR)
        const read = await readRun(bytes)
        expect(suspects(read), cellKey(request)).toEqual([])
        expect(read.run, cellKey(request)).toEqual(kept)
        const { cell, ...shown } = attackRunOf(read.run, read.run.attack!)
        expect({ ...shown, cell: { ...cell, took: live.cell.took } }, cellKey(request)).toEqual(live)
        validate(JSON.parse(fromUtf8(bytes)))
        expect(validate.errors, cellKey(request)).toBeNull()
      }
    },
    ALL ? 3_600_000 : 300_000,
  )

  it('has no key in it where secrets are left out, and is what it was all the same', async () => {
    const { kept } = await run({ attack: 'steal-the-key-later', suite: 'classic', without: [] })
    const bytes = await writeRun(kept, { secrets: 'left_out' })
    const read = await readRun(bytes)
    expect(read.run.secrets).toBeUndefined()
    expect(read.run.attack).toEqual(kept.attack)
    expect(fromUtf8(bytes)).not.toContain('PRIVATE KEY')
  })

  it('says so where its outcome, what was taken away or what its oracle judged by is another', async () => {
    const { kept } = await run({ attack: 'ask-again', suite: 'modern', without: ['sequence'] })
    const changed = async (changes: Partial<KeptAttack>): Promise<readonly string[]> =>
      suspects(await readRun(await writeRun({ ...kept, attack: { ...kept.attack!, ...changes } }, CLEAR)))
    expect(await changed({})).toEqual([])
    for (const changes of [
      { outcome: { is: 'stopped', missing: 'Nothing came of it.' } },
      { why: 'Somebody has said so.' },
      { without: [] },
      { without: ['freshness'] },
      { attack: 'old-answer' },
      { frames: kept.attack!.frames.slice(1) },
    ] as const)
      expect(await changed(changes), JSON.stringify(changes).slice(0, 80)).not.toEqual([])
    await expect(changed({ attack: 'none' })).rejects.toMatchObject({ code: 'bad_run' })
    await expect(changed({ without: ['freshness', 'freshness'] })).rejects.toMatchObject({ code: 'bad_run' })
  })

  it.each([
    { attack: 'ask-again', suite: 'modern', without: ['sequence'] },
    { attack: 'register-again-first', suite: 'classic', without: [] },
  ] as const)(
    'that somebody has changed so that it looks whole is found out, but for what no check covers: $attack',
    async (request) => {
      const { kept } = await run(request)
      expect(await missedChanges(await writeRun(kept, CLEAR), sampleSize(3_000, 60))).toEqual([])
      expect((await missedRecords(kept, recordsChanges(kept))).unlisted).toEqual([])
    },
    600_000,
  )
})
