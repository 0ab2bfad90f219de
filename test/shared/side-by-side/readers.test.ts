import { beforeAll, describe, expect, it } from 'vitest'
import { STEP_NUMBERS, type StepNumber } from '#shared/hl1/steps'
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'
import { readersOf, type Reading } from '#shared/side-by-side/readers'
import { measureHonestRun } from '../../support/measured'

type Readers = ReturnType<typeof readersOf>
const readers = {} as Record<SuiteName, Readers>
const entries = {} as Record<SuiteName, Parameters<typeof readersOf>[1]>

beforeAll(async () => {
  for (const suite of SUITE_NAMES) {
    const { run } = await measureHonestRun(suite)
    entries[suite] = run.messages.map(({ entry }) => entry)
    readers[suite] = readersOf(suite, entries[suite])
  }
})

/** A reading in one line. */
const line = ({ symbols, keys, by, roles, listeners }: Reading): string =>
  [
    symbols.join(' '),
    keys.join(' and ') || 'no key',
    by === 'holders' ? roles.join(' ') : by,
    ...(by === 'holders' && listeners.length > 0 ? [`${listeners.join(' ')} by listening`] : []),
  ].join(' | ')

describe('who can read', () => {
  const of = (suite: SuiteName, step: StepNumber): readonly string[] => readers[suite][step].map(line)

  it('suite classic: from step 5 on the authority too, by the key that it made', () => {
    expect(STEP_NUMBERS.map((step) => of('classic', step))).toEqual([
      ['K_tmp1 ID_S TS1 | SK_CA | authority'],
      ['PK_S SK_S Cert_S X509_S ID_S TS2 | K_tmp1 | authority server'],
      ['ID_C ID_S TS3 | K_boot | program'],
      ['PK_S Cert_S X509_S TS4 | K_boot | program'],
      ['K_tmp2 ID_C IP_C Port_C TS5 | SK_S | authority server | authority by listening'],
      ['K_sess Lifetime_sess ID_C TS6 | K_tmp2 | authority server client | authority by listening'],
      ['Req TS7 | K_sess | authority server client | authority by listening'],
      ['Data TS8 | K_sess | authority server client | authority by listening'],
    ])
  })

  it('suite modern: nobody but the two ends, and what is in clear', () => {
    expect(STEP_NUMBERS.map((step) => of('modern', step))).toEqual([
      ['K_tmp1 ID_S TS1 | SK_CA | authority', 'CSR_S Nonce_S | K_tmp1 | authority server'],
      ['X509_S ID_S Nonce_S TS2 | K_tmp1 | authority server'],
      ['ID_S TS3 Nonce_C Share_C | no key | anyone'],
      ['Share_S | no key | anyone', 'X509_S TS4 Nonce_S Proof | K_hs | server client'],
      ['K_tmp2 ID_C IP_C Port_C TS5 | K_hs and SK_S | server'],
      ['K_sess Lifetime_sess ID_C TS6 | K_6 | server client'],
      ['Seq | no key | anyone', 'Req TS7 | K_c2s | server client'],
      ['Seq | no key | anyone', 'Data TS8 | K_s2c | server client'],
    ])
  })

  it('comes from the run: without the record that shows the private key, the authority reads nothing of it', () => {
    const without = entries.classic.filter(({ role, step }) => role !== 'authority' || step !== 2)
    const { roles } = readersOf('classic', without)[5][0]!
    // It still opens step 1, and by listening step 2: that is how it comes to SK_S.
    expect(roles).toEqual(['authority', 'server'])
    const none = entries.classic.filter(({ role }) => role !== 'authority')
    expect(readersOf('classic', none)[5][0]!.roles).toEqual(['server'])
  })
})
