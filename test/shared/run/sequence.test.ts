/** What each end of a connection has recorded, held to the protocol's order; and what came to one end, to what the other has sent. */
import { beforeAll, describe, expect, it } from 'vitest'
import { buildAlert } from '#shared/hl1/message'
import { journalEntry } from '#shared/hl1/drivers/conversation'
import type { Role } from '#shared/hl1/roles'
import { SUITE_NAMES } from '#shared/hl1/suites'
import type { Hl1Entry } from '#shared/hl1/types'
import { crossingsOf } from '#shared/run/crossings'
import { keptWhole } from '#shared/run/kept-whole'
import type { Run } from '#shared/run/run'
import { followEnds } from '#shared/run/sequence'
import { fakeEnvironment } from '../../support/environment'
import { recordedRun } from '../../support/proof-records'

/** Only what these look at. */
const runOf = (records: readonly Hl1Entry[], changes: Partial<Run> = {}): Run => {
  const { to } = records.find(({ connection }) => connection.acceptor === 'server')!.connection
  return { records, authority: { address: to }, server: { address: to }, ...changes } as unknown as Run
}

describe.each(SUITE_NAMES)('the records of a run in %s', (suite) => {
  let entries: readonly Hl1Entry[]
  beforeAll(async () => {
    const recorded = await recordedRun(suite)
    entries = recorded.entries.map((entry, place) => ({ ...entry, id: `${entry.role}-${place + 1}` }))
  })

  const at = (role: Role, direction: Hl1Entry['direction'], step: number): number =>
    entries.findIndex((entry) => entry.role === role && entry.direction === direction && entry.step === step)
  const without = (...places: readonly number[]): readonly Hl1Entry[] =>
    entries.filter((_, place) => !places.includes(place))
  const faultsOf = (records: readonly Hl1Entry[]): readonly string[] =>
    followEnds(records, keptWhole(records)).faults
  /** Somebody refuses a message, and the alert of that. */
  const refusalOf = (place: number): readonly [Hl1Entry, Hl1Entry] => {
    const entry = entries[place]!
    const refusal = { code: 'replayed', message: 'It was seen before.' } as const
    const { record } = buildAlert(entry, { ...refusal, step: entry.step }, fakeEnvironment())
    return [
      { ...entry, outcome: { ok: false, ...refusal } },
      { ...journalEntry(record, entry.connection), id: `${entry.role}-100` },
    ]
  }

  it('follow one another as the protocol has it', () => {
    expect(faultsOf(entries)).toEqual([])
    expect(crossingsOf(runOf(entries), new Set())).toEqual([])
  })

  it('say which step is missing', () => {
    expect(faultsOf(without(at('server', 'sent', 4)))).toEqual([
      expect.stringMatching(/^Step 5 \(server-\d+\) comes to the server where it was to send step 4\.$/),
    ])
    expect(faultsOf(without(at('server', 'received', 5)))).toEqual([
      expect.stringMatching(/^The server sends step 6 \(server-\d+\) where step 5 was to come to it\.$/),
    ])
  })

  it('say that a step is there twice', () => {
    const last = at('server', 'sent', 8)
    expect(faultsOf(entries.toSpliced(last + 1, 0, { ...entries[last]!, id: 'again-1' }))).toEqual([
      expect.stringMatching(/^The server sends step 8 twice \(server-\d+, again-1\), and nothing has come/),
    ])
    const request = at('server', 'received', 7)
    expect(faultsOf(entries.toSpliced(request, 0, { ...entries[request]!, id: 'again-1' }))).toEqual([
      expect.stringMatching(
        /^Step 7 comes to the server twice \(again-1, server-\d+\), and it has answered nothing/,
      ),
    ])
  })

  it('begin with the first step, but where the oldest had to go', () => {
    const first = at('server', 'received', 3)
    expect(faultsOf(without(first))).toEqual([
      expect.stringMatching(
        /^What the server has recorded of the connection from .* begins with step 4 \(server-\d+\)/,
      ),
    ])
    const { faults, inside } = followEnds(without(first), { ofListeners: false, mayBeginInside: () => true })
    expect(faults).toEqual([])
    expect([...inside]).toEqual([`${entries[first]!.connection.id} server`])
  })

  it('have an alert behind each refusal, and a refusal before each alert, but for those that say something else', () => {
    const request = at('server', 'received', 7)
    const before = entries.slice(0, request)
    const [refused, alert] = refusalOf(request)
    expect(faultsOf([...before, refused, alert])).toEqual([])
    expect(faultsOf([...before, refused])).toEqual([
      expect.stringMatching(/^The server refuses step 7 \(server-\d+\), and no alert of its own follows\.$/),
    ])
    expect(faultsOf([...before, alert])).toEqual([
      expect.stringMatching(
        /^The server sends an alert about step 7 \(server-100\), and has refused nothing/,
      ),
    ])
    const [, another] = refusalOf(at('server', 'received', 5))
    const otherWords = { ...another, outcome: { ok: false, code: 'replayed', message: 'Other.' } } as Hl1Entry
    expect(faultsOf([...before, refused, otherWords])).toHaveLength(1)
    const late = { ...alert, outcome: { ok: false, code: 'timeout', message: 'Nothing came.' } } as Hl1Entry
    expect(faultsOf([...before, late])).toEqual([])
    expect(faultsOf([...before, refused, alert, { ...refused, id: 'server-101' }])).toEqual([
      expect.stringMatching(/^The server goes on with step 7 \(server-101\) after an alert about step 7/),
    ])
  })

  it('stand in the order in which they were numbered, and by the clock that is never set', () => {
    const [one, other] = [at('server', 'received', 5), at('server', 'sent', 6)]
    const renamed = entries.map((entry, place) =>
      place === one
        ? { ...entry, id: entries[other]!.id }
        : place === other
          ? { ...entry, id: entries[one]!.id }
          : entry,
    )
    expect(faultsOf(renamed)).toEqual([
      expect.stringMatching(/stands behind .*, and was recorded before it\.$/),
    ])
    const back = entries.map((entry, place) => (place === other ? { ...entry, monotonic: -1 } : entry))
    expect(faultsOf(back)).toContainEqual(expect.stringMatching(/stands behind .*, and began before it\.$/))
  })

  it('were sent before they came, where the connection led straight to its end', () => {
    const [sent, came] = [at('client', 'sent', 7), at('server', 'received', 7)]
    const swapped = entries.map((_, place) => entries[place === sent ? came : place === came ? sent : place]!)
    expect(crossingsOf(runOf(swapped), new Set())).toContainEqual(
      expect.stringMatching(
        /^Step 7 \(server-\d+\) comes to the server before the client has sent it \(client-\d+\)\.$/,
      ),
    )
    // The app has put it there by the clock of the client, which was ahead.
    const ahead = swapped.map((entry) => (entry === entries[sent] ? { ...entry, at: entry.at + 5 } : entry))
    expect(crossingsOf(runOf(ahead), new Set())).toEqual([])
    expect(crossingsOf(runOf(without(at('server', 'sent', 8))), new Set())).toEqual([
      expect.stringMatching(
        /^Step 8 \(client-\d+\) has come to the client, and the server has never sent it\.$/,
      ),
    ])
  })

  it('may come from somebody else where somebody was in the middle', () => {
    const records = without(at('server', 'sent', 8))
    const answer = entries[at('client', 'received', 8)]!
    const { to } = answer.connection
    const elsewhere = { ...to, port: to.port + 1 }
    // It did not lead straight to the server: whoever stood there has said nothing of it.
    expect(
      crossingsOf(runOf(records, { server: { address: elsewhere } } as Partial<Run>), new Set()),
    ).toEqual([])
    const line = {
      wire: 'server',
      kind: 'passed',
      opener: answer.connection.from,
      connection: answer.connection.id,
    }
    const frame = {
      at: answer.at,
      line: 0,
      from: 'acceptor',
      isOwn: true,
      came: answer.frame,
      fate: 'accepted',
    }
    const adversary = { lines: [line], frames: [frame], deeds: [] } as unknown as Run['adversary']
    expect(crossingsOf(runOf(records, { adversary } as Partial<Run>), new Set())).toEqual([])
  })
})
