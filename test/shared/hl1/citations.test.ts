/** Whoever cites `protocol.md` cites a section that is there. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { SUITE_NAMES, SUITES } from '#shared/hl1/suites'
import { SECTIONS, sectionText } from '../../support/contract'

const ROOT = resolve(import.meta.dirname, '../../..')
const ROOMS = ['shared', 'main', 'renderer', 'bench', 'scripts', 'test', 'docs'] as const
const NUMBERS =
  /protocol\.md`?,? sections? ((?:\d+(?:, | and | to )?)+)|sections? ((?:\d+(?:, | and | to )?)+) of `?protocol\.md/g

function citationsIn(text: string): readonly string[] {
  // A citation may go over the end of a comment's line.
  const joined = text.replace(/\n\s*(?:\*|\/\/|#)?\s*/g, ' ')
  return [...joined.matchAll(NUMBERS)].flatMap(
    ([, before, after]) => (before ?? after ?? '').match(/\d+/g) ?? [],
  )
}

it('in code, tests and documents', () => {
  const cited: { readonly path: string; readonly section: string }[] = []
  for (const room of ROOMS) {
    for (const path of readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })) {
      if (!/\.(ts|vue|mjs|py|md)$/.test(path) || path.endsWith('protocol.md')) continue
      const sections = citationsIn(readFileSync(join(ROOT, room, path), 'utf8'))
      cited.push(...sections.map((section) => ({ path: join(room, path), section })))
    }
  }
  expect(cited.length).toBeGreaterThan(60)
  expect(cited.filter(({ section }) => !SECTIONS.includes(section))).toEqual([])
})

it('in what the app says of each step', () => {
  for (const suite of SUITE_NAMES) {
    for (const { weaknesses, repairs } of Object.values(SUITES[suite].sheets)) {
      for (const { source } of [...weaknesses, ...repairs]) {
        if (!source.includes('protocol.md')) continue
        const sections = citationsIn(source)
        expect(sections.length, source).toBeGreaterThan(0)
        for (const section of sections) expect(SECTIONS, source).toContain(section)
        if (source.endsWith(', freshness')) expect(sectionText(sections[0]!)).toContain('**Freshness.**')
      }
    }
  }
})
