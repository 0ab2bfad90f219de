import { expect, type Locator, type Page } from '@playwright/test'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { arrangeOn, lookInBothThemes, misfits, resize, takePictures } from '../support/looks'
import { FRESH, test } from '../support/shared-app'

async function openSheet(client: Page): Promise<Locator> {
  await client.getByRole('button', { name: 'Tools' }).click()
  await client.getByRole('menuitem', { name: /^Suites side by side/ }).click()
  const sheet = client.getByRole('dialog', { name: 'Suites side by side' })
  await expect(sheet).toBeVisible()
  return sheet
}

/** Numbers of the cells that say they are a figure of that kind, in the order of the page. */
async function figures(sheet: Locator, name: string): Promise<readonly number[]> {
  const texts = await sheet.locator(`[data-figure="${name}"]`).allTextContents()
  return texts.map((text) => Number.parseInt(text.replaceAll(',', ''), 10))
}

test('both suites are run and laid side by side, without accessibility faults in either theme', async ({
  openApp,
}) => {
  const app = await openApp()
  const { client } = app
  await resize(app, { width: 1280, height: 720 })
  const file = (name: string) => (theme: string) => `${theme}-suites-${name}.png`
  const shot = (name: string): Promise<void> => takePictures(client, file(name))
  const look = async (name: string): Promise<void> =>
    expect(await lookInBothThemes(client, name, file(name))).toEqual([])
  const sheet = await openSheet(client)
  await expect(sheet.getByRole('heading', { name: 'No runs yet' })).toBeVisible()
  await look('empty')

  await sheet.getByRole('button', { name: 'Run both suites' }).click()
  await expect(sheet.getByRole('progressbar')).toBeVisible()
  await expect(sheet.getByText(/^Run \d+ of 9 of each$/)).toBeVisible()
  await shot('running')
  await expect(sheet.getByRole('table', { name: 'The eight steps in both suites' })).toBeVisible({
    timeout: 60_000,
  })
  await look('totals')
  for (const [width, height] of [
    [1366, 768],
    [1280, 720],
  ] as const) {
    await arrangeOn(app, width, height)
    await expect(sheet.getByRole('button', { name: 'Run both suites' })).toBeInViewport({ ratio: 1 })
    expect(await misfits(client)).toEqual([])
    await shot(`totals-${width}`)
  }
  await resize(app, { width: 1280, height: 720 })

  const frames = await figures(sheet, 'frame')
  expect(frames).toHaveLength(16)
  const sum = (suite: number): number =>
    STEP_NUMBERS.reduce((total, step) => total + frames[2 * (step - 1) + suite]!, 0)
  expect(await figures(sheet, 'bytes')).toEqual([sum(0), sum(1)])
  expect(await figures(sheet, 'rsa_private')).toEqual([5, 5])
  expect(await figures(sheet, 'rsa_public')).toEqual([7, 6])

  const step = (number: number): Locator => sheet.locator(`[data-step="${number}"]`)
  await expect(step(3)).toContainText('everyone who has the program')
  await expect(step(3)).toContainText('anyone on the wire')
  await expect(step(5)).toContainText('Certificate Authority, when it listens')
  for (const number of STEP_NUMBERS) {
    await step(number).scrollIntoViewIfNeeded()
    await step(number).locator('details').first().locator('summary').click()
    if (number % 2 === 1) await shot(`step-${number}`)
  }
  await step(4).getByText('What the repairs prevent').click()
  await expect(step(4)).toContainText('Proof signs this connection’s transcript and share')
  await sheet.getByRole('region', { name: 'What still is not there' }).scrollIntoViewIfNeeded()
  await expect(sheet.getByText('Client not authenticated').last()).toBeVisible()
  await look('open')

  await sheet.getByRole('button', { name: 'Copy as Markdown' }).click()
  const copied = await app.electron.evaluate(({ clipboard }) => clipboard.readText())
  expect(copied).toContain('# Suites side by side')
  expect(copied).toContain(`| Bytes in all | ${sum(0)} | ${sum(1)} |`)
})

test(
  'runs leave the lab as it is, go on while the sheet is closed, and can be cancelled',
  { tag: FRESH },
  async ({ openApp }) => {
    const app = await openApp()
    const { client } = app
    let sheet = await openSheet(client)
    await sheet.getByLabel('Runs of each').selectOption('27')
    await sheet.getByRole('button', { name: 'Run both suites' }).click()
    await expect(sheet.getByText(/^Run \d+ of 27 of each$/)).toBeVisible()
    await client.keyboard.press('Escape')
    await expect(sheet).toHaveCount(0)
    sheet = await openSheet(client)
    await expect(sheet.getByRole('progressbar')).toBeVisible()
    await sheet.getByRole('button', { name: 'Cancel' }).click()
    await expect(sheet.getByRole('progressbar')).toHaveCount(0)
    await expect(sheet.getByRole('alert')).toHaveCount(0)
    await expect(sheet.getByRole('heading', { name: 'No runs yet' })).toBeVisible()

    await sheet.getByLabel('Runs of each').selectOption('3')
    await sheet.getByRole('button', { name: 'Run both suites' }).click()
    await expect(sheet.getByRole('table', { name: 'On the wire, bytes' })).toBeVisible({ timeout: 60_000 })
    await client.keyboard.press('Escape')
    // Nothing of the runs is in the windows' own lab.
    await client.getByRole('tab', { name: 'Log' }).click()
    await expect(client.getByText('No messages yet')).toBeVisible()
    await expect(client.getByRole('button', { name: 'Start authority' })).toBeVisible()
  },
)
