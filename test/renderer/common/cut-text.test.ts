/** Text that is kept on one line and cut where there is no room says so with a mark. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const RENDERER = resolve(import.meta.dirname, '../../../renderer')
const rules = readdirSync(RENDERER, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(vue|css)$/.test(path))
  .flatMap((path) => {
    const source = readFileSync(join(RENDERER, path), 'utf8')
    const sheets = path.endsWith('.css') ? [source] : source.match(/<style[^>]*>[^]*?<\/style>/g)
    const css = (sheets ?? []).join('\n').replaceAll(/\/\*[^]*?\*\//g, '')
    return [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].map(([, selector = '', body = '']) => ({
      name: `${path} ${selector.trim()}`,
      body,
    }))
  })

it('no rule cuts a line without a mark', () => {
  expect(rules.length).toBeGreaterThan(500)
  const unmarked = rules.filter(
    ({ name, body }) =>
      // What screen readers alone get is not seen to be cut.
      !name.endsWith('.unseen') &&
      /overflow(-x)?: (hidden|clip)/.test(body) &&
      /white-space: (nowrap|pre);/.test(body) &&
      !body.includes('text-overflow: ellipsis'),
  )
  expect(unmarked.map(({ name }) => name)).toEqual([])
})

it('no mark is asked of a flex box or a grid, which draw none', () => {
  const idle = rules.filter(
    ({ body }) => body.includes('text-overflow: ellipsis') && /display: (inline-)?(flex|grid)/.test(body),
  )
  expect(idle.map(({ name }) => name)).toEqual([])
})
