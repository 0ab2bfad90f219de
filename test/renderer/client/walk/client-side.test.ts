/** The client's end of the walk: what it keeps of connections, and says of what it keeps no longer. */
import { expect, it } from 'vitest'
import type { Client } from '#shared/hl1/drivers/client'
import type { Hl1Entry } from '#shared/hl1/types'
import type { connectClient } from '../../../../renderer/client/walk/client-role'
import { ClientSide, type ClientSurroundings } from '../../../../renderer/client/walk/client-side'
import { connectionOf, expectNone } from '../../../support/context'

const entry = (id: number): Hl1Entry =>
  ({ id: String(id), frame: new Uint8Array(), ranges: [], members: [] }) as unknown as Hl1Entry

function open() {
  let record: (entry: Hl1Entry) => void = expectNone
  const client = {
    state: { next: { act: 'end' } },
    connection: connectionOf('1'),
    open: () => new Promise(() => undefined),
    close: () => undefined,
  } as unknown as Client
  const connect: typeof connectClient = async ({ onRecord }) => {
    record = onRecord
    return client
  }
  const around = {
    loadClient: async () => ({ connectClient: connect }),
    clock: { monotonic: () => 0, after: () => () => undefined },
    onForgotten: () => undefined,
  } as unknown as ClientSurroundings
  const side = new ClientSide(around, () => undefined, expectNone)
  return { side, record: (id: number) => record(entry(id)) }
}

it('says that older records are gone on every later connection too, until nothing is left of what was', async () => {
  const { side, record } = open()
  await side.connect()
  for (let id = 0; id < 500; id++) record(id)
  expect(side.hasDropped).toBe(false)
  record(500)
  expect(side.hasDropped).toBe(true)
  await side.connect()
  expect([side.records.length, side.earlier.length, side.hasDropped]).toEqual([0, 500, true])
  side.forget()
  expect([side.earlier.length, side.hasDropped]).toEqual([0, false])
})
