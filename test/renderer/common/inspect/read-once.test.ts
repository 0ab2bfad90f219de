/** What was read is kept while it is asked for: with many lists open none is read anew for each verdict. */
import { beforeEach, expect, it } from 'vitest'
import { toUtf8, type Bytes } from '#shared/bytes'
import { writeElement } from '#shared/crypto/encodings/der'
import { forgetRead, readListOnce } from '../../../../renderer/common/inspect/worker/read-once'
import { bits, context, extension, integer, oid, sequence, set, utf8 } from '../../../support/der'

const SIGNS = sequence(oid('1.2.840.113549.1.1.11'), writeElement(0x05))
const ISSUER = sequence(set(sequence(oid('2.5.4.3'), utf8('I'))))
const time = (text: string): Bytes => writeElement(0x17, toUtf8(text))

function list(number: number, signatureBytes = 8): Bytes {
  const numbered = extension('2.5.29.20', integer(number.toString(16).padStart(4, '0')))
  const part = sequence(
    ...[integer('01'), SIGNS, ISSUER, time('260101000000Z'), time('360101000000Z')],
    context(0, true, sequence(numbered)),
  )
  return sequence(part, SIGNS, bits(new Uint8Array(signatureBytes)))
}

beforeEach(forgetRead)

it('a hundred lists are read once, however often they are asked for', () => {
  const lists = Array.from({ length: 100 }, (_, number) => list(number + 1))
  const first = lists.map(readListOnce)
  expect(new Set(first).size).toBe(100)
  const again = lists.map((der) => readListOnce(der.slice()))
  expect(again.every((read, index) => read === first[index])).toBe(true)
})
