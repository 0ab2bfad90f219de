/** `npm run handshake` among hostile peers: what they say acts on no terminal and begins no line, and what they are told is the protocol's. */
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wrapSocket } from '#main/net/socket-pipe'
import { toUtf8 } from '#shared/bytes'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { closeWithDes } from '#shared/hl1/classic/bodies'
import { ProtocolError } from '#shared/hl1/alerts'
import { Client } from '#shared/hl1/drivers/client'
import { systemEnvironment } from '#shared/hl1/environment'
import { encodeFrame } from '#shared/hl1/frame'
import { buildAlert } from '#shared/hl1/message'
import { FULL_PACE } from '#main/net/converse'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'
import { readFile } from 'node:fs/promises'
import { connectionOf, expectNone } from '../support/context'
import { K_BOOT } from '../support/handshake'
import { RawPeer } from '../support/raw-peer'
import { buildTerminal, endProgram, runProgram, startProgram } from '../support/terminal-program'
import { HOSTILE, unseenIn } from '../support/unseen'

/** An address that acts: no longer, as RSA has room for little. */
const ADDRESS = '\u001b[2J\n\u202e\u009b'
/** The last moment that a calendar has, milliseconds since the epoch (ECMA-262). */
const LAST = 8.64e15
const FREE_PORTS = ['--ca-port', '0', '--server-port', '0']

let built: Awaited<ReturnType<typeof buildTerminal>>
beforeAll(async () => {
  built = await buildTerminal()
})
afterAll(() => built.remove())

interface Serving {
  readonly suite: SuiteName
  readonly authority: { readonly port: number }
  readonly server: { readonly port: number }
  readonly trustAnchor: string
}

