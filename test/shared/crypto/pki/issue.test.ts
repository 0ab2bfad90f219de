/** Issued certificates, judged by OpenSSL: what protocol.md section 2 says has to be what other programs read. */
import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toHex, type Bytes } from '#shared/bytes'
import { isSignedBy, parseCertificate, type Certificate } from '#shared/crypto/pki/certificate'
import {
  issueAuthorityCertificate,
  issueServerCertificate,
  serialFrom,
  validFor,
  type Issuer,
} from '#shared/crypto/pki/issue'
import { webCrypto } from '#shared/crypto/provider'
import { systemEnvironment } from '#shared/hl1/environment'
import { keyPair } from '../../../support/credentials'
import { openssl } from '../../../support/open-ssl'
import { hex } from '../../../support/vectors'

const NOW = Date.now()
let folder: string
let authority: Certificate
let server: Certificate
let issuer: Issuer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handshake-lab-issue-'))
  const pair = await keyPair('authority')
  authority = await issueAuthorityCertificate(pair, request('ID-CA'), webCrypto)
  issuer = { certificate: authority, privateKey: pair.privateKey }
  server = await issueServer('ID-Server')
  await writeFile(join(folder, 'ca.pem'), authority.pem)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const request = (identity: string, serial: Bytes = serialFrom(systemEnvironment.random(16))) => ({
  identity,
  serial,
  validity: validFor(365, NOW),
})

async function issueServer(identity: string, serial?: Bytes): Promise<Certificate> {
  const { publicKey } = await keyPair('server')
  return issueServerCertificate(issuer, { ...request(identity, serial), publicKey }, webCrypto)
}

/** Asks `openssl verify`, with the authority as the only trust anchor. */
async function verify(certificate: Certificate, ...options: readonly string[]): Promise<string> {
  const anchors = ['-no-CApath', '-no-CAstore', '-CAfile', join(folder, 'ca.pem')]
  const result = await openssl(['verify', '-x509_strict', ...anchors, ...options], certificate.pem)
  return result.ok ? 'OK' : result.output
}

/** What OpenSSL prints of a certificate. */
async function print(certificate: Certificate, ...options: readonly string[]): Promise<string> {
  return (await openssl(['x509', '-noout', ...options], certificate.pem)).output
}

describe('OpenSSL', () => {
  it('verifies the server’s certificate strictly, for a server at this address and name', async () => {
    const purpose = ['-purpose', 'sslserver']
    expect(await verify(server, ...purpose, '-verify_ip', '127.0.0.1')).toBe('OK')
    expect(await verify(server, ...purpose, '-verify_hostname', 'localhost')).toBe('OK')
  })

  it('refuses it for anything else', async () => {
    expect(await verify(server, '-verify_ip', '127.0.0.2')).toMatch(/IP address mismatch/)
    expect(await verify(server, '-verify_hostname', 'example.org')).toMatch(/hostname mismatch/i)
    expect(await verify(server, '-purpose', 'sslclient')).toMatch(/certificate purpose/i)
    const late = String(Math.floor(NOW / 1000) + 366 * 86_400)
    expect(await verify(server, '-attime', late)).toMatch(/expired/)
  })

  it('verifies the authority’s own certificate, which signs others and nothing else', async () => {
    expect(await verify(authority)).toBe('OK')
    expect(await verify(authority, '-purpose', 'sslserver')).not.toBe('OK')
  })

  it('refuses what another authority of the same name has issued', async () => {
    const pair = await keyPair('stranger')
    const certificate = await issueAuthorityCertificate(pair, request('ID-CA'), webCrypto)
    const stranger = { certificate, privateKey: pair.privateKey }
    const { publicKey } = await keyPair('server')
    const foreign = await issueServerCertificate(stranger, { ...request('ID-Server'), publicKey }, webCrypto)
    expect(await verify(foreign)).not.toBe('OK')
  })

  it('reads the extensions of section 2, with the same criticality', async () => {
    const text = await print(server, '-ext', 'basicConstraints,keyUsage,extendedKeyUsage,subjectAltName')
    expect(text).toMatch(/Basic Constraints: critical\n\s+CA:FALSE/)
    expect(text).toMatch(/Key Usage: critical\n\s+Digital Signature, Key Encipherment\n/)
    expect(text).toMatch(/Extended Key Usage: ?\n\s+TLS Web Server Authentication\n/)
    expect(text).toMatch(/Subject Alternative Name: ?\n\s+DNS:localhost, IP Address:127\.0\.0\.1\n/)
    const own = await print(authority, '-ext', 'basicConstraints,keyUsage')
    expect(own).toMatch(/Basic Constraints: critical\n\s+CA:TRUE, pathlen:0/)
    expect(own).toMatch(/Key Usage: critical\n\s+Certificate Sign, CRL Sign\n/)
  })

  it('reads key identifiers that connect the two certificates', async () => {
    const [own, subject, issuing] = await Promise.all([
      print(authority, '-ext', 'subjectKeyIdentifier'),
      print(server, '-ext', 'subjectKeyIdentifier'),
      print(server, '-ext', 'authorityKeyIdentifier'),
    ])
    const identifier = (text: string): string => /[0-9A-F]{2}(?::[0-9A-F]{2}){19}/.exec(text)?.[0] ?? ''
    expect(identifier(own)).not.toBe('')
    expect(identifier(issuing)).toBe(identifier(own))
    expect(identifier(subject)).not.toBe(identifier(own))
  })

  it('reads names, version and signature algorithm', async () => {
    const text = await print(server, '-text', '-nameopt', 'RFC2253')
    expect(text).toMatch(/Version: 3 /)
    expect(text).toMatch(/Issuer: CN=ID-CA\n/)
    expect(text).toMatch(/Subject: CN=ID-Server\n/)
    expect(text.match(/Signature Algorithm: sha256WithRSAEncryption/g)).toHaveLength(2)
    expect(text).toMatch(/Public-Key: \(2048 bit\)/)
    expect(text).toMatch(/Exponent: 65537 /)
  })

  it.each(['.', 'A.b_c-9', 'x'.repeat(48), '_'])('reads the identity %s as it is', async (identity) => {
    const certificate = await issueServer(identity)
    expect(await verify(certificate)).toBe('OK')
    expect(await print(certificate, '-subject', '-nameopt', 'RFC2253')).toBe(`subject=CN=${identity}\n`)
    expect(certificate.subject.commonName).toBe(identity)
  })
})

