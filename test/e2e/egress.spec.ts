/**
 * No script in a page of the app gets a byte or a name out of it: every way is tried in every window, at loopback and at this
 * machine's own address in its network. That the same ways arrive where nothing bars them shows `barriers.spec.ts`.
 */
import { expect, test } from '@playwright/test'
import { WINDOW_NAMES } from '#shared/windows'
import { launchApp, pageOf } from '../support/app'
import { localAddresses, namesLookedUp, tryAllWays, watchWays, type Watch } from '../support/egress'
import { WAYS } from '../support/egress-ways'

test('no listener hears of a page, no name is looked up, and every page stays where it is', async () => {
  test.setTimeout(300_000)
  const netLog = test.info().outputPath('net-log.json')
  const app = await launchApp({ args: [`--log-net-log=${netLog}`] })
  const watches: Watch[] = []
  try {
    // Found once: of a page that was barred from going elsewhere, nobody can tell any more that it has arrived.
    const pages = new Map(
      await Promise.all(WINDOW_NAMES.map(async (name) => [name, await pageOf(app, name)] as const)),
    )
    for (const host of localAddresses()) {
      const tried = [...pages].map(async ([name, page]) => {
        const address = (): string | undefined => page.url().split('#')[0]
        const before = address()
        const watch = await watchWays(host)
        watches.push(watch)
        expect(watch.targets.size).toBe(WAYS.length)
        await tryAllWays(page, watch, async () => undefined)
        expect(watch.arrived(), `${name} at ${host}`).toEqual([])
        expect(address()).toBe(before)
      })
      await Promise.all(tried)
    }
    expect(app.electron.windows()).toHaveLength(WINDOW_NAMES.length)
  } finally {
    await app.close()
    await Promise.all(watches.map((watch) => watch.close()))
  }
  for (const { targets, arrived } of watches) {
    expect(arrived()).toEqual([])
    expect(namesLookedUp(netLog, targets)).toEqual([])
  }
  expect(watches).toHaveLength(WINDOW_NAMES.length * localAddresses().length)
})
