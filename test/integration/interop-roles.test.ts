/** Our roles with programs that were written from protocol.md alone, in another language. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ApplicationServer } from '#main/server/application-server'
import { connectClient, visit } from '#main/client/client'
import type { RoleContext } from '#main/net/converse'
import { parseCertificate, type Certificate } from '#shared/crypto/pki/certificate'
import type { Hl1Entry } from '#shared/hl1/types'
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import { rejection, story } from '../support/conversations'
import { linesOf, PEER_EXIT, portOfPeer, runPeer, startPeer } from '../support/python-peers'
import { endProgram, type Running } from '../support/terminal-program'
import { roleContext } from '../support/context'

const NEVER = new AbortController().signal

let folder: string
const running: Running[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handshake-lab-interop-'))
})
afterEach(async () => {
  await Promise.all(running.splice(0).map(endProgram))
  await rm(folder, { recursive: true, force: true })
})

/** Starts their authority, and reads the trust anchor that it writes. */
async function theirAuthority(...args: readonly string[]) {
  const file = join(folder, 'ca.pem')
  const authority = startPeer('authority', '--listen', '127.0.0.1:0', '--trust-anchor-out', file, ...args)
  running.push(authority)
  const port = await portOfPeer(authority)
  return { authority, port, file, anchor: parseCertificate(await readFile(file, 'utf8')) }
}

/** Starts their server, which registers with their authority. */
async function theirServer({ port, file }: { port: number; file: string }, ...args: readonly string[]) {
  const options = ['--authority', `127.0.0.1:${port}`, '--trust-anchor', file, '--listen', '127.0.0.1:0']
  const server = startPeer('server', ...options, ...args)
  running.push(server)
  return { server, endpoint: { address: '127.0.0.1', port: await portOfPeer(server) } }
}

function recorder() {
  const records: Hl1Entry[] = []
  const context = roleContext({ onRecord: (entry) => records.push(entry) })
  return { records, context }
}

const settingsWith = (changes: Partial<Settings>): Settings => ({
  ...DEFAULT_SETTINGS,
  authorityPort: 0,
  serverPort: 0,
  ...changes,
})

/** Starts our server and registers it with their authority. */
async function registerOurs(port: number, anchor: Certificate, changes: Partial<Settings>) {
  const { records, context } = recorder()
  const settings = settingsWith(changes)
  const server = new ApplicationServer({ ...context, settings: () => settings, onChange: () => undefined })
  await server.start()
  try {
    await server.register({ address: '127.0.0.1', port }, anchor)
  } catch (error) {
    await server.stop()
    throw error
  }
  return { server, records, settings }
}

const allPassed = (records: readonly Hl1Entry[]): boolean =>
  records.every(({ outcome, checks }) => outcome.ok && checks.every(({ result }) => result === 'passed'))

/** What each suite's registration proves besides the certificate. */
const OWN_CHECK: Readonly<Record<SuiteName, string>> = { classic: 'cert_s_signature', modern: 'nonce' }

