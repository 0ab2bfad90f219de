import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toHex, toUtf8, type Bytes } from '#shared/bytes'
import { writeElement } from '#shared/crypto/encodings/der'
import { decodePem } from '#shared/crypto/encodings/pem'
import { makeRequest } from '#shared/crypto/pki/request'
import { generateRsaKeyPair } from '#shared/crypto/primitives/rsa'
import { webCrypto } from '#shared/crypto/provider'
import { readCertificate } from '#shared/inspect/x509/certificate'
import { describePrivateKeyInfo, readPublicKey } from '#shared/inspect/x509/keys'
import { isEmptyName, readNameDer, sameName } from '#shared/inspect/x509/names'
import { readCertificationRequest } from '#shared/inspect/x509/request'
import {
  bits,
  context,
  extension,
  hex,
  integer,
  octets,
  oid,
  sequence,
  set,
  utf8,
} from '../../../support/der'
import { readVector } from '../../../support/vectors'
import { jwkOf } from '../../../support/jwk'

const vector = readVector('classic')
const answer = vector.opened.find(({ step }) => step === 2)!.plaintext
const SHA256_RSA = sequence(oid('1.2.840.113549.1.1.11'), hex('0500'))
const NAME = sequence(set(sequence(oid('2.5.4.3'), utf8('Test'))))
const UTC = (text: string): Bytes => writeElement(0x17, toUtf8(text))
const rsaKey = new Uint8Array(createPublicKey(vector.ca_certificate).export({ type: 'spki', format: 'der' }))

interface Parts {
  readonly version?: Bytes
  readonly serial?: Bytes
  readonly signature?: Bytes
  readonly issuer?: Bytes
  readonly validity?: Bytes
  readonly subject?: Bytes
  readonly spki?: Bytes
  readonly extensions?: readonly Bytes[]
}

/** A certificate that nobody signed. */
function certificate(parts: Parts = {}): Bytes {
  const tbs = sequence(
    parts.version ?? context(0, true, integer('02')),
    parts.serial ?? integer('05'),
    parts.signature ?? SHA256_RSA,
    parts.issuer ?? NAME,
    parts.validity ?? sequence(UTC('240101000000Z'), UTC('250101000000Z')),
    parts.subject ?? NAME,
    parts.spki ?? rsaKey,
    ...(parts.extensions ? [context(3, true, sequence(...parts.extensions))] : []),
  )
  return sequence(tbs, SHA256_RSA, bits(new Uint8Array(16)))
}

