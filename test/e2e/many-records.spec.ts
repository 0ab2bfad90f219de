/** Ten thousand records: what a window keeps of them is bounded, its list is smooth, and it keeps up with a rush. */
import { expect, test, type Page } from '@playwright/test'
import type { Hl1Entry } from '#shared/hl1/types'
import { RECORDS_KEPT } from '#shared/record/record-list'
import { launchApp, ROOT, type App } from '../support/app'
import { attack, caughtUp, scrollThrough, startHeartbeat, takeHeartbeat } from '../support/load'
import { answerTo, reloadPage, viewFrom } from '../support/lost-windows'
import { otherClient } from '../support/other-client'
import { join } from 'node:path'

const SHOTS = join(ROOT, 'test-results', 'screenshots')
/** What main's journal keeps, and a window (docs/decisions/0021). */
const KEPT = RECORDS_KEPT.count
const DROPPED = 'Older messages are no longer kept'
const FRAMES = 120

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const messages = (page: Page, count: number) =>
  page.getByRole('tab', { name: new RegExp(`^Messages\\s*${count}$`) })

async function startRegistered(): Promise<App & { readonly port: number }> {
  const app = await launchApp()
  await button(app.client, 'Start authority').click()
  await button(app.client, 'Start server').click()
  await button(app.server, 'Register').click()
  await expect(app.server.getByText('Registered.', { exact: true })).toBeVisible()
  return { ...app, port: (await viewFrom(app.server)).server.address?.port ?? 0 }
}

/** Answers when the newest record of main's journal is the last row of a list that follows the newest. */
async function newestShown(server: Page): Promise<void> {
  const kept = await answerTo<readonly Hl1Entry[]>(server, 'records:list')
  const newest = kept.ok ? kept.value.at(-1)?.id : undefined
  await expect(server.getByRole('option').last()).toHaveId(new RegExp(`-${newest}$`))
}

test('a list of ten thousand records is bounded, and as smooth as one of a hundred', async () => {
  const app = await startRegistered()
  try {
    const { server, port } = app
    // Two records of the registration, two of each connection.
    await attack(port, 49)
    await expect(messages(server, 100)).toBeVisible()
    const hundred = await scrollThrough(server, FRAMES)

    await attack(port, 4_951)
    await expect(messages(server, KEPT)).toBeVisible()
    // All of them, not the first two thousand: what comes later takes the oldest out from under the keys below.
    await newestShown(server)
    const thousands = await scrollThrough(server, FRAMES)

    const options = server.getByRole('option')
    await expect(options.last()).toHaveAttribute('aria-setsize', String(KEPT))
    expect(thousands.rows).toBeLessThanOrEqual(2 * hundred.rows)
    expect(thousands.rows).toBeLessThan(100)
    const ratio = (of: 'median' | 'longest'): number => thousands[of] / hundred[of]
    console.info(
      `Scrolling ${KEPT} records against 100: median frame ${ratio('median').toFixed(2)} times, longest ${ratio('longest').toFixed(2)} times, ${thousands.rows} rows against ${hundred.rows}`,
    )
    expect(ratio('median')).toBeLessThan(3)
    await server.screenshot({ path: join(SHOTS, 'ten-thousand-records.png') })

    // Keys lead to both ends, as in a short list.
    await server.getByRole('listbox', { name: 'Messages' }).press('Home')
    await expect(options.first()).toHaveAttribute('aria-posinset', '1')
    await server.getByRole('listbox', { name: 'Messages' }).press('End')
    await expect(options.last()).toHaveAttribute('aria-posinset', String(KEPT))

    const kept = await answerTo<readonly Hl1Entry[]>(server, 'records:list')
    expect(kept.ok && kept.value.length).toBe(KEPT)
    await expect(server.getByText(DROPPED)).toBeVisible()
    await reloadPage(app, 'server')
    await expect(messages(server, KEPT)).toBeVisible()
    await expect(server.getByText(DROPPED)).toBeVisible()
  } finally {
    await app.close()
  }
})

test('the server’s window keeps up with hundreds of connections', async () => {
  const app = await startRegistered()
  try {
    const { server, electron, port } = app
    const ask = await otherClient(server)
    const honest = async (): Promise<void> => {
      for (let round = 0; round < 4; round++) {
        await Promise.all(Array.from({ length: 50 }, () => ask('echo 1')))
      }
    }
    await electron.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows().find((window) =>
        window.webContents.getURL().includes('/server/'),
      )?.webContents
      if (!contents) return
      const store = globalThis as unknown as { sent: Record<string, number> }
      store.sent = {}
      const send = contents.send.bind(contents)
      contents.send = (channel, ...rest) => {
        store.sent[channel] = (store.sent[channel] ?? 0) + 1
        send(channel, ...rest)
      }
    })
    const takeSent = () =>
      electron.evaluate(() => {
        const store = globalThis as unknown as { sent: Record<string, number> }
        const taken = store.sent
        store.sent = {}
        return taken
      })
    await startHeartbeat(server)
    for (const [kind, rush, records] of [
      ['refused', () => attack(port, 200), 400],
      ['honest', honest, 1_200],
    ] as const) {
      await test.step(kind, async () => {
        await takeHeartbeat(server)
        await takeSent()
        const started = performance.now()
        await rush()
        const took = performance.now() - started
        await caughtUp(server)
        const seen = performance.now() - started
        const { longest } = await takeHeartbeat(server)
        const sent = await takeSent()
        const told = sent['records:changed'] ?? 0
        console.info(
          `200 ${kind} connections: the window is ${(seen / took).toFixed(2)} times as long at it, longest gap ${longest.toFixed(0)} ms of ${took.toFixed(0)} ms; ${records} records in ${told} messages, ${sent['lab:changed'] ?? 0} views`,
        )
        // One message for each record, as it was once, took the window eight times as long as the connections.
        expect(told).toBeLessThan(records / 4)
        expect(seen / took).toBeLessThan(3)
      })
    }
  } finally {
    await app.close()
  }
})
