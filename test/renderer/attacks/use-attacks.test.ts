// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import type { Cell, CellRequest } from '#shared/adversary/cell'
import { useAttacks, type Attacks } from '../../../renderer/attacks/use-attacks'
import { standInForMain, type StandIn } from '../common/support'

const NONE = { cells: [], done: 0, of: 0 }
const request = (attack: string): CellRequest => ({ attack, suite: 'modern', without: [] })
const cell = (attack: string): Cell => ({ ...request(attack), outcome: { is: 'succeeded' }, took: 1 })

let scope: EffectScope
let attacks: Attacks
let main: StandIn
/** Answers to `attacks:open`, by the attack; they wait. */
let opened: Map<string, (run: unknown) => void>

beforeEach(async () => {
  opened = new Map()
  main = standInForMain({
    'attacks:list': () => NONE,
    'attacks:open': ({ attack }: CellRequest) => new Promise((resolve) => opened.set(attack, resolve)),
  })
  scope = effectScope()
  attacks = scope.run(useAttacks) as Attacks
  await flushPromises()
})
afterEach(() => {
  scope.stop()
  vi.unstubAllGlobals()
})

async function end(attack: string): Promise<void> {
  main.tell('attacks:progress', { cells: [cell(attack)], done: 1, of: 1 })
  await flushPromises()
}

it('a run that was given up opens by no later end of it', async () => {
  await attacks.open(request('one'))
  await attacks.cancel()
  await attacks.run([request('one')])
  await end('one')
  expect([...opened.keys()]).toEqual([])
})

it('the answer about a run that is looked at no more leaves what is to be opened since', async () => {
  await attacks.open(request('one'))
  await end('one')
  await attacks.open(request('two'))
  opened.get('one')?.({ cell: cell('one') })
  await flushPromises()
  expect(attacks.opened.value).toBeUndefined()
  await end('two')
  opened.get('two')?.({ cell: cell('two') })
  await flushPromises()
  expect(attacks.opened.value?.cell.attack).toBe('two')
})
