/** Which hosts a certificate's names cover, compared with what OpenSSL says by way of Node. */
import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { describe, expect, it } from 'vitest'
import { addressBytes, matchDnsName, namesAddress } from '#shared/crypto/pki/host-name'
import { issueFaulty } from '../../../support/certificates'
import { keyPair } from '../../../support/credentials'

const NAMES = [
  'example.com',
  'www.example.com',
  '*.example.com',
  '*.b.example.com',
  'w*.example.com',
  '*w.example.com',
  'w*w.example.com',
  '*.com',
  '*',
  '*.*.example.com',
  'www.*.com',
  'xn--*.example.com',
  '*-.example.com',
  '-*.example.com',
  'w-*.example.com',
  '*-w.example.com',
  '*.exa_mple.com',
  '*.example.com.',
  '*..com',
  'under_score.example.com',
]
const HOSTS = [
  'example.com',
  'EXAMPLE.com',
  'www.example.com',
  'wWw.example.com',
  'w.example.com',
  'ww.example.com',
  'w-w.example.com',
  'a.b.example.com',
  'xn--bcher-kva.example.com',
  'xn--w.example.com',
  'example.com.',
  'www.exa_mple.com',
  'a_b.example.com',
  'under_score.example.com',
  'b.com',
  'com',
]

describe('a DNS name', () => {
  it('covers the hosts that OpenSSL says it covers', async () => {
    const pair = await keyPair('server')
    let covered = 0
    for (const name of NAMES) {
      const pem = issueFaulty({
        signer: pair.privateKey,
        publicKey: pair.publicKey,
        issuer: 'ID-CA',
        subject: ['ID-Server'],
        notBefore: 0,
        notAfter: 1e12,
        extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
      })
      const judge = new X509Certificate(pem)
      for (const host of HOSTS) {
        const match = matchDnsName(name, host)
        const all = judge.checkHost(host, { subject: 'never' }) !== undefined
        const whole = judge.checkHost(host, { subject: 'never', partialWildcards: false }) !== undefined
        expect(match !== undefined, `${name} for ${host}`).toBe(all)
        expect(match === 'exact' || match === 'wildcard', `${name} for ${host}, whole labels`).toBe(whole)
        if (all) covered++
      }
    }
    expect(covered).toBeGreaterThan(20)
  })

  it('is ASCII, and only A to Z have a lower case', () => {
    expect(matchDnsName('ban\u212a.example.com', 'bank.example.com')).toBeUndefined()
    expect(matchDnsName('bank.example.com', 'ban\u212a.example.com')).toBeUndefined()
    expect(matchDnsName('bücher.example', 'bücher.example')).toBeUndefined()
    expect(matchDnsName('BANK.example.com', 'bank.EXAMPLE.com')).toBe('exact')
  })

  it('covers no host that is empty or starts with a dot', () => {
    expect(matchDnsName('', '')).toBeUndefined()
    expect(matchDnsName('*.example.com', '.example.com')).toBeUndefined()
  })
})

describe('an address', () => {
  it.each([
    ['127.0.0.1', '7f000001'],
    ['255.255.255.255', 'ffffffff'],
    ['::1', `${'0'.repeat(31)}1`],
    ['::', '0'.repeat(32)],
    ['2001:db8::ff00:42:8329', '20010db8000000000000ff0000428329'],
    ['2001:DB8:0:0:0:FF00:42:8329', '20010db8000000000000ff0000428329'],
    ['1:2:3:4:5:6:7::', '00010002000300040005000600070000'],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
  ])('%s is read', (text, hex) => {
    expect(Buffer.from(addressBytes(text)!).toString('hex')).toBe(hex)
    expect(isIP(text)).not.toBe(0)
  })

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4 ',
    'localhost',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    'g::',
    '::1.2.3',
    '1.2.3.4::',
    'fe80::1%eth0',
  ])('%j is none', (text) => {
    expect(addressBytes(text)).toBeUndefined()
  })

  it('is named as an address, in any of its text forms, not as a DNS name', () => {
    const names = [
      { kind: 'DNS', value: '127.0.0.1' },
      { kind: 'IP', value: '2001:db8:0:0:0:0:0:1' },
      { kind: 'IP', value: 'invalid' },
    ]
    expect(namesAddress(names, '2001:db8::1')).toBe(true)
    expect(namesAddress(names, '127.0.0.1')).toBe(false)
    expect(namesAddress(names, 'invalid')).toBe(false)
  })
})
