/** Keys files are written and read alike, and whatever else is in one is refused with its line. */
import { describe, expect, it } from 'vitest'
import {
  keyBook,
  KEYS_FILE_BOUNDS,
  partId,
  readKeysFile,
  writeKeysFile,
  type KeysFile,
} from '#shared/capture/keys-file'
import { LabError } from '#shared/errors'
import { seededRandom } from '../../support/environment'

const draw = seededRandom('keys')
const ID = 'ab'.repeat(32)
const FIRST = 'handshake-lab-keys 1'

const FILE: KeysFile = {
  keys: [
    { symbol: 'K_boot', connection: undefined, key: draw(8) },
    { symbol: 'Z', connection: ID, key: draw(32) },
    { symbol: 'K_tmp1', connection: ID, key: draw(8) },
  ],
  opened: [
    { part: ID, plaintext: draw(100) },
    { part: 'cd'.repeat(32), plaintext: new Uint8Array() },
  ],
}

it('what is written is read, with any line ends, comments and spaces', () => {
  const text = writeKeysFile(FILE, 'Handshake Lab 0.0.0')
  expect(readKeysFile(text).keys).toEqual(FILE.keys)
  expect(readKeysFile(text).opened).toEqual([FILE.opened[0]!, FILE.opened[1]!])
  expect(readKeysFile(text.replaceAll('\n', '\r\n'))).toEqual(readKeysFile(text))
  expect(readKeysFile(text.replaceAll(' ', '  ').replace('handshake-lab-keys  1', FIRST))).toEqual(
    readKeysFile(text),
  )
})

it('no line is there twice, and the application can’t add one', () => {
  const text = writeKeysFile(
    { keys: [FILE.keys[0]!, FILE.keys[0]!], opened: [] },
    `a\nkey Z * ${'00'.repeat(32)}`,
  )
  expect(text.match(/^key /gm)).toHaveLength(1)
})

it('keys are found by connection, its own before those of all, and plaintexts by the part that holds them', () => {
  const [own, common, other] = [draw(32), draw(32), draw(32)]
  const part = draw(256)
  const book = keyBook({
    keys: [
      { symbol: 'Z', connection: undefined, key: common },
      { symbol: 'Z', connection: ID, key: own },
      { symbol: 'Z', connection: ID, key: other },
    ],
    opened: [{ part: partId(part), plaintext: own }],
  })
  expect(book.keys(ID, 'Z')).toEqual([own, other, common])
  expect(book.keys('another', 'Z')).toEqual([common])
  expect(book.keys(ID, 'K_boot')).toEqual([])
  expect([book.plaintext(part), book.plaintext(own)]).toEqual([own, undefined])
})

describe('refused, with the line', () => {
  const key = '00'.repeat(8)
  it.each([
    ['', 1],
    ['handshake-lab-keys 2', 1],
    [` ${FIRST}`, 1],
    [`${FIRST}\nsecret K_boot * ${key}`, 2],
    [`${FIRST}\n\n# all right\nkey SK_CA * ${key}`, 4],
    [`${FIRST}\nkey PK_S * ${key}`, 2],
    [`${FIRST}\nkey constructor * ${key}`, 2],
    [`${FIRST}\nkey K_boot ${ID.toUpperCase()} ${key}`, 2],
    [`${FIRST}\nkey K_boot * ${key}00`, 2],
    [`${FIRST}\nkey K_boot * ${key} ${key}`, 2],
    [`${FIRST}\nkey K_boot *`, 2],
    [`${FIRST}\nopened ${ID} 0`, 2],
    [`${FIRST}\nopened ${ID.slice(1)} 00`, 2],
    [`${FIRST}\n${' '.repeat(KEYS_FILE_BOUNDS.lineLength + 1)}`, 2],
    [`${FIRST}${'\n'.repeat(KEYS_FILE_BOUNDS.lines)}`, KEYS_FILE_BOUNDS.lines + 1],
    ['x'.repeat(KEYS_FILE_BOUNDS.length + 1), 1],
  ])('%#', (text, line) => {
    let error: unknown
    try {
      readKeysFile(text)
    } catch (reason) {
      error = reason
    }
    expect(error).toBeInstanceOf(LabError)
    expect((error as LabError).code).toBe('bad_keys_file')
    expect((error as LabError).details.line).toBe(line)
    expect((error as LabError).message).toContain(`line ${line}`)
  })
})
