/** The client's window closed, loaded again, or its process killed after every step of a walk: what goes on, and what is lost. */
import { expect, test, type Page } from '@playwright/test'
import { once } from 'node:events'
import { connect } from 'node:net'
import { STEP_NUMBERS, STEPS, type StepNumber } from '#shared/hl1/steps'
import type { SuiteName } from '#shared/hl1/suites'
import type { Hl1Entry } from '#shared/hl1/types'
import { chooseInQuestions } from '../support/person'
import { launchApp, type App } from '../support/app'
import {
  answerTo,
  bringBack,
  closeWindow,
  killRenderer,
  pageAfresh,
  reloadPage,
  viewFrom,
} from '../support/lost-windows'
import { askAppServer } from '../support/other-client'
import { press } from '../support/person'
import { ALL } from '../support/sample'

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const step = (page: Page, number: number) =>
  page.getByRole('button', { name: new RegExp(`^Step ${number},`) })
const notice = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text })
/** What the line under the bar says where the walk goes on. */
const nextLine = (page: Page, number: StepNumber) => page.getByText(`Next: step ${number},`)

/** Starts the app, both roles running, in a suite. A page that keeps crashing is loaded again when that is asked. */
async function start(suite: SuiteName): Promise<App> {
  const app = await launchApp({ args: [`--suite=${suite}`] })
  await chooseInQuestions(app, 'Load it again', 'Start over', 'Quit')
  await button(app.client, 'Start authority').click()
  await button(app.client, 'Start server').click()
  return app
}

async function walkTo(client: Page, last: StepNumber): Promise<void> {
  await button(client, 'Start over').click()
  await expect(nextLine(client, 1)).toBeVisible()
  for (const number of STEP_NUMBERS.slice(0, last)) {
    await button(client, 'Next step').click()
    await expect(step(client, number)).toHaveAccessibleName(/done/)
  }
}

/** Step that a role of main has ready and holds back after `last`: the one who waits for it is lost. */
function heldAfter(last: StepNumber): readonly StepNumber[] {
  const { then } = STEPS[last]
  return then !== undefined && STEPS[then].from !== 'client' ? [then] : []
}

/** What must be the same before and after: who the authority is, where both listen, and what the server has. */
async function standing(page: Page): Promise<unknown> {
  const { authority, server } = await viewFrom(page)
  return {
    authority: [authority.status, authority.address, authority.certificate?.pem],
    server: [server.status, server.address, server.registration, server.certificate?.pem],
  }
}

/** The server has let go of the client: no connection, no live session, and no secret of a session in its records. */
async function expectNothingHeld(server: Page, last: StepNumber): Promise<void> {
  await expect
    .poll(async () => {
      const { connections, sessions } = (await viewFrom(server)).server
      const open = sessions.filter(({ connected, end }) => connected || end === undefined)
      return { connections, open: open.length }
    })
    .toEqual({ connections: 0, open: 0 })
  const { sessions } = (await viewFrom(server)).server
  if (last >= 6) expect(sessions[0]?.end?.how).toBe('client_left')
  const records = await answerTo<readonly Hl1Entry[]>(server, 'records:list')
  if (!records.ok) throw new Error(records.error.code)
  const ofSessions = records.value.filter(({ role, step: of }) => role === 'server' && of >= 3)
  if (last >= 3) expect(ofSessions.length).toBeGreaterThan(0)
  for (const { id, members } of ofSessions) {
    for (const { name } of members.filter(({ secret }) => secret)) {
      await press(server)
      const answer = await answerTo(server, 'records:reveal', { id, member: name })
      expect(answer.ok ? 'revealed' : answer.error.code, name).toBe('unknown_record')
    }
  }
}

/** Each way to lose the page: does it, and gives the page that is there afterwards. */
const LOSSES = {
  'loaded again': async (app: App) => {
    await reloadPage(app, 'client')
    return app.client
  },
  killed: async (app: App) => {
    await killRenderer(app, 'client')
    return pageAfresh(app, 'client')
  },
} as const
const SAID = {
  'loaded again': 'This window was loaded again.',
  killed: 'This window failed and was loaded again.',
}

/** How the client is lost, in which suite, and after which steps. */
interface Lost {
  readonly loss: keyof typeof LOSSES
  readonly suite: SuiteName
  readonly steps: readonly StepNumber[]
}

const LOST: readonly Lost[] = [
  { loss: 'loaded again', suite: 'classic', steps: ALL ? STEP_NUMBERS : [3, 8] },
  { loss: 'killed', suite: 'classic', steps: ALL ? STEP_NUMBERS : [1, 4, 7] },
  // Those where the suites differ in what the server holds then: other keys, of another kind.
  { loss: 'killed', suite: 'modern', steps: ALL ? [3, 5, 6, 7] : [6] },
]

