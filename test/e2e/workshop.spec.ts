/** The certificate workshop: recipes judged, a chain of one's own, what is served asked by curl, folders written; by mouse and keyboard. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, type Locator, type Page } from '@playwright/test'
import { RECIPES } from '#shared/workshop/recipes'
import { JUDGE_IDS } from '#shared/workshop/verdicts'
import { openTool } from '../support/app'
import { chooseFiles } from '../support/choosing'
import { pressAt, tabTo } from '../support/keyboard'
import { lookInBothThemes, misfits, resizePage, takePictures } from '../support/looks'
import { closeWindow } from '../support/lost-windows'
import { chooseInQuestions, questionsAsked } from '../support/person'
import { test } from '../support/shared-app'

const PATIENCE = { timeout: 60_000 }
const SIZES = [
  { width: 1920, height: 1080 },
  { width: 1280, height: 720 },
] as const

const detail = (page: Page): Locator => page.getByRole('article', { name: 'The chosen recipe' })
const rowOf = (page: Page, title: string): Locator =>
  page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: title, exact: true }) })
const inspector = (page: Page): Locator => page.getByRole('dialog', { name: 'Inspector' })
/** What a judge says of the chain that is shown. */
const verdictOf = (page: Page, judge: string): Locator =>
  page
    .getByRole('table', { name: 'What the judges say' })
    .locator('tbody')
    .filter({ has: page.getByRole('rowheader', { name: judge }) })

/** How curl ends: 0 where it accepts. */
async function ends(command: string): Promise<number> {
  return promisify(execFile)('sh', ['-c', command], { timeout: 20_000 }).then(
    () => 0,
    (error: { code?: number }) => error.code ?? -1,
  )
}

