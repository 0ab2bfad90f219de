// @vitest-environment happy-dom
/** A window beside the lab begins with the lab's suite, and keeps what is chosen there. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { LabError } from '#shared/errors'
import { useLabSuite, type LabSuite } from '../../../renderer/common/lab-suite'
import { standInForMain } from './support'

let scope: EffectScope
afterEach(() => {
  scope.stop()
  vi.unstubAllGlobals()
})

function begin(): LabSuite {
  scope = effectScope()
  return scope.run(useLabSuite) as LabSuite
}

it('is that of the settings, also when those change, until another one is chosen', async () => {
  const main = standInForMain({ 'settings:get': () => ({ suite: 'modern' }) })
  const { suite, settled } = begin()
  await settled
  expect(suite.value).toBe('modern')
  main.tell('settings:changed', { suite: 'classic' })
  expect(suite.value).toBe('classic')
  suite.value = 'modern'
  main.tell('settings:changed', { suite: 'classic' })
  expect(suite.value).toBe('modern')
})

it('is the usual one where settings can’t be had', async () => {
  standInForMain({ 'settings:get': () => Promise.reject(new LabError('cancelled', 'No.')) })
  const { suite, settled } = begin()
  await settled
  await flushPromises()
  expect(suite.value).toBe('classic')
})
