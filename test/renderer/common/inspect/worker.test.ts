import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { toFault } from '#shared/errors'
import type { FailureReport } from '#shared/failure'
import { elementValue, readStructure } from '../../../../renderer/common/inspect/structure/reading'
import { forgetInspected, inspect } from '../../../../renderer/common/inspect/worker/inspect'
import { hex, standInForWorker } from './support'

const told: { readonly where: string; readonly failure: FailureReport }[] = []
beforeEach(() => {
  standInForWorker()
  told.length = 0
  vi.stubGlobal('window', {
    lab: {
      call: async (name: string, argument: (typeof told)[number]) => {
        expect(name).toBe('log:report')
        told.push(argument)
        return { ok: true, value: undefined }
      },
    },
  })
})
afterEach(() => {
  forgetInspected()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('what goes wrong crosses with its code and its place', async () => {
  const fault = await inspect('readStructure', hex('30 03 02 05 01')).catch(toFault)
  expect(fault).toMatchObject({ code: 'bad_der', offset: 2 })
  expect(told).toEqual([])
})

it('what nobody has foreseen is logged by its class and place, and nothing of a file with it', async () => {
  // A caller's mistake: what is no bytes can't be opened. The engine's message would quote it.
  const secret = 'text of a file'
  const { code, message } = toFault(
    await inspect('openFile', secret as never, 'a file').catch((error) => error),
  )
  expect(code).toBe('internal_error')
  expect(message).not.toContain(secret)
  const [{ where, failure } = { where: '', failure: undefined }, ...more] = told
  expect(more).toEqual([])
  expect(where).toBe('In the worker that reads.')
  expect(failure).toEqual({ name: 'TypeError', frames: expect.any(Array) as unknown })
  expect(failure?.frames.join('\n')).toContain('openFile')
  expect(JSON.stringify(told)).not.toContain(secret)
})

it('a worker that was ended gives up what was under way, and begins anew when it is asked', async () => {
  const waiting = inspect('readStructure', hex('05 00')).catch(toFault)
  forgetInspected()
  expect(await waiting).toMatchObject({ code: 'inspect_stopped' })
  expect((await inspect('readStructure', hex('05 00'))).numbers.length).toBeGreaterThan(0)
})

it('details of an element come even when the worker has forgotten the structure', async () => {
  const packed = await readStructure(hex('30 03 02 01 07'), undefined)
  await readStructure(hex('05 00'), undefined)
  expect((await elementValue(packed, 1)).text).toBe('7')
})

it('a structure is read once, and again after it could not be read', async () => {
  const bytes = hex('30 03 02 01 07')
  expect(await readStructure(bytes, undefined)).toBe(await readStructure(bytes, undefined))
})

it('reading without end is ended', async () => {
  vi.useFakeTimers()
  vi.stubGlobal(
    'Worker',
    class extends EventTarget {
      postMessage(): void {}
      terminate(): void {}
    },
  )
  const waiting = inspect('readStructure', hex('05 00')).catch(toFault)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await waiting).toMatchObject({ code: 'inspect_timeout' })
})

it('a worker that breaks down is said to have, and replaced', async () => {
  const broken: EventTarget[] = []
  vi.stubGlobal(
    'Worker',
    class extends EventTarget {
      constructor() {
        super()
        broken.push(this)
      }
      postMessage(): void {}
      terminate(): void {}
    },
  )
  const waiting = inspect('readStructure', hex('05 00')).catch(toFault)
  broken[0]!.dispatchEvent(new Event('error'))
  expect(await waiting).toMatchObject({ code: 'inspect_failed' })
  expect(told.map(({ where }) => where)).toEqual(['In the worker that reads.'])
  standInForWorker()
  expect((await inspect('readStructure', hex('05 00'))).type).toBeUndefined()
})
