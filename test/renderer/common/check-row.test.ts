// @vitest-environment happy-dom
import { mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import type { CheckAgain } from '#shared/run/remake'
import CheckRow from '../../../renderer/common/message/CheckRow.vue'
import { entryOf } from './support'

let wrapper: VueWrapper
afterEach(() => wrapper.unmount())

async function row(again: CheckAgain | undefined): Promise<string> {
  const [check] = (await entryOf(4)).checks
  wrapper = mount(CheckRow, { props: { check: check!, again, unfolded: false } })
  return wrapper.find('summary').text()
}

it('a check of a recording that could not be made again says so where its result stands, also folded', async () => {
  const of = { id: 'freshness' } as const
  expect(await row({ ...of, is: 'not_made', want: 'SK_S' })).toContain('not made again')
  wrapper.unmount()
  expect(await row({ ...of, is: 'same' })).not.toContain('made again')
  wrapper.unmount()
  expect(await row(undefined)).not.toContain('made again')
})