describe('a certificate', () => {
  it.each([
    ['of the authority', vector.ca_certificate],
    ['of the server', String(answer['x509_s'])],
  ])('%s is read as Node reads it', (_name, pem) => {
    const judged = new X509Certificate(pem)
    const read = readCertificate(decodePem('CERTIFICATE', pem))
    expect(read.problems).toEqual([])
    expect(read.version).toBe(3)
    expect(read.serial.replace(/^00/, '').toUpperCase()).toBe(judged.serialNumber)
    expect([read.subject.text, read.issuer.text]).toEqual([judged.subject, judged.issuer])
    expect([read.notBefore, read.notAfter]).toEqual([
      Date.parse(judged.validFrom),
      Date.parse(judged.validTo),
    ])
    expect(toHex(read.publicKey.spki)).toBe(
      judged.publicKey.export({ type: 'spki', format: 'der' }).toString('hex'),
    )
    expect(read.publicKey.rsa?.modulus).toBe(
      Buffer.from(jwkOf(judged.publicKey).n!, 'base64url').toString('hex'),
    )
    expect(read.signatureAlgorithm).toMatchObject({ name: 'sha256WithRSAEncryption', hash: 'SHA-256' })
    expect(read.algorithmsAgree).toBe(true)
    expect(read.standard.basicConstraints?.authority).toBe(judged.ca)
    expect(read.standard.subjectAltName?.map(({ kind, value }) => `${kind}: ${value}`).join(', ')).toBe(
      judged.subjectAltName?.replace('IP Address:', 'IP: ').replace('DNS:', 'DNS: '),
    )
  })

  it.each<[string, Bytes]>([
    ['no structure at all', hex('0102')],
    ['a sequence of something else', sequence(integer('05'))],
    ['a request', sequence(sequence(integer('00'), NAME, rsaKey), SHA256_RSA, bits())],
    ['bytes that are cut short', certificate().slice(0, 50)],
    ['nothing', new Uint8Array()],
  ])('is not %s', (_name, der) => {
    expect(() => readCertificate(der)).toThrow(expect.objectContaining({ code: 'bad_certificate' }))
  })

  it.each<[string, Parts, string]>([
    ['a version that there isn’t', { version: context(0, true, integer('03')) }, 'There is no version 4.'],
    ['extensions in version 1', { version: context(0, true, integer('00')), extensions: [] }, ''],
    ['a negative serial number', { serial: integer('80') }, 'The serial number is negative.'],
    ['a serial number of zero', { serial: integer('00') }, 'The serial number is zero.'],
    [
      'a long serial number',
      { serial: integer(`01${'00'.repeat(20)}`) },
      'The serial number has 21 bytes; 20 are allowed.',
    ],
    [
      'another algorithm inside',
      { signature: sequence(oid('1.2.840.113549.1.1.5'), hex('0500')) },
      'The signature algorithm inside is not the one outside.',
    ],
    [
      'a date that is none',
      { validity: sequence(UTC('241301000000Z'), UTC('250101000000Z')) },
      'The date notBefore is not as it should be.',
    ],
    [
      'a name that is wrongly encoded',
      { subject: sequence(set(sequence(oid('2.5.4.3'), writeElement(0x13, toUtf8('a_b'))))) },
      'The subject has a value that is wrongly encoded, CN:',
    ],
    [
      'a key that can’t be read',
      { spki: sequence(sequence(oid('1.2.840.113549.1.1.1'), hex('0500')), bits(hex('0102'))) },
      'The RSA key’s modulus and exponent can’t be read.',
    ],
    [
      'an extension twice',
      { extensions: [extension('2.5.29.14', octets(hex('aa'))), extension('2.5.29.14', octets(hex('bb')))] },
      'The extension subjectKeyIdentifier is there more than once.',
    ],
    [
      'an extension that is none',
      { extensions: [extension('2.5.29.15', sequence())] },
      'The extension keyUsage can’t be used.',
    ],
    [
      'an extension with something after its value',
      { extensions: [extension('2.5.29.19', new Uint8Array([...sequence(), 5, 0]))] },
      'There are bytes after its value.',
    ],
  ])('tells what is wrong: %s', (_name, parts, told) => {
    const { problems } = readCertificate(certificate(parts))
    if (told !== '') expect(problems.join(' ')).toContain(told)
  })

  it('without faults has no problems', () => {
    expect(readCertificate(certificate()).problems).toEqual([])
    expect(readCertificate(new Uint8Array([...certificate(), 5, 0])).problems).toEqual([
      expect.stringContaining('2 more bytes'),
    ])
  })

  it('of version 1 with extensions says so', () => {
    const extensions = [extension('2.5.29.14', octets(hex('aa')))]
    const { problems } = readCertificate(
      certificate({ version: context(0, true, integer('00')), extensions }),
    )
    expect(problems).toEqual(['It has extensions, but is of version 1.'])
  })
})

