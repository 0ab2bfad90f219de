/** Every step of suite `classic`, given what it should refuse: the alert's code and step, and the checks in the record. */
import { beforeAll, describe, expect, it } from 'vitest'
import { concat, fromUtf8, toBase64, toUtf8, type Bytes } from '#shared/bytes'
import { DECRYPT_FAILED, encodeAlert } from '#shared/protocol/alerts'
import { CHECKS, type CheckId } from '#shared/protocol/checks'
import { encodeFrame, lengthLimit, TYPE_ALERT } from '#shared/protocol/frame'
import type { MemberKind } from '#shared/protocol/members'
import { build } from '#shared/protocol/message'
import type { MessageRecord } from '#shared/protocol/record'
import { STEP_NUMBERS, STEPS, type StepNumber } from '#shared/protocol/steps'
import { SUITE_BYTES, SUITES } from '#shared/protocol/suites'
import { fakeEnvironment } from '../../../support/environment'
import {
  CLIENT,
  flip,
  judge,
  LIFETIME,
  MAX_AGE,
  membersOf,
  runHonestly,
  sealed,
  withBody,
  withMembers,
  type HonestRun,
  type Moment,
  type Verdict,
} from '../../../support/handshake'
import { hex } from '../../../support/vectors'

/** Steps whose body is one RSA block; the others have an IV and DES blocks. */
const RSA_STEPS: readonly StepNumber[] = [1, 5]
const DES_STEPS = STEP_NUMBERS.filter((step) => !RSA_STEPS.includes(step))
/** The first frame on each connection: there the suite is still open. */
const FIRST_STEPS: readonly StepNumber[] = [1, 3]

let run: HonestRun
let other: HonestRun
beforeAll(async () => {
  ;[run, other] = await Promise.all([
    runHonestly(fakeEnvironment('one')),
    runHonestly(fakeEnvironment('another')),
  ])
})

const COMMON_CHECKS: readonly CheckId[] = ['frame', 'decryption', 'members', 'freshness']

/** The checks of a step in the order of section 7. */
function plannedChecks(step: StepNumber): readonly CheckId[] {
  const alive: CheckId[] = step === 7 ? ['session_alive'] : []
  return ['frame', ...alive, 'decryption', 'members', ...SUITES.classic.steps[step].checks, 'freshness']
}

/** Asserts the alert, and that the record names the check that failed, those before it, and those never made. */
function expectRefusal(verdict: Verdict, code: Verdict['code'], step: number, failed: CheckId): void {
  expect({ code: verdict.code, step: verdict.step }).toEqual({ code, step })
  expect(verdict.refusal?.origin).toBe('local')
  expect(verdict.record.outcome).toMatchObject({ ok: false, code })
  expectChecks(verdict.record, failed)
}

function expectChecks(record: MessageRecord, failed: CheckId): void {
  const made = record.checks.filter((check) => check.result !== 'not_made')
  const notMade = record.checks.filter((check) => check.result === 'not_made')
  expect(made.at(-1), JSON.stringify(record.checks)).toMatchObject({ id: failed, result: 'failed' })
  expect(made.slice(0, -1).every((check) => check.result === 'passed' || check.result === 'noted')).toBe(true)
  // A frame that is no suite's has no more than the checks that every message has.
  const planned = record.suite ? plannedChecks(record.step as StepNumber) : COMMON_CHECKS
  const after = planned.slice(planned.indexOf(failed) + 1)
  expect(notMade.map((check) => check.id)).toEqual(after.filter((id) => id !== 'session_alive'))
  for (const { reason } of record.checks) expect(reason).toMatch(/\.$/)
}

