import { expect, it } from 'vitest'
import { nextTick, ref, shallowRef } from 'vue'
import type { Fault } from '#shared/errors'
import { useNotice } from '../../../renderer/common/composables/use-notice'

const PORT: Fault = { code: 'port_in_use', message: 'Port 17401 is in use.' }
const STOPPED: Fault = { code: 'not_running', message: 'The authority is not running.' }

function make() {
  const reported = shallowRef<Fault>()
  const cause = ref('stopped')
  return {
    reported,
    cause,
    notice: useNotice(
      () => reported.value,
      () => cause.value,
    ),
  }
}

it('what a click met is shown until its cause is gone', async () => {
  const { notice, cause } = make()
  notice.set(STOPPED)
  expect(notice.fault.value).toBe(STOPPED)
  await nextTick()
  expect(notice.fault.value).toBe(STOPPED)
  cause.value = 'running'
  await nextTick()
  expect(notice.fault.value).toBeUndefined()
})

it('what main reports takes the place of what the click met, and goes when main says so', async () => {
  const { notice, reported } = make()
  notice.set(PORT)
  reported.value = { ...PORT, freePort: 17_403 }
  await nextTick()
  expect(notice.fault.value).toEqual({ ...PORT, freePort: 17_403 })
  reported.value = undefined
  await nextTick()
  expect(notice.fault.value).toBeUndefined()
})

it('what was dismissed stays away until another comes, or the same once more by a click', async () => {
  const { notice, reported } = make()
  reported.value = PORT
  await nextTick()
  notice.dismiss()
  expect(notice.fault.value).toBeUndefined()
  reported.value = STOPPED
  await nextTick()
  expect(notice.fault.value).toBe(STOPPED)
  notice.dismiss()
  notice.set(undefined)
  expect(notice.fault.value).toBe(STOPPED)
})
