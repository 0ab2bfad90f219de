// @vitest-environment happy-dom
/** The dialogs of a window that shows a run act on the lab behind it. */
import { mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { shallowRef } from 'vue'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { openSettings, useDialogs } from '../../../renderer/common/composables/use-dialogs'
import CommonDialogs from '../../../renderer/common/window/CommonDialogs.vue'
import { labView } from '../../support/lab-view'
import { giveSizes, standInForMain } from './support'

it('Settings speak of the lab itself, also while a run is shown', { timeout: 20_000 }, async () => {
  giveSizes()
  standInForMain({})
  const live = {
    view: shallowRef(labView({ commandLine: ['lifetime'] })),
    settings: shallowRef(DEFAULT_SETTINGS),
  }
  const page = mount(
    {
      components: { CommonDialogs },
      setup: () => ({ dialogs: useDialogs(), live, recorded: labView() }),
      template: '<CommonDialogs :dialogs="dialogs" :live="live" :view="recorded" :records="[]" />',
    },
    { attachTo: document.body },
  )
  openSettings()
  await vi.waitFor(
    () => expect(document.querySelector('[role="dialog"]')?.textContent).toContain('From the command line'),
    10_000,
  )
  page.unmount()
  vi.unstubAllGlobals()
})
