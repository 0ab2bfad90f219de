import { expect, it } from 'vitest'
import { ATTACKS, attackById } from '#shared/adversary/attacks'
import { cellKey, type Cell, type CellRequest } from '#shared/adversary/cell'
import { matrixOf } from '#shared/adversary/matrix'
import { SUITE_NAMES } from '#shared/hl1/suites'
import {
  columnsOf,
  columnWords,
  faceOf,
  findAttacks,
  outcomeWords,
  requestOf,
  spotAfterKey,
  stoppedWords,
} from '../../../renderer/attacks/grid'

const NOTHING_KNOWN = { cells: new Map<string, Cell>(), waiting: new Set<string>() }
const REPLAY = attackById('ask-again')!
const [ALL_ON, ...OTHERS] = columnsOf('modern')

it.each(SUITE_NAMES)('the cells of the window are those of the matrix of %s, each once', (suite) => {
  const asked = ATTACKS.flatMap((attack) =>
    columnsOf(suite).flatMap((column) => requestOf(attack, column, suite) ?? []),
  )
  expect(asked.map(cellKey).toSorted()).toEqual(matrixOf([suite]).map(cellKey).toSorted())
})

it.each(SUITE_NAMES)(
  'the head of every column of %s has room on one line, is no other one’s, and says all of it as a hint',
  (suite) => {
    const columns = columnsOf(suite)
    expect(columns.filter(({ short }) => short.length > 20)).toEqual([])
    expect(new Set(columns.map(({ short }) => short)).size).toBe(columns.length)
    for (const column of columns) expect(columnWords(column)).toContain(column.about)
    expect(columnWords(columns.find(({ id }) => id === 'nonce') ?? ALL_ON!)).toMatch(
      /^Without “Own nonce comes back”: |^All on\. /,
    )
  },
)

it('a cell shows at which step an attack was stopped, that it succeeded, that it waits, or nothing before it was run', () => {
  const column = OTHERS.find(({ id }) => id === 'sequence')!
  const face = (outcome?: Cell['outcome'], waits = false) => {
    const request = requestOf(REPLAY, column, 'modern') as CellRequest
    const key = cellKey(request)
    const cells = new Map(outcome ? [[key, { ...request, outcome, took: 1 }]] : [])
    return faceOf(REPLAY, column, 'modern', { cells, waiting: new Set(waits ? [key] : []) })
  }
  const by = {
    role: 'server',
    step: 7,
    check: 'sequence',
    code: 'replayed',
    reason: 'It came before.',
  } as const
  expect(face().kind).toBe('unknown')
  expect(face(undefined, true).kind).toBe('waiting')
  expect(face({ is: 'succeeded' }).sign).toBe('✗')
  expect(face({ is: 'stopped', by })).toMatchObject({
    sign: '7',
    words: 'stopped at step 7: Sequence number',
  })
  expect(face({ is: 'stopped', missing: 'K_6.' }).kind).toBe('lacking')
  expect(faceOf(attackById('search-a-des-key')!, ALL_ON!, 'modern', NOTHING_KNOWN).kind).toBe('nothing')
})

it('says what came of a run in whole sentences', () => {
  const cell = (outcome: Cell['outcome']): Cell => {
    return { attack: REPLAY.id, suite: 'modern', without: [], outcome, took: 1 }
  }
  expect(outcomeWords(REPLAY, cell({ is: 'succeeded' }))).toBe(
    'It succeeds: the adversary has one act counted twice.',
  )
  const by = {
    role: 'server',
    step: 7,
    check: 'sequence',
    code: 'replayed',
    reason: 'It came before.',
  } as const
  expect(outcomeWords(REPLAY, cell({ is: 'stopped', by }))).toBe(
    'The server stops it at step 7 by the check “Sequence number”. It came before.',
  )
})

it('a search finds attacks by what they say of themselves and by what stops them', () => {
  const found = (query: string): readonly string[] => findAttacks(query, 'modern').map(({ id }) => id)
  expect(found('')).toHaveLength(ATTACKS.length)
  expect(found('swallows answer')).toEqual(['ask-again'])
  expect(found('sequence number')).toEqual(['ask-again', 'ask-again-later', 'old-answer'])
  expect(found('no such words')).toEqual([])
})

it('the keyboard goes everywhere in the grid, to its headings too, and never to the corner or out of it', () => {
  const size = { rows: 3, columns: 4, page: 2 }
  const go = (key: string, row: number, column: number, ctrlKey = false) => {
    const to = spotAfterKey({ key, ctrlKey }, { row, column }, size)
    return to && [to.row, to.column]
  }
  expect(go('ArrowUp', 0, 0)).toEqual([-1, 0])
  expect(go('ArrowLeft', 0, 0)).toEqual([0, -1])
  expect(go('ArrowLeft', -1, 0)).toEqual([-1, 0])
  expect(go('ArrowUp', 0, -1)).toEqual([0, -1])
  expect(go('ArrowDown', 2, 1)).toEqual([2, 1])
  expect(go('ArrowRight', 1, 3)).toEqual([1, 3])
  expect(go('PageDown', 0, 1)).toEqual([2, 1])
  expect(go('PageUp', 2, 1)).toEqual([0, 1])
  expect(go('Home', 1, 2)).toEqual([1, 0])
  expect(go('End', 1, 2, true)).toEqual([2, 3])
  expect(go('a', 1, 2)).toBeUndefined()
})

it('what stops an attack is said of each suite', () => {
  expect(stoppedWords({ stoppedBy: { modern: ['sequence'] } })).toBe(
    'What stops it: nothing in classic; “Sequence number” in modern.',
  )
  expect(stoppedWords({ stoppedBy: { classic: 'never' }, notIn: { modern: 'No such step.' } })).toBe(
    'What stops it: in classic what the adversary lacks; it means nothing in modern.',
  )
})
