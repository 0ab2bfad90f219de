/** The search of a profile that tries several paths: the one that holds is found, and circles end. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Bytes } from '#shared/bytes'
import { decodePem } from '#shared/crypto/encodings/pem'
import type { RsaKeyPair } from '#shared/crypto/primitives/rsa'
import type { InspectContext } from '#shared/inspect/artifact'
import { judgeCertificate } from '#shared/inspect/path'
import { issueFaulty, SERVER_EXTENSIONS, type ExtensionTemplate } from '../../support/certificates'
import { keyPair } from '../../support/credentials'

const NOW = Date.UTC(2026, 10, 29)
const DAY = 86_400_000
/** All have one key, and one identifier of it. */
const KEY_IDENTIFIERS: readonly ExtensionTemplate[] = [
  { name: 'subjectKeyIdentifier', id: '2.5.29.14', value: '\x04\x04same' },
  { name: 'authorityKeyIdentifier', id: '2.5.29.35', value: '\x30\x06\x80\x04same' },
]
const AUTHORITY: readonly ExtensionTemplate[] = [
  { name: 'basicConstraints', critical: true, cA: true },
  { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
  ...KEY_IDENTIFIERS,
]
/** Permits names below `other.test` alone. */
const ELSEWHERE: ExtensionTemplate = {
  ...{ name: 'nameConstraints', id: '2.5.29.30', critical: true },
  value: '\x30\x10\xa0\x0e\x30\x0c\x82\x0aother.test',
}

let key: RsaKeyPair
beforeAll(async () => (key = await keyPair('stranger')))

function issue(issuer: string, subject: string, extensions = AUTHORITY, notAfter = NOW + DAY): Bytes {
  const pem = issueFaulty({
    ...{ signer: key.privateKey, publicKey: key.publicKey, issuer, subject: [subject], extensions },
    ...{ notBefore: NOW - DAY, notAfter },
  })
  return decodePem('CERTIFICATE', pem)
}

const server = (issuer: string): Bytes =>
  issue(issuer, 'ID-Server', [...Object.values(SERVER_EXTENSIONS), ...KEY_IDENTIFIERS])
const context = (
  profile: 'openssl' | 'web',
  trustAnchors: readonly Bytes[],
  intermediates: readonly Bytes[],
) => ({ now: NOW, host: 'localhost', profile, trustAnchors, intermediates }) satisfies InspectContext

describe('a path of the profile Web', () => {
  it('is one of several that holds, where OpenSSL has one alone', async () => {
    const root = issue('Root', 'Root')
    const leaf = server('Between')
    const between = [issue('Root', 'Between', [...AUTHORITY, ELSEWHERE]), issue('Root', 'Between')]
    for (const intermediates of [between, [...between].reverse()]) {
      expect((await judgeCertificate(leaf, context('web', [root], intermediates))).accepted).toBe(true)
    }
    const refused = await judgeCertificate(leaf, context('openssl', [root], between))
    expect(refused.conclusion).toContain('outside of what')
    const none = await judgeCertificate(leaf, context('web', [root], between.slice(0, 1)))
    expect(none.conclusion).toContain('outside of what')
  })

  it('ends at an anchor that another one has signed', async () => {
    const anchors = [issue('Unknown', 'Between')]
    expect((await judgeCertificate(server('Between'), context('web', anchors, []))).accepted).toBe(true)
    expect((await judgeCertificate(server('Between'), context('openssl', anchors, []))).accepted).toBe(false)
  })

  it('is given up where a dozen authorities have all issued each other, and found where one leads out', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `Circle ${index}`)
    const circle = names.flatMap((issuer) =>
      names.filter((name) => name !== issuer).map((subject) => issue(issuer, subject)),
    )
    const leaf = server('Circle 0')
    const root = issue('Root', 'Root')
    const started = performance.now()
    const lost = await judgeCertificate(leaf, context('web', [root], circle))
    expect(lost.checks.find(({ id }) => id === 'trust_anchor')?.result).toBe('failed')
    // Searched to the end it would be longer than anybody lives.
    expect(performance.now() - started).toBeLessThan(20_000)
    const out = [...circle, issue('Root', 'Circle 11')]
    expect((await judgeCertificate(leaf, context('web', [root], out))).accepted).toBe(true)
  })
})
