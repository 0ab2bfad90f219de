import { expect } from '@playwright/test'
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROLES } from '#shared/hl1/roles'
import { launchApp, type App } from '../support/app'
import { chooseFiles, chooseInMenu } from '../support/choosing'
import { ask } from '../support/key-collector'
import { answerQuestions, questionsAsked } from '../support/person'
import { lookInBothThemes, resize } from '../support/looks'
import { button, save } from '../support/recordings'
import { suitesInWindows } from '../support/sample'
import { FRESH, test } from '../support/shared-app'
import { differences, windowTexts } from '../support/shown'

const run = promisify(execFile)

for (const suite of suitesInWindows('modern')) {
  test(
    `a run in ${suite} that was saved shows what the lab showed, in another app and in this one`,
    { tag: FRESH },
    async ({ openApp }) => {
      const app = await openApp({ settings: { suite } })
      const { client, server } = app
      await button(client, 'Run all').click()
      await expect(client.getByText('All eight steps are done')).toBeVisible()
      await button(client, 'Send request').click()
      await expect(client.getByRole('list', { name: 'Answers' }).getByRole('listitem')).toHaveCount(2)
      await button(client, 'Renew').click()
      await expect(client.getByText(/Next: step 7/)).toBeVisible()
      const path = join(app.folder, `${suite}.hlrun`)
      await answerQuestions(app, true)
      await revokeServer(app)
      await save(app, /in clear/, path)
      expect((await questionsAsked(app)).at(-1)?.detail).toContain('SK_CA')
      const live = await windowTexts(app)

      await chooseInMenu(app, 'Open run or capture…')
      await expect(client.getByRole('region', { name: 'Recording' })).toContainText('came out as recorded')
      await expect(server.getByRole('region', { name: 'Recording' })).toContainText(`${suite}.hlrun`)
      expect(differences(live, await windowTexts(app))).toEqual([])
      await button(client, 'Back to the lab').click()
      await expect(client.getByText(/Next: step 7/)).toBeVisible()
      await button(client, 'Next step').click()
      await expect(client.getByRole('alert')).toHaveCount(0)

      const other = await launchApp({ args: ['--open', path] })
      try {
        await expect(other.client.getByRole('region', { name: 'Recording' })).toContainText(
          'came out as recorded',
        )
        expect(differences(live, await windowTexts(other))).toEqual([])
      } finally {
        await other.close()
      }
    },
  )
}

test(
  'a recording says that what the client had recorded before Start over is not in it',
  { tag: FRESH },
  async ({ openApp }) => {
    const app = await openApp()
    const { client } = app
    await button(client, 'Run all').click()
    await expect(client.getByText('All eight steps are done')).toBeVisible()
    await answerQuestions(app, true)
    await button(client, 'Start over').click()
    await expect(client.getByRole('status').first()).toContainText('Next: step')
    await button(client, 'Run all').click()
    await expect(client.getByText('All eight steps are done')).toBeVisible()
    const path = join(app.folder, 'again.hlrun')
    await save(app, /Leave secrets out/, path)
    await chooseInMenu(app, 'Open run or capture…')
    await expect(client.getByRole('region', { name: 'Recording' })).toContainText(
      'Of 1 connection it has the server’s records alone',
    )
  },
)

test(
  'of a recording only what is public is exported, and nobody is sent to another window for more',
  { tag: FRESH },
  async ({ openApp }) => {
    const app = await openApp()
    const { client } = app
    await button(client, 'Run all').click()
    await expect(client.getByText('All eight steps are done')).toBeVisible()
    await answerQuestions(app, true)
    const path = join(app.folder, 'public.hlrun')
    await save(app, /Leave secrets out/, path)
    await chooseInMenu(app, 'Open run or capture…')
    await expect(client.getByRole('region', { name: 'Recording' })).toBeVisible()
    await button(client, 'Export…').click()
    const dialog = client.getByRole('dialog', { name: 'Export' })
    await expect(dialog.getByText(/^Of a recording what is public is exported/)).toHaveCount(3)
    await expect(dialog.getByText('by way of')).toHaveCount(0)
  },
)

