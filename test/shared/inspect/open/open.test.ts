import { createPrivateKey, createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toBase64, toUtf8 } from '#shared/bytes'
import { signCertS } from '#shared/crypto/pki/cert-s'
import { decodePem, encodePem } from '#shared/crypto/encodings/pem'
import { privateKeyFromPem } from '#shared/crypto/primitives/rsa'
import { webCrypto } from '#shared/crypto/provider'
import { LabError } from '#shared/errors'
import { MAX_FILE_BYTES, openFile } from '#shared/inspect/open'
import { findBlocks, MAX_BLOCKS } from '#shared/inspect/open/pem-blocks'
import { hex, integer, sequence } from '../../../support/der'
import { mutate, seededNumbers } from '../../../support/mutations'
import { readVector } from '../../../support/vectors'

const vector = readVector('classic')
const answer = vector.opened.find(({ step }) => step === 2)!.plaintext
const [certificate, serverKey, publicKey] = [String(answer['x509_s']), vector.sk_s, String(answer['pk_s'])]

const open = (content: string | Uint8Array<ArrayBuffer>, passphrase?: string | null) =>
  openFile(typeof content === 'string' ? toUtf8(content) : content, 'a file', passphrase)

async function refusal(content: string | Uint8Array<ArrayBuffer>): Promise<LabError> {
  const error: unknown = await open(content).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(LabError)
  return error as LabError
}

