/** Typing costs main nothing, whatever is shown: measured against main at rest and against typing beside a small answer. */
import { expect, test, type Page } from '@playwright/test'
import { launchApp, type App } from '../support/app'

/** Long enough for what grows with the text to show. */
const KEYS = 700

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** Types at the request; how long that takes, and the processor time of main and the longest gap in its event loop meanwhile, in ms. */
async function type({ client, electron }: App) {
  const request = client.getByLabel('Request', { exact: true })
  await request.fill('')
  await request.focus()
  await electron.evaluate(() => {
    const store = globalThis as typeof globalThis & { beats?: number[]; used?: NodeJS.CpuUsage }
    const beats: number[] = (store.beats = [])
    store.used = process.cpuUsage()
    let last = performance.now()
    const beat = (): void => {
      const now = performance.now()
      beats.push(now - last)
      last = now
      if (store.beats === beats) setTimeout(beat, 4)
    }
    beat()
  })
  const started = performance.now()
  await Promise.all(Array.from({ length: KEYS }, () => client.keyboard.press('e')))
  await expect(request).toHaveValue('e'.repeat(KEYS))
  const took = performance.now() - started
  const main = await electron.evaluate(() => {
    const store = globalThis as typeof globalThis & { beats?: number[]; used?: NodeJS.CpuUsage }
    const { user, system } = process.cpuUsage(store.used)
    const longest = Math.max(...(store.beats ?? []))
    delete store.beats
    return { longest, used: (user + system) / 1000 }
  })
  return { took, ...main }
}

test('typing costs main no more beside a large answer, and never keeps it from what else it does', async () => {
  const app = await launchApp()
  try {
    const { client } = app
    await button(client, 'Run all').click()
    await expect(client.getByText('All eight steps are done')).toBeVisible()
    const small = await type(app)
    await client.getByLabel('Request', { exact: true }).fill('bytes 393216')
    await button(client, 'Send request').click()
    await expect(client.getByRole('list', { name: 'Answers' }).getByRole('listitem')).toHaveCount(2)
    await client.getByRole('button', { name: 'More of data' }).click()
    const large = await type(app)
    const text = ({ took, used, longest }: typeof small): string =>
      `${took.toFixed(0)} ms, of which main ${used.toFixed(0)} ms, longest gap ${longest.toFixed(0)} ms`
    console.info(`${KEYS} keys beside a small answer: ${text(small)}; beside 512 KiB: ${text(large)}`)
    expect(large.used / small.used).toBeLessThan(3)
    // A list of suggestions of the browser's own had it stand still for a minute.
    for (const { longest, took } of [small, large]) expect(longest).toBeLessThan(took / 4)
  } finally {
    await app.close()
  }
})
