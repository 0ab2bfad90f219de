/** What views show of keys and certificates, compared with what Node's own crypto says of them. */
import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toHex } from '#shared/bytes'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { describePrivateKey, privateKeyFromPem } from '#shared/crypto/primitives/rsa'
import { describeCertificate, describeCertS, describeKey } from '#shared/inspect/describe'
import { readVector } from '../../support/vectors'
import { jwkOf } from '../../support/jwk'

const vector = readVector('classic')
const answer = vector.opened.find(({ step }) => step === 2)!.plaintext
const server = String(answer['x509_s'])

describe('a certificate', () => {
  it.each([
    ['of the authority', vector.ca_certificate],
    ['of the server', server],
  ])('%s is described as Node reads it', async (_, pem) => {
    const judged = new X509Certificate(pem)
    const view = await describeCertificate(parseCertificate(pem))
    expect(view.fingerprint.toUpperCase()).toBe(judged.fingerprint256)
    expect(view.serial.replaceAll(':', '').toUpperCase()).toBe(judged.serialNumber)
    expect([view.notBefore, view.notAfter]).toEqual([
      Date.parse(judged.validFrom),
      Date.parse(judged.validTo),
    ])
    expect(view.subject).toBe(judged.subject)
    expect(view.issuer).toBe(judged.issuer)
    expect(view.selfSigned).toBe(judged.subject === judged.issuer)
    expect(view.pem).toBe(pem)
    expect(view.version).toBe(3)
    expect(view.signatureName).toBe('sha256WithRSAEncryption')
    expect(Buffer.from(judged.raw).toString('hex')).toContain(view.signature)
  })

  it('has its extensions in words', async () => {
    const view = await describeCertificate(parseCertificate(server))
    const texts = Object.fromEntries(
      view.extensions.map(({ name, text, critical }) => [name, { text, critical }]),
    )
    expect(texts).toMatchObject({
      basicConstraints: { text: 'CA: no', critical: true },
      keyUsage: { text: 'digitalSignature, keyEncipherment', critical: true },
      extKeyUsage: { text: 'serverAuth', critical: false },
      subjectAltName: { text: 'DNS: localhost, IP: 127.0.0.1', critical: false },
    })
  })
})

describe('a key', () => {
  it('is described as Node reads it', async () => {
    const key = createPublicKey(server)
    const spki = key.export({ type: 'spki', format: 'der' })
    const view = await describeKey(parseCertificate(server).publicKey)
    expect(view).toMatchObject({ bits: 2048, exponent: 65_537 })
    expect(view.modulusHex).toBe(Buffer.from(jwkOf(key).n!, 'base64url').toString('hex'))
    const digest = createHash('sha256').update(spki).digest()
    expect(view.fingerprint).toBe(toHex(digest, ':'))
    expect(view.pin).toBe(digest.toString('base64'))
    expect(view.pem).toBe(key.export({ type: 'spki', format: 'pem' }))
  })

  it('has private parts that belong together', async () => {
    const parts = await describePrivateKey(privateKeyFromPem(vector.sk_s))
    const [p, q, d, dp, dq, qi] = (['p', 'q', 'd', 'dp', 'dq', 'qi'] as const).map((name) =>
      BigInt(`0x${parts[name]}`),
    )
    const view = await describeKey(parseCertificate(server).publicKey)
    expect(p! * q!).toBe(BigInt(`0x${view.modulusHex}`))
    expect([d! % (p! - 1n), d! % (q! - 1n)]).toEqual([dp, dq])
    expect((qi! * q!) % p!).toBe(1n)
  })
})

describe('Cert_S', () => {
  it('shows the text that was signed, three parts in three pieces', () => {
    const parts = { idS: 'ID-Server', idCa: 'ID-CA', pkS: String(answer['pk_s']) }
    const view = describeCertS(parts, new Uint8Array([0xab, 0x01]))
    expect(view).toEqual({
      ...parts,
      signedText: `ID-Server\nID-CA\n${parts.pkS}`,
      signature: 'ab01',
      algorithm: 'RSASSA-PKCS1-v1_5 with SHA-256',
    })
  })
})
