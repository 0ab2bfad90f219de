import { beforeAll, describe, expect, it, vi } from 'vitest'
import { Journal } from '#main/lab/journal'
import { fromUtf8 } from '#shared/bytes'
import type { SecretsOf } from '#shared/lab'
import type { ByteRange } from '#shared/record/range'
import type { Hl1Entry } from '#shared/hl1/types'
import type { StepNumber } from '#shared/hl1/steps'
import { fakeEnvironment } from '../../support/environment'
import { membersOf, runHonestly, type HonestRun } from '../../support/handshake'
import { connectionOf } from '../../support/context'

const MEGABYTE = 1024 * 1024

let run: HonestRun
beforeAll(async () => {
  run = await runHonestly(fakeEnvironment())
})

function entry(step: StepNumber, id: string, changes: Partial<Hl1Entry> = {}): Hl1Entry {
  return { ...run.moments[step].record, id, connection: connectionOf('127.0.0.1:40000'), ...changes }
}

function makeJournal() {
  const told: Hl1Entry[] = []
  const forgotten: SecretsOf[] = []
  const onDropped = vi.fn()
  const journal = new Journal({
    onAdded: (added) => told.push(added),
    onForgotten: (whose) => forgotten.push(whose),
    onDropped,
  })
  return { journal, told, forgotten, onDropped }
}

const text = (shown: Hl1Entry): string => JSON.stringify(shown) + fromUtf8(shown.plaintext!.bytes)

describe('the journal', () => {
  it('has its records in the order in which they were made', () => {
    const { journal, told } = makeJournal()
    for (const step of [1, 2, 3] as const) journal.add(entry(step, `r${step}`))
    expect(journal.list().map(({ id }) => id)).toEqual(['r1', 'r2', 'r3'])
    expect(told.map(({ id }) => id)).toEqual(['r1', 'r2', 'r3'])
  })

  it('keeps the last 2,000', () => {
    const { journal } = makeJournal()
    for (let count = 1; count <= 2_001; count++) journal.add(entry(3, `r${count}`))
    const ids = journal.list().map(({ id }) => id)
    expect(ids).toHaveLength(2_000)
    expect([ids[0], ids.at(-1)]).toEqual(['r2', 'r2001'])
  })

  it('knows what kinds of records had to go, and tells of each kind once', () => {
    const { journal, onDropped } = makeJournal()
    journal.add(entry(2, 'authority', { role: 'authority' }))
    for (let count = 1; count <= 1_999; count++) journal.add(entry(6, `r${count}`))
    expect([journal.dropped, onDropped.mock.calls.length]).toEqual([[], 0])
    for (const id of ['s1', 's2', 's3', 's4']) journal.add(entry(6, id))
    expect(journal.dropped.map(({ role }) => role)).toEqual(['authority', 'server'])
    expect(onDropped).toHaveBeenCalledTimes(2)
  })

  it('keeps no more than 64 MiB of frames and plaintexts', () => {
    const { journal } = makeJournal()
    const frame = new Uint8Array(MEGABYTE)
    const plaintext = { bytes: frame, ranges: [], parts: [frame.length] }
    for (let count = 1; count <= 40; count++) journal.add(entry(7, `r${count}`, { frame, plaintext }))
    const ids = journal.list().map(({ id }) => id)
    expect(ids.at(-1)).toBe('r40')
    expect(ids.length).toBeLessThanOrEqual(32)
    expect(ids.length).toBeGreaterThanOrEqual(31)
  })

  it('counts what describes a message too: a stranger chose how many members it has', () => {
    const { journal } = makeJournal()
    const ranges = Array.from({ length: 100_000 }, (): ByteRange => ({
      name: 'x',
      start: 0,
      end: 1,
      note: '',
    }))
    for (let count = 1; count <= 40; count++) journal.add(entry(7, `r${count}`, { ranges }))
    expect(journal.list().length).toBeLessThan(20)
  })

  it('keeps a single message of any size', () => {
    const { journal } = makeJournal()
    journal.add(entry(7, 'large', { frame: new Uint8Array(70 * MEGABYTE) }))
    expect(journal.list()).toHaveLength(1)
    journal.add(entry(7, 'next'))
    expect(journal.list().map(({ id }) => id)).toEqual(['next'])
  })
})

