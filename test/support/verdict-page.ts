/** Verdicts beside those of others' test suites: differences that are not listed, and the page that shows them (docs/verdicts.md). */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const PAGE = resolve(import.meta.dirname, '../../docs/verdicts.md')

type Word = 'valid' | 'invalid'

/** A case of a suite, and what came of it. */
export interface JudgedCase {
  readonly name: string
  readonly group: string
  readonly expected: Word
  readonly actual: Word
  /** Why, for whoever looks at a difference. */
  readonly conclusion: string
}

/** A case that is judged otherwise here, and why that holds. */
export interface VerdictException {
  readonly case: string
  readonly expected: Word
  readonly actual: Word
  readonly reason: string
}

/** True as the word that the tables have for it. */
export function asWord(accepted: boolean): Word {
  return accepted ? 'valid' : 'invalid'
}

/** The exceptions of a suite, from its file below test/vectors. */
export function readExceptions(path: string): readonly VerdictException[] {
  return JSON.parse(
    readFileSync(resolve(import.meta.dirname, '../vectors', path), 'utf8'),
  ) as readonly VerdictException[]
}

/** Differences that are not listed, and listed ones that are none. Empty when the list is right. */
export function wrongIn(
  cases: readonly JudgedCase[],
  exceptions: readonly VerdictException[],
): readonly string[] {
  const listed = new Map(exceptions.map((exception) => [exception.case, exception]))
  const unlisted = cases
    .filter(({ name, expected, actual }) => expected !== actual && !listed.has(name))
    .map(({ name, expected, conclusion }) => `${name} should be ${expected}: ${conclusion}`)
  const needless = exceptions.filter((exception) => {
    const judged = cases.find(({ name }) => name === exception.case)
    return judged?.expected !== exception.expected || judged.actual !== exception.actual
  })
  return [...unlisted, ...needless.map(({ case: name }) => `${name} is listed, and is not so`)]
}

/** A suite as a section of the page: numbers by group, and the exceptions. */
export function suiteSection(cases: readonly JudgedCase[], exceptions: readonly VerdictException[]): string {
  const groups = [...new Set(cases.map(({ group }) => group))]
  const rows = groups.map((group) =>
    row(
      group,
      cases.filter((each) => each.group === group),
    ),
  )
  return [
    '| part | cases | to be accepted | judged alike | exceptions |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    row('all', cases),
    '',
    '| exception | expected | here | why |',
    '| --- | --- | --- | --- |',
    ...exceptions.map((each) => `| \`${each.case}\` | ${each.expected} | ${each.actual} | ${each.reason} |`),
  ].join('\n')
}

function row(title: string, cases: readonly JudgedCase[]): string {
  const alike = cases.filter(({ expected, actual }) => expected === actual).length
  const good = cases.filter(({ expected }) => expected === 'valid').length
  return `| ${[title, cases.length, good, alike, cases.length - alike].join(' | ')} |`
}

/**
 * The tables under a heading of the page as they are, and as they should be; with `UPDATE_DOCS=1` they are written first. What
 * stands above the first table is text of the page's own.
 */
export function heldOnPage(
  heading: string,
  tables: string,
): { readonly is: string; readonly should: string } {
  const page = readFileSync(PAGE, 'utf8')
  const start = page.indexOf(`\n## ${heading}\n`)
  const table = page.indexOf('\n|', start)
  const next = page.indexOf('\n## ', start + 1)
  if (start === -1 || table === -1) throw new Error(`docs/verdicts.md has no tables under ${heading}`)
  const end = next === -1 ? page.length : next
  const written = `${page.slice(0, table + 1)}${tables}\n${page.slice(end)}`
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, written)
  return { is: readFileSync(PAGE, 'utf8'), should: written }
}
