/** Files of OpenSSL, OpenSSH and Node: whatever the format, what opens is the same key, certificate or request. */
import { createHash, createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toBase64, toHex, toUtf8, type Bytes } from '#shared/bytes'
import { opensshKey } from '#shared/crypto/encodings/openssh'
import { LabError } from '#shared/errors'
import type { Artifact } from '#shared/inspect/artifact'
import { openFile } from '#shared/inspect/open'
import { readCertificate } from '#shared/inspect/x509/certificate'
import { describePrivateKeyInfo } from '#shared/inspect/x509/keys'
import { readCertificationRequest } from '#shared/inspect/x509/request'
import { ForeignFiles, PASSPHRASE, type KeyKind } from '../support/foreign-files'
import { jwkOf } from '../support/jwk'

const KINDS = ['rsa', 'ec', 'ed25519', 'dsa'] as const satisfies readonly KeyKind[]
const LEGACY = ['-legacy', '-provider', 'legacy', '-provider', 'default'] as const

let files: ForeignFiles

beforeAll(() => {
  files = new ForeignFiles()
})
afterAll(() => files.remove())

/** The public key of an artifact as OpenSSL writes it. */
function publicKeyOf(artifact: Artifact): string | undefined {
  switch (artifact.kind) {
    case 'certificate':
      return toHex(readCertificate(artifact.der).publicKey.spki)
    case 'request':
      return toHex(readCertificationRequest(artifact.der).publicKey.spki)
    case 'public-key':
      return toHex(artifact.spki)
    case 'private-key':
      return toHex(Buffer.from(opensslPublic(artifact.pkcs8)))
    default:
      return undefined
  }
}

function opensslPublic(pkcs8: Bytes): Buffer {
  files.write('opened.der', pkcs8)
  return files.openssl('pkey', '-inform', 'DER', '-in', 'opened.der', '-pubout', '-outform', 'DER')
}

async function open(content: string | Uint8Array, passphrase?: string | null): Promise<readonly Artifact[]> {
  const bytes = typeof content === 'string' ? toUtf8(content) : new Uint8Array(content)
  return (await openFile(bytes, 'file', passphrase)).artifacts
}

/** Opens something that has one artifact, and expects the key of this kind in it. */
async function expectOne(
  content: string | Uint8Array,
  kind: KeyKind,
  what: Artifact['kind'],
  passphrase?: string,
) {
  const artifacts = await open(content, passphrase)
  expect(artifacts.map((artifact) => artifact.kind)).toEqual([what])
  expect(publicKeyOf(artifacts[0]!)).toBe(toHex(files.spki(kind)))
  return artifacts[0]!
}

