/** Chains as data, written: what each member of a plan becomes in the bytes, read by the strict reader where nothing is wrong. */
import { describe, expect, it } from 'vitest'
import { nativeCrypto } from '#main/workshop/native-crypto'
import { toHex } from '#shared/bytes'
import { requireDer } from '#shared/crypto/asn1/strict'
import { encodePem } from '#shared/crypto/encodings/pem'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { verifySignature } from '#shared/crypto/pki/verify'
import { readCertificate } from '#shared/inspect/x509/certificate'
import { readRevocationList } from '#shared/inspect/x509/revocation-list'
import type { ChainPlan, KeyKind, SerialPlan, TimePlan } from '#shared/workshop/chain'
import { makeChain, makeRoot } from '#shared/workshop/make'
import { changed, days, leaf, PLAIN } from '#shared/workshop/plain'
import { makeSerial, writeTime } from '#shared/workshop/values'

const NOW = Date.UTC(2026, 5, 15, 12, 30, 15)
const crypto = nativeCrypto()
const make = (plan: ChainPlan): ReturnType<typeof makeChain> => makeChain(plan, crypto, NOW)

const KINDS: readonly KeyKind[] = [
  { kind: 'RSA', bits: 1024 },
  { kind: 'RSA', bits: 2048, exponent: 3 },
  { kind: 'EC', curve: 'P-256' },
  { kind: 'EC', curve: 'P-384' },
  { kind: 'EC', curve: 'P-521' },
  { kind: 'Ed25519' },
]

describe('keys of every kind sign and are signed', () => {
  it.each(KINDS.map((kind) => [JSON.stringify(kind), kind] as const))('%s', async (_, kind) => {
    const plan = changed('intermediate', { key: kind }, leaf({ key: kind }))
    const { leaf: own, sent } = await make(plan)
    const [read, above] = [readCertificate(own.der), readCertificate(sent[0]!.der)]
    requireDer(own.der, 'Certificate')
    expect(read.problems).toEqual([])
    expect(read.publicKey.family).toBe(kind.kind)
    if (kind.kind === 'RSA') expect(read.publicKey.bits).toBe(kind.bits)
    if (kind.kind === 'EC') expect(read.publicKey.curve).toBe(kind.curve)
    const { signatureAlgorithm, signature, signedPart } = read
    const verified = await verifySignature(signatureAlgorithm, above.publicKey.spki, signature, signedPart)
    expect(verified.result).toBe('valid')
  })

  it.each(['SHA-256', 'SHA-384', 'SHA-512'] as const)('RSASSA-PSS with %s', async (hash) => {
    const rsa: KeyKind = { kind: 'RSA', bits: 2048 }
    const plan = changed('intermediate', { key: rsa }, leaf({ signature: { hash, scheme: 'PSS' } }))
    const { leaf: own, sent } = await make(plan)
    const { signatureAlgorithm, signature, signedPart } = readCertificate(own.der)
    const { spki } = readCertificate(sent[0]!.der).publicKey
    expect(signatureAlgorithm).toMatchObject({ name: 'id-RSASSA-PSS', hash })
    expect((await verifySignature(signatureAlgorithm, spki, signature, signedPart)).result).toBe('valid')
  })
})

it('a good chain with RSA keys is what the protocol’s own reader takes', async () => {
  const key: KeyKind = { kind: 'RSA', bits: 2048 }
  const plan = changed('root', { key }, changed('intermediate', { key }, leaf({ key })))
  const { certificates } = await make(plan)
  const [root, between, server] = certificates.map(({ der }) =>
    parseCertificate(encodePem('CERTIFICATE', der)),
  )
  expect(root).toMatchObject({ version: 3, basicConstraints: { authority: true } })
  expect(between!.issuer.text).toBe(root!.subject.text)
  expect(between!.authorityKeyIdentifier?.keyIdentifier).toEqual(root!.subjectKeyIdentifier)
  expect(between!.keyUsage).toEqual(['keyCertSign', 'cRLSign'])
  expect(server).toMatchObject({
    basicConstraints: { authority: false },
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['serverAuth'],
    notBefore: NOW - 10 * 86_400_000,
    notAfter: NOW + 90 * 86_400_000,
  })
  expect(server!.serial).toMatch(/^[4-7][0-9a-f]{31}$/)
})

