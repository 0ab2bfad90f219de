/** Reports through the menu: HTML that a browser shows without anything running, and PDF that other programs read. */
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { STEPS, STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITE_NAMES, SUITES } from '#shared/hl1/suites'
import type { App } from '../support/app'
import { chooseInMenu } from '../support/choosing'
import { answerQuestions, chooseInQuestions, questionsAsked } from '../support/person'
import { faultsOf } from '../support/report'
import { readPdf, saveReport } from '../support/saved-report'
import { test } from '../support/shared-app'

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

test('a run in each suite is told as HTML and as PDF', async ({ openApp }) => {
  const app = await openApp()
  const { client } = app
  for (const suite of SUITE_NAMES) {
    await chooseInQuestions(app, 'Start over')
    if (suite !== SUITE_NAMES[0]) {
      await button(client, SUITES[suite].title).click()
      await button(client, 'Start over').click()
    }
    await button(client, 'Run all').click()
    await expect(client.getByText('All eight steps are done')).toBeVisible()

    const html = await readFile(await saveReport(app, `${suite}.html`, { form: 'HTML' }), 'utf8')
    expect(faultsOf(html)).toEqual([])
    const { text, info, structure } = await readPdf(await saveReport(app, `${suite}.pdf`, { form: 'PDF' }))
    expect(info).toMatch(/Tagged: +yes/)
    expect(info).toMatch(/JavaScript: +no/)
    expect(info).toContain('(A4)')
    expect(structure).toMatch(/\bH[1-4]\b[\s\S]*\bTable\b/)
    for (const step of STEP_NUMBERS) {
      const { members, story } = SUITES[suite].sheets[step]
      expect(text).toContain(`Step ${step}: ${STEPS[step].title}`)
      expect(text).toContain(story)
      for (const { name } of members) expect(text, `${suite}, step ${step}`).toContain(name)
    }
    expect(text).toMatch(/\b1 of \d+\b/)
    expect(text).not.toContain('PRIVATE KEY')
  }
  await lookAt(app, join(app.folder, 'modern.html'))

  await answerQuestions(app, false)
  await chooseInMenu(app, 'Save report…')
  const dialog = client.getByRole('dialog', { name: 'Save report' })
  await dialog.getByRole('checkbox', { name: 'With secrets' }).check()
  await dialog.getByRole('button', { name: 'Save…' }).click()
  await expect.poll(() => questionsAsked(app)).toMatchObject([{ message: 'Save a report with secrets?' }])
  await client.keyboard.press('Escape')
  await answerQuestions(app, true)
  const told = await saveReport(app, 'secrets.html', { form: 'HTML', also: ['With secrets', 'Every byte'] })
  expect((await questionsAsked(app)).at(-1)?.detail).toContain('SK_CA')
  expect(await readFile(told, 'utf8')).toContain('PRIVATE KEY')
  expect((await stat(told)).mode & 0o077).toBe(0)
})

/** Opens a report as a browser would, and one that somebody has put scripts into: nothing runs, nothing is asked for, and nobody is shut out. */
async function lookAt(app: App, path: string): Promise<void> {
  const hostile = path.replace('.html', '-hostile.html')
  const scripts =
    '<script>document.title = "ran"</script><img src="https://example.org/x.png" onerror="document.title = 1"><style>h1 { display: none }</style>'
  await writeFile(hostile, (await readFile(path, 'utf8')).replace('<main>', `<main>${scripts}`))
  const opened = app.electron.waitForEvent('window')
  await app.electron.evaluate(async ({ BrowserWindow, session }, file) => {
    const own = session.fromPartition('reader')
    const asked: string[] = ((globalThis as { askedFor?: string[] }).askedFor = [])
    own.webRequest.onBeforeRequest(({ url }, answer) => {
      asked.push(url)
      answer({})
    })
    await new BrowserWindow({ width: 1000, height: 900, webPreferences: { session: own } }).loadFile(file)
  }, path)
  const page = await opened
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Report of a run')
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  await page.getByRole('link', { name: 'Certificates', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Certificates', exact: true })).toBeInViewport()
  await page.goto(`file://${hostile}`)
  expect(await page.title()).toMatch(/^Report of a run/)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const asked = await app.electron.evaluate(() => (globalThis as { askedFor?: string[] }).askedFor)
  expect(asked?.filter((url) => !url.startsWith('file://')) ?? ['none']).toEqual([])
  await page.close()
}
