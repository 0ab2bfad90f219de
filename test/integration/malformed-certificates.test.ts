/** What OpenSSL refuses of a malformed certificate, no receiver accepts: in both suites, in steps 2 and 4, nor does the inspector. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bytes } from '#shared/bytes'
import { signCertS } from '#shared/crypto/pki/cert-s'
import { decodePem } from '#shared/crypto/encodings/pem'
import { publicKeyFromSpki } from '#shared/crypto/primitives/rsa'
import { webCrypto } from '#shared/crypto/provider'
import { LabError } from '#shared/errors'
import { X509_CHECKS, type CheckId } from '#shared/hl1/check-table'
import { build } from '#shared/hl1/message'
import type { ServerState } from '#shared/hl1/state'
import { judgeCertificate } from '#shared/inspect/path'
import { fakeEnvironment, START } from '../support/environment'
import { judge, runHonestly, withMembers, type HonestRun } from '../support/handshake'
import { malformedCertificates, type Malformed } from '../support/malformed-certificates'
import { openssl } from '../support/open-ssl'

const STEPS = [2, 4] as const

const folder = mkdtempSync(join(tmpdir(), 'malformed-certificates-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** As a server’s certificate for this address, with the strictness that OpenSSL has, of itself and in TLS on Debian. */
async function acceptedByOpenssl(pem: string): Promise<boolean> {
  const file = join(folder, 'leaf.pem')
  writeFileSync(file, pem)
  const { ok } = await openssl([
    ...['verify', '-x509_strict', '-purpose', 'sslserver', '-auth_level', '2', '-verify_ip', '127.0.0.1'],
    ...['-no-CApath', '-no-CAstore', '-attime', String(START / 1000)],
    ...['-CAfile', join(folder, 'authority.pem'), file],
  ])
  return ok
}

/** Step 4 from a server that has this certificate, and in suite classic a `cert_s` for the same key. */
async function shown({ moments, authority }: HonestRun, { pem, spki }: Malformed): Promise<Bytes> {
  const builder = moments[4].builder as ServerState
  const { credentials } = builder
  const publicKey = spki ? publicKeyFromSpki(spki) : credentials.publicKey
  const parts = { idS: credentials.identity, idCa: authority.identity, pkS: publicKey.pem }
  const certS = await signCertS(authority.keyPair.privateKey, parts, webCrypto)
  const certificate = { ...credentials.certificate, pem }
  const state = { ...builder, credentials: { ...credentials, publicKey, certS, certificate } }
  return (await build(4, state, {}, moments[4].environment)).frame
}

/** Whether a receiver finds nothing wrong with the certificate; that it belongs to the rest of the message is another matter. */
async function acceptedBy(run: HonestRun, step: 2 | 4, malformed: Malformed): Promise<boolean> {
  const moment = run.moments[step]
  const frame =
    step === 2 ? await withMembers(moment, { x509_s: malformed.pem }) : await shown(run, malformed)
  const { code, record } = await judge(moment, frame)
  expect(['accepted', 'bad_certificate'], malformed.name).toContain(code)
  const passed = record.checks.filter(({ result }) => result === 'passed').map(({ id }) => id)
  return X509_CHECKS.every((id: CheckId) => passed.includes(id))
}

async function acceptedByInspector(run: HonestRun, pem: string): Promise<boolean> {
  const anchor = run.authority.certificate.der
  const context = { now: START, host: '127.0.0.1', trustAnchors: [anchor], intermediates: [] }
  try {
    return (await judgeCertificate(decodePem('CERTIFICATE', pem), context)).accepted
  } catch (error) {
    if (error instanceof LabError && error.code === 'bad_certificate') return false
    throw error
  }
}

interface Outcome {
  readonly name: string
  readonly openssl: boolean
  readonly inspector: boolean
  /** By receiver. */
  readonly wire: Readonly<Record<string, boolean>>
}

