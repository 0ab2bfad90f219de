import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ROLES } from '#shared/hl1/roles'
import { FRONT_WINDOW, hasDialog, isBeside, WINDOW_NAMES, WINDOWS } from '#shared/windows'

const RENDERER = `${import.meta.dirname}/../../renderer`

it('each have a folder with a page that has their title', () => {
  for (const name of WINDOW_NAMES) {
    const page = readFileSync(`${RENDERER}/${name}/index.html`, 'utf8')
    expect(page).toContain(`<title>${WINDOWS[name].title} – Handshake Lab</title>`)
  }
  const pages = readdirSync(RENDERER).filter((folder) => existsSync(`${RENDERER}/${folder}/index.html`))
  expect(pages.sort()).toEqual([...WINDOW_NAMES].sort())
})

it('show each role once, and the one in front is there from the start', () => {
  const roles = WINDOW_NAMES.map((name) => WINDOWS[name].role).filter((role) => role !== undefined)
  expect(new Set(roles)).toEqual(new Set(ROLES))
  expect(roles).toHaveLength(ROLES.length)
  expect(WINDOWS[FRONT_WINDOW].opens).toBe(true)
})

it('all have the common dialogs, and the client’s has the experiments', () => {
  for (const name of WINDOW_NAMES) expect(hasDialog(WINDOWS[name], 'export')).toBe(!isBeside(name))
  expect(WINDOW_NAMES.filter(isBeside)).toEqual(['help', 'knowledge', 'attacks', 'workshop', 'adversary'])
  expect(WINDOW_NAMES.filter((name) => hasDialog(WINDOWS[name], 'trial'))).toEqual(['client'])
})
