/** The table of codes and the code agree: each code is used, and each says what it means. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ERROR_CODES, isForeseen, LabError, orUndefined, otherwise, toFault } from '#shared/errors'
import { readElement } from '#shared/crypto/encodings/der'
import { ALERT_CODES } from '#shared/hl1/alert-codes'
import { ProtocolError } from '#shared/hl1/alerts'

const ROOT = resolve(import.meta.dirname, '../..')
const TABLE = join(ROOT, 'shared', 'errors.ts')

const sources = ['shared', 'main', 'renderer', 'bench'].flatMap((room) =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
    .map((path) => join(ROOT, room, path))
    .filter((path) => /\.(ts|vue)$/.test(path) && path !== TABLE),
)
const code = sources.map((path) => readFileSync(path, 'utf8')).join('\n')

it.each(Object.entries(ERROR_CODES))('%s is used, and has a sentence', (name, meaning) => {
  expect(code).toMatch(new RegExp(`'${name}'`))
  expect(meaning).toMatch(/^[A-Z].*\.$/)
})

it('every code is written alike, and an alert’s is not explained twice', () => {
  for (const name of Object.keys(ERROR_CODES)) expect(name).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/)
  const both = Object.keys(ERROR_CODES).filter((name) => Object.hasOwn(ALERT_CODES, name))
  expect(both).toEqual(['internal_error'])
})

it('a code that is in no table does not compile', () => {
  // @ts-expect-error a typing error, on purpose
  expect(new LabError('port_in_us', 'x').code).toBe('port_in_us')
  // @ts-expect-error no alert has this code
  expect(new ProtocolError({ code: 'port_in_use', step: 1, message: 'x' }).step).toBe(1)
  // @ts-expect-error no error has this code
  expect(new LabError('cancelled', 'x').code === 'canceled').toBe(false)
})

it('that a part of the app is gone is known by how Node and Chromium say it, and no other error is taken for it', () => {
  const node = Object.assign(new Error('Cannot find module'), { code: 'ERR_MODULE_NOT_FOUND' })
  const page = new TypeError('Failed to fetch dynamically imported module: app://lab/x.js')
  for (const error of [node, page])
    expect(toFault(error)).toMatchObject({
      code: 'part_missing',
      message: expect.stringContaining('Quit Handshake Lab and start it again') as string,
    })
  const others = [
    new TypeError('x'),
    Object.assign(new Error('x'), { code: 'ENOENT' }),
    'ERR_MODULE_NOT_FOUND',
  ]
  for (const error of others) expect(toFault(error).code).toBe('internal_error')
})

it('a foreseen error is one that the project throws on purpose', () => {
  expect(isForeseen(new LabError('cancelled', 'x'))).toBe(true)
  expect(isForeseen(new ProtocolError({ code: 'replayed', step: 1, message: 'x' }))).toBe(true)
  // A peer's word that it has failed is foreseen, this program's own failure is not.
  const failed = { code: 'internal_error', step: 1, message: 'x' } as const
  expect(isForeseen(new ProtocolError(failed, { origin: 'peer' }))).toBe(true)
  expect(isForeseen(new ProtocolError(failed))).toBe(false)
  for (const error of [new LabError('internal_error', 'x'), new TypeError('x'), 'x', undefined])
    expect(isForeseen(error)).toBe(false)
})

describe('what is taken for bad input', () => {
  const bad = [
    new LabError('bad_der', 'x'),
    new ProtocolError({ code: 'malformed', step: 1, message: 'x' }),
    new SyntaxError('x'),
    new DOMException('x', 'OperationError'),
    new Error('x'),
  ]
  it.each(bad)('is %s', async (error) => {
    const read = (): never => {
      throw error
    }
    expect(orUndefined(read)).toBeUndefined()
    expect(await Promise.reject(error).catch(otherwise(false))).toBe(false)
  })

  const own = [
    new LabError('internal_error', 'x'),
    new TypeError('x'),
    new RangeError('x'),
    new ReferenceError('x'),
  ]
  it.each(own)('is not %s, which is the program’s own', async (error) => {
    const read = (): never => {
      throw error
    }
    expect(() => orUndefined(read)).toThrow(error)
    await expect(Promise.reject(error).catch(otherwise(false))).rejects.toBe(error)
  })
})

describe('an error as a fault', () => {
  it('has its code and message', () => {
    expect(toFault(new LabError('no_key', 'There is none.'))).toEqual({
      code: 'no_key',
      message: 'There is none.',
    })
  })

  it('has what the error says besides: the step, a free port, the place in bytes', () => {
    const refused = new ProtocolError({ code: 'stale_timestamp', step: 1, message: 'Too old.' })
    expect(toFault(refused)).toEqual({ code: 'stale_timestamp', message: 'Too old.', step: 1 })
    const taken = new LabError('port_in_use', 'Taken.', { cause: new Error('x'), freePort: 17_403 })
    expect(toFault(taken)).toEqual({ code: 'port_in_use', message: 'Taken.', freePort: 17_403 })
    expect(taken.cause).toBeInstanceOf(Error)
    const unreadable = orError(() => readElement(Uint8Array.of(0x30, 5, 0)))
    expect(toFault(unreadable)).toMatchObject({ code: 'bad_der', offset: 0 })
  })

  it('says nothing of the program’s inside', () => {
    for (const error of [new TypeError('x is not a function'), 'text', undefined, { code: 'EPIPE' }]) {
      expect(toFault(error)).toEqual({
        code: 'internal_error',
        message: 'The program failed on its own account. Start it again if this goes on.',
      })
    }
  })
})

function orError(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    return error
  }
}
