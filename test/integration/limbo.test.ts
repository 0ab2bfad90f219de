/**
 * x509-limbo's cases with the profile *Web*: each is judged as its file says, but for those that are listed with a reason
 * (test/vectors/limbo/exceptions.json). docs/verdicts.md has the numbers; `UPDATE_DOCS=1` writes them anew.
 */
import { expect, it } from 'vitest'
import { judgeCertificate } from '#shared/inspect/path'
import { PathMemory } from '#shared/inspect/path/memory'
import { readLimbo } from '../support/limbo'
import {
  asWord,
  heldOnPage,
  readExceptions,
  suiteSection,
  wrongIn,
  type JudgedCase,
} from '../support/verdict-page'

/** More would mean that the profile is another one. */
const MOST_EXCEPTIONS = 5

it('every case of a server’s chain is judged as x509-limbo has it, or listed with a reason', async () => {
  const { cases, others } = readLimbo()
  expect([cases.length, others]).toEqual([135, 0])
  const judged: JudgedCase[] = []
  for (const { id, leaf, context, more, isGood } of cases) {
    const { accepted, conclusion } = await judgeCertificate(leaf, context, 'server', new PathMemory(), more)
    const group = `\`${id.split('::').slice(0, -1).join('::')}::\``
    judged.push({ name: id, group, expected: asWord(isGood), actual: asWord(accepted), conclusion })
  }
  const exceptions = readExceptions('limbo/exceptions.json')
  expect(wrongIn(judged, exceptions)).toEqual([])
  expect(exceptions.length).toBeLessThanOrEqual(MOST_EXCEPTIONS)
  expect(exceptions.every(({ reason }) => reason.length > 40)).toBe(true)
  const { is, should } = heldOnPage('x509-limbo', suiteSection(judged, exceptions))
  expect(is).toBe(should)
})
