// @vitest-environment happy-dom
/** A run that is opened from a window beside the lab. */
import { flushPromises, mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { useFiles } from '../../../renderer/common/inspect/open/files'
import InspectorBeside from '../../../renderer/common/window/InspectorBeside.vue'
import { standInForMain } from './support'

it(
  'says how far a run is that was dropped there, and why it could not be opened',
  { timeout: 20_000 },
  async () => {
    let refuse: (fault: unknown) => void = () => undefined
    const main = standInForMain({
      'run:open-given': () => new Promise((_, reject) => (refuse = reject)),
    })
    const page = mount(InspectorBeside, { attachTo: document.body })
    await useFiles().openAll([new File(['x'], 'broken.hlrun')])
    main.tell('recording:changed', { is: 'opening', name: 'broken.hlrun', done: 0, of: 0 })
    await vi.waitFor(() => expect(document.body.textContent).toContain('Opening broken.hlrun.'), 10_000)
    await vi.waitFor(
      () => expect(main.calls).toHaveBeenCalledWith('run:open-given', expect.anything()),
      10_000,
    )
    refuse({ code: 'bad_run', message: 'The file is damaged.' })
    await flushPromises()
    await vi.waitFor(() => expect(document.body.textContent).toContain('The file is damaged.'), 10_000)
    page.unmount()
    expect(document.body.textContent.trim()).toBe('')
  },
)
