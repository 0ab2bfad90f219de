/** What crossed, put together from what both ends have recorded. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Hl1Entry } from '#shared/hl1/types'
import { runOf } from '#shared/proof/run'
import { connectionOf } from '../../support/context'
import { flip } from '../../support/handshake'
import { recordedRun } from '../../support/proof-records'

let entries: readonly Hl1Entry[]
beforeAll(async () => {
  const recorded = await recordedRun('modern')
  // The clock of a run in memory stands still.
  entries = recorded.entries.map((entry, index) => ({ ...entry, at: entry.at + index }))
})

const stepsOf = (given: readonly Hl1Entry[]): readonly number[] =>
  runOf(given).messages.map(({ step }) => step)
const ofRole = (role: string): readonly Hl1Entry[] => entries.filter((entry) => entry.role === role)

describe('messages', () => {
  it('are one each, in their order, whichever end’s records come first', () => {
    const all = [1, 2, 3, 4, 5, 6, 7, 8]
    expect(stepsOf(entries)).toEqual(all)
    expect(stepsOf([...ofRole('client'), ...ofRole('server'), ...ofRole('authority')])).toEqual(all)
    expect(stepsOf([...ofRole('server'), ...ofRole('authority'), ...ofRole('client')])).toEqual(all)
    const { messages, views } = runOf(entries)
    expect(messages.every(({ sent, received }) => sent && received)).toBe(true)
    expect(views.map(({ name, isWhole, isApart }) => [name, isWhole, isApart])).toEqual([
      ['connection1', true, false],
      ['connection2', true, false],
    ])
    expect(messages.map(({ file }) => file).slice(0, 3)).toEqual([
      'frames/01-step1-server-authority.bin',
      'frames/02-step2-authority-server.bin',
      'frames/03-step3-client-server.bin',
    ])
  })

  it('of one end alone are that end’s', () => {
    const { messages, views } = runOf(ofRole('client'))
    expect(messages.map(({ step, from, to }) => `${step} ${from} ${to}`)).toEqual([
      '3 client server',
      '4 server client',
      '5 client server',
      '6 server client',
      '7 client server',
      '8 server client',
    ])
    expect(views.map(({ isWhole }) => isWhole)).toEqual([false])
  })

  it('that were changed on the way have the receiver’s frame, the sender’s beside it, and a view at each end', () => {
    const changed = entries.map((entry) =>
      entry.step === 4 && entry.direction === 'received' ? { ...entry, frame: flip(entry.frame, 30) } : entry,
    )
    const { messages, views, viewOf } = runOf(changed)
    const step4 = messages.find(({ step }) => step === 4)!
    expect(step4.asSent?.bytes).toEqual(entries.find(({ step }) => step === 4)!.frame)
    expect(step4.frame).toEqual(flip(step4.asSent!.bytes, 30))
    expect(step4.asSent?.file).toBe('frames/04-step4-server-client-as-sent.bin')
    expect(views.map(({ name }) => name)).toEqual(['connection1', 'connection2-server', 'connection2-client'])
    expect(viewOf.get(step4)?.name).toBe('connection2-client')
    expect(viewOf.get(messages.find(({ step }) => step === 5)!)?.name).toBe('connection2-server')
  })

  it('that came twice, or never, keep their place', () => {
    const [step7] = entries.filter(({ step, direction }) => step === 7 && direction === 'received')
    const again = { ...step7!, id: 'again', at: step7!.at + 1 }
    expect(stepsOf([...entries, again])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 7])
    expect(runOf([...entries, again]).messages.at(-1)).toMatchObject({
      label: 'step 7 (message 9)',
      sent: undefined,
    })
    const lost = entries.filter(({ step, direction }) => step !== 6 || direction === 'sent')
    expect(stepsOf(lost)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('of several connections are told apart by number, and numbers have as many digits as it takes', () => {
    const many = Array.from({ length: 13 }, (_, index) =>
      entries.map((entry) => ({
        ...entry,
        connection: connectionOf(`${entry.connection.id}${index}`, entry.connection),
      })),
    ).flat()
    const own = many.map((entry, index) => ({
      ...entry,
      connection: {
        ...entry.connection,
        id: `${entries[index % entries.length]!.connection.id} ${Math.floor(index / entries.length)}`,
      },
    }))
    const { messages, views } = runOf(own)
    expect(views).toHaveLength(26)
    expect(messages).toHaveLength(104)
    expect(messages[0]?.file).toBe('frames/001-step1-server-authority.bin')
    expect(new Set(messages.map(({ file }) => file)).size).toBe(104)
  })
})

describe('records that are none of HL/1', () => {
  it.each([
    ['a role', { role: '../client' }],
    ['an acceptor', { connection: connectionOf('x', { acceptor: '$(touch x)' }) }],
    ['a suite', { suite: 'toString' }],
    ['a step', { step: 9 }],
    ['no whole step', { step: 1.5 }],
    ['no time', { at: Number.NaN }],
    ['a code', { outcome: { ok: false, code: "'; touch x", message: '' } }],
  ])('are refused: %s', (_what, change) => {
    const [first] = ofRole('client')
    const wrong = { ...first, ...change } as unknown as Hl1Entry
    expect(() => runOf([wrong])).toThrow(expect.objectContaining({ code: 'bad_argument' }))
  })
})
