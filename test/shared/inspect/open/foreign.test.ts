/** Formats that are known and not opened, by how their files begin: each is named, with what to do. */
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { toBase64, toUtf8, type Bytes } from '#shared/bytes'
import { openFile } from '#shared/inspect/open'
import { hex } from '../../../support/der'

const begins = (start: string, rest = '00'.repeat(64)): Bytes => hex(start + rest)
const utf16 = (text: string, swap: boolean): Bytes =>
  new Uint8Array([...toUtf8(text)].flatMap((byte) => (swap ? [0, byte] : [byte, 0])))
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
const SECRET = `apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: ${toBase64(toUtf8(PEM))}\n`

describe('what is known and not opened is named, with what to do', () => {
  it.each<[string, Bytes | string, string, string]>([
    ['a key of PuTTY', 'PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none', 'PuTTY', 'puttygen'],
    ['SSH 1, private', toUtf8('SSH PRIVATE KEY FILE FORMAT 1.1\n\0\0\0\0'), 'SSH version 1', 'ssh-keygen -t'],
    ['SSH 1, public', `1024 65537 ${'1'.repeat(300)} me@here`, 'SSH version 1', 'ssh-keygen -t'],
    ['ssh.com', '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: "x"\n', 'ssh.com', 'ssh-keygen -i'],
    ['JKS', begins('feedfeed00000002'), 'JKS', 'keytool -importkeystore'],
    ['JCEKS', begins('cececece00000002'), 'JCEKS', '-srcstoretype jceks'],
    ['UBER', begins(`0000000100000014${'ab'.repeat(20)}00000400`, 'f7'.repeat(64)), 'UBER', 'UBER'],
    ['PUBLICKEYBLOB', begins('0602000000a40000525341310008'), 'PUBLICKEYBLOB', '-pubin -inform MSBLOB'],
    ['PVK', begins('1ef1b5b000000000'), 'PVK', '-inform PVK'],
    ['age', 'age-encryption.org/v1\n-> X25519 abc\n', 'age', 'age --decrypt'],
    ['a key of age', '# created: 2026\nAGE-SECRET-KEY-1QQQQQQ', 'a key of age', 'age-keygen -y'],
    ['openssl enc', toUtf8('Salted__abcdefgh12345678'), 'openssl enc', '-pbkdf2'],
    ['openssl enc -a', 'U2FsdGVkX19hYmNkZWZnaDEyMzQ1Njc4\n', 'openssl enc', '-a for base64'],
    ['OpenPGP, old packet', begins('99010d04', '5f'.repeat(64)), 'OpenPGP', 'gpg --show-keys'],
    ['OpenPGP, new packet', begins('c6330465', '5f'.repeat(64)), 'OpenPGP', 'gpg --show-keys'],
    ['OpenPGP, a secret key', begins('95036b04', '5f'.repeat(64)), 'OpenPGP', 'gpg --show-keys'],
    ['OpenPGP, a message', begins('85010c03', '5f'.repeat(64)), 'OpenPGP', 'gpg --show-keys'],
    [
      'OpenPGP, armoured after a text',
      `Hello.\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nx\n-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n`,
      'OpenPGP',
      'gpg',
    ],
    ['JWT', `eyJhbGciOiJSUzI1NiJ9.${toBase64(toUtf8('{"a":1}'))}.AAAA`.replace(/=/g, ''), 'JWT', 'JWK'],
    ['JWE in JSON', '{"protected":"e30","iv":"AA","ciphertext":"AA","tag":"AA"}', 'JWE', 'private key'],
    ['JWS in JSON', '{"payload":"AA","signatures":[{"protected":"e30","signature":"AA"}]}', 'JWS', 'JWK'],
    ['a Secret of Kubernetes', SECRET, 'Kubernetes', 'kubectl'],
    ['the same in JSON', JSON.stringify({ kind: 'Secret', data: {} }), 'Kubernetes', 'kubectl'],
    [
      'a kubeconfig',
      `clusters:\n- cluster:\n    certificate-authority-data: ${toBase64(toUtf8(PEM))}\n`,
      'base64 once more',
      'base64 -d',
    ],
    ['UTF-16, little end first', utf16(PEM, false), 'UTF-16', 'iconv'],
    ['UTF-16, big end first', utf16(PEM, true), 'UTF-16', 'iconv'],
    ['ZIP', begins('504b030414'), 'ZIP', 'Unpack'],
    ['gzip', new Uint8Array(gzipSync(PEM)), 'gzip', 'gunzip'],
    ['a web page', '<!DOCTYPE html>\n<html><body>Not found</body></html>', 'web page', 'download'],
  ])('%s', async (_name, content, what, instead) => {
    const bytes = typeof content === 'string' ? toUtf8(content) : content
    const opening = openFile(bytes, 'file')
    await expect(opening).rejects.toMatchObject({ code: 'unsupported_format' })
    await expect(opening).rejects.toThrow(what)
    await expect(opening).rejects.toThrow(instead)
  })

  it.each([
    ['quoted mail', PEM.replace(/^/gm, '> '), 'quoted mail'],
    ['quoted-printable', PEM.replace('MIIB', 'MII=\nB=3D=3D'), 'quoted-printable'],
    ['four hyphens', PEM.replaceAll('-----', '----'), 'five hyphens'],
    ['en dashes', PEM.replaceAll('-----', '–––––'), 'U+2013, en dash'],
    ['a soft hyphen', PEM.replace('MIIB', 'MI\u00adIB'), 'U+00AD, soft hyphen'],
    ['a letter of another alphabet', PEM.replace('MIIB', 'MІIB'), '“І” (U+0406)'],
  ])('PEM with %s', async (_name, text, told) => {
    const opening = openFile(toUtf8(text), 'file')
    await expect(opening).rejects.toMatchObject({ code: 'bad_pem', message: expect.stringContaining(told) })
  })
})
