/**
 * Files of every format with a mutation inside, through all that the inspector and the export do with them: whatever goes wrong
 * has a code and words, and nothing is called sound or accepted that OpenSSL (3.0) doesn't load or verify.
 */
import { createPrivateKey, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { toUtf8, type Bytes } from '#shared/bytes'
import { readChildren, readElement, writeElement } from '#shared/crypto/encodings/der'
import { decodePem } from '#shared/crypto/encodings/pem'
import { LabError } from '#shared/errors'
import { filesOf } from '#shared/export/given'
import type { Artifact, InspectContext } from '#shared/inspect/artifact'
import { privateKeyFacts, publicKeyFacts } from '#shared/inspect/key-facts'
import { openFile } from '#shared/inspect/open'
import { summarise } from '#shared/inspect/summary'
import { commandsOf } from '../../renderer/common/inspect/worker/commands'
import { linksOf } from '../../renderer/common/inspect/worker/related'
import { ForeignFiles } from '../support/foreign-files'
import { mutatedFiles, mutatedTo, type MutatedFile } from '../support/mutated-files'
import { AUTHORITY, OpenSslPki, PKI_NOW, SERVER } from '../support/open-ssl-pki'
import { openssl } from '../support/open-ssl'
import { sampleSize } from '../support/sample'
import { fromFaults, fromOpenssl } from '../support/seed-files'

vi.setConfig({ testTimeout: 600_000, hookTimeout: 60_000 })

const SEED = 20_261_129
const COUNT = sampleSize(10_000, 20)
const CHAINS = sampleSize(4_000, 20)

const folder = mkdtempSync(join(tmpdir(), 'mutated-files-'))
const foreign = new ForeignFiles()
afterAll(() => {
  rmSync(folder, { recursive: true })
  foreign.remove()
})

/** Of a good server's certificate, and those that are there for information. */
const EVERY_EXTENSION = [
  ...SERVER,
  'certificatePolicies=2.23.140.1.2.1,1.3.6.1.4.1.99999.1',
  'crlDistributionPoints=URI:http://crl.example/lab.crl',
  'authorityInfoAccess=OCSP;URI:http://ocsp.example/',
  'issuerAltName=URI:http://lab.example/',
  'tlsfeature=status_request',
]

/** What went wrong without words, or was called better than it is. */
const findings: string[] = []

/** Does everything with a file, and takes down what shouldn't have come. Gives what was called sound. */
async function goThrough(file: MutatedFile, context: InspectContext): Promise<readonly Artifact[]> {
  const sound: Artifact[] = []
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (error) {
      const told = error instanceof LabError && !error.isOwnFault && error.message.trim() !== ''
      if (!told)
        findings.push(
          `${file.name}: ${file.how}: ${what}: ${String((error as Error).stack ?? error).slice(0, 600)}`,
        )
      return undefined
    }
  }
  const opened = await attempt('open', () => openFile(file.bytes, file.name, file.passphrase))
  for (const artifact of opened?.artifacts ?? []) {
    const summary = await attempt('summary', () => summarise(artifact, context, {}))
    if (summary && [summary.heading, summary.lead, summary.conclusion].some((text) => text.trim() === ''))
      findings.push(`${file.name}: ${file.how}: a summary without words`)
    if (summary?.soundness === 'sound' || summary?.verdict?.accepted) sound.push(artifact)
    if (artifact.kind === 'private-key') await attempt('facts', () => privateKeyFacts(artifact.pkcs8))
    if (artifact.kind === 'public-key') await attempt('facts', () => publicKeyFacts(artifact.spki))
    await attempt('links', () => linksOf(artifact, []))
    await attempt('commands', () =>
      commandsOf({ artifact, owner: undefined, names: {}, certificates: [], host: '' }),
    )
    const groups = (await attempt('export', () => filesOf(artifact))) ?? []
    for (const { files, missing } of groups) {
      for (const { reason } of missing) if (reason.trim() === '') findings.push(`${file.name}: no reason`)
      for (const { format, lock, encode } of files) {
        if (lock === 'always') continue
        await attempt(`export as ${format}`, () => encode(undefined))
      }
    }
  }
  return sound
}

