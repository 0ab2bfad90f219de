import { describe, expect, it } from 'vitest'
import { recordBytes, type MessageRecord } from '#shared/record/record'
import { RecordList } from '#shared/record/record-list'

/** A record whose frame has that many bytes. */
function record(size: number): MessageRecord {
  return {
    protocol: 'any',
    kind: 'message',
    suite: 'classic',
    step: 3,
    role: 'client',
    direction: 'sent',
    at: 0,
    took: 0,
    frame: new Uint8Array(size),
    ranges: [],
    layers: [],
    members: [],
    checks: [],
    outcome: { ok: true },
  }
}

const sizes = (list: RecordList<MessageRecord>): readonly number[] => list.all.map(recordBytes)

describe('a list of records', () => {
  it('keeps so many of the newest', () => {
    const list = new RecordList<MessageRecord>({ count: 3, bytes: 1_000 })
    for (const size of [10, 20, 30, 40, 50]) list.add(record(size))
    expect(sizes(list)).toEqual([30, 40, 50])
    expect(list.hasDropped).toBe(true)
    list.replace([record(10)])
    expect(list.hasDropped).toBe(false)
  })

  it('keeps no more of them than there is room for, and makes room for the next', () => {
    const list = new RecordList<MessageRecord>({ count: 100, bytes: 100 })
    for (const size of [10, 20, 30, 40]) list.add(record(size))
    expect(sizes(list)).toEqual([10, 20, 30, 40])
    list.add(record(25))
    expect(sizes(list)).toEqual([30, 40, 25])
    list.add(record(5))
    expect(sizes(list)).toEqual([30, 40, 25, 5])
  })

  it('keeps a single one of any size', () => {
    const list = new RecordList<MessageRecord>({ count: 100, bytes: 100 })
    list.add(record(10))
    list.add(record(5_000))
    expect(sizes(list)).toEqual([5_000])
    list.add(record(7))
    expect(sizes(list)).toEqual([7])
  })

  it('gives another array after each change, and leaves the last one as it was', () => {
    const list = new RecordList<MessageRecord>({ count: 2, bytes: 100 })
    list.add(record(1))
    const before = list.all
    list.add(record(2))
    expect(before.map(recordBytes)).toEqual([1])
    list.change((each) => ({ ...each, frame: new Uint8Array(50) }))
    expect(sizes(list)).toEqual([50, 50])
    list.add(record(1))
    expect(sizes(list)).toEqual([50, 1])
    list.replace([record(3), record(4), record(5)])
    expect(sizes(list)).toEqual([4, 5])
  })
})
