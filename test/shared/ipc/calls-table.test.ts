/** SECURITY.md says of every call who may make it and who decides: as the contract does, and of none that there is not. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { CALLS } from '#shared/ipc/contract'

const text = readFileSync(resolve(import.meta.dirname, '../../../SECURITY.md'), 'utf8')
const section = /^## What a page may ask\n([\s\S]*?)\n## /m.exec(text)?.[1] ?? ''
const rows = [...section.matchAll(/^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, call = '', windows = '', , gets = '', decides = '']) => ({ call, windows, gets, decides }),
)

it('has a row for every call, and no other', () => {
  expect(rows.map(({ call }) => call)).toEqual(Object.keys(CALLS))
})

it.each(Object.entries(CALLS))('says of %s what the contract says', (name, { windows, decides }) => {
  const row = rows.find(({ call }) => call === name)
  expect(row).toMatchObject({ windows: typeof windows === 'string' ? windows : windows.join(', '), decides })
  expect(row?.gets.trim()).not.toBe('')
})
