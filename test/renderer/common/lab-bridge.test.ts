// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { effectScope, watch } from 'vue'
import type { RecordsChange } from '#shared/lab'
import type { Hl1Entry } from '#shared/hl1/types'
import { RECORDS_KEPT } from '#shared/record/record-list'
import { call, CallError } from '../../../renderer/common/call'
import { useLab } from '../../../renderer/common/lab-bridge'
import { useReveal } from '../../../renderer/common/composables/use-reveal'
import { entryOf, standInForMain } from './support'
import { connectionOf } from '../../support/context'
import { labView } from '../../support/lab-view'

afterEach(() => vi.unstubAllGlobals())

const entry = (id: string): Hl1Entry =>
  ({ id, frame: new Uint8Array(), ranges: [], members: [] }) as unknown as Hl1Entry

const added = (one: Hl1Entry): RecordsChange => ({ kind: 'added', entry: one })

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
  let answer: (list: Hl1Entry[]) => void = () => undefined
  const main = standInForMain({ 'records:list': () => new Promise((resolve) => (answer = resolve)) })
  const scope = effectScope()
  const lab = scope.run(() => useLab<'server'>())!
  main.tell('records:changed', [added(entry('b'))])
  main.tell('records:changed', [added(entry('c'))])
  answer([entry('a'), entry('b')])
  await vi.waitFor(() => expect(lab.entries.value.map(({ id }) => id)).toEqual(['a', 'b', 'c']))
  scope.stop()
})

it('has no record twice that main lists while it waits to be shown', async () => {
  const main = standInForMain({ 'records:list': () => [entry('a'), entry('b'), entry('c')] })
  const scope = effectScope()
  const lab = scope.run(() => useLab<'server'>())!
  main.tell('records:changed', [added(entry('b'))])
  main.tell('records:changed', [added(entry('c'))])
  await flushPromises()
  main.tell('records:changed', [added(entry('d'))])
  await vi.waitFor(() => expect(lab.entries.value.map(({ id }) => id)).toContain('d'))
  expect(lab.entries.value.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd'])
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
  const events = { 'lab:changed': {}, 'settings:changed': {}, 'records:changed': [added(entry('a'))] }
  for (const [event, value] of Object.entries(events)) {
    expect(main.tell(event, value), event).toEqual([undefined])
  }
  scope.stop()
})

it('shows many records that come together at once', async () => {
  const main = standInForMain({ 'records:list': () => [] })
  const scope = effectScope()
  const lab = scope.run(() => useLab<'server'>())!
  await flushPromises()
  let shown = 0
  scope.run(() => watch(lab.entries, () => shown++, { flush: 'sync' }))
  main.tell(
    'records:changed',
    Array.from({ length: 200 }, (_, index) => added(entry(String(index)))),
  )
  expect([shown, lab.entries.value.length]).toEqual([1, 200])
  scope.stop()
})

it('keeps the newest records only, and stops listening with its window', async () => {
  const main = standInForMain({ 'records:list': () => [] })
  const scope = effectScope()
  const lab = scope.run(() => useLab<'server'>())!
  for (let count = 0; count <= RECORDS_KEPT.count; count++)
    main.tell('records:changed', [added(entry(String(count)))])
  await vi.waitFor(() => expect(lab.entries.value.at(-1)?.id).toBe(String(RECORDS_KEPT.count)))
  expect(lab.entries.value).toHaveLength(RECORDS_KEPT.count)
  expect(lab.entries.value[0]?.id).toBe('1')
  expect(main.listeners()).toBe(5)
  scope.stop()
  expect(main.listeners()).toBe(0)
})

it('says that older records are gone where main has no longer what it lists, also in a page that was loaded again', async () => {
  const main = standInForMain({
    'records:list': () => [entry('a')],
    'lab:view': () => labView({ dropped: ['authority'] }),
  })
  const scope = effectScope()
  const lab = scope.run(() => useLab<'server'>())!
  await flushPromises()
  expect(lab.hasDropped.value, 'of another window').toBe(false)
  main.tell('lab:changed', labView({ dropped: ['authority', 'server'] }))
  expect(lab.hasDropped.value, 'while it is open').toBe(true)
  scope.stop()
  standInForMain({ 'records:list': () => [entry('a')], 'lab:view': () => labView({ dropped: ['server'] }) })
  const again = effectScope()
  const reloaded = again.run(() => useLab<'server'>())!
  await flushPromises()
  expect(reloaded.hasDropped.value, 'after a reload').toBe(true)
  again.stop()
})

it('keeps no more than so many bytes of records, whoever sends them', async () => {
  const main = standInForMain({ 'records:list': () => [] })
  const scope = effectScope()
  const lab = scope.run(() => useLab<'server'>())!
  const frame = new Uint8Array(RECORDS_KEPT.bytes / 8)
  for (let count = 0; count < 20; count++)
    main.tell('records:changed', [added({ ...entry(String(count)), frame })])
  await vi.waitFor(() => expect(lab.entries.value.at(-1)?.id).toBe('19'))
  expect(lab.entries.value).toHaveLength(8)
  scope.stop()
})

it('says of records that their secrets are gone, and takes those off the screen', async () => {
  const main = standInForMain({ 'records:list': () => [] })
  const scope = effectScope()
  const lab = scope.run(() => useLab<'server'>())!
  for (const connection of ['a', 'b']) {
    main.tell('records:changed', [
      added({
        ...(await entryOf(6, 'sent')),
        id: `server-${connection}`,
        connection: connectionOf(connection),
      }),
    ])
  }
  const reveals = scope.run(() =>
    ['server-a k_sess', 'server-b k_sess', 'SK_S 12:34'].map((of) =>
      useReveal(
        async () => of,
        () => of,
      ),
    ),
  )!
  const onScreen = (): unknown[] => reveals.map(({ value }) => value.value)
  for (const { show } of reveals) await show()
  main.tell('records:changed', [
    { kind: 'forgotten', whose: { role: 'server', connection: connectionOf('a') } },
  ])
  const marked = (): unknown[] =>
    lab.entries.value.map(({ members }) => members.find(({ name }) => name === 'k_sess')?.forgotten)
  await vi.waitFor(() => expect(marked()).toEqual([true, undefined]))
  expect(onScreen()).toEqual([undefined, 'server-b k_sess', 'SK_S 12:34'])
  main.tell('records:changed', [{ kind: 'forgotten', whose: { role: 'authority' } }])
  expect(onScreen()).toEqual([undefined, 'server-b k_sess', 'SK_S 12:34'])
  main.tell('records:changed', [{ kind: 'forgotten', whose: { role: 'server' } }])
  await vi.waitFor(() => expect(onScreen()).toEqual([undefined, undefined, undefined]))
  scope.stop()
})

it('hides what is revealed when its window is hidden', async () => {
  const main = standInForMain({ 'records:list': () => [] })
  const scope = effectScope()
  scope.run(() => useLab<'server'>())
  const secret = scope.run(() =>
    useReveal(
      async () => 'secret',
      () => 'SK_S',
    ),
  )!
  await secret.show()
  expect(secret.value.value).toBe('secret')
  main.tell('window:hidden', undefined)
  expect(secret.value.value).toBeUndefined()
  scope.stop()
})
