/** Our roles against programs that were written from protocol.md alone, in another language. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ApplicationServer } from '#main/server/application-server'
import { runClient } from '#main/terminal/client'
import type { RoleContext } from '#main/net/converse'
import { parseCertificate, type Certificate } from '#shared/crypto/certificate'
import { fullPace } from '#shared/protocol/drivers/conversation'
import { systemEnvironment } from '#shared/protocol/environment'
import type { JournalEntry } from '#shared/protocol/record'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import { rejection, story } from '../support/conversations'
import { linesOf, PEER_EXIT, portOfPeer, runPeer, startPeer } from '../support/python-peers'
import { buildTerminal, endProgram, startProgram, type Running } from '../support/terminal-program'

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

describe('programs of someone else, with our authority and server from `npm run handshake -- --serve`', () => {
  let built: Awaited<ReturnType<typeof buildTerminal>>
  beforeAll(async () => {
    built = await buildTerminal()
  })
  afterAll(() => built.remove())

  /** Starts ours, and says how to reach it. */
  async function serve(...args: readonly string[]) {
    const ports = ['--ca-port', '0', '--server-port', '0']
    const program = startProgram(process.execPath, [built.program, '--serve', '--json', ...ports, ...args])
    running.push(program)
    const { authority, server, trustAnchor } = JSON.parse(await program.line(() => true)) as {
      authority: { port: number }
      server: { port: number }
      trustAnchor: string
    }
    return {
      program,
      authority: ['--authority', `127.0.0.1:${authority.port}`],
      server: ['--server', `127.0.0.1:${server.port}`],
      trust: ['--trust-anchor', trustAnchor],
    }
  }

  it('a client completes steps 3 to 8, as often as it likes, with every check of its own', async () => {
    const { server, trust } = await serve()
    const client = await runPeer(
      'client',
      ...server,
      ...trust,
      '--request',
      'echo größer € 𝄞',
      '--request',
      'whoami',
      '--request',
      'bytes 524288',
    )
    expect(client.stderr).toBe('')
    expect(client.code).toBe(PEER_EXIT.fine)
    const lines = linesOf(client)
    expect(lines.slice(0, -1).map(({ step, direction }) => `${String(direction)} ${String(step)}`)).toEqual([
      'sent 3',
      'received 4',
      'sent 5',
      'received 6',
      ...Array.from({ length: 3 }, () => ['sent 7', 'received 8']).flat(),
    ])
    const { ok, responses, lifetime } = lines.at(-1) as { ok: boolean; responses: string[]; lifetime: number }
    expect([ok, lifetime, responses[0]]).toEqual([true, 60, 'größer € 𝄞'])
    expect(responses[1]).toMatch(/^ID-Client at 127\.0\.0\.1:\d+, session age /)
    expect(Buffer.from(responses[2]!, 'base64')).toHaveLength(524_288)
  })

  it('a registering server completes steps 1 and 2 with every check of its own', async () => {
    const { authority, trust } = await serve()
    const server = await runPeer('server', ...authority, ...trust, '--id-s', 'ID-Python')
    expect(server.stderr).toBe('')
    expect(server.code).toBe(PEER_EXIT.fine)
    expect(linesOf(server).at(-1)).toEqual({ registered: true, id_s: 'ID-Python', id_ca: 'ID-CA' })
  })

  it('several clients at once are all served', async () => {
    const { server, trust } = await serve()
    const clients = Array.from({ length: 4 }, (_, index) =>
      runPeer('client', ...server, ...trust, '--id-c', `Client-${index}`, '--request', `echo ${index}`),
    )
    for (const [index, client] of (await Promise.all(clients)).entries()) {
      expect(client.code).toBe(PEER_EXIT.fine)
      expect(linesOf(client).at(-1)).toMatchObject({ ok: true, responses: [`${index}`] })
    }
  })

  it('a client that comes too late is told session_expired at step 7, by the server and by itself', async () => {
    const { server, trust } = await serve('--lifetime', '1')
    const late = ['--request', 'time', '--wait', '1.3']
    const [forced, own] = await Promise.all([
      runPeer('client', ...server, ...trust, ...late, '--try-expired'),
      runPeer('client', ...server, ...trust, ...late),
    ])
    expect(forced.code).toBe(PEER_EXIT.alert)
    expect(linesOf(forced).at(-1)).toMatchObject({ alert: { code: 'session_expired', step: 7 } })
    expect(own.code).toBe(PEER_EXIT.ownCheck)
    expect(linesOf(own).at(-1)).toMatchObject({ failed: { code: 'session_expired', step: 7 } })
  })

  it('a client that trusts another authority refuses step 4, and tells our server', async () => {
    const [ours, others] = await Promise.all([serve(), serve()])
    const client = await runPeer('client', ...ours.server, ...others.trust)
    expect(client.code).toBe(PEER_EXIT.ownCheck)
    expect(linesOf(client).at(-1)).toMatchObject({ failed: { code: 'bad_certificate', step: 4 } })
    const alert = await ours.program.line((line) => line.includes('"kind":"alert"'))
    expect(JSON.parse(alert)).toMatchObject({
      direction: 'received',
      step: 4,
      outcome: { code: 'bad_certificate' },
    })
  })

  it('an attacker gets the alert of protocol.md for everything it tries, and both still serve', async () => {
    const { authority, server, trust } = await serve()
    const attacker = await runPeer('attack', ...authority, ...server, ...trust, '--all')
    expect(linesOf(attacker).at(-1)).toMatchObject({ ok: true, wrong: [], one_text: true })
    expect(linesOf(attacker).length).toBeGreaterThan(50)
    expect(attacker.code).toBe(PEER_EXIT.fine)
    expect((await runPeer('client', ...server, ...trust, '--request', 'time')).code).toBe(PEER_EXIT.fine)
    expect((await runPeer('server', ...authority, ...trust)).code).toBe(PEER_EXIT.fine)
  })

  it('an attacker that waits for the session’s end gets session_expired', async () => {
    const { server, trust } = await serve('--lifetime', '1')
    const attacker = await runPeer('attack', ...server, ...trust, 'expired')
    expect(attacker.code).toBe(PEER_EXIT.fine)
    expect(linesOf(attacker).at(-1)).toMatchObject({ as_expected: true })
  })
})