/** True where OpenSSL loads it. */
async function loads(artifact: Artifact): Promise<boolean> {
  const file = join(folder, 'one.der')
  const [bytes, args] =
    artifact.kind === 'certificate'
      ? [artifact.der, ['x509', '-noout']]
      : artifact.kind === 'public-key'
        ? [artifact.spki, ['pkey', '-pubin', '-pubcheck', '-noout']]
        : artifact.kind === 'private-key'
          ? [artifact.pkcs8, ['pkey', '-noout', '-check']]
          : artifact.kind === 'request'
            ? [artifact.der, ['req', '-verify', '-noout']]
            : [undefined, []]
  if (!bytes) return true
  writeFileSync(file, bytes)
  const { ok, output } = await openssl([...args, '-inform', 'DER', '-in', file])
  return ok && !/verify failure|Key is invalid/i.test(output)
}

describe('a mutated file', () => {
  it(`is read, explained and written with a code and words for all that fails: ${COUNT}`, async () => {
    const files = mutatedFiles([...fromOpenssl(foreign), ...fromFaults()], COUNT, SEED)
    const context = { now: Date.now(), trustAnchors: [], intermediates: [], host: '' }
    let [opened, sound] = [0, 0]
    for (const file of files) {
      for (const artifact of await goThrough(file, context)) {
        sound++
        if (!(await loads(artifact)))
          findings.push(
            `${file.name}: ${file.how}: ${artifact.kind} ${artifact.title} is called sound, OpenSSL refuses it`,
          )
      }
      opened++
    }
    console.info(`${opened} mutated files, ${sound} times sound`)
    expect(sound).toBeGreaterThan(COUNT / 20)
    expect(findings.splice(0)).toEqual([])
  })

  it(`that its authority has signed is accepted only where OpenSSL accepts it: ${CHAINS}`, async () => {
    const pki = new OpenSslPki(mkdtempSync(join(folder, 'pki-')))
    const root = pki.issue({ subject: '/O=Lab/CN=Root', key: 'rsa:2048 root', extensions: AUTHORITY })
    const key = createPrivateKey(readFileSync(root.keyFile))
    const leaves = (['rsa:2048', 'ec:P-256', 'ec:P-384', 'ed25519'] as const).map((kind) => {
      const subject = '/C=AU/O=Lab/CN=ID-Server'
      const { pem } = pki.issue({ subject, key: kind, issuer: root, extensions: EVERY_EXTENSION })
      const leaf = decodePem('CERTIFICATE', pem)
      return readChildren(leaf, readElement(leaf)).map(({ start, end }) => leaf.slice(start, end))
    })
    const trustAnchors = [decodePem('CERTIFICATE', root.pem)]
    const context = { now: PKI_NOW, trustAnchors, intermediates: [], host: 'localhost' }
    const mutated = leaves.flatMap(([tbs, algorithm], index) =>
      mutatedTo(tbs!, Math.ceil(CHAINS / leaves.length), SEED + index).map((each) => ({
        ...each,
        algorithm: algorithm!,
      })),
    )
    let accepted = 0
    for (const { bytes, how, algorithm } of mutated) {
      const signature = sign('sha256', bytes, key)
      const der: Bytes = writeElement(
        0x30,
        bytes,
        algorithm!,
        writeElement(0x03, new Uint8Array(1), signature),
      )
      const file = { name: 'leaf.der', bytes: der, passphrase: undefined, how }
      const sound = await goThrough(file, context)
      if (sound.length === 0) continue
      accepted++
      writeFileSync(
        join(folder, 'leaf.pem'),
        toUtf8(
          `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`,
        ),
      )
      const at = ['-attime', String(Math.floor(context.now / 1000))]
      const strict = [
        '-x509_strict',
        '-purpose',
        'sslserver',
        '-auth_level',
        '2',
        '-verify_hostname',
        'localhost',
      ]
      const { ok, output } = await openssl([
        'verify',
        ...at,
        ...strict,
        '-CAfile',
        root.file,
        join(folder, 'leaf.pem'),
      ])
      if (!ok) findings.push(`${how}: accepted, and OpenSSL says ${output.slice(0, 200)}`)
    }
    console.info(`${CHAINS} mutated certificates, ${accepted} accepted`)
    expect(accepted).toBeGreaterThan(CHAINS / 50)
    expect(findings.splice(0)).toEqual([])
  })
})
