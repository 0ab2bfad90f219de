/** What is over after a minute, for real: nothing here moves a clock. */
import { expect, test } from '@playwright/test'
import { launchApp } from '../support/app'
import { LONG } from '../support/sample'

/** As the windows and SECURITY.md say it. */
const MINUTE_MS = 60_000
/** A machine that is busy may be late, but never early. */
const PATIENCE_MS = 60_000

test(
  'a secret leaves the clipboard and the page after a minute, whatever is done meanwhile',
  { tag: LONG },
  async () => {
    test.setTimeout(MINUTE_MS + 2 * PATIENCE_MS)
    const app = await launchApp({ args: ['--lifetime=3600'] })
    const { client, electron } = app
    const clipboard = (): Promise<string> => electron.evaluate(({ clipboard: board }) => board.readText())
    const button = (name: string) => client.getByRole('button', { name, exact: true })
    await button('Run all').click()
    await expect(client.getByRole('button', { name: /^Step 8,/ })).toHaveAccessibleName(/done/)
    await client.getByRole('tab', { name: 'Keys' }).click()
    const since = Date.now()
    await button('Reveal the session key').click()
    await button('Copy the session key').click()
    await expect.poll(clipboard).toMatch(/^[0-9a-f]{16}$/)
    const secret = await clipboard()

    await button('Send request').click()
    await expect(client.getByRole('list', { name: 'Answers' }).getByRole('listitem')).toHaveCount(2)
    await expect(button('Hide the session key')).toBeVisible()
    expect(await clipboard()).toBe(secret)

    await expect(button('Reveal the session key')).toBeVisible({ timeout: MINUTE_MS + PATIENCE_MS })
    expect(Date.now() - since).toBeGreaterThanOrEqual(MINUTE_MS)
    await expect.poll(clipboard, { timeout: PATIENCE_MS }).toBe('')
    await expect(client.getByText(secret)).toHaveCount(0)
    await app.close()
  },
)
