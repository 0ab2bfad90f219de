/** The matrix as rows and columns: which run each cell stands for, what it shows, and how the keyboard moves through it. */
import type { Attack } from '#shared/adversary/attack'
import { ATTACKS } from '#shared/adversary/attacks'
import { cellKey, type Cell, type CellRequest } from '#shared/adversary/cell'
import { defencesOf } from '#shared/adversary/matrix'
import { GOALS } from '#shared/adversary/oracles'
import { CHECKS } from '#shared/hl1/check-table'
import { defenceTitle, withoutDefence, type DefenceId } from '#shared/hl1/defences'
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suite-names'
import { listed } from '#shared/words'

/** A column: all in place, one defence taken away, or all of those that stop the attack of the row. */
export interface Column {
  readonly id: DefenceId | 'all' | 'together'
  readonly title: string
  /** As its head says it, on one line. */
  readonly short: string
  /** What it means, in a sentence. */
  readonly about: string
}

const ALL_ON: Column = {
  id: 'all',
  title: 'All on',
  short: 'All on',
  about: 'Every check and repair is in place.',
}
const TOGETHER: Column = {
  id: 'together',
  title: 'All that stop it',
  short: 'All that stop it',
  about: 'Where several defences stand behind one another, all of them are taken away.',
}

/** Titles that a column’s head has no room for, and what it says instead. */
const SHORT: Partial<Readonly<Record<DefenceId, string>>> = {
  key_pair: 'Key pair fits',
  same_key: 'Same key in both',
  x509_signature: 'X.509 signature',
  certificate_key: 'Certificate’s key',
  critical_extensions: 'Critical extensions',
  extended_key_usage: 'Extended usage',
  subject_alt_name: 'Server’s address',
  request_signature: 'Request’s signature',
  request_subject: 'Request’s subject',
  request_key_size: 'Request’s key',
  nonce: 'Own nonce',
  address: 'Client’s address',
  two_keys: 'Key per direction',
}

/** The columns of a suite. */
export function columnsOf(suite: SuiteName): readonly Column[] {
  const defences = defencesOf(suite).map((id) => ({
    id,
    title: defenceTitle(id),
    short: SHORT[id] ?? defenceTitle(id),
    about: withoutDefence(id),
  }))
  return [ALL_ON, ...defences, TOGETHER]
}

/** All of a column in words, for whoever points at its head or has it read aloud. */
export function columnWords({ id, title, about }: Column): string {
  return id === 'all' || id === 'together' ? `${title}. ${about}` : `Without “${title}”: ${about}`
}

/** What a cell stands for; undefined where there is nothing to run. */
export function requestOf(attack: Attack, { id }: Column, suite: SuiteName): CellRequest | undefined {
  const request = (without: readonly DefenceId[]): CellRequest => ({ attack: attack.id, suite, without })
  if (id === 'all') return request([])
  if (attack.notIn?.[suite] !== undefined) return undefined
  if (id !== 'together') return request([id])
  const behind = behindOf(attack, suite)
  return behind.length > 1 ? request(behind) : undefined
}

function behindOf({ stoppedBy }: Attack, suite: SuiteName): readonly DefenceId[] {
  const behind = stoppedBy[suite]
  return Array.isArray(behind) ? (behind as readonly DefenceId[]) : []
}

/** What a cell shows: a letter or a step, which class it has, and the same in words. */
export interface Face {
  readonly kind: 'succeeded' | 'stopped' | 'lacking' | 'nothing' | 'waiting' | 'unknown' | 'none'
  readonly sign: string
  readonly words: string
}

/** The signs without a step. */
const FACES = {
  succeeded: { kind: 'succeeded', sign: '✗', words: 'succeeds' },
  lacking: { kind: 'lacking', sign: '∅', words: 'fails: the adversary lacks something' },
  nothing: { kind: 'nothing', sign: '–', words: 'means nothing here' },
  waiting: { kind: 'waiting', sign: '…', words: 'waits to be run' },
  unknown: { kind: 'unknown', sign: '', words: 'not run yet' },
  none: {
    kind: 'none',
    sign: '',
    words: 'nothing to run: one defence alone, or none, stops it; see its column',
  },
} as const satisfies Readonly<Record<Exclude<Face['kind'], 'stopped'>, Face>>

/** A sign as a legend has it. */
export interface LegendSign {
  readonly kind: string
  readonly sign: string
  readonly words: string
  /** In a few words, where all of them take too much room. */
  readonly short?: string
}

/** Every kind of cell, as an example of it; what it means. */
export const MATRIX_LEGEND = [
  {
    kind: 'stopped',
    sign: '5',
    words: 'stopped at step 5, by the check that the cell names',
    short: 'stopped at step 5',
  },
  FACES.lacking,
  FACES.succeeded,
  FACES.nothing,
  FACES.waiting,
  FACES.unknown,
  { ...FACES.none, short: 'nothing to run' },
] as const satisfies readonly LegendSign[]

