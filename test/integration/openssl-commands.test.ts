/**
 * The commands that the inspector shows, run in a shell on exported files: all of them succeed, and what they print agrees
 * with what the inspector says.
 */
import { spawn } from 'node:child_process'
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toHex, toUtf8, type Bytes } from '#shared/bytes'
import { certSText } from '#shared/crypto/pki/cert-s'
import { decodePem } from '#shared/crypto/encodings/pem'
import { signPkcs1, signPss } from '#shared/crypto/primitives/rsa'
import type { ExportRequest } from '#shared/export'
import { filesOf } from '#shared/export/given'
import { EXPORT_FILES, type ExportFileId } from '#shared/export/items'
import type { Artifact } from '#shared/inspect/artifact'
import { labFiles, type CommandFiles } from '#shared/commands/files'
import { filesFor } from '#shared/commands/files-for'
import type { Command } from '#shared/commands/lines'
import { publicKeyFacts } from '#shared/inspect/key-facts'
import { commandsFor } from '#shared/commands/commands-for'
import { openFile } from '#shared/inspect/open'
import { signatureFacts, signatureOf } from '#shared/inspect/signature'
import { readCertificate } from '#shared/inspect/x509/certificate'
import { readPublicKey } from '#shared/inspect/x509/keys'
import { readCertificationRequest } from '#shared/inspect/x509/request'
import { systemEnvironment } from '#shared/hl1/environment'
import type { AuthorityCredentials, ServerCredentials } from '#shared/hl1/state'
import { writeExport } from '#main/export/write'
import { authorityCredentials, firstList, serverCredentials } from '../support/credentials'
import { AUTHORITY, OpenSslPki, SERVER } from '../support/open-ssl-pki'

const NOW = Date.now()
const PASSPHRASE = 'correct horse'
const COMMON = { id: 'one', title: 'CN=one', source: 'a test' }

const root = mkdtempSync(join(tmpdir(), 'openssl-commands-'))
afterAll(() => rmSync(root, { recursive: true }))
const folderFor = (name: string): Promise<string> => mkdtemp(join(root, `${name}-`))

interface Output {
  readonly code: number | null
  /** Standard output and standard error as they came. */
  readonly all: string
}

/** Runs a line as a person would, without a terminal: what asks for a passphrase reads it from standard input. */
function run(line: string, folder: string): Promise<Output> {
  return new Promise((resolve, reject) => {
    // `detached` takes the terminal away from it.
    const child = spawn('sh', ['-c', line], {
      cwd: folder,
      detached: true,
      // Java opens no file by a name that the locale has no characters for.
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    })
    const all: string[] = []
    child.stdout.on('data', (chunk: Buffer) => all.push(chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => all.push(chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, all: all.join('') }))
    child.stdin.on('error', () => undefined)
    child.stdin.end(`${PASSPHRASE}\n`)
  })
}

/** What the output of each command has to hold, by what the inspector says of the artifact. */
interface Expected {
  readonly contains: readonly string[]
}

const plain = (hex: string): string => hex.replaceAll(':', '')
const dump = (bytes: Uint8Array): string => toHex(bytes.subarray(0, 16), ' ')

async function keyExpectations(spki: Bytes, prefix: string): Promise<Record<string, Expected>> {
  const { fingerprints, opensshLine } = await publicKeyFacts(spki)
  const text = Object.fromEntries(fingerprints.map((print) => [print.id, print.text]))
  const { rsa } = readPublicKey(spki)
  return {
    key_sha256: { contains: [plain(text['spki_sha256']!)] },
    key_pin: { contains: [text['spki_pin']!] },
    key_identifier: { contains: [plain(text['key_identifier']!)] },
    openssh_fingerprint: { contains: [text['openssh'] ?? 'none'] },
    public_openssh: { contains: [opensshLine ?? 'none'] },
    [`${prefix}_modulus`]: { contains: [`Modulus=${rsa?.modulus.toUpperCase() ?? ''}`] },
  }
}

