/** What the workshop shows of verdicts and plans: signs, words, the line that tells why, searches; and choices that lose nothing. */
import { describe, expect, it } from 'vitest'
import { RECIPES } from '#shared/workshop/recipes'
import { keyChoice, keyOfChoice } from '../../../renderer/workshop/choices'
import { faceOf, findRecipes, gist } from '../../../renderer/workshop/faces'

const expired = RECIPES.find(({ id }) => id === 'expired')!

describe('a cell', () => {
  it('shows what is predicted until somebody has judged', () => {
    expect(faceOf(expired, 'web-profile', 'OpenSSL', undefined)).toEqual({
      ...{ outcome: 'refused', sign: '✗', state: 'foretold' },
      words: 'predicted: refuses: Dates',
    })
  })

  it('says so when it came as predicted, and both when it came otherwise', () => {
    const refused = { outcome: 'refused', said: '', check: 'dates' } as const
    expect(faceOf(expired, 'web-profile', 'OpenSSL', refused)).toMatchObject({
      ...{ state: 'as_foretold', words: 'refuses: Dates, as predicted' },
    })
    expect(faceOf(expired, 'curl', 'OpenSSL', { outcome: 'accepted', said: '' })).toMatchObject({
      ...{ state: 'other', sign: '✓', words: 'accepts; predicted: refuses' },
    })
    // Refused, but by another check than the one that was predicted.
    expect(faceOf(expired, 'web-profile', 'OpenSSL', { ...refused, check: 'host_name' }).state).toBe('other')
  })
})

it('of many lines the one that tells why stands first', () => {
  const certtool = [
    ...['Loaded CAs (1 available)', '  Output: Verified. The certificate is trusted.', ''],
    '  Output: Not verified. The certificate is NOT trusted. The certificate chain uses expired certificate.',
  ].join('\n')
  expect(gist({ outcome: 'refused', said: certtool })).toContain('uses expired certificate')
  expect(
    gist({ outcome: 'refused', said: 'O = Lab\nerror 10 at 0 depth lookup: expired\nerror leaf.pem' }),
  ).toBe('error 10 at 0 depth lookup: expired')
  expect(gist({ outcome: 'accepted', said: 'Note that errors\nleaf.pem: OK' })).toBe('leaf.pem: OK')
  const curl = [
    'curl: (60) SSL: no alternative certificate subject name matches target host name',
    ...['More details here: https://curl.se/docs/sslcerts.html', ''],
    'curl failed to verify the legitimacy of the server and therefore could not',
  ]
  expect(gist({ outcome: 'refused', said: curl.join('\n') })).toBe(curl[0])
  expect(gist({ outcome: 'refused', said: curl.toReversed().join('\n') })).toBe(curl[0])
  expect(gist({ outcome: 'refused', said: '\n  Something else' })).toBe('Something else')
  expect(gist({ outcome: 'undecided', said: '' })).toBe('')
})

it('a search finds all words in whatever is said of a recipe', () => {
  expect(findRecipes('  ', RECIPES)).toHaveLength(RECIPES.length)
  expect(findRecipes('WILDCARD labels', RECIPES).map(({ id }) => id)).toContain('wildcard-two-labels')
  expect(findRecipes('5280 4.1.2.5.1', RECIPES).length).toBeGreaterThan(2)
  expect(findRecipes('no such words', RECIPES)).toEqual([])
})

it('every key of every recipe is one of the choices, and the same again', () => {
  for (const { chain } of RECIPES)
    for (const { key } of chain.certificates) expect(keyOfChoice(keyChoice(key))).toEqual(key)
})
