import { expect, it, vi } from 'vitest'
import type { Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import type { CallsOf } from '#shared/ipc/contract'
import { linkPipe } from '../../../../renderer/client/walk/link-pipe'
import { CallError, type Call } from '../../../../renderer/common/call'

const NEVER = new AbortController().signal
const ONE: Bytes = new Uint8Array([1])

function make(answer: (name: string) => unknown) {
  const call = vi.fn(async (name: string) => answer(name))
  return { call, pipe: linkPipe(7, call as unknown as Call<CallsOf<'client'>>) }
}

it('sends nothing any more once it was given up', async () => {
  const { call, pipe } = make(() => undefined)
  await expect(pipe.write(ONE, AbortSignal.abort(new Error('Enough.')))).rejects.toThrow('Enough.')
  await expect(pipe.read(AbortSignal.abort(new Error('Enough.')))).rejects.toThrow('Enough.')
  expect(call).not.toHaveBeenCalled()
})

it('a read that was given up loses nothing: the next one gets what it brings', async () => {
  let arrive: (bytes: Bytes | undefined) => void = () => undefined
  const { call, pipe } = make(() => new Promise((resolve) => (arrive = resolve)))
  const enough = new AbortController()
  const first = pipe.read(enough.signal)
  enough.abort(new Error('Enough.'))
  await expect(first).rejects.toThrow('Enough.')
  arrive(ONE)
  expect(await pipe.read(NEVER)).toBe(ONE)
  expect(call).toHaveBeenCalledTimes(1)
  const second = pipe.read(NEVER)
  arrive(undefined)
  expect(await second).toBeUndefined()
  expect(call).toHaveBeenCalledTimes(2)
})

it('tells what main refused by the code that the drivers know', async () => {
  const { pipe } = make(() => {
    throw new CallError({ code: 'connection_closed', message: 'This connection is closed.' })
  })
  await expect(pipe.read(NEVER)).rejects.toSatisfy(
    (error: unknown) => error instanceof LabError && error.code === 'connection_closed',
  )
})