describe('what opens', () => {
  it('says where it is from, and each part has an identifier of its own', async () => {
    const { name, artifacts } = await open(certificate + serverKey + publicKey)
    expect(name).toBe('a file')
    expect(artifacts.map(({ kind, source }) => [kind, source])).toEqual([
      ['certificate', 'a file: PEM, CERTIFICATE, line 1'],
      ['private-key', expect.stringMatching(/^a file: PEM, PRIVATE KEY, line \d+$/)],
      ['public-key', expect.stringMatching(/^a file: PEM, PUBLIC KEY, line \d+$/)],
    ])
    const again = await open(certificate)
    const ids = [...artifacts, ...again.artifacts].map(({ id }) => id)
    expect(new Set(ids).size).toBe(4)
  })

  it('keeps the exact text of a public key', async () => {
    const { artifacts } = await open(`before\n${publicKey}after`)
    expect(artifacts).toMatchObject([{ kind: 'public-key', pem: publicKey }])
  })

  it('is anything of ASN.1, by its structure at least', async () => {
    const { artifacts } = await open(sequence(sequence(integer('05'), integer('06')), hex('a000')))
    expect(artifacts).toMatchObject([{ kind: 'other', what: 'ASN.1', title: 'ASN.1' }])
  })

  it('is the first element, and what comes after it is told', async () => {
    const { artifacts, notes } = await open(new Uint8Array([...decodePem('CERTIFICATE', certificate), 0x0a]))
    expect(artifacts).toHaveLength(1)
    expect(notes).toEqual([
      expect.stringMatching(/^The file ends at byte \d+; 1 more bytes were left out\.$/),
    ])
  })

  it('is PEM in JSON of others', async () => {
    const { artifacts } = await open(JSON.stringify({ type: 'account', private_key: serverKey }))
    expect(artifacts).toMatchObject([{ kind: 'private-key' }])
  })

  it('is what can be read, when one of several blocks can’t', async () => {
    const { artifacts, notes } = await open(
      `${certificate}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
    )
    expect(artifacts).toHaveLength(1)
    expect(notes).toEqual([expect.stringMatching(/^The PEM block CERTIFICATE in line \d+: /)])
  })
})

describe('Cert_S', () => {
  const parts = { idS: 'ID-Server', idCa: 'ID-CA', pkS: publicKey }
  const exported = async (change: object = {}) => {
    const signature = toBase64(await signCertS(privateKeyFromPem(vector.sk_ca), parts, webCrypto))
    const signed_text = `${parts.idS}\n${parts.idCa}\n${parts.pkS}`
    return JSON.stringify(
      { id_s: parts.idS, id_ca: parts.idCa, pk_s: parts.pkS, signed_text, signature, ...change },
      undefined,
      2,
    )
  }

  it('opens as the export writes it', async () => {
    const { artifacts, notes } = await open(await exported())
    expect(artifacts).toMatchObject([
      { kind: 'cert-s', ...parts, title: 'Cert_S, ID-Server', source: 'a file: Cert_S, JSON' },
    ])
    expect(notes).toEqual([])
  })

  it('is told to be at odds with itself', async () => {
    const { notes } = await open(await exported({ signed_text: 'something else' }))
    expect(notes).toEqual([expect.stringContaining('signed_text')])
  })

  it.each([
    ['a member that is missing', { pk_s: undefined }, 'lacks the member pk_s'],
    ['a member that is no text', { id_ca: 5 }, 'lacks the member id_ca'],
    ['a signature that is none', { signature: '***' }, 'not base64'],
  ])('is refused with %s', async (_name, change, told) => {
    expect(await refusal(await exported(change))).toMatchObject({
      code: 'bad_cert_s',
      message: expect.stringContaining(told),
    })
  })
})

describe('files that don’t open', () => {
  const block = (body: string, label = 'CERTIFICATE') =>
    `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`

  it.each<[string, string | Uint8Array<ArrayBuffer>, string, string]>([
    ['nothing', '', 'empty_file', 'a file is empty'],
    ['spaces', ' \n\t ', 'not_recognised', 'nothing but spaces'],
    ['a text', 'Hello.', 'not_recognised', 'Expected is a certificate'],
    [
      'a picture',
      hex('89504e470d0a1a0a0000000d49484452'),
      'not_recognised',
      'begins with the bytes 89 50 4e 47',
    ],
    [
      'DER that is cut short',
      decodePem('CERTIFICATE', certificate).slice(0, 300),
      'bad_der',
      'at byte 0 states a length of',
    ],
    ['JSON of another kind', '{"a": 1}', 'not_recognised', 'of no kind that is opened here'],
    ['JSON that is none', '{"a": 1', 'bad_json', 'begins like JSON'],
    ['a JWK without its numbers', '{"kty":"RSA","n":"AQAB"}', 'bad_jwk', 'lacks the member e'],
    ['a JWK with a number that is none', '{"kty":"RSA","n":"AQAB","e":"+++"}', 'bad_jwk', 'not base64url'],
    [
      'a JWK with a short coordinate',
      '{"kty":"EC","crv":"P-256","x":"AQAB","y":"AQAB"}',
      'bad_jwk',
      '3 bytes; the curve has 32',
    ],
    [
      'a JWK on another curve',
      '{"kty":"EC","crv":"P-999","x":"AQAB","y":"AQAB"}',
      'unsupported_jwk',
      'P-256, P-384',
    ],
    ['a symmetric JWK', '{"kty":"oct","k":"AQAB"}', 'unsupported_jwk', 'symmetric'],
    ['an empty set', '{"keys":[]}', 'bad_jwk', 'no keys'],
    [
      'PEM without an end',
      certificate.replace('-----END CERTIFICATE-----', ''),
      'bad_pem',
      'line 1 has no END CERTIFICATE before the text ends',
    ],
    [
      'PEM with another end',
      certificate.replace('END CERTIFICATE', 'END PUBLIC KEY'),
      'bad_pem',
      'says END PUBLIC KEY',
    ],
    ['PEM that is no base64', block('M!I'), 'bad_pem', 'it has “!”'],
    ['PEM with a character too few', block('MIIBA'), 'bad_pem', 'number of characters'],
    ['PEM with nothing in it', block(''), 'bad_pem', 'empty'],
    [
      'PEM with another structure',
      block(toBase64(sequence(integer('05')))),
      'bad_certificate',
      'are expected (RFC 5280',
    ],
    ['PEM with bytes that are none', block('AAAA', 'PUBLIC KEY'), 'bad_public_key', 'SubjectPublicKeyInfo'],
    ['a begin of PEM alone', '-----BEGIN \n', 'bad_pem', 'no whole line'],
    ['an OpenPGP key', block('AAAA', 'PGP PUBLIC KEY BLOCK'), 'unsupported_format', 'OpenPGP'],
    ['a Java key store', hex('feedfeed00000002'), 'unsupported_format', 'keytool'],
    ['a key of PuTTY', 'PuTTY-User-Key-File-3: ssh-rsa', 'unsupported_format', 'puttygen'],
    [
      'an OpenSSH key of another kind',
      'ssh-new@example.org AAAAE3NzaC1uZXdAZXhhbXBsZS5vcmc=',
      'unsupported_openssh_key',
      'ssh-new@example.org',
    ],
    [
      'an OpenSSH key that is cut short',
      'ssh-rsa AAAAB3NzaC1yc2EAAAAD',
      'bad_openssh_key',
      'in line 1 is cut short at byte 15',
    ],
    [
      'an EC key without its curve',
      block(toBase64(sequence(integer('01'), hex('040101'))), 'EC PRIVATE KEY'),
      'bad_private_key',
      'doesn’t name its curve',
    ],
  ])('say what was found: %s', async (_name, content, code, told) => {
    const error = await refusal(content)
    expect(error.code).toBe(code)
    expect(error.message).toContain(told)
    expect(error.message).toMatch(/^a file/)
  })

  it('have a limit of size', async () => {
    expect(await refusal(new Uint8Array(MAX_FILE_BYTES + 1))).toMatchObject({
      code: 'file_too_large',
      message: expect.stringContaining('up to 8 MiB'),
    })
  })

  it('have a limit of blocks, behind which nothing is read', () => {
    const text = block('AAAA')
    expect(findBlocks(text.repeat(MAX_BLOCKS))).toMatchObject({ unreadFrom: undefined, faults: [] })
    const { blocks, unreadFrom } = findBlocks(text.repeat(MAX_BLOCKS + 2))
    expect(blocks).toHaveLength(MAX_BLOCKS)
    expect(text.repeat(MAX_BLOCKS).split('\n')).toHaveLength(unreadFrom!)
    // What begins and doesn't end is work too.
    expect(findBlocks('-----BEGIN A-----\n'.repeat(3_000)).faults.length).toBeLessThanOrEqual(MAX_BLOCKS)
  })

  it.each([
    ['PEM blocks', () => spkiPem().repeat(1_003), 'PEM blocks were read; those from line 3001 on'],
    [
      'keys of OpenSSH',
      () => `${opensshKeyLine()}\n`.repeat(1_003),
      'keys were read; those from line 1001 on',
    ],
    ['JSON Web Keys', () => JSON.stringify({ keys: Array(1_003).fill(OKP) }), 'keys of 1,003 were read'],
  ])('have a thousand of more %s opened, and the place told where that ends', async (_what, make, told) => {
    const { artifacts, notes } = await open(make())
    expect(artifacts).toHaveLength(1_000)
    expect(notes).toEqual([expect.stringContaining(told)])
    expect(notes[0]).toContain('The first 1,000')
  })

  it('that are locked ask for the passphrase, unless they shall stay so', async () => {
    const locked = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00000000000000000000000000000000\n\nAAAAAAAAAAAAAAAAAAAAAA==\n-----END RSA PRIVATE KEY-----\n`
    expect((await refusal(locked)).code).toBe('passphrase_needed')
    await expect(open(locked, 'x')).rejects.toMatchObject({ code: 'wrong_passphrase' })
    await expect(open(locked, null)).resolves.toMatchObject({
      artifacts: [{ kind: 'other' }],
      notes: [expect.stringContaining('stays so')],
    })
  })

  it('ask once for many parts under the same passphrase', async () => {
    const options = { type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' } as const
    const locked = String(createPrivateKey(serverKey).export(options))
    const { artifacts, notes } = await open(locked.repeat(17), 'x')
    expect(artifacts.map(({ kind }) => kind)).toEqual(Array(17).fill('private-key'))
    expect(notes).toEqual([])
  })

  it('are told the byte that could not be read, as data too', async () => {
    const der = decodePem('CERTIFICATE', certificate)
    der[5] = 0xff
    expect(await refusal(der)).toMatchObject({
      code: 'bad_der',
      details: { offset: 4 },
      message: expect.stringContaining('byte 4'),
    })
    expect(await refusal(encodePem('CERTIFICATE', der))).toMatchObject({
      code: 'bad_der',
      details: { offset: 4 },
    })
  })
})

describe('damaged files', () => {
  it('open, or end in an error of ours, three thousand times', async () => {
    const below = seededNumbers(3_001)
    const sources = [
      decodePem('CERTIFICATE', certificate),
      decodePem('PRIVATE KEY', serverKey),
      decodePem('PUBLIC KEY', publicKey),
      toUtf8(certificate + publicKey),
    ]
    const codes = new Map<string, number>()
    for (let round = 0; round < 3_000; round++) {
      const bytes = mutate(sources[below(sources.length)]!, below)
      const code = await open(bytes).then(
        () => 'opened',
        (error: unknown) => {
          expect(error).toBeInstanceOf(LabError)
          return (error as LabError).code
        },
      )
      codes.set(code, (codes.get(code) ?? 0) + 1)
    }
    expect(codes.get('opened')).toBeGreaterThan(100)
    expect(codes.get('bad_der')).toBeGreaterThan(100)
    expect(codes.has('internal_error')).toBe(false)
  })
})

const OKP = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }

function opensshKeyLine(): string {
  const key = Buffer.from(OKP.x, 'base64url')
  const part = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes])
  return `ssh-ed25519 ${Buffer.concat([part(Buffer.from('ssh-ed25519')), part(key)]).toString('base64')}`
}

/** Three lines. */
function spkiPem(): string {
  return createPublicKey({ key: OKP, format: 'jwk' }).export({ type: 'spki', format: 'pem' }) as string
}
