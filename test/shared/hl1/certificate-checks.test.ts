/** Steps 2 and 4 with certificates that were really issued, each with one thing wrong: the check that finds it is named. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { concat, toBase64, toUtf8 } from '#shared/bytes'
import { certSText } from '#shared/crypto/pki/cert-s'
import { decodePem, encodePem } from '#shared/crypto/encodings/pem'
import type { RsaKeyPair, RsaPrivateKey } from '#shared/crypto/primitives/rsa'
import { X509_CHECKS } from '#shared/hl1/check-table'
import type { CheckId } from '#shared/hl1/check-table'
import {
  issueFaulty,
  SERVER_EXTENSIONS,
  type CertificateTemplate,
  type ExtensionTemplate,
} from '../../support/certificates'
import { keyPair } from '../../support/credentials'
import { fakeEnvironment, START } from '../../support/environment'
import { judge, membersOf, runHonestly, withMembers, type HonestRun } from '../../support/handshake'

const DAY = 86_400_000
const STEPS_WITH_CERTIFICATES = [2, 4] as const
/** The checks of steps 2 and 4 between members and freshness, in the order of section 7. */
const ORDER: Readonly<Record<2 | 4, readonly CheckId[]>> = {
  2: ['identity', 'key_pair', 'cert_s_signature', ...X509_CHECKS, 'same_key'],
  4: ['cert_s_signature', 'same_key', ...X509_CHECKS],
}

let run: HonestRun
let keys: Readonly<Record<'authority' | 'server' | 'stranger' | 'other', RsaKeyPair>>
beforeAll(async () => {
  run = await runHonestly(fakeEnvironment())
  const [authority, server, stranger, other] = await Promise.all([
    keyPair('authority'),
    keyPair('server'),
    keyPair('stranger'),
    keyPair('other'),
  ])
  keys = { authority, server, stranger, other }
})

/** A certificate as it should be, but for some changes. */
function certificate(changes: Partial<CertificateTemplate> = {}): string {
  return issueFaulty({
    signer: keys.authority.privateKey,
    issuer: 'ID-CA',
    subject: ['ID-Server'],
    publicKey: keys.server.publicKey,
    notBefore: START - DAY,
    notAfter: START + DAY,
    extensions: Object.values(SERVER_EXTENSIONS),
    ...changes,
  })
}

/** The same with one extension left out (undefined) or replaced. */
function withExtension(name: keyof typeof SERVER_EXTENSIONS, replacement?: object): string {
  const all = { ...SERVER_EXTENSIONS, [name]: replacement && { ...replacement, name } }
  return certificate({ extensions: Object.values(all).filter((extension) => extension !== undefined) })
}

/** The same with one extension more. */
function withMore(extension: object): string {
  const extensions = [...Object.values(SERVER_EXTENSIONS), extension as ExtensionTemplate]
  return certificate({ extensions })
}

/** The same with more key usages than it should have. */
function withUsage(more: object): string {
  return withExtension('keyUsage', { ...SERVER_EXTENSIONS.keyUsage, ...more })
}

/** The bytes in a PEM text, and one more. */
function longer(pem: string): Uint8Array {
  return concat(decodePem('CERTIFICATE', pem), new Uint8Array(1))
}

/** `cert_s` over any three parts, as the protocol writes it, signed by Node's own crypto. */
function certS(
  parts: { idS?: string; idCa?: string; pkS?: string },
  signer = keys.authority.privateKey,
): string {
  const text = certSText({ idS: 'ID-Server', idCa: 'ID-CA', pkS: keys.server.publicKey.pem, ...parts })
  return signature(text, signer)
}

function signature(text: string, signer: RsaPrivateKey, hash = 'sha256'): string {
  return toBase64(new Uint8Array(sign(hash, toUtf8(text), signer.pem)))
}

/** Gives a message with these members to its receiver, and asserts that just this check finds the fault. */
async function expectFault(
  step: 2 | 4,
  changes: Readonly<Record<string, unknown>>,
  failed: CheckId,
  reason: RegExp = /./,
): Promise<void> {
  const verdict = await judge(run.moments[step], await withMembers(run.moments[step], changes))
  expect({ code: verdict.code, step: verdict.step }).toEqual({ code: 'bad_certificate', step })
  const order = [...ORDER[step], 'freshness' as const]
  const own = verdict.record.checks.filter((check) => (order as readonly CheckId[]).includes(check.id))
  expect(own.map((check) => check.id)).toEqual(order)
  const place = order.indexOf(failed)
  expect(own.map((check) => check.result)).toEqual(
    order.map((_, index) => (index < place ? 'passed' : index === place ? 'failed' : 'not_made')),
  )
  expect(own[place]?.reason).toMatch(reason)
  expect(verdict.refusal?.message).toBe(own[place]?.reason)
}