for (const { loss, suite, steps } of LOST) {
  test(`the client ${loss} after steps ${steps.join(', ')} loses its session alone, in ${suite}`, async () => {
    const app = await start(suite)
    try {
      let { client } = app
      for (const last of steps) {
        await test.step(`after step ${last}`, async () => {
          await walkTo(client, last)
          await expect.poll(async () => (await viewFrom(app.server)).walk.waiting).toEqual(heldAfter(last))
          const before = await standing(app.server)

          client = await LOSSES[loss](app)

          const said = notice(client, SAID[loss])
          await expect(said).toContainText(
            last >= 3 ? 'its connection to the server, its keys' : 'no session is lost',
          )
          await expect(said).toContainText('Authority and server go on')
          expect(await standing(app.authority)).toEqual(before)
          // A registration that waits for its step 2 is no business of the client's: it goes on where it was.
          if (last >= 2) await expectNothingHeld(app.server, last)
          await expect(nextLine(client, last === 1 ? 2 : 3)).toBeVisible()
          if (last >= 2) expect(await askAppServer(app.server, 'echo somebody else')).toBe('somebody else')
          await said.getByRole('button', { name: 'Dismiss' }).click()
          await expect(said).toHaveCount(0)

          await button(client, 'Run all').click()
          await expect(step(client, 8)).toHaveAccessibleName(/done/)
          await expect(nextLine(client, 3)).toHaveCount(0)
        })
      }
      await expect(notice(app.server, SAID[loss])).toHaveCount(0)
    } finally {
      await app.close()
    }
  })
}

test('the client closed after every step keeps its session, and is back as it was', async () => {
  const app = await start('classic')
  try {
    const { client } = app
    for (const last of ALL ? STEP_NUMBERS : ([2, 5, 8] as const)) {
      await test.step(`after step ${last}`, async () => {
        await walkTo(client, last)
        const before = await standing(app.server)
        const { sessions } = (await viewFrom(app.server)).server

        await closeWindow(app, 'client')

        expect(await isVisible(app)).toBe(false)
        if (last >= 2) expect(await askAppServer(app.server, 'echo somebody else')).toBe('somebody else')
        expect(await standing(app.authority)).toEqual(before)
        const now = (await viewFrom(app.server)).server.sessions
        const mine = now.filter(({ id }) => sessions.some((session) => session.id === id))
        expect(mine.map(({ id, connected, end }) => [id, connected, end])).toEqual(
          sessions.map(({ id, connected, end }) => [id, connected, end]),
        )
        expect(mine[0]?.connected ?? false).toBe(last >= 6)

        await bringBack(app, 'Client')

        expect(await isVisible(app)).toBe(true)
        const said = notice(client, 'This window was closed, and is back as it was.')
        await expect(said).toContainText(last >= 3 ? 'kept its connection' : 'no connection to the server')
        await said.getByRole('button', { name: 'Dismiss' }).click()
        await expect(said).toHaveCount(0)
        for (const number of STEP_NUMBERS.slice(0, last)) {
          await expect(step(client, number)).toHaveAccessibleName(/done/)
        }
        for (const number of STEP_NUMBERS.slice(last)) {
          await button(client, 'Next step').click()
          await expect(step(client, number)).toHaveAccessibleName(/done/)
        }
      })
    }
  } finally {
    await app.close()
  }
})

test('the client closed as the last window, in the middle of a step, ends the app and everything that it holds', async () => {
  const app = await start('classic')
  try {
    await walkTo(app.client, 5)
    const { authority, server } = await viewFrom(app.client)
    const ports = [authority.address?.port ?? 0, server.address?.port ?? 0]
    expect(await Promise.all(ports.map(isOpen))).toEqual([true, true])
    const ended = once(app.electron.process(), 'exit')
    await closeWindow(app, 'authority')
    await closeWindow(app, 'server')
    await closeWindow(app, 'client').catch(() => undefined)
    expect(await ended).toEqual([0, null])
    expect(await Promise.all(ports.map(isOpen))).toEqual([false, false])
  } finally {
    await app.close()
  }
})

test('a page that tries to lead elsewhere is kept where it is, with its session', async () => {
  const app = await start('classic')
  try {
    const { client } = app
    await button(client, 'Run all').click()
    await expect(step(client, 8)).toHaveAccessibleName(/done/)
    // Playwright waits for where the page is led, in vain: what follows is asked of the other windows.
    await client.evaluate(() => {
      location.href = 'https://example.org/'
      const send = [...document.querySelectorAll('button')].find(
        ({ innerText }) => innerText === 'Send request',
      )
      send?.click()
    })
    await expect.poll(async () => (await viewFrom(app.server)).server.sessions[0]?.requests).toBe(2)
    const { server, notices } = await viewFrom(app.server)
    expect(server.sessions[0]?.connected).toBe(true)
    expect(notices).toEqual([])
  } finally {
    await app.close()
  }
})

function isVisible({ electron }: App): Promise<boolean> {
  return electron.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().some(
      (window) => window.isVisible() && window.webContents.getURL().includes('/client/'),
    ),
  )
}

/** Whether somebody listens at a port. */
function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('close', () => socket.destroy())
    socket.unref()
  })
}
