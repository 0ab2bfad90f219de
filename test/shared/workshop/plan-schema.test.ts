/** Plans from outside: those of all recipes pass, what can't be made is refused in words, and whatever passes is made. */
import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { nativeCrypto } from '#main/workshop/native-crypto'
import { isForeseen } from '#shared/errors'
import { KEY_USAGES, type CertificatePlan, type ChainPlan } from '#shared/workshop/chain'
import { makeChain } from '#shared/workshop/make'
import { changed, leaf, PLAIN } from '#shared/workshop/plain'
import { chainPlanSchema, MOST_CERTIFICATES } from '#shared/workshop/plan-schema'
import { PURPOSE_NAMES } from '#shared/workshop/purposes'
import { RECIPES } from '#shared/workshop/recipes'

const problemOf = (plan: unknown): string | undefined =>
  v.safeParse(chainPlanSchema, plan).issues?.[0].message

it.each(RECIPES.map(({ id, chain }) => [id, chain] as const))('%s passes as it is', (_, chain) => {
  expect(v.parse(chainPlanSchema, structuredClone(chain))).toEqual(chain)
})

describe('is refused, and says why:', () => {
  const { certificates } = PLAIN
  const rsa = { kind: 'RSA', bits: 2048 } as const
  const key = { kind: 'RSA', bits: 4096 } as const
  const long = Array.from({ length: 5 }, (_, at) => ({
    ...(certificates[at] ?? certificates[0]),
    id: ['root', 'intermediate', 'leaf'][at] ?? `c-${at}`,
    key,
  }))
  const names = Array.from({ length: 60 }, () => ({ kind: 'DNS', value: 'a'.repeat(490) }))
  const wordy = certificates.map((each) => ({
    ...each,
    extensions: Array.from({ length: 4 }, () => ({ kind: 'subjectAltName', names })),
  }))
  const many = Array.from({ length: MOST_CERTIFICATES + 1 }, (_, at) => ({
    ...certificates[0],
    id: `c-${at}`,
  }))
  it.each<readonly [string, unknown, RegExp]>([
    ['no plan', undefined, /./],
    ['no certificate', { ...PLAIN, certificates: [] }, /length/],
    ['more certificates than bounded', { ...PLAIN, certificates: many }, /at most 10/],
    ['a certificate twice', { ...PLAIN, certificates: [...certificates, certificates[0]] }, /one name/],
    ['a server that is not there', { ...PLAIN, leaf: 'nobody' }, /no certificate “nobody”/],
    ['an issuer that is not there', leaf({ issuer: 'nobody' }), /no certificate “nobody”/],
    ['a list of who is not there', { ...PLAIN, lists: [listOf('nobody')] }, /no certificate “nobody”/],
    ['a key of a circle', leaf({ key: { kind: 'of', id: 'leaf' } }), /that of nobody/],
    ['PSS by a key on a curve', leaf({ signature: { hash: 'SHA-256', scheme: 'PSS' } }), /PSS/],
    [
      'PSS with more than fits',
      changed(
        'intermediate',
        { key: { kind: 'RSA', bits: 1024 } },
        leaf({ signature: { hash: 'SHA-512', scheme: 'PSS' } }),
      ),
      /too short/,
    ],
    ['ECDSA with MD5', leaf({ signature: { hash: 'MD5' } }), /MD5/],
    ['ECDSA with MD5 outside', leaf({ signature: { hash: 'SHA-256', outside: 'MD5' } }), /MD5/],
    [
      'an RSA fault of a curve',
      leaf({ key: { kind: 'EC', curve: 'P-256', fault: 'exponent 1' } }),
      /kind RSA/,
    ],
    ['a curve’s fault of RSA', leaf({ key: { ...rsa, fault: 'point off the curve' } }), /kind EC/],
    [
      'an issuer with exponent 1',
      changed('intermediate', { key: { ...rsa, fault: 'exponent 1' } }),
      /nobody signs/,
    ],
    ['more long keys than bounded', { ...PLAIN, certificates: long }, /2048 bits/],
    ['usages again and again', usages(9), /length/],
    ['more than a person would say', { ...PLAIN, certificates: wordy }, /too much/],
    ['a key of any length', leaf({ key: { kind: 'RSA', bits: 16_384 } }), /./],
    [
      'RSA that is not DER',
      changed('intermediate', { key: rsa }, leaf({ signature: { hash: 'SHA-256', fault: 'not DER' } })),
      /ECDSA/,
    ],
    ['an address that is none', san({ kind: 'IP', value: '1.2.3' }), /IP address/],
    ['a value that is no hex', raw('1.2.3', '0'), /hex/],
    ['an identifier that is none', raw('3.50.1', '0500'), /object identifier|Invalid/],
    ['a host that a program may take for an address', { ...PLAIN, host: '2130706434' }, /host name/],
    ['the same with dots', { ...PLAIN, host: '127.2' }, /host name/],
    ['the same in hex', { ...PLAIN, host: '0x7f000002' }, /host name/],
    ['the same in octal', { ...PLAIN, host: '0177.1' }, /host name/],
    ['an IPv6 address', { ...PLAIN, host: '::1' }, /host name/],
    ['a host with an empty label', { ...PLAIN, host: 'a..b' }, /host name/],
    ['a host that is an option', { ...PLAIN, host: '--config' }, /host name/],
    ['a host with a path', { ...PLAIN, host: 'a/../b' }, /host name/],
    ['a host of two words', { ...PLAIN, host: 'a b' }, /host name/],
    ['a year of no calendar', leaf({ notAfter: { at: { year: 12_000 } } }), /./],
    ['days without end', leaf({ notAfter: { at: { days: Number.POSITIVE_INFINITY } } }), /./],
    ['days that are no number', leaf({ notAfter: { at: { days: Number.NaN } } }), /./],
  ])('%s', (_, plan, why) => {
    expect(problemOf(plan)).toMatch(why)
  })

  function listOf(issuer: string): unknown {
    const at = { at: { days: 0 } }
    return { issuer, revoked: [], thisUpdate: at, nextUpdate: at }
  }
  function san(name: unknown): unknown {
    return leaf({ put: [{ kind: 'subjectAltName', names: [name] } as never] })
  }
  function usages(count: number): unknown {
    return leaf({
      put: [{ kind: 'keyUsage', usages: Array.from({ length: count }, () => 'keyCertSign' as const) }],
    })
  }
  function raw(name: string, value: string): unknown {
    return leaf({ add: [{ kind: 'raw', name, value }] })
  }
})

