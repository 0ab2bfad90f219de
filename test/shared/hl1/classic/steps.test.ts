/** Every step of suite `classic`, given what it should refuse: the alert's code and step, and the checks in the record. */
import { beforeAll, describe, expect, it } from 'vitest'
import { concat, toBase64, type Bytes } from '#shared/bytes'
import { DECRYPT_FAILED, encodeAlert } from '#shared/hl1/alerts'
import { CHECKS, type CheckId } from '#shared/hl1/check-table'
import { encodeFrame, lengthLimit, TYPE_ALERT } from '#shared/hl1/frame'
import type { MemberKind } from '#shared/record/member'
import { build } from '#shared/hl1/message'
import { STEP_NUMBERS, STEPS, type StepNumber } from '#shared/hl1/steps'
import { SUITE_BYTES, SUITES } from '#shared/hl1/suites'
import { fakeEnvironment } from '../../../support/environment'
import {
  flip,
  judge,
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
import { expectRefusal, plannedChecks } from '../../../support/refusals'
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
    const specs = SUITES.classic.sheets[step].members

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
