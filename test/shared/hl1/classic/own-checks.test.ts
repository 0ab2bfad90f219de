/** What each step of suite `classic` asks for on its own: identities, address, lifetime, the session's end; and replays. */
import { beforeAll, describe, expect, it } from 'vitest'
import { toUtf8, fromUtf8 } from '#shared/bytes'
import { build } from '#shared/hl1/message'
import { SUITES } from '#shared/hl1/suites'
import { fakeEnvironment } from '../../../support/environment'
import {
  CLIENT,
  flip,
  judge,
  LIFETIME,
  membersOf,
  runHonestly,
  withBody,
  withMembers,
  type HonestRun,
  type Moment,
} from '../../../support/handshake'
import { expectRefusal } from '../../../support/refusals'
import { hex } from '../../../support/vectors'

let run: HonestRun
let other: HonestRun
beforeAll(async () => {
  ;[run, other] = await Promise.all([
    runHonestly(fakeEnvironment('one')),
    runHonestly(fakeEnvironment('another')),
  ])
})

describe('the order of the checks (section 7)', () => {
  const STALE = 0

  it.each([
    { step: 1, name: 'id_s', stranger: 'stale_timestamp' },
    { step: 2, name: 'id_s', stranger: 'unknown_identity' },
    { step: 3, name: 'id_s', stranger: 'unknown_identity' },
    { step: 5, name: 'id_c', stranger: 'unknown_identity' },
    { step: 6, name: 'id_c', stranger: 'unknown_identity' },
  ] as const)('of step $step asks for freshness last', async ({ step, name, stranger }) => {
    const moment = run.moments[step]
    const malformed = await withMembers(moment, { [name]: 'Not An Identity', [`ts${step}`]: STALE })
    expect((await judge(moment, malformed)).code).toBe('malformed')
    const someone = await withMembers(moment, { [name]: 'ID-Nobody', [`ts${step}`]: STALE })
    expect((await judge(moment, someone)).code).toBe(stranger)
  })

  it('asks for every member before it looks at what one of them means', async () => {
    const frame = await withMembers(run.moments[6], { id_c: 'ID-Nobody', ts6: 'text', lifetime_sess: 0 })
    expectRefusal(await judge(run.moments[6], frame), 'malformed', 6, 'members')
  })
})

describe('an identity', () => {
  it.each([
    { step: 2, name: 'id_s' },
    { step: 3, name: 'id_s' },
    { step: 5, name: 'id_c' },
    { step: 6, name: 'id_c' },
  ] as const)('$name of step $step that is someone else’s is unknown_identity', async ({ step, name }) => {
    for (const identity of ['ID-Nobody', 'id-server', 'ID-Server.', 'ID-Clien']) {
      const verdict = await judge(
        run.moments[step],
        await withMembers(run.moments[step], { [name]: identity }),
      )
      expectRefusal(verdict, 'unknown_identity', step, 'identity')
      expect(verdict.record.checks.find((check) => check.id === 'identity')).toMatchObject({
        found: identity,
        expected: membersOf(run.moments[step])[name],
      })
    }
  })

  it('of step 1 and of the client in step 3 may be any that matches the pattern', async () => {
    const asks = await judge(run.moments[1], await withMembers(run.moments[1], { id_s: 'anyone' }))
    expect(asks.state).toMatchObject({ idS: 'anyone' })
    const comes = await judge(run.moments[3], await withMembers(run.moments[3], { id_c: 'anyone' }))
    expect(comes.state).toMatchObject({ idC: 'anyone' })
  })
})

describe('the client’s address in step 5', () => {
  const wrong = { ip_c: '10.0.0.1', port_c: 1 }

  it('is noted where it differs, and refused only where that is set', async () => {
    const moment = run.moments[5]
    for (const [name, value] of Object.entries(wrong)) {
      const frame = await withMembers(moment, { [name]: value })
      const { code, record } = await judge(moment, frame)
      expect(code).toBe('accepted')
      expect(record.checks.find((check) => check.id === 'address')).toMatchObject({
        result: 'noted',
        expected: `${CLIENT.address}:${CLIENT.port}`,
      })
      const acceptor = { ...moment.acceptor, enforceAddress: true } as typeof moment.acceptor
      expectRefusal(await judge(moment, frame, { acceptor }), 'unknown_identity', 5, 'address')
      expect((await judge(moment, moment.frame, { acceptor })).code).toBe('accepted')
    }
  })
})

describe('the lifetime in step 6', () => {
  it.each([1, 60, 86_400])('may be %i seconds', async (lifetime) => {
    const verdict = await judge(
      run.moments[6],
      await withMembers(run.moments[6], { lifetime_sess: lifetime }),
    )
    expect(verdict.state).toMatchObject({ session: { lifetime } })
  })

  it.each([0, -1, 86_401, Number.MAX_SAFE_INTEGER])('may not be %i seconds', async (lifetime) => {
    const verdict = await judge(
      run.moments[6],
      await withMembers(run.moments[6], { lifetime_sess: lifetime }),
    )
    expectRefusal(verdict, 'malformed', 6, 'lifetime')
  })
})

