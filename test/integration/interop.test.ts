/**
 * Programs that were written from protocol.md alone, in another language, with our authority and our server. Of the hundreds of
 * attacks of those programs on each other, without any of ours, a sample is tried; the long run tries all (test/support/sample.ts).
 */
import { resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'
import { linesOf, PEER_EXIT, runPeer } from '../support/python-peers'
import { ALL } from '../support/sample'
import { buildTerminal, endProgram, startProgram, type Running } from '../support/terminal-program'

const VECTORS = resolve(import.meta.dirname, '../vectors')
/** Of their attacks on each other, by what is expected of each: every step and alert keeps some. */
const ONE_OF = '24'
/** All of their programs against each other take half a minute on a machine that is free. */
const PATIENCE_MS = 300_000

const running: Running[] = []
let built: Awaited<ReturnType<typeof buildTerminal>>
beforeAll(async () => {
  built = await buildTerminal()
})
afterAll(() => built.remove())
afterEach(async () => {
  await Promise.all(running.splice(0).map(endProgram))
})

/** Starts `npm run handshake -- --serve`, and says how to reach it. Registered in `classic`, it serves both suites. */
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

describe.each(SUITE_NAMES)('in suite %s', (suite) => {
  const spoken = ['--suite', suite]

  it('a client completes steps 3 to 8, as often as it likes, with every check of its own', async () => {
    const { server, trust } = await serve()
    const requests = ['echo größer € 𝄞', 'whoami', 'bytes 524288'].flatMap((text) => ['--request', text])
    const client = await runPeer('client', ...spoken, ...server, ...trust, ...requests)
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
    const server = await runPeer('server', ...spoken, ...authority, ...trust, '--id-s', 'ID-Python')
    expect(server.stderr).toBe('')
    expect(server.code).toBe(PEER_EXIT.fine)
    expect(linesOf(server).at(-1)).toEqual({ registered: true, id_s: 'ID-Python', id_ca: 'ID-CA' })
  })

  it('a server that asks for a name that the first one keeps is told unknown_identity at step 1', async () => {
    const { program, authority, server, trust } = await serve('--names', 'first')
    const asking = [...spoken, ...authority, ...trust, '--id-s']
    // Our own server was the first.
    for (const name of ['ID-Server', 'id-server', 'ID-CA']) {
      const refused = await runPeer('server', ...asking, name)
      expect(refused.code).toBe(PEER_EXIT.alert)
      expect(linesOf(refused).at(-1)).toMatchObject({ alert: { code: 'unknown_identity', step: 1 } })
    }
    const record = await program.line(
      (line) => line.includes('"kind":"message"') && line.includes('unknown_identity'),
    )
    const { checks } = JSON.parse(record) as { checks: { id: string; result: string }[] }
    expect(checks.find(({ id }) => id === 'name')).toMatchObject({ result: 'failed' })
    expect((await runPeer('server', ...asking, 'ID-Python')).code).toBe(PEER_EXIT.fine)
    expect((await runPeer('server', ...asking, 'ID-Python')).code).toBe(PEER_EXIT.alert)
    // Whoever has the name is served as ever.
    expect((await runPeer('client', ...spoken, ...server, ...trust, '--request', 'time')).code).toBe(
      PEER_EXIT.fine,
    )
  })

  it('a client that comes too late is told session_expired at step 7, by the server and by itself', async () => {
    const { server, trust } = await serve('--lifetime', '1')
    const late = [...spoken, ...server, ...trust, '--request', 'time', '--wait', '1.3']
    const [forced, own] = await Promise.all([
      runPeer('client', ...late, '--try-expired'),
      runPeer('client', ...late),
    ])
    expect(forced.code).toBe(PEER_EXIT.alert)
    expect(linesOf(forced).at(-1)).toMatchObject({ alert: { code: 'session_expired', step: 7 } })
    expect(own.code).toBe(PEER_EXIT.ownCheck)
    expect(linesOf(own).at(-1)).toMatchObject({ failed: { code: 'session_expired', step: 7 } })
  })

  it('a client that trusts another authority refuses step 4, and tells our server', async () => {
    const [ours, others] = await Promise.all([serve(), serve()])
    const client = await runPeer('client', ...spoken, ...ours.server, ...others.trust)
    expect(client.code).toBe(PEER_EXIT.ownCheck)
    expect(linesOf(client).at(-1)).toMatchObject({ failed: { code: 'bad_certificate', step: 4 } })
    const alert = await ours.program.line((line) => line.includes('"kind":"alert"'))
    expect(JSON.parse(alert)).toMatchObject({
      direction: 'received',
      suite,
      step: 4,
      outcome: { code: 'bad_certificate' },
    })
  })

  it(
    'an attacker gets the alert of protocol.md for everything it tries, and both still serve',
    async () => {
      const { authority, server, trust } = await serve()
      const attacker = await runPeer('attack', ...spoken, ...authority, ...server, ...trust, '--all')
      const lines = linesOf(attacker)
      expect(lines.filter((line) => line['as_expected'] === false)).toEqual([])
      expect(lines.at(-1)).toMatchObject({ ok: true, wrong: [], one_text: true })
      expect(lines.length).toBeGreaterThan(200)
      expect(attacker.code).toBe(PEER_EXIT.fine)
      for (const other of SUITE_NAMES) {
        const again = ['--suite', other, ...trust]
        expect((await runPeer('client', ...again, ...server, '--request', 'time')).code).toBe(PEER_EXIT.fine)
        expect((await runPeer('server', ...again, ...authority)).code).toBe(PEER_EXIT.fine)
      }
    },
    PATIENCE_MS,
  )

  it('an attacker that waits for the session’s end gets session_expired', async () => {
    const { server, trust } = await serve('--lifetime', '1')
    const attacker = await runPeer('attack', ...spoken, ...server, ...trust, 'expired')
    expect(attacker.code).toBe(PEER_EXIT.fine)
    expect(linesOf(attacker).at(-1)).toMatchObject({ as_expected: true })
  })

  it('the recorded session that ours are tested with is right for theirs too, to the last byte', async () => {
    const judged = await runPeer('selftest', '--recordings-only', resolve(VECTORS, `${suite}.json`))
    expect(judged.stderr).toBe('')
    expect(judged.code).toBe(PEER_EXIT.fine)
    expect(linesOf(judged).at(-1)).toMatchObject({ ok: true, failed: [] })
  })

  it(
    'their programs are right for each other, under attack and deceived',
    async () => {
      const part = ['--one-of', ALL ? '1' : ONE_OF]
      const judged = await runPeer('selftest', ...spoken, ...part, resolve(VECTORS, `${suite}.json`))
      expect(judged.code).toBe(PEER_EXIT.fine)
      const lines = linesOf(judged)
      expect(lines.at(-1)).toMatchObject({ ok: true, failed: [] })
      for (const attack of [`${suite}: attack.py --all`, `${suite}: impostor.py as`])
        expect(lines.filter(({ check }) => String(check).startsWith(attack)).length).toBe(2)
    },
    PATIENCE_MS,
  )
})

describe('both suites on one port', () => {
  it('several clients at once are all served, each in its own', async () => {
    const { server, trust } = await serve()
    const speaking = (index: number): SuiteName => SUITE_NAMES[index % SUITE_NAMES.length]!
    const clients = Array.from({ length: 4 }, (_, index) => {
      const options = ['--suite', speaking(index), '--id-c', `Client-${index}`, '--request', `echo ${index}`]
      return runPeer('client', ...server, ...trust, ...options)
    })
    for (const [index, client] of (await Promise.all(clients)).entries()) {
      expect(client.code).toBe(PEER_EXIT.fine)
      expect(linesOf(client).at(-1)).toMatchObject({ ok: true, responses: [`${index}`] })
    }
  })

  it('a server that has registered in modern has no Cert_S for those who want classic', async () => {
    const { server, trust } = await serve('--suite', 'modern')
    const modern = await runPeer(
      'client',
      '--suite',
      'modern',
      ...server,
      ...trust,
      '--request',
      'echo hello',
    )
    expect(linesOf(modern).at(-1)).toMatchObject({ ok: true, responses: ['hello'] })
    const classic = await runPeer('client', '--suite', 'classic', ...server, ...trust)
    expect(classic.code).toBe(PEER_EXIT.alert)
    expect(linesOf(classic).at(-1)).toMatchObject({ alert: { code: 'unsupported_suite', step: 3 } })
  })
})