async function certificateExpectations(der: Bytes, issuer?: Bytes): Promise<Record<string, Expected>> {
  const certificate = readCertificate(der)
  const digest = createHash('sha256').update(der).digest('hex')
  const shown = digest.toUpperCase().match(/../g)!.join(':')
  const signature = signatureOf(certificate, COMMON, issuer)
  const opened = signature && (await signatureFacts(signature))
  const name = certificate.subject.commonName!
  return {
    ...(await keyExpectations(certificate.publicKey.spki, 'certificate')),
    // OpenSSL writes the names of RFC 8410 in capitals.
    certificate_text: { contains: [name, certificate.signatureAlgorithm.name.replace(/^Ed/, 'ED')] },
    certificate_names: {
      contains: [`CN = ${name}`, `serial=${certificate.serial.toUpperCase().replace(/^00/, '')}`],
    },
    certificate_hosts: { contains: (certificate.standard.subjectAltName ?? []).map(({ value }) => value) },
    certificate_fingerprint: { contains: [shown] },
    certificate_verify: { contains: [': OK'] },
    certificate_key: { contains: ['They belong together.'] },
    certificate_structure: { contains: ['0:d=0', 'SEQUENCE'] },
    certificate_certtool: { contains: [name] },
    certificate_keytool: { contains: [name, shown] },
    signature_open: { contains: [asDump(opened?.signedDigest ?? '')] },
    signature_digest: { contains: [opened?.signedDigest ?? 'none'] },
    chain_list: { contains: [name, '1: Certificate'] },
    pkcs7_list: { contains: [name] },
    pkcs12_list: { contains: ['MAC: sha256'] },
    pkcs12_keytool: { contains: ['PrivateKeyEntry'] },
    checksums: { contains: ['server.crt: OK'] },
  }
}

/** The first bytes of a digest as asn1parse dumps them. */
function asDump(hex: string): string {
  return hex.slice(0, 14).match(/../g)?.join(' ') ?? ''
}

async function runAll(
  artifact: Artifact,
  files: CommandFiles,
  folder: string,
  expected: Record<string, Expected>,
  host = '',
): Promise<string[]> {
  const commands = commandsFor(artifact, files, host)
  for (const command of commands) await runOne(command, folder, expected[command.id])
  return commands.map(({ id }) => id)
}

async function runOne({ id, line }: Command, folder: string, expected: Expected | undefined): Promise<void> {
  const { code, all } = await run(line, folder)
  expect(code, `${line}\n${all}`).toBe(0)
  expect(expected, `something to expect of ${id}`).toBeDefined()
  for (const text of expected!.contains) expect(all, line).toContain(text)
}