/** Gives a message with these members to its receiver, and asserts that one of them is found not to be of its type. */
async function expectMalformed(step: 2 | 4, changes: Readonly<Record<string, unknown>>): Promise<void> {
  const { code, record } = await judge(run.moments[step], await withMembers(run.moments[step], changes))
  expect(code).toBe('malformed')
  expect(record.checks.find((check) => check.result === 'failed')?.id).toBe('members')
}

/** What is no PEM text of one block with `\n` line ends and the label of a good one (protocol.md section 2). */
const NOT_PEM: readonly (readonly [name: string, make: (good: string) => string])[] = [
  ['nothing', () => ''],
  ['no PEM', () => 'text'],
  ['PEM of nothing', (good) => good.replace(/-\n[^]*\n-/, '-\n-')],
  ['PEM with another label', (good) => good.replaceAll('N ', 'N X').replaceAll('D ', 'D X')],
  ['PEM whose labels differ', (good) => good.replace('BEGIN ', 'BEGIN X')],
  ['PEM with other line ends', (good) => good.replaceAll('\n', '\r\n')],
  ['PEM with an empty line in it', (good) => good.replace('\n', '\n\n')],
  ['PEM with headers', (good) => good.replace('\n', '\nProc-Type: 4,ENCRYPTED\n\n')],
  ['PEM with text before it', (good) => `Subject: server\n${good}`],
  ['PEM with text after it', (good) => `${good}more\n`],
  ['PEM twice', (good) => good + good],
  ['PEM that is cut short', (good) => good.slice(0, -30)],
  ['PEM with other letters', (good) => good.replace('-\n', '-\n*')],
]

describe('good certificates', () => {
  it.each(STEPS_WITH_CERTIFICATES)('of step %i pass every check, in the order of section 7', async (step) => {
    const changes = { x509_s: certificate(), cert_s: certS({}) }
    const { code, record } = await judge(run.moments[step], await withMembers(run.moments[step], changes))
    expect(code).toBe('accepted')
    expect(record.checks.map((check) => check.id)).toEqual([
      'frame',
      'decryption',
      'members',
      ...ORDER[step],
      'freshness',
    ])
    expect(record.checks.every((check) => check.result === 'passed')).toBe(true)
  })
})

