import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { concat, equalBytes, toUtf8, type Bytes } from '#shared/bytes'
import { writeElement } from '#shared/crypto/encodings/der'
import { decodePem } from '#shared/crypto/encodings/pem'
import type { Asn1Structure } from '#shared/crypto/asn1/node'
import { readTree } from '#shared/crypto/asn1/reader'
import { recogniseType } from '#shared/crypto/asn1/recognise'
import { readStructure } from '#shared/crypto/asn1/structure'
import { describeValue } from '#shared/crypto/asn1/values'
import { bytesOf } from '#shared/crypto/asn1/walk'
import { context, extension, hex, integer, octets, oid, sequence, set, utf8 } from '../../../support/der'
import { nodePath } from '../../../support/node-paths'
import { readVector } from '../../../support/vectors'

const vector = readVector('classic')
const certificate = decodePem('CERTIFICATE', vector.ca_certificate)

/** Value texts by path, of those that have one. */
function texts(structure: Asn1Structure): Readonly<Record<string, string>> {
  return Object.fromEntries(
    structure.nodes
      .map((node) => [nodePath(structure, node), describeValue(structure, node).text] as const)
      .filter(([, text]) => text !== ''),
  )
}

describe('a certificate', () => {
  const structure = readStructure(certificate)
  const judged = new X509Certificate(vector.ca_certificate)

  it('has every field under the name of RFC 5280', () => {
    const found = texts(structure)
    expect(structure.type).toBe('Certificate')
    expect(found).toMatchObject({
      'tbsCertificate.version': 'v3 (2)',
      'tbsCertificate.signature': 'sha256WithRSAEncryption',
      'tbsCertificate.issuer': judged.issuer,
      'tbsCertificate.subject': judged.subject,
      'tbsCertificate.validity.notBefore': new Date(judged.validFrom).toISOString().replace('.000Z', 'Z'),
      'tbsCertificate.validity.notAfter': new Date(judged.validTo).toISOString().replace('.000Z', 'Z'),
      'tbsCertificate.subjectPublicKeyInfo.algorithm.algorithm': 'rsaEncryption (1.2.840.113549.1.1.1)',
      'tbsCertificate.subjectPublicKeyInfo.subjectPublicKey.publicExponent': '65537',
      'signatureAlgorithm.algorithm': 'sha256WithRSAEncryption (1.2.840.113549.1.1.11)',
    })
    expect(found['tbsCertificate.serialNumber']!.toUpperCase()).toContain(judged.serialNumber)
    const extensions = Object.values(found).filter(
      (text) => text === 'keyUsage' || text === 'basicConstraints',
    )
    expect(extensions).toHaveLength(2)
    expect(Object.values(found)).toContain('keyCertSign, cRLSign')
  })

  it('has the elements of a plain parser, and those inside strings besides', () => {
    const plain = readTree(certificate).nodes
    const inside = new Set<number>()
    for (const node of structure.nodes) {
      if (node.encapsulated || (node.parent !== undefined && inside.has(node.parent))) inside.add(node.index)
    }
    const outside = structure.nodes.filter(({ index }) => !inside.has(index))
    const place = ({ offset, depth, contentLength }: (typeof plain)[number]) => ({
      offset,
      depth,
      contentLength,
    })
    expect(outside.map(place)).toEqual(plain.map(place))
    expect(inside.size).toBeGreaterThan(5)
  })

  it('counts parents, depths and descendants right', () => {
    for (const node of structure.nodes) {
      const parent = node.parent === undefined ? undefined : structure.nodes[node.parent]!
      expect(structure.nodes[node.index]).toBe(node)
      expect(node.depth).toBe(parent ? parent.depth + 1 : 0)
      if (parent) expect(node.next).toBeLessThanOrEqual(parent.next)
    }
    expect(structure.nodes[0]!.next).toBe(structure.nodes.length)
  })
})

