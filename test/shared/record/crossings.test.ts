/** What two ends have recorded of a connection is put together without comparing each frame with each. */
import { expect, it } from 'vitest'
import { crossings } from '#shared/record/crossings'
import type { JournalEntry } from '#shared/record/record'

let clock = 0
function entry(role: 'client' | 'server', direction: 'sent' | 'received', frame: Uint8Array): JournalEntry {
  const at = ++clock
  return {
    kind: 'message',
    step: 7,
    role,
    direction,
    frame,
    at,
    id: `record-${at}`,
  } as unknown as JournalEntry
}

/** A frame of which every byte that is read is counted. */
function counted(frame: Uint8Array, read: () => void): Uint8Array {
  return new Proxy(frame, {
    get: (of, key) => {
      if (typeof key === 'string' && /^\d+$/.test(key)) read()
      const value: unknown = Reflect.get(of, key, of)
      return typeof value === 'function' ? value.bind(of) : value
    },
  })
}

it('joins a received frame to the first that was sent so, then by step', () => {
  const [one, other] = [Uint8Array.of(1), Uint8Array.of(2)]
  const sent = [entry('client', 'sent', one), entry('client', 'sent', other), entry('client', 'sent', one)]
  const received = [entry('server', 'received', other.slice()), entry('server', 'received', Uint8Array.of(3))]
  const found = crossings([...sent, ...received])
  const joined = received.map((entry) => found.find((each) => each.received === entry)?.sent)
  expect(joined).toEqual([sent[1], sent[0]])
  expect(found).toHaveLength(3)
})

it('reads frames that many records share once, however alike they are', () => {
  let reads = 0
  const length = 1_000
  const [one, other] = [new Uint8Array(length), new Uint8Array(length).fill(1, length - 4)]
  const [a, b] = [counted(one, () => reads++), counted(other, () => reads++)]
  const all = Array.from({ length: 200 }, () => [entry('client', 'sent', a), entry('server', 'received', b)])
  expect(crossings(all.flat())).toHaveLength(200)
  expect(reads).toBeLessThan(5 * length)
})
