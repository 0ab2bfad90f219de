/** The verdict on a path, and the reasons for it, are those of `openssl verify` (OpenSSL 3.0) on a set made with openssl. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { addressBytes } from '#shared/crypto/pki/host-name'
import { decodePem } from '#shared/crypto/encodings/pem'
import { PATH_CHECK_IDS, type PathCheckId, type Verdict } from '#shared/inspect/path/verdict'
import { judgeCertificate, refuses } from '#shared/inspect/path'
import { authorityOf } from '#shared/inspect/path/facts'
import { readCertificate } from '#shared/inspect/x509/certificate'
import { openssl } from '../support/open-ssl'
import { makePathCases } from '../support/path-cases'
import type { PathCase } from '../support/path-cases/cases'
import { makePathDifferences } from '../support/path-cases/differences'
import { MEANINGS } from '../support/path-meanings'

type PathQuestion = Omit<PathCase, 'fails'>

const folder = mkdtempSync(join(tmpdir(), 'path-verdict-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Judgement {
  readonly ok: boolean
  readonly errors: readonly { readonly depth: number; readonly text: string }[]
  readonly output: string
}

async function judgeWithOpenssl(
  given: PathQuestion,
  prefix: string,
  options: readonly string[],
  purpose: readonly string[] = ['-purpose', 'sslserver'],
): Promise<Judgement> {
  const write = (name: string, texts: readonly string[]): string => {
    const file = join(folder, `${prefix}-${name}.pem`)
    writeFileSync(file, texts.join(''))
    return file
  }
  const host =
    given.host === '' ? [] : [addressBytes(given.host) ? '-verify_ip' : '-verify_hostname', given.host]
  const others = given.intermediates.length === 0 ? [] : ['-untrusted', write('others', given.intermediates)]
  const { ok, output } = await openssl([
    'verify',
    ...['-x509_strict', '-no-CApath', '-no-CAstore', ...purpose],
    ...options,
    ...['-attime', String(Math.floor(given.now / 1000)), ...host],
    ...['-CAfile', write('anchors', given.anchors), ...others],
    write('leaf', [given.leaf]),
  ])
  const errors = [...output.matchAll(/^error \d+ at (\d+) depth lookup: ?(.+)$/gm)]
  return { ok, output, errors: errors.map(([, depth, text]) => ({ depth: Number(depth), text: text! })) }
}

function judge(given: PathQuestion, as?: 'authority'): Promise<Verdict> {
  const context = {
    now: given.now,
    host: given.host,
    trustAnchors: given.anchors.map(der),
    intermediates: given.intermediates.map(der),
  }
  return judgeCertificate(der(given.leaf), context, as)
}

function der(pem: string): Uint8Array<ArrayBuffer> {
  return decodePem('CERTIFICATE', pem)
}

/** What `openssl verify` stops at; after other errors it goes on, so that all of them are known. */
const FINAL = new Set([
  'unable to get issuer certificate',
  'unable to get local issuer certificate',
  'self-signed certificate in certificate chain',
  'certificate chain too long',
  'certificate signature failure',
  'certificate is not yet valid',
  'hostname mismatch',
  'IP address mismatch',
  'key usage does not include certificate signing',
  'permitted subtree violation',
  'excluded subtree violation',
  'unsupported name constraint type',
  'unsupported or invalid name syntax',
  'name constraints minimum and maximum not supported',
  'EE certificate key too weak',
  'CA certificate key too weak',
  'CA signature digest algorithm too weak',
  'Certificate public key has explicit ECC parameters',
  'proxy certificates not allowed, please set the appropriate flag',
])
const LEVEL = ['-auth_level', '2']
/** Without a security level OpenSSL takes keys and hashes of any strength. */
const BY_LEVEL = new Set<PathCheckId>(['key_size', 'signature_hash'])

const subfolder = (name: string): string => {
  mkdirSync(join(folder, name))
  return join(folder, name)
}
const cases = makePathCases(subfolder('cases'))
const differences = makePathDifferences(subfolder('differences'))

describe('the verdict is that of openssl verify -x509_strict -purpose sslserver', () => {
  it.each(cases.map((given, index) => ({ ...given, index })))('$name', async ({ index, ...given }) => {
    const judged = await judgeWithOpenssl(given, `case-${index}`, LEVEL)
    const verdict = await judge(given)
    const failed = verdict.checks.filter(({ result }) => result === 'failed').map(({ id }) => id)
    expect(new Set(failed), judged.output).toEqual(new Set(given.fails))
    expect(verdict.accepted, judged.output).toBe(judged.ok)
    const meant = judged.errors.map(({ depth, text }) => ({ depth, text, ids: MEANINGS[text] ?? [] }))
    for (const { depth, text, ids } of meant) {
      const findings = verdict.checks.filter(({ id }) => ids.includes(id)).flatMap((check) => check.findings)
      const here = findings.filter(({ position, result }) => position === depth && result === 'failed')
      expect(here.length, `${text} at ${depth}\n${verdict.conclusion}`).toBeGreaterThan(0)
    }
    if (meant.some(({ text }) => FINAL.has(text))) return
    for (const id of failed)
      expect(
        meant.flatMap(({ ids }) => ids),
        judged.output,
      ).toContain(id)
  })

  it('also without a security level, but for the strength of keys and hashes', async () => {
    for (const [index, given] of cases.entries()) {
      const { ok, output } = await judgeWithOpenssl(given, `plain-${index}`, [])
      const others = given.fails.filter((id) => !BY_LEVEL.has(id))
      expect(ok, `${given.name}\n${output}`).toBe(others.length === 0)
    }
  })

  it('and an authority, judged as one, is accepted as without a purpose', async () => {
    let compared = 0
    for (const [index, given] of cases.entries()) {
      const [leaf = ''] = given.intermediates.length > 0 ? given.intermediates : given.anchors
      if (authorityOf(readCertificate(der(leaf))) !== 'authority') continue
      const question = { ...given, leaf, host: '' }
      const { ok, output } = await judgeWithOpenssl(question, `authority-${index}`, LEVEL, [])
      const verdict = await judge(question, 'authority')
      expect(verdict.accepted, `${given.name}\n${verdict.conclusion}\n${output}`).toBe(ok)
      compared++
    }
    expect(compared).toBeGreaterThan(100)
  })

  it('and the set has both kinds of verdicts, and makes every check fail but the one that is never made', () => {
    const good = cases.filter(({ fails }) => fails.length === 0)
    expect([good.length, cases.length - good.length].every((count) => count > 60)).toBe(true)
    const failing = new Set(cases.flatMap(({ fails }) => fails))
    expect(PATH_CHECK_IDS.filter((id) => !failing.has(id))).toEqual(['policies', 'revocation'])
  })
})

describe('the verdict differs on purpose (docs/decisions/0014)', () => {
  it.each(differences.map((given, index) => ({ ...given, index })))('$name', async ({ index, ...given }) => {
    const judged = await judgeWithOpenssl(given, `difference-${index}`, LEVEL)
    const verdict = await judge(given)
    const refusing = verdict.checks.filter(refuses).map(({ id }) => id)
    expect(refusing, verdict.conclusion).toEqual(given.refuses)
    expect(verdict.accepted).toBe(given.refuses.length === 0)
    expect(judged.ok, judged.output).toBe(!verdict.accepted)
  })
})