describe('what something is', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const encrypted = { cipher: 'aes-256-cbc', passphrase: 'x', format: 'der', type: 'pkcs8' } as const
  const bytes = (buffer: Buffer): Bytes => new Uint8Array(buffer)

  it.each<[string, Bytes]>([
    ['Certificate', certificate],
    ['SubjectPublicKeyInfo', bytes(rsa.publicKey.export({ type: 'spki', format: 'der' }))],
    ['SubjectPublicKeyInfo', bytes(ec.publicKey.export({ type: 'spki', format: 'der' }))],
    ['RSAPublicKey', bytes(rsa.publicKey.export({ type: 'pkcs1', format: 'der' }))],
    ['RSAPrivateKey', bytes(rsa.privateKey.export({ type: 'pkcs1', format: 'der' }))],
    ['ECPrivateKey', bytes(ec.privateKey.export({ type: 'sec1', format: 'der' }))],
    ['OneAsymmetricKey', bytes(rsa.privateKey.export({ type: 'pkcs8', format: 'der' }))],
    ['OneAsymmetricKey', bytes(ec.privateKey.export({ type: 'pkcs8', format: 'der' }))],
    ['EncryptedPrivateKeyInfo', bytes(ec.privateKey.export(encrypted))],
    [
      'DigestInfo',
      sequence(sequence(oid('2.16.840.1.101.3.4.2.1'), hex('0500')), octets(new Uint8Array(32))),
    ],
    ['DHParameter', sequence(writeElement(2, new Uint8Array(128).fill(0x71)), integer('02'))],
  ])('is told by its form: %s', (type, der) => {
    expect(recogniseType(readTree(der))).toBe(type)
  })

  it.each<[string, Bytes]>([
    ['an empty sequence', sequence()],
    ['two elements', hex('05000500')],
    ['a number', integer('05')],
    [
      'the two numbers of an ECDSA signature',
      sequence(writeElement(2, new Uint8Array(32).fill(1)), writeElement(2, new Uint8Array(32).fill(2))),
    ],
    ['a sequence of texts', sequence(utf8('a'), utf8('b'))],
  ])('stays open for %s', (_name, der) => {
    expect(recogniseType(readTree(der))).toBeUndefined()
  })
})

describe('a private key', () => {
  it('has the names of PKCS#8 and of its own form in one', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const found = texts(readStructure(new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }))))
    expect(found).toMatchObject({
      version: 'v1 (0)',
      'privateKeyAlgorithm.algorithm': 'id-ecPublicKey (1.2.840.10045.2.1)',
      'privateKeyAlgorithm.parameters': 'secp384r1 (1.3.132.0.34)',
      'privateKey.version': 'ecPrivkeyVer1 (1)',
    })
    expect(found['privateKey.privateKey']).toMatch(/^48 bytes: /)
  })

  it('under a passphrase says how it is locked', () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const locked = privateKey.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: 'x' })
    expect(texts(readStructure(new Uint8Array(locked)))).toMatchObject({
      'encryptionAlgorithm.algorithm': 'PBES2 (1.2.840.113549.1.5.13)',
      'encryptionAlgorithm.parameters.keyDerivationFunc.algorithm': 'PBKDF2 (1.2.840.113549.1.5.12)',
      'encryptionAlgorithm.parameters.keyDerivationFunc.parameters.iterationCount': '2048',
      'encryptionAlgorithm.parameters.encryptionScheme.algorithm': 'aes256-CBC (2.16.840.1.101.3.4.1.42)',
    })
  })
})

