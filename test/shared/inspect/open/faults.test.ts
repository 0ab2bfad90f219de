/** Files of test/vectors/faults: each opens as far as it can, and says what it doesn't open and why. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { summarise } from '#shared/inspect/summary'
import { readCertificate } from '#shared/inspect/x509/certificate'
import { LabError } from '#shared/errors'
import { openFile, type OpeningTalk, type PassphraseQuestion } from '#shared/inspect/open'

vi.setConfig({ testTimeout: 60_000 })

const FOLDER = resolve(import.meta.dirname, '../../../vectors/faults/files')
const read = (name: string) => new Uint8Array(readFileSync(join(FOLDER, name)))
const passphraseOf = (name: string): string | undefined => {
  const path = join(FOLDER, `${name}.pass`)
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd() : undefined
}
const open = (name: string, talk?: OpeningTalk) => openFile(read(name), name, talk ?? passphraseOf(name))

/** Who answers with what stands in a table, and remembers what was asked. */
function person(answers: Readonly<Record<string, readonly (string | null)[]>>): {
  readonly talk: OpeningTalk
  readonly asked: PassphraseQuestion[]
} {
  const asked: PassphraseQuestion[] = []
  const left = Object.fromEntries(Object.entries(answers).map(([what, list]) => [what, [...list]]))
  const ask = async (question: PassphraseQuestion): Promise<string | null> => {
    asked.push(question)
    const answer = left[question.what]?.shift()
    if (answer === undefined) throw new Error(`Nobody foresaw: ${question.what}`)
    return answer
  }
  return { talk: { ask }, asked }
}

describe('what opens, and what is told', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['01-authorized_keys-with-sk', ['public-key', 'public-key', 'public-key'], []],
    [
      '03-known_hosts-with-unknown-alg',
      ['public-key', 'public-key', 'public-key'],
      ['line 4 is of the kind ssh-unknown-alg'],
    ],
    ['04-openssh-encrypted', ['private-key'], []],
    [
      '08-java-p12-two-keys-secret-trusted.p12',
      ['private-key', 'private-key', 'certificate', 'certificate', 'certificate', 'other'],
      ['symmetric key (AES)'],
    ],
    ['40a-pkcs8-aes256gcm.pem', ['private-key'], []],
    ['50b-p12-pbmac1.p12', ['private-key', 'certificate', 'certificate', 'other'], []],
    ['50c-p12-aesgcm.p12', ['private-key', 'certificate', 'other'], []],
    [
      '50l-p12-friendlyname-empty-and-latin1-bytes.p12',
      ['private-key', 'certificate', 'certificate', 'other'],
      [],
    ],
    ['50p-p12-one-bad-cert.p12', ['private-key', 'certificate', 'other'], ['certificate 2, was passed over']],
    ['10b-ocsp-response.der', ['certificate', 'other'], []],
    ['11-crl.pem', ['other'], []],
    ['12-smime-multipart.eml', ['certificate', 'other'], []],
    ['12b-smime-opaque.eml', ['certificate', 'other'], []],
    [
      '50i-p12-crlbag-secretbag.p12',
      ['private-key', 'certificate', 'other', 'other'],
      ['bag 3 was passed over: it is a secret'],
    ],
    ['80b-csr-critical-san-challenge-unstructured.der', ['request'], []],
    [
      '81a-p7-good-and-odd-cert.p7b',
      ['certificate', 'certificate', 'other'],
      ['certificate 2, was passed over: The bytes are no certificate'],
    ],
    ['90d-dsaparams.der', ['other'], []],
    ['62d-jwk-x5c-other-key.json', ['public-key', 'certificate'], ['is of another key than the JWK']],
    ['70h-middle-cert-truncated.pem', ['certificate', 'certificate'], ['is cut short']],
    ['70j-prose-mentions-BEGIN.txt', ['certificate'], ['line 1 has no END CERTIFICATE']],
    ['70l-hyphen-label-and-cert.pem', ['other', 'certificate'], []],
  ])('%s', async (name, kinds, told) => {
    const { artifacts, notes } = await open(name)
    expect(artifacts.map(({ kind }) => kind)).toEqual(kinds)
    for (const text of told) expect(notes.join('\n')).toContain(text)
    if (told.length === 0) expect(notes).toEqual([])
  })
})

describe('what is named', () => {
  it.each([
    ['06-windows.pvk', 'unsupported_format', 'openssl rsa -inform PVK'],
    ['06b-msblob-private.bin', 'unsupported_format', 'openssl rsa -inform MSBLOB'],
    ['07-java-BKS.keystore', 'unsupported_format', 'Bouncy Castle (BKS)'],
    ['07-java-BCFKS.keystore', 'unsupported_format', 'Bouncy Castle (BCFKS)'],
    ['62h-jwe.txt', 'unsupported_format', 'JWE'],
    ['71h-gpg-armored-pub.asc', 'unsupported_format', 'OpenPGP'],
    ['70d-smart-dashes.pem', 'bad_pem', 'U+2014, em dash'],
    ['70f-zero-width-space.pem', 'bad_pem', 'U+200B, zero width space'],
  ])('%s', async (name, code, told) => {
    await expect(open(name)).rejects.toMatchObject({ code, message: expect.stringContaining(told) })
  })
})

