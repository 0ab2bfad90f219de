import { expect, it } from 'vitest'
import { ref, shallowRef } from 'vue'
import type { Hl1Entry } from '#shared/hl1/types'
import type { StepNumber } from '#shared/hl1/steps'
import { isMixed } from '../../../renderer/client/composables/diagram-rows'
import { useDiagram } from '../../../renderer/client/composables/use-diagram'
import { entryOf } from '../common/support'

const CONNECTION = '127.0.0.1:40000'

/** What the diagram says of step 7 with these records of the client, and of the server as main tells them. */
function step7(own: readonly Hl1Entry[], entries: readonly Hl1Entry[]): string {
  const { rows } = useDiagram({
    entries: shallowRef(entries),
    earlier: shallowRef([]),
    own: shallowRef(own),
    marker: ref(undefined),
    connection: ref(CONNECTION),
    next: ref<StepNumber>(7),
  })
  return rows.value[6]!.state
}

async function alert(code: 'timeout' | 'session_expired' | 'replayed', at: number): Promise<Hl1Entry> {
  const outcome = { ok: false, code, message: '' } as const
  return { ...(await entryOf(7)), id: `alert-${at}`, kind: 'alert', role: 'client', outcome, at }
}

const sent = async (at: number): Promise<Hl1Entry> => ({
  ...(await entryOf(7, 'sent')),
  id: `s${at}`,
  at,
})
const received = async (at: number): Promise<Hl1Entry> => ({ ...(await entryOf(7)), id: `r${at}`, at })

it.each(['timeout', 'session_expired'] as const)(
  'a server that leaves with %s turns no step red that went well',
  async (code) => {
    expect(step7([await sent(1), await alert(code, 9)], [await received(2)])).toBe('done')
  },
)

it('an alert about a request that was on its way does, and so does one before any was accepted', async () => {
  for (const code of ['timeout', 'session_expired'] as const) {
    const again = [await sent(1), await sent(5), await alert(code, 9)]
    expect(step7(again, [await received(2)])).toBe('failed')
    expect(step7([await sent(1), await alert(code, 9)], [])).toBe('failed')
  }
})

it('any other alert does', async () => {
  expect(step7([await sent(1), await alert('replayed', 9)], [await received(2)])).toBe('failed')
})

it('a refusal does, whatever the alert about it is', async () => {
  const outcome = { ok: false, code: 'session_expired', message: '' } as const
  const refused = { ...(await received(6)), outcome }
  const own = [await sent(1), await sent(5), await alert('session_expired', 9)]
  expect(step7(own, [await received(2), refused])).toBe('failed')
})

it('steps of two suites are told apart, those ahead counted', async () => {
  const { rows } = useDiagram({
    entries: shallowRef([]),
    earlier: shallowRef([]),
    own: shallowRef([await sent(1)]),
    marker: ref(undefined),
    connection: ref(CONNECTION),
    next: ref<StepNumber>(7),
  })
  expect(rows.value.map(({ suite }) => suite).filter(Boolean)).toEqual(['classic'])
  expect([isMixed(rows.value, 'classic'), isMixed(rows.value, 'modern')]).toEqual([false, true])
})

/** A record on another connection than the usual one, at a time. */
async function on(connection: string, step: StepNumber, at: number): Promise<Hl1Entry> {
  const entry = await entryOf(step, 'sent')
  const opener = step < 3 ? ('server' as const) : ('client' as const)
  return {
    ...entry,
    id: `${connection}-${step}`,
    at,
    connection: { ...entry.connection, id: connection, opener },
  }
}

it('a step that comes after another registration has no tick of before, and the log keeps what was there', async () => {
  const next = ref<StepNumber>(2)
  const [registered, request] = [
    await on('first', 1, 1),
    { ...(await on(CONNECTION, 3, 2)), role: 'client' as const },
  ]
  const answer = { ...(await entryOf(3)), at: 3, connection: request.connection, id: 'received-3' }
  const { rows, log } = useDiagram({
    entries: shallowRef([registered, answer, await on('again', 1, 4)]),
    earlier: shallowRef([]),
    own: shallowRef([request]),
    marker: ref(undefined),
    connection: ref(CONNECTION),
    next,
  })
  expect(rows.value[2]!.state).toBe('ahead')
  expect(log.value).toHaveLength(4)
  next.value = 3
  expect(rows.value[2]!.state).toBe('ahead')
  // A session that lives on is still that of this walk.
  next.value = 7
  expect(rows.value[2]!.state).toBe('done')
})

it('the log has every connection of the walk, the diagram the last one', async () => {
  const before = { ...(await on('before', 3, 1)), role: 'client' as const }
  const { rows, log } = useDiagram({
    entries: shallowRef([{ ...(await entryOf(3)), at: 2, connection: before.connection }]),
    earlier: shallowRef([before]),
    own: shallowRef([{ ...(await on(CONNECTION, 3, 5)), role: 'client' as const }]),
    marker: ref(undefined),
    connection: ref(CONNECTION),
    next: ref<StepNumber>(4),
  })
  expect(log.value.map(({ at }) => at)).toEqual([1, 2, 5])
  expect(rows.value[2]).toMatchObject({ count: 1, state: 'under_way' })
})