describe('extensions', () => {
  const named = (dotted: string, value: Bytes) => texts(readStructure(extension(dotted, value), 'Extension'))

  it.each<[string, string, Bytes, Readonly<Record<string, string>>]>([
    [
      'basicConstraints',
      '2.5.29.19',
      sequence(hex('0101ff'), integer('03')),
      { 'extnValue.cA': 'TRUE', 'extnValue.pathLenConstraint': '3' },
    ],
    [
      'subjectAltName',
      '2.5.29.17',
      sequence(
        context(2, false, toUtf8('a.example')),
        context(2, false, toUtf8('b.example')),
        context(7, false, hex('7f000001')),
      ),
      {
        'extnValue.dNSName[0]': 'a.example',
        'extnValue.dNSName[1]': 'b.example',
        'extnValue.iPAddress': '127.0.0.1',
      },
    ],
    [
      'authorityKeyIdentifier',
      '2.5.29.35',
      sequence(context(0, false, hex('aabb')), context(2, false, hex('05'))),
      { 'extnValue.keyIdentifier': '2 bytes: aabb', 'extnValue.authorityCertSerialNumber': '5' },
    ],
    [
      'cRLDistributionPoints',
      '2.5.29.31',
      sequence(
        sequence(
          context(0, true, context(0, true, context(6, false, toUtf8('http://crl')))),
          context(1, false, hex('0640')),
        ),
      ),
      {
        'extnValue[0].distributionPoint.fullName.uniformResourceIdentifier': 'http://crl',
        'extnValue[0].reasons': 'keyCompromise',
      },
    ],
    [
      'nameConstraints',
      '2.5.29.30',
      sequence(context(0, true, sequence(context(7, false, hex('0a000000ff000000'))))),
      { 'extnValue.permittedSubtrees[0].base': '10.0.0.0/8' },
    ],
    [
      'extKeyUsage',
      '2.5.29.37',
      sequence(oid('1.3.6.1.5.5.7.3.1')),
      { 'extnValue[0]': 'serverAuth (1.3.6.1.5.5.7.3.1)' },
    ],
    [
      'policyConstraints',
      '2.5.29.36',
      sequence(context(0, false, hex('00'))),
      { 'extnValue.requireExplicitPolicy': '0' },
    ],
    ['inhibitAnyPolicy', '2.5.29.54', integer('05'), { extnValue: '5' }],
    [
      'certificatePolicies',
      '2.5.29.32',
      sequence(
        sequence(
          oid('2.5.29.32.0'),
          sequence(sequence(oid('1.3.6.1.5.5.7.2.1'), writeElement(0x16, toUtf8('http://cps')))),
        ),
      ),
      { 'extnValue[0].policyQualifiers[0].qualifier': 'http://cps' },
    ],
    ['one that nobody knows', '1.2.3.4', writeElement(0x16, toUtf8('hello')), { extnValue: 'hello' }],
  ])('are opened: %s', (_name, dotted, value, expected) => {
    expect(named(dotted, value)).toMatchObject(expected)
  })
})

describe('strings that hold something encoded', () => {
  const insideOf = (der: Bytes): number =>
    readStructure(der).nodes.filter(({ encapsulated }) => encapsulated).length

  it.each<[string, Bytes, number]>([
    ['a sequence', octets(sequence(integer('05'))), 1],
    ['a set in a BIT STRING', writeElement(3, hex('00'), set(integer('05'))), 1],
    ['one in another', octets(sequence(octets(sequence(integer('05'))))), 2],
    ['a sequence and something after it', octets(sequence(integer('05')), hex('00')), 0],
    ['an empty sequence, which two bytes look like', octets(sequence()), 0],
    ['a primitive value', octets(integer('05')), 0],
    ['a sequence with a needlessly long length', octets(hex('3081030201050000').slice(0, 6)), 0],
    ['a BIT STRING with unused bits', writeElement(3, hex('01'), sequence(integer('04'))), 0],
    ['a sequence with a wrong BOOLEAN', octets(sequence(hex('01020000'))), 0],
  ])('are opened only where there is no doubt: %s', (_name, der, count) => {
    expect(insideOf(der)).toBe(count)
  })

  it('are opened in one piece of BER, too', () => {
    const bag = concat(hex('2480'), octets(certificate), hex('0000'))
    const structure = readStructure(bag, 'X509CertificateBag')
    const inner = structure.nodes.find(({ encapsulated }) => encapsulated)!
    expect(inner.type).toBe('Certificate')
    expect(equalBytes(bytesOf(bag, inner), certificate)).toBe(true)
  })

  it('are opened no further than the limit of levels', () => {
    let der = integer('05')
    for (let level = 0; level < 200; level++) der = octets(sequence(der))
    const structure = readStructure(sequence(der))
    expect(Math.max(...structure.nodes.map(({ depth }) => depth))).toBeLessThanOrEqual(128)
  })
})
