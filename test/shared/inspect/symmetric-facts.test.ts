/** Symmetric keys explained: what their bytes say, and what an honest run did with them. */
import { describe, expect, it } from 'vitest'
import type { Bytes } from '#shared/bytes'
import { symmetricFacts } from '#shared/inspect/symmetric-facts'
import { KEY_SYMBOLS, KEYS, type KeySymbol } from '#shared/hl1/keys'
import { HL1 } from '#shared/hl1/protocol'
import { keyOrigin, keySource, stepsUnder } from '#shared/record/key-story'
import type { Hl1Entry } from '#shared/hl1/types'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'
import { fakeEnvironment } from '../../support/environment'
import { runHonestly } from '../../support/handshake'
import { hex } from '../../support/vectors'
import { connectionOf } from '../../support/context'

const symmetric = KEY_SYMBOLS.filter((symbol) => KEYS[symbol].kind === 'symmetric key')

function facts(symbol: KeySymbol, key?: Bytes, suite: SuiteName = 'classic', entries: Hl1Entry[] = []) {
  const artifact = { kind: 'symmetric-key', id: 'key', title: symbol, source: 'a test', symbol } as const
  return symmetricFacts(key ? { ...artifact, key } : artifact, { role: 'server', suite, entries })
}

async function entriesOf(suite: SuiteName): Promise<Hl1Entry[]> {
  const { moments } = await runHonestly(fakeEnvironment(), { suite })
  return STEP_NUMBERS.map((step) => ({
    ...moments[step].record,
    id: `entry ${step}`,
    connection: connectionOf('one'),
  }))
}

describe('the bytes of a DES key', () => {
  it('have their parity counted', () => {
    const { parity, parityText, length, strength } = facts('K_tmp1', hex('0102030405060708'))
    expect(parity.map(({ ones }) => ones)).toEqual([1, 1, 2, 1, 2, 2, 3, 1])
    expect(parity.map(({ odd }) => odd)).toEqual([true, true, false, true, false, false, true, true])
    expect(parity[6]).toEqual({ hex: '07', binary: '00000111', ones: 3, odd: true })
    expect(parityText).toContain('odd in 5 of 8 bytes')
    expect(facts('K_tmp1', hex('0101020207070808')).parityText).toContain('odd in every byte')
    expect({ length, strength }).toEqual({ length: 8, strength: 56 })
  })

  it.each([
    // FIPS 74 section 3.6, once with other parity bits.
    ['0101010101010101', 'weak'],
    ['0000000000000000', 'weak'],
    ['fefefefefefefefe', 'weak'],
    ['e0e0e0e0f1f1f1f1', 'weak'],
    ['1f1f1f1f0e0e0e0e', 'weak'],
    ['1e1e1e1e0f0f0f0f', 'weak'],
    ['01fe01fe01fe01fe', 'semi-weak'],
    ['1fe01fe00ef10ef1', 'semi-weak'],
    ['e0fee0fef1fef1fe', 'semi-weak'],
    ['011f011f010e010e', 'semi-weak'],
    ['4c41422d4b455921', 'none'],
  ])('%s are %s', (bytes, weakness) => {
    expect(facts('K_tmp1', hex(bytes)).weakness).toBe(weakness)
  })

  it('say nothing while they are hidden', () => {
    const hidden = facts('K_sess')
    expect(hidden.hex).toBeUndefined()
    expect(hidden.weakness).toBeUndefined()
    expect(hidden.parity).toEqual([])
    expect(hidden).toMatchObject({ length: 8, algorithm: 'DES-CBC', strength: 56 })
  })
})

describe('a key of suite modern', () => {
  it('has 32 bytes and no parity', () => {
    const key = hex('00'.repeat(32))
    expect(facts('K_c2s', key, 'modern')).toMatchObject({
      algorithm: 'AES-256-GCM',
      length: 32,
      strength: 256,
      parity: [],
      parityText: '',
      weakness: undefined,
      hex: '00'.repeat(32),
    })
    expect(facts('K_hs', undefined, 'modern').strength).toBe(128)
  })
})

