/** A comparison as text to take along: Markdown for notes, CSV (RFC 4180) for a spreadsheet. */
import { csvText } from '../csv'
import { isoTime } from '../time'
import { visible } from '../visible'
import { OPERATION_KINDS, type OperationKind } from '../crypto/primitives/operations'
import { WEAKNESSES, type Remark } from '../hl1/explanation'
import { PROPERTIES, type Property } from '../record/explanation'
import { ROLE_NAMES } from '../hl1/roles'
import { STEP_NUMBERS, STEPS, type StepNumber } from '../hl1/steps'
import { SUITE_NAMES, SUITES, type SuiteName } from '../hl1/suites'
import type { Comparison, SuiteSide, Work } from './compare'
import type { Spread } from './spread'
import {
  countKinds,
  duration,
  GUARANTEE_WORDS,
  openWeaknesses,
  operationWords,
  readerWords,
  spreadWords,
} from './words'

const KINDS = Object.keys(OPERATION_KINDS) as OperationKind[]
const PROPERTY_NAMES = Object.keys(PROPERTIES) as Property[]
/** The comparison as Markdown. */
export function toMarkdown(comparison: Comparison): string {
  const { runs, suites, rsaBits, at, request } = comparison
  const { classic, modern } = suites
  const both = (what: string, of: (side: SuiteSide) => string): string => row(what, of(classic), of(modern))
  return [
    '# Suites side by side',
    '',
    `Made by Handshake Lab on ${isoTime(at)}: steps 1 to 8 over TCP on one machine, RSA ${rsaBits} bits, request “${visible(request)}”.`,
    `Bytes, readers and counts are those of the last run of each suite. Times are medians of ${runs} runs of each, by turns; in brackets the middle half of them. Making RSA keys is left out and stands apart.`,
    '',
    ...table(['', 'Classic', 'Modern']),
    ...classic.totals.ways.map(({ from, to }, index) =>
      both(`Bytes, ${ROLE_NAMES[from].title} to ${ROLE_NAMES[to].title}`, ({ totals }) =>
        String(totals.ways[index]?.bytes ?? 0),
      ),
    ),
    both('Bytes in all', ({ totals }) => String(totals.bytes)),
    both('Connections', ({ totals }) => String(totals.connections)),
    both('Round trips', ({ totals }) => String(totals.roundTrips)),
    ...KINDS.map((kind) => both(OPERATION_KINDS[kind], (side) => kindWords(side, kind))),
    both('Building and checking', ({ totals }) => spreadWords(totals.working)),
    both('The whole run', ({ totals }) => spreadWords(totals.elapsed)),
    ...STEP_NUMBERS.flatMap((step) => stepMarkdown(step, comparison)),
    '',
    '## What still is not there in suite modern',
    '',
    ...openWeaknesses().map(
      ({ weakness, steps, text, source }) =>
        `- **${WEAKNESSES[weakness].title}** (step ${steps.join(', ')}). ${text} [${source}]`,
    ),
    '',
  ].join('\n')
}

function stepMarkdown(step: StepNumber, { suites }: Comparison): readonly string[] {
  const { title, from, to } = STEPS[step]
  const both = (what: string, of: (suite: SuiteName) => string): string =>
    row(what, of('classic'), of('modern'))
  const form = (suite: SuiteName) => SUITES[suite].sheets[step]
  const side = (suite: SuiteName) => suites[suite].steps[step]
  return [
    '',
    `## Step ${step}: ${title} (${ROLE_NAMES[from].title} to ${ROLE_NAMES[to].title})`,
    '',
    ...table(['', 'Classic', 'Modern']),
    both('Message', (suite) => `\`${form(suite).formula}\``),
    both('Bytes', (suite) => {
      const { frame, body, plaintext } = side(suite).bytes
      return `${frame} (body ${body}, plaintext ${plaintext})`
    }),
    both('Readable by', (suite) => readingText(suites[suite], step)),
    ...PROPERTY_NAMES.map((property) =>
      both(PROPERTIES[property].title, (suite) => {
        const { holds, by } = form(suite).guarantees[property]
        return `${GUARANTEE_WORDS[holds]}: ${by}`
      }),
    ),
    both('Built', (suite) => workText(side(suite).built)),
    both('Checked', (suite) => workText(side(suite).checked)),
    '',
    ...remarks('Weak in classic', 'title', form('classic').weaknesses),
    ...remarks('Repaired in modern', 'repaired', form('modern').repairs),
    ...remarks('Still weak in modern', 'title', form('modern').weaknesses),
  ]
}

function remarks(what: string, name: 'title' | 'repaired', list: readonly Remark[]): readonly string[] {
  return list.map(
    ({ weakness, text, source }) => `- ${what}: **${WEAKNESSES[weakness][name]}.** ${text} [${source}]`,
  )
}

function workText({ time, operations }: Work): string {
  return [spreadWords(time), operationWords(operations)].filter(Boolean).join(', ')
}

function kindWords({ totals }: SuiteSide, kind: OperationKind): string {
  const found = totals.kinds.find((each) => each.kind === kind)
  return found?.each ? `${found.count}, each ${duration(found.each.median)}` : '0'
}

/** Who can read which members, on one line. */
function readingText({ steps }: SuiteSide, step: StepNumber): string {
  return steps[step].reading
    .map((reading) => `${reading.symbols.join(', ')}: ${readerWords(reading)}`)
    .join('; ')
}

function table(head: readonly string[]): readonly string[] {
  return [row(...head), row(...head.map(() => '---'))]
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

/** The comparison as a table with a line for each suite and step; times in milliseconds. */
export function toCsv({ suites, runs, rsaBits, at }: Comparison): string {
  const spread = (name: string): readonly string[] =>
    ['median', 'low', 'high'].map((part) => `${name}_${part}_ms`)
  const header = [
    'suite',
    'step',
    'title',
    'from',
    'to',
    'formula',
    'frame_bytes',
    'body_bytes',
    'plaintext_bytes',
    'readable_by',
    ...PROPERTY_NAMES,
    ...spread('built'),
    ...spread('checked'),
    ...KINDS,
    'runs',
    'rsa_bits',
    'made_utc',
  ]
  const lines = SUITE_NAMES.flatMap((suite) =>
    STEP_NUMBERS.map((step) => {
      const { bytes, built, checked } = suites[suite].steps[step]
      const { formula, guarantees } = SUITES[suite].sheets[step]
      const { title, from, to } = STEPS[step]
      const counts = countKinds([...built.operations, ...checked.operations])
      return [
        suite,
        step,
        title,
        ROLE_NAMES[from].title,
        ROLE_NAMES[to].title,
        formula,
        bytes.frame,
        bytes.body,
        bytes.plaintext,
        readingText(suites[suite], step),
        ...PROPERTY_NAMES.map((property) => GUARANTEE_WORDS[guarantees[property].holds]),
        ...figures(built.time),
        ...figures(checked.time),
        ...KINDS.map((kind) => counts.find((each) => each.kind === kind)?.count ?? 0),
        runs,
        rsaBits,
        isoTime(at),
      ]
    }),
  )
  return csvText([header, ...lines])
}

function figures({ median, low, high }: Spread): readonly string[] {
  return [median, low, high].map((value) => value.toFixed(3))
}