describe('what it says', () => {
  const facts = async (name: string) => {
    const { artifacts } = await open(name)
    const context = { now: Date.UTC(2026, 10, 29), trustAnchors: [], intermediates: [], host: '' }
    const { heading, facts: all } = await summarise(artifacts.at(-1)!, context)
    return [heading, ...all.map(({ title, text }) => `${title}: ${text}`)].join('\n')
  }

  it.each([
    ['10b-ocsp-response.der', ['OCSP response', 'Status: successful', 'good']],
    ['11-crl.pem', ['Certificate revocation list', 'Issued by', 'Next update']],
    ['12-smime-multipart.eml', ['Kind: signedData', 'Signer: number']],
    [
      '80b-csr-critical-san-challenge-unstructured.der',
      ['challengePassword: s3cret', 'unstructuredName: Unstructured Inc'],
    ],
    ['90d-dsaparams.der', ['Parameters of DSA keys', 'Order: ']],
  ])('%s', async (name, told) => {
    const text = await facts(name)
    for (const each of told) expect(text).toContain(each)
  })

  it('24a-many-extensions.der: extensions that have names have words', async () => {
    const { artifacts } = await open('24a-many-extensions.der')
    const [artifact] = artifacts
    if (artifact?.kind !== 'certificate') throw new Error('It is no certificate.')
    const texts = Object.fromEntries(
      readCertificate(artifact.der).extensions.map(({ name, text }) => [name, text]),
    )
    expect(texts).toMatchObject({
      privateKeyUsagePeriod: expect.stringMatching(/^Not before: 2020-01-01.*; Not after: 2030-01-01/),
      msNtdsSecurity: expect.stringContaining('S-1-5-21-1-2-3-500'),
      cabfOrganizationIdentifier: 'Scheme: VAT; Country: DE; Reference: 123',
      qcStatements: expect.stringMatching(
        /qcPDS: https:\/\/qc\.example, en[^]*qcLimitValue: up to \d+.* EUR/,
      ),
      subjectDirectoryAttributes: expect.stringContaining('dateOfBirth: 1970-01-01'),
    })
  })
})

describe('several locked parts', () => {
  it('are asked for one by one, each told apart; what has opened one is tried at the next without asking', async () => {
    const [one, two] = ['The private key in line 1', 'The private key in line 31']
    const { talk, asked } = person({ [one]: ['two', 'one'], [two]: ['wrong', 'one', 'two'] })
    const { artifacts, notes } = await open('71b-two-keys-different-passphrases.pem', talk)
    expect(artifacts.map(({ kind }) => kind)).toEqual(['private-key', 'private-key'])
    expect(notes).toEqual([])
    expect(asked.map(({ what, problem }) => [what, problem !== undefined])).toEqual([
      [one, false],
      [one, true],
      [two, false],
      [two, true],
      [two, true],
    ])
  })

  it('stay locked each for itself', async () => {
    const name = '71b-two-keys-different-passphrases.pem'
    const { talk } = person({ 'The private key in line 1': [null], 'The private key in line 31': ['two'] })
    const { artifacts, notes } = await open(name, talk)
    expect(artifacts.map(({ kind }) => kind)).toEqual(['other', 'private-key'])
    expect(notes).toEqual([expect.stringContaining('The private key in line 1 is locked and stays so')])
    // One passphrase for all opens what it can, and says what it can't.
    const fixed = await openFile(read(name), name, 'one')
    expect(fixed.artifacts.map(({ kind }) => kind)).toEqual(['private-key', 'other'])
    expect(fixed.notes).toEqual([
      expect.stringContaining('The private key in line 31 is under another passphrase'),
    ])
  })

  it('of a PKCS#12 file: a key with a passphrase of its own takes no certificate along', async () => {
    const key = 'The private key in part 2 of the PKCS#12 file, bag 1'
    const { talk, asked } = person({ 'The PKCS#12 file': ['pw'], [key]: ['pw', null] })
    const { artifacts } = await open('50j-p12-two-key-passwords.p12', talk)
    expect(artifacts.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['certificate', 'other']))
    expect(asked.map(({ what }) => what)).toContain(key)
  })

  it('that somebody gave up end the file', async () => {
    const ask = async () => {
      throw new LabError('cancelled', 'Given up.')
    }
    const opening = open('71b-two-keys-different-passphrases.pem', { ask })
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('a long derivation', () => {
  const name = '95a-p12-mac-6-million.p12'

  it('is not begun before somebody was asked', async () => {
    const started = performance.now()
    await expect(openFile(read(name), name)).rejects.toMatchObject({ code: 'passphrase_needed' })
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  it('tells how far it is, and ends when it is given up', async () => {
    const given = new AbortController()
    const told: number[] = []
    const tell: OpeningTalk['tell'] = ({ what, fraction = 0 }) => {
      expect(what).toBe('The PKCS#12 file')
      told.push(fraction)
      if (told.length === 20) given.abort()
    }
    const opening = open(name, { ask: async () => passphraseOf(name) ?? '', tell, signal: given.signal })
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' })
    expect(told.at(-1)).toBeGreaterThan(0)
    expect(told).toEqual([...told].sort((a, b) => a - b))
  })

  it('opens in the end', async () => {
    const { artifacts } = await open(name)
    expect(artifacts.map(({ kind }) => kind)).toEqual(['certificate', 'other'])
  })
})