describe.each(STEPS_WITH_CERTIFICATES)('in step %i, x509_s', (step) => {
  const faulty = (make: () => string, failed: CheckId, reason?: RegExp) => async (): Promise<void> =>
    expectFault(step, { x509_s: make() }, failed, reason)

  it(
    'signed by another authority of the same name',
    faulty(() => certificate({ signer: keys.stranger.privateKey }), 'x509_signature', /trust anchor/),
  )
  it(
    'signed by the server itself',
    faulty(() => certificate({ signer: keys.server.privateKey, issuer: 'ID-Server' }), 'x509_signature'),
  )
  it(
    'signed with SHA-1',
    faulty(() => certificate({ hash: 'sha1' }), 'x509_signature'),
  )
  it(
    'that says it was signed with SHA-1, though it was not',
    faulty(() => certificate({ statedHash: 'sha1' }), 'x509_signature'),
  )
  it(
    'that names another issuer',
    faulty(() => certificate({ issuer: 'ID-Other' }), 'issuer'),
  )
  it(
    'whose issuer differs in case alone',
    faulty(() => certificate({ issuer: 'id-ca' }), 'issuer'),
  )
  it(
    'that has expired',
    faulty(() => certificate({ notAfter: START - 1000 }), 'validity', /expired/),
  )
  it(
    'that is not valid yet',
    faulty(() => certificate({ notBefore: START + 1000 }), 'validity', /not valid yet/),
  )
  it(
    'of another server',
    faulty(() => certificate({ subject: ['ID-Other'] }), 'subject', /someone else/),
  )
  it(
    'of two names at once',
    faulty(() => certificate({ subject: ['ID-Server', 'ID-Other'] }), 'subject'),
  )
  it(
    'without a name',
    faulty(() => certificate({ subject: [] }), 'subject'),
  )
  it(
    'of an authority',
    faulty(
      () => withExtension('basicConstraints', { critical: true, cA: true }),
      'basic_constraints',
      /is an authority/,
    ),
  )
  it(
    'that does not say whether it is one of an authority',
    faulty(() => withExtension('basicConstraints'), 'basic_constraints', /does not say/),
  )
  it(
    'with a critical extension that nobody here understands',
    faulty(
      () => withMore({ id: '1.2.3.4', critical: true, value: '\u0005\u0000' }),
      'critical_extensions',
      /not understood/,
    ),
  )
  it(
    'that may sign other certificates, though it is not of an authority',
    faulty(() => withUsage({ keyCertSign: true }), 'key_usage'),
  )
  it(
    'that may sign revocation lists',
    faulty(() => withUsage({ cRLSign: true }), 'key_usage'),
  )
  it(
    'without a key usage',
    faulty(() => withExtension('keyUsage'), 'key_usage'),
  )
  it(
    'that may not be used for signatures',
    faulty(() => withExtension('keyUsage', { critical: true, keyEncipherment: true }), 'key_usage'),
  )
  it(
    'that may not be used to transport keys',
    faulty(() => withExtension('keyUsage', { critical: true, digitalSignature: true }), 'key_usage'),
  )
  it(
    'without an extended key usage',
    faulty(() => withExtension('extKeyUsage'), 'extended_key_usage'),
  )
  it(
    'for clients',
    faulty(
      () => withExtension('extKeyUsage', { clientAuth: true, emailProtection: true }),
      'extended_key_usage',
    ),
  )
  it(
    'without a subjectAltName',
    faulty(() => withExtension('subjectAltName'), 'subject_alt_name'),
  )
  it(
    'for another address',
    faulty(
      () => withExtension('subjectAltName', { altNames: [{ type: 7, ip: '127.0.0.2' }] }),
      'subject_alt_name',
    ),
  )
  it(
    'for a name alone, where an address was connected to',
    faulty(
      () => withExtension('subjectAltName', { altNames: [{ type: 2, value: 'localhost' }] }),
      'subject_alt_name',
    ),
  )
  it(
    'that gives the address as if it were a DNS name',
    faulty(
      () => withExtension('subjectAltName', { altNames: [{ type: 2, value: '127.0.0.1' }] }),
      'subject_alt_name',
    ),
  )
  it(
    'for another key',
    faulty(() => certificate({ publicKey: keys.other.publicKey }), 'same_key', /another key/),
  )

  it.each(NOT_PEM)('that is %s, is malformed', async (_, make) => {
    await expectMalformed(step, { x509_s: make(certificate()) })
  })

  it('that is PEM without a line feed at its end, is good', async () => {
    const frame = await withMembers(run.moments[step], { x509_s: certificate().trimEnd() })
    expect((await judge(run.moments[step], frame)).code).toBe('accepted')
  })

  it.each([
    ['PEM of no certificate', () => encodePem('CERTIFICATE', new Uint8Array([0x30, 3, 2, 1, 5]))],
    ['PEM of no base64', () => '-----BEGIN CERTIFICATE-----\nAAAAA\n-----END CERTIFICATE-----\n'],
    ['PEM of a certificate with an extension twice', () => withMore(SERVER_EXTENSIONS.extKeyUsage)],
    ['PEM of a certificate and more', () => encodePem('CERTIFICATE', longer(certificate()))],
  ])('that is %s', async (_, make) => {
    const pem = make()
    // There is nothing that the order of the checks could be kept with: reading comes first.
    const verdict = await judge(run.moments[step], await withMembers(run.moments[step], { x509_s: pem }))
    expect(verdict).toMatchObject({ code: 'bad_certificate', step })
    expect(verdict.record.checks.find((check) => check.result === 'failed')).toMatchObject({
      id: 'x509_signature',
      reason: 'The member x509_s is not an X.509 certificate with an RSA key.',
    })
  })

  it('with a key that is not RSA', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const otherKey = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
    const pem = certificate({ otherKey })
    const verdict = await judge(run.moments[step], await withMembers(run.moments[step], { x509_s: pem }))
    expect(verdict).toMatchObject({ code: 'bad_certificate', step })
    expect(verdict.record.checks.find((check) => check.result === 'failed')?.id).toBe('x509_signature')
  })

  it('is judged by its dates to the millisecond, both ends included', async () => {
    for (const [notBefore, notAfter] of [
      [START, START + DAY],
      [START - DAY, START],
      [START, START],
    ] as const) {
      const changes = { x509_s: certificate({ notBefore, notAfter }) }
      const frame = await withMembers(run.moments[step], changes)
      expect((await judge(run.moments[step], frame)).code).toBe('accepted')
      const past = await judge(run.moments[step], frame, { later: notAfter + 1 - START })
      expect(past.record.checks.find((check) => check.result === 'failed')?.id).toBe('validity')
    }
  })

  it('may name more than the address', async () => {
    const names = [
      { type: 2, value: 'example.org' },
      { type: 7, ip: '10.0.0.1' },
      { type: 7, ip: '127.0.0.1' },
    ]
    const x509 = withExtension('subjectAltName', { altNames: names })
    const frame = await withMembers(run.moments[step], { x509_s: x509 })
    expect((await judge(run.moments[step], frame)).code).toBe('accepted')
  })

  it('is refused before its timestamp is looked at', async () => {
    await expectFault(step, { x509_s: certificate({ issuer: 'ID-Other' }), [`ts${step}`]: 0 }, 'issuer')
  })
})

