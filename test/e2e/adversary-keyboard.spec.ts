/** Every move of the adversary without a mouse: holding, changing, replacing, sending again, forging, posing, leaking, forgetting. */
import { expect, type Locator, type Page } from '@playwright/test'
import { openTool } from '../support/app'
import { pressAt, tabTo, typeAt } from '../support/keyboard'
import { answerQuestions, questionsAsked } from '../support/person'
import { FRESH, test } from '../support/shared-app'
import { LONG } from '../support/sample'

const button = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: typeof name === 'string' })
const list = (page: Page, name: string): Locator => page.getByRole('listbox', { name })
const step = (page: Page, number: number): Locator =>
  page.getByRole('button', { name: new RegExp(`^Step ${number},`) })

/** From the tab that has the focus to another one. */
async function goToTab(page: Page, name: string): Promise<void> {
  await tabTo(page, page.locator('[role=tab][aria-selected=true]'))
  const tab = page.getByRole('tab', { name: new RegExp(`^${name}`) })
  for (let presses = 0; presses < 4; presses++) {
    if ((await tab.getAttribute('aria-selected')) === 'true') return
    await page.keyboard.press('ArrowRight')
  }
}

test('by keyboard alone, a held message is changed in every way, replaced, reverted, passed and dropped', async ({
  openApp,
}) => {
  const app = await openApp({ settings: { maxAge: 300 } })
  const { client } = app
  const page = await openTool(app, 'adversary')
  const detail = page.getByRole('article', { name: 'Chosen frame' })
  const held = list(page, 'Held messages').getByRole('option')
  await pressAt(page, button(page, 'Switch on'))
  await expect(page.getByText('On the wire', { exact: true })).toBeVisible()
  await typeAt(page, page.getByLabel('Of which step'), 'step 3')
  await typeAt(page, page.getByLabel('Hold', { exact: true }), 'everything')
  await pressAt(client, button(client, 'Run all'))
  await expect(held).toHaveCount(1)

  const bytes = detail.getByRole('grid')
  const changed = detail.getByRole('region', { name: 'What was changed' })
  await tabTo(page, bytes)
  for (let count = 0; count < 12; count++) await page.keyboard.press('ArrowRight')
  await page.keyboard.type('7f')
  await expect(changed).toBeVisible()
  await page.keyboard.press('Insert')
  await page.keyboard.press('Delete')
  await pressAt(page, button(page, /^Flip bit 3,/), 'Space')
  await expect(detail.getByRole('grid').locator('.byte.marked.header, .byte.marked').first()).toBeVisible()
  await pressAt(page, button(page, 'Revert'))
  await expect(changed).toHaveCount(0)

  await pressAt(page, button(page, 'Change id_c'))
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('ID-Nobody')
  await pressAt(page, button(page, 'Set and seal again'))
  await expect(detail.getByRole('row').filter({ hasText: 'id_c' })).toContainText('ID-Nobody')

  await pressAt(page, button(page, 'Replace…'))
  await typeAt(page, page.getByLabel('by', { exact: true }), 'frame 1')
  await pressAt(page, button(page, 'Put it there'))
  await expect(changed).toBeVisible()
  await pressAt(page, button(page, 'Revert'))
  await expect(changed).toHaveCount(0)

  await pressAt(page, list(page, 'Held messages'))
  await expect(step(client, 8)).toHaveAccessibleName(/done/)

  await typeAt(page, page.getByLabel('Of which step'), 'step 7')
  await pressAt(client, button(client, 'Send request'))
  await expect(held).toHaveCount(1)
  await pressAt(page, list(page, 'Held messages'), 'ArrowDown')
  await page.keyboard.press('Delete')
  await expect(held).toHaveCount(0)
  await expect(list(page, 'All frames').getByRole('option').last()).toContainText('dropped')
})

test(
  'by keyboard alone, frames are sent again and forged, keys leaked, somebody posed as, all of it forgotten',
  { tag: [FRESH, LONG] },
  async ({ openApp }) => {
    const app = await openApp({ settings: { maxAge: 300 } })
    const { client } = app
    const page = await openTool(app, 'adversary')
    const frames = list(page, 'All frames').getByRole('option')
    await pressAt(page, button(page, 'Switch on'))
    await pressAt(client, button(client, 'Run all'))
    await expect(step(client, 8)).toHaveAccessibleName(/done/)
    await expect(frames).toHaveCount(8)

    await pressAt(page, list(page, 'All frames'), 'End')
    await page.keyboard.press('ArrowUp')
    await pressAt(page, button(page, 'Send again'))
    await expect(frames.nth(8)).toContainText('unnoticed')

    await goToTab(page, 'Moves')
    await typeAt(page, page.getByLabel('Step', { exact: true }), '3')
    await pressAt(page, button(page, 'Make and send'))
    await expect(page.getByText(/^Sent on connection #/)).toBeVisible()
    await pressAt(page, button(page, /^Stand there: Pose as the server/))
    await expect(page.getByText('stands there as ID-Server')).toBeVisible()
    await pressAt(page, button(page, /^Step aside: Pose as the server/))
    await expect(page.getByText('stands there as ID-Server')).toHaveCount(0)
    await pressAt(page, button(page, /^Cut connection #/).first())

    await goToTab(page, 'Keys')
    await answerQuestions(app, true)
    await pressAt(page, button(page, 'Leak SK_S…'))
    await expect(page.getByRole('cell', { name: 'leaked to it' })).toHaveCount(1)
    expect(await questionsAsked(app)).toHaveLength(1)

    await goToTab(page, 'What it did')
    await pressAt(page, list(page, 'What it did'), 'Home')
    // The first is that it was switched on: of no frame.
    await page.keyboard.press('ArrowDown')
    await pressAt(page, button(page, 'Show its frame'))
    await expect(page.getByRole('tab', { name: /^Frames/ })).toHaveAttribute('aria-selected', 'true')
    await goToTab(page, 'What it did')
    await pressAt(page, button(page, 'Forget everything'))
    await expect(page.getByText('Nothing yet')).toBeVisible()
    await pressAt(page, button(page, 'Switch off'))
    await expect(page.getByText('Off', { exact: true })).toBeVisible()
  },
)