describe('our roles, with programs of someone else', () => {
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
    const records: JournalEntry[] = []
    const context: RoleContext = {
      environment: systemEnvironment,
      onRecord: (entry) => records.push(entry),
      paceFor: () => ({ pace: fullPace, stepping: () => false }),
    }
    return { records, context }
  }

  const settingsWith = (changes: Partial<Settings>): Settings => ({
    ...DEFAULT_SETTINGS,
    authorityPort: 0,
    serverPort: 0,
    ...changes,
  })

  /** Starts our server and registers it with their authority. */
  async function registerOurs(port: number, anchor: Certificate, changes: Partial<Settings> = {}) {
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

  const allPassed = (records: readonly JournalEntry[]): boolean =>
    records.every(({ outcome, checks }) => outcome.ok && checks.every(({ result }) => result === 'passed'))

  it('our server registers with their authority: every check of step 2 passes', async () => {
    const { port, anchor } = await theirAuthority()
    const { server, records } = await registerOurs(port, anchor)
    expect(story(records)).toEqual(['sent step 1', 'received step 2'])
    expect(records[1]?.checks.map(({ id }) => id)).toContain('x509_signature')
    expect(allPassed(records)).toBe(true)
    expect(server.credentials?.certificate.issuer.commonName).toBe('ID-CA')
    await server.stop()
  })

  it('our client completes steps 3 to 8 with their server: every check passes', async () => {
    const theirs = await theirAuthority()
    const { endpoint } = await theirServer(theirs, '--lifetime', '100')
    const { records, context } = recorder()
    const requests = ['echo größer € 𝄞', 'whoami', 'time']
    const answers = await runClient(endpoint, theirs.anchor, settingsWith({}), requests, context, NEVER)
    expect(answers[0]).toBe('größer € 𝄞')
    expect(answers[1]).toContain('ID-Client at 127.0.0.1:')
    expect(allPassed(records)).toBe(true)
    expect(records.map(({ step }) => step)).toEqual([3, 4, 5, 6, 7, 8, 7, 8, 7, 8])
  })

  it('their client completes a session with our server that their authority has certified', async () => {
    const { port, anchor, file } = await theirAuthority('--id-ca', 'Their.CA')
    const { server, records } = await registerOurs(port, anchor, { serverIdentity: 'Our_Server' })
    const address = `127.0.0.1:${server.address!.port}`
    const options = ['--server', address, '--trust-anchor', file, '--id-s', 'Our_Server']
    const client = await runPeer('client', ...options, '--request', 'echo hello')
    expect(linesOf(client).at(-1)).toMatchObject({ ok: true, responses: ['hello'] })
    expect(client.code).toBe(PEER_EXIT.fine)
    expect(allPassed(records)).toBe(true)
    await server.stop()
  })

  it('takes keys of every size that theirs makes', async () => {
    const { port, anchor } = await theirAuthority('--bits', '3072')
    const { server, records } = await registerOurs(port, anchor)
    expect(allPassed(records)).toBe(true)
    await server.stop()
  })

  it('a refusal of ours reaches their server as an alert', async () => {
    const theirs = await theirAuthority()
    const { server, endpoint } = await theirServer(theirs)
    const { context } = recorder()
    const settings = settingsWith({ serverIdentity: 'ID-Wanted' })
    expect(await rejection(runClient(endpoint, theirs.anchor, settings, [], context, NEVER))).toMatchObject({
      code: 'unknown_identity',
      step: 3,
      origin: 'peer',
    })
    await server.line((line) => line.includes('"failed"') && line.includes('unknown_identity'))
    const other = await theirAuthority()
    expect(
      await rejection(runClient(endpoint, other.anchor, settingsWith({}), [], context, NEVER)),
    ).toMatchObject({ code: 'bad_certificate', step: 4, origin: 'local' })
    await server.line((line) => line.includes('"alert"') && line.includes('bad_certificate'))
  })

  it('a refusal of theirs reaches our server as the peer’s', async () => {
    const { port } = await theirAuthority()
    const { anchor: wrong } = await theirAuthority()
    expect(await rejection(registerOurs(port, wrong))).toMatchObject({
      code: 'decrypt_failed',
      step: 1,
      origin: 'peer',
    })
  })

  it('their session’s end is enforced by both sides', async () => {
    const theirs = await theirAuthority()
    const { endpoint } = await theirServer(theirs, '--lifetime', '1')
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
    const late = rejection(runClient(endpoint, theirs.anchor, settingsWith({}), ['time'], slow, NEVER))
    expect(await late).toMatchObject({ code: 'session_expired', step: 7, origin: 'peer' })
    expect(story(records).at(-1)).toBe('received alert about 7: session_expired')
  })

  it('the recorded session that ours are tested with is right for theirs too', async () => {
    const judged = await runPeer('selftest', resolve(import.meta.dirname, '../vectors/classic.json'))
    expect(judged.stderr).toBe('')
    expect(judged.code).toBe(PEER_EXIT.fine)
  })

  it('their trust anchor’s file is what ours is: one certificate in PEM', async () => {
    const { anchor, file } = await theirAuthority()
    const copy = join(folder, 'copy.pem')
    await writeFile(copy, anchor.pem)
    expect(await readFile(copy, 'utf8')).toBe(await readFile(file, 'utf8'))
  })
})
