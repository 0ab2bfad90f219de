/** What the windows of the lab show, as texts: to be held beside what they show of a recording. */
import type { Page } from '@playwright/test'
import type { App } from './app'

/** Parts of the page that belong to the moment at which it is looked at, or to what can be done. */
const LEFT_OUT =
  'button, .recording, .again, .file, .line, .strip, header.bar, .session, .ask, [role="tablist"], .act, .clock, .request'

/** By window and tab, the text of what is in sight there. */
export async function windowTexts({ authority, server, client }: App): Promise<Record<string, string>> {
  return {
    ...(await tabTexts('authority', authority)),
    ...(await tabTexts('server', server)),
    ...(await tabTexts('client', client)),
    diagram: await textOf(client, '.left'),
  }
}

/** Where two of them part, with some words around. */
export function differences(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): readonly string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((name) => {
    const [a = 'nothing', b = 'nothing'] = [one[name], other[name]]
    if (a === b) return []
    const at = Math.max(
      0,
      [...a].findIndex((letter, index) => letter !== b[index]),
    )
    return [
      `${name}: “${a.slice(Math.max(0, at - 40), at + 80)}” and “${b.slice(Math.max(0, at - 40), at + 80)}”`,
    ]
  })
}

async function tabTexts(name: string, page: Page): Promise<Record<string, string>> {
  const texts: Record<string, string> = {}
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click()
    const title = (await tab.innerText()).replaceAll(/\s+/g, ' ')
    await page.waitForTimeout(150)
    texts[`${name}, ${title}`] = await textOf(page, '[role="tabpanel"]:not([hidden])')
  }
  await page.getByRole('tab').first().click()
  return texts
}

function textOf(page: Page, selector: string): Promise<string> {
  return page.evaluate(
    ({ selector: wanted, leftOut }) => {
      const found = document.querySelector(wanted)
      if (!found) return ''
      const copy = found.cloneNode(true) as Element
      for (const part of copy.querySelectorAll(leftOut)) part.remove()
      return (copy.textContent ?? '')
        .replaceAll(/\s+/g, ' ')
        .replaceAll(/\d+:\d\d (left|paused)/g, 'left')
        .trim()
    },
    { selector, leftOut: LEFT_OUT },
  )
}
