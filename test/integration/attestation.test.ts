/** Signatures of revocation lists, OCSP responses, CMS and time stamps as OpenSSL makes them: checked where the signer's certificate is at hand. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Bytes } from '#shared/bytes'
import type { InspectContext } from '#shared/inspect/artifact'
import { openFile } from '#shared/inspect/open'
import { summarise } from '#shared/inspect/summary'
import type { SummaryView } from '#shared/inspect/summary/view'
import { ForeignFiles } from '../support/foreign-files'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const foreign = new ForeignFiles()
afterAll(() => foreign.remove())
const openssl = (...args: readonly string[]): Bytes => new Uint8Array(foreign.openssl(...args))
const certificate = (name: string): Bytes => openssl('x509', '-in', name, '-outform', 'DER')

const CONFIG = `
[ca]
default_ca = lab
[lab]
database = ./index.txt
crlnumber = ./crlnumber
default_md = sha256
default_crl_days = 30
[tsa]
serial = ./tsa.serial
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
signer_digest = sha256
[stamping]
extendedKeyUsage = critical,timeStamping
`

beforeAll(() => {
  foreign.write('config', CONFIG)
  foreign.write('index.txt', 'R\t301231235959Z\t261101000000Z,keyCompromise\t1234\tunknown\t/CN=gone\n')
  foreign.write('crlnumber', '01\n')
  foreign.write('tsa.serial', '01\n')
  foreign.write('content.txt', 'to be signed\n')
  const stamping = ['req', '-x509', '-key', 'rsa.key', '-subj', '/CN=tsa.example', '-days', '30']
  foreign.openssl(...stamping, '-config', 'config', '-extensions', 'stamping', '-out', 'tsa.crt')
  foreign.openssl('ts', '-query', '-data', 'content.txt', '-sha256', '-cert', '-out', 'stamp.tsq')
})

async function summaryOf(file: Bytes, certificates: readonly Bytes[] = []): Promise<SummaryView> {
  const { artifacts } = await openFile(file, 'a file')
  const artifact = artifacts.at(-1)!
  const context: InspectContext = { now: Date.now(), trustAnchors: [], intermediates: certificates, host: '' }
  return summarise(artifact, context)
}

/** The same with its last byte changed, which is one of the signature, or with a byte of what was signed changed. */
function changed(bytes: Bytes, at: number): Bytes {
  const copy = bytes.slice()
  const index = at < 0 ? copy.length + at : at
  copy[index] = (copy[index] ?? 0) ^ 1
  return copy
}

const crl = (kind: string, ...more: readonly string[]): Bytes => {
  const signer = ['-keyfile', `${kind}.key`, '-cert', `${kind}.crt`]
  foreign.openssl('ca', '-config', 'config', '-gencrl', ...signer, ...more, '-out', 'list.pem')
  return openssl('crl', '-in', 'list.pem', '-outform', 'DER')
}

describe('a revocation list', () => {
  it.each(['rsa', 'ec', 'ed25519'])(
    'signed with %s is checked with its issuer’s certificate',
    async (kind) => {
      const list = crl(kind, ...(kind === 'ed25519' ? ['-md', 'null'] : []))
      const own = [certificate(`${kind}.crt`)]
      const good = await summaryOf(list, own)
      expect(good).toMatchObject({ soundness: 'open' })
      expect(good.conclusion).toMatch(
        /^The key of .*example has made the signature, over these bytes\. .* not judged here/,
      )
      const bad = await summaryOf(changed(list, -1), own)
      expect(bad).toMatchObject({
        soundness: 'unsound',
        conclusion: expect.stringContaining('Don’t rely on it'),
      })
      const alone = await summaryOf(list, [certificate(kind === 'rsa' ? 'ec.crt' : 'rsa.crt')])
      expect(alone).toMatchObject({
        soundness: 'open',
        conclusion: expect.stringContaining('was not checked'),
      })
    },
  )

  it('signed with DSA can’t be judged, and over SHA-1 is weak', async () => {
    const dsa = await summaryOf(crl('dsa'), [certificate('dsa.crt')])
    expect(dsa).toMatchObject({
      soundness: 'open',
      conclusion: expect.stringContaining('can’t be checked here'),
    })
    const old = await summaryOf(crl('rsa', '-md', 'sha1'), [certificate('rsa.crt')])
    expect(old).toMatchObject({ soundness: 'weak', weakSpots: [{ id: 'weak_hash' }] })
  })
})

