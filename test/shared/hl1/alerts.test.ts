import { describe, expect, it } from 'vitest'
import { fromUtf8, toUtf8 } from '#shared/bytes'
import { DECRYPT_FAILED, decodeAlert, encodeAlert, ProtocolError } from '#shared/hl1/alerts'
import { ALERT_CODES, type AlertCode } from '#shared/hl1/alert-codes'
import { encodeFrame, TYPE_ALERT } from '#shared/hl1/frame'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { fakeEnvironment } from '../../support/environment'
import { judge, runHonestly } from '../../support/handshake'

const ALL_CODES = Object.keys(ALERT_CODES) as AlertCode[]

/** What an alert with this body is read as, by someone who waits for step 4. */
const read = (body: unknown) => decodeAlert(toUtf8(JSON.stringify(body)), 4)

describe('an alert (section 6)', () => {
  it('has one of the fifteen codes of the protocol', () => {
    expect(ALL_CODES.join(' ')).toBe(
      'malformed unsupported_version unsupported_suite unexpected_message frame_too_large timeout busy decrypt_failed ' +
        'stale_timestamp future_timestamp unknown_identity bad_certificate replayed session_expired internal_error',
    )
  })

  it('is JSON in clear with code, step and message', () => {
    const alert = { code: 'stale_timestamp', step: 3, message: 'Zu alt: 11 s' } as const
    expect(JSON.parse(fromUtf8(encodeAlert(alert)))).toEqual(alert)
  })

  it.each(ALL_CODES)('%s comes back as it was sent', (code) => {
    const alert = { code, step: 7, message: 'Größer als 10 s – zu alt.' }
    expect(decodeAlert(encodeAlert(alert), 3)).toEqual(alert)
  })

  it('has its members in any order, and others ignored', () => {
    const body = '{"more":[1],"message":"m","step":2,"code":"busy"}'
    expect(decodeAlert(toUtf8(body), 4)).toEqual({ code: 'busy', step: 2, message: 'm' })
  })

  it('without a text gets that of its code, without a step the one that was awaited', () => {
    const expected = { code: 'busy', step: 4, message: ALERT_CODES.busy }
    expect(read({ code: 'busy' })).toEqual(expected)
    expect(read({ code: 'busy', step: '2', message: 7 })).toEqual(expected)
    expect(read({ code: 'busy', step: 1.5, message: '' })).toEqual(expected)
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['bytes that are no UTF-8', new Uint8Array([0xff, 0xfe, 0x00])],
    ['a text that is no JSON', toUtf8('{"code":')],
    ['JSON null', toUtf8('null')],
    ['a JSON number', toUtf8('7')],
    ['a JSON list', toUtf8('["busy"]')],
    ['an object without a code', toUtf8('{"step":1}')],
    ['a code that is no text', toUtf8('{"code":["busy"]}')],
    ['a code that is not in the table', toUtf8('{"code":"on_fire","step":1,"message":"m"}')],
    ['a code that every object inherits', toUtf8('{"code":"toString"}')],
    ['a code from the prototype', toUtf8('{"code":"__proto__"}')],
  ])('of %s counts as malformed at the step that was awaited', (_, body) => {
    expect(decodeAlert(body, 4)).toMatchObject({ code: 'malformed', step: 4 })
  })
})

describe('a refusal', () => {
  it('tells the peer its code, step and reason', () => {
    const refusal = new ProtocolError({ code: 'bad_certificate', step: 4, message: 'The issuer is wrong.' })
    expect(refusal.alert).toEqual({ code: 'bad_certificate', step: 4, message: 'The issuer is wrong.' })
    expect(refusal.origin).toBe('local')
  })

  it('says of a failed decryption always the same, whatever the reason was', () => {
    const reasons = ['The padding is wrong.', 'Not whole blocks.', 'No JSON.']
    const texts = reasons.map(
      (message) => new ProtocolError({ code: 'decrypt_failed', step: 3, message }).alert.message,
    )
    expect(new Set(texts)).toEqual(new Set([DECRYPT_FAILED]))
  })
})

it.each(SUITE_NAMES)(
  'in a suite that there is not is the peer’s word all the same, at every step of %s',
  async (suite) => {
    const { moments } = await runHonestly(fakeEnvironment(), { suite })
    const body = encodeAlert({ code: 'busy', step: 2, message: 'Later.' })
    for (const step of STEP_NUMBERS) {
      const { refusal, record } = await judge(moments[step], encodeFrame(TYPE_ALERT, 99, body))
      expect(refusal).toMatchObject({ code: 'busy', origin: 'peer', message: 'Later.' })
      expect(record.kind).toBe('alert')
    }
  },
)