const outcomes: Outcome[] = []
const good: Outcome[] = []
beforeAll(async () => {
  const classic = await runHonestly(fakeEnvironment(), { suite: 'classic' })
  const modern = await runHonestly(fakeEnvironment(), { suite: 'modern' })
  const { authority, server } = classic
  writeFileSync(join(folder, 'authority.pem'), authority.certificate.pem)
  // One authority for both: its certificate differs from run to run by its serial number alone.
  const trusting = <M extends object>(moment: M & { readonly acceptor: object }): M => ({
    ...moment,
    acceptor: { ...moment.acceptor, trustAnchor: authority.certificate },
  })
  const runs = {
    classic,
    modern: {
      ...modern,
      moments: { ...modern.moments, 2: trusting(modern.moments[2]), 4: trusting(modern.moments[4]) },
    },
  }
  const judgeAll = async (malformed: Malformed): Promise<Outcome> => {
    const wire: Record<string, boolean> = {}
    for (const suite of ['classic', 'modern'] as const)
      for (const step of STEPS) wire[`${suite} ${step}`] = await acceptedBy(runs[suite], step, malformed)
    return {
      name: malformed.name,
      openssl: await acceptedByOpenssl(malformed.pem),
      inspector: await acceptedByInspector(classic, malformed.pem),
      wire,
    }
  }
  const made = malformedCertificates(authority, server.publicKey.spki, START)
  good.push(await judgeAll({ name: 'good', pem: made.good }))
  for (const malformed of made.malformed) outcomes.push(await judgeAll(malformed))
}, 300_000)

/** The profile of protocol.md sections 2 and 7 refuses these, which are well formed: a server of others may have them. */
const PROFILE = [
  'keyUsage: is missing',
  'basic: is missing',
  'eku: is missing',
  'basicConstraints: says TRUE',
  'critical flag of an policies extension: ff',
  'extensions: address blocks',
  'key: with exponent 3',
  'key: with parameters missing',
  'key: with a negative exponent',
  'key: with a negative modulus',
  'key: for RSASSA-PSS alone',
  'key: on a curve',
  'names: an issuer of another string type',
  'names: an issuer in small letters',
  'names: two common names',
  'names: a NUL in the common name',
  'names: a NUL at the end of the common name',
]
/** The certificate of section 2 has it; section 7 asks for none, nor does OpenSSL without `-x509_strict`. */
const NOT_ASKED_FOR = ['akid: is missing']

const namesOf = (list: readonly Outcome[]): readonly string[] => list.map(({ name }) => name)
const acceptedOnWire = ({ wire }: Outcome): boolean => Object.values(wire).some(Boolean)

describe('malformed certificates, signed by the authority’s real key', () => {
  it('are many, and a good one is accepted by everybody', () => {
    expect(outcomes.length).toBeGreaterThan(300)
    expect(new Set(namesOf(outcomes)).size).toBe(outcomes.length)
    expect(outcomes.filter((outcome) => !outcome.openssl).length).toBeGreaterThan(200)
    expect(good).toMatchObject([{ openssl: true, inspector: true }])
    expect(Object.values(good[0]!.wire)).toEqual([true, true, true, true])
  })

  it('are never accepted by a receiver where OpenSSL refuses them', () => {
    const lenient = outcomes.filter((outcome) => acceptedOnWire(outcome) && !outcome.openssl)
    expect(namesOf(lenient)).toEqual(NOT_ASKED_FOR)
  })

  it('are judged alike in both suites and both steps', () => {
    const uneven = outcomes.filter(({ wire }) => new Set(Object.values(wire)).size > 1)
    expect(namesOf(uneven)).toEqual([])
  })

  it('are never accepted by the inspector where OpenSSL refuses them', () => {
    expect(namesOf(outcomes.filter(({ inspector, openssl: other }) => inspector && !other))).toEqual([])
  })

  it('are refused by the inspector where the wire refuses their form', () => {
    const more = outcomes.filter((outcome) => outcome.inspector && !acceptedOnWire(outcome))
    expect(namesOf(more).toSorted()).toEqual(PROFILE.toSorted())
  })
})
