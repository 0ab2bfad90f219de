// @vitest-environment happy-dom
/** Keys that a hint names are those of the machine that it is read on. */
import { mount } from '@vue/test-utils'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import WindowActions from '../../../renderer/common/window/WindowActions.vue'

const RENDERER = resolve(import.meta.dirname, '../../../renderer')
const components = readdirSync(RENDERER, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.vue'))
  .map((path) => ({ path, source: readFileSync(join(RENDERER, path), 'utf8') }))

afterEach(() => vi.restoreAllMocks())

it.each([
  ['Linux', 'Settings (Ctrl+,)'],
  ['Macintosh', 'Settings (⌘+,)'],
])('on %s', (machine, title) => {
  vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(machine)
  expect(mount(WindowActions).get('.settings').attributes('title')).toBe(title)
})

it('no component has them as a fixed text', () => {
  expect(components.length).toBeGreaterThan(100)
  expect(components.filter(({ source }) => /\(Ctrl\+/.test(source)).map(({ path }) => path)).toEqual([])
})

it('every component that draws a menu brings how a menu looks', () => {
  const menus = components.filter(({ source }) => source.includes('class="menu"'))
  expect(menus.length).toBeGreaterThan(1)
  for (const { path, source } of menus) expect(source, path).toMatch(/<style src="[./a-z]*\/menu\.css">/)
})
