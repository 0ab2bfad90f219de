/**
 * NIST's PKITS, but for sections 4.8, 4.10 and 4.12, with the profile *OpenSSL strict* and its revocation lists: each path is judged as the suite says, but for those that are
 * listed with a reason (test/vectors/pkits/exceptions.json). A path counts as valid when it is accepted and lists say of every
 * certificate that it is not revoked. docs/verdicts.md has the numbers; `UPDATE_DOCS=1` writes them anew.
 */
import { expect, it } from 'vitest'
import { judgeCertificate } from '#shared/inspect/path'
import { PathMemory } from '#shared/inspect/path/memory'
import { readPkits } from '../support/pkits'
import {
  asWord,
  heldOnPage,
  readExceptions,
  suiteSection,
  wrongIn,
  type JudgedCase,
} from '../support/verdict-page'

/** More would mean that the verdict is another one. */
const MOST_EXCEPTIONS = 5
/** Those of test/vectors/pkits. Sections 4.8, 4.10 and 4.12 are not among them. */
const SECTIONS: Readonly<Record<string, string>> = {
  1: 'signatures',
  2: 'validity periods',
  3: 'names that follow one another',
  4: 'revocation lists',
  5: 'self-issued certificates',
  6: 'basic constraints',
  7: 'key usage',
  9: 'policies that are required',
  11: 'policy mappings inhibited',
  13: 'name constraints',
  14: 'distribution points',
  15: 'delta lists',
  16: 'other extensions',
}

it('every path is judged as PKITS has it, or listed with a reason', async () => {
  const cases = readPkits()
  expect(cases.length).toBe(182)
  const judged: JudgedCase[] = []
  for (const { test, leaf, context, isGood } of cases) {
    const { accepted, conclusion, checks } = await judgeCertificate(
      leaf,
      context,
      'server',
      new PathMemory(),
      {
        judgesPolicies: true,
      },
    )
    const isCurrent = checks.find(({ id }) => id === 'revocation')?.result === 'ok'
    const section = test.split('.')[1] ?? ''
    judged.push({
      name: test,
      group: `4.${section} ${SECTIONS[section]}`,
      expected: asWord(isGood),
      actual: asWord(accepted && isCurrent),
      conclusion,
    })
  }
  const exceptions = readExceptions('pkits/exceptions.json')
  expect(wrongIn(judged, exceptions)).toEqual([])
  expect(exceptions.length).toBeLessThanOrEqual(MOST_EXCEPTIONS)
  const { is, should } = heldOnPage('PKITS', suiteSection(judged, exceptions))
  expect(is).toBe(should)
})