test('moments go back and on, by mouse and by keyboard', { tag: FRESH }, async ({ openApp }) => {
  const app = await openApp()
  const { client, server } = app
  await button(client, 'Run all').click()
  await expect(client.getByText('All eight steps are done')).toBeVisible()
  const path = join(app.folder, 'moments.hlrun')
  await save(app, /Leave secrets out/, path)
  await chooseInMenu(app, 'Open run or capture…')
  const bar = client.getByRole('region', { name: 'Recording' })
  const count = bar.getByText(/^\d+ of \d+$/)
  await expect(count).toHaveText('16 of 16')
  await expect(bar).not.toContainText('records alone')
  await button(bar, 'A moment back').click()
  await expect(count).toHaveText('15 of 16')
  await client.keyboard.press('Alt+PageUp')
  await expect(count).toHaveText('14 of 16')
  await expect(bar).toContainText('Server accepted step 7')
  await button(bar, 'To the beginning').click()
  await expect(count).toHaveText('0 of 16')
  await expect(server.getByText('Not registered.')).toHaveCount(0)
  await client.keyboard.press('Alt+PageDown')
  await expect(bar).toContainText('Server sent step 1')
  // In the midst of it, in every window, with a message in sight.
  for (let moment = 1; moment < 8; moment++) await client.keyboard.press('Alt+PageDown')
  await expect(count).toHaveText('8 of 16')
  await resize(app, { width: 1280, height: 720 })
  for (const name of ROLES) {
    const picture = (theme: string): string => `${theme}-recording-${name}.png`
    expect(await lookInBothThemes(app[name], `recording, ${name}`, picture)).toEqual([])
  }
})

test(
  'a capture, its keys and the dissector are saved, and Wireshark reads them',
  { tag: FRESH },
  async ({ openApp }) => {
    const app = await openApp()
    const { client } = app
    await button(client, 'Run all').click()
    await expect(client.getByText('All eight steps are done')).toBeVisible()
    await answerQuestions(app, true)
    const names = { capture: 'run.pcapng', keys: 'run.keys.txt', dissector: 'handshake-lab.lua' }
    for (const [label, name] of [
      ['Save capture…', names.capture],
      ['Save keys for Wireshark…', names.keys],
      ['Save dissector for Wireshark…', names.dissector],
    ] as const) {
      const path = join(app.folder, name)
      await chooseFiles(app, path)
      await chooseInMenu(app, label)
      await expect(client.getByText(path)).toBeVisible()
      await button(client, 'Dismiss').click()
    }
    const { stdout } = await run('tshark', [
      ...['-r', join(app.folder, names.capture), '-X', `lua_script:${join(app.folder, names.dissector)}`],
      ...['-o', `hl1.keys_file:${join(app.folder, names.keys)}`, '-V'],
    ])
    expect(stdout).toContain('lifetime_sess')
    expect(stdout).not.toContain('Lua Error')

    await chooseFiles(app, join(app.folder, names.capture))
    await chooseInMenu(app, 'Open run or capture…')
    const bar = client.getByRole('region', { name: 'Recording' })
    await expect(bar).toContainText('A capture: what crossed the wire, 8 frames')
    await expect(client.getByText('lifetime_sess')).toHaveCount(0)
    await chooseFiles(app, join(app.folder, names.keys))
    await button(client, 'Keys…').click()
    // What is read with keys takes the place of what was there, and the last message is chosen then.
    await expect(async () => {
      await client.getByRole('button', { name: /^Step 6,/ }).click()
      await expect(client.getByText('lifetime_sess', { exact: true })).toBeVisible({ timeout: 1_000 })
    }).toPass()
  },
)

