import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { elementValue, readStructure } from '../../../../renderer/common/inspect/structure/reading'
import { forgetInspected, inspect, InspectFault } from '../../../../renderer/common/inspect/worker/inspect'
import { hex, standInForWorker } from './support'

beforeEach(standInForWorker)
afterEach(() => {
  forgetInspected()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('what goes wrong crosses with its code and its place', async () => {
  const fault = await inspect('readStructure', hex('30 03 02 05 01')).catch(InspectFault.from)
  expect(fault).toMatchObject({ code: 'bad_der', offset: 2 })
})

it('a worker that was ended gives up what was under way, and begins anew when it is asked', async () => {
  const waiting = inspect('readStructure', hex('05 00')).catch(InspectFault.from)
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
  const waiting = inspect('readStructure', hex('05 00')).catch(InspectFault.from)
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
  const waiting = inspect('readStructure', hex('05 00')).catch(InspectFault.from)
  broken[0]!.dispatchEvent(new Event('error'))
  expect(await waiting).toMatchObject({ code: 'inspect_failed' })
  standInForWorker()
  expect((await inspect('readStructure', hex('05 00'))).type).toBeUndefined()
})