/** What has no effect on whoever reads it, and no line but the program's own. */
function expectHarmless(output: string): void {
  expect(unseenIn(output.replaceAll('\n', ''))).toEqual([])
  expect(output).not.toMatch(/^(?:\[Client\] sends step 9|\{"forged"|2026-01-01T)/m)
}

/** A client that keeps to the protocol but for what it says: where it comes from, what it asks, and at which time (per step). */
async function hostileClient(
  { suite, server, trustAnchor }: Serving,
  timeAt: (step: number) => number = Date.now,
): Promise<{ readonly client: Client; readonly leave: () => void }> {
  const socket = connect({ host: '127.0.0.1', port: server.port, allowHalfOpen: true })
  await new Promise((resolve) => socket.once('connect', resolve))
  let next = 3
  const to = { address: '127.0.0.1', port: server.port }
  const client = new Client({
    pipe: wrapSocket(socket, systemEnvironment).pipe,
    connection: connectionOf('hostile', { from: { address: ADDRESS, port: 1 }, to }),
    settings: { ...DEFAULT_SETTINGS, suite },
    trustAnchor: parseCertificate(await readFile(trustAnchor, 'utf8')),
    environment: { ...systemEnvironment, now: () => timeAt(next) },
    pace: FULL_PACE.pace,
    stepping: () => false,
    onRecord: ({ step, direction }) => {
      if (step === next && direction === 'sent') next++
      else if (direction === 'received') next = step + 1
    },
    onFailure: expectNone,
  })
  return { client, leave: () => client.close() }
}

/** What it is told at the end of steps 3 to 8. */
async function toldAtTheEnd(serving: Serving, timeAt: (step: number) => number) {
  const { client, leave } = await hostileClient(serving, timeAt)
  try {
    await client.open()
    await client.request('time', { force: true })
    return 'accepted'
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { code: error.code, step: error.step, origin: error.origin }
  } finally {
    leave()
  }
}

describe.each(SUITE_NAMES)('in suite %s', (suite) => {
  it.each([[[]], [['--json']]])(
    'hostile peers of --serve harm neither output nor protocol: %j',
    async (more) => {
      const program = [built.program, ...FREE_PORTS, '--serve', '--suite', suite, ...more]
      const running = startProgram(process.execPath, program)
      try {
        const where = JSON.parse(await running.line(() => true)) as Omit<Serving, 'suite'>
        const serving = { ...where, suite }

        // Alerts, before anything else, to both listeners.
        for (const [port, step] of [
          [serving.authority.port, 1],
          [serving.server.port, 3],
        ] as const) {
          const alert = { code: 'malformed', step, message: HOSTILE } as const
          const peer = await RawPeer.connect(port)
          await peer.send(buildAlert({ role: 'client', suite: undefined }, alert, systemEnvironment).frame)
          await peer.end()
          peer.close()
        }

        // Identities, and names of members.
        const text = toUtf8(
          JSON.stringify({ id_c: HOSTILE, id_s: HOSTILE, ts3: Date.now(), [HOSTILE]: HOSTILE }),
        )
        const body = suite === 'modern' ? text : await closeWithDes(K_BOOT, text, systemEnvironment)
        const liar = await RawPeer.connect(serving.server.port)
        await liar.send(encodeFrame(3, suite === 'modern' ? 2 : 1, body))
        expect((await liar.alert()).code).toBe('malformed')
        liar.close()

        // Address, request, and the data that the server makes of it.
        const { client, leave } = await hostileClient(serving)
        await client.open()
        expect(await client.request(`echo ${HOSTILE}`)).toBe(HOSTILE)
        expect(await client.request(HOSTILE)).toContain('Unknown request')
        leave()

        // Times that no calendar has, and such as JSON has and the protocol has not (section 7).
        for (const step of [3, 5, 7]) {
          const saying = (time: number) => (now: number) => (now === step ? time : Date.now())
          for (const [time, code] of [
            [LAST + 1, 'future_timestamp'],
            [-LAST - 1, 'stale_timestamp'],
            [2 ** 60, 'malformed'],
          ] as const)
            expect(await toldAtTheEnd(serving, saying(time)), `${time} in step ${step}`).toEqual({
              code,
              step,
              origin: 'peer',
            })
        }
        expect(await toldAtTheEnd(serving, Date.now)).toBe('accepted')

        running.child.kill('SIGTERM')
        const { code, stdout, stderr } = await running.ended
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
        expectHarmless(stdout)
        if (more.length > 0) {
          const records = stdout.trimEnd().split('\n').slice(1)
          const said = records.flatMap((line) => strings(JSON.parse(line)))
          for (const value of [HOSTILE, `echo ${HOSTILE}`, ADDRESS]) expect(said).toContain(value)
        } else {
          expect(stdout).toContain('begin\\u{1b}[2J\\u{1b}]52;c;aGk=\\u{7}')
          expect(stdout).toMatch(/^ {4}ip_c +\\u\{1b\}\[2J\\u\{a\}\\u\{202e\}\\u\{9b\}$/m)
          expect(stdout).toMatch(/^ {4}ts3 +8640000000000001$/m)
          expect(stdout).toMatch(/^ {4}ts7 +\d{13} \(\d{4}-\d\d-\d\dT[\d:.]+Z\)$/m)
          for (const line of stdout.split('\n').filter((each) => each.includes('begin\\u')))
            expect(line.length).toBeLessThan(4_000)
        }
      } finally {
        await endProgram(running)
      }
    },
  )

  it.each([[[]], [['--json']]])(
    'a run of its own prints what it was told to ask, harmlessly: %j',
    async (more) => {
      const asked = HOSTILE.replaceAll('\u0000', '')
      const options = [
        '--suite',
        suite,
        '--request',
        `echo ${asked}`,
        '--request',
        `echo ${'x'.repeat(9_000)}`,
      ]
      const run = await runProgram(process.execPath, [built.program, ...FREE_PORTS, ...options, ...more])
      expect(run.code).toBe(0)
      expectHarmless(run.stdout)
      expectHarmless(run.stderr)
      const words = more.length > 0 ? run.stderr : run.stdout
      expect(words).toMatch(/^Answer to “echo begin\\u\{1b\}\[2J.* end”: begin\\u\{1b\}.* end$/m)
      expect(words).toMatch(/x… \(\d+ characters\)$/m)
    },
  )
})

it('what is wrong with a command line is said harmlessly', async () => {
  const asked = HOSTILE.replaceAll('\u0000', '')
  const wrong = [['--lifetime', asked], [`--${asked}`], ['--trial', asked]]
  for (const args of [...wrong, [...FREE_PORTS, '--out', `${built.program}/${asked}`]]) {
    const { code, stdout, stderr } = await runProgram(process.execPath, [built.program, ...args])
    expect(code).toBeGreaterThan(0)
    expectHarmless(stdout)
    expectHarmless(stderr)
    expect(stderr).toContain('\\u{1b}[2J')
  }
})

/** Every text within a value of JSON. */
function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : []
}
