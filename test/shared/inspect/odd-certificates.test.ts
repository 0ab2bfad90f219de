/** What is wrong with single values of a certificate is told, and counts: refused, or noted where everybody takes it. */
import { describe, expect, it } from 'vitest'
import type { Bytes } from '#shared/bytes'
import { decodePem } from '#shared/crypto/encodings/pem'
import { oidNamed } from '#shared/crypto/encodings/oids'
import { judgeCertificate } from '#shared/inspect/path'
import { summarise } from '#shared/inspect/summary'
import { readCertificate } from '#shared/inspect/x509/certificate'
import { readCertificationRequest } from '#shared/inspect/x509/request'
import { bits, context, extension, hex, integer, oid, sequence } from '../../support/der'
import { allFaults } from '../../support/path-faults'
import { CHAIN_HOST, CHAIN_NOW, goodChain, IDS, makeChain } from '../../support/path-faults/chain'

const faults = allFaults()
const der = (pem: string): Bytes => decodePem('CERTIFICATE', pem)

function spoilt(name: string): ReturnType<typeof makeChain> {
  const fault = faults.find((each) => each.name === name)
  if (!fault) throw new Error(`There is no fault ${name}.`)
  const plan = goodChain()
  fault.apply(plan)
  return makeChain(plan)
}

const contextOf = ({ root, between }: ReturnType<typeof makeChain>): Parameters<typeof summarise>[1] => ({
  now: CHAIN_NOW,
  host: CHAIN_HOST,
  trustAnchors: [der(root)],
  intermediates: [der(between)],
})

/** Taken by OpenSSL, and noted. */
const NOTED: Readonly<Record<string, RegExp>> = {
  'integers: a serial of zero': /serial number is zero/,
  'integers: a negative serial': /serial number is negative/,
  'integers: a serial of 21 bytes': /21 bytes; 20 are allowed/,
  'times: notBefore, GeneralizedTime before 2050': /notBefore is before 2050 and not written as UTCTime/,
  'times: notAfter, GeneralizedTime before 2050': /notAfter is before 2050 and not written as UTCTime/,
  'names: a country of three letters': /country of 3 letters/,
  'names: a country as UTF8String': /C as another type than PrintableString/,
  'names: a mail address as UTF8String': /emailAddress as another type than IA5String/,
  'names: a domain component as UTF8String': /DC as another type than IA5String/,
  'names: a common name of 65 characters': /65 characters of CN; 64 are allowed/,
  'strings: organisation, an empty UTF8String': /has an empty O/,
  'keys: authority’s P-256 with a NULL beside its signature': /has parameters, and should have none/,
  'keys: authority’s Ed25519 with a NULL beside its signature': /has parameters, and should have none/,
}

describe('what RFC 5280 does not allow and OpenSSL takes is a note', () => {
  it.each(Object.entries(NOTED))('%s', async (name, sentence) => {
    const chain = spoilt(name)
    const certificate = readCertificate(der(chain.leaf))
    expect(certificate.problems.join(' ')).toMatch(sentence)
    const verdict = await judgeCertificate(der(chain.leaf), contextOf(chain))
    expect(verdict.accepted, verdict.conclusion).toBe(true)
    const form = verdict.checks.find(({ id }) => id === 'form')
    expect(form).toMatchObject({ result: 'warning', reason: expect.stringMatching(sentence) })
  })

  it('and a good one has none', async () => {
    const chain = makeChain(goodChain())
    expect(readCertificate(der(chain.leaf))).toMatchObject({
      problems: [],
      oddities: [],
      datesFault: undefined,
    })
    const verdict = await judgeCertificate(der(chain.leaf), contextOf(chain))
    expect(verdict.checks.filter(({ result }) => result === 'warning' || result === 'failed')).toEqual([])
  })
})

it.each([
  ['hosts: an address of three bytes', /an address of 3 bytes/],
  ['hosts: a name with a NUL inside', /a character that no DNS has/],
  ['hosts: an empty name', /an empty name of the kind DNS/],
  ['hosts: a name of one space', /a character that no DNS has/],
  ['hosts: a name with two dots', /a name that is no host’s/],
  ['constraints: mail without a host', /a mail address that is none/],
])('a name that is none is a problem: %s', (name, sentence) => {
  expect(readCertificate(der(spoilt(name).leaf)).problems.join(' ')).toMatch(sentence)
})

