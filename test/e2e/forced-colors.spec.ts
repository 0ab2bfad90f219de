/** Where the system sets the colours, and where nothing may move: what a ground or a movement tells otherwise can be told. */
import { expect, type Locator, type Page } from '@playwright/test'
import { test } from '../support/shared-app'
import { takePictures } from '../support/looks'
import type { App } from '../support/app'
import { LONG } from '../support/sample'

const step = (page: Page, number: number) =>
  page.getByRole('button', { name: new RegExp(`^Step ${number},`) })

/** What is painted: ground, text and lines. */
const painted = (element: Locator): Promise<readonly string[]> =>
  element.first().evaluate((node) => {
    const { backgroundColor, color, outlineStyle, borderBottomColor, borderLeftWidth } =
      getComputedStyle(node)
    return [backgroundColor, color, outlineStyle, borderBottomColor, borderLeftWidth]
  })

async function expectApart(one: Locator, other: Locator): Promise<void> {
  expect(await painted(one)).not.toEqual(await painted(other))
}

async function run(app: App): Promise<void> {
  await app.client.getByRole('button', { name: 'Run all', exact: true }).click()
  await expect(step(app.client, 8)).toHaveAccessibleName(/done/)
}

for (const [how, media, tags] of [
  ['forced colours', { forcedColors: 'active' }, []],
  ['more contrast', { contrast: 'more' }, [LONG]],
] as const) {
  test(
    `with ${how} what is chosen, marked or over can be told apart`,
    { tag: [...tags] },
    async ({ openApp }) => {
      const app = await openApp()
      const { client, server } = app
      try {
        for (const page of [client, server]) await page.emulateMedia(media)
        await run(app)
        await step(client, 6).click()
        await expectApart(step(client, 6), step(client, 5))
        const tab = (name: string) => client.getByRole('tab', { name })
        await expectApart(tab('Message'), tab('Keys'))
        await expectApart(client.locator('.end[data-state=on]'), client.locator('.end[data-state=off]'))
        await expectApart(
          client.getByRole('button', { name: 'Next step', exact: true }),
          client.getByRole('button', { name: 'Run all', exact: true }),
        )

        await client
          .getByRole('button', { name: /mark its bytes/ })
          .first()
          .click()
        await client.mouse.move(0, 0)
        await expectApart(client.locator('.byte.marked'), client.locator('.byte:not(.marked)'))
        await expectApart(client.locator('tr.marked'), client.locator('tbody tr:not(.marked)'))

        await tab('Log').click()
        const option = client.getByRole('option')
        await expectApart(
          option.and(client.locator('[aria-selected=true]')),
          option.and(client.locator('[aria-selected=false]')),
        )

        await server.getByRole('tab', { name: /^Sessions/ }).click()
        await expect(server.getByRole('row').nth(1)).toContainText('Live')
        await expectApart(server.locator('.gauge'), server.locator('.gauge > span'))
        await takePictures(client, (theme) => `${how.replace(' ', '-')}-client-${theme}.png`)
      } finally {
        for (const page of [client, server]) await page.emulateMedia({ forcedColors: null, contrast: null })
      }
    },
  )
}

test('nothing moves for who asks for less motion, also while something is under way', async ({ openApp }) => {
  const app = await openApp()
  const pages = [app.client, app.server, app.authority]
  const moving = (page: Page): Promise<readonly string[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll('*')].flatMap((element) =>
        [undefined, '::before', '::after'].flatMap((part) => {
          const style = getComputedStyle(element, part)
          const seconds = [style.animationDuration, style.transitionDuration].flatMap((text) =>
            text.split(',').map(Number.parseFloat),
          )
          const isSmooth = style.scrollBehavior === 'smooth'
          return seconds.some((each) => each > 0.001) || isSmooth ? [`${element.className}${part ?? ''}`] : []
        }),
      ),
    )
  try {
    for (const page of pages) await page.emulateMedia({ reducedMotion: 'reduce' })
    const underWay = app.client.getByRole('button', { name: 'Start authority' }).click()
    for (const page of pages) expect(await moving(page)).toEqual([])
    await underWay
    await run(app)
    for (const dialog of ['Export…', 'Settings…']) {
      await app.client.getByRole('button', { name: dialog }).click()
      await expect(app.client.getByRole('dialog')).toBeVisible()
      expect(await moving(app.client), dialog).toEqual([])
      await app.client.keyboard.press('Escape')
    }
    const animations = await app.client.evaluate(
      () =>
        document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 1)
          .length,
    )
    expect(animations).toBe(0)
  } finally {
    for (const page of pages) await page.emulateMedia({ reducedMotion: null })
  }
})
