/**
 * What becomes of revocation lists is what `openssl verify -crl_check` and `-crl_check_all` make of them, or a difference with its reason.
 * docs/verdicts.md has the numbers; `UPDATE_DOCS=1` writes them anew.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Bytes } from '#shared/bytes'
import { decodePem } from '#shared/crypto/encodings/pem'
import { judgeCertificate, refuses } from '#shared/inspect/path'
import { openssl } from '../support/open-ssl'
import { PKI_NOW, type Issued } from '../support/open-ssl-pki'
import { heldOnPage } from '../support/verdict-page'
import { sample } from '../support/sample'
import { makeRevocationCases, type RevocationCase } from '../support/revocation-cases'

const folder = mkdtempSync(join(tmpdir(), 'revocation-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Deltas and lists of others are judged here; OpenSSL does so when it is asked to. */
const IN_FULL = ['-extended_crl', '-use_deltas']
/** OpenSSL is another process for each question: so many at once. */
const AT_ONCE = 4

/** Where the two differ, and why that holds. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'server twice, once removed':
    'of two entries for one certificate the one that revokes it counts; OpenSSL takes one of them',
  'in its last second': 'RFC 5280 section 6.3.3 (a): until after nextUpdate',
  'two algorithms': 'RFC 5280 section 5.1.1.2: both have to be the same',
  'version 1 with extensions': 'RFC 5280 section 5.1.2.1: with extensions it has to be version 2',
  'version 3': 'no such version exists',
  'the same, and that one is revoked': 'OpenSSL asks whether the signer is revoked with -crl_check_all alone',
  'a point for some reasons, and a whole list':
    'RFC 5280 section 6.3.3: then any list of the issuer is asked',
  'a delta that revokes, not announced': 'OpenSSL wants freshestCRL; who opens a delta wants it used',
}

interface Judged {
  readonly leaf: boolean
  readonly all: boolean
  readonly text: string
}

async function judgeWithOpenssl(given: RevocationCase, at: number): Promise<Judged> {
  const file = (name: string, texts: readonly string[]): string => {
    const path = join(folder, `${at}-${name}.pem`)
    writeFileSync(path, texts.join(''))
    return path
  }
  const lists = given.lists.map(pemOf)
  const verify = (check: string): ReturnType<typeof openssl> =>
    openssl([
      ...['verify', '-x509_strict', '-purpose', 'sslserver', '-auth_level', '2', '-no-CApath', '-no-CAstore'],
      ...['-attime', String(PKI_NOW / 1000), check, ...IN_FULL],
      ...['-CAfile', given.root.file, '-CRLfile', file('lists', lists)],
      ...[
        '-untrusted',
        file(
          'others',
          [given.between, ...given.others].map(({ pem }) => pem),
        ),
        given.leaf.file,
      ],
    ])
  const [leaf, all] = [await verify('-crl_check'), await verify('-crl_check_all')]
  return { leaf: leaf.ok, all: all.ok, text: leaf.output + all.output }
}

async function judgeHere(given: RevocationCase): Promise<Judged> {
  const verdict = await judgeCertificate(der(given.leaf), {
    ...{ now: PKI_NOW, host: '', trustAnchors: [der(given.root)], revocationLists: given.lists },
    intermediates: [given.between, ...given.others].map(der),
  })
  const checks = verdict.checks.filter(({ id }) => id !== 'revocation')
  expect(checks.filter(refuses), given.name).toEqual([])
  const findings = verdict.checks.find(({ id }) => id === 'revocation')?.findings ?? []
  const text = findings.map(({ position, result, reason }) => `${position} ${result}: ${reason}`).join('\n')
  return {
    leaf: findings.some(({ position, result }) => position === 0 && result === 'ok'),
    all: findings.every(({ result }) => result === 'ok'),
    text,
  }
}

function pemOf(list: Bytes): string {
  const lines = Buffer.from(list)
    .toString('base64')
    .replace(/.{1,64}/g, '$&\n')
  return `-----BEGIN X509 CRL-----\n${lines}-----END X509 CRL-----\n`
}

const der = ({ pem }: Issued): Bytes => decodePem('CERTIFICATE', pem)

mkdirSync(join(folder, 'pki'))
const cases = makeRevocationCases(join(folder, 'pki'))

it('lists are judged as OpenSSL judges them', async () => {
  expect(cases.length).toBeGreaterThanOrEqual(40)
  const differing = new Map<string, string>()
  const answers: boolean[] = []
  const rest = cases.entries()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [at, given] of rest) {
        const [theirs, ours] = [await judgeWithOpenssl(given, at), await judgeHere(given)]
        answers.push(theirs.leaf, theirs.all)
        if (theirs.leaf === ours.leaf && theirs.all === ours.all) continue
        const words = [theirs, ours].map(({ leaf, all, text }) => `leaf ${leaf}, all ${all}\n${text}`)
        differing.set(given.name, words.join('\n--- here: '))
      }
    }),
  )
  const unlisted = [...differing].filter(([name]) => DIFFERENCES[name] === undefined)
  expect(unlisted.map(([name, words]) => `${name}: ${words}`).join('\n\n')).toBe('')
  expect(Object.keys(DIFFERENCES).filter((name) => !differing.has(name))).toEqual([])
  const rows = Object.entries(DIFFERENCES).map(([name, why]) => `| ${name} | ${why} |`)
  const counts = `| all | ${cases.length} | ${cases.length - rows.length} | ${rows.length} |`
  const head = ['| lists | cases | judged alike | differently |', '| --- | --- | --- | --- |', counts]
  const tables = [...head, '', '| case | why it differs |', '| --- | --- |', ...rows].join('\n')
  const { is, should } = heldOnPage('Lists beside OpenSSL', tables)
  expect(is).toBe(should)
  // Some of each, or nothing was compared.
  expect(answers.filter(Boolean).length).toBeGreaterThan(30)
  expect(answers.filter((ok) => !ok).length).toBeGreaterThan(30)
})

it('a list with any bit changed says of nobody that he is not revoked', async () => {
  const [given] = cases
  if (!given) throw new Error('There are no cases.')
  const [ofRoot, list] = given.lists
  if (!ofRoot || !list) throw new Error('The first case has two lists.')
  expect(await judgeHere(given)).toMatchObject({ leaf: true, all: true })
  const bits = Array.from({ length: list.length * 8 }, (_, bit) => bit)
  const tried = sample('bits of a list', bits, 29, () => 'bit')
  expect(tried.length).toBeGreaterThan(50)
  for (const bit of tried) {
    const changed = list.slice()
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect((await judgeHere({ ...given, lists: [ofRoot, changed] })).leaf, `bit ${bit}`).toBe(false)
  }
})
