/** What OpenSSL 3.0 refuses of two thousand chains with a fault or two, is not accepted here; and what it accepts, is. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodePem } from '#shared/crypto/encodings/pem'
import { judgeCertificate, refuses } from '#shared/inspect/path'
import type { PathCheckId, Verdict } from '#shared/inspect/path/verdict'
import { LabError } from '#shared/errors'
import { openssl } from '../support/open-ssl'
import { faultyChains, type FaultyChain } from '../support/path-faults'
import { CHAIN_NOW, type Chain } from '../support/path-faults/chain'
import { ATTACK_CLASSES, KNOWN_DIFFERENCES } from '../support/path-faults/differences'
import { FAULT_KINDS } from '../support/path-faults/fault'
import { MEANINGS } from '../support/path-meanings'
import { sample } from '../support/sample'

/** OpenSSL is another process for each chain: so many at once. */
const AT_ONCE = 4

/** Errors under which OpenSSL hides another one: an issuer that it can't use, a signature algorithm that it can't read. */
const ALSO: Readonly<Record<string, readonly PathCheckId[]>> = {
  'unable to get local issuer certificate': ['critical_extensions', 'signature'],
  'CA signature digest algorithm too weak': ['signature'],
}

interface Outcome extends FaultyChain {
  readonly openssl: { readonly ok: boolean; readonly output: string }
  /** Undefined when the leaf is no certificate at all. */
  readonly verdict: Verdict | undefined
}

const folder = mkdtempSync(join(tmpdir(), 'path-faults-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function judgeWithOpenssl(
  { root, between, leaf, host }: Chain,
  worker: number,
): ReturnType<typeof openssl> {
  const file = (name: string, text: string): string => {
    const path = join(folder, `${worker}-${name}.pem`)
    writeFileSync(path, text)
    return path
  }
  const asked = /^[\d.]+$|:/.test(host) ? ['-verify_ip', host] : ['-verify_hostname', host]
  return openssl([
    ...['verify', '-x509_strict', '-purpose', 'sslserver', '-auth_level', '2', '-no-CApath', '-no-CAstore'],
    ...['-attime', String(CHAIN_NOW / 1000), ...(host === '' ? [] : asked)],
    ...['-CAfile', file('root', root), '-untrusted', file('between', between), file('leaf', leaf)],
  ])
}

async function judgeHere({ root, between, leaf, host }: Chain): Promise<Verdict | undefined> {
  const [trustAnchors, intermediates] = [[root], [between]].map((pems) =>
    pems.map((pem) => decodePem('CERTIFICATE', pem)),
  )
  const context = { now: CHAIN_NOW, host, trustAnchors: trustAnchors!, intermediates: intermediates! }
  try {
    return await judgeCertificate(decodePem('CERTIFICATE', leaf), context)
  } catch (error) {
    if (error instanceof LabError && error.code === 'bad_certificate') return undefined
    throw error
  }
}

const all = faultyChains()
const isPair = ({ faults }: FaultyChain): boolean => faults.length > 1
/** One fault each, all of them; of the pairs a part. */
const tried = [
  ...all.filter((chain) => !isPair(chain)),
  ...sample('chains with two faults', all.filter(isPair), 5, ({ kinds }) => kinds.join()),
]
const outcomes: Outcome[] = []

beforeAll(async () => {
  const rest = tried.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, worker) => {
      for (const given of rest) {
        const chain = given.chain()
        outcomes.push({
          ...given,
          openssl: await judgeWithOpenssl(chain, worker),
          verdict: await judgeHere(chain),
        })
      }
    }),
  )
}, 600_000)

const isAccepted = ({ verdict }: Outcome): boolean => verdict?.accepted === true
const told = ({ name, verdict, openssl: other }: Outcome): string =>
  `${name}\n  here: ${verdict?.conclusion ?? 'no certificate'}\n  OpenSSL: ${other.output.split('\n')[1] ?? ''}`
const isKnown = ({ faults }: Outcome, here: 'accepted' | 'refused'): boolean =>
  KNOWN_DIFFERENCES.some(
    (difference) => difference.here === here && faults.some((fault) => difference.faults.test(fault)),
  )

describe('chains with faults, beside openssl verify -x509_strict -purpose sslserver -auth_level 2', () => {
  it('are more than six hundred of all kinds, and the good one is accepted by both', () => {
    expect(outcomes.length).toBeGreaterThan(600)
    expect(new Set(outcomes.map(({ name }) => name)).size).toBe(outcomes.length)
    for (const kind of FAULT_KINDS)
      expect(outcomes.filter(({ kinds }) => kinds.includes(kind)).length, kind).toBeGreaterThan(30)
    const good = outcomes.find(({ faults }) => faults.length === 0)
    expect([good?.openssl.ok, good?.verdict?.accepted]).toEqual([true, true])
    const accepted = outcomes.filter(isAccepted).length
    console.info(
      `Chains with faults: ${outcomes.length}, ${accepted} accepted here, ${outcomes.filter(({ openssl: other }) => other.ok).length} by OpenSSL`,
    )
    expect(accepted).toBeGreaterThan(250)
  })

  it('are never accepted where OpenSSL refuses to load or verify, but for what record 0014 names', () => {
    const lenient = outcomes.filter((outcome) => isAccepted(outcome) && !outcome.openssl.ok)
    expect(lenient.filter((outcome) => !isKnown(outcome, 'accepted')).map(told)).toEqual([])
  })

  it('are accepted where OpenSSL accepts them, but for what record 0014 names', () => {
    const strict = outcomes.filter((outcome) => !isAccepted(outcome) && outcome.openssl.ok)
    expect(strict.filter((outcome) => !isKnown(outcome, 'refused')).map(told)).toEqual([])
  })

  it('are refused by a check that says what OpenSSL says', () => {
    const silent = outcomes.filter(({ verdict, faults, openssl: other }) => {
      if (!verdict || other.ok || faults.length !== 1 || verdict.accepted) return false
      const errors = [...other.output.matchAll(/^error \d+ at \d+ depth lookup: ?(.+)$/gm)]
      const ids = errors.flatMap(([, text]) => [...(MEANINGS[text!] ?? []), ...(ALSO[text!] ?? [])])
      const refusing = verdict.checks.filter(refuses).map(({ id }) => id)
      return errors.length > 0 && !ids.some((id) => refusing.includes(id))
    })
    const list = silent.map((outcome) => `${told(outcome)}\n  ${outcome.openssl.output}`)
    expect(list).toEqual([])
  })

  it('differ in nothing that no longer differs', () => {
    const idle = KNOWN_DIFFERENCES.filter(
      ({ here, faults }) =>
        !outcomes.some(
          (outcome) =>
            outcome.faults.length === 1 &&
            isAccepted(outcome) === (here === 'accepted') &&
            outcome.openssl.ok === (here === 'refused') &&
            faults.test(outcome.faults[0]!),
        ),
    )
    expect(idle).toEqual([])
  })
})

describe('record 0014', () => {
  const record = readFileSync(
    join(import.meta.dirname, '../../docs/decisions/0014-verdict-on-a-path.md'),
    'utf8',
  )

  it('has a row for every difference', () => {
    for (const { row } of KNOWN_DIFFERENCES) expect(record).toContain(`| ${row} |`)
  })

  it('counts the chains of every class of attacks', () => {
    for (const { name, like, faults } of ATTACK_CLASSES) {
      const count = all.filter((chain) => chain.faults.some((fault) => faults.test(fault))).length
      expect(record).toContain(`| ${name} | ${like} | ${count} |`)
    }
  })
})