describe('the serial number', () => {
  const draws: readonly (readonly [string, Bytes])[] = [
    ['zeros', new Uint8Array(16)],
    ['ones', new Uint8Array(16).fill(0xff)],
    ['a high first byte', hex('80' + '11'.repeat(15))],
    ['leading zeros', hex('0000' + '11'.repeat(14))],
  ]

  it.each(draws)('from %s is positive and has 16 bytes, also once it is encoded', async (_, drawn) => {
    const serial = serialFrom(drawn)
    expect(serial).toHaveLength(16)
    const certificate = await issueServer('ID-Server', serial)
    expect(new X509Certificate(certificate.pem).serialNumber.toLowerCase()).toBe(toHex(serial))
    // INTEGER of 16 bytes behind the explicit version, its first bit clear.
    expect(toHex(certificate.der)).toContain(`a0030201020210${toHex(serial)}`)
    expect(serial[0]! & 0x80).toBe(0)
    expect(serial[0]).not.toBe(0)
  })

  it('keeps the randomness of the other bytes', () => {
    expect(toHex(serialFrom(hex('00' + 'a5'.repeat(15))).slice(1))).toBe('a5'.repeat(15))
  })
})

describe('an issued certificate', () => {
  it('is valid from a minute ago for the days that were asked for, in whole seconds', () => {
    const { validFrom, validTo } = new X509Certificate(server.pem)
    const second = (time: number): number => Math.floor(time / 1000) * 1000
    expect(Date.parse(validFrom)).toBe(second(NOW - 60_000))
    expect(Date.parse(validTo)).toBe(second(NOW + 365 * 86_400_000))
    expect([server.notBefore, server.notAfter]).toEqual([Date.parse(validFrom), Date.parse(validTo)])
  })

  it('has dates after 2049 in the form that holds them', async () => {
    const pair = await keyPair('authority')
    const far = Date.UTC(2051, 0, 1)
    const certificate = await issueAuthorityCertificate(
      pair,
      {
        ...request('ID-CA'),
        validity: { notBefore: NOW, notAfter: far },
      },
      webCrypto,
    )
    expect(Date.parse(new X509Certificate(certificate.pem).validTo)).toBe(far)
    expect(certificate.notAfter).toBe(far)
  })

  it('is read into what Node reads from it', () => {
    const judged = new X509Certificate(server.pem)
    expect(judged.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(judged.checkHost('localhost')).toBe('localhost')
    expect(judged.ca).toBe(false)
    expect(judged.checkIssued(new X509Certificate(authority.pem))).toBe(true)
    expect(judged.verify(new X509Certificate(authority.pem).publicKey)).toBe(true)
    expect(server).toMatchObject({
      version: 3,
      serial: judged.serialNumber.toLowerCase(),
      subject: { text: 'CN=ID-Server', commonName: 'ID-Server' },
      issuer: { text: 'CN=ID-CA', commonName: 'ID-CA' },
      signatureName: 'sha256WithRSAEncryption',
      basicConstraints: { authority: false, pathLength: undefined },
      keyUsage: ['digitalSignature', 'keyEncipherment'],
      extendedKeyUsage: ['serverAuth'],
      subjectAltName: [
        { kind: 'DNS', value: 'localhost' },
        { kind: 'IP', value: '127.0.0.1' },
      ],
    })
    expect(authority.basicConstraints).toEqual({ authority: true, pathLength: 0 })
    expect(authority.keyUsage).toEqual(['keyCertSign', 'cRLSign'])
  })

  it('is signed by its issuer and nobody else, over its own bytes', async () => {
    expect(await isSignedBy(server, authority.publicKey, webCrypto)).toBe(true)
    expect(await isSignedBy(server, server.publicKey, webCrypto)).toBe(false)
    const changed = server.der.slice()
    const name = Buffer.from(changed).lastIndexOf('ID-Server')
    changed[name] = 'J'.charCodeAt(0)
    const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(changed).toString('base64')}\n-----END CERTIFICATE-----\n`
    expect(parseCertificate(pem).subject.commonName).toBe('JD-Server')
    expect(await isSignedBy(parseCertificate(pem), authority.publicKey, webCrypto)).toBe(false)
  })

  it('with anything behind its end is no certificate', () => {
    const longer = Buffer.concat([server.der, Buffer.from([0])]).toString('base64')
    const pem = `-----BEGIN CERTIFICATE-----\n${longer}\n-----END CERTIFICATE-----\n`
    expect(() => parseCertificate(pem)).toThrow('The text is not an X.509 certificate with an RSA key.')
  })

  it('is PEM with line feeds alone and one at its end', () => {
    expect(server.pem).toMatch(
      /^-----BEGIN CERTIFICATE-----\n(?:[A-Za-z0-9+/=]{1,64}\n)+-----END CERTIFICATE-----\n$/,
    )
  })
})