test('an expired certificate by mouse: who refuses it and why, served, inspected and exported', async ({
  openApp,
}) => {
  test.setTimeout(240_000)
  const folder = mkdtempSync(join(tmpdir(), 'e2e-workshop-'))
  try {
    const app = await openApp()
    const page = await openTool(app, 'workshop')
    const picture = async (name: string): Promise<void> => {
      for (const size of SIZES) {
        await resizePage(app, 'workshop', page, size)
        await takePictures(page, (theme) => `${theme}-workshop-${name}-${size.width}.png`)
        expect(await misfits(page)).toEqual([])
      }
    }
    const look = async (name: string): Promise<void> => {
      await picture(name)
      expect(await lookInBothThemes(page, name, (theme) => `${theme}-workshop-${name}.png`)).toEqual([])
    }
    await expect(page.getByText('Nothing was judged yet')).toBeVisible()
    await picture('begin')

    await rowOf(page, 'Expired').click()
    await expect(detail(page)).toContainText('was valid until yesterday')
    await expect(verdictOf(page, 'curl')).toContainText('not judged yet')
    await detail(page).getByRole('button', { name: 'Judge it' }).click()
    await expect(verdictOf(page, 'curl')).toContainText('certificate has expired', PATIENCE)
    await expect(verdictOf(page, 'OpenSSL strict')).toContainText('refuses: Dates')
    await expect(verdictOf(page, 'openssl verify')).toContainText('certificate has expired')
    await expect(verdictOf(page, 'certtool')).toContainText('expired')
    await expect(page.getByText('7 verdicts, all as predicted.')).toBeVisible()
    // All rows are alike, and axe takes its time with each.
    await page.getByRole('searchbox', { name: 'Search the recipes' }).fill('was valid until yesterday')
    await expect(page.getByText('3 found')).toBeVisible()
    await look('expired')

    await detail(page).getByRole('button', { name: 'Inspect' }).click()
    await expect(inspector(page)).toContainText('Workshop Server')
    await expect(inspector(page).getByRole('region', { name: 'Checks of the path' })).toContainText('Dates')
    await expect(inspector(page)).not.toContainText('A trusted server certificate')
    await look('inspect')
    await expect(inspector(page)).toContainText('trusting the chain’s trust anchor')
    await inspector(page).getByRole('button', { name: 'Export…', exact: true }).click()
    await expect(page.getByRole('dialog', { name: 'Export' })).toBeVisible()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')

    await detail(page).getByRole('button', { name: 'Serve it' }).click()
    await expect(page.getByText(/^Served on 127\.0\.0\.1/)).toBeVisible(PATIENCE)
    const line = page.getByRole('list', { name: 'Commands' }).getByRole('listitem').first().locator('pre')
    expect(await ends(await line.innerText())).toBe(60)
    await look('served')
    await chooseInQuestions(app, 'Keep open')
    await closeWindow(app, 'workshop')
    const asked = await questionsAsked(app)
    expect(asked.map(({ message, buttons, defaultId }) => [message, buttons, buttons[defaultId]])).toEqual([
      ['Close the window Certificate workshop?', ['Keep open', 'Close'], 'Keep open'],
    ])
    expect(await ends(await line.innerText())).toBe(60)
    await page.getByRole('button', { name: 'Stop serving' }).click()
    await expect(page.getByText('Nothing is served.')).toBeVisible()

    await chooseFiles(app, folder)
    await page.getByRole('button', { name: 'Export all…' }).click()
    await expect(page.getByText(/files written to/)).toBeVisible(PATIENCE)
    const [made = ''] = readdirSync(folder)
    const files = readdirSync(join(folder, made))
    const index = JSON.parse(readFileSync(join(folder, made, 'recipes.json'), 'utf8')) as {
      recipes: readonly { id: string; expected: object }[]
    }
    expect(index.recipes.map(({ id }) => id)).toEqual(RECIPES.map(({ id }) => id))
    expect(files.filter((name) => name.endsWith('.key.pem'))).toHaveLength(RECIPES.length)
    expect(statSync(join(folder, made, 'expired.key.pem')).mode & 0o777).toBe(0o600)
    await closeWindow(app, 'workshop')
    await expect.poll(() => page.isClosed()).toBe(true)
    expect(await questionsAsked(app)).toEqual([])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the keyboard has all recipes judged with progress, gives that up, and finds one', async ({
  openApp,
}) => {
  test.setTimeout(180_000)
  const app = await openApp()
  const page = await openTool(app, 'workshop')
  await resizePage(app, 'workshop', page, SIZES[1])
  await pressAt(page, page.getByRole('button', { name: /^Judge all/ }))
  const progress = page.getByRole('progressbar', { name: 'Verdicts' })
  await expect.poll(() => progress.getAttribute('value').then(Number), PATIENCE).toBeGreaterThan(20)
  await pressAt(page, page.getByRole('button', { name: 'Cancel' }))
  await expect(progress).toHaveCount(0)
  const began = performance.now()
  await pressAt(page, page.getByRole('button', { name: /^Judge all/ }))
  await expect(progress).toBeVisible()
  await expect(progress).toHaveCount(0, { timeout: 120_000 })
  console.log(`all recipes were judged in ${((performance.now() - began) / 1000).toFixed(1)} s`)
  const all = RECIPES.length * JUDGE_IDS.length
  await expect(page.getByText(`${all} verdicts, all as predicted.`)).toBeVisible()
  await takePictures(page, (theme) => `${theme}-workshop-all.png`)

  await tabTo(page, page.locator('[role=row][aria-selected=true]'))
  await page.keyboard.press('Control+f')
  await page.keyboard.type('wildcard two labels')
  await page.keyboard.press('Enter')
  await expect(page.locator('[role=row]:focus')).toHaveCount(1)
  // What is shown is what is judged, also where it was not chosen before.
  await expect(detail(page)).toContainText('wildcard-two-labels')
  const before = await verdictOf(page, 'OpenSSL strict').innerText()
  // It may be judged again sooner than the page draws that it waits: main's own word tells.
  const again = await page.evaluateHandle(() => {
    const seen = { isJudged: false }
    window.lab.on('workshop:progress', ({ verdicts }) => void (seen.isJudged ||= verdicts.length > 0))
    return seen
  })
  await page.keyboard.press('Enter')
  await expect.poll(() => again.evaluate(({ isJudged }) => isJudged), PATIENCE).toBe(true)
  await expect(verdictOf(page, 'OpenSSL strict')).toHaveText(before.replaceAll(/\s+/g, ' '), {
    ...PATIENCE,
    useInnerText: true,
  })
  await closeWindow(app, 'workshop')
})