/** What came of the run that a link opens. */
export const LINK_FACES = {
  succeeded: { kind: 'succeeded', sign: '✗', words: 'the attack succeeded' },
  failed: { kind: 'failed', sign: '✓', words: 'the attack failed' },
  unknown: { kind: 'unknown', sign: '·', words: 'not run yet' },
} as const satisfies Readonly<Record<string, LegendSign>>

/** The face of a cell. */
export function faceOf(
  attack: Attack,
  column: Column,
  suite: SuiteName,
  known: { readonly cells: ReadonlyMap<string, Cell>; readonly waiting: ReadonlySet<string> },
): Face {
  if (attack.notIn?.[suite] !== undefined) return FACES.nothing
  const request = requestOf(attack, column, suite)
  if (!request) return FACES.none
  const key = cellKey(request)
  if (known.waiting.has(key)) return FACES.waiting
  const cell = known.cells.get(key)
  if (!cell) return FACES.unknown
  const { outcome } = cell
  if (outcome.is === 'succeeded') return FACES.succeeded
  if (outcome.is === 'not_applicable') return FACES.nothing
  if (!outcome.by) return FACES.lacking
  const { step, check, code } = outcome.by
  return {
    kind: 'stopped',
    sign: String(step),
    words: `stopped at step ${step}: ${check ? CHECKS[check].title : code}`,
  }
}

/** What came of a run, in sentences. */
export function outcomeWords({ oracle }: Attack, { outcome }: Cell): string {
  switch (outcome.is) {
    case 'succeeded':
      return `It succeeds: the adversary ${GOALS[oracle.goal]}. ${outcome.measured ?? ''}`.trim()
    case 'not_applicable':
      return `It means nothing here. ${outcome.why}`
    case 'stopped': {
      const { by, missing } = outcome
      if (!by) return `It fails, and no check had to stop it. ${missing ?? ''}`.trim()
      const what = by.check ? `the check “${CHECKS[by.check].title}”` : `the alert ${by.code}`
      return `The ${by.role} stops it at step ${by.step} by ${what}. ${by.reason}`
    }
  }
}

/** What stops an attack in each suite when all is in place, in a sentence. */
export function stoppedWords({ stoppedBy, notIn }: Pick<Attack, 'stoppedBy' | 'notIn'>): string {
  const parts = SUITE_NAMES.map((suite) => {
    const behind = stoppedBy[suite]
    if (notIn?.[suite] !== undefined) return `it means nothing in ${suite}`
    if (behind === undefined) return `nothing in ${suite}`
    if (behind === 'never') return `in ${suite} what the adversary lacks`
    return `${listed(behind.map((id) => `“${defenceTitle(id)}”`))} in ${suite}`
  })
  return `What stops it: ${parts.join('; ')}.`
}

/** What is taken away, in words. */
export function withoutWords(without: readonly DefenceId[]): string {
  if (without.length === 0) return 'all defences on'
  return `without ${listed(without.map((id) => `“${defenceTitle(id)}”`))}`
}

/** Attacks with all the words of a search in what is said of them, or in the names of what stops them. */
export function findAttacks(query: string, suite: SuiteName): readonly Attack[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return ATTACKS.filter((attack) => {
    const { title, has, wants, story, oracle } = attack
    const stops = behindOf(attack, suite).map(defenceTitle)
    const text = [title, has, wants, oracle.goal, ...story, ...stops].join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** Where the keyboard is: −1 is the heading of a row or a column. */
export interface Spot {
  readonly row: number
  readonly column: number
}

/** Where a key leads (WAI-ARIA Authoring Practices, grid); undefined for any that leads nowhere. */
export function spotAfterKey(
  { key, ctrlKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey'>,
  { row, column }: Spot,
  size: { readonly rows: number; readonly columns: number; readonly page: number },
): Spot | undefined {
  const spot = (toRow: number, toColumn: number): Spot => {
    const to = {
      row: Math.min(size.rows - 1, Math.max(-1, toRow)),
      column: Math.min(size.columns - 1, Math.max(-1, toColumn)),
    }
    // The corner heads nothing.
    return to.row === -1 && to.column === -1 ? { row, column } : to
  }
  switch (key) {
    case 'ArrowUp':
      return spot(row - 1, column)
    case 'ArrowDown':
      return spot(row + 1, column)
    case 'ArrowLeft':
      return spot(row, column - 1)
    case 'ArrowRight':
      return spot(row, column + 1)
    case 'PageUp':
      return spot(Math.max(0, row - size.page), column)
    case 'PageDown':
      return spot(row + size.page, column)
    case 'Home':
      return ctrlKey ? spot(0, 0) : spot(row, 0)
    case 'End':
      return ctrlKey ? spot(size.rows - 1, size.columns - 1) : spot(row, size.columns - 1)
    default:
      return undefined
  }
}
