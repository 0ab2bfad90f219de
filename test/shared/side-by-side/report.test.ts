import { beforeAll, describe, expect, it } from 'vitest'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITE_NAMES, SUITES } from '#shared/hl1/suites'
import { compareSuites, type Comparison } from '#shared/side-by-side/compare'
import { toCsv, toMarkdown } from '#shared/side-by-side/report'
import { duration, openWeaknesses, readerWords, spreadWords } from '#shared/side-by-side/words'
import { START } from '../../support/environment'
import { measureHonestRun } from '../../support/measured'

let comparison: Comparison

beforeAll(async () => {
  const [classic, modern] = [await measureHonestRun('classic'), await measureHonestRun('modern')]
  const facts = { at: START, rsaBits: 2048, request: 'time' }
  comparison = compareSuites({ classic: [classic.run], modern: [modern.run] }, facts)
})

/** Reads CSV as RFC 4180 says. */
function readCsv(text: string): readonly (readonly string[])[] {
  return text
    .split('\r\n')
    .slice(0, -1)
    .map((line) =>
      [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
        .map(([, cell = '']) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell))
        .slice(0, -1),
    )
}

describe('the table for a spreadsheet', () => {
  it('has a line for each suite and step, all with the same cells', () => {
    const [header, ...lines] = readCsv(toCsv(comparison))
    expect(lines).toHaveLength(16)
    for (const line of lines) expect(line).toHaveLength(header!.length)
    expect(lines.map(([suite, step]) => `${suite} ${step}`)).toEqual(
      SUITE_NAMES.flatMap((suite) => STEP_NUMBERS.map((step) => `${suite} ${step}`)),
    )
  })

  it('has the figures of the comparison, and formulas whole', () => {
    const [header, ...lines] = readCsv(toCsv(comparison))
    const cell = (line: readonly string[], name: string): string => line[header!.indexOf(name)]!
    for (const [index, line] of lines.entries()) {
      const suite = SUITE_NAMES[Math.floor(index / 8)]!
      const step = STEP_NUMBERS[index % 8]!
      const { bytes, built } = comparison.suites[suite].steps[step]
      expect(cell(line, 'frame_bytes')).toBe(String(bytes.frame))
      expect(cell(line, 'plaintext_bytes')).toBe(String(bytes.plaintext))
      expect(cell(line, 'built_median_ms')).toBe(built.time.median.toFixed(3))
      expect(cell(line, 'formula')).toBe(SUITES[suite].sheets[step].formula)
      expect(cell(line, 'made_utc')).toBe('2027-01-15T08:00:00.000Z')
    }
    const sum = (suite: string, kind: string): number =>
      lines.filter(([name]) => name === suite).reduce((total, line) => total + Number(cell(line, kind)), 0)
    expect([sum('classic', 'rsa_private'), sum('classic', 'des')]).toEqual([5, 12])
    expect([sum('modern', 'hkdf'), sum('modern', 'aes')]).toEqual([8, 14])
  })
})

describe('the notes in Markdown', () => {
  it('have a section for each step and the totals of both suites', () => {
    const text = toMarkdown(comparison)
    for (const step of STEP_NUMBERS) expect(text).toContain(`## Step ${step}: `)
    for (const suite of SUITE_NAMES) expect(text).toContain(` ${comparison.suites[suite].totals.bytes} |`)
    expect(text).toContain('| Round trips | 4 | 4 |')
    expect(text).toContain('medians of 1 runs of each')
  })

  it('have tables whose rows have three cells', () => {
    for (const line of toMarkdown(comparison)
      .split('\n')
      .filter((each) => each.startsWith('|')))
      expect(line.split(/(?<!\\)\|/)).toHaveLength(5)
  })

  it('say what still is not there', () => {
    expect(toMarkdown(comparison)).toContain('**Client not authenticated** (step 5, 7).')
  })
})

it('what still is not there is each weakness of suite modern once, with its steps', () => {
  expect(openWeaknesses().map(({ weakness, steps }) => `${weakness} ${steps.join(' ')}`)).toEqual([
    'name_unchecked 1',
    'no_forward_secrecy 1 2',
    'other_certificate 2',
    'in_clear 3',
    'clock_alone 3',
    'no_revocation 4',
    'key_escrow 4',
    'client_unknown 5 7',
  ])
})

it.each([
  [0.0349, '0.03 ms'],
  [0.999, '1.00 ms'],
  [14.25, '14.3 ms'],
  [171.9, '172 ms'],
])('%d milliseconds are written %s', (value, text) => {
  expect(duration(value)).toBe(text)
})

it('a spread has its middle half, and one value alone has none', () => {
  expect(spreadWords({ median: 14.4, low: 12.9, high: 16.3, count: 9 })).toBe('14.4 ms (12.9 to 16.3)')
  expect(spreadWords({ median: 14.4, low: 14.4, high: 14.4, count: 1 })).toBe('14.4 ms')
})

it('readers are named by what they have, and who has to listen for it', () => {
  const { steps } = comparison.suites.classic
  expect(readerWords(steps[3].reading[0]!)).toBe('everyone who has the program (K_boot)')
  expect(readerWords(steps[5].reading[0]!)).toBe(
    'who has SK_S: Application Server; Certificate Authority, when it listens',
  )
  expect(readerWords(comparison.suites.modern.steps[3].reading[0]!)).toBe('anyone on the wire')
})
