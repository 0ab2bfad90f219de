/** The adversary in the real app: it stands between the lab's own programs, and what becomes of what it does shows in all windows. */
import { expect, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CHECKS } from '#shared/hl1/check-table'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import type { SuiteName } from '#shared/hl1/suites'
import { openTool, ROOT, type App } from '../support/app'
import { closeWindow } from '../support/lost-windows'
import { answerQuestions, chooseInQuestions, questionsAsked } from '../support/person'
import { test } from '../support/shared-app'
import { suitesInWindows } from '../support/sample'

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const tab = (page: Page, name: string) => page.getByRole('tab', { name: new RegExp(`^${name}`) })
const step = (page: Page, number: number) =>
  page.getByRole('button', { name: new RegExp(`^Step ${number},`) })
const frames = (page: Page) => page.getByRole('listbox', { name: 'All frames' }).getByRole('option')
const held = (page: Page) => page.getByRole('listbox', { name: 'Held messages' }).getByRole('option')
const chosen = (page: Page) => page.getByRole('article', { name: 'Chosen frame' })

async function switchOn(app: App): Promise<Page> {
  const page = await openTool(app, 'adversary')
  await button(page, 'Switch on').click()
  await expect(page.getByText('On the wire', { exact: true })).toBeVisible()
  return page
}

async function runAll({ client }: App): Promise<void> {
  await button(client, 'Run all').click()
  await expect(step(client, 8)).toHaveAccessibleName(/done/)
}

/** Takes steps one at a time, until the last of them is done. */
async function walkTo({ client }: App, last: number): Promise<void> {
  for (const number of STEP_NUMBERS.filter((each) => each <= last)) {
    await button(client, 'Next step').click()
    await expect(step(client, number)).toHaveAccessibleName(/done/)
  }
}

/** What to hold: a step by its number. */
async function holdStep(page: Page, number: number): Promise<void> {
  await page.getByLabel('Of which step').selectOption(String(number))
  await page.getByLabel('Hold', { exact: true }).selectOption('all')
}

for (const suite of suitesInWindows('modern')) {
  test(`everything works through it: ${suite}`, async ({ openApp }) => {
    const app = await openApp({ settings: { suite } })
    const { client, server } = app
    const page = await switchOn(app)
    for (const window of [client, server, app.authority])
      await expect(window.getByText('the adversary is on the wire')).toBeVisible()
    await runAll(app)
    for (const number of STEP_NUMBERS) await expect(step(client, number)).toHaveAccessibleName(/done/)
    await expect(client.getByRole('alert')).toHaveCount(0)
    await server.getByRole('tab', { name: /^Sessions/ }).click()
    await expect(server.getByRole('row').nth(1)).toContainText('Live')

    await expect(frames(page)).toHaveCount(8)
    for (const number of STEP_NUMBERS) {
      await expect(frames(page).nth(number - 1)).toContainText(`Step ${number}`)
      await expect(frames(page).nth(number - 1)).toContainText('accepted')
    }
    // Read as far as somebody in the middle can, and no further.
    await frames(page).nth(2).click()
    const inClear =
      suite === 'classic' ? { name: 'id_c', value: 'ID-Client' } : { name: 'id_s', value: 'ID-Server' }
    await expect(chosen(page).locator('tr').filter({ hasText: inClear.name })).toContainText(inClear.value)
    await frames(page).nth(6).click()
    await expect(chosen(page)).toContainText(/losed\. It would take/)
    // The session's own request goes through it, too.
    await client.getByLabel('Request', { exact: true }).fill('echo through it')
    await button(client, 'Send request').click()
    await expect(client.getByRole('list', { name: 'Answers' })).toContainText('through it')
    await expect(frames(page)).toHaveCount(10)
  })

  test(`one bit of step 4, flipped by a click, is refused as the map of flips says: ${suite}`, async ({
    openApp,
  }) => {
    const app = await openApp({ settings: { suite } })
    const { client } = app
    const page = await switchOn(app)
    await holdStep(page, 4)
    await walkTo(app, 3)
    await button(client, 'Next step').click()
    await expect(held(page)).toHaveCount(1)
    await expect(step(client, 4)).not.toHaveAccessibleName(/done/)

    const byte = 10
    const bytes = chosen(page).getByRole('grid')
    await bytes.locator(`.byte[data-offset="${byte}"]`).click()
    await chosen(page)
      .getByRole('button', { name: /^Flip bit 0,/ })
      .click()
    await expect(chosen(page).getByRole('region', { name: 'What was changed' })).toBeVisible()
    await expect(bytes.locator('.byte.marked.header')).toHaveCount(1)
    await button(page, 'Pass as changed').click()

    const code = codeOfFlip(suite, 4, byte * 8 + 7)
    await expect(chosen(page)).toContainText('Refused by the client as step 4')
    await expect(chosen(page)).toContainText(code)
    await expect(step(client, 4)).toHaveAccessibleName(/refused/)
    await step(client, 4).click()
    const refusal = client.getByRole('alert').filter({ hasText: 'Refused by the check' })
    await expect(refusal).toContainText(code)
    // Both windows name the same check.
    const title = Object.values(CHECKS).find(({ title: each }) => each === CHECKS[checkOf(code)].title)?.title
    await expect(refusal).toContainText(`“${title}”`)
    await expect(chosen(page)).toContainText(`“${title}”`)
  })
}

