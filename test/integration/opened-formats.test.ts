/**
 * What opens: files of other programs in every format and under every protection, opened with the app's own code. The table of
 * docs/formats.md is what was found; `UPDATE_DOCS=1` writes it anew.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { LabError } from '#shared/errors'
import { openFile } from '#shared/inspect/open'
import { summarise } from '#shared/inspect/summary'
import { bits, context, hex, integer, oid, sequence, set, utf8 } from '../support/der'
import { ForeignFiles, PASSPHRASE } from '../support/foreign-files'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const ROOT = resolve(import.meta.dirname, '../..')
const DOCUMENT = join(ROOT, 'docs/formats.md')
const [BEGIN, END] = ['<!-- what opens -->', '<!-- /what opens -->'] as const
const LEGACY = ['-provider', 'legacy', '-provider', 'default']
const VECTORS = 'test/vectors/faults/files'

interface Row {
  readonly format: string
  readonly protection: string
  readonly make: () => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>
  readonly passphrase?: string
}

let files: ForeignFiles
beforeAll(() => {
  files = new ForeignFiles()
  files.write('cnf', '[ca]\ndefault_ca=d\n[d]\ndatabase=index\ndefault_md=sha256\ndefault_crl_days=30\n')
  files.write('index', '')
  files.write('message', 'hello')
})
afterAll(() => files.remove())

const bytes = (buffer: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(buffer)
const openssl = (...args: readonly string[]) => bytes(files.openssl(...args))
const made = (name: string) => async () => bytes(await readFile(join(ROOT, VECTORS, name)))
const pkcs8 = (protection: string, ...how: readonly string[]): Row => ({
  format: 'private key, PKCS#8',
  protection,
  make: () => openssl('pkcs8', '-topk8', '-in', 'ec.key', ...how, '-passout', 'env:PASSPHRASE'),
})
const pem = (cipher: string): Row => ({
  format: 'private key, OpenSSL’s older PEM',
  protection: cipher.slice(1),
  make: () =>
    openssl('rsa', '-in', 'rsa.key', '-traditional', cipher, '-passout', 'env:PASSPHRASE', ...LEGACY),
})
const pkcs12 = (protection: string, ...how: readonly string[]): Row => ({
  format: 'PKCS#12',
  protection,
  make: () =>
    openssl('pkcs12', '-export', '-in', 'ec.crt', '-inkey', 'ec.key', ...how, '-passout', 'env:PASSPHRASE'),
})
const openssh = (cipher: string): Row => ({
  format: 'private key, OpenSSH',
  protection: `bcrypt, ${cipher}`,
  make: () => {
    const name = `ssh-${cipher}`
    files.run('ssh-keygen', '-q', '-t', 'ed25519', '-Z', cipher, '-a', '2', '-N', PASSPHRASE, '-f', name)
    return files.read(name)
  },
})

/** RFC 5755 by hand: no tool here makes one. */
function attributeCertificate(): Uint8Array<ArrayBuffer> {
  const algorithm = sequence(oid('1.2.840.113549.1.1.11'), hex('0500'))
  const names = (name: string) =>
    sequence(context(4, true, sequence(set(sequence(oid('2.5.4.3'), utf8(name))))))
  const time = (text: string) => hex(`180f${Buffer.from(text).toString('hex')}`)
  const info = sequence(
    integer('01'),
    sequence(context(0, true, names('holder'), integer('07'))),
    context(0, true, names('issuer')),
    algorithm,
    integer('2a'),
    sequence(time('20260101000000Z'), time('20270101000000Z')),
    sequence(sequence(oid('2.5.4.72'), set(utf8('admin')))),
  )
  return sequence(info, algorithm, bits(hex('00'.repeat(16))))
}

const keytool = (type: string): Row => ({
  format: `key store, ${type}`,
  protection: 'any',
  make: () => {
    const file = `store.${type}`
    const store = ['-keystore', file, '-storetype', type, '-storepass', 'changeit', '-keypass', 'changeit']
    files.run('keytool', '-genkeypair', '-alias', 'a', '-keyalg', 'EC', '-dname', 'CN=a', ...store)
    return files.read(file)
  },
})