describe.each(KINDS)('%s', (kind) => {
  it('certificates open from PEM, DER, with text before, and trusted ones', async () => {
    const der = files.openssl('x509', '-in', `${kind}.crt`, '-outform', 'DER')
    const artifact = await expectOne(files.read(`${kind}.crt`), kind, 'certificate')
    expect(artifact.title).toBe(`CN=${kind}.example`)
    expect(artifact.kind === 'certificate' && toHex(artifact.der)).toBe(der.toString('hex'))
    await expectOne(der, kind, 'certificate')
    await expectOne(files.openssl('x509', '-in', `${kind}.crt`, '-text'), kind, 'certificate')
    await expectOne(
      files.openssl('x509', '-in', `${kind}.crt`, '-trustout', '-setalias', 'x'),
      kind,
      'certificate',
    )
  })

  it('certificates are read as Node reads them', () => {
    const judged = new X509Certificate(files.read(`${kind}.crt`))
    const read = readCertificate(new Uint8Array(judged.raw))
    expect(read.problems).toEqual([])
    expect(read.subject.text).toBe(judged.subject.replaceAll('\n', ', '))
    expect(read.serial.replace(/^00/, '').toUpperCase()).toBe(judged.serialNumber)
    expect([read.notBefore, read.notAfter]).toEqual([
      Date.parse(judged.validFrom),
      Date.parse(judged.validTo),
    ])
    expect(read.standard).toMatchObject({
      basicConstraints: { authority: true },
      subjectAltName: [
        { kind: 'DNS', value: `${kind}.example` },
        { kind: 'IP', value: '127.0.0.1' },
      ],
    })
    const identifier = createHash('sha1').update(read.publicKey.keyBytes).digest('hex')
    expect(toHex(read.standard.subjectKeyIdentifier!)).toBe(identifier)
    expect(toHex(read.standard.authorityKeyIdentifier!.keyIdentifier!)).toBe(identifier)
  })

  it('requests open from PEM and DER, with the old label too', async () => {
    await expectOne(files.read(`${kind}.csr`), kind, 'request')
    await expectOne(files.openssl('req', '-in', `${kind}.csr`, '-outform', 'DER'), kind, 'request')
    await expectOne(files.openssl('req', '-in', `${kind}.csr`, '-newhdr', '-text'), kind, 'request')
  })

  it('public keys open from PEM and DER', async () => {
    const pem = files.openssl('pkey', '-in', `${kind}.key`, '-pubout')
    const artifact = await expectOne(pem, kind, 'public-key')
    expect(artifact.kind === 'public-key' && artifact.pem).toBe(pem.toString())
    await expectOne(
      files.openssl('pkey', '-in', `${kind}.key`, '-pubout', '-outform', 'DER'),
      kind,
      'public-key',
    )
  })

  it('private keys open from PKCS#8 in PEM and DER', async () => {
    await expectOne(files.read(`${kind}.key`), kind, 'private-key')
    await expectOne(
      files.openssl('pkcs8', '-topk8', '-nocrypt', '-in', `${kind}.key`, '-outform', 'DER'),
      kind,
      'private-key',
    )
  })

  it.each([
    ['PBES2 as it is by default', []],
    ['PBES2 in DER', ['-outform', 'DER']],
    ['AES-128 and SHA-512', ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA512']],
    ['scrypt', ['-scrypt']],
    ['3DES of PKCS#12', ['-v1', 'PBE-SHA1-3DES']],
  ])('locked private keys open: %s', async (_name, options) => {
    const locked = files.openssl(
      'pkcs8',
      '-topk8',
      '-in',
      `${kind}.key`,
      '-passout',
      'env:PASSPHRASE',
      ...options,
    )
    await expectOne(locked, kind, 'private-key', PASSPHRASE)
    await expect(open(locked)).rejects.toMatchObject({ code: 'passphrase_needed' })
    await expect(open(locked, 'another')).rejects.toMatchObject({ code: 'wrong_passphrase' })
    expect(await open(locked, null)).toMatchObject([{ kind: 'other', what: 'EncryptedPrivateKeyInfo' }])
  })

  it.each([
    ['as today', []],
    ['as old programs wrote it', [...LEGACY]],
    ['without encryption of the certificate', ['-certpbe', 'NONE']],
    ['without a MAC', ['-nomac']],
  ])('PKCS#12 files open: %s', async (_name, options) => {
    const made = ['pkcs12', '-export', '-in', `${kind}.crt`, '-inkey', `${kind}.key`, '-name', 'A friend']
    const locked = files.openssl(...made, '-passout', 'env:PASSPHRASE', ...options)
    const artifacts = await open(locked, PASSPHRASE)
    expect(artifacts.map((artifact) => artifact.kind)).toEqual(['private-key', 'certificate', 'other'])
    const key = toHex(files.spki(kind))
    expect(artifacts.map(publicKeyOf)).toEqual([key, key, undefined])
    expect(artifacts[1]!.title).toBe('A friend')
    await expect(open(locked)).rejects.toMatchObject({ code: 'passphrase_needed' })
    await expect(open(locked, 'another')).rejects.toMatchObject({ code: 'wrong_passphrase' })
    const left = await open(locked, null)
    expect(left.at(-1)).toMatchObject({ kind: 'other', what: 'PFX' })
    expect(left.map((artifact) => artifact.kind)).not.toContain('private-key')
  })

  it('are described in size and family', () => {
    const described = { rsa: 'RSA, 2048 bits', ec: 'EC, P-384', ed25519: 'Ed25519', dsa: 'DSA, 1024 bits' }
    const pkcs8 = files.openssl('pkcs8', '-topk8', '-nocrypt', '-in', `${kind}.key`, '-outform', 'DER')
    expect(describePrivateKeyInfo(new Uint8Array(pkcs8)).text).toBe(described[kind])
  })
})

describe('older forms of private keys', () => {
  it.each<[KeyKind, readonly string[]]>([
    ['rsa', ['rsa', '-traditional']],
    ['rsa', ['rsa', '-traditional', '-outform', 'DER']],
    ['rsa', ['rsa', '-traditional', '-aes128']],
    ['rsa', ['rsa', '-traditional', '-aes192']],
    ['rsa', ['rsa', '-traditional', '-aes256']],
    ['rsa', ['rsa', '-traditional', '-des3']],
    ['ec', ['ec']],
    ['ec', ['ec', '-outform', 'DER']],
    ['ec', ['ec', '-aes256']],
    ['dsa', ['dsa']],
    ['dsa', ['dsa', '-aes256']],
  ])('open: %s %j', async (kind, [command = '', ...options]) => {
    const isLocked = options.some((option) => /aes|des/.test(option))
    const args = [
      command,
      '-in',
      `${kind}.key`,
      ...options,
      ...(isLocked ? ['-passout', 'env:PASSPHRASE'] : []),
    ]
    const made = files.openssl(...args)
    await expectOne(made, kind, 'private-key', isLocked ? PASSPHRASE : undefined)
    if (!isLocked) return
    await expect(open(made)).rejects.toMatchObject({ code: 'passphrase_needed' })
    await expect(open(made, 'another')).rejects.toMatchObject({ code: 'wrong_passphrase' })
  })

  it('open: RSA public keys of PKCS#1', async () => {
    await expectOne(files.openssl('rsa', '-in', 'rsa.key', '-RSAPublicKey_out'), 'rsa', 'public-key')
    await expectOne(
      files.openssl('rsa', '-in', 'rsa.key', '-RSAPublicKey_out', '-outform', 'DER'),
      'rsa',
      'public-key',
    )
  })

  it('name a cipher that can’t be opened', async () => {
    const locked = files.openssl(
      'rsa',
      '-in',
      'rsa.key',
      '-traditional',
      '-aria256',
      '-passout',
      'env:PASSPHRASE',
    )
    await expect(open(locked, PASSPHRASE)).rejects.toMatchObject({
      code: 'unsupported_encryption',
      message: expect.stringContaining('ARIA-256-CBC'),
    })
  })
})

describe('containers', () => {
  const chain = () => Buffer.concat([files.read('rsa.crt'), files.read('ec.crt'), files.read('ed25519.crt')])
  const titles = ['CN=rsa.example', 'CN=ec.example', 'CN=ed25519.example']

  it('a chain in PEM opens in its order', async () => {
    expect((await open(chain())).map(({ title }) => title)).toEqual(titles)
  })

  it('certificates in DER behind one another open, too', async () => {
    const ders = ['rsa', 'ec'].map((kind) => files.openssl('x509', '-in', `${kind}.crt`, '-outform', 'DER'))
    expect((await open(Buffer.concat(ders))).map(({ title }) => title)).toEqual(titles.slice(0, 2))
  })

  it.each(['PEM', 'DER'])('PKCS#7 in %s opens with certificates and revocation lists', async (form) => {
    files.write('chain.pem', chain())
    files.write('ca.cnf', '[ca]\ndefault_ca = a\n[a]\ndatabase = index.txt\ndefault_md = sha256\n')
    files.write('index.txt', '')
    files.openssl(
      'ca',
      '-config',
      'ca.cnf',
      '-gencrl',
      '-crldays',
      '5',
      '-cert',
      'rsa.crt',
      '-keyfile',
      'rsa.key',
      '-out',
      'rsa.crl',
    )
    const made = files.openssl('crl2pkcs7', '-in', 'rsa.crl', '-certfile', 'chain.pem', '-outform', form)
    const artifacts = await open(made)
    const certificates = artifacts.filter(({ kind }) => kind === 'certificate').map(({ title }) => title)
    expect(certificates.sort()).toEqual([...titles].sort())
    expect(artifacts.slice(3)).toMatchObject([
      { what: 'CertificateList', title: 'Revocation list, CN=rsa.example' },
      { what: 'ContentInfo' },
    ])
    expect(await open(files.read('rsa.crl'))).toMatchObject([{ what: 'CertificateList' }])
  })

  it('a bag with attributes, as openssl pkcs12 prints it, opens', async () => {
    const pfx = [
      'pkcs12',
      '-export',
      '-in',
      'ec.crt',
      '-inkey',
      'ec.key',
      '-certfile',
      'rsa.crt',
      '-passout',
      'pass:x',
    ]
    files.write('bag.p12', files.openssl(...pfx))
    const printed = files.openssl('pkcs12', '-in', 'bag.p12', '-passin', 'pass:x', '-nodes')
    expect(printed.toString()).toContain('Bag Attributes')
    const { artifacts, notes } = await openFile(new Uint8Array(printed), 'bag.pem')
    expect(artifacts.map(({ kind }) => kind).sort()).toEqual(['certificate', 'certificate', 'private-key'])
    expect(notes).toEqual([expect.stringMatching(/lines of text outside the PEM blocks/)])
  })

  it('a PKCS#12 file without a passphrase opens without one', async () => {
    const made = files.openssl('pkcs12', '-export', '-in', 'ec.crt', '-inkey', 'ec.key', '-passout', 'pass:')
    expect((await open(made)).map(({ kind }) => kind)).toEqual(['private-key', 'certificate', 'other'])
  })

  it('a signed S/MIME message in DER opens with its certificate', async () => {
    files.write('message', 'hello')
    const made = files.openssl(
      'cms',
      '-sign',
      '-in',
      'message',
      '-signer',
      'rsa.crt',
      '-inkey',
      'rsa.key',
      '-outform',
      'DER',
    )
    expect((await open(made)).map(({ kind }) => kind)).toEqual(['certificate', 'other'])
  })
})

describe('texts in other dress', () => {
  const pem = () => Buffer.from(files.read('ec.crt')).toString()

  it.each<[string, (text: string) => string | Uint8Array]>([
    ['a byte order mark', (text) => `\ufeff${text}`],
    ['line ends of Windows', (text) => text.replaceAll('\n', '\r\n')],
    ['line ends of old Macs', (text) => text.replaceAll('\n', '\r')],
    ['UTF-16, little-endian', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16, big-endian', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['spaces before its lines', (text) => text.replaceAll(/^/gm, '   ')],
    ['one line for all of the base64', (text) => text.replaceAll(/([^-])\n(?!-)/g, '$1')],
    ['all in one line', (text) => text.replaceAll('\n', ' ')],
    ['line feeds as in JSON', (text) => JSON.stringify(text)],
    ['an e-mail around it', (text) => `Hello,\n\nhere it is:\n${text}\nRegards – Grüße`],
    ['Latin-1 around it', (text) => Buffer.concat([Buffer.from('Grüße\n', 'latin1'), Buffer.from(text)])],
    ['base64 without armour', (text) => text.replaceAll(/-----.*-----/g, '')],
    ['hex', (text) => Buffer.from(text.replaceAll(/-----.*-----/g, ''), 'base64').toString('hex')],
    ['hex with colons', (text) => toHex(Buffer.from(text.replaceAll(/-----.*-----/g, ''), 'base64'), ':')],
  ])('open: %s', async (_name, dress) => {
    await expectOne(dress(pem()), 'ec', 'certificate')
  })

  it('a wrong label is told, and the content counts', async () => {
    const { artifacts, notes } = await openFile(toUtf8(pem().replaceAll('CERTIFICATE', 'PUBLIC KEY')), 'file')
    expect(artifacts).toMatchObject([{ kind: 'certificate' }])
    expect(notes).toEqual([
      expect.stringContaining('is called SubjectPublicKeyInfo, but what is in it is Certificate'),
    ])
  })
})

describe('OpenSSH', () => {
  const TYPES = ['rsa', 'ed25519', 'ecdsa'] as const

  beforeAll(() => {
    for (const type of TYPES) {
      files.run('ssh-keygen', '-q', '-t', type, '-N', '', '-C', 'me@here', '-f', `ssh-${type}`)
    }
  })

  /** The blob of a public key as OpenSSH writes it, in base64. */
  const blobOf = (artifact: Artifact): string | undefined => {
    const spki = publicKeyOf(artifact)
    const key = spki === undefined ? undefined : opensshKey(new Uint8Array(Buffer.from(spki, 'hex')))
    return key && toBase64(key.blob)
  }

  it.each(TYPES)('public keys open: %s', async (type) => {
    const line = Buffer.from(files.read(`ssh-${type}.pub`)).toString()
    const block = files.run('ssh-keygen', '-e', '-m', 'RFC4716', '-f', `ssh-${type}.pub`)
    const many = `# comment\n\n${line}from="10.0.0.1",no-pty ${line}`
    for (const content of [line, block, many]) {
      for (const artifact of await open(content)) expect(blobOf(artifact)).toBe(line.split(' ')[1])
    }
    expect(await open(line)).toMatchObject([{ kind: 'public-key', title: 'me@here' }])
    expect(await open(many)).toHaveLength(2)
  })

  it.each(TYPES)('private keys in its own format open: %s', async (type) => {
    const [, blob] = Buffer.from(files.read(`ssh-${type}.pub`))
      .toString()
      .split(' ')
    const artifacts = await open(files.read(`ssh-${type}`))
    expect(artifacts).toMatchObject([{ kind: 'private-key', title: 'me@here, private key' }])
    expect(blobOf(artifacts[0]!)).toBe(blob)
    const check = files.openssl('pkey', '-inform', 'DER', '-in', 'opened.der', '-noout', '-check')
    expect(check.toString()).toContain('Key is valid')
  })

  const CIPHERS = ['aes256-ctr', 'aes192-ctr', 'aes128-cbc', 'aes256-cbc', '3des-cbc']
  const SEALED = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'chacha20-poly1305@openssh.com']

  it.each([...CIPHERS, ...SEALED])('private keys under a passphrase open: %s', async (cipher) => {
    const name = `ssh-${cipher}`
    files.run(
      'ssh-keygen',
      '-q',
      '-t',
      'ed25519',
      '-Z',
      cipher,
      '-a',
      '4',
      '-N',
      PASSPHRASE,
      '-C',
      'me',
      '-f',
      name,
    )
    const { artifacts, notes } = await openFile(files.read(name), name, PASSPHRASE)
    expect(artifacts).toMatchObject([{ kind: 'private-key', title: 'me, private key' }])
    expect(notes).toEqual([])
    expect(blobOf(artifacts[0]!)).toBe(
      Buffer.from(files.read(`${name}.pub`))
        .toString()
        .split(' ')[1],
    )
    await expect(openFile(files.read(name), name)).rejects.toMatchObject({ code: 'passphrase_needed' })
    await expect(openFile(files.read(name), name, 'another')).rejects.toMatchObject({
      code: 'wrong_passphrase',
    })
    const left = await openFile(files.read(name), name, null)
    expect(left.artifacts).toMatchObject([{ kind: 'public-key' }])
  })

  it.each(TYPES)('certificates open, and what they say is shown: %s', async (type) => {
    const [id, host] = ['a key ID', ['-n', 'one.example,two.example', '-h']] as const
    files.run(
      'ssh-keygen',
      '-q',
      '-s',
      'ssh-rsa',
      '-I',
      id,
      ...host,
      '-z',
      '7',
      '-V',
      '20260101:20270101',
      `ssh-${type}.pub`,
    )
    const [artifact] = await open(files.read(`ssh-${type}-cert.pub`))
    expect(artifact).toMatchObject({ kind: 'public-key', title: 'OpenSSH certificate, a key ID' })
    expect(blobOf(artifact!)).toBe(
      Buffer.from(files.read(`ssh-${type}.pub`))
        .toString()
        .split(' ')[1],
    )
    const said = String(files.run('ssh-keygen', '-L', '-f', `ssh-${type}-cert.pub`))
    const details = artifact?.kind === 'public-key' ? artifact.details : undefined
    const texts = Object.fromEntries((details ?? []).map(({ title, text }) => [title, text]))
    expect(texts).toMatchObject({
      For: 'a host',
      'Serial number': '7',
      Principals: 'one.example, two.example',
      Signature: 'rsa-sha2-512: the authority’s key verifies it',
    })
    const fingerprint = /SHA256:\S+(?= \(using)/.exec(said)?.[0]
    expect(texts['Signed by']).toContain(fingerprint)
  })

  it('a certificate whose bytes were changed is told', async () => {
    const line = Buffer.from(files.read('ssh-ed25519-cert.pub')).toString()
    const [name, base64 = '', comment] = line.split(' ')
    const blob = Buffer.from(base64, 'base64')
    blob[blob.indexOf('two.example')]! ^= 1
    const [artifact] = await open(`${name} ${blob.toString('base64')} ${comment}`)
    expect(JSON.stringify(artifact)).toContain('NOT by the authority’s key')
  })
})

describe('JWK', () => {
  const NODE_KINDS = ['rsa', 'ec', 'ed25519'] as const
  const key = (kind: KeyKind) => createPrivateKey(Buffer.from(files.read(`${kind}.key`)))

  it.each(NODE_KINDS)('public and private keys open: %s', async (kind) => {
    const secret = { ...jwkOf(key(kind)), kid: 'mine' }
    const artifact = await expectOne(JSON.stringify(secret), kind, 'private-key')
    expect(artifact.title).toBe('mine, private key')
    await expectOne(JSON.stringify(jwkOf(createPublicKey(key(kind))), undefined, 2), kind, 'public-key')
  })

  it('sets open with all their keys, and kinds that are none are told', async () => {
    const keys = [...NODE_KINDS.map((kind) => jwkOf(createPublicKey(key(kind)))), { kty: 'oct', k: 'AA' }]
    const { artifacts, notes } = await openFile(toUtf8(JSON.stringify({ keys })), 'set.json')
    expect(artifacts.map(publicKeyOf)).toEqual(NODE_KINDS.map((kind) => toHex(files.spki(kind))))
    expect(notes).toEqual([expect.stringContaining('Key 4 of the JWK Set is a symmetric key')])
  })

  it('certificates in x5c open, too', async () => {
    const der = files.openssl('x509', '-in', 'ec.crt', '-outform', 'DER')
    const jwk = { ...jwkOf(createPublicKey(key('ec'))), x5c: [der.toString('base64')] }
    expect((await open(JSON.stringify(jwk))).map(({ kind }) => kind)).toEqual(['public-key', 'certificate'])
  })
})

describe('Java key stores', () => {
  it('are named, with what to do', async () => {
    const pfx = [
      'pkcs12',
      '-export',
      '-in',
      'rsa.crt',
      '-inkey',
      'rsa.key',
      '-name',
      'x',
      '-passout',
      'pass:changeit',
    ]
    files.write('store.p12', files.openssl(...pfx))
    const store = [
      '-srckeystore',
      'store.p12',
      '-srcstorepass',
      'changeit',
      '-destkeystore',
      'store.jks',
      '-deststorepass',
      'changeit',
    ]
    files.run('keytool', '-importkeystore', ...store, '-deststoretype', 'JKS', '-noprompt')
    await expect(open(files.read('store.jks'))).rejects.toMatchObject({
      code: 'unsupported_format',
      message: expect.stringContaining('keytool -importkeystore'),
    })
  })
})

describe('damaged files', () => {
  it('never end in another error than one of ours', async () => {
    const sources = [
      files.read('rsa.crt'),
      files.read('ec.csr'),
      files.read('ed25519.key'),
      files.openssl('x509', '-in', 'ec.crt', '-outform', 'DER'),
    ]
    for (const source of sources) {
      for (let length = 0; length < source.length; length += 7) {
        const cut = new Uint8Array(source.subarray(0, length))
        await openFile(cut, 'cut').catch((error: unknown) => expect(error).toBeInstanceOf(LabError))
      }
    }
  })
})