/** The check that refuses with a code, before anything of the step itself. */
function checkOf(code: string): 'decryption' | 'members' {
  return code === 'decrypt_failed' ? 'decryption' : 'members'
}

interface FlipMap {
  readonly step: number
  readonly runs: readonly (readonly [first: number, count: number, outcome: string])[]
}

/** What docs/bit-flips.json says of a bit; 0 is the highest bit of the first byte. */
function codeOfFlip(suite: SuiteName, number: number, bit: number): string {
  const map = JSON.parse(readFileSync(join(ROOT, 'docs/bit-flips.json'), 'utf8')) as Record<
    SuiteName,
    readonly FlipMap[]
  >
  const runs = map[suite].find((frame) => frame.step === number)?.runs ?? []
  return runs.find(([first, count]) => first <= bit && bit < first + count)?.[2] ?? ''
}

test('a message that is held beyond the age limit has become stale, which is said, and is refused for it', async ({
  openApp,
}) => {
  const app = await openApp({ settings: { maxAge: 6 } })
  const page = await switchOn(app)
  await holdStep(page, 5)
  await walkTo(app, 4)
  await button(app.client, 'Next step').click()
  await expect(held(page)).toHaveCount(1)
  await expect(held(page)).toContainText('stale')
  await expect(chosen(page)).toContainText('It has become stale by waiting')
  await button(page, 'Pass').click()
  await expect(chosen(page)).toContainText(`by the check “${CHECKS.freshness.title}”`)
  await expect(chosen(page)).toContainText('stale_timestamp')
  await expect(step(app.client, 5)).toHaveAccessibleName(/refused/)
})

test('a request of suite classic that is sent again at once is served twice, and both ends show it', async ({
  openApp,
}) => {
  const app = await openApp()
  const { server } = app
  const page = await switchOn(app)
  await runAll(app)
  await server.getByRole('tab', { name: /^Sessions/ }).click()
  const requests = server.getByRole('row').nth(1).getByRole('cell').nth(4)
  await expect(requests).toHaveText('1')
  const served = await recordsOf(server)
  await frames(page).nth(6).click()
  await button(page, 'Send again').click()
  // The server answers once more; the client, which has asked once, refuses that answer and says so.
  await expect(frames(page)).toHaveCount(11)
  await expect(frames(page).nth(8)).toContainText('unnoticed')
  await expect(frames(page).nth(9)).toContainText('refused')
  await expect(requests).toHaveText('2')
  await expect.poll(() => recordsOf(server)).toBeGreaterThanOrEqual(served + 2)
})

/** How many messages a window says that its role has recorded. */
async function recordsOf(page: Page): Promise<number> {
  return Number(/\d+/.exec(await tab(page, 'Messages').innerText())?.[0] ?? 0)
}

