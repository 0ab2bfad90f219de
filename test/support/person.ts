/** The person at the screen of an app under test: what they press, and what they say to main's questions. */
import type { Page } from '@playwright/test'
import type { App } from './app'

/** A question as main asks it. */
export interface Asked {
  readonly message: string
  readonly detail: string
  readonly buttons: readonly string[]
  readonly defaultId: number
}

type Answering = typeof globalThis & { asked?: Asked[] }

/**
 * From now on every question of main's gets this answer, and those asked before are forgotten; without it, a question stands over its
 * window until somebody presses a button.
 */
export async function answerQuestions({ electron }: Pick<App, 'electron'>, agrees: boolean): Promise<void> {
  await electron.evaluate(({ dialog }, yes) => {
    const asked: Asked[] = ((globalThis as Answering).asked = [])
    const answer = async (...given: unknown[]): Promise<Electron.MessageBoxReturnValue> => {
      const { message, detail, buttons, defaultId } = given.at(-1) as Asked
      asked.push({ message, detail, buttons, defaultId })
      return { response: yes ? 1 : 0, checkboxChecked: false }
    }
    dialog.showMessageBox = answer as typeof dialog.showMessageBox
  }, agrees)
}

/** From now on a question of main's that has one of these buttons gets that pressed, and every other one is cancelled. */
export async function chooseInQuestions(
  { electron }: Pick<App, 'electron'>,
  ...labels: readonly string[]
): Promise<void> {
  await electron.evaluate(({ dialog }, wanted) => {
    const asked: Asked[] = ((globalThis as Answering).asked = [])
    const answer = async (...given: unknown[]): Promise<Electron.MessageBoxReturnValue> => {
      const { message, detail, buttons, defaultId } = given.at(-1) as Asked
      asked.push({ message, detail, buttons, defaultId })
      const response = buttons.findIndex((label) => wanted.includes(label))
      return { response: Math.max(0, response), checkboxChecked: false }
    }
    dialog.showMessageBox = answer as typeof dialog.showMessageBox
  }, labels)
}

/** Says yes to every question of main's while something is done; afterwards they are answered as before. */
export async function agreeMeanwhile(
  { electron }: Pick<App, 'electron'>,
  action: () => Promise<void>,
): Promise<void> {
  const usual = await electron.evaluateHandle(({ dialog }) => dialog.showMessageBox)
  await electron.evaluate(({ dialog }) => {
    dialog.showMessageBox = (async () => ({
      response: 1,
      checkboxChecked: false,
    })) as typeof dialog.showMessageBox
  })
  await action()
  await electron.evaluate(({ dialog }, before) => void (dialog.showMessageBox = before), usual)
  await usual.dispose()
}

/** What main has asked since the last time. */
export function questionsAsked({ electron }: Pick<App, 'electron'>): Promise<readonly Asked[]> {
  return electron.evaluate(() => (globalThis as Answering).asked?.splice(0) ?? [])
}

/** Presses a key that does nothing: what the page asks within the next second, a person may have wanted. */
export function press(page: Page): Promise<void> {
  return page.keyboard.press('Shift')
}