describe('a secret in the journal', () => {
  it('is in nothing that it lists or tells', () => {
    const { journal, told } = makeJournal()
    const key = String(membersOf(run.moments[6])['k_sess'])
    journal.add(entry(6, 'r6'))
    expect(text(entry(6, 'r6'))).toContain(key)
    for (const shown of [...journal.list(), ...told]) {
      expect(text(shown)).not.toContain(key)
      expect(shown.members.find(({ name }) => name === 'k_sess')).not.toHaveProperty('value')
      expect(shown.members.find(({ name }) => name === 'id_c')).toHaveProperty('value', 'ID-Client')
    }
  })

  it('is revealed where it is asked for by record and name', () => {
    const { journal } = makeJournal()
    journal.add(entry(6, 'r6'))
    journal.add(entry(2, 'r2'))
    const value = run.moments[6].record.members.find(({ name }) => name === 'k_sess')?.value
    expect(journal.reveal('r6', 'k_sess', 'server')).toEqual(value)
    expect(journal.reveal('r2', 'sk_s', 'authority')).toBe(membersOf(run.moments[2])['sk_s'])
    expect(journal.reveal('r6', 'lifetime_sess', 'server')).toBe(60)
  })

  it('is for the role that recorded it alone, whichever member it is', () => {
    const { journal } = makeJournal()
    journal.add(entry(2, 'r2'))
    for (const role of ['server', 'client'] as const) {
      for (const name of ['sk_s', 'id_s']) {
        expect(() => journal.reveal('r2', name, role)).toThrow(expect.objectContaining({ code: 'forbidden' }))
      }
    }
  })

  it('is unknown where there is no such record or member, or it was never opened', () => {
    const { journal } = makeJournal()
    const closed = run.moments[6].record.members.map(({ value: _, ...member }) => member)
    journal.add(entry(6, 'r6'))
    journal.add(entry(6, 'closed', { members: closed }))
    for (const [id, name] of [
      ['r7', 'k_sess'],
      ['r6', 'sk_s'],
      ['r6', 'constructor'],
      ['closed', 'k_sess'],
    ] as const) {
      expect(() => journal.reveal(id, name, 'server'), `${id} ${name}`).toThrow(
        expect.objectContaining({ code: 'unknown_record' }),
      )
    }
  })

  it('is forgotten when its role has stopped, and those of the other role are not', () => {
    const { journal, forgotten } = makeJournal()
    journal.add(entry(2, 'authority', { role: 'authority' }))
    journal.add(entry(2, 'server', { role: 'server' }))
    journal.forgetSecrets({ role: 'authority' })
    expect(() => journal.reveal('authority', 'sk_s', 'authority')).toThrow('This value is no longer kept')
    expect(journal.reveal('server', 'sk_s', 'server')).toBe(membersOf(run.moments[2])['sk_s'])
    expect(journal.reveal('authority', 'id_s', 'authority')).toBe('ID-Server')
    expect(journal.list().map(({ id }) => id)).toEqual(['authority', 'server'])
    expect(forgotten).toEqual([{ role: 'authority' }])
  })

  it('is forgotten with its connection, says so, and those of another connection are not', () => {
    const { journal, forgotten } = makeJournal()
    journal.add(entry(6, 'ended'))
    journal.add(entry(6, 'other', { connection: connectionOf('127.0.0.1:40001') }))
    const whose = { role: 'server', connection: connectionOf('127.0.0.1:40000') } as const
    journal.forgetSecrets(whose)
    expect(() => journal.reveal('ended', 'k_sess', 'server')).toThrow('its session has ended')
    expect(journal.reveal('ended', 'lifetime_sess', 'server')).toBe(60)
    expect(journal.reveal('other', 'k_sess', 'server')).toHaveLength(8)
    expect(forgotten).toEqual([whose])
    const [ended, other] = journal.list()
    const marks = (shown: Hl1Entry | undefined) =>
      Object.fromEntries(shown!.members.map(({ name, forgotten: mark }) => [name, mark]))
    expect(marks(ended)).toMatchObject({ k_sess: true, lifetime_sess: undefined })
    expect(marks(other)).toMatchObject({ k_sess: undefined })
    expect(text(ended!)).not.toContain(String(membersOf(run.moments[6])['k_sess']))
  })

  it('goes with its record', () => {
    const { journal } = makeJournal()
    journal.add(entry(6, 'first'))
    for (let count = 0; count < 2_000; count++) journal.add(entry(3, `r${count}`))
    expect(() => journal.reveal('first', 'k_sess', 'server')).toThrow(
      expect.objectContaining({ code: 'unknown_record' }),
    )
  })
})