it('every date of a wrong form is told, and refuses', async () => {
  const wrong = faults.filter(
    ({ name }) => /^times: notAfter, \w+ with /.test(name) && !/leap year/.test(name),
  )
  expect(wrong.length).toBeGreaterThan(45)
  for (const { name } of wrong) {
    if (name.includes('(')) continue
    const chain = spoilt(name)
    const verdict = await judgeCertificate(der(chain.leaf), contextOf(chain))
    expect(verdict.checks.find(({ id }) => id === 'dates')?.result, name).toBe('failed')
    expect(readCertificate(der(chain.leaf)).datesFault, name).toContain('notAfter')
  }
})

it('dates are shown in one way, with a fraction or without', async () => {
  const chain = spoilt('times: notAfter, GeneralizedTime with a fraction')
  const view = await summarise(
    { kind: 'certificate', id: 'a', title: 'A', source: 's', der: der(chain.leaf) },
    contextOf(chain),
  )
  const until = view.facts.find(({ title }) => title === 'Valid until')
  expect(until?.text).toBe('2026-01-01 00:00:00 UTC')
  expect(view.soundness).toBe('unsound')
})

it('a certificate with a key of an unknown kind is open, and unsound only for other reasons', async () => {
  const open = spoilt('keys: ML-DSA-65')
  const summarised = (chain: typeof open, host = CHAIN_HOST): ReturnType<typeof summarise> =>
    summarise(
      { kind: 'certificate', id: 'a', title: 'A', source: 's', der: der(chain.leaf) },
      { ...contextOf(chain), host },
    )
  const view = await summarised(open)
  expect(view.soundness).toBe('open')
  expect(view.conclusion).toMatch(/^It can’t be judged here\..*FIPS 204/)
  expect(view.weakSpots).toEqual([])
  expect(view.verdict?.accepted).toBe(false)
  const other = await summarised(open, 'other.example')
  expect(other.soundness).toBe('unsound')
  expect(other.conclusion).toMatch(/^Not to be relied on\. .*Its key can’t be judged here\. .*FIPS 204/)
})

it('a chain whose authority signs in a way that can’t be judged is open', async () => {
  const chain = spoilt('keys: authority’s ML-DSA-65')
  const view = await summarise(
    { kind: 'certificate', id: 'a', title: 'A', source: 's', der: der(chain.leaf) },
    contextOf(chain),
  )
  expect(view.soundness).toBe('open')
  expect(view.verdict?.path.map(({ role }) => role)).toEqual(['leaf', 'intermediate', 'anchor'])
  expect(view.conclusion).toMatch(/^It can’t be judged here\./)
})

it('one alternative name that can’t be read does not hide what is wrong with the others', () => {
  const plan = goodChain()
  const names = ['871203', '8203610062', '8200', '8204c3bc2e61'].map((name) =>
    hex(name.replace('8712', '87037f00')),
  )
  plan.leaf.extensions.set('names', extension(IDS.names, sequence(...names)))
  const { problems } = readCertificate(der(makeChain(plan).leaf))
  expect(problems.join(' ')).toMatch(/can’t be used.*address of 3 bytes.*no DNS has.*empty name/)
})

it('a request that is not DER is unsound', async () => {
  const key = goodChain().leaf.spki
  const request = (serial: Bytes): Bytes =>
    sequence(
      sequence(serial, sequence(), key, context(0, true)),
      sequence(oid(oidNamed('sha256WithRSAEncryption')), Uint8Array.of(5, 0)),
      bits(new Uint8Array(256)),
    )
  expect(readCertificationRequest(request(integer('00'))).notDer).toBeUndefined()
  const padded = request(integer('0000'))
  expect(readCertificationRequest(padded).problems.join(' ')).toMatch(/not DER/)
  const view = await summarise(
    { kind: 'request', id: 'a', title: 'A', source: 's', der: padded },
    { now: 0, trustAnchors: [], intermediates: [], host: '' },
  )
  expect(view.soundness).toBe('unsound')
  expect(view.conclusion).toMatch(/not DER/)
})