const ROWS: readonly Row[] = [
  {
    format: 'certificate, PEM and DER',
    protection: '–',
    make: () => openssl('x509', '-in', 'rsa.crt', '-outform', 'DER'),
  },
  { format: 'request, PEM and DER', protection: '–', make: () => files.read('ec.csr') },
  {
    format: 'public key, PEM and DER',
    protection: '–',
    make: () => openssl('pkey', '-in', 'ec.key', '-pubout'),
  },
  { format: 'private key, PKCS#8', protection: '–', make: () => files.read('ec.key') },
  pkcs8('PBES2: PBKDF2 with HMAC-SHA-256, AES-256 in CBC mode', '-v2', 'aes-256-cbc'),
  pkcs8('PBES2: HMAC-SHA-512, AES-192 in CBC mode', '-v2', 'aes-192-cbc', '-v2prf', 'hmacWithSHA512'),
  pkcs8('PBES2: HMAC-SHA-224, AES-128 in CBC mode', '-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA224'),
  pkcs8('PBES2: HMAC-SHA-512/256', '-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA512-256'),
  pkcs8('PBES2: HMAC-MD5', '-v2', 'aes-256-cbc', '-v2prf', 'hmacWithMD5'),
  pkcs8('PBES2: scrypt', '-scrypt'),
  pkcs8('PBES2: Camellia', '-v2', 'camellia-256-cbc'),
  pkcs8('PBES2: 3DES', '-v2', 'des3'),
  pkcs8('PBES2: RC2', '-v2', 'rc2-cbc', ...LEGACY),
  {
    format: 'private key, PKCS#8',
    protection: 'PBES2: AES-256-GCM',
    make: made('40a-pkcs8-aes256gcm.pem'),
    passphrase: 'pw',
  },
  pkcs8('PBES2: ARIA', '-v2', 'aria-256-cbc'),
  pkcs8('PBES1: DES with MD5', '-v1', 'PBE-MD5-DES', ...LEGACY),
  pkcs8('PBES1: RC2 with SHA-1', '-v1', 'PBE-SHA1-RC2-64', ...LEGACY),
  pkcs8('PKCS#12’s 3DES', '-v1', 'PBE-SHA1-3DES'),
  pkcs8('PKCS#12’s RC4', '-v1', 'PBE-SHA1-RC4-128', ...LEGACY),
  ...['-aes256', '-camellia128', '-des3', '-des', '-aria256'].map(pem),
  pkcs12('as OpenSSL 3 writes it'),
  pkcs12('as OpenSSL 1 wrote it: 3DES, RC2 of 40 bits', '-legacy'),
  pkcs12(
    'Camellia, MAC with SHA-512',
    '-keypbe',
    'camellia-256-cbc',
    '-certpbe',
    'camellia-256-cbc',
    '-macalg',
    'sha512',
  ),
  pkcs12('MAC with SHA3-256', '-macalg', 'sha3-256'),
  pkcs12('no MAC', '-nomac'),
  { format: 'PKCS#12', protection: 'PBMAC1 (RFC 9579)', make: made('50b-p12-pbmac1.p12'), passphrase: 'pw' },
  { format: 'PKCS#12', protection: 'AES-GCM', make: made('50c-p12-aesgcm.p12'), passphrase: 'pw' },
  {
    format: 'private key, OpenSSH',
    protection: '–',
    make: () => {
      files.run('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', 'ssh-plain')
      return files.read('ssh-plain')
    },
  },
  ...['aes256-ctr', 'aes256-cbc', '3des-cbc', 'aes256-gcm@openssh.com', 'chacha20-poly1305@openssh.com'].map(
    openssh,
  ),
  {
    format: 'authorized_keys, known_hosts, sk- keys',
    protection: '–',
    make: made('01-authorized_keys-with-sk'),
  },
  {
    format: 'revocation list',
    protection: '–',
    make: () => openssl('ca', '-config', 'cnf', '-gencrl', '-keyfile', 'rsa.key', '-cert', 'rsa.crt'),
  },
  { format: 'OCSP response', protection: '–', make: made('10b-ocsp-response.der') },
  {
    format: 'CMS, PKCS#7',
    protection: 'signed',
    make: () =>
      openssl('cms', '-sign', '-in', 'message', '-signer', 'rsa.crt', '-inkey', 'rsa.key', '-outform', 'DER'),
  },
  {
    format: 'CMS, PKCS#7',
    protection: 'encrypted: stays so, recipients are named',
    make: () => openssl('cms', '-encrypt', '-in', 'message', '-outform', 'DER', 'rsa.crt'),
  },
  { format: 'S/MIME', protection: 'signed, multipart', make: made('12-smime-multipart.eml') },
  { format: 'S/MIME', protection: 'signed, opaque', make: made('12b-smime-opaque.eml') },
  {
    format: 'request for a time stamp',
    protection: '–',
    make: () => openssl('ts', '-query', '-data', 'message', '-sha256'),
  },
  {
    format: 'time stamp',
    protection: '–',
    make: () => {
      const tsa = ['-subj', '/CN=tsa', '-addext', 'extendedKeyUsage=critical,timeStamping', '-out', 'tsa.crt']
      files.openssl('req', '-x509', '-key', 'rsa.key', ...tsa)
      files.openssl('ts', '-query', '-data', 'message', '-sha256', '-cert', '-out', 'stamp.tsq')
      files.write('serial', '01')
      files.write(
        'ts.cnf',
        '[tsa]\ndefault_tsa=t\n[t]\nserial=serial\ndefault_policy=1.2.3.4\ndigests=sha256\nsigner_digest=sha256\n',
      )
      const reply = [
        '-queryfile',
        'stamp.tsq',
        '-inkey',
        'rsa.key',
        '-signer',
        'tsa.crt',
        '-config',
        'ts.cnf',
      ]
      files.openssl('ts', '-reply', ...reply, '-out', 'stamp.tsr')
      return files.read('stamp.tsr')
    },
  },
  {
    format: 'attribute certificate',
    protection: '–',
    make: attributeCertificate,
  },
  { format: 'parameters of DSA', protection: '–', make: made('90d-dsaparams.der') },
  { format: 'key store, BKS', protection: 'any', make: made('07-java-BKS.keystore') },
  { format: 'key store, BCFKS', protection: 'any', make: made('07-java-BCFKS.keystore') },
  { format: 'Windows, PVK', protection: '–', make: made('06-windows.pvk') },
  { format: 'Windows, PRIVATEKEYBLOB', protection: '–', make: made('06b-msblob-private.bin') },
  keytool('JKS'),
  keytool('JCEKS'),
  {
    format: 'file of openssl enc',
    protection: 'any',
    make: () => openssl('enc', '-aes-256-cbc', '-pbkdf2', '-in', 'message', '-pass', 'env:PASSPHRASE'),
  },
  {
    format: 'OpenPGP, binary',
    protection: 'any',
    make: () => {
      const home = ['--homedir', files.path('gnupg'), '--batch', '--quiet', '--passphrase', '']
      mkdirSync(files.path('gnupg'), { mode: 0o700 })
      files.run('gpg', ...home, '--quick-generate-key', 'someone@example.org', 'ed25519', 'sign', 'never')
      return bytes(files.run('gpg', ...home, '--export'))
    },
  },
  { format: 'OpenPGP', protection: 'any', make: made('71h-gpg-armored-pub.asc') },
  { format: 'JWE', protection: 'encrypted', make: made('62h-jwe.txt') },
]

