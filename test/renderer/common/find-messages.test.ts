import { expect, it } from 'vitest'
import { findMessages, nextFind } from '../../../renderer/common/message/find-messages'
import { entryOf } from './support'

const log = async () => [await entryOf(3), await entryOf(5), await entryOf(6, 'sent'), await entryOf(7)]

it('finds messages by title, step, key, member, value, peer and result, in whatever letters', async () => {
  const entries = await log()
  for (const [query, found] of [
    ['session KEY', [2]],
    ['step 5', [1]],
    ['K_boot', [0]],
    ['k_sess', [2, 3]],
    ['id-client', [0, 1, 2]],
    ['DES-CBC', [0, 2, 3]],
    ['nowhere', []],
    ['  ', []],
  ] as const)
    expect(findMessages(entries, query), query).toEqual(found)
})

it('never looks into a secret, revealed or not', async () => {
  const [, , entry] = await log()
  const secret = entry!.members.find(({ name }) => name === 'k_sess')!.value as Uint8Array
  const revealed = {
    ...entry!,
    members: entry!.members.map((member) =>
      member.name === 'k_sess' ? { ...member, value: 'SECRET' } : member,
    ),
  }
  expect(secret).toBeInstanceOf(Uint8Array)
  expect(findMessages([revealed], 'SECRET')).toEqual([])
})

it('goes round, from wherever the list is', () => {
  expect([
    nextFind([1, 4], 2, 1),
    nextFind([1, 4], 4, 1),
    nextFind([1, 4], 2, -1),
    nextFind([1, 4], 0, -1),
  ]).toEqual([...[4, 1, 1, 4]])
  expect(nextFind([], 0, 1)).toBeUndefined()
})
