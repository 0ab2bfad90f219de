/** Verdicts on the authority's and server's own certificates: what they are made of, and in which words. */
import { beforeAll, describe, expect, it } from 'vitest'
import { toBase64 } from '#shared/bytes'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import type { InspectContext } from '#shared/inspect/artifact'
import { PATH_CHECK_IDS, type PathCheckId, type Verdict } from '#shared/inspect/path/verdict'
import { judgeCertificate } from '#shared/inspect/path'
import { PATH_CHECKS } from '#shared/inspect/path/check-texts'
import type { AuthorityCredentials, ServerCredentials } from '#shared/hl1/state'
import { issueFaulty, SERVER_EXTENSIONS } from '../../support/certificates'
import { authorityCredentials, keyPair, serverCredentials } from '../../support/credentials'

const NOW = Date.UTC(2025, 5, 15)
const DAY = 86_400_000

let authority: AuthorityCredentials
let server: ServerCredentials
let context: InspectContext

beforeAll(async () => {
  authority = await authorityCredentials(NOW)
  server = await serverCredentials(authority, NOW)
  context = { now: NOW, trustAnchors: [authority.certificate.der], intermediates: [], host: '127.0.0.1' }
})

const results = (verdict: Verdict, result: string): PathCheckId[] =>
  verdict.checks.filter((check) => check.result === result).map(({ id }) => id)
const checkOf = (verdict: Verdict, id: PathCheckId) => verdict.checks.find((check) => check.id === id)!

describe('the server’s certificate', () => {
  it('is accepted, with every check in its order', async () => {
    const verdict = await judgeCertificate(server.certificate.der, context)
    expect(verdict.checks.map(({ id }) => id)).toEqual(PATH_CHECK_IDS)
    expect(results(verdict, 'failed')).toEqual([])
    expect(results(verdict, 'warning')).toEqual([])
    expect(results(verdict, 'not_made')).toEqual(['revocation'])
    expect(verdict.accepted).toBe(true)
    expect(verdict.conclusion).toBe('A trusted server certificate for 127.0.0.1: no check has failed.')
    expect(verdict.path.map(({ role, title }) => `${role} ${title}`)).toEqual([
      'leaf CN=ID-Server',
      'anchor CN=ID-CA',
    ])
    expect(verdict.path.map(({ der }) => toBase64(der))).toEqual([
      toBase64(server.certificate.der),
      toBase64(authority.certificate.der),
    ])
  })

  it('has a finding for each certificate that a check looked at', async () => {
    const verdict = await judgeCertificate(server.certificate.der, context)
    expect(checkOf(verdict, 'signature').findings).toEqual([
      {
        position: 0,
        result: 'ok',
        reason: 'The certificate was signed with the key of CN=ID-CA, over the bytes as they stand.',
        found: 'sha256WithRSAEncryption',
      },
      {
        position: 1,
        result: 'ok',
        reason: 'The certificate of CN=ID-CA was signed with its own key, over the bytes as they stand.',
        found: 'sha256WithRSAEncryption',
      },
    ])
    expect(checkOf(verdict, 'host_name').findings).toEqual([
      {
        position: 0,
        result: 'ok',
        reason: 'The certificate names the address.',
        found: 'DNS: localhost, IP: 127.0.0.1',
        expected: 'IP: 127.0.0.1',
      },
    ])
  })

  it('is told in the words of the certificate that a check failed on', async () => {
    const verdict = await judgeCertificate(server.certificate.der, { ...context, now: NOW + 400 * DAY })
    expect(verdict.accepted).toBe(false)
    expect(checkOf(verdict, 'dates')).toMatchObject({
      position: 0,
      result: 'failed',
      reason: 'The certificate has expired.',
      expected: '2026-07-20T00:00:00.000Z',
      title: PATH_CHECKS.dates.title,
    })
    expect(verdict.conclusion).toBe('Not to be relied on. The certificate has expired.')
  })

  it('is not judged by a host when none is named', async () => {
    const verdict = await judgeCertificate(server.certificate.der, { ...context, host: '' })
    expect(results(verdict, 'not_made')).toEqual(['host_name', 'revocation'])
    expect(verdict.accepted).toBe(true)
    expect(verdict.conclusion).toBe('A trusted server certificate: no check has failed.')
  })

  it('is refused after the authority was made anew, and the reason is the other key', async () => {
    const again = await authorityCredentials(NOW, 'stranger')
    const trustAnchors = [again.certificate.der]
    const verdict = await judgeCertificate(server.certificate.der, { ...context, trustAnchors })
    expect(results(verdict, 'failed')).toEqual(['trust_anchor', 'issuer'])
    expect(results(verdict, 'not_made')).toEqual(['signature', 'revocation'])
    expect(checkOf(verdict, 'issuer').reason).toContain('it is of another key')
    expect(checkOf(verdict, 'issuer').found).not.toBe(checkOf(verdict, 'issuer').expected)
    expect(verdict.path.map(({ role }) => role)).toEqual(['leaf'])
  })

  it('is not spoilt by what is no certificate among the others', async () => {
    const noise = new Uint8Array([0x30, 0x03, 1, 2, 3])
    const trustAnchors = [noise, ...context.trustAnchors, ...context.trustAnchors]
    const verdict = await judgeCertificate(server.certificate.der, {
      ...context,
      trustAnchors,
      intermediates: [new Uint8Array(), server.certificate.der],
    })
    expect(verdict.accepted).toBe(true)
  })
})

