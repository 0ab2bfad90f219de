/** What a window loads before it appears, by the built pages: what comes later must not creep in (docs/performance.md). */
import { expect, test } from '@playwright/test'
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { launchApp, ROOT } from '../support/app'

/** Bytes of script that a window may need to appear, about a fifth above what it needs. */
const LIMITS = { authority: 170_000, server: 170_000, client: 310_000 } as const

for (const [window, limit] of Object.entries(LIMITS)) {
  test(`the ${window}’s window needs few files to appear, and neither the protocol nor the later views`, async () => {
    const page = join(ROOT, 'out/renderer', window, 'index.html')
    const html = await readFile(page, 'utf8')
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) =>
      resolve(dirname(page), path),
    )
    const scripts = files.filter((file) => file.endsWith('.js'))
    const sizes = await Promise.all(scripts.map(async (file) => (await stat(file)).size))
    expect(scripts.length).toBeGreaterThan(0)
    expect(files.length, files.join(' ')).toBeLessThan(6)
    expect(files.filter((file) => /\/(protocol|views|worker)-/.test(file))).toEqual([])
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(limit)
    for (const script of scripts) expect(await readFile(script, 'latin1'), script).toMatch(/^[\0-\x7f]*$/)
  })
}

test('what computes on curves is a file of its own, which is loaded when it is asked for', async () => {
  const folder = join(ROOT, 'out/renderer/assets')
  const scripts = (await readdir(folder)).filter((name) => /^(protocol|views|common|walk)-.*\.js$/.test(name))
  expect(scripts.length).toBe(4)
  // What it begins with takes a tenth of a second: no window pays that to show a message.
  for (const script of scripts) {
    const code = await readFile(join(folder, script), 'latin1')
    expect(code, script).not.toMatch(/(from|import)\s*["'`]\.\/curves-/)
    expect(code, script).not.toContain('decaf448')
  }
  expect((await readdir(folder)).filter((name) => /^curves-.*\.js$/.test(name))).toHaveLength(1)
})

test('main reads few files at the start, and of what is asked for later none', async () => {
  const chunks = join(ROOT, 'out/main/chunks')
  const [start] = (await readdir(chunks)).filter((name) => name.startsWith('start-'))
  const read = new Map<string, string>()
  const follow = async (file: string): Promise<void> => {
    if (read.has(file)) return
    const code = await readFile(file, 'utf8')
    read.set(file, code)
    for (const [, path = ''] of code.matchAll(/(?:\bfrom|\bimport)\s*"(\.[^"]+)"/g))
      await follow(resolve(dirname(file), path))
  }
  await follow(join(ROOT, 'out/main/index.js'))
  const beforeWindows = [...read.values()].reduce((sum, { length }) => sum + length, 0)
  await follow(join(chunks, start ?? ''))
  const all = [...read.values()].join('\n')
  // About a fifth above what it needs: a file costs as much as 20 kB.
  expect(beforeWindows).toBeLessThan(220_000)
  expect(all.length).toBeLessThan(800_000)
  expect(read.size, [...read.keys()].join(' ')).toBeLessThan(8)
  // A capture, a report, a proof, an export and what opens files.
  for (const later of ['writeCapture', 'writeReport', 'proofFiles', 'planExport', 'oddFiles'])
    expect(all).not.toContain(`function ${later}(`)
})

test('serving pages takes nothing of Node’s fetch, which takes main longer to read than all of its own', async () => {
  const app = await launchApp()
  try {
    await expect(app.client.getByRole('button', { name: 'Run all', exact: true })).toBeEnabled()
    const read = await app.electron.evaluate(
      () => (process as unknown as { readonly moduleLoadList: readonly string[] }).moduleLoadList,
    )
    expect(read.length).toBeGreaterThan(100)
    expect(read.filter((name) => /undici|http2/.test(name))).toEqual([])
  } finally {
    await app.close()
  }
})
