/** Which lists count where several could: a revocation is found whatever their order, and nobody is cleared by his own list. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Bytes } from '#shared/bytes'
import { decodePem } from '#shared/crypto/encodings/pem'
import { judgeCertificate } from '#shared/inspect/path'
import {
  AUTHORITY,
  INTERMEDIATE,
  OpenSslPki,
  PKI_NOW,
  SERVER,
  withLines,
  type Issued,
} from '../support/open-ssl-pki'
import { certificateOf, deltaOf, writeList, type WrittenEntry } from '../support/revocation-cases/list-writer'

const folder = mkdtempSync(join(tmpdir(), 'revocation-order-'))
afterAll(() => rmSync(folder, { recursive: true }))

const HOUR = 3_600_000
const pki = new OpenSslPki(folder)
const issue = (subject: string, key: string, extensions: readonly string[], issuer?: Issued): Issued =>
  pki.issue({ subject, key: `ec:P-256 ${key}`, extensions, ...(issuer ? { issuer } : {}) })
const SIGNS_LISTS = withLines(INTERMEDIATE, 'basicConstraints=critical,CA:FALSE', 'keyUsage=critical,cRLSign')
const root = issue('/O=Lab/CN=Root', 'root', AUTHORITY)
const leaf = issue('/CN=ID-Server', 'server', SERVER, root)
const signer = issue('/O=Lab/CN=Root', 'lists', SIGNS_LISTS, root)
const der = ({ pem }: Issued): Bytes => decodePem('CERTIFICATE', pem)
const on = (certificate: Issued, reason = 1): WrittenEntry => ({
  serial: certificateOf(certificate).serial,
  reason,
})

/** The finding on the server's certificate. */
async function judged(lists: readonly Bytes[], trustAnchors = [root]) {
  const { checks } = await judgeCertificate(der(leaf), {
    ...{ now: PKI_NOW, host: '', trustAnchors: trustAnchors.map(der), revocationLists: lists },
    intermediates: [root, signer].map(der),
  })
  return checks.find(({ id }) => id === 'revocation')?.findings.find(({ position }) => position === 0)
}

const older = writeList({ by: root, number: 1, thisUpdate: PKI_NOW - 2 * HOUR })
const newer = writeList({ by: root, number: 2, thisUpdate: PKI_NOW - HOUR, entries: [on(leaf)] })

it('the newer of two current lists counts, in whichever order they are', async () => {
  for (const lists of [
    [older, newer],
    [newer, older],
  ])
    expect((await judged(lists))?.reason).toContain('was revoked')
  const held = writeList({
    ...{ by: root, number: 1, thisUpdate: PKI_NOW - 2 * HOUR },
    entries: [on(leaf, 6)],
  })
  const released = writeList({ by: root, number: 2, thisUpdate: PKI_NOW - HOUR })
  expect(await judged([held, released])).toMatchObject({ result: 'ok' })
})

it('a delta that nobody signed takes nothing back, and hides none that is signed', async () => {
  const forged = writeList({ by: root, number: 0x7f, extensions: [deltaOf(2)], fault: 'signature' })
  expect((await judged([older, newer, forged]))?.reason).toContain('was revoked')
  const plain = writeList({ by: root, number: 2, thisUpdate: PKI_NOW - HOUR })
  const delta = writeList({ by: root, number: 3, extensions: [deltaOf(2)], entries: [on(leaf)] })
  expect((await judged([plain, delta, forged]))?.reason).toContain('was revoked')
  expect(await judged([older, plain, forged])).toMatchObject({ result: 'failed' })
})

it('who signs lists is not cleared by a list of its own, and can revoke itself', async () => {
  const own = writeList({ by: signer, number: 9 })
  const against = writeList({ by: root, number: 1, entries: [on(signer), on(leaf)] })
  for (const lists of [
    [own, against],
    [against, own],
  ])
    expect((await judged(lists))?.reason).toContain('was revoked')
  // The signer's list clears nobody where the authority's has the signer.
  const onlySigner = writeList({ by: root, number: 1, entries: [on(signer)], nextUpdate: PKI_NOW + HOUR })
  const ofServer = writeList({ by: signer, number: 9, entries: [on(leaf)] })
  expect(await judged([ofServer, onlySigner])).toMatchObject({ result: 'ok' })
  expect(await judged([writeList({ by: signer, entries: [on(signer)] })])).toMatchObject({ result: 'failed' })
  expect(await judged([own])).toMatchObject({ result: 'ok' })
})

it('without a trust anchor no list says anything', async () => {
  expect(await judged([writeList({ by: root })], [])).toMatchObject({ result: 'not_made' })
  expect(await judged([newer], [])).toMatchObject({ result: 'not_made' })
})

it('lists over the bound are told to be left out, and those of others don’t count for it', async () => {
  const stranger = issue('/CN=Stranger', 'stranger', AUTHORITY)
  const others = Array<Bytes>(1001).fill(writeList({ by: stranger }))
  expect((await judged([...others, newer]))?.reason).toContain('was revoked')
  const many = Array<Bytes>(300).fill(writeList({ by: stranger, as: root, keyIdentifier: null }))
  const found = await judged([older, ...many, newer])
  expect(found).toMatchObject({ result: 'failed' })
  expect(found?.reason).toContain('too many lists')
  const ofRoot = Array<Bytes>(1001).fill(writeList({ by: root, fault: 'algorithms' }))
  expect((await judged([older, ...ofRoot, newer]))?.reason).toContain('not all of them were asked')
})
