/** A thousand clients at once against the running app, in every window of it something that beats. */
import { expect, test, type Page } from '@playwright/test'
import { LabError } from '#shared/errors'
import { ROLES } from '#shared/hl1/roles'
import { MAX_BYTES_REQUEST, MAX_REQUEST_BYTES } from '#shared/hl1/requests'
import { join } from 'node:path'
import { launchApp, ROOT, type App } from '../support/app'
import { caughtUp, startHeartbeat, takeHeartbeat } from '../support/load'
import { viewFrom } from '../support/lost-windows'
import { otherClient, stayingClient } from '../support/other-client'
import { suitesInWindows } from '../support/sample'

const SHOTS = join(ROOT, 'test-results', 'screenshots')
const CLIENTS = 1_000
/** A window may stand still for that part of the time that the clients take together, which they share its machine with. */
const SHARE = 0.4
/** And it has so many turns of its event loop in each second of it at least. */
const TURNS = 5

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

async function setCap({ client }: App, connections: number): Promise<void> {
  await button(client, 'Settings…').click()
  const dialog = client.getByRole('dialog')
  await dialog.getByLabel('Connections at once').fill(String(connections))
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toHaveCount(0)
}

/**
 * So many clients at once: what came of them, by `answered` or the code they were refused with.
 * @param stay who was answered keeps its place until all know what came of them: how quick a machine is decides nothing then
 */
async function rush(
  page: Page,
  stay: boolean,
): Promise<{ readonly took: number; readonly outcomes: Record<string, number> }> {
  const ask = await stayingClient(page)
  const outcomes: Record<string, number> = {}
  const staying: (() => void)[] = []
  const started = performance.now()
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, index) => {
      const outcome = await ask(`echo ${index}`).then(
        ({ answer, leave }) => {
          if (stay) staying.push(leave)
          else leave()
          return answer === String(index) ? 'answered' : 'wrong'
        },
        (error: unknown) => (error instanceof LabError ? error.code : 'other'),
      )
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    }),
  )
  const took = performance.now() - started
  for (const leave of staying) leave()
  return { took, outcomes }
}

for (const suite of suitesInWindows('modern')) {
  test(`a thousand clients at once are answered or told busy, and no window stands still: ${suite}`, async () => {
    // The clients share this process with all that watches them: some wait long for their turn.
    const app = await launchApp({ args: [`--suite=${suite}`, '--max-age=120', '--lifetime=600'] })
    try {
      const { client, server } = app
      await button(client, 'Run all').click()
      await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
      await server.getByRole('tab', { name: /^Sessions/ }).click()
      const pages = ROLES.map((role) => ({ role, page: app[role] }))
      for (const { page } of pages) await startHeartbeat(page)
      await client.waitForTimeout(1_000)
      const quiet = await Promise.all(pages.map(({ page }) => takeHeartbeat(page)))

      // With room for a hundred, the client of the window has one place of them.
      for (const [cap, expected] of [
        [2_000, { answered: CLIENTS }],
        [100, { answered: 99, busy: CLIENTS - 99 }],
      ] as const) {
        await test.step(`with room for ${cap}`, async () => {
          await setCap(app, cap)
          for (const { page } of pages) await takeHeartbeat(page)
          const { took, outcomes } = await rush(server, cap < CLIENTS)
          for (const { page } of pages) await caughtUp(page)
          const beats = await Promise.all(pages.map(({ page }) => takeHeartbeat(page)))
          const gaps = pages.map(({ role }, index) => {
            const { longest, beats: turns } = beats[index]!
            const times = longest / quiet[index]!.longest
            return `${role} ${longest.toFixed(0)} ms (${times.toFixed(1)} times quiet, ${turns} turns)`
          })
          console.info(
            `${CLIENTS} clients in ${suite}, room for ${cap}: ${JSON.stringify(outcomes)} in ${took.toFixed(0)} ms; longest gap ${gaps.join(', ')}`,
          )
          expect(outcomes).toEqual(expected)
          for (const { longest, beats: turns } of beats) {
            expect(longest / took).toBeLessThan(SHARE)
            expect(turns / (took / 1_000)).toBeGreaterThan(TURNS)
          }
          // The client's own session is one of those that were there before, and goes on.
          await expect.poll(async () => (await viewFrom(client)).server.connections).toBe(1)
        })
      }
      await server.screenshot({ path: join(SHOTS, `thousand-clients-${suite}.png`) })
      await button(client, 'Send request').click()
      await expect(client.getByRole('list', { name: 'Answers' }).getByRole('listitem')).toHaveCount(2)
    } finally {
      await app.close()
    }
  })
}

/** Programs that ask for the longest answers, and ask the longest questions, over and over again. */
const ATTACKERS = 8
const LONG = [`echo ${'x'.repeat(MAX_REQUEST_BYTES - 5)}`, `bytes ${MAX_BYTES_REQUEST}`]
/** Milliseconds that a window may stand still meanwhile: generous, as the clients have their share of the machine too. */
const STANDSTILL_MS = 1_000

for (const suite of suitesInWindows('modern')) {
  test(`eight programs that ask for all they can get: others are answered, no window stands still: ${suite}`, async () => {
    const app = await launchApp({ args: [`--suite=${suite}`, '--max-age=120', '--lifetime=600'] })
    try {
      const { client, server } = app
      await button(client, 'Run all').click()
      await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
      const ask = await otherClient(server)
      const pages = ROLES.map((role) => ({ role, page: app[role] }))
      for (const { page } of pages) await startHeartbeat(page)
      await client.waitForTimeout(1_000)
      const quiet = await Promise.all(pages.map(({ page }) => takeHeartbeat(page)))
      let goesOn = true
      let long = 0
      const attackers = Array.from({ length: ATTACKERS }, async (_, index) => {
        for (let round = index; goesOn; round++) {
          await ask(LONG[round % LONG.length]!)
          long++
        }
      })
      for (let index = 0; index < 20; index++) expect(await ask(`echo ${index}`)).toBe(String(index))
      await client.waitForTimeout(3_000)
      goesOn = false
      await Promise.all(attackers)
      const beats = await Promise.all(pages.map(({ page }) => takeHeartbeat(page)))
      const gaps = pages.map(
        ({ role }, index) =>
          `${role} ${beats[index]!.longest.toFixed(0)} (${quiet[index]!.longest.toFixed(0)} quiet)`,
      )
      console.info(`${long} long requests in ${suite}; longest gaps in ms: ${gaps.join(', ')}`)
      expect(long).toBeGreaterThanOrEqual(ATTACKERS)
      for (const { longest } of beats) expect(longest).toBeLessThan(STANDSTILL_MS)
    } finally {
      await app.close()
    }
  })
}
