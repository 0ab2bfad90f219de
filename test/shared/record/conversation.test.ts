/** Records become conversations by their connections, and a conversation is one stream where both ends have seen the same. */
import { describe, expect, it } from 'vitest'
import { streamsOf } from '#shared/capture/streams'
import type { Connection } from '#shared/record/connection'
import { conversationsOf } from '#shared/record/conversation'
import type { JournalEntry } from '#shared/record/record'

const CONNECTION: Connection = {
  id: 'connection-1',
  opener: 'client',
  acceptor: 'server',
  from: { address: '127.0.0.1', port: 40_000 },
  to: { address: '127.0.0.1', port: 17_402 },
  suite: undefined,
}

let clock = 0
function entry(
  role: string,
  direction: 'sent' | 'received',
  text: string,
  connection: Connection = CONNECTION,
): JournalEntry {
  return {
    ...{
      id: `record-${++clock}`,
      protocol: 'HL/1',
      kind: 'message',
      suite: undefined,
      step: 0,
      role,
      direction,
    },
    ...{
      at: clock,
      took: 0,
      frame: new TextEncoder().encode(text),
      ranges: [],
      layers: [],
      members: [],
      checks: [],
    },
    ...{ outcome: { ok: true }, connection },
  }
}

/** Each letter a frame: what the client and the server have said, as both have recorded it; `>` is the client's word. */
function recorded(client: readonly string[], server: readonly string[]) {
  const of = (role: string, words: readonly string[]): readonly JournalEntry[] =>
    words.map((word) =>
      entry(role, word.startsWith('>') === (role === 'client') ? 'sent' : 'received', word.slice(1)),
    )
  const [conversation] = conversationsOf([...of('client', client), ...of('server', server)])
  return streamsOf(conversation!).map(({ side, passages }) => [
    side,
    passages
      .map(({ sender, frame }) => `${sender === 'opener' ? '>' : '<'}${new TextDecoder().decode(frame)}`)
      .join(' '),
  ])
}

describe('conversations', () => {
  it('are told apart by connection, with each end’s records in order, and know the newest suite', () => {
    const other = { ...CONNECTION, id: 'connection-2', opener: undefined }
    const found = conversationsOf([
      entry('client', 'sent', 'a'),
      entry('server', 'received', 'x', other),
      entry('server', 'received', 'a', { ...CONNECTION, suite: 'modern' }),
      entry('server', 'sent', 'b'),
      entry('server', 'sent', 'y', other),
    ])
    expect(
      found.map(({ connection, opener, acceptor }) => [connection.id, opener?.length, acceptor?.length]),
    ).toEqual([
      ['connection-1', 1, 2],
      ['connection-2', undefined, 2],
    ])
    expect(found[1]!.acceptor!.map(({ sender }) => sender)).toEqual(['opener', 'acceptor'])
  })

  it('leave out what has no byte', () => {
    expect(conversationsOf([entry('client', 'received', '')])).toEqual([])
  })
})

describe('streams', () => {
  it.each([
    ['both have seen all', ['>a', '<b', '>c'], ['>a', '<b', '>c'], '>a <b >c'],
    ['one alone has records', [], ['>a', '<b'], '>a <b'],
    ['the last was not read', ['>a', '<b', '>c'], ['>a', '<b'], '>a <b >c'],
    ['the last was read in part', ['>a', '<b', '>cdef'], ['>a', '<b', '>cd'], '>a <b >cdef'],
    ['the oldest records of one are gone', ['>c', '<d'], ['>a', '<b', '>c', '<d'], '>a <b >c <d'],
    ['an alert crossed a request', ['>a', '<b', '>c'], ['>a', '<b', '<x'], '>a <b >c <x'],
  ])('are one where %s', (_, client, server, all) => {
    expect(recorded(client, server)).toEqual([[undefined, all]])
  })

  it.each([
    ['a frame was changed', ['>a', '<b', '>c'], ['>a', '<b', '>d']],
    ['a frame was dropped on its way', ['>a', '<b', '>c', '>e'], ['>a', '<b', '>e']],
    ['a frame was put in at the end', ['>a', '<b'], ['>a', '<b', '>c']],
    ['a frame was put in between', ['>a', '>c', '<b'], ['>a', '>x', '>c', '<b']],
  ])('are two where %s', (_, client, server) => {
    expect(recorded(client, server)).toEqual([
      ['opener', client.join(' ')],
      ['acceptor', server.join(' ')],
    ])
  })
})