describe('a path among many', () => {
  it('is found whatever stands before it', async () => {
    // Hundreds with the issuer's name and another key: none of them is tried for ever.
    const strangers = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const { privateKey, publicKey } = await keyPair('stranger')
        const pem = issueFaulty({
          signer: privateKey,
          issuer: `ID-${index}`,
          subject: ['ID-CA'],
          publicKey,
          notBefore: NOW - DAY,
          notAfter: NOW + DAY,
          extensions: [{ name: 'basicConstraints', critical: true, cA: true }],
        })
        return parseCertificate(pem).der
      }),
    )
    const verdict = await judgeCertificate(server.certificate.der, {
      ...context,
      trustAnchors: [...strangers.slice(0, 30), authority.certificate.der],
      intermediates: strangers.slice(30),
    })
    expect(verdict.accepted).toBe(true)
    const lost = await judgeCertificate(server.certificate.der, {
      ...context,
      trustAnchors: [],
      intermediates: strangers,
    })
    expect(results(lost, 'failed')).toContain('trust_anchor')
  })

  it('with more names than can be compared with constraints is refused', async () => {
    const names = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ type: 2, value: `a${index}.test` }))
    const signer = authority.keyPair
    const base = { signer: signer.privateKey, notBefore: NOW - DAY, notAfter: NOW + DAY }
    // One permitted and 1,100 excluded domains, against 1,000 names.
    const subtree = (name: string): string =>
      `30${hexLength(name.length + 2)}82${hexLength(name.length)}${Buffer.from(name).toString('hex')}`
    const hexLength = (length: number): string => length.toString(16).padStart(2, '0')
    const long = (tag: string, body: string): string =>
      `${tag}82${(body.length / 2).toString(16).padStart(4, '0')}${body}`
    const excluded = Array.from({ length: 1_100 }, (_, index) => subtree(`x${index}`)).join('')
    const value = Buffer.from(long('30', long('a1', excluded)), 'hex').toString('latin1')
    const anchor = parseCertificate(
      issueFaulty({
        ...base,
        issuer: 'ID-CA',
        subject: ['ID-CA'],
        publicKey: signer.publicKey,
        extensions: [
          { name: 'basicConstraints', critical: true, cA: true },
          { name: 'nameConstraints', id: '2.5.29.30', critical: true, value },
        ],
      }),
    )
    const leaf = (count: number) =>
      parseCertificate(
        issueFaulty({
          ...base,
          issuer: 'ID-CA',
          subject: ['ID-Server'],
          publicKey: server.publicKey,
          extensions: [{ name: 'subjectAltName', altNames: names(count) }],
        }),
      )
    const judged = async (count: number) =>
      checkOf(
        await judgeCertificate(leaf(count).der, { ...context, trustAnchors: [anchor.der] }),
        'name_constraints',
      )
    expect(await judged(10)).toMatchObject({ result: 'ok' })
    expect(await judged(1_000)).toMatchObject({ result: 'failed' })
  })
})

describe('other certificates', () => {
  it('a trust anchor stands for itself, with a warning that it is an authority’s', async () => {
    const verdict = await judgeCertificate(authority.certificate.der, context)
    expect(verdict.path.map(({ role }) => role)).toEqual(['anchor'])
    expect(results(verdict, 'failed')).toEqual(['host_name', 'key_usage'])
    expect(checkOf(verdict, 'basic_constraints').result).toBe('warning')
  })

  it('a trust anchor whose own signature is wrong is trusted all the same, with a warning', async () => {
    const der = authority.certificate.der.slice()
    der[der.length - 1]! ^= 1
    const verdict = await judgeCertificate(server.certificate.der, { ...context, trustAnchors: [der] })
    expect(verdict.accepted).toBe(true)
    expect(results(verdict, 'warning')).toEqual(['signature'])
    expect(verdict.conclusion).toMatch(/1 check has something to note\.$/)
  })

  it('what several checks speak against is counted', async () => {
    const stranger = await keyPair('stranger')
    const pem = issueFaulty({
      signer: stranger.privateKey,
      issuer: 'ID-CA',
      subject: ['ID-Server'],
      publicKey: server.publicKey,
      notBefore: NOW - 10 * DAY,
      notAfter: NOW - DAY,
      extensions: Object.values(SERVER_EXTENSIONS),
    })
    const verdict = await judgeCertificate(parseCertificate(pem).der, context)
    expect(results(verdict, 'failed')).toEqual(['signature', 'dates', 'key_identifiers'])
    expect(verdict.conclusion).toMatch(/^Not to be relied on\. .+ 2 more checks speak against it\.$/)
  })

  it('what is no certificate is refused with a code', async () => {
    await expect(judgeCertificate(new Uint8Array([1, 2, 3]), context)).rejects.toMatchObject({
      code: 'bad_certificate',
    })
  })
})
