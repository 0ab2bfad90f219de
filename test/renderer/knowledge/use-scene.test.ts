/** Leaks of a recording and leaks by hand are kept apart. */
import { expect, it } from 'vitest'
import { ref } from 'vue'
import type { RecordedKnowledge } from '#shared/knowledge/run'
import { useScene } from '../../../renderer/knowledge/use-scene'

const at = (leaked: readonly string[]): RecordedKnowledge => ({
  ...{ suite: 'classic', frames: [], secrets: [], moments: [] },
  ...{ leaked, sent: 8, taken: 8 },
})

it('takes a leak of the recording back with its moment, and keeps what was said by hand', () => {
  const { show, leakOf, leak } = useScene(ref('classic'))
  show(at(['K_sess']), 'one')
  expect(leakOf('K_sess')).toBe('during')
  show(at([]), 'one')
  expect(leakOf('K_sess')).toBeUndefined()
  show(at(['K_sess']), 'one')
  leak('K_sess', undefined)
  leak('SK_S', 'afterwards')
  show(at(['K_sess']), 'one')
  expect([leakOf('K_sess'), leakOf('SK_S')]).toEqual([undefined, 'afterwards'])
  show(at(['K_sess']), 'another')
  expect([leakOf('K_sess'), leakOf('SK_S')]).toEqual(['during', undefined])
})
