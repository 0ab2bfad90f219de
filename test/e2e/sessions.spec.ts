import { expect, type Page } from '@playwright/test'
import { join } from 'node:path'
import { ROOT, type App } from '../support/app'
import { capture } from '../support/looks'
import { occupy } from '../support/ports'
import { chooseInQuestions, questionsAsked } from '../support/person'
import { LONG, suitesInWindows } from '../support/sample'
import { FRESH, test } from '../support/shared-app'

/** A session from its beginning to its end: renewed, run out, sent in all the same, ended by its server. */
const SHOTS = join(ROOT, 'test-results', 'screenshots')

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const step = (page: Page, number: number) =>
  page.getByRole('button', { name: new RegExp(`^Step ${number},`) })
const row = (app: App, index: number) => app.server.getByRole('row').nth(index + 1)
const line = (app: App) => app.client.getByRole('status').first()

async function runAll(app: App): Promise<void> {
  await button(app.client, 'Run all').click()
  await expect(step(app.client, 8)).toHaveAccessibleName(/done/)
  await app.server.getByRole('tab', { name: /^Sessions/ }).click()
}

test(
  'Renew makes a new session before the end of the old one, without registering again',
  { tag: FRESH },
  async ({ openApp }) => {
    const app = await openApp()
    const { client, server, authority } = app
    await expect(button(client, 'Renew')).toBeDisabled()
    await runAll(app)
    await button(client, 'Renew').click()
    await expect(line(app)).toContainText('Next: step 7')
    await expect(step(client, 6)).toHaveAccessibleName(/done/)
    await expect(step(client, 7)).toHaveAccessibleName(/not yet/)
    await expect(row(app, 0)).toContainText('Live')
    await expect(row(app, 1)).toContainText('Client left')
    await expect(authority.getByRole('tab', { name: /^Messages\s*2$/ })).toBeVisible()
    await button(client, 'Send request').click()
    await expect(client.getByRole('list', { name: 'Answers' }).getByRole('listitem')).toHaveCount(2)
    await expect(row(app, 0).getByRole('cell').nth(4)).toHaveText('1')
    await server.screenshot({ path: join(SHOTS, 'sessions-renewed.png') })
  },
)

for (const suite of suitesInWindows('classic')) {
  test(`a session that runs out is announced, refuses to send, and sends all the same: ${suite}`, async ({
    openApp,
  }) => {
    const app = await openApp({ settings: { lifetime: 3, suite } })
    const { client, server } = app
    await runAll(app)
    await step(client, 6).click()
    await button(client, 'Reveal k_sess').click()
    await expect(button(client, 'Hide k_sess')).toBeVisible()
    await expect(line(app)).toContainText('The session has ended: its 3 s are over')
    await client.screenshot({ path: join(SHOTS, `session-ended-${suite}.png`) })
    // The keys are gone from what is shown on both sides.
    await expect(client.getByText(/^forgotten/).first()).toBeVisible()
    await expect(button(client, 'Hide k_sess')).toHaveCount(0)
    await expect(row(app, 0)).toContainText('Lifetime over')
    await server.getByRole('tab', { name: 'Keys' }).click()
    await expect(server.getByText('forgotten: this role does not have it any more').first()).toBeVisible()
    await server.getByRole('tab', { name: /^Sessions/ }).click()

    await button(client, 'Send request').click()
    const alert = client.getByRole('alert').first()
    await expect(alert).toContainText('The session ended')
    await expect(alert).toContainText('session_expired')
    await client.screenshot({ path: join(SHOTS, `session-refused-here-${suite}.png`) })
    await button(client, 'Send all the same').click()
    await expect(alert).toContainText('its key is gone')
    await expect(step(client, 7)).toHaveAccessibleName(/refused/)
    await expect(button(client, 'Send all the same')).toHaveCount(0)
    await client.screenshot({ path: join(SHOTS, `session-refused-there-${suite}.png`) })

    await button(client, 'Renew session').click()
    await expect(client.getByRole('alert')).toHaveCount(0)
    await expect(step(client, 6)).toHaveAccessibleName(/done/)
    await expect(row(app, 0)).toContainText('Live')
  })
}

test('a session ended in the server’s window is over for the client at once', async ({ openApp }) => {
  const app = await openApp()
  const { client, server } = app
  await runAll(app)
  await server.screenshot({ path: join(SHOTS, 'sessions-live.png') })
  await server.getByRole('button', { name: /^End the session of ID-Client at 127\.0\.0\.1/ }).focus()
  await server.keyboard.press('Enter')
  await expect(row(app, 0)).toContainText('Ended here')
  await expect(server.getByRole('region', { name: 'Sessions' })).toBeFocused()
  await expect(server.getByRole('button', { name: /^End the session/ })).toHaveCount(0)
  await expect(client.getByRole('alert')).toContainText('The server has ended the session before its time.')
  // What went well stays so: no message was refused.
  await expect(step(client, 7)).toHaveAccessibleName(/done/)
  await expect(button(client, 'Send request')).toBeDisabled()
  await client.screenshot({ path: join(SHOTS, 'session-ended-by-server.png') })
  await server.screenshot({ path: join(SHOTS, 'sessions-ended.png') })
  await client.getByRole('tab', { name: 'Log' }).click()
  await expect(client.getByRole('option').last()).toContainText('session_expired')
  await client.screenshot({ path: join(SHOTS, 'session-ended-by-server-log.png') })
  await button(client, 'Renew session').click()
  await expect(row(app, 0)).toContainText('Live')
})