/** What became of a file, in a few words. */
async function outcome({ make, passphrase = PASSPHRASE }: Row): Promise<string> {
  try {
    const { artifacts } = await openFile(await make(), 'file', passphrase)
    return [
      ...new Set(
        artifacts.map((artifact) =>
          artifact.kind === 'other' ? artifact.title : artifact.kind.replace('-', ' '),
        ),
      ),
    ].join(', ')
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    return `named (\`${error.code}\`)`
  }
}

it('a time stamp and an attribute certificate say what they are about', async () => {
  const context = { now: Date.UTC(2026, 10, 29), trustAnchors: [], intermediates: [], host: '' }
  const said = async (format: string): Promise<string> => {
    const row = ROWS.find((each) => each.format === format)!
    const { artifacts } = await openFile(await row.make(), 'file')
    const { facts } = await summarise(artifacts.at(-1)!, context)
    return facts.map(({ title, text }) => `${title}: ${text}`).join('\n')
  }
  const hash = createHash('sha256').update('hello').digest('hex')
  const stamp = await said('time stamp')
  for (const text of ['Status: granted', 'Policy: 1.2.3.4', `Of the bytes: ${hash}`])
    expect(stamp).toContain(text)
  const attributes = await said('attribute certificate')
  for (const text of [
    'Holder: directoryName: CN=holder',
    'Issued by: directoryName: CN=issuer',
    'role: admin',
  ]) {
    expect(attributes).toContain(text)
  }
})

it('docs/formats.md says what opens', async () => {
  const lines: string[] = []
  for (const row of ROWS) lines.push(`| ${row.format} | ${row.protection} | ${await outcome(row)} |`)
  const table = ['| format | protection | what comes out |', '| --- | --- | --- |', ...lines].join('\n')
  const document = await readFile(DOCUMENT, 'utf8')
  const [before = '', rest = ''] = document.split(BEGIN)
  const [, after = ''] = rest.split(END)
  const expected = `${before}${BEGIN}\n\n${table}\n\n${END}${after}`
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(DOCUMENT, expected)
  else expect(document).toBe(expected)
  for (const line of lines) expect(line).not.toMatch(/wrong_passphrase|passphrase_needed|\| *\|$/)
})
