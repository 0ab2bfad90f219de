/** Runs with an adversary in them as recordings: a cell of the matrix, and the adversary of the lab itself. */
import { expect, type Page } from '@playwright/test'
import { join } from 'node:path'
import { openTool, type App } from '../support/app'
import { lookInBothThemes, resize } from '../support/looks'
import { button, chooseFiles, chooseInMenu } from '../support/recordings'
import { FRESH, test } from '../support/shared-app'

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
    await button(client, 'Back to the lab').click()
    await expect(bar(client)).toHaveCount(0)
  },
)
