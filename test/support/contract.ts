/** `docs/protocol.md` as data, and the suites' data in the shape in which its tables put them. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { CheckId } from '#shared/hl1/check-table'
import type { MemberSpec } from '#shared/record/member'
import { STEP_NUMBERS, type StepNumber } from '#shared/hl1/steps'
import { SUITES, type SuiteName } from '#shared/hl1/suites'
import { textOf, type Block, type Page } from '#shared/markdown'
import { readPage } from '../../scripts/build/markdown'

export const CONTRACT_TEXT = readFileSync(resolve(import.meta.dirname, '../../docs/protocol.md'), 'utf8')
const PAGE: Page = readPage(CONTRACT_TEXT)

/** The sections' numbers. */
export const SECTIONS = PAGE.flatMap((block) => (block.kind === 'heading' ? (block.section ?? []) : []))

/** What stands under a section's heading; under none (`undefined`), the introduction. */
export function section(number: string | undefined): readonly Block[] {
  const isHeading = (block: Block): boolean => block.kind === 'heading' && block.depth > 1
  const start = PAGE.findIndex((block) => block.kind === 'heading' && block.section === number)
  const rest = PAGE.slice(start + 1)
  const end = rest.findIndex(isHeading)
  return end < 0 ? rest : rest.slice(0, end)
}

/** The text of a section as it is written, marks and all. */
export function sectionText(number: string): string {
  const [, rest = ''] = CONTRACT_TEXT.split(new RegExp(`^## ${number}\\. .*$`, 'm'))
  return rest.split(/^## /m)[0] ?? ''
}

/** The rows of a section's one table by the names of its columns; codes keep their backquotes. */
export function tableOf(number: string | undefined): readonly Readonly<Record<string, string>>[] {
  const tables = section(number).flatMap((block) => (block.kind === 'table' ? [block] : []))
  const [table] = tables
  if (!table || tables.length > 1) throw new Error(`Section ${number} has ${tables.length} tables.`)
  const names = table.head.map(textOf)
  return table.rows.map((row) => Object.fromEntries(names.map((name, index) => [name, quoted(row[index]!)])))
}

/** A line as it is written. */
function quoted(line: Parameters<typeof textOf>[0]): string {
  return line.map((part) => (part.kind === 'code' ? `\`${part.text}\`` : textOf([part]))).join('')
}

/** What a suite's data say of a step. */
export interface StepData {
  readonly step: StepNumber
  readonly suite: SuiteName
  /** The members of each JSON object. */
  readonly objects: readonly (readonly MemberSpec[])[]
  /** Those that stand in the body by themselves. */
  readonly outside: readonly MemberSpec[]
  /** The step's own checks, between members and freshness. */
  readonly checks: readonly CheckId[]
  /** Keys that the body is closed with, the outermost first. */
  readonly keys: readonly string[]
}

/** Every step of a suite: the one place that knows where suites keep these. */
export function stepsOf(suite: SuiteName): readonly StepData[] {
  return STEP_NUMBERS.map((step) => {
    const { members, objects, checks, layers } = SUITES[suite].sheets[step]
    const outside = members.filter((member) => !objects.flat().includes(member))
    return { step, suite, objects, outside, checks, keys: layers.map(({ key }) => key) }
  })
}