test(
  'a session ended while its server stands before step 8 is not answered any more',
  { tag: LONG },
  async ({ openApp }) => {
    const app = await openApp()
    const { client, server } = app
    await button(client, 'Start authority').click()
    await button(client, 'Start server').click()
    for (const number of [1, 2, 3, 4, 5, 6, 7]) {
      await button(client, 'Next step').click()
      await expect(step(client, number)).toHaveAccessibleName(/done/)
    }
    await expect(line(app)).toContainText('Next: step 8')
    await server.getByRole('tab', { name: /^Sessions/ }).click()
    await server.getByRole('button', { name: /^End the session/ }).click()
    await expect(client.getByRole('alert')).toContainText('The server has ended the session before its time.')
    await expect(row(app, 0)).toContainText('Ended here')
  },
)

test('a request that is too long is refused with its size, not cut', async ({ openApp }) => {
  const app = await openApp()
  const { client } = app
  await runAll(app)
  const request = client.getByLabel('Request', { exact: true })
  await request.fill(`echo ${'x'.repeat(200_000)}`)
  await button(client, 'Send request').click()
  await expect(client.getByRole('list', { name: 'Answers' }).getByRole('listitem')).toHaveCount(2)
  await request.fill(`echo ${'x'.repeat(1_100_000)}`)
  await expect(client.getByText('The request takes 1,100,005 bytes')).toBeVisible()
  await expect(button(client, 'Send request')).toBeDisabled()
})

test('stopping the authority is asked about once something depends on its key', async ({ openApp }) => {
  const app = await openApp()
  const { authority, client } = app
  await button(authority, 'Start authority').click()
  await button(authority, 'Stop').click()
  await expect(authority.getByText('Stopped', { exact: true })).toBeVisible()
  await runAll(app)
  await chooseInQuestions(app, 'Cancel')
  await button(authority, 'Stop').click()
  await expect
    .poll(async () => (await questionsAsked(app)).map(({ detail }) => detail))
    .toMatchObject([
      expect.stringContaining('1 certificate that this one has issued is no longer valid for the lab'),
    ])
  await expect(authority.getByText('Running', { exact: true })).toBeVisible()
  await chooseInQuestions(app, 'Stop')
  await button(authority, 'Stop').click()
  await expect(authority.getByText('Stopped', { exact: true })).toBeVisible()
  // The session goes on.
  await button(client, 'Send request').click()
  await expect(client.getByRole('list', { name: 'Answers' }).getByRole('listitem')).toHaveCount(2)
})

/** Scrolls to an element; whether none of its edges is outside of the window then. */
function showWhole(element: Element): boolean {
  element.scrollIntoView({ block: 'nearest', inline: 'center' })
  const { left, top, right, bottom } = element.getBoundingClientRect()
  return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight
}

test('a red line goes with its cause, and zooming in cuts nothing off', async ({ openApp }) => {
  const taken = await occupy()
  const app = await openApp({ settings: { authorityPort: taken.port } })
  const { client, authority, electron } = app
  await button(client, 'Next step').click()
  await expect(client.getByRole('alert')).toContainText('port_in_use')
  await taken.stop()
  await button(authority, 'Start authority').click()
  await expect(client.getByRole('alert')).toHaveCount(0)
  await runAll(app)
  await electron.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) {
      const isClient = window.getTitle().startsWith('Client')
      window.setContentSize(isClient ? 1100 : 560, isClient ? 680 : 480)
    }
  })
  const widths = { client: 1100, authority: 560, server: 560 } as const
  for (const level of [0, 2, 4]) {
    await electron.evaluate(({ BrowserWindow }, zoom) => {
      for (const { webContents } of BrowserWindow.getAllWindows()) webContents.setZoomLevel(zoom)
    }, level)
    for (const name of ['client', 'authority', 'server'] as const) {
      const page = app[name]
      await expect.poll(() => page.evaluate(() => innerWidth)).toBe(Math.round(widths[name] / 1.2 ** level))
      await capture(app, name, `zoom-${level}-${name}.png`)
      for (const control of ['Export…', 'Settings…']) {
        // By its edges: the share of it that is in sight is told in whole pixels, of which an enlarged button has few.
        await expect.poll(() => button(page, control).evaluate(showWhole)).toBe(true)
        await expect(button(page, control)).toBeInViewport({ ratio: 0.95 })
      }
    }
    await button(client, 'Send request').scrollIntoViewIfNeeded()
    await expect(button(client, 'Send request')).toBeInViewport({ ratio: 1 })
    await expect(button(client, 'Renew')).toBeVisible()
    await client.getByRole('region', { name: 'Bytes' }).scrollIntoViewIfNeeded()
  }
})
