/** *About*: versions, and the licences of all that the app is built with. */
import { expect } from '@playwright/test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, type App } from '../support/app'
import { lookInBothThemes, resize, takePictures } from '../support/looks'
import { test } from '../support/shared-app'

/** Packages that the app's own sources name; what those bring with them, the build alone knows. */
function importedPackages(): readonly string[] {
  const names = new Set<string>()
  for (const room of ['main', 'renderer', 'shared']) {
    for (const path of readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })) {
      if (!/\.(ts|vue)$/.test(path) || path.endsWith('.d.ts')) continue
      const source = readFileSync(join(ROOT, room, path), 'utf8')
      const imports = source.matchAll(
        /^(?:import|\} from|export .* from)\b(?! type)[^'\n]*'([@a-z][\w@/-]*)'/gm,
      )
      for (const [, name = ''] of imports) names.add(/^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name)
    }
  }
  return [...names].filter((name) => name !== 'electron' && !name.startsWith('node:')).sort()
}

async function openAbout({ electron, client }: App): Promise<void> {
  await electron.evaluate(({ Menu }) => {
    const help = Menu.getApplicationMenu()?.items.find(({ label }) => label === '&Help')
    help?.submenu?.items.find(({ label }) => label === 'About Handshake Lab')?.click()
  })
  await expect(client.getByRole('dialog')).toBeVisible()
}

test('the licences of every package are there to be read, in either theme', async ({ openApp }) => {
  const app = await openApp()
  const { client } = app
  await resize(app, { width: 1280, height: 720 })
  await openAbout(app)
  await takePictures(client, (theme) => `${theme}-about.png`)
  await client.getByText('Licences of the packages that it is built with').click()
  const shown = client.getByLabel('Licences', { exact: true })
  await expect(shown).toContainText('reka-ui')
  expect(await lookInBothThemes(client, 'About', (theme) => `${theme}-about-licences.png`)).toEqual([])

  const [, ...sections] = ((await shown.textContent()) ?? '').split(/^={60}$/m)
  const named = sections.map((section) => /^\n(\S+) \d\S* \(\S.*\)\n/.exec(section)?.[1])
  const imported = importedPackages()
  expect(imported.length).toBeGreaterThan(3)
  // Of `vue` itself nothing is left but its parts.
  const expected = imported.map((name) => (name === 'vue' ? '@vue/runtime-core' : name))
  expect(named).toEqual(expect.arrayContaining(expected))
  for (const [index, section] of sections.entries()) {
    expect(section.length, named[index]).toBeGreaterThan(500)
    expect(section, named[index]).toMatch(/Permission is hereby granted|Redistribution and use/)
  }
})
