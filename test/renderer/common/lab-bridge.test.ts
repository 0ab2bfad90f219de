// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import type { JournalEntry } from '#shared/protocol/record'
import { call, CallError, MAX_ENTRIES, useLab } from '../../../renderer/common/lab-bridge'
import { standInForMain } from './support'

afterEach(() => vi.unstubAllGlobals())

const entry = (id: string): JournalEntry => ({ id }) as JournalEntry

it('throws main’s refusal with its code', async () => {
  standInForMain({
    'text:copy': () => {
      throw { code: 'not_running', message: 'The server is not running: start it first.' }
    },
  })
  const error = await call('text:copy', { text: 'x' }).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(CallError)
  expect(error).toMatchObject({ code: 'not_running', message: 'The server is not running: start it first.' })
})

it('misses no record between asking and listening, and has none twice', async () => {
  let answer: (list: JournalEntry[]) => void = () => undefined
  const main = standInForMain({ 'records:list': () => new Promise((resolve) => (answer = resolve)) })
  const scope = effectScope()
  const lab = scope.run(() => useLab<'server'>())!
  main.tell('records:added', entry('b'))
  main.tell('records:added', entry('c'))
  answer([entry('a'), entry('b')])
  await flushPromises()
  expect(lab.entries.value.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  scope.stop()
})

it('keeps what main told over what it was asked for before', async () => {
  let answer: (view: unknown) => void = () => undefined
  const main = standInForMain({
    'lab:view': () => new Promise((resolve) => (answer = resolve)),
    'records:list': () => [],
  })
  const scope = effectScope()
  const lab = scope.run(() => useLab<'server'>())!
  main.tell('lab:changed', 'newer')
  answer('older')
  await flushPromises()
  expect(lab.view.value).toBe('newer')
  scope.stop()
})

it('gives nothing back to the bridge, which would copy all records for each new one', () => {
  const main = standInForMain({ 'records:list': () => [] })
  const scope = effectScope()
  scope.run(() => useLab<'server'>())
  const events = ['lab:changed', 'settings:changed', 'records:added']
  for (const event of events) expect(main.tell(event, entry('a')), event).toEqual([undefined])
  scope.stop()
})

it('keeps the newest records only, and stops listening with its window', () => {
  const main = standInForMain({ 'records:list': () => [] })
  const scope = effectScope()
  const lab = scope.run(() => useLab<'server'>())!
  for (let count = 0; count <= MAX_ENTRIES; count++) main.tell('records:added', entry(String(count)))
  expect(lab.entries.value).toHaveLength(MAX_ENTRIES)
  expect(lab.entries.value[0]?.id).toBe('1')
  expect(main.listeners()).toBe(3)
  scope.stop()
  expect(main.listeners()).toBe(0)
})
