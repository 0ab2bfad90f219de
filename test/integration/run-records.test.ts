/** Runs from which somebody takes records, doubles them or puts them elsewhere, and works out the digest anew: what is found out, and what can't be. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRun } from '#main/recording/read-run'
import { writeRun } from '#main/recording/write-run'
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'
import type { Hl1Entry } from '#shared/hl1/types'
import { CLIENT_RECORDS_KEPT, RecordList, RECORDS_KEPT, type RecordLimit } from '#shared/record/record-list'
import { auditRun } from '#shared/run/audit'
import { inOrder } from '#shared/run/order'
import type { Run } from '#shared/run/run'
import { missedRecords, recordsChanges, withRecords } from '../support/changed-records'
import { suspects } from '../support/changed-run'
import { KINDS, makeRun } from '../support/kept-run'
import { sample } from '../support/sample'

const TIMEOUT_MS = 600_000
const CASES = SUITE_NAMES.flatMap((suite) => KINDS.map((kind) => ({ suite, kind })))
const CLEAR = { secrets: 'in_clear' } as const

const counts: string[] = []
afterAll(() => console.info(counts.join('\n')))

describe('records of a run that are missing, doubled or in another order', () => {
  it.each(sample('runs whose records are changed', CASES, 3, ({ suite }) => suite))(
    'are found out, but for what no check covers: $kind in $suite',
    async ({ suite, kind }) => {
      const run = await makeRun(suite, kind)
      const { tried, unlisted, listed } = await missedRecords(run, recordsChanges(run))
      counts.push(`${kind} in ${suite}: ${listed.length + unlisted.length} of ${tried} not found out`)
      expect(unlisted).toEqual([])
      // The list would be too long otherwise: the last record of an end can always be taken.
      expect(listed.some((text) => text.startsWith('records.last: '))).toBe(true)
    },
    TIMEOUT_MS,
  )

  it.each([
    {
      is: 'a request’s record is gone',
      lose: 'received step 7',
      says: /^Step 7 comes to the server .*where|^The server sends step 8 .*where step 7 was to come to it/,
    },
    {
      is: 'an answer’s record is gone',
      lose: 'sent step 8',
      says: /Step 7 comes to the server twice .*answered nothing in between/,
    },
  ])('is said in words: $is', async ({ lose, says }) => {
    const run = await makeRun('classic', 'many requests')
    const gone = run.records.findIndex(
      ({ role, direction, step }) => role === 'server' && `${direction} step ${step}` === lose,
    )
    const said = await auditRun(withRecords(run, run.records.toSpliced(gone, 1)))
    expect(
      said.some((text) => says.test(text)),
      said.join('\n'),
    ).toBe(true)
  })
})

/** As many of the newest as a list of the app keeps. */
function keptBy(limit: RecordLimit, records: readonly Hl1Entry[]): readonly Hl1Entry[] {
  const list = new RecordList<Hl1Entry>(limit)
  for (const entry of records) list.add(entry)
  return list.all
}

/** A run as the app saves it: the client’s records are from its window, and both lists have dropped their oldest. */
function asKeptByApp(run: Run): Run {
  const isClients = ({ role }: Hl1Entry): boolean => role === 'client'
  const own = keptBy(CLIENT_RECORDS_KEPT, run.records.filter(isClients))
  return {
    ...run,
    records: inOrder(
      keptBy(
        RECORDS_KEPT,
        run.records.filter((entry) => !isClients(entry)),
      ),
      own,
    ),
  }
}

describe.each(SUITE_NAMES)('a run in %s of more records than are kept', (suite: SuiteName) => {
  let long: Run
  let kept: Run
  beforeAll(async () => {
    long = await makeRun(suite, 'many requests', 0, 1_100)
    kept = asKeptByApp(long)
  }, TIMEOUT_MS)

  it(
    'begins in the middle, and nobody is blamed for it',
    async () => {
      expect(kept.records.filter(({ role }) => role === 'client')).toHaveLength(CLIENT_RECORDS_KEPT.count)
      expect(kept.records.filter(({ role }) => role !== 'client')).toHaveLength(RECORDS_KEPT.count)
      const read = await readRun(await writeRun(kept, CLEAR))
      expect(suspects(read)).toEqual([])
      expect(await auditRun(long)).toEqual([])
    },
    TIMEOUT_MS,
  )

  it('says so where a record in the middle of it is gone, and not where more of the oldest are', async () => {
    const found = async (from: number, count: number): Promise<number> =>
      (await auditRun({ ...kept, records: kept.records.toSpliced(from, count) })).length
    expect(await found(Math.floor(kept.records.length / 2), 1)).toBeGreaterThan(0)
    const oldest = kept.records.findIndex(({ role }) => role === 'client')
    // The client’s list was full, and is not any more: from fewer nothing is gone.
    expect(await found(oldest, 1)).toBeGreaterThan(0)
  })
})

describe('a run with the app’s own gaps', () => {
  it(
    'is blamed for nothing: walks that Start over has ended, a client that was asked a moment before the others',
    async () => {
      for (const suite of SUITE_NAMES) {
        const run = await makeRun(suite, 'a renewal')
        const [first, second] = new Set(
          run.records.flatMap(({ role, connection: { id } }) => (role === 'client' ? [id] : [])),
        )
        const startedOver = run.records.filter(
          ({ role, connection }) => role !== 'client' || connection.id !== first,
        )
        expect(await auditRun(withRecords(run, startedOver))).toEqual([])
        const own = run.records.filter(
          ({ role, connection }) => role === 'client' && connection.id === second,
        )
        for (let asked = 0; asked < own.length; asked++) {
          const later = new Set(own.slice(asked))
          const records = run.records.filter((entry) => !later.has(entry))
          // What came to the client was sent by then; what it sends later came to the server.
          const isClosed = own.slice(asked).every(({ direction }) => direction === 'received')
          expect(await auditRun(withRecords(run, records)), `${suite}, ${asked}, ${isClosed}`).toEqual([])
        }
      }
    },
    TIMEOUT_MS,
  )

  it('is blamed for nothing where the clock was set between two messages', async () => {
    const run = await makeRun('classic', 'a session')
    const middle = Math.floor(run.records.length / 2)
    for (const by of [-60_000, 60_000]) {
      const moved = run.records.map((entry, place) =>
        place < middle ? entry : { ...entry, at: entry.at + by },
      )
      const isClients = ({ role }: Hl1Entry): boolean => role === 'client'
      const records = inOrder(
        moved.filter((entry) => !isClients(entry)),
        moved.filter(isClients),
      )
      const blamed = (await auditRun({ ...run, records })).filter((text) => !text.includes('timestamp in it'))
      expect(blamed, `${by}`).toEqual([])
    }
  })
})
