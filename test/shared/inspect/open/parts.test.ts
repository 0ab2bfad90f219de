/** One part that can't be read takes no other along, and a passphrase is called wrong only when it is. */
import { describe, expect, it, vi } from 'vitest'
import { toBase64, toUtf8, type Bytes } from '#shared/bytes'
import { encryptPkcs8 } from '#shared/crypto/containers/pkcs8'
import { decodePem, encodePem } from '#shared/crypto/encodings/pem'
import { openFile, type PassphraseQuestion } from '#shared/inspect/open'
import { readCertificationRequest } from '#shared/inspect/x509/request'
import { bits, context, extension, hex, integer, oid, sequence, set } from '../../../support/der'
import { readVector } from '../../../support/vectors'

vi.setConfig({ testTimeout: 60_000 })

const vector = readVector('classic')
const answer = vector.opened.find(({ step }) => step === 2)!.plaintext
const certificate = String(answer['x509_s'])
const pkcs8 = decodePem('PRIVATE KEY', vector.sk_s)
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const lock = async (content: Bytes) =>
  encodePem('ENCRYPTED PRIVATE KEY', await encryptPkcs8(content, 'x', random))

describe('a passphrase is called wrong only when it is', () => {
  it.each([
    ['a key that was cut short', pkcs8.slice(0, 400), 'opens with this passphrase'],
    ['a certificate', decodePem('CERTIFICATE', certificate), 'opens with this passphrase'],
    ['a key of no algorithm', sequence(integer('00'), sequence(), hex('0400')), 'opens with this passphrase'],
  ])('what was locked is %s', async (_name, content, told) => {
    const asked: PassphraseQuestion[] = []
    const ask = async (question: PassphraseQuestion) => {
      asked.push(question)
      return 'x'
    }
    const opening = openFile(toUtf8(await lock(content)), 'file', { ask })
    await expect(opening).rejects.toMatchObject({
      code: 'bad_encrypted_key',
      message: expect.stringContaining(told),
    })
    expect(asked).toHaveLength(1)
  })
})

describe('one part takes no other along', () => {
  it('in a JWK Set', async () => {
    const key = { kty: 'OKP', crv: 'Ed25519', x: toBase64(new Uint8Array(32).fill(9)).replace(/=/g, '') }
    const keys = [key, null, 7, { kty: 'EC', crv: 'P-999' }, { ...key, x: '!' }, key]
    const { artifacts, notes } = await openFile(toUtf8(JSON.stringify({ keys })), 'set.json')
    expect(artifacts.map(({ kind }) => kind)).toEqual(['public-key', 'public-key'])
    for (const at of [2, 3, 4, 5]) expect(notes.join('\n')).toContain(`Key ${at} of the JWK Set`)
    const list = await openFile(toUtf8(JSON.stringify([null, key])), 'list.json')
    expect(list.artifacts).toHaveLength(1)
  })

  it('in x5c', async () => {
    const key = { kty: 'OKP', crv: 'Ed25519', x: toBase64(new Uint8Array(32).fill(9)).replace(/=/g, '') }
    const body = certificate.replace(/-----[^-]+-----|\s/g, '')
    const x5c = ['***', body, 'MAA=', body]
    const { artifacts, notes } = await openFile(toUtf8(JSON.stringify({ ...key, x5c })), 'key.jwk')
    expect(artifacts.map(({ kind }) => kind)).toEqual(['public-key', 'certificate', 'certificate'])
    expect(notes).toEqual([
      expect.stringContaining('certificate 1 in x5c'),
      expect.stringContaining('certificate 3 in x5c'),
    ])
  })

  it('in PEM: an end without a beginning, an end of another label, a beginning without an end', async () => {
    const broken = certificate.replace('END CERTIFICATE', 'END X509 CRL')
    const text = [`-----END NOTHING-----\n`, certificate, broken, certificate, '-----BEGIN X-----\nAA'].join(
      '',
    )
    const { artifacts, notes } = await openFile(toUtf8(text), 'file')
    expect(artifacts.map(({ kind }) => kind)).toEqual(['certificate', 'certificate'])
    expect(notes.join('\n')).toMatch(/END NOTHING[^]*END X509 CRL[^]*has no END X before the text ends/)
  })

  it('in lines of OpenSSH', async () => {
    const good = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBVtOtpEWkWS21TyCjWihmdx3sRrdY+ghyClb4Pwyvd5 one'
    const text = `${good}\nnot a key\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA\n# a comment\n${good}\n`
    const { artifacts, notes } = await openFile(toUtf8(text), 'authorized_keys')
    expect(artifacts).toHaveLength(2)
    expect(notes).toEqual([expect.stringContaining('in line 2'), expect.stringContaining('in line 3')])
  })
})

it('a request that asks for extensions twice says so', () => {
  const name = (text: string) => extension('2.5.29.17', sequence(context(2, false, toUtf8(text))))
  const asked = (text: string) => sequence(oid('1.2.840.113549.1.9.14'), set(sequence(name(text))))
  const key = sequence(sequence(oid('1.3.101.112')), bits(new Uint8Array(32)))
  const info = sequence(
    integer('00'),
    sequence(),
    key,
    context(0, true, asked('one.example'), asked('two.example')),
  )
  const request = sequence(info, sequence(oid('1.3.101.112')), bits(new Uint8Array(64)))
  const { problems, standard } = readCertificationRequest(request)
  expect(problems).toEqual([expect.stringContaining('asked for in 2 places')])
  expect(standard.subjectAltName).toMatchObject([{ value: 'one.example' }])
})