it('alternative names of every kind', async () => {
  const { leaf: own } = await make(
    leaf({
      put: [
        {
          kind: 'subjectAltName',
          names: [
            { kind: 'DNS', value: 'www.lab.test' },
            { kind: 'IP', value: '2001:db8::1' },
            { kind: 'URI', value: 'https://lab.test/' },
            { kind: 'email', value: 'a@lab.test' },
            { kind: 'directory', value: [{ type: 'commonName', text: 'x' }] },
          ],
        },
      ],
    }),
  )
  const { standard, problems } = readCertificate(own.der)
  expect(problems).toEqual([])
  expect(standard.subjectAltName?.map(({ kind, value }) => `${kind} ${value}`)).toEqual([
    'DNS www.lab.test',
    'IP 2001:db8::1',
    'URI https://lab.test/',
    'email a@lab.test',
    'directoryName CN=x',
  ])
})

it('what is no address is refused before anything is made of it', async () => {
  const names = [{ kind: 'IP', value: 'lab.test' }] as const
  await expect(make(leaf({ put: [{ kind: 'subjectAltName', names }] }))).rejects.toMatchObject({
    code: 'bad_argument',
  })
})

it('a chain that names a certificate which it does not have is refused', async () => {
  await expect(make({ ...PLAIN, sent: ['nobody'] })).rejects.toMatchObject({ code: 'bad_argument' })
})

it('lists have the serial numbers of the certificates that they revoke', async () => {
  const revoked = [{ id: 'leaf', reason: 4 }]
  const list = { issuer: 'intermediate', revoked, thisUpdate: days(-1), nextUpdate: days(7) }
  const { lists, leaf: own } = await make({ ...PLAIN, lists: [list] })
  const read = readRevocationList(lists[0]!)
  expect(read).toMatchObject({ number: 1n, fault: undefined, nextUpdate: NOW + 7 * 86_400_000 })
  expect([...read.entries.values()].map(({ reason }) => reason)).toEqual(['superseded'])
  expect([...read.entries.keys()][0]).toContain(readCertificate(own.der).serial.toLowerCase())
})

it('a root that was made before takes its place, and signs what is below it', async () => {
  const root = await makeRoot(crypto, NOW)
  const { anchors, sent } = await makeChain(PLAIN, crypto, NOW, root)
  expect(anchors).toEqual([root])
  const { signatureAlgorithm, signature, signedPart } = readCertificate(sent[0]!.der)
  expect((await verifySignature(signatureAlgorithm, root.key.spki, signature, signedPart)).result).toBe(
    'valid',
  )
  const own = await makeChain(changed('root', { notAfter: days(-1) }), crypto, NOW, root)
  expect(own.anchors[0]).not.toBe(root)
})

describe('times (RFC 5280 section 4.1.2.5)', () => {
  const at: TimePlan['at'] = { days: 0 }
  it.each<readonly [string, TimePlan]>([
    ['170d3236303631353132333031355a', { at }],
    ['180f32303236303631353132333031355a', { at, as: 'GeneralizedTime' }],
    ['181132303236303631353132333031352e355a', { at, as: 'fraction of a second' }],
    ['170c323630363135313233303135', { at, as: 'no zone' }],
    ['170b323630363135313233305a', { at, as: 'no seconds' }],
    ['17113236303631353132333031352b30303030', { at, as: 'offset' }],
    ['170d3439303130313030303030305a', { at: { year: 2049 } }],
    ['180f32303530303130313030303030305a', { at: { year: 2050 } }],
    ['170d3532303130313030303030305a', { at: { year: 2052 }, as: 'UTCTime' }],
  ])('%s', (expected, plan) => {
    expect(toHex(writeTime(plan, NOW))).toBe(expected)
  })
})

describe('serial numbers (RFC 5280 section 4.1.2.2)', () => {
  const ones = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length).fill(0xff)
  it.each<readonly [SerialPlan, string]>([
    ['fresh', `7f${'ff'.repeat(15)}`],
    ['zero', '00'],
    ['negative', `bf${'ff'.repeat(15)}`],
    ['33 bytes', `7f${'ff'.repeat(32)}`],
    ['redundant zeros', `007f${'ff'.repeat(15)}`],
  ])('%s', (plan, expected) => {
    expect(toHex(makeSerial(plan, ones))).toBe(expected)
  })
})
