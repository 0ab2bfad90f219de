// @vitest-environment happy-dom
/** Keys that a hint names are those of the machine that it is read on. */
import { mount } from '@vue/test-utils'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import WindowActions from '../../../renderer/common/window/WindowActions.vue'

const ROOT = resolve(import.meta.dirname, '../../..')
const sourcesIn = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(vue|ts)$/.test(path))
    .map((path) => ({ path, source: readFileSync(join(ROOT, folder, path), 'utf8') }))
const sources = [...sourcesIn('renderer'), ...sourcesIn('main/windows'), ...sourcesIn('main/ipc')]
const components = sources.filter(({ path }) => path.endsWith('.vue'))
const COMMENTS = /\/\*[^]*?\*\/|<!--[^]*?-->|\/\/.*/g

afterEach(() => vi.restoreAllMocks())

it.each([
  ['Linux', 'Settings (Ctrl+,)'],
  ['Macintosh', 'Settings (⌘+,)'],
])('on %s', (machine, title) => {
  vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(machine)
  expect(mount(WindowActions).get('.settings').attributes('title')).toBe(title)
})

it('nothing that windows say has them as a fixed text', () => {
  expect(components.length).toBeGreaterThan(100)
  const fixed = sources.filter(({ source }) => /\b(Ctrl|Alt)\+|⌘/.test(source.replaceAll(COMMENTS, '')))
  expect(fixed.map(({ path }) => path)).toEqual([])
})

it('every component that draws a menu brings how a menu looks', () => {
  const menus = components.filter(({ source }) => source.includes('class="menu"'))
  expect(menus.length).toBeGreaterThan(1)
  for (const { path, source } of menus) expect(source, path).toMatch(/<style src="[./a-z]*\/menu\.css">/)
})