test('a chain of one’s own by keyboard: two authorities, a name that is wrong, judged, served and written', async ({
  openApp,
}) => {
  test.setTimeout(240_000)
  const folder = mkdtempSync(join(tmpdir(), 'e2e-own-chain-'))
  try {
    const app = await openApp()
    const page = await openTool(app, 'workshop')
    await resizePage(app, 'workshop', page, SIZES[1])
    await tabTo(page, page.getByRole('tab', { name: /^Recipes/ }))
    await page.keyboard.press('ArrowRight')
    const form = page.getByRole('form', { name: 'The certificate' })
    await expect(form.getByRole('heading', { name: 'Workshop Server' })).toBeVisible()
    await pressAt(page, page.getByRole('button', { name: 'Add an intermediate' }))
    await expect(form.getByRole('heading', { name: 'Workshop Intermediate 1' })).toBeVisible()
    await page.getByRole('listbox', { name: 'Certificates of the chain' }).focus()
    await page.keyboard.press('End')
    const names = form.getByRole('textbox', { name: 'Names' })
    await tabTo(page, names)
    await page.keyboard.press('Control+a')
    await page.keyboard.type('IP:nowhere')
    await expect(page.getByRole('status').filter({ hasText: 'is no IP address' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Make and judge' })).toBeDisabled()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('my.test\n127.0.0.1')
    await pressAt(page, page.getByRole('button', { name: 'Make and judge' }), 'Enter')
    await expect(verdictOf(page, 'curl')).toContainText('refuses', PATIENCE)
    await expect(verdictOf(page, 'OpenSSL strict')).toContainText('refuses: Host name')
    expect(await lookInBothThemes(page, 'own', (theme) => `${theme}-workshop-own.png`)).toEqual([])
    expect(await misfits(page)).toEqual([])

    // What can't be read goes with its field; the plan stays as it was.
    await tabTo(page, names)
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText('IP:nowhere')
    await expect(page.getByRole('button', { name: 'Make and judge' })).toBeDisabled()
    await page.getByRole('listbox', { name: 'Certificates of the chain' }).focus()
    await page.keyboard.press('Home')
    await expect(page.getByRole('button', { name: 'Make and judge' })).toBeEnabled()
    await page.keyboard.press('End')
    await expect(names).toHaveValue('DNS:my.test\nIP:127.0.0.1')

    const host = page.getByRole('textbox', { name: 'Asked for' })
    await tabTo(page, host)
    await page.keyboard.press('Control+a')
    await page.keyboard.type('my.test')
    await expect(verdictOf(page, 'curl')).toContainText('changed since it was judged')
    await pressAt(page, page.getByRole('button', { name: 'Make and judge' }))
    await expect(verdictOf(page, 'curl')).toContainText('accepts', PATIENCE)
    await expect(verdictOf(page, 'certtool')).toContainText('accepts', PATIENCE)

    await pressAt(page, page.getByRole('button', { name: 'Serve it' }))
    await expect(page.getByText(/^Served on 127\.0\.0\.1/)).toBeVisible(PATIENCE)
    const line = page.getByRole('list', { name: 'Commands' }).getByRole('listitem').first().locator('pre')
    expect(await ends(await line.innerText())).toBe(0)
    await tabTo(page, page.getByRole('tab', { name: /^Served/ }))
    await page.keyboard.press('ArrowLeft')
    await chooseFiles(app, folder)
    await pressAt(page, page.getByRole('button', { name: 'Export…' }))
    await expect(page.getByText(/files written to/)).toBeVisible(PATIENCE)
    const [made = ''] = readdirSync(folder)
    const index = JSON.parse(readFileSync(join(folder, made, 'recipes.json'), 'utf8')) as {
      recipes: readonly [{ host: string; plan: { certificates: readonly unknown[] } }]
    }
    expect(index.recipes).toHaveLength(1)
    expect(index.recipes[0].host).toBe('my.test')
    expect(index.recipes[0].plan.certificates).toHaveLength(4)
    // What is served ends with its window.
    await page.getByRole('tab', { name: /^Served/ }).click()
    const served = await line.innerText()
    // What is served ends with it: main asks.
    await chooseInQuestions(app, 'Close')
    await closeWindow(app, 'workshop')
    await expect.poll(() => ends(served), PATIENCE).toBe(7)

    // The plan is there again when the window is, and what is begun anew can be taken back.
    const again = await openTool(app, 'workshop')
    await again.getByRole('tab', { name: 'A chain of your own' }).click()
    await expect(again.getByRole('textbox', { name: 'Asked for' })).toHaveValue('my.test')
    await again.getByRole('combobox', { name: 'Begin with' }).selectOption('expired')
    await expect(again.getByRole('textbox', { name: 'Asked for' })).toHaveValue('localhost')
    await again.getByRole('button', { name: 'Undo' }).click()
    await expect(again.getByRole('textbox', { name: 'Asked for' })).toHaveValue('my.test')
    await closeWindow(app, 'workshop')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
