import { describe, expect, it } from 'vitest'
import { WEAKNESSES, type Weakness } from '#shared/hl1/explanation'
import { PROPERTIES, type Property } from '#shared/record/explanation'
import { KEY_SYMBOLS } from '#shared/hl1/keys'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITE_NAMES, SUITES } from '#shared/hl1/suites'

const classic = SUITES.classic.sheets
const modern = SUITES.modern.sheets
const all = SUITE_NAMES.flatMap((suite) =>
  STEP_NUMBERS.map((step) => ({ suite, step, form: SUITES[suite].sheets[step] })),
)

/** The steps of a suite at which something is said of a weakness. */
function stepsThatSay(
  suite: 'classic' | 'modern',
  part: 'weaknesses' | 'repairs',
  weakness: Weakness,
): readonly number[] {
  return STEP_NUMBERS.filter((step) =>
    SUITES[suite].sheets[step][part].some((remark) => remark.weakness === weakness),
  )
}

describe('suite classic says in place', () => {
  it.each([
    ['bootstrap_key', [3, 4]],
    ['key_escrow', [2, 6]],
    ['no_proof', [4]],
    ['no_integrity', [2, 6, 7, 8]],
    ['short_key', [2, 6, 7, 8]],
    ['clock_alone', [1, 3, 5, 7, 8]],
    ['no_forward_secrecy', [1, 2, 5, 6, 7, 8]],
    ['client_unknown', [3, 5, 7]],
    ['name_unchecked', [1]],
    ['no_possession', [1]],
    ['unbound_answer', [8]],
  ] as const)('%s', (weakness, steps) => {
    expect(stepsThatSay('classic', 'weaknesses', weakness)).toEqual(steps)
  })

  it('that it repairs nothing', () => {
    for (const step of STEP_NUMBERS) expect(classic[step].repairs).toEqual([])
  })
})

describe('suite modern', () => {
  it.each(STEP_NUMBERS)(
    'at step %i has an answer to each weakness of classic: repaired, or still said',
    (step) => {
      const said = [...modern[step].repairs, ...modern[step].weaknesses].map(({ weakness }) => weakness)
      for (const { weakness } of classic[step].weaknesses) {
        const elsewhere = [
          ...stepsThatSay('modern', 'repairs', weakness),
          ...stepsThatSay('modern', 'weaknesses', weakness),
        ]
        expect(said.includes(weakness) || elsewhere.length > 0, `${weakness} at step ${step}`).toBe(true)
      }
    },
  )

  it('says of key escrow first that a server of this suite makes its own key pair', () => {
    const said = modern[4].weaknesses.find(({ weakness }) => weakness === 'key_escrow')
    expect(said?.text).toMatch(/^There is none where the server has registered in this suite/)
  })

  it('repairs nothing that classic does not say is weak', () => {
    for (const step of STEP_NUMBERS) {
      for (const { weakness } of modern[step].repairs)
        expect(stepsThatSay('classic', 'weaknesses', weakness)).toContain(step)
    }
  })

  it('never both repairs a weakness at a step and says that it is still there', () => {
    for (const step of STEP_NUMBERS) {
      const repaired = modern[step].repairs.map(({ weakness }) => weakness)
      for (const { weakness } of modern[step].weaknesses) expect(repaired).not.toContain(weakness)
    }
  })

  it('says that the client is still not authenticated, where it names itself and where it asks', () => {
    expect(stepsThatSay('modern', 'weaknesses', 'client_unknown')).toEqual([5, 7])
    expect(modern[5].guarantees.sender.holds).toBe('no')
  })

  it('never protects less than classic', () => {
    const rank = { no: 0, partly: 1, yes: 2, needless: 1 } as const
    for (const step of STEP_NUMBERS) {
      for (const property of Object.keys(PROPERTIES) as Property[]) {
        const [before, after] = [classic[step].guarantees[property], modern[step].guarantees[property]]
        expect(rank[after.holds], `${property} of step ${step}`).toBeGreaterThanOrEqual(rank[before.holds])
      }
    }
  })
})

describe.each(all)('step $step of suite $suite', ({ form }) => {
  it('names where each remark is written', () => {
    for (const { weakness, text, source } of [...form.weaknesses, ...form.repairs]) {
      expect(WEAKNESSES).toHaveProperty(weakness)
      expect(text).toMatch(/^[A-Z0-9].*\.$/)
      expect(source).toMatch(/^(compare )?(protocol\.md sections? \d|RFC \d+|SP 800|docs\/decisions\/\d{4})/)
    }
  })

  it('says of what is refused that it is refused, and leaves no “it” to guess at the beginning', () => {
    const texts = [
      ...Object.values(form.guarantees).map(({ by }) => by),
      ...[...form.weaknesses, ...form.repairs].map(({ text }) => text),
    ]
    for (const text of texts) {
      for (const [said] of text.matchAll(/\S+ \S+ replayed\b/g)) expect(said).toBe('refused as replayed')
      expect(text).not.toMatch(/^It\b/)
    }
  })

  it('says nothing of a weakness twice', () => {
    for (const remarks of [form.weaknesses, form.repairs]) {
      const names = remarks.map(({ weakness }) => weakness)
      expect(new Set(names).size).toBe(names.length)
    }
  })

  it('speaks only of keys that there are', () => {
    const texts = [
      form.story,
      ...Object.values(form.guarantees).map(({ by }) => by),
      ...[...form.weaknesses, ...form.repairs].map(({ text }) => text),
    ]
    for (const [symbol] of texts.join(' ').matchAll(/\b[KPS]K?_\w+/g)) expect(KEY_SYMBOLS).toContain(symbol)
  })

  it('promises secrecy only where something is encrypted under a key that not everyone has', () => {
    const secret = form.layers.length > 0 && form.layers.every(({ key }) => key !== 'K_boot')
    expect(form.guarantees.confidentiality.holds !== 'no').toBe(secret)
  })
})