describe('commands on the files of the lab', () => {
  let authority: AuthorityCredentials
  let server: ServerCredentials

  beforeAll(async () => {
    authority = await authorityCredentials(NOW)
    server = await serverCredentials(authority, NOW)
  })

  /** Everything there is, under the names of a table. */
  async function exported(names: (usual: string, index: number) => string, passphrase?: string) {
    const folder = await folderFor('lab')
    const files = EXPORT_FILES.map(({ id, name }, index) => ({ id, name: names(name, index) }))
    const request: ExportRequest = {
      files,
      passphrase: passphrase ?? PASSPHRASE,
      protect: passphrase !== undefined,
    }
    const { random } = systemEnvironment
    const ask = async (): Promise<boolean> => true
    const sources = { authority, server, revocationList: await firstList(authority) }
    await writeExport(request, { folder, sources, random, ask })
    const named = Object.fromEntries(files.map(({ id, name }) => [id, name])) as Record<ExportFileId, string>
    return { folder, named }
  }

  const usual = (name: string): string => name
  const odd = (name: string, index: number): string => {
    const kinds = [
      `it's ${name}`,
      `-${name}`,
      `$HOME & \`${name}\``,
      `a  b;${name}`,
      `ключ#${name}`,
      `~!${name}`,
    ]
    return name === 'SHA256SUMS' ? name : `${kinds[index % kinds.length]!}`
  }

  const artifacts = () => {
    const of = { id: 'x', source: 'the lab' }
    const list: readonly { artifact: Artifact; owner: 'server' | 'authority' }[] = [
      {
        owner: 'server',
        artifact: { kind: 'certificate', ...of, title: 'CN=ID-Server', der: server.certificate.der },
      },
      {
        owner: 'authority',
        artifact: { kind: 'certificate', ...of, title: 'CN=ID-CA', der: authority.certificate.der },
      },
      {
        owner: 'server',
        artifact: { kind: 'public-key', ...of, title: 'PK_S', spki: server.publicKey.spki },
      },
      {
        owner: 'server',
        artifact: { kind: 'private-key', ...of, title: 'SK_S', pkcs8: server.privateKey.pkcs8 },
      },
      {
        owner: 'authority',
        artifact: { kind: 'private-key', ...of, title: 'SK_CA', pkcs8: authority.keyPair.privateKey.pkcs8 },
      },
      {
        owner: 'server',
        artifact: {
          ...{ kind: 'cert-s', ...of, title: 'Cert_S', signature: server.certS! },
          ...{ idS: 'ID-Server', idCa: 'ID-CA', pkS: server.publicKey.pem },
        },
      },
    ]
    return list
  }

  async function expectations(artifact: Artifact): Promise<Record<string, Expected>> {
    const text = certSText({ idS: 'ID-Server', idCa: 'ID-CA', pkS: server.publicKey.pem })
    const digest = createHash('sha256').update(text).digest('hex')
    switch (artifact.kind) {
      case 'certificate': {
        const found = await certificateExpectations(artifact.der, authority.certificate.publicKey.spki)
        return artifact.title === 'CN=ID-CA' ? { ...found, chain_list: { contains: [] } } : found
      }
      case 'private-key':
        return {
          ...(await keyExpectations(
            (artifact.title === 'SK_S' ? server.publicKey : authority.keyPair.publicKey).spki,
            'private',
          )),
          private_text: { contains: ['prime1', 'Private-Key: (2048 bit, 2 primes)'] },
          private_check: { contains: ['Key is valid'] },
          private_public: { contains: ['BEGIN PUBLIC KEY'] },
          private_proof: { contains: ['Verified OK'] },
          private_certificate: { contains: ['They belong together.'] },
          private_certtool: { contains: ['RSA'] },
        }
      case 'public-key':
        return {
          ...(await keyExpectations(server.publicKey.spki, 'public')),
          public_text: { contains: ['Public-Key: (2048 bit)'] },
          public_structure: { contains: ['rsaEncryption'] },
          public_certtool: { contains: ['RSA'] },
        }
      default:
        return {
          cert_s_parts: { contains: [] },
          cert_s_verify: { contains: ['Verified OK'] },
          cert_s_open: { contains: [asDump(digest)] },
          cert_s_digest: { contains: [digest] },
        }
    }
  }

  it.each([
    ['usual', usual],
    ['odd', odd],
  ] as const)('with %s names print what the inspector says', async (kind, names) => {
    const { folder, named } = await exported(names)
    const seen: string[] = []
    for (const { artifact, owner } of artifacts()) {
      const { checksums, ...files } = labFiles(owner, named)
      const used = kind === 'usual' && checksums !== undefined ? { ...files, checksums } : files
      seen.push(...(await runAll(artifact, used, folder, await expectations(artifact), '127.0.0.1')))
    }
    expect(seen.length).toBeGreaterThan(60)
  })

  it('ask for the passphrase of locked keys', async () => {
    const { folder, named } = await exported(usual, PASSPHRASE)
    const [artifact] = artifacts()
      .map((each) => each.artifact)
      .filter(({ kind }) => kind === 'private-key')
    for (const command of commandsFor(artifact!, labFiles('server', named))) {
      if (command.line.split('server.key').length !== 2 || command.tool !== 'openssl') continue
      await runOne(command, folder, (await expectations(artifact!))[command.id])
    }
  })
})