describe.each(SUITE_NAMES)('in suite %s', (suite) => {
  it('our server registers with their authority: every check of step 2 passes', async () => {
    const { port, anchor } = await theirAuthority()
    const { server, records } = await registerOurs(port, anchor, { suite })
    expect(story(records)).toEqual(['sent step 1', 'received step 2'])
    const checks = records[1]?.checks.map(({ id }) => id as string)
    expect(checks).toEqual(expect.arrayContaining(['x509_signature', OWN_CHECK[suite]]))
    expect(allPassed(records)).toBe(true)
    expect(server.credentials?.certificate.issuer.commonName).toBe('ID-CA')
    await server.stop()
  })

  it('our client completes steps 3 to 8 with their server: every check passes', async () => {
    const theirs = await theirAuthority()
    const { endpoint } = await theirServer(theirs, '--suite', suite, '--lifetime', '100')
    const { records, context } = recorder()
    const requests = ['echo größer € 𝄞', 'whoami', 'time']
    const answers = await visit(
      connectClient({
        server: endpoint,
        trustAnchor: theirs.anchor,
        settings: settingsWith({ suite }),
        context,
        signal: NEVER,
      }),
      requests,
    )
    expect(answers[0]).toBe('größer € 𝄞')
    expect(answers[1]).toContain('ID-Client at 127.0.0.1:')
    expect(allPassed(records)).toBe(true)
    expect(records.map(({ step }) => step)).toEqual([3, 4, 5, 6, 7, 8, 7, 8, 7, 8])
    expect(records.every((entry) => entry.suite === suite)).toBe(true)
  })

  it('their client completes a session with our server that their authority has certified', async () => {
    const { port, anchor, file } = await theirAuthority('--id-ca', 'Their.CA')
    const { server, records } = await registerOurs(port, anchor, { suite, serverIdentity: 'Our_Server' })
    const address = `127.0.0.1:${server.address!.port}`
    const options = ['--suite', suite, '--server', address, '--trust-anchor', file, '--id-s', 'Our_Server']
    const client = await runPeer('client', ...options, '--request', 'echo hello')
    expect(linesOf(client).at(-1)).toMatchObject({ ok: true, responses: ['hello'] })
    expect(client.code).toBe(PEER_EXIT.fine)
    expect(allPassed(records)).toBe(true)
    await server.stop()
  })

  it('takes keys of every size that theirs makes', async () => {
    const { port, anchor } = await theirAuthority('--bits', '3072')
    const { server, records } = await registerOurs(port, anchor, { suite })
    expect(allPassed(records)).toBe(true)
    await server.stop()
  })

  it('a refusal of ours reaches their server as an alert', async () => {
    const theirs = await theirAuthority()
    const { server, endpoint } = await theirServer(theirs, '--suite', suite)
    const { context } = recorder()
    const wanted = settingsWith({ suite, serverIdentity: 'ID-Wanted' })
    expect(
      await rejection(
        visit(
          connectClient({
            server: endpoint,
            trustAnchor: theirs.anchor,
            settings: wanted,
            context,
            signal: NEVER,
          }),
          [],
        ),
      ),
    ).toMatchObject({
      code: 'unknown_identity',
      step: 3,
      origin: 'peer',
    })
    await server.line((line) => line.includes('"failed"') && line.includes('unknown_identity'))
    const other = await theirAuthority()
    const asked = visit(
      connectClient({
        server: endpoint,
        trustAnchor: other.anchor,
        settings: settingsWith({ suite }),
        context,
        signal: NEVER,
      }),
      [],
    )
    expect(await rejection(asked)).toMatchObject({ code: 'bad_certificate', step: 4, origin: 'local' })
    await server.line((line) => line.includes('"alert"') && line.includes('bad_certificate'))
  })

  it('a refusal of theirs reaches our server as the peer’s', async () => {
    const { port } = await theirAuthority()
    const { anchor: wrong } = await theirAuthority()
    expect(await rejection(registerOurs(port, wrong, { suite }))).toMatchObject({
      code: 'decrypt_failed',
      step: 1,
      origin: 'peer',
    })
  })

  it('their authority gives a name to the first alone where it is told to', async () => {
    const { authority, port, anchor } = await theirAuthority('--names', 'first')
    const { server } = await registerOurs(port, anchor, { suite })
    for (const serverIdentity of ['ID-Server', 'id-server'])
      expect(await rejection(registerOurs(port, anchor, { suite, serverIdentity }))).toMatchObject({
        code: 'unknown_identity',
        step: 1,
        origin: 'peer',
      })
    await authority.line((line) => line.includes('"failed"') && line.includes('unknown_identity'))
    const other = await registerOurs(port, anchor, { suite, serverIdentity: 'ID-Other' })
    await Promise.all([server.stop(), other.server.stop()])
  })

  it('their authority certifies nobody in its own name', async () => {
    const { port, anchor } = await theirAuthority()
    expect(await rejection(registerOurs(port, anchor, { suite, serverIdentity: 'id-ca' }))).toMatchObject({
      code: 'unknown_identity',
      step: 1,
      origin: 'peer',
    })
  })

  it('their session’s end is enforced by both sides', async () => {
    const theirs = await theirAuthority()
    const { endpoint } = await theirServer(theirs, '--suite', suite, '--lifetime', '1')
    const { records, context } = recorder()
    const slow: RoleContext = {
      ...context,
      paceFor: () => ({
        pace: async (step) => {
          if (step === 7) await new Promise((resolve) => setTimeout(resolve, 1_300))
        },
        stepping: () => false,
      }),
    }
    // The client finds its session alive when it begins, and the message reaches the server too late.
    const late = visit(
      connectClient({
        server: endpoint,
        trustAnchor: theirs.anchor,
        settings: settingsWith({ suite }),
        context: slow,
        signal: NEVER,
      }),
      ['time'],
    )
    expect(await rejection(late)).toMatchObject({ code: 'session_expired', step: 7, origin: 'peer' })
    expect(story(records).at(-1)).toBe('received alert about 7: session_expired')
  })
})

describe('both suites on one port', () => {
  it('our client speaks either with their server that has registered in classic', async () => {
    const theirs = await theirAuthority()
    const { endpoint } = await theirServer(theirs, '--suite', 'classic')
    const { context } = recorder()
    for (const suite of SUITE_NAMES) {
      const settings = settingsWith({ suite })
      const asked = visit(
        connectClient({ server: endpoint, trustAnchor: theirs.anchor, settings, context, signal: NEVER }),
        ['echo hello'],
      )
      expect(await asked).toEqual(['hello'])
    }
  })

  it('our client is told when their server has nothing to show for classic', async () => {
    const theirs = await theirAuthority()
    const { endpoint } = await theirServer(theirs, '--suite', 'modern')
    const { context } = recorder()
    const asked = visit(
      connectClient({
        server: endpoint,
        trustAnchor: theirs.anchor,
        settings: settingsWith({ suite: 'classic' }),
        context,
        signal: NEVER,
      }),
      [],
    )
    expect(await rejection(asked)).toMatchObject({ code: 'unsupported_suite', step: 3, origin: 'peer' })
  })
})

describe('their trust anchor’s file', () => {
  it('is what ours is: one certificate in PEM', async () => {
    const { anchor, file } = await theirAuthority()
    const copy = join(folder, 'copy.pem')
    await writeFile(copy, anchor.pem)
    expect(await readFile(copy, 'utf8')).toBe(await readFile(file, 'utf8'))
  })
})
