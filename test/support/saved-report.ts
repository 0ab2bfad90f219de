/** Reports as the app saves them, and PDF as other programs read it. */
import { expect } from '@playwright/test'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { App } from './app'
import { chooseFiles, chooseInMenu } from './choosing'

const run = promisify(execFile)

/** Saves a report by the menu, with its secrets or every byte where `also` says so; where it is. */
export async function saveReport(
  app: App,
  name: string,
  wishes: { readonly form: 'HTML' | 'PDF'; readonly also?: readonly string[] },
): Promise<string> {
  const path = join(app.folder, name)
  await chooseFiles(app, path)
  await chooseInMenu(app, 'Save report…')
  const dialog = app.client.getByRole('dialog', { name: 'Save report' })
  await dialog.getByRole('radio', { name: wishes.form }).check()
  for (const label of ['Every byte', 'With secrets'])
    await dialog.getByRole('checkbox', { name: label }).setChecked(wishes.also?.includes(label) ?? false)
  await dialog.getByRole('button', { name: 'Save…' }).click()
  await expect(dialog.getByText(path)).toBeVisible({ timeout: 60_000 })
  await app.client.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  return path
}

/** The text of a PDF with single spaces, and what its file says of itself. */
export async function readPdf(
  path: string,
): Promise<{ readonly text: string; readonly info: string; readonly structure: string }> {
  const [text, info, structure] = await Promise.all([
    run('pdftotext', ['-layout', path, '-'], { maxBuffer: 32 * 1024 * 1024 }),
    run('pdfinfo', [path]),
    run('pdfinfo', ['-struct', path], { maxBuffer: 32 * 1024 * 1024 }),
  ])
  return { text: text.stdout.replace(/\s+/g, ' '), info: info.stdout, structure: structure.stdout }
}