describe('an OCSP response', () => {
  it.each([
    ['by name', []],
    ['by key', ['-resp_key_id']],
  ])('whose responder is named %s is checked', async (_how, more) => {
    foreign.write('ocsp.txt', '')
    const request = ['-issuer', 'rsa.crt', '-serial', '0x1234', '-reqout', 'ocsp.req', '-no_nonce']
    foreign.openssl('ocsp', ...request)
    const signer = ['-rsigner', 'rsa.crt', '-rkey', 'rsa.key', '-CA', 'rsa.crt', '-index', 'index.txt']
    const times = ['-ndays', '7', '-resp_no_certs', ...more]
    foreign.openssl('ocsp', ...signer, ...times, '-reqin', 'ocsp.req', '-respout', 'ocsp.der')
    const response = foreign.read('ocsp.der')
    expect((await summaryOf(response, [certificate('rsa.crt')])).conclusion).toContain(
      'has made the signature',
    )
    expect((await summaryOf(response)).conclusion).toContain('was not checked')
    expect((await summaryOf(changed(response, -1), [certificate('rsa.crt')])).soundness).toBe('unsound')
  })
})

describe('CMS', () => {
  const signed = (kind: string, ...more: readonly string[]): Bytes => {
    const signer = ['-signer', `${kind}.crt`, '-inkey', `${kind}.key`]
    return openssl('cms', '-sign', '-in', 'content.txt', ...signer, '-outform', 'DER', '-binary', ...more)
  }

  it.each<[string, string, readonly string[]]>([
    ['with attributes', 'rsa', ['-nodetach']],
    ['without attributes', 'rsa', ['-nodetach', '-noattr']],
    ['by key identifier', 'ec', ['-nodetach', '-keyid']],
    ['with RSASSA-PSS', 'rsa', ['-nodetach', '-keyopt', 'rsa_padding_mode:pss']],
    ['over SHA-384', 'ec', ['-nodetach', '-md', 'sha384']],
    ['in pieces', 'ec', ['-nodetach', '-stream']],
  ])('signed %s is checked, the content too', async (_how, kind, more) => {
    const file = signed(kind, ...more)
    const good = await summaryOf(file)
    expect(good.conclusion).toContain('has made the signature')
    expect(good.soundness).toBe('open')
    const at = Buffer.from(file).indexOf('to be signed')
    const bad = await summaryOf(changed(file, at))
    expect(bad).toMatchObject({
      soundness: 'unsound',
      conclusion: expect.stringContaining('Don’t rely on it'),
    })
  })

  it('whose content is elsewhere says so, and one without its signer’s certificate was not checked', async () => {
    expect((await summaryOf(signed('rsa'))).conclusion).toContain('The content is not in it')
    const bare = signed('rsa', '-nodetach', '-nocerts')
    expect((await summaryOf(bare)).conclusion).toContain('was not checked')
    expect((await summaryOf(bare, [certificate('rsa.crt')])).conclusion).toContain('has made the signature')
  })

  it('of several signers tells of each', async () => {
    const two = signed('rsa', '-nodetach', '-signer', 'ec.crt', '-inkey', 'ec.key')
    expect((await summaryOf(two)).conclusion).toMatch(/^Signer 1: The key of .* Signer 2: The key of /)
  })
})

it('a time stamp is checked', async () => {
  const reply = ['ts', '-reply', '-config', 'config', '-section', 'tsa', '-queryfile', 'stamp.tsq']
  const stamp = openssl(...reply, '-inkey', 'rsa.key', '-signer', 'tsa.crt')
  expect((await summaryOf(stamp)).conclusion).toContain('The key of CN=tsa.example has made the signature')
  const at = Buffer.from(stamp).indexOf(Buffer.from('2a0304', 'hex'))
  expect((await summaryOf(changed(stamp, at + 2))).soundness).toBe('unsound')
})