describe('what is said of a key follows from the suite’s own sheets', () => {
  const said = (suite: SuiteName, symbol: KeySymbol) => {
    const { about, algorithm, origin } = symmetricFacts(
      { kind: 'symmetric-key', id: 'key', title: symbol, source: 'a test', symbol },
      { role: 'client', suite, entries: [] },
    )
    return { about, algorithm, origin }
  }

  it('K_sess of classic protects messages itself', () => {
    expect(said('classic', 'K_sess')).toEqual({
      about:
        'Made by the application server, sent to the client in step 6, under K_tmp2. Protects steps 7 and 8.',
      algorithm: 'DES-CBC',
      origin: 'Arrived in step 6, under K_tmp2.',
    })
  })

  it('K_sess of modern comes under K_6, and other keys are made of it', () => {
    expect(said('modern', 'K_sess')).toEqual({
      about:
        'Made by the application server, sent to the client in step 6, under K_6. K_c2s and K_s2c, which protect steps 7 and 8, are derived from it.',
      algorithm: 'HKDF-SHA-256',
      origin: 'Arrived in step 6, under K_6.',
    })
    expect(said('modern', 'K_c2s')).toMatchObject({
      algorithm: 'AES-256-GCM',
      origin: 'Derived here from K_sess, the shared secret and the transcript (HKDF-SHA-256).',
    })
    expect(said('modern', 'K_hs').origin).toBe(
      'Derived here from the shared secret and the transcript (HKDF-SHA-256).',
    )
  })

  it('a member is under what stands around it, not around the rest of its message', async () => {
    const carried = async (suite: SuiteName, symbol: KeySymbol) =>
      facts(symbol, undefined, suite, await entriesOf(suite)).uses.find(({ how }) => how === 'carried')?.text
    expect(await carried('modern', 'K_tmp1')).toMatch(/carried it as k_tmp1, under PK_CA\.$/)
    expect(await carried('modern', 'K_tmp2')).toMatch(/carried it as k_tmp2, under K_hs and PK_S\.$/)
  })

  it.each(SUITE_NAMES)('names no key that suite %s has not', (suite) => {
    const own = symmetric.filter((symbol) => stepsUnder(HL1, suite, symbol).length > 0)
    const known = new Set([...own, ...KEY_SYMBOLS.filter((symbol) => KEYS[symbol].kind !== 'symmetric key')])
    for (const symbol of own) {
      const { about, origin } = said(suite, symbol)
      for (const [named] of `${about} ${origin}`.matchAll(/\bK_\w+/g)) {
        const isCarried = keySource(HL1, suite, named) !== undefined
        expect(known.has(named as KeySymbol) || isCarried, `${named} in ${suite}`).toBe(true)
      }
    }
  })

  it.each(SUITE_NAMES)(
    'says the same as the records of suite %s, for every layer and role',
    async (suite) => {
      for (const { layers, role } of await entriesOf(suite)) {
        for (const { key, origin } of layers) {
          if (KEYS[key].kind !== 'symmetric key') continue
          expect(origin).toBe(keyOrigin(HL1, suite, key, role))
        }
      }
    },
  )
})

it('the bootstrap key leaves nothing to guess', () => {
  expect(facts('K_boot').strength).toBe(0)
  expect(facts('K_boot').entropy).toContain('every copy of the program knows')
})

describe('the uses of a key in an honest run', () => {
  it.each([
    ['classic', 'K_tmp1', ['1 carried', '2 protected']],
    ['classic', 'K_boot', ['3 protected', '4 protected']],
    ['classic', 'K_tmp2', ['5 carried', '6 protected']],
    ['classic', 'K_sess', ['6 carried', '7 protected', '8 protected']],
    ['modern', 'K_tmp1', ['1 carried', '1 protected', '2 protected']],
    ['modern', 'K_hs', ['4 protected', '5 protected']],
    ['modern', 'K_tmp2', ['5 carried', '6 derived']],
    ['modern', 'K_6', ['6 protected']],
    ['modern', 'K_sess', ['6 carried', '7 derived', '8 derived']],
    ['modern', 'K_c2s', ['7 protected']],
    ['modern', 'K_s2c', ['8 protected']],
  ] as const)('%s: %s', async (suite, symbol, expected) => {
    const { uses } = facts(symbol, undefined, suite, await entriesOf(suite))
    expect(uses.map(({ step, how }) => `${step} ${how}`)).toEqual(expected)
  })

  it('are told in sentences that name member, key and algorithm', async () => {
    const { uses } = facts('K_sess', undefined, 'classic', await entriesOf('classic'))
    expect(uses[0]).toMatchObject({ entry: 'entry 6', role: 'server', direction: 'sent' })
    expect(uses[0]?.text).toMatch(/^Step 6 \(.+\), sent, carried it as k_sess, under K_tmp2\.$/)
    expect(uses[1]?.text).toMatch(/^Step 7 \(.+\), sent, was protected by it \(DES-CBC.*\)\.$/)
  })

  it('cover every symmetric key of each suite', async () => {
    for (const suite of SUITE_NAMES) {
      const entries = await entriesOf(suite)
      const used = symmetric.filter((symbol) => facts(symbol, undefined, suite, entries).uses.length > 0)
      expect(used.length).toBe(suite === 'classic' ? 4 : 7)
    }
  })
})