describe.each(STEPS_WITH_CERTIFICATES)('in step %i, cert_s', (step) => {
  it.each([
    ['by another authority', () => certS({}, keys.stranger.privateKey)],
    ['over another server’s identity', () => certS({ idS: 'ID-Other' })],
    ['over another authority’s identity', () => certS({ idCa: 'ID-Other' })],
    ['over another key', () => certS({ pkS: keys.other.publicKey.pem })],
    [
      'over the key with other line ends',
      () => certS({ pkS: keys.server.publicKey.pem.replaceAll('\n', '\r\n') }),
    ],
    ['over the key without its last line feed', () => certS({ pkS: keys.server.publicKey.pem.trimEnd() })],
    [
      'over the parts joined in another way',
      () => signature(['ID-Server', 'ID-CA', keys.server.publicKey.pem].join(''), keys.authority.privateKey),
    ],
    [
      'with SHA-1',
      () =>
        signature(
          certSText({ idS: 'ID-Server', idCa: 'ID-CA', pkS: keys.server.publicKey.pem }),
          keys.authority.privateKey,
          'sha1',
        ),
    ],
    ['with PSS padding', () => pss()],
    ['of nothing', () => ''],
    ['a byte too short', () => toBase64(new Uint8Array(255).fill(1))],
  ])('that is a signature %s', async (_, make) => {
    await expectFault(step, { cert_s: make() }, 'cert_s_signature')
  })

  it('that has a bit flipped', async () => {
    const good = String(membersOf(run.moments[step])['cert_s'])
    const bytes = Buffer.from(good, 'base64')
    bytes[100]! ^= 0x01
    await expectFault(step, { cert_s: bytes.toString('base64') }, 'cert_s_signature')
  })

  it('does not fit a key that someone has put in the place of the server’s', async () => {
    const changes = { pk_s: keys.other.publicKey.pem }
    if (step === 4) await expectFault(4, changes, 'cert_s_signature')
    else await expectFault(2, { ...changes, sk_s: keys.other.privateKey.pem }, 'cert_s_signature')
  })

  function pss(): string {
    const text = certSText({ idS: 'ID-Server', idCa: 'ID-CA', pkS: keys.server.publicKey.pem })
    const key = { key: keys.authority.privateKey.pem, padding: 6, saltLength: 32 }
    return sign('sha256', toUtf8(text), key).toString('base64')
  }
})

describe('in step 2, sk_s', () => {
  it.each([
    ['of another pair', () => keys.other.privateKey.pem],
    ['that is PEM of noise', () => encodePem('PRIVATE KEY', new Uint8Array([1, 2, 3]))],
    [
      'that is not RSA',
      () =>
        String(
          generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
            type: 'pkcs8',
            format: 'pem',
          }),
        ),
    ],
  ])('%s', async (_, make) => {
    await expectFault(2, { sk_s: make() }, 'key_pair', /not a pair/)
  })

  it.each(NOT_PEM)('that is %s, is malformed', async (_, make) => {
    await expectMalformed(2, { sk_s: make(keys.server.privateKey.pem) })
  })
})

describe('pk_s that is no RSA key', () => {
  const keysThatAreNone = [
    ['PEM of noise', () => encodePem('PUBLIC KEY', new Uint8Array([1, 2, 3]))],
    [
      'an EC key',
      () =>
        String(
          generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
            type: 'spki',
            format: 'pem',
          }),
        ),
    ],
  ] as const

  it.each(NOT_PEM)('%s, is malformed, whoever has signed it', async (_, make) => {
    const pkS = make(keys.server.publicKey.pem)
    for (const step of STEPS_WITH_CERTIFICATES)
      await expectMalformed(step, { pk_s: pkS, cert_s: certS({ pkS }) })
  })

  it.each(keysThatAreNone)('%s, is not the private key’s partner in step 2', async (_, make) => {
    await expectFault(2, { pk_s: make() }, 'key_pair')
  })

  it.each(keysThatAreNone)('%s, is not what cert_s of step 4 was made over', async (_, make) => {
    await expectFault(4, { pk_s: make() }, 'cert_s_signature')
  })

  it.each(keysThatAreNone)(
    '%s, is bad_certificate in step 4 even where the authority has signed it',
    async (_, make) => {
      const pkS = make()
      await expectFault(4, { pk_s: pkS, cert_s: certS({ pkS }) }, 'same_key')
    },
  )
})