describe('extensions', () => {
  const ia5 = (text: string): Bytes => writeElement(0x16, toUtf8(text))
  const dns = (text: string): Bytes => context(2, false, toUtf8(text))
  const uri = (text: string): Bytes => context(6, false, toUtf8(text))

  const textOf = (dotted: string, value: Bytes): string => {
    const { extensions, problems } = readCertificate(certificate({ extensions: [extension(dotted, value)] }))
    expect(problems).toEqual([])
    return extensions[0]!.text
  }

  it.each<[string, string, Bytes, string]>([
    ['basicConstraints', '2.5.29.19', sequence(), 'CA: no'],
    ['basicConstraints', '2.5.29.19', sequence(hex('0101ff'), integer('02')), 'CA: yes, path length 2'],
    ['keyUsage', '2.5.29.15', hex('030205a0'), 'digitalSignature, keyEncipherment'],
    ['extKeyUsage', '2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'), oid('1.2.3')), 'serverAuth, 1.2.3'],
    [
      'subjectAltName',
      '2.5.29.17',
      sequence(dns('a.example'), context(7, false, hex('7f000001')), context(8, false, hex('2a03'))),
      'DNS: a.example, IP: 127.0.0.1, registeredID: 1.2.3',
    ],
    ['issuerAltName', '2.5.29.18', sequence(context(4, true, NAME)), 'directoryName: CN=Test'],
    [
      'otherName',
      '2.5.29.17',
      sequence(context(0, true, oid('1.3.6.1.4.1.311.20.2.3'), context(0, true, utf8('me@here')))),
      'otherName: msUserPrincipalName (1.3.6.1.4.1.311.20.2.3) me@here',
    ],
    ['subjectKeyIdentifier', '2.5.29.14', octets(hex('aabb')), 'aa:bb'],
    ['authorityKeyIdentifier', '2.5.29.35', sequence(context(0, false, hex('aabb'))), 'aa:bb'],
    [
      'authorityKeyIdentifier in full',
      '2.5.29.35',
      sequence(
        context(0, false, hex('aa')),
        context(1, true, context(4, true, NAME)),
        context(2, false, hex('05')),
      ),
      'Key identifier: aa; Issuer: directoryName: CN=Test; Serial number: 05',
    ],
    [
      'nameConstraints',
      '2.5.29.30',
      sequence(
        context(0, true, sequence(dns('example'))),
        context(1, true, sequence(context(7, false, hex('0a000000ff000000')))),
      ),
      'Permitted: DNS: example; Excluded: IP: 10.0.0.0/8',
    ],
    [
      'certificatePolicies',
      '2.5.29.32',
      sequence(
        sequence(oid('2.23.140.1.2.1'), sequence(sequence(oid('1.3.6.1.5.5.7.2.1'), ia5('http://cps')))),
      ),
      'domainValidated (2.23.140.1.2.1), cps: http://cps',
    ],
    ['policyMappings', '2.5.29.33', sequence(sequence(oid('1.2.3'), oid('1.2.4'))), '1.2.3 is 1.2.4'],
    [
      'policyConstraints',
      '2.5.29.36',
      sequence(context(0, false, hex('00')), context(1, false, hex('01'))),
      'Explicit policy required after: 0; No policy mapping after: 1',
    ],
    ['inhibitAnyPolicy', '2.5.29.54', integer('03'), '3'],
    [
      'cRLDistributionPoints',
      '2.5.29.31',
      sequence(
        sequence(context(0, true, context(0, true, uri('http://crl'))), context(1, false, hex('0640'))),
      ),
      'URI: http://crl, reasons: keyCompromise',
    ],
    [
      'authorityInfoAccess',
      '1.3.6.1.5.5.7.1.1',
      sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), uri('http://ocsp'))),
      'ocsp: URI: http://ocsp',
    ],
    ['tlsFeature', '1.3.6.1.5.5.7.1.24', sequence(integer('05')), 'status-request (5)'],
    ['a poison', '1.3.6.1.4.1.11129.2.4.3', hex('0500'), 'present'],
    ['a comment', '2.16.840.1.113730.1.13', ia5('hello'), 'hello'],
    ['one that nobody knows', '1.2.3.4', sequence(integer('05')), '30 03 02 01 05'],
  ])('are in words: %s', (_name, dotted, value, text) => {
    expect(textOf(dotted, value)).toBe(text)
  })

  it('show signed timestamps with log, time and algorithm', () => {
    const time = hex('0000018cc251f400')
    const timestamp = new Uint8Array([0, ...new Uint8Array(32).fill(0xab), ...time, 0, 0, 4, 3, 0, 1, 0xff])
    const list = new Uint8Array([0, timestamp.length + 2, 0, timestamp.length, ...timestamp])
    const dotted = '1.3.6.1.4.1.11129.2.4.2'
    expect(textOf(dotted, octets(list))).toBe(
      `v1, 2024-01-01T00:00:00.000Z, SHA-256 with ECDSA, log ${'ab'.repeat(32)}`,
    )
    expect(textOf(dotted, octets(list.slice(0, -1)))).toMatch(/^00 32 00 30 00 ab/)
  })

  it('are data, too', () => {
    const extensions = [
      extension('2.5.29.19', sequence(hex('0101ff')), true),
      extension('2.5.29.30', sequence(context(0, true, sequence(dns('example'))))),
      extension('2.5.29.32', sequence(sequence(oid('1.2.3')))),
    ]
    const { standard, extensions: views } = readCertificate(certificate({ extensions }))
    expect(views.map(({ critical }) => critical)).toEqual([true, false, false])
    expect(standard).toMatchObject({
      basicConstraints: { authority: true, pathLength: undefined },
      nameConstraints: { permitted: [{ kind: 'DNS', value: 'example' }], excluded: [] },
      certificatePolicies: [{ oid: '1.2.3', name: '1.2.3' }],
      keyUsage: undefined,
    })
  })
})