describe.each(STEP_NUMBERS)('step %i', (step) => {
  let moment: Moment
  beforeAll(() => {
    moment = run.moments[step]
  })
  const refused = async (frame: Bytes, code: Verdict['code'], failed: CheckId): Promise<void> =>
    expectRefusal(await judge(moment, frame), code, step, failed)

  describe('as it should be', () => {
    it('is accepted, with every check named, passed and explained', async () => {
      const { code, record } = await judge(moment, moment.frame)
      expect(code).toBe('accepted')
      expect(record).toMatchObject({
        kind: 'message',
        suite: 'classic',
        step,
        role: STEPS[step].to,
        direction: 'received',
        outcome: { ok: true },
      })
      expect(record.checks.map((check) => `${check.id} ${check.result}`)).toEqual(
        plannedChecks(step).map((id) => `${id} passed`),
      )
      for (const check of record.checks) {
        expect(check.reason).toMatch(/^[A-Z].*\.$/)
        expect(CHECKS[check.id].ifIgnored).toMatch(/\.$/)
      }
    })

    it('has a header of its type, suite and length, and the members of the protocol’s table in clear', () => {
      const body = moment.frame.length - 8
      expect(moment.frame.slice(0, 8)).toEqual(
        concat(hex((body + 4).toString(16).padStart(8, '0')), new Uint8Array([1, step, 1, 0])),
      )
      expect(Object.keys(membersOf(moment)).join(' ')).toBe(MEMBERS[step])
      expect(membersOf(moment)[`ts${step}`]).toBe(moment.environment.now())
      if (RSA_STEPS.includes(step)) expect(body).toBe(256)
      else expect(body % 8).toBe(0)
    })

    it('is accepted with its members in another order and others among them', async () => {
      const members = Object.entries(membersOf(moment)).reverse()
      const text = JSON.stringify(Object.fromEntries([['x', 1], ...members, ['y', { z: [] }]]))
      expect((await judge(moment, await sealed(moment, text))).code).toBe('accepted')
    })

    it('can’t be built or accepted when it is not its turn: that is the driver’s fault, not the peer’s', async () => {
      const done = { ...moment.builder, next: { act: 'end' } } as typeof moment.builder
      await expect(build(step, done, {} as never, moment.environment)).rejects.toMatchObject({
        code: 'internal_error',
      })
      const waiting = { ...moment.acceptor, next: { act: 'end' } } as typeof moment.acceptor
      await expect(judge(moment, moment.frame, { acceptor: waiting })).rejects.toMatchObject({
        code: 'internal_error',
      })
    })
  })

  describe('tampered with', () => {
    it('in any one bit of its header is refused', async () => {
      for (let bit = 0; bit < 64; bit++) {
        const changed = flip(moment.frame, Math.floor(bit / 8), 1 << (bit % 8))
        const verdict = await judge(moment, changed)
        expect(verdict.code, `bit ${bit}`).not.toBe('accepted')
        expect(verdict.record.checks[0], `bit ${bit}`).toMatchObject({ id: 'frame', result: 'failed' })
      }
    })

    if (RSA_STEPS.includes(step)) {
      it('in the first, a middle or the last byte of its RSA block can’t be opened', async () => {
        for (const position of [0, 128, -1]) {
          await refused(
            withBody(moment, (body) => flip(body, position)),
            'decrypt_failed',
            'decryption',
          )
        }
      })

      it('in the place of another RSA block can’t be opened with this key', async () => {
        const foreign = await sealed(other.moments[step === 1 ? 5 : 1], '{}')
        await refused(
          withBody(moment, () => foreign.slice(8)),
          'decrypt_failed',
          'decryption',
        )
      })
    } else {
      // CBC has no integrity. A bit flipped in one block flips the same bit of the next plaintext block and garbles its
      // own, so only places where that is bound to show have a sure outcome.
      it('in the IV, where it turns the opening brace into another character, can’t be opened', async () => {
        await refused(
          withBody(moment, (body) => flip(body, 0)),
          'decrypt_failed',
          'decryption',
        )
      })

      it('in the IV, where it renames the first member, is malformed: nothing in DES-CBC notices', async () => {
        await refused(
          withBody(moment, (body) => flip(body, 2)),
          'malformed',
          'members',
        )
      })

      it('in the first block, which becomes noise, can’t be opened', async () => {
        await refused(
          withBody(moment, (body) => flip(body, 8)),
          'decrypt_failed',
          'decryption',
        )
      })

      it('in the block before the last, where it makes the padding longer than a block, can’t be opened', async () => {
        await refused(
          withBody(moment, (body) => flip(body, -9, 0x10)),
          'decrypt_failed',
          'decryption',
        )
      })

      it('in the last block, whose end becomes noise, can’t be opened', async () => {
        await refused(
          withBody(moment, (body) => flip(body, -1)),
          'decrypt_failed',
          'decryption',
        )
        await refused(
          withBody(moment, (body) => flip(body, -8, 0x80)),
          'decrypt_failed',
          'decryption',
        )
      })
    }

    it('tells its sender the same one text whatever is wrong inside', async () => {
      const frames = [
        withBody(moment, (body) => flip(body, 0)),
        withBody(moment, (body) => body.slice(0, -1)),
        withBody(moment, () => new Uint8Array()),
        await sealed(moment, 'not JSON'),
        await sealed(moment, '[]'),
        await sealed(moment, hex('7b2261223a22ff227d')),
      ]
      for (const frame of frames) {
        const { refusal } = await judge(moment, frame)
        expect(refusal?.alert).toEqual({ code: 'decrypt_failed', step, message: DECRYPT_FAILED })
      }
    })

    it('has its reason kept in the receiver’s own record', async () => {
      const { record } = await judge(moment, await sealed(moment, 'not JSON'))
      expect(record.checks.find((check) => check.id === 'decryption')?.reason).toBe(
        `${DECRYPT_FAILED} The plaintext is not JSON.`,
      )
    })
  })

  describe('truncated', () => {
    it.each([
      ['by one byte', (body: Bytes) => body.slice(0, -1)],
      ['by a block', (body: Bytes) => body.slice(0, -8)],
      ['to its first block', (body: Bytes) => body.slice(0, 8)],
      ['to one byte', (body: Bytes) => body.slice(0, 1)],
      ['to nothing', () => new Uint8Array()],
    ])('%s, with a length field that fits, can’t be opened', async (_, change) => {
      await refused(withBody(moment, change), 'decrypt_failed', 'decryption')
    })

    it('or longer than its length field says is malformed', async () => {
      for (const frame of [
        moment.frame.slice(0, -1),
        moment.frame.slice(0, 8),
        concat(moment.frame, hex('00')),
      ]) {
        await refused(frame, 'malformed', 'frame')
      }
    })

    it('inside its header is malformed', async () => {
      for (let length = 0; length < 8; length++)
        await refused(moment.frame.slice(0, length), 'malformed', 'frame')
    })

    it('or longer by whole blocks can’t be opened', async () => {
      await refused(
        withBody(moment, (body) => concat(body, body.slice(-8))),
        'decrypt_failed',
        'decryption',
      )
    })
  })

  describe('with its timestamp', () => {
    it('exactly as old as the limit is accepted, a millisecond older is stale', async () => {
      expect((await judge(moment, moment.frame, { later: MAX_AGE * 1000 })).code).toBe('accepted')
      const verdict = await judge(moment, moment.frame, { later: MAX_AGE * 1000 + 1 })
      expectRefusal(verdict, 'stale_timestamp', step, 'freshness')
      expect(verdict.record.checks.at(-1)).toMatchObject({ found: '10.001 s old' })
    })

    it('exactly as far ahead as the limit is accepted, a millisecond further is from the future', async () => {
      expect((await judge(moment, moment.frame, { later: -MAX_AGE * 1000 })).code).toBe('accepted')
      const verdict = await judge(moment, moment.frame, { later: -MAX_AGE * 1000 - 1 })
      expectRefusal(verdict, 'future_timestamp', step, 'freshness')
      expect(verdict.record.checks.at(-1)).toMatchObject({ found: '10.001 s ahead' })
    })

    it.each([
      ['at zero', 0],
      ['before the epoch', -1],
    ])('%s is stale', async (_, ts) => {
      await refused(await withMembers(moment, { [`ts${step}`]: ts }), 'stale_timestamp', 'freshness')
    })
  })

  describe('with a member', () => {
    const specs = SUITES.classic.steps[step].members

    it.each(specs.map((spec) => spec.name))('%s missing is malformed', async (name) => {
      await refused(await withMembers(moment, { [name]: undefined }), 'malformed', 'members')
    })

    it.each(specs.map(({ name, kind }) => ({ name, kind })))(
      '$name that is no $kind is malformed',
      async ({ name, kind }) => {
        for (const value of WRONG[kind]) {
          const verdict = await judge(moment, await withMembers(moment, { [name]: value }))
          expectRefusal(verdict, 'malformed', step, 'members')
          expect(verdict.record.checks.find((check) => check.id === 'members')?.reason).toContain(name)
        }
      },
    )

    const key = specs.find((spec) => spec.length === 8)?.name
    if (key !== undefined) {
      it.each([
        ['a byte too short', toBase64(new Uint8Array(7).fill(42))],
        ['a byte too long', toBase64(new Uint8Array(9).fill(42))],
        ['empty', ''],
        ['weak', toBase64(hex('0101010101010101'))],
        ['weak but for its parity', toBase64(new Uint8Array(8))],
        ['semi-weak', toBase64(hex('01fe01fe01fe01fe'))],
        ['semi-weak but for its parity', toBase64(hex('00ff00ff00ff00ff'))],
      ])(`${key} that is %s is malformed`, async (_, value) => {
        await refused(await withMembers(moment, { [key]: value }), 'malformed', 'members')
      })
    }
  })

  describe('in the place of another', () => {
    it.each(STEP_NUMBERS.filter((type) => type !== step))(
      'the frame of step %i is unexpected_message, and the alert names that step',
      async (type) => {
        expectRefusal(await judge(moment, run.moments[type].frame), 'unexpected_message', type, 'frame')
      },
    )

    it.each([0, 9, 0x20, 0x7e, 0x80, 0xff])('a frame of type %i is unexpected_message', async (type) => {
      await refused(encodeFrame(type, 1, moment.frame.slice(8)), 'unexpected_message', 'frame')
    })

    it('an alert is the peer’s refusal: it is recorded as such and has no checks', async () => {
      const alert = { code: 'busy', step: 2, message: 'Come back later.' } as const
      const verdict = await judge(moment, encodeFrame(TYPE_ALERT, 1, encodeAlert(alert)))
      expect(verdict).toMatchObject({
        code: 'busy',
        step: 2,
        refusal: { origin: 'peer', message: 'Come back later.' },
        record: {
          kind: 'alert',
          step: 2,
          direction: 'received',
          checks: [],
          outcome: { ok: false, code: 'busy' },
        },
      })
      expect(verdict.record.ranges.at(-1)).toMatchObject({ name: 'alert', start: 8 })
    })

    it('an alert that can’t be read counts as malformed', async () => {
      const verdict = await judge(moment, encodeFrame(TYPE_ALERT, 1, hex('ff')))
      expect(verdict).toMatchObject({ code: 'malformed', step, refusal: { origin: 'peer' } })
    })
  })

  describe('in a frame', () => {
    it.each([0, 2, 255])('of version %i is unsupported_version', async (version) => {
      const changed = moment.frame.slice()
      changed[4] = version
      await refused(changed, 'unsupported_version', 'frame')
    })

    it.each([0, 2, 9, 255].filter((suite) => !FIRST_STEPS.includes(step) || !SUITE_BYTES.includes(suite)))(
      'of suite %i is unsupported_suite',
      async (suite) => {
        const changed = moment.frame.slice()
        changed[6] = suite
        await refused(changed, 'unsupported_suite', 'frame')
      },
    )

    it('with flags is malformed', async () => {
      await refused(flip(moment.frame, 7), 'malformed', 'frame')
    })

    it('one byte over the limit is frame_too_large, already when only its header is there', async () => {
      const body = new Uint8Array(lengthLimit(step) - 3)
      const frame = encodeFrame(step, 1, body)
      await refused(frame, 'frame_too_large', 'frame')
      await refused(frame.slice(0, 8), 'frame_too_large', 'frame')
    })

    it('of exactly the limit is read: only then it turns out that it can’t be opened', async () => {
      const frame = encodeFrame(step, 1, new Uint8Array(lengthLimit(step) - 4))
      await refused(frame, 'decrypt_failed', 'decryption')
    })

    it('with no room for its header is malformed', async () => {
      for (const length of [0, 3]) {
        const changed = moment.frame.slice()
        changed.set([0, 0, 0, length])
        await refused(changed, 'malformed', 'frame')
      }
    })
  })
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
    expect(SUITES.classic.steps[7].weakness).toContain('again')
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

  it('is a transcript over every frame of the connection, the same on both sides', () => {
    expect(run.moments[8].builder.transcript).toEqual(run.moments[8].acceptor.transcript)
    expect(run.moments[8].builder.transcript).not.toEqual(run.moments[7].builder.transcript)
    expect(run.moments[1].builder.transcript).toEqual(run.moments[3].builder.transcript)
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

/** The members of each step in the order of section 3. */
const MEMBERS: Readonly<Record<StepNumber, string>> = {
  1: 'k_tmp1 id_s ts1',
  2: 'pk_s sk_s cert_s x509_s id_s ts2',
  3: 'id_c id_s ts3',
  4: 'pk_s cert_s x509_s ts4',
  5: 'k_tmp2 id_c ip_c port_c ts5',
  6: 'k_sess lifetime_sess id_c ts6',
  7: 'req ts7',
  8: 'data ts8',
}

const NO_TEXT = [7, true, null, ['x'], { x: 1 }]
const NO_NUMBER = ['7', '', true, null, [7], {}, 1.5, 2 ** 53]

/** Values that a member of each kind can't have. */
const WRONG: Readonly<Record<MemberKind, readonly unknown[]>> = {
  identity: [...NO_TEXT, '', 'two words', 'x'.repeat(49), 'ID-Ö', 'ID-Server\n'],
  timestamp: NO_NUMBER,
  integer: NO_NUMBER,
  text: NO_TEXT,
  pem: NO_TEXT,
  bytes: [...NO_TEXT, 'AAECAwQFBgc', 'AAECAwQFBg_=', '!AECAwQFBgc=', 'AAECAwQFBgc= '],
}

it('has every step in one of the two groups', () => {
  expect([...RSA_STEPS, ...DES_STEPS].sort()).toEqual([...STEP_NUMBERS])
})