test('an honest certificate of another name is refused for its name, and a genuine one of the server’s is not', async ({
  openApp,
}) => {
  const app = await openApp({ settings: { suite: 'modern' } })
  const { client } = app
  const page = await switchOn(app)
  await walkTo(app, 2)
  await tab(page, 'Moves').click()
  await page.getByRole('button', { name: /^Stand there: .*ID-Mallory/ }).click()
  await expect(page.getByText('stands there as ID-Mallory')).toBeVisible()
  await button(client, 'Run all').click()
  await expect(step(client, 4)).toHaveAccessibleName(/refused/)

  await page.getByRole('button', { name: /^Stand there: Pose as the server/ }).click()
  await expect(page.getByText('stands there as ID-Server')).toBeVisible()
  // The real server has heard nothing of the client's walk: that its key goes is asked when it registers.
  await chooseInQuestions(app, 'Start over', 'Register')
  await button(client, 'Start over').click()
  await client.getByLabel('Request', { exact: true }).fill('echo a secret of the client')
  await runAll(app)
  await expect(page.getByRole('cell', { name: 'echo a secret of the client' })).toBeVisible()
})

test('a key is leaked only once the person agrees, and what it opens is open then', async ({ openApp }) => {
  const app = await openApp()
  const page = await switchOn(app)
  await runAll(app)
  await frames(page).nth(4).click()
  await expect(chosen(page)).toContainText('Closed. It would take')
  await tab(page, 'Keys').click()
  await answerQuestions(app, false)
  await button(page, 'Leak SK_S…').click()
  await expect.poll(async () => (await questionsAsked(app)).length).toBe(1)
  await expect(page.getByRole('cell', { name: 'leaked to it' })).toHaveCount(0)
  await answerQuestions(app, true)
  await button(page, 'Leak SK_S…').click()
  await expect(page.getByRole('cell', { name: 'leaked to it' })).toHaveCount(1)
  await tab(page, 'Frames').click()
  await expect(chosen(page).getByRole('row').filter({ hasText: 'k_tmp2' })).toBeVisible()
  // What was read in step 5 opens step 6, and that the request.
  await frames(page).nth(6).click()
  await expect(chosen(page).getByRole('row').filter({ hasText: 'req' })).toContainText('time')
})

test('with its window closed nothing of it stands in the way; what was seen is there when it comes back', async ({
  openApp,
}) => {
  const app = await openApp()
  const page = await switchOn(app)
  await walkTo(app, 2)
  await expect(frames(page)).toHaveCount(2)
  await closeWindow(app, 'adversary')
  await expect.poll(() => page.isClosed()).toBe(true)
  await button(app.client, 'Next step').click()
  await expect(step(app.client, 3)).toHaveAccessibleName(/done/)
  const again = await openTool(app, 'adversary')
  await expect(frames(again)).toHaveCount(2)
  await button(again, 'Switch on').click()
  await expect(again.getByText('On the wire', { exact: true })).toBeVisible()
})

test('its window asks before it closes while it holds a message, and the client says why its connection ends', async ({
  openApp,
}) => {
  const app = await openApp({ settings: { suite: 'modern' } })
  const { client } = app
  const page = await switchOn(app)
  // A step that is chosen is held: nothing else has to be chosen for that.
  await page.getByLabel('Of which step').selectOption('4')
  await walkTo(app, 3)
  await button(client, 'Next step').click()
  await expect(held(page)).toHaveCount(1)
  await expect(client.getByText('and holds 1 message')).toBeVisible()
  // The share stands in the frame by itself, in clear.
  await chosen(page).getByRole('grid').locator('.byte[data-offset="27"]').click()
  await expect(chosen(page).getByText('share of the server')).toBeVisible()
  await chooseInQuestions(app, 'Keep open')
  await closeWindow(app, 'adversary')
  await expect.poll(async () => (await questionsAsked(app))[0]?.detail).toContain('holds 1 message')
  expect(page.isClosed()).toBe(false)
  await chooseInQuestions(app, 'Close')
  await closeWindow(app, 'adversary')
  await expect.poll(() => page.isClosed()).toBe(true)
  await expect(client.getByText('The adversary was switched off with its window')).toBeVisible()
})