describe('names', () => {
  const name = (...rdns: readonly (readonly [string, Bytes])[]) =>
    readNameDer(sequence(...rdns.map(([dotted, value]) => set(sequence(oid(dotted), value)))))
  const [CN, O] = ['2.5.4.3', '2.5.4.10'] as const
  const printable = (text: string): Bytes => writeElement(0x13, toUtf8(text))

  it('have a text in which no value can pose as another', () => {
    expect(name([O, utf8('x, CN=evil')], [CN, utf8('a\u202eb')]).text).toBe('O=x\\, CN=evil, CN=a\u202eb')
  })

  it('have the last common name', () => {
    expect(name([CN, utf8('first')], [CN, utf8('last')]).commonName).toBe('last')
    expect(isEmptyName(name())).toBe(true)
  })

  it.each<[string, readonly (readonly [string, Bytes])[], readonly (readonly [string, Bytes])[], boolean]>([
    ['the same bytes', [[CN, utf8('a')]], [[CN, utf8('a')]], true],
    ['another encoding', [[CN, utf8('a')]], [[CN, printable('a')]], true],
    ['another case', [[CN, utf8('Example')]], [[CN, utf8('eXAMPLE')]], true],
    ['another case of other letters', [[CN, utf8('É')]], [[CN, utf8('é')]], false],
    ['other spaces', [[CN, utf8(' a   b ')]], [[CN, utf8('a b')]], true],
    ['no space', [[CN, utf8('a b')]], [[CN, utf8('ab')]], false],
    ['another attribute', [[CN, utf8('a')]], [[O, utf8('a')]], false],
    [
      'another order',
      [
        [CN, utf8('a')],
        [O, utf8('b')],
      ],
      [
        [O, utf8('b')],
        [CN, utf8('a')],
      ],
      false,
    ],
    [
      'one more',
      [[CN, utf8('a')]],
      [
        [CN, utf8('a')],
        [O, utf8('b')],
      ],
      false,
    ],
    ['text in bits', [[CN, bits(toUtf8('a'))]], [[CN, bits(toUtf8('A'))]], false],
  ])('are compared as RFC 5280 section 7.1 says: %s', (_name, a, b, same) => {
    expect(sameName(name(...a), name(...b))).toBe(same)
  })
})

describe('keys', () => {
  const spkiOf = (key: ReturnType<typeof generateKeyPairSync>['publicKey']): Bytes =>
    new Uint8Array(key.export({ type: 'spki', format: 'der' }))
  const pkcs8Of = (key: ReturnType<typeof generateKeyPairSync>['privateKey']): Bytes =>
    new Uint8Array(key.export({ type: 'pkcs8', format: 'der' }))

  it.each([
    ['RSA, 1024 bits', 1024, undefined, () => generateKeyPairSync('rsa', { modulusLength: 1024 })],
    ['RSA-PSS, 1024 bits', 1024, undefined, () => generateKeyPairSync('rsa-pss', { modulusLength: 1024 })],
    ['EC, P-256', 256, 'P-256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['EC, P-521', 521, 'P-521', () => generateKeyPairSync('ec', { namedCurve: 'P-521' })],
    ['EC, secp256k1', 256, 'secp256k1', () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' })],
    ['Ed25519', 256, 'Ed25519', () => generateKeyPairSync('ed25519')],
    ['X448', 448, 'X448', () => generateKeyPairSync('x448')],
  ] as const)('of all kinds are described: %s', (text, size, curve, generate) => {
    const { publicKey, privateKey } = generate()
    const spki = spkiOf(publicKey)
    expect(readPublicKey(spki)).toMatchObject({ text, bits: size, curve })
    const described = describePrivateKeyInfo(pkcs8Of(privateKey))
    expect(described).toMatchObject({ text, bits: size, curve })
    // Ed25519 and its kind keep their public half to themselves.
    if (described.spki) expect(toHex(described.spki)).toBe(toHex(spki))
    else expect(curve).toMatch(/^(?:Ed|X)/)
  })

  it.each<[string, Bytes]>([
    ['a certificate', certificate()],
    ['nothing', new Uint8Array()],
    ['a number', integer('05')],
  ])('are not made of %s', (_name, der) => {
    expect(() => readPublicKey(der)).toThrow(expect.objectContaining({ code: 'bad_public_key' }))
    expect(() => describePrivateKeyInfo(der)).toThrow(expect.objectContaining({ code: 'bad_private_key' }))
  })
})

describe('a request', () => {
  it('is read with its key and its name', async () => {
    const pair = await generateRsaKeyPair(2048)
    const read = readCertificationRequest(
      decodePem('CERTIFICATE REQUEST', await makeRequest('ID-Server', pair, webCrypto)),
    )
    expect(read).toMatchObject({
      version: 1,
      subject: { text: 'CN=ID-Server' },
      extensions: [],
      problems: [],
    })
    expect(toHex(read.publicKey.spki)).toBe(toHex(pair.publicKey.spki))
  })

  it('has the extensions that it asks for', () => {
    const wanted = sequence(
      oid('1.2.840.113549.1.9.14'),
      set(sequence(extension('2.5.29.17', sequence(context(2, false, toUtf8('a.example')))))),
    )
    const info = sequence(integer('00'), NAME, rsaKey, context(0, true, wanted))
    const read = readCertificationRequest(sequence(info, SHA256_RSA, bits(new Uint8Array(8))))
    expect(read.attributes).toEqual([{ oid: '1.2.840.113549.1.9.14', name: 'extensionRequest', text: '' }])
    expect(read.standard.subjectAltName).toMatchObject([{ kind: 'DNS', value: 'a.example' }])
  })

  it('is not made of a certificate', () => {
    expect(() => readCertificationRequest(certificate())).toThrow(
      expect.objectContaining({ code: 'bad_request_bytes' }),
    )
  })
})
