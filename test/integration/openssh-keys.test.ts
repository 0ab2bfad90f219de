/** OpenSSH's form of public keys, as ssh-keygen reads and prints it. */
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { opensshFingerprint, opensshKey, opensshLine } from '#shared/crypto/encodings/openssh'

const folder = mkdtempSync(join(tmpdir(), 'openssh-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))

const spkiOf = (key: KeyObject): Uint8Array<ArrayBuffer> =>
  new Uint8Array(key.export({ type: 'spki', format: 'der' }))
const sshKeygen = (...args: string[]): string => execFileSync('ssh-keygen', args, { encoding: 'utf8' })

describe('a public key for OpenSSH', () => {
  it.each([
    ['RSA 2048', generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey, '2048', 'RSA'],
    [
      'RSA 3072, exponent 3',
      generateKeyPairSync('rsa', { modulusLength: 3072, publicExponent: 3 }).publicKey,
      '3072',
      'RSA',
    ],
    ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey, '256', 'ECDSA'],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey, '384', 'ECDSA'],
    ['P-521', generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey, '521', 'ECDSA'],
    ['Ed25519', generateKeyPairSync('ed25519').publicKey, '256', 'ED25519'],
  ])('%s is what ssh-keygen makes of it', async (_, key, bits, kind) => {
    const openssh = opensshKey(spkiOf(key))!
    const file = join(folder, 'key.pub')
    writeFileSync(file, `${opensshLine(openssh, 'a comment')}\n`)
    expect(sshKeygen('-l', '-f', file)).toBe(
      `${bits} ${await opensshFingerprint(openssh)} a comment (${kind})\n`,
    )
    if (kind === 'ED25519') return
    // ssh-keygen writes and reads these as SubjectPublicKeyInfo too.
    expect(sshKeygen('-e', '-m', 'PKCS8', '-f', file)).toBe(key.export({ type: 'spki', format: 'pem' }))
    const pem = join(folder, 'key.pem')
    writeFileSync(pem, key.export({ type: 'spki', format: 'pem' }))
    expect(sshKeygen('-i', '-m', 'PKCS8', '-f', pem)).toBe(`${opensshLine(openssh)}\n`)
  })

  it('is not there for kinds of keys that OpenSSH doesn’t have, or for no key', () => {
    expect(opensshKey(spkiOf(generateKeyPairSync('x25519').publicKey))).toBeUndefined()
    expect(
      opensshKey(spkiOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey)),
    ).toBeUndefined()
    expect(opensshKey(new Uint8Array([0x30, 0x00]))).toBeUndefined()
  })
})
