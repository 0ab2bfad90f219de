/** Two certificates side by side, compared with what Node's own crypto reads. */
import { X509Certificate } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Bytes } from '#shared/bytes'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { compareCertificates } from '#shared/inspect/compare'
import type { CertificateComparison, ComparisonRow } from '#shared/inspect/compare'
import type { RsaKeyPair } from '#shared/crypto/primitives/rsa'
import { issueFaulty, SERVER_EXTENSIONS, type CertificateTemplate } from '../../support/certificates'
import { keyPair } from '../../support/credentials'

const NOW = Date.UTC(2025, 5, 15)
const DAY = 86_400_000

let authority: RsaKeyPair
let server: RsaKeyPair
let other: RsaKeyPair

beforeAll(async () => {
  authority = await keyPair('authority')
  server = await keyPair('server')
  other = await keyPair('other')
})

function certificate(changes: Partial<CertificateTemplate> = {}): Bytes {
  const pem = issueFaulty({
    signer: authority.privateKey,
    issuer: 'ID-CA',
    subject: ['ID-Server'],
    publicKey: server.publicKey,
    notBefore: NOW,
    notAfter: NOW + 90 * DAY,
    extensions: Object.values(SERVER_EXTENSIONS),
    ...changes,
  })
  return parseCertificate(pem).der
}

const rowsOf = ({ groups }: CertificateComparison): readonly ComparisonRow[] =>
  groups.flatMap(({ rows }) => rows)
const differing = (comparison: CertificateComparison): string[] =>
  rowsOf(comparison)
    .filter(({ differs }) => differs)
    .map(({ title }) => title)
const row = (comparison: CertificateComparison, title: string): ComparisonRow | undefined =>
  rowsOf(comparison).find((each) => each.title === title)

describe('a comparison', () => {
  it.each([
    ['the serial number', { serial: '090a' }, 'serial number 09:0a'],
    ['a date', { notAfter: NOW + 30 * DAY }, 'until '],
    ['nothing in short', { publicKey: undefined }, 'the second'],
  ] as const)('of two certificates with one name tells them apart by %s', async (_, changes, apart) => {
    const changed = changes as Partial<CertificateTemplate>
    const second = 'publicKey' in changes ? { publicKey: other.publicKey } : changed
    const { left, right } = await compareCertificates(certificate(), certificate(second))
    expect(right).toContain(`CN=ID-Server, ${apart}`)
    expect(left).toMatch(/^CN=ID-Server, /)
    expect(left).not.toBe(right)
  })

  it('of a certificate with itself finds no difference', async () => {
    const comparison = await compareCertificates(certificate(), certificate())
    expect(comparison).toMatchObject({
      identical: true,
      differences: 0,
      left: 'CN=ID-Server',
      right: 'CN=ID-Server',
    })
    expect(comparison.conclusion).toBe('They are one certificate, byte for byte.')
    expect(comparison.groups.map(({ title }) => title)).toEqual([
      'Certificate',
      'Public key',
      'Extensions',
      'Fingerprints and signature',
    ])
  })

  it('shows what Node reads', async () => {
    const der = certificate()
    const comparison = await compareCertificates(der, certificate({ notAfter: NOW + 30 * DAY }))
    const judge = new X509Certificate(der)
    const left = (title: string): string | undefined => row(comparison, title)?.left
    expect(left('Serial number')?.replaceAll(':', '').toUpperCase()).toBe(judge.serialNumber)
    expect(left('SHA-256 of the certificate')?.toUpperCase()).toBe(judge.fingerprint256)
    expect(left('SHA-1 of the certificate')?.toUpperCase()).toBe(judge.fingerprint)
    expect(left('Subject')).toBe(judge.subject)
    expect(Date.parse(left('Valid until')!)).toBe(Date.parse(judge.validTo))
    expect(left('Length of validity')).toBe('90 days')
    expect(row(comparison, 'Length of validity')?.right).toBe('30 days')
    expect(left('keyUsage')).toBe('digitalSignature, keyEncipherment (critical)')
  })

  it('of a renewed one finds dates, fingerprints and signature', async () => {
    const comparison = await compareCertificates(certificate(), certificate({ notAfter: NOW + 91 * DAY }))
    expect(differing(comparison)).toEqual([
      'Valid until',
      'Length of validity',
      'SHA-256 of the certificate',
      'SHA-1 of the certificate',
      'Signature',
    ])
    expect(comparison.differences).toBe(5)
    expect(comparison.identical).toBe(false)
    expect(comparison.conclusion).toContain('one key and one subject, by the same issuer')
  })

  it('pairs extensions, and shows those that only one has', async () => {
    const { basicConstraints, keyUsage, subjectAltName } = SERVER_EXTENSIONS
    const comparison = await compareCertificates(
      certificate({ extensions: [basicConstraints, keyUsage] }),
      certificate({ extensions: [{ ...keyUsage, critical: false }, subjectAltName] }),
    )
    expect(row(comparison, 'basicConstraints')).toMatchObject({ right: undefined, differs: true })
    expect(row(comparison, 'subjectAltName')).toMatchObject({ left: undefined, differs: true })
    expect(row(comparison, 'keyUsage')).toEqual({
      title: 'keyUsage',
      left: 'digitalSignature, keyEncipherment (critical)',
      right: 'digitalSignature, keyEncipherment',
      differs: true,
    })
  })

  it('tells the same text in other bytes', async () => {
    const der = certificate()
    const text = Buffer.from(der).indexOf(Buffer.from('ID-CA'))
    const printable = der.slice()
    // UTF8String becomes PrintableString.
    printable[text - 2] = 0x13
    const comparison = await compareCertificates(der, printable)
    expect(row(comparison, 'Issuer')).toEqual({
      title: 'Issuer',
      left: 'CN=ID-CA',
      right: 'CN=ID-CA (the same text in other bytes)',
      differs: true,
    })
  })

  it.each([
    [
      'another key',
      () => ({ publicKey: other.publicKey }),
      'one subject with different keys, by the same issuer',
    ],
    ['another subject', () => ({ subject: ['ID-Other'] }), 'one key with different subjects'],
    ['another issuer', () => ({ issuer: 'ID-CA-2' }), 'one key and one subject, by different issuers'],
    [
      'another subject and key',
      () => ({ subject: ['ID-Other'], publicKey: other.publicKey }),
      'different subjects with different keys',
    ],
  ])('with %s says so', async (_, changes, conclusion) => {
    const comparison = await compareCertificates(certificate(), certificate(changes()))
    expect(comparison.conclusion).toContain(conclusion)
  })
})
