/** Runs with an adversary in them as recordings: a cell of the matrix, and the adversary of the lab itself. */
import { existsSync } from 'node:fs'
import { expect, type Page } from '@playwright/test'
import { join } from 'node:path'
import { openTool, ROOT, type App } from '../support/app'
import { chooseFiles, chooseInMenu } from '../support/choosing'
import { lookInBothThemes, resize } from '../support/looks'
import { button, save } from '../support/recordings'
import { readPdf, saveReport } from '../support/saved-report'
import { FRESH, test } from '../support/shared-app'
import { differences, windowTexts } from '../support/shown'

/** Runs take a while where others need the machine too. */
const PATIENCE = { timeout: 60_000 }
const bar = (page: Page) => page.getByRole('region', { name: 'Recording' })
const shown = (page: Page) => page.getByRole('dialog', { name: 'The adversary in this run' })

async function openRun(app: App, path: string): Promise<void> {
  await chooseFiles(app, path)
  await chooseInMenu(app, 'Open run or capture…')
}

test(
  'a cell of the matrix is saved and opens as a recording, which says what was taken away',
  { tag: FRESH },
  async ({ openApp }) => {
    const app = await openApp()
    const { client, server } = app
    const attacks = await openTool(app, 'attacks')
    await attacks.getByRole('radio', { name: 'modern' }).check()
    await attacks.getByRole('searchbox', { name: 'Search the attacks' }).fill('request again at once')
    await attacks.getByRole('rowheader', { name: 'Send a request again at once', exact: true }).click()
    await attacks.getByRole('button', { name: 'Run row' }).click()
    const cell = attacks.getByRole('gridcell', { name: 'succeeds' })
    await expect(cell).toHaveCount(1, PATIENCE)
    await cell.click()
    await attacks.getByRole('button', { name: 'Open the run' }).click()
    await attacks.getByRole('tab', { name: 'Story' }).click()
    const story = await attacks.getByRole('region', { name: 'Story' }).getByRole('listitem').allInnerTexts()
    const path = join(app.folder, 'attack.hlrun')
    await chooseFiles(app, path)
    await button(attacks, 'Save run…').click()
    // Written before it is opened, however busy the machine is.
    await expect.poll(() => existsSync(path)).toBe(true)
    await expect(attacks.getByRole('alert')).toHaveCount(0)

    await openRun(app, path)
    await expect(bar(client)).toContainText('came out as recorded')
    await expect(bar(server)).toContainText('A run of the attack “Send a request again at once” on modern')
    await expect(bar(client)).toContainText('without Sequence number: succeeds')
    await expect(bar(client)).toContainText('the lab behind it does without nothing')
    await resize(app, { width: 1280, height: 720 })
    await button(bar(client), 'Adversary…').focus()
    await client.keyboard.press('Enter')
    const told = shown(client).getByRole('region', { name: 'The attack' }).getByRole('listitem')
    await expect(told).toHaveCount(story.length)
    expect(await told.allInnerTexts()).toEqual(story)
    await expect(shown(client).getByRole('row').filter({ hasText: 'Sent by the adversary.' })).toHaveCount(1)
    expect(await lookInBothThemes(client, 'adversary', (theme) => `${theme}-recorded-attack.png`)).toEqual([])
    await client.keyboard.press('Escape')
    await expect(shown(client)).toHaveCount(0)
    expect(await lookInBothThemes(client, 'bar', (theme) => `${theme}-recorded-attack-bar.png`)).toEqual([])
    // A report of it tells the attack, and is read by other programs.
    const report = await readPdf(await saveReport(app, 'attack.pdf', { form: 'PDF' }))
    for (const said of [
      'A run of the attack “Send a request again at once” on modern',
      'It wants: ',
      'Sent by the adversary.',
      'It is the frame of message',
    ])
      expect(report.text).toContain(said)
    await button(client, 'Back to the lab').click()
    await expect(bar(client)).toHaveCount(0)
  },
)

