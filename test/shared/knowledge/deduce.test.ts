/** What follows from the sheets: who has what, since when and why; who can read, forge and search; and where keys come from. */
import { describe, expect, it } from 'vitest'
import { HL1 } from '#shared/hl1/protocol'
import { STEP_NUMBERS, STEPS } from '#shared/hl1/steps'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { forgeryOf, openers, readingOf, searchesOf } from '#shared/knowledge/abilities'
import { deduce, EAVESDROPPER, missingIn, type Leak } from '#shared/knowledge/deduce'
import { genealogy } from '#shared/knowledge/genealogy'
import { secretsOf } from '#shared/knowledge/things'
import { readingWord, storyOf, thingName, whyWords } from '#shared/knowledge/words'
import { layersOf } from '#shared/record/term'
import { TOY } from '../../support/toy-protocol'

const END = 9
const during = (...secrets: readonly string[]): readonly Leak[] =>
  secrets.map((secret) => ({ secret, when: 'during' }))

describe.each(SUITE_NAMES)('in suite %s', (suite) => {
  const knowledge = deduce(HL1, suite)
  const { subject } = knowledge

  it.each(STEP_NUMBERS)(
    'who sends step %i has every key that closes it, and who gets it reads all of it',
    (step) => {
      const { from, to } = STEPS[step]
      const { term } = HL1.suites[suite].sheets[step]!
      for (const { key } of layersOf(term)) expect(knowledge.gain(from, key, step)).toBeDefined()
      expect(missingIn(subject, step, knowledge.of(to), step)).toEqual([])
      for (const { id } of subject.things.filter((thing) => thing.kind === 'member' && thing.step === step))
        expect(knowledge.gain(to, id, step) ?? id).toMatchObject({ at: expect.any(Number) })
    },
  )

  it('nobody knows anything before the step that brings it', () => {
    for (const party of knowledge.parties)
      for (const [id, { at }] of knowledge.of(party))
        if (subject.thing(id)?.kind === 'member') expect(at).toBeGreaterThanOrEqual(subject.thing(id)!.step)
  })

  it('a leak during the run is there with its thing, one afterwards only then, and each is what was asked for', () => {
    for (const { id } of secretsOf(subject)) {
      const first = Math.min(...HL1.roles.map(({ role }) => knowledge.of(role).get(id)?.at ?? END))
      for (const when of ['during', 'afterwards'] as const) {
        const gain = deduce(HL1, suite, [{ secret: id, when }])
          .of(EAVESDROPPER)
          .get(id)
        expect(gain).toEqual({ at: when === 'during' ? first : END, why: { is: 'leaked', when } })
      }
    }
  })

  it('more leaks never take anything away', () => {
    const secrets = secretsOf(subject).map(({ id }) => id)
    for (const one of secrets) {
      const alone = deduce(HL1, suite, during(one)).of(EAVESDROPPER)
      for (const other of secrets) {
        const both = deduce(HL1, suite, during(one, other)).of(EAVESDROPPER)
        for (const [id, { at }] of alone) expect(both.get(id)?.at).toBeLessThanOrEqual(at)
      }
    }
  })

  it('what is said to open a closed message does, and nothing else alone', () => {
    const secrets = secretsOf(subject)
    for (const step of STEP_NUMBERS) {
      const said = openers(knowledge, step, knowledge.of(EAVESDROPPER), secrets)
      const does = secrets
        .map(({ id }) => id)
        .filter(
          (id) => !missingIn(subject, step, deduce(HL1, suite, during(id)).of(EAVESDROPPER), END).length,
        )
      const isOpen = missingIn(subject, step, knowledge.of(EAVESDROPPER), END).length === 0
      expect(said).toEqual(isOpen ? secrets.map(({ id }) => id) : does)
    }
  })

  it('tells every key’s life: where it comes from before what it does', () => {
    for (const lineage of genealogy(knowledge)) {
      const [birth, ...rest] = lineage.events
      expect(['before', 'made', 'derived']).toContain(birth?.is)
      for (const event of rest) expect(event.at).toBeGreaterThanOrEqual(birth!.at)
      expect(storyOf(knowledge, lineage, birth!.at).every(({ isNew }) => isNew)).toBe(true)
    }
  })
})

describe('why', () => {
  const why = (suite: string, party: string, id: string, leaks: readonly Leak[] = []): string => {
    const knowledge = deduce(HL1, suite, leaks)
    const gain = knowledge.gain(party, id, END)
    return gain ? `${gain.at}: ${whyWords(knowledge.subject, gain)}` : '-'
  }

  it.each([
    ['classic', 'authority', 'SK_CA', '0: from the start'],
    ['classic', 'client', 'K_boot', '0: known to all'],
    ['classic', 'authority', 'SK_S', '2: made in step 2'],
    ['classic', 'server', 'SK_S', '2: read in step 2, opened with K_tmp1'],
    ['classic', 'authority', 'Cert_S', '2: made in step 2, signed with SK_CA'],
    ['classic', 'client', 'K_sess', '6: read in step 6, opened with K_tmp2'],
    ['classic', 'eavesdropper', 'ID_C', '3: read in step 3, opened with K_boot'],
    ['classic', 'eavesdropper', 'K_sess', '-'],
    ['modern', 'authority', 'SK_S', '-'],
    ['modern', 'authority', 'PK_S', '1: in CSR_S'],
    ['modern', 'server', 'SK_S', '1: made in step 1'],
    ['modern', 'client', 'PK_S', '4: in X509_S'],
    ['modern', 'client', 'Z', '4: derived from secret half of Share_C and Share_S'],
    ['modern', 'client', 'K_6', '5: derived from K_tmp2 and Z'],
    ['modern', 'server', 'K_tmp2', '5: read in step 5, opened with K_hs and SK_S'],
    ['modern', 'eavesdropper', 'Share_C@3', '3: in clear in step 3'],
    ['modern', 'eavesdropper', 'ID_C', '-'],
  ])('in %s, %s and %s: %s', (suite, party, id, words) => expect(why(suite, party, id)).toBe(words))

  it('what a leak leads to is said as what it is', () => {
    const later: readonly Leak[] = [{ secret: 'SK_S', when: 'afterwards' }]
    expect(why('classic', EAVESDROPPER, 'SK_S', later)).toBe('9: leaked after the run')
    expect(why('classic', EAVESDROPPER, 'K_sess', later)).toBe('9: read in step 6, opened with K_tmp2')
    expect(why('modern', EAVESDROPPER, 'K_tmp2', later)).toBe('-')
  })
})

