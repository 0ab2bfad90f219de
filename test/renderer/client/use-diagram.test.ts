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
    own: shallowRef([await sent(1)]),
    marker: ref(undefined),
    connection: ref(CONNECTION),
    next: ref<StepNumber>(7),
  })
  expect(rows.value.map(({ suite }) => suite).filter(Boolean)).toEqual(['classic'])
  expect([isMixed(rows.value, 'classic'), isMixed(rows.value, 'modern')]).toEqual([false, true])
})
