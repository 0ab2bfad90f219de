import { describe, expect, it } from 'vitest'
import { NameBook } from '#shared/hl1/name-book'

const holder = (port: number) => ({ at: port, from: { address: '127.0.0.1', port }, fingerprint: `f${port}` })
const names = (book: NameBook): readonly string[] => book.list().map(({ name }) => name)

describe('a book of names', () => {
  it('lets one hold a name until it is released, and says why not to others', () => {
    const book = new NameBook()
    const first = book.hold('ID-A')
    expect(first).toHaveProperty('release')
    expect([book.hold('ID-A'), book.look('ID-A'), book.look('ID-B')]).toEqual(['held', 'held', 'free'])
    if (typeof first === 'object') first.release()
    expect(book.look('ID-A')).toBe('free')
    book.give('ID-A', holder(1))
    expect(book.hold('ID-A')).toBe('taken')
  })

  it('takes names that differ in capitals alone for one', () => {
    const book = new NameBook()
    book.hold('ID-A')
    expect(book.hold('id-a')).toBe('held')
    book.give('ID-A', holder(1))
    book.give('Id-a', holder(2))
    expect(book.list()).toEqual([{ name: 'Id-a', ...holder(2), times: 2, isOpen: false }])
  })

  it('gives a name that is open once more, and not a second time', () => {
    const book = new NameBook()
    expect(book.open('ID-A', true)).toBe(false)
    book.give('ID-A', holder(1))
    expect(book.open('id-a', true)).toBe(true)
    const holding = book.hold('ID-A')
    expect(book.hold('ID-A')).toBe('held')
    // Given up before anything was given: it is still open.
    if (typeof holding === 'object') holding.release()
    expect(book.look('ID-A')).toBe('free')
    book.give('ID-A', holder(2))
    expect(book.look('ID-A')).toBe('taken')
    book.open('ID-A', true)
    book.open('ID-A', false)
    expect(book.look('ID-A')).toBe('taken')
  })

  it('that is full holds no new name, and counts those that are held', () => {
    const book = new NameBook(2)
    book.give('ID-A', holder(1))
    const holding = book.hold('ID-B')
    expect([book.hold('ID-C'), book.look('ID-A')]).toEqual(['full', 'taken'])
    if (typeof holding === 'object') holding.release()
    expect(book.look('ID-C')).toBe('free')
    book.give('ID-B', holder(2))
    book.open('ID-A', true)
    expect([book.look('ID-C'), book.look('ID-A')]).toEqual(['full', 'free'])
  })

  it('forgets what was given longest ago where names are given all the same', () => {
    const book = new NameBook(2)
    for (const [index, name] of ['ID-A', 'ID-B', 'ID-A', 'ID-C'].entries()) book.give(name, holder(index))
    expect(names(book)).toEqual(['ID-C', 'ID-A'])
    expect(book.find('ID-B')).toBeUndefined()
  })
})
