/** What the person reads before something leaves: what it is, and where to. */
import { describe, expect, it } from 'vitest'
import { holdsPrivateKey, questionOfCopying, questionOfGiven, questionOfWriting } from '#main/ipc/questions'
import type { Question } from '#main/windows/person'
import { encodePrivateKey } from '#shared/export/encode'
import { keyPair } from '../../support/credentials'

const PLAIN = { name: 'ca.key', owner: 'authority', locked: false } as const
const LOCKED = { name: 'server.p12', owner: 'server', locked: true } as const

/** A question as it is read. */
const read = ({ detail, ...others }: Question) => ({ ...others, detail: detail.join('\n\n') })

describe('a question', () => {
  it('about writing names every private key, whose it is, whether it is locked, and the folder', () => {
    const { message, detail, yes } = read(
      questionOfWriting({ secrets: [LOCKED, PLAIN], replacing: [] }, '/keys'),
    )
    expect(message).toBe(
      'Write the private key of the Application Server and the private key of the Certificate Authority?',
    )
    expect(detail).toContain('/keys')
    expect(detail).toContain('“server.p12”: the private key of the Application Server, under the passphrase.')
    expect(detail).toContain('“ca.key”: the private key of the Certificate Authority, WITHOUT a passphrase.')
    expect(yes).toBe('Write')
  })

  it('about replacing names what is gone then', () => {
    const both = read(questionOfWriting({ secrets: [PLAIN], replacing: ['ca.key', 'ca.crt'] }, '/keys'))
    expect(both.message).toBe('Write the private key of the Certificate Authority and replace 2 files?')
    expect(both.detail).toContain('Replaced, and gone then: ca.key, ca.crt.')
    const alone = read(questionOfWriting({ secrets: [], replacing: ['ca.crt'] }, '/keys'))
    expect(alone).toMatchObject({ message: 'Replace 1 file?', yes: 'Replace' })
    expect(alone.detail).not.toContain('private')
  })

  it('about files that a window has says that they may be private keys', () => {
    const { message, detail } = read(questionOfGiven(['a.crt', 'b.der'], ['b.der'], '/keys'))
    expect(message).toBe('Write 2 files from this window?')
    expect(detail).toMatch(/\/keys: a\.crt, b\.der\.[\s\S]*private key[\s\S]*gone then: b\.der\./)
  })

  it('about the clipboard says who can read it', () => {
    const { message, detail } = read(questionOfCopying([PLAIN]))
    expect(message).toBe('Copy the private key of the Certificate Authority to the clipboard?')
    expect(detail).toMatch(/WITHOUT a passphrase[\s\S]*Every program of this account/)
  })
})

describe('a text', () => {
  it('is known as a private key in every form of text that keys are exported in', async () => {
    const { privateKey } = await keyPair('server')
    const input = { pkcs8: privateKey.pkcs8, certificates: [], friendlyName: 'x' }
    for (const format of ['pem', 'pkcs1', 'jwk', 'jwks'] as const) {
      const text = new TextDecoder().decode(await encodePrivateKey(format, input, undefined))
      expect(holdsPrivateKey(text), format).toBe(true)
    }
  })

  it('is none otherwise', async () => {
    const { publicKey } = await keyPair('server')
    for (const text of [publicKey.pem, '{"d": 1}', 'The private key of ID-Server', ''])
      expect(holdsPrivateKey(text), text).toBe(false)
  })
})