describe('the session’s end in step 7 (section 5)', () => {
  /** The same moment, so many milliseconds after the session began, on the clock that nobody sets. */
  const after = (milliseconds: number): Moment => {
    const { environment } = run.moments[7]
    const monotonic = (): number => environment.monotonic() + milliseconds
    return { ...run.moments[7], environment: { ...environment, monotonic } }
  }

  it('lets a request in that arrives exactly then', async () => {
    expect((await judge(after(LIFETIME * 1000), run.moments[7].frame)).code).toBe('accepted')
  })

  it('is past a millisecond later: session_expired', async () => {
    const verdict = await judge(after(LIFETIME * 1000 + 1), run.moments[7].frame)
    expectRefusal(verdict, 'session_expired', 7, 'session_alive')
    expect(verdict.record.plaintext).toBeUndefined()
  })

  it('is asked for before anything is opened, and after the frame', async () => {
    const late = after(LIFETIME * 1000 + 1)
    const noise = withBody(run.moments[7], () => new Uint8Array(5))
    expect((await judge(late, noise)).code).toBe('session_expired')
    expect((await judge(late, flip(run.moments[7].frame, 4))).code).toBe('unsupported_version')
    expect((await judge(late, run.moments[3].frame)).code).toBe('unexpected_message')
  })

  it('does not move with the wall clock', async () => {
    const day = 86_400_000
    const { environment } = run.moments[7]
    const now = (): number => environment.now() + day
    const moment = { ...run.moments[7], environment: { ...environment, now } }
    const frame = await withMembers(run.moments[7], { ts7: now() })
    expect((await judge(moment, frame)).code).toBe('accepted')
  })
})

describe('a replayed message', () => {
  it.each([2, 6, 7, 8] as const)(
    'of step %i from another connection can’t be opened: it had another key',
    async (step) => {
      expectRefusal(
        await judge(run.moments[step], other.moments[step].frame),
        'decrypt_failed',
        step,
        'decryption',
      )
    },
  )

  it.each([1, 3, 5] as const)(
    'of step %i is only stopped by its timestamp, as its weakness says',
    async (step) => {
      expect((await judge(run.moments[step], run.moments[step].frame, { later: 10_000 })).code).toBe(
        'accepted',
      )
      const late = await judge(run.moments[step], run.moments[step].frame, { later: 10_001 })
      expectRefusal(late, 'stale_timestamp', step, 'freshness')
    },
  )

  it.each([
    { step: 3, awaited: 5 },
    { step: 4, awaited: 6 },
    { step: 5, awaited: 7 },
    { step: 6, awaited: 8 },
  ] as const)('of step $step on its own connection is unexpected_message', async ({ step, awaited }) => {
    const verdict = await judge(run.moments[awaited], run.moments[step].frame)
    expectRefusal(verdict, 'unexpected_message', step, 'frame')
  })

  it('of step 7 on its own connection is served again while it is fresh, as its weakness says', async () => {
    const first = await judge(run.moments[7], run.moments[7].frame)
    expect(first.state?.next).toEqual({ act: 'build', step: 8 })
    const acceptor = { ...first.state!, next: { act: 'accept', step: 7 } } as Moment['acceptor']
    expect((await judge(run.moments[7], run.moments[7].frame, { acceptor })).code).toBe('accepted')
    const said = SUITES.classic.sheets[7].weaknesses.find(({ weakness }) => weakness === 'clock_alone')
    expect(said?.text).toContain('served again')
  })
})

describe('what each side knows after the honest run', () => {
  it('is the same session on both', () => {
    const server = run.moments[8].builder
    const client = run.moments[8].acceptor
    if (!('session' in server) || !('session' in client)) throw new Error('No session.')
    expect(server.session).toMatchObject({ lifetime: LIFETIME, idC: 'ID-Client' })
    expect(client.session).toEqual(server.session)
    expect(toUtf8(fromUtf8(run.moments[7].record.plaintext!.bytes))).toEqual(
      run.moments[7].record.plaintext!.bytes,
    )
  })

  it('has fresh keys: no two runs share one', () => {
    for (const [step, name] of [
      [1, 'k_tmp1'],
      [5, 'k_tmp2'],
      [6, 'k_sess'],
    ] as const) {
      expect(membersOf(run.moments[step])[name]).not.toBe(membersOf(other.moments[step])[name])
    }
  })

  it('never took a weak key from its random generator', async () => {
    const good = hex('0123456789abcdef')
    const draws = [hex('0101010101010101'), hex('00ff00ff00ff00ff'), good]
    const environment = {
      ...fakeEnvironment(),
      random: (length: number) => (length === 8 ? draws.shift()! : good),
    }
    const { builder } = run.moments[5]
    const { record } = await build(5, builder as never, CLIENT, environment)
    expect(record.members.find((member) => member.name === 'k_tmp2')?.value).toEqual(good)
  })
})