describe('reading, forging and searching are three things', () => {
  const steps = (test: (step: number) => boolean): string => STEP_NUMBERS.filter(test).join(' ')
  const reads = (suite: string, leaks: readonly Leak[], party = EAVESDROPPER): string =>
    steps((step) => readingOf(deduce(HL1, suite, leaks), party, step, END).is !== 'closed')
  const forges = (suite: string, leaks: readonly Leak[], party = EAVESDROPPER): string =>
    steps((step) => forgeryOf(deduce(HL1, suite, leaks), party, step, END).can)

  it.each([
    ['classic', [], '3 4', '1 3 4 5'],
    ['classic', ['SK_S'], '3 4 5 6 7 8', '1 3 4 5 6 7 8'],
    ['classic', ['SK_CA'], '1 2 3 4 5 6 7 8', '1 2 3 4 5 6 7 8'],
    ['classic', ['K_tmp1'], '2 3 4 5 6 7 8', '1 2 3 4 5 6 7 8'],
    ['classic', ['K_sess'], '3 4 7 8', '1 3 4 5 7 8'],
    ['modern', [], '3', '1 3'],
    ['modern', ['SK_S'], '3', '1 3 4'],
    ['modern', ['SK_CA'], '1 2 3', '1 2 3'],
    ['modern', ['Z'], '3 4', '1 3 4 5'],
    ['modern', ['SK_S', 'half of Share_C'], '3 4 5 6 7 8', '1 3 4 5 6 7 8'],
  ])('in %s, with %j: reads %s, forges %s', (suite, leaked, read, forge) => {
    expect({ reads: reads(suite, during(...leaked)), forges: forges(suite, during(...leaked)) }).toEqual({
      reads: read,
      forges: forge,
    })
  })

  it('the authority of classic reads the session if it listens, that of modern does not', () => {
    expect(reads('classic', [], 'authority')).toBe('1 2 3 4 5 6 7 8')
    expect(reads('modern', [], 'authority')).toBe('1 2 3')
    const word = readingWord(readingOf(deduce(HL1, 'classic'), 'authority', 7, END))
    expect(word).toBe('reads it, if it listens')
  })

  it('a certificate need only be shown; a proof has to be signed', () => {
    expect(forgeryOf(deduce(HL1, 'classic'), EAVESDROPPER, 4, END)).toEqual({
      can: true,
      missing: [],
      shows: ['Cert_S', 'X509_S'],
    })
    expect(forgeryOf(deduce(HL1, 'modern'), EAVESDROPPER, 4, END)).toEqual({
      can: false,
      missing: ['SK_S'],
      shows: ['X509_S'],
    })
  })

  it('keys of 56 bits could be searched for, on the messages that they close; others can’t', () => {
    const found = searchesOf(deduce(HL1, 'classic'), EAVESDROPPER, END)
    expect(found.map(({ key, bits, steps: on }) => [key.id, bits, on])).toEqual([
      ['K_tmp1', 56, [2]],
      ['K_tmp2', 56, [6]],
      ['K_sess', 56, [7, 8]],
    ])
    expect(searchesOf(deduce(HL1, 'classic'), EAVESDROPPER, 5).map(({ key }) => key.id)).toEqual(['K_tmp1'])
    expect(searchesOf(deduce(HL1, 'modern'), EAVESDROPPER, END)).toEqual([])
  })
})

it('knows no protocol: another one’s sheets say as much', () => {
  const [suite = ''] = Object.keys(TOY.suites)
  const knowledge = deduce(TOY, suite)
  const [asker, oracle] = TOY.roles.map(({ role }) => role)
  expect(knowledge.parties).toEqual([asker, oracle, EAVESDROPPER])
  expect(knowledge.subject.things.map(thingName)).toContain('K_gift')
  // Its tables say of the oracle alone that it has the password.
  expect(knowledge.gain(oracle!, 'K_pass', 0)?.why).toEqual({ is: 'own' })
  expect(missingIn(knowledge.subject, 2, knowledge.of(asker!), 2)).toEqual(['K_pass'])
  const leaked = deduce(TOY, suite, during('K_pass'))
  expect(leaked.gain(EAVESDROPPER, 'K_gift', 2)?.why).toEqual({ is: 'read', step: 2, opened: ['K_pass'] })
})