it('whatever passes is made', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 })
  const part = fc.record(
    {
      type: fc.constantFrom('commonName', 'organizationName', 'countryName', 'emailAddress'),
      text,
      as: fc.constantFrom('PrintableString', 'IA5String'),
    },
    { requiredKeys: ['type', 'text'] },
  )
  const name = fc.oneof(
    fc.record({ kind: fc.constantFrom('DNS', 'URI', 'email'), value: text }),
    fc.record(
      { kind: fc.constant('IP'), value: fc.ipV4(), mask: fc.ipV4() },
      { requiredKeys: ['kind', 'value'] },
    ),
    fc.record({ kind: fc.constant('directory'), value: fc.array(part, { maxLength: 3 }) }),
  )
  const names = fc.array(name, { maxLength: 4 })
  const critical = fc.boolean()
  const extension = fc.oneof(
    fc.record(
      {
        kind: fc.constant('basicConstraints'),
        critical,
        authority: fc.boolean(),
        pathLength: fc.integer({ min: -128, max: 127 }),
      },
      { requiredKeys: ['kind', 'authority'] },
    ),
    fc.record({ kind: fc.constant('keyUsage'), usages: fc.subarray([...KEY_USAGES]) }),
    fc.record({ kind: fc.constant('extKeyUsage'), purposes: fc.subarray([...PURPOSE_NAMES]) }),
    fc.record({ kind: fc.constant('subjectAltName'), names }),
    fc.record({ kind: fc.constantFrom('subjectKeyIdentifier', 'authorityKeyIdentifier') }),
    fc.record(
      { kind: fc.constant('nameConstraints'), permitted: names, excluded: names },
      { requiredKeys: ['kind'] },
    ),
    fc.record({
      kind: fc.constant('raw'),
      name: fc.constantFrom('1.2.3.4.5', '2.999.1', 'keyUsage', '0.39.0'),
      value: fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString('hex')),
    }),
  )
  const time = fc.record(
    {
      at: fc.oneof(
        fc.record({ days: fc.double({ min: -27_000, max: 2_900_000, noNaN: true }) }),
        fc.record({ year: fc.integer({ min: 1950, max: 9999 }) }),
      ),
      as: fc.constantFrom(
        'UTCTime',
        'GeneralizedTime',
        'fraction of a second',
        'no zone',
        'no seconds',
        'offset',
      ),
    },
    { requiredKeys: ['at'] },
  )
  const key = fc.oneof(
    fc.constantFrom({ kind: 'Ed25519' }, { kind: 'EC', curve: 'P-256' }, { kind: 'of', id: 'root' }),
    fc.constantFrom(
      { kind: 'EC', curve: 'P-384', fault: 'point off the curve' },
      { kind: 'RSA', bits: 1024, fault: 'even modulus' },
      { kind: 'RSA', bits: 1024, fault: 'exponent 1' },
      { kind: 'RSA', bits: 1024 },
    ),
  )
  const signature = fc.record(
    {
      hash: fc.constantFrom('MD5', 'SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'),
      scheme: fc.constant('PSS'),
      outside: fc.constantFrom('SHA-1', 'SHA-256'),
      parameters: fc.constantFrom('left out', 'NULL', 'salt of 20 bytes'),
      fault: fc.constantFrom('a bit flipped', 'not DER', 'empty'),
    },
    { requiredKeys: ['hash'] },
  )
  const certificate = (id: string, issuer: string): fc.Arbitrary<unknown> =>
    fc.record(
      {
        id: fc.constant(id),
        issuer: fc.constant(issuer),
        issuerName: fc.array(part, { maxLength: 3 }),
        version: fc.integer({ min: 1, max: 4 }),
        serial: fc.constantFrom('fresh', 'zero', 'negative', '33 bytes', 'redundant zeros'),
        subject: fc.array(part, { maxLength: 8 }),
        notBefore: time,
        notAfter: time,
        key:
          id === 'root' ? fc.constantFrom({ kind: 'EC', curve: 'P-256' }, { kind: 'RSA', bits: 1024 }) : key,
        signature,
        extensions: fc.array(extension, { maxLength: 6 }),
        fault: fc.constantFrom('a byte behind', 'length too long'),
      },
      {
        requiredKeys: [
          ...(['id', 'issuer', 'version', 'serial', 'subject', 'notBefore', 'notAfter', 'key'] as const),
          ...(['signature', 'extensions'] as const),
        ],
      },
    )
  const plan = fc.record({
    certificates: fc.tuple(certificate('root', 'root'), certificate('leaf', 'root')),
    leaf: fc.constant('leaf'),
    sent: fc.constantFrom([], ['root']),
    anchors: fc.constant(['root']),
    lists: fc.constant([]),
    host: fc.constant('localhost'),
  })
  let made = 0
  await fc.assert(
    fc.asyncProperty(plan, async (one) => {
      const { success, output } = v.safeParse(chainPlanSchema, one)
      if (!success) return
      await makeChain(output as ChainPlan, nativeCrypto(), Date.now()).catch((error: unknown) => {
        throw isForeseen(error) ? new Error(`It passed, and was refused: ${(error as Error).message}`) : error
      })
      made++
    }),
    { numRuns: 400, seed: 8 },
  )
  expect(made).toBeGreaterThan(40)
}, 60_000)

it.each(['localhost', 'my.test', '127.0.0.1', 'a_b.test', 'x', '1.test', '0xg.test'])(
  '%s is a host',
  (host) => {
    expect(problemOf({ ...PLAIN, host })).toBeUndefined()
  },
)

it('a plan of the schema is one of the type', () => {
  const parsed: ChainPlan = v.parse(chainPlanSchema, PLAIN)
  const first: CertificatePlan | undefined = parsed.certificates[0]
  expect(first).toEqual(PLAIN.certificates[0])
})
