/** What in a revocation list can't be read keeps it from being used, and is said: a list that is left out says nothing against anybody. */
import { describe, expect, it } from 'vitest'
import { toUtf8, type Bytes } from '#shared/bytes'
import { writeElement } from '#shared/crypto/encodings/der'
import { readRevocationList } from '#shared/inspect/x509/revocation-list'
import { bits, context, extension, integer, octets, oid, sequence, set, utf8 } from '../../support/der'

const SIGNS = sequence(oid('1.2.840.113549.1.1.11'), writeElement(0x05))
const ISSUER = sequence(set(sequence(oid('2.5.4.3'), utf8('I'))))
const time = (text: string): Bytes => writeElement(0x17, toUtf8(text))
const enumerated = (value: number): Bytes => writeElement(0x0a, Uint8Array.of(value))
const [NUMBER, DELTA, POINT, REASON, ENTRY_ISSUER] = [
  ...['2.5.29.20', '2.5.29.27', '2.5.29.28'],
  ...['2.5.29.21', '2.5.29.29'],
] as const

function list(extensions: readonly Bytes[], ofEntry: readonly Bytes[] = []): Bytes {
  const entry = sequence(
    integer('0a'),
    time('260101000000Z'),
    ...(ofEntry.length > 0 ? [sequence(...ofEntry)] : []),
  )
  const part = sequence(
    integer('01'),
    SIGNS,
    ISSUER,
    time('260101000000Z'),
    time('360101000000Z'),
    sequence(entry),
    ...(extensions.length > 0 ? [context(0, true, sequence(...extensions))] : []),
  )
  return sequence(part, SIGNS, bits(new Uint8Array(256).fill(1)))
}

it('is of use where all of it can be read', () => {
  const read = readRevocationList(
    list([extension(NUMBER, integer(`00${'ff'.repeat(20)}`))], [extension(REASON, enumerated(1))]),
  )
  expect(read.fault).toBeUndefined()
  expect([...read.entries.values()]).toEqual([{ reason: 'keyCompromise', since: Date.UTC(2026, 0, 1) }])
})

describe('is of no use, and still says whom it revokes, where', () => {
  it.each([
    ['its number is too long', [extension(NUMBER, integer(`01${'00'.repeat(21)}`))], []],
    ['its number is negative', [extension(NUMBER, integer('ff'))], []],
    ['its number is none', [extension(NUMBER, octets())], []],
    ['the list that it adds to has no number', [extension(DELTA, integer('80'))], []],
    ['what it is about can’t be read', [extension(POINT, octets())], []],
    ['a reason is none', [], [extension(REASON, octets())]],
    ['whose certificate it is can’t be read', [], [extension(ENTRY_ISSUER, octets())]],
  ] as const)('%s', (_, extensions, ofEntry) => {
    const read = readRevocationList(list(extensions, ofEntry))
    expect(read.fault).toMatch(/\w/)
    expect(read.entries.size).toBe(1)
  })
})
