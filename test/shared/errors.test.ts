/** The table of codes and the code agree: each code is used, and each says what it means. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { ERROR_CODES, isForeseen, LabError } from '#shared/errors'
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

it('a foreseen error is one that the project throws on purpose', () => {
  expect(isForeseen(new LabError('cancelled', 'x'))).toBe(true)
  expect(isForeseen(new ProtocolError({ code: 'replayed', step: 1, message: 'x' }))).toBe(true)
  for (const error of [new LabError('internal_error', 'x'), new TypeError('x'), 'x', undefined])
    expect(isForeseen(error)).toBe(false)
})