test('a proof is made, with keys where the person says so, and OpenSSL verifies it', async ({ openApp }) => {
  const app = await openApp({ settings: { suite: 'classic', maxAge: 90 } })
  const { client } = app
  const runAll = async (): Promise<void> => {
    await button(client, 'Run all').click()
    await expect(client.getByText('All eight steps are done')).toBeVisible()
  }
  await runAll()
  // Another bootstrap key and another age limit, of which a receiver says something in each message.
  await ask(client, 'settings:set', { bootstrapKey: '0123456789abcdef', maxAge: 30 })
  await ask(client, 'walk:reset')
  await client.reload()
  // The server gets another key: that is asked.
  await answerQuestions(app, true)
  await runAll()
  await client.getByRole('button', { name: /^Step 6,/ }).click()
  await client.getByText('The same with OpenSSL').click()
  const lines = client.getByRole('list', { name: 'Commands' }).locator('pre')
  await expect(lines.nth(3)).toBeVisible()
  const ofStep6 = await lines.allInnerTexts()
  await answerQuestions(app, true)
  await chooseFiles(app, app.folder)
  await chooseInMenu(app, 'Save proof for OpenSSL…')
  const saved = client.getByText(/handshake-lab-proof-/)
  await expect(saved).toBeVisible()
  const folder = (await saved.innerText()).trim()
  // It ends with 1 where a claim does not hold, and says which: that is what a failure should show.
  const { stdout } = await run('sh', [join(folder, 'verify.sh')]).catch((error: { stdout: string }) => error)
  expect(stdout.split('\n').filter((line) => /^FAIL /.test(line))).toEqual([])
  expect(stdout).toMatch(/\n\d+ claims hold, 0 fail, \d+ skipped\n$/)
  for (const claimed of ['SK_S', 'is within 90 s', 'is within 30 s', 'opens with K_boot'])
    expect(stdout).toContain(claimed)
  // The lines that the window showed of one message do the same, in that folder.
  await run('sh', ['-e', '-c', ofStep6.join('\n')], { cwd: folder })
})

test('a file that was changed, and one that is none, are said to be so', async ({ openApp }) => {
  const app = await openApp()
  const { client } = app
  await button(client, 'Run all').click()
  await expect(client.getByText('All eight steps are done')).toBeVisible()
  const path = join(app.folder, 'changed.hlrun')
  await answerQuestions(app, true)
  await save(app, /in clear/, path)
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace(/"ip_c":"127\.0\.0\.1"/, '"ip_c":"127.0.0.2"'))
  await chooseInMenu(app, 'Open run or capture…')
  const bar = client.getByRole('region', { name: 'Recording' })
  await expect(bar).toContainText('The file was changed since it was saved')
  await button(client, 'Back to the lab').click()
  await writeFile(path, 'nothing of the kind')
  await chooseInMenu(app, 'Open run or capture…')
  await expect(client.getByText('not_a_run')).toBeVisible()
})

/** What is revoked, and the list that says so, is in a saved run as well. */
async function revokeServer({ authority }: App): Promise<void> {
  await authority.getByRole('tab', { name: /^Certificates/ }).click()
  const list = authority.getByRole('listbox', { name: 'Certificates' })
  await list.getByRole('option', { name: /ID-Server/ }).click()
  await button(authority, 'Revoke…').click()
  await expect(list).toContainText('revoked')
  await expect(list).toContainText('number 2, 1 certificate')
  await list.getByRole('option').first().click()
}

test('File in the bar of a window saves a run and opens it again, and the dialog ends with Done', async ({
  openApp,
}) => {
  const app = await openApp()
  const { client, authority } = app
  await button(client, 'Run all').click()
  await expect(client.getByText('All eight steps are done')).toBeVisible()
  const path = join(app.folder, 'by-button.hlrun')
  await chooseFiles(app, path)
  await button(client, 'File').click()
  await client.getByRole('menuitem', { name: 'Save run…' }).click()
  const dialog = client.getByRole('dialog', { name: 'Save run' })
  await expect(button(dialog, 'Cancel')).toBeVisible()
  await button(dialog, 'Save…').click()
  await expect(dialog.getByText(path)).toBeVisible()
  await button(dialog, 'Done').click()
  await expect(dialog).toHaveCount(0)
  await button(authority, 'File').click()
  await authority.getByRole('menuitem', { name: 'Open run or capture…' }).click()
  await expect(authority.getByRole('region', { name: 'Recording' })).toContainText('by-button.hlrun')
})

test('the log of the client keeps the messages of an earlier session', async ({ openApp }) => {
  const { client } = await openApp()
  await button(client, 'Run all').click()
  await expect(client.getByText('All eight steps are done')).toBeVisible()
  await client.getByRole('tab', { name: 'Log' }).click()
  const messages = client.getByRole('listbox', { name: 'Messages' }).getByRole('option')
  await expect(messages.first()).toHaveAttribute('aria-setsize', '16')
  await button(client, 'Renew').click()
  await expect(client.getByText(/Next: step 7/)).toBeVisible()
  await expect(messages.first()).toHaveAttribute('aria-setsize', '24')
})
