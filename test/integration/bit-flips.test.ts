/**
 * Every single bit of every frame of the recorded sessions, flipped in turn and given to the step that receives it. The maps
 * are kept in docs/bit-flips.json and summed up in docs/bit-flips.md. `npm test` flips a sample and compares it with the maps;
 * the long run flips all. This writes the first anew, and says where the second differs:
 *
 *     LONG_TESTS=1 npx vitest run --project integration test/integration/bit-flips.test.ts -u
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  classicSubjects,
  countOutcomes,
  flipBits,
  flipEveryBit,
  flipOf,
  modernSubjects,
  sampleBits,
  writeMaps,
  type FlipMap,
  type FlipOutcome,
  type FlipSubject,
} from '../support/bit-flips'
import { ALL } from '../support/sample'

const DOCS = resolve(import.meta.dirname, '../../docs')
const PATIENCE_MS = 600_000
/** In the sample, one bit in so many, besides those where the outcome changes. */
const ONE_OF = 16
/** Characters of the long request and the long answer. */
const LONG = 2_000
/** The columns of the tables; what is in none of them is a check of the header. */
const COLUMNS = ['decrypt_failed', 'malformed', 'bad_certificate'] as const satisfies readonly FlipOutcome[]
const ACCEPTED = ['found_later', 'unnoticed'] as const satisfies readonly FlipOutcome[]

let subjects: Readonly<Record<'classic' | 'modern', readonly FlipSubject[]>>
let maps: Readonly<Record<'classic' | 'modern', readonly FlipMap[]>>
beforeAll(async () => {
  subjects = { classic: await classicSubjects(LONG), modern: modernSubjects() }
  if (!ALL) {
    maps = JSON.parse(readFileSync(resolve(DOCS, 'bit-flips.json'), 'utf8')) as typeof maps
    return
  }
  const flipAll = async (all: readonly FlipSubject[]): Promise<FlipMap[]> => {
    const made: FlipMap[] = []
    for (const subject of all) made.push(await flipEveryBit(subject))
    return made
  }
  maps = { classic: await flipAll(subjects.classic), modern: await flipAll(subjects.modern) }
}, PATIENCE_MS)

const number = (count: number): string => (count === 0 ? '–' : count.toLocaleString('en'))

/** A frame's row in the table of its suite. */
function rowOf(map: FlipMap): string {
  const counts = countOutcomes(map)
  const columns = COLUMNS.map((outcome) => counts[outcome] ?? 0)
  const accepted = ACCEPTED.map((outcome) => counts[outcome] ?? 0)
  const rest = map.bits - [...columns, ...accepted].reduce((sum, count) => sum + count, 0)
  const cells = [map.name, String(map.step), ...[map.bits, ...columns, rest, ...accepted].map(number)]
  return `| ${cells.join(' | ')} |`
}

describe.each(['classic', 'modern'] as const)('the map of suite %s', (suite) => {
  it('has every bit of every frame, once and in order', () => {
    expect(maps[suite].map(({ step }) => step).slice(0, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 7, 8])
    for (const [index, { bits, runs }] of maps[suite].entries()) {
      expect(bits).toBe(subjects[suite][index]!.frame.length * 8)
      let next = 0
      for (const [first, count] of runs) {
        expect(first).toBe(next)
        next += count
      }
      expect(next).toBe(bits)
    }
  })

  it('is summed up in docs/bit-flips.md', () => {
    const text = readFileSync(resolve(DOCS, 'bit-flips.md'), 'utf8')
    for (const map of maps[suite]) expect(text).toContain(rowOf(map))
    const recorded = maps[suite].slice(0, 10).reduce((sum, { bits }) => sum + bits, 0)
    expect(text).toMatch(new RegExp(`\\b${number(recorded)} (?:flips )?in .${suite}.`))
  })
})

describe('in suite modern', () => {
  it('no flip goes unnoticed: it is refused at once or, in step 3, by the client at step 4', () => {
    for (const { step, runs, accepted } of maps.modern) {
      expect(runs.filter(([, , outcome]) => outcome === 'unnoticed')).toEqual([])
      if (step !== 3) expect(accepted).toEqual([])
    }
    const taken = maps.modern.find(({ step }) => step === 3)!.accepted
    expect(taken.length).toBeGreaterThan(0)
    for (const { changes, found } of taken) {
      expect(changes.map(({ member }) => member)).toEqual([expect.stringMatching(/^(ts3|nonce_c)$/)])
      expect(found).toEqual({ step: 4, code: 'decrypt_failed' })
    }
  })
})

describe('in suite classic', () => {
  it('no flip of an RSA block goes unnoticed', () => {
    const wrapped = maps.classic.filter(({ step }) => step === 1 || step === 5)
    for (const { accepted } of wrapped) expect(accepted).toEqual([])
  })

  it('flips under DES-CBC do: they turn a block into noise, and some noise is still text', () => {
    for (const name of ['long step 7', 'long step 8']) {
      const { accepted } = maps.classic.find((map) => map.name === name)!
      expect(accepted.length).toBeGreaterThan(0)
      const members = accepted.flatMap(({ changes }) => changes.map(({ member }) => member))
      expect(new Set(members)).toEqual(new Set([name === 'long step 7' ? 'req' : 'data']))
    }
  })
})

describe('docs/bit-flips.json', () => {
  const whole = async (): Promise<void> => {
    const text = writeMaps(maps)
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(maps)))
    await expect(text).toMatchFileSnapshot(resolve(DOCS, 'bit-flips.json'))
  }

  const sampled = async (): Promise<void> => {
    let count = 0
    for (const suite of ['classic', 'modern'] as const) {
      for (const [index, subject] of subjects[suite].entries()) {
        const map = maps[suite][index]!
        const flips = await flipBits(subject, sampleBits(map, ONE_OF))
        for (const each of flips) expect(each, `${suite}, ${subject.name}`).toEqual(flipOf(map, each.bit))
        count += flips.length
      }
    }
    console.info(
      `Sample of flips: ${count}, with both ends of every run of one outcome, and all that were taken`,
    )
  }

  it(
    ALL ? 'is what was measured' : 'says what becomes of a sample of all flips',
    ALL ? whole : sampled,
    PATIENCE_MS,
  )
})