describe('commands on files of other kinds', () => {
  const pkiFolder = mkdtempSync(join(root, 'pki-'))
  const pki = new OpenSslPki(pkiFolder)
  const YEAR = { notBefore: NOW - 86_400_000, notAfter: NOW + 86_400_000 }

  /** Writes an artifact in its PEM or binary forms, under the names that its export begins with. */
  async function written(artifact: Artifact, folder: string): Promise<CommandFiles> {
    for (const { files } of await filesOf(artifact)) {
      for (const { name, encode, private: isPrivate } of files) {
        writeFileSync(join(folder, name), await encode(undefined), { mode: isPrivate ? 0o600 : 0o644 })
      }
    }
    return filesFor(artifact)
  }

  it.each([
    ['P-256', 'ec:P-256'],
    ['P-521', 'ec:P-521'],
    ['secp256k1', 'ec:secp256k1'],
    ['Ed25519', 'ed25519'],
    ['Ed448', 'ed448'],
    ['RSA 1024', 'rsa:1024'],
  ])('certificate, request and keys of %s', async (name, key) => {
    const folder = await folderFor('kinds')
    const authority = pki.issue({ subject: '/CN=Root', key: `${key} root`, extensions: AUTHORITY, ...YEAR })
    const server = pki.issue({
      subject: '/CN=Leaf',
      key: `${key} leaf`,
      issuer: authority,
      extensions: SERVER,
      ...YEAR,
    })
    writeFileSync(join(folder, 'root.crt'), authority.pem)
    const der = decodePem('CERTIFICATE', server.pem)
    const certificate = readCertificate(der)
    const { spki } = certificate.publicKey
    const pkcs8 = decodePem('PRIVATE KEY', readFileSync(server.keyFile, 'utf8'))
    const csr = decodePem('CERTIFICATE REQUEST', readFileSync(join(pkiFolder, 'request.csr'), 'utf8'))
    expect(readCertificationRequest(csr).publicKey.text).toBe(certificate.publicKey.text)

    const of = { id: 'x', title: 'CN=Leaf', source: 'a test' }
    const files = await written({ kind: 'certificate', ...of, der }, folder)
    const issuer = readCertificate(decodePem('CERTIFICATE', authority.pem)).publicKey.spki
    const seen = await runAll(
      { kind: 'certificate', ...of, der },
      // A key of 1024 bits is refused, as it should be.
      { ...files, issuer: 'root.crt', ...(name === 'RSA 1024' ? {} : { authority: 'root.crt' }) },
      folder,
      await certificateExpectations(der, issuer),
    )
    expect(seen).toContain('certificate_text')

    const request: Artifact = { kind: 'request', ...of, der: csr }
    await runAll(request, await written(request, folder), folder, {
      ...(await keyExpectations(spki, 'request')),
      request_text: { contains: ['Leaf'] },
      request_verify: { contains: ['Certificate request self-signature verify OK'] },
      request_subject: { contains: ['CN = Leaf'] },
      request_structure: { contains: ['0:d=0'] },
      request_certtool: { contains: ['Leaf'] },
      request_keytool: { contains: ['CN=Leaf'] },
    })

    const publicKey: Artifact = { kind: 'public-key', ...of, spki }
    await runAll(publicKey, await written(publicKey, folder), folder, {
      ...(await keyExpectations(spki, 'public')),
      public_text: { contains: ['ublic'] },
      public_structure: { contains: ['0:d=0'] },
      public_certtool: { contains: ['Public Key'] },
    })

    const privateKey: Artifact = { kind: 'private-key', ...of, pkcs8 }
    await runAll(privateKey, await written(privateKey, folder), folder, {
      ...(await keyExpectations(spki, 'private')),
      private_text: { contains: ['riv'] },
      private_check: { contains: ['Key is valid'] },
      private_public: { contains: ['BEGIN PUBLIC KEY'] },
      private_proof: { contains: ['Verified OK'] },
      private_certtool: { contains: ['Key'] },
    })
  })

  it('signatures of every scheme', async () => {
    const folder = await folderFor('signatures')
    const signed = toUtf8('the signed bytes')
    writeFileSync(join(folder, 'signed.bin'), signed)
    const bytes = (buffer: Buffer): Bytes => new Uint8Array(buffer)
    const export_ = (key: KeyObject): Bytes => bytes(key.export({ type: 'spki', format: 'der' }))
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pkcs8 = bytes(rsa.privateKey.export({ type: 'pkcs8', format: 'der' }))
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const ed = generateKeyPairSync('ed25519')
    const own = { pkcs8, pem: '' }
    const ecdsa = { oid: '1.2.840.10045.4.3.2', parameters: undefined }
    const eddsa = { oid: '1.3.101.112', parameters: undefined }
    const base = { kind: 'signature', ...COMMON, signed } as const
    const digest = createHash('sha256').update(signed).digest('hex')
    const cases: readonly [Artifact & { kind: 'signature' }, readonly string[]][] = [
      [
        {
          ...base,
          scheme: 'RSASSA-PKCS1-v1_5',
          signature: await signPkcs1(own, signed),
          signer: export_(rsa.publicKey),
        },
        [asDump(digest)],
      ],
      [
        {
          ...base,
          scheme: 'RSASSA-PSS',
          signature: await signPss(own, signed),
          signer: export_(rsa.publicKey),
        },
        [],
      ],
      [
        {
          ...base,
          scheme: 'ECDSA',
          algorithm: ecdsa,
          signature: bytes(sign('sha256', signed, ec.privateKey)),
          signer: export_(ec.publicKey),
        },
        [],
      ],
      [
        {
          ...base,
          scheme: 'EdDSA',
          algorithm: eddsa,
          signature: bytes(sign(null, signed, ed.privateKey)),
          signer: export_(ed.publicKey),
        },
        [],
      ],
    ]
    for (const [artifact, opened] of cases) {
      const key: Artifact = { kind: 'public-key', ...COMMON, spki: artifact.signer! }
      const { publicKey } = await written(key, folder)
      const files = { ...(await written(artifact, folder)), publicKey: publicKey!, signed: 'signed.bin' }
      const facts = await signatureFacts(artifact)
      const block = artifact.scheme === 'RSASSA-PSS' ? [dump(facts.block!)] : opened
      const seen = await runAll(artifact, files, folder, {
        signature_bytes: { contains: [dump(artifact.signature)] },
        signature_block: { contains: block },
        signature_verify: {
          contains: [artifact.scheme === 'EdDSA' ? 'Signature Verified Successfully' : 'Verified OK'],
        },
      })
      expect(seen).toContain('signature_verify')
    }
  })

  it('symmetric keys and anything else', async () => {
    const folder = await folderFor('others')
    const key = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8])
    const secret: Artifact = { kind: 'symmetric-key', ...COMMON, symbol: 'K_tmp1', key }
    await runAll(secret, await written(secret, folder), folder, {
      secret_bytes: { contains: ['01 02 03 04 05 06 07 08'] },
      secret_digest: { contains: [createHash('sha256').update(key).digest('hex')] },
    })
    const der = new Uint8Array([0x30, 3, 2, 1, 42])
    const other: Artifact = { kind: 'other', ...COMMON, der, what: 'ASN.1' }
    await runAll(other, await written(other, folder), folder, {
      other_structure: { contains: ['INTEGER           :2A'] },
      other_digest: { contains: [createHash('sha256').update(der).digest('hex')] },
    })
  })

  it.each([
    ['10b-ocsp-response.der', 'OCSPResponse', 'OCSP Response Status: successful'],
    ['11-crl.pem', 'CertificateList', 'Certificate Revocation List (CRL)'],
    ['12-smime-multipart.eml', 'ContentInfo', 'signerInfos'],
    ['90d-dsaparams.der', 'Dss-Parms', 'Q:'],
  ])('what OpenSSL says of %s', async (name, what, said) => {
    const folder = await folderFor(what)
    const bytes = new Uint8Array(await readFile(join('test/vectors/faults/files', name)))
    const found = (await openFile(bytes, name)).artifacts.at(-1)!
    expect(found).toMatchObject({ kind: 'other', what })
    const der = found.kind === 'other' ? found.der : new Uint8Array()
    // As it is exported: test/integration/own-file-commands.test.ts has it as it lies.
    const artifact: Artifact = { ...COMMON, kind: 'other', what, der }
    await runAll(artifact, await written(artifact, folder), folder, {
      other_text: { contains: [said] },
      other_structure: { contains: ['SEQUENCE'] },
      other_digest: { contains: [createHash('sha256').update(der).digest('hex')] },
    })
  })
})
