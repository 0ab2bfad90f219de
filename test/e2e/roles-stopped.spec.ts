/** Authority or server stopped in its own window, at every step of a walk: what the client says, and how it goes on. */
import { expect, type Page } from '@playwright/test'
import { STEP_NUMBERS, type StepNumber } from '#shared/hl1/steps'
import { ROOT, type App } from '../support/app'
import { viewFrom } from '../support/lost-windows'
import { askAppServer } from '../support/other-client'
import { chooseInQuestions, questionsAsked } from '../support/person'
import { ALL, suitesInWindows } from '../support/sample'
import { test } from '../support/shared-app'
import { join } from 'node:path'

const SHOTS = join(ROOT, 'test-results', 'screenshots')

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const step = (page: Page, number: number) =>
  page.getByRole('button', { name: new RegExp(`^Step ${number},`) })
const nextLine = (page: Page, number: StepNumber) => page.getByText(`Next: step ${number},`)

async function start(opened: Promise<App>): Promise<App> {
  const app = await opened
  await button(app.client, 'Start authority').click()
  await button(app.client, 'Start server').click()
  await expect(nextLine(app.client, 1)).toBeVisible()
  return app
}

/** Takes the steps from `first` to `last`, one click each. */
async function walk(client: Page, first: number, last: number): Promise<void> {
  for (const number of STEP_NUMBERS.slice(first - 1, last)) {
    await button(client, 'Next step').click()
    await expect(step(client, number)).toHaveAccessibleName(/done/)
  }
}

async function stopAuthority(app: App, isAsked: boolean): Promise<void> {
  const { authority } = app
  await chooseInQuestions(app, 'Start over', 'Stop')
  await button(authority, 'Stop').click()
  await expect(authority.getByText('Stopped', { exact: true })).toBeVisible()
  expect((await questionsAsked(app)).length).toBe(isAsked ? 1 : 0)
}

for (const suite of suitesInWindows('classic')) {
  test(`the server stopped after any step is said in red, and started again goes on from step 1: ${suite}`, async ({
    openApp,
  }) => {
    const app = await start(openApp({ settings: { suite } }))
    const { client, server } = app
    await chooseInQuestions(app, 'Stop')
    for (const last of ALL ? STEP_NUMBERS : ([1, 3, 6, 8] as const)) {
      await test.step(`after step ${last}`, async () => {
        await walk(client, 1, last)
        await button(server, 'Stop').click()
        const red = client.getByRole('alert')
        if (last === 1) await expect(red).toContainText('The server has stopped before step 2')
        else if (last >= 6) await expect(red).toContainText('The server has stopped: the session is gone')
        else if (last >= 3)
          await expect(red).toContainText('The server has stopped: the handshake is broken off')
        else await expect(client.getByText('needs the application server')).toBeVisible()
        await client.screenshot({ path: join(SHOTS, `server-stopped-after-${last}-${suite}.png`) })
        await expect.poll(async () => (await viewFrom(client)).walk.waiting).toEqual([])
        await button(client, 'Start server').click()
        await expect(red).toHaveCount(0)
        await expect(nextLine(client, 1)).toBeVisible()
      })
    }
    await walk(client, 1, 8)
    expect(await askAppServer(client, 'echo again')).toBe('again')
  })
}

test('the authority stopped while step 2 waits is said in red, and started again goes on from step 1', async ({
  openApp,
}) => {
  const app = await start(openApp())
  const { client, server } = app
  await walk(client, 1, 1)
  await stopAuthority(app, false)
  const red = client.getByRole('alert')
  await expect(red).toContainText('The authority has stopped before step 2')
  await expect(server.getByRole('alert')).toContainText('connection_closed')
  await client.screenshot({ path: join(SHOTS, 'authority-stopped-after-1.png') })
  await server.screenshot({ path: join(SHOTS, 'authority-stopped-after-1-server.png') })
  await button(client, 'Start authority').click()
  await expect(red).toHaveCount(0)
  await expect(server.getByRole('alert')).toHaveCount(0)
  await expect(nextLine(client, 1)).toBeVisible()
  await walk(client, 1, 8)
})

for (const last of ALL ? ([2, 3, 6] as const) : ([6] as const)) {
  test(`the authority stopped after step ${last} is not missed before the next registration`, async ({
    openApp,
  }) => {
    const app = await start(openApp())
    const { client } = app
    await walk(client, 1, last)
    await stopAuthority(app, true)
    // The trust anchor outlives the authority, as it does elsewhere.
    await walk(client, last + 1, 8)
    await expect(client.getByRole('alert')).toHaveCount(0)
    await chooseInQuestions(app, 'Start over')
    await button(client, 'Start over').click()
    await expect(client.getByText('Step 1 needs the certificate authority')).toBeVisible()
    await button(client, 'Start authority').click()
    await expect(nextLine(client, 1)).toBeVisible()
    await walk(client, 1, 8)
  })
}