test(
  'what an adversary of the lab did is in a saved run, and the windows show the same',
  { tag: FRESH },
  async ({ openApp }) => {
    const app = await openApp()
    const { client, server } = app
    const adversary = await openTool(app, 'adversary')
    await button(adversary, 'Switch on').click()
    await expect(adversary.getByText('On the wire', { exact: true })).toBeVisible()
    await adversary.getByLabel('Of which step').selectOption('4')
    await adversary.getByLabel('Hold', { exact: true }).selectOption('all')
    await button(client, 'Run all').click()
    await expect(adversary.getByRole('listbox', { name: 'Held messages' }).getByRole('option')).toHaveCount(1)
    const chosen = adversary.getByRole('article', { name: 'Chosen frame' })
    await chosen.getByRole('grid').locator('.byte[data-offset="10"]').click()
    await chosen.getByRole('button', { name: /^Flip bit 0,/ }).click()
    await button(adversary, 'Pass as changed').click()
    await expect(chosen).toContainText('Refused by the client as step 4')
    const said = await chosen
      .getByText(/Refused by the client as step 4, by/)
      .first()
      .innerText()

    const path = join(app.folder, 'adversary.hlrun')
    await save(app, /Leave secrets out/, path)
    const live = await windowTexts(app)
    await openRun(app, path)
    await expect(bar(client)).toContainText('came out as recorded')
    await expect(bar(server)).toContainText('An adversary was on the wire')
    await expect(bar(client)).toContainText('1 changed')
    // The bar takes some of the room in which long frames show a part of their bytes: what these are is held elsewhere.
    const withBytes = /^(server, Messages|client, (Message|Log))/
    const parted = differences(live, await windowTexts(app))
    expect(parted.filter((text) => !withBytes.test(text))).toEqual([])
    await resize(app, { width: 1280, height: 720 })
    await button(bar(client), 'Adversary…').click()
    const row = shown(client).getByRole('row').filter({ hasText: 'Changed byte 10.' })
    await expect(row).toContainText(/Refused by the client as step 4, by the check “/)
    expect(said).toContain(/by the check “[^”]*”/.exec(await row.innerText())?.[0])
    await row.getByText(/^Came: /).click()
    await row.getByText(/^Went on: /).click()
    await expect(shown(client)).toContainText('Switched on: connections cross its relays from now on.')
    expect(await lookInBothThemes(client, 'moves', (theme) => `${theme}-recorded-moves.png`)).toEqual([])
  },
)

test('Who knows what follows a recording through its moments, and really opens its messages', async ({
  openApp,
}) => {
  const app = await openApp()
  const { client } = app
  await openRun(app, join(ROOT, 'test/vectors/runs/version-1-classic.hlrun'))
  await expect(bar(client)).toContainText('came out as recorded')
  const page = await openTool(app, 'knowledge')
  await expect(page.getByText('Recording version-1-classic.hlrun')).toBeVisible()
  await expect(page.getByText(/After step 8/)).toBeVisible()
  await page.getByRole('tab', { name: 'Messages' }).click()
  const state = (step: number) => page.locator(`[data-step="${step}"] [data-state-of-message]`)
  await expect(state(7)).toHaveText('closed')
  await page.getByRole('group', { name: 'Leak SK_S' }).getByRole('button', { name: 'now' }).click()
  for (const step of [3, 4, 5, 6, 7, 8]) await expect(state(step)).toHaveText('open')
  expect(await lookInBothThemes(page, 'knowledge', (theme) => `${theme}-recorded-knowledge.png`)).toEqual([])
  // The slider goes through moments of the recording, and the recording’s own moves this window.
  await page.getByRole('slider', { name: 'Step' }).focus()
  await page.keyboard.press('ArrowLeft')
  await expect(page.getByText(/After step 7/)).toBeVisible()
  await expect(bar(client)).toContainText('Server accepted step 7')
  await button(bar(client), 'To the beginning').click()
  await expect(page.getByText('Nothing was said yet.')).toBeVisible()
  await button(client, 'Back to the lab').click()
  await expect(page.getByRole('button', { name: /Make (a|another) run/ })).toBeVisible()
})
