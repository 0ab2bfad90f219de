import { describe, expect, it } from 'vitest'
import { toHex } from '#shared/bytes'
import { ProtocolError } from '#shared/hl1/alerts'
import {
  checkHeader,
  checkLengthField,
  decodeHeader,
  encodeFrame,
  headerRanges,
  lengthLimit,
  stepOfType,
  TYPE_ALERT,
  type FrameExpectation,
  type FrameHeader,
} from '#shared/hl1/frame'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { hex } from '../../support/vectors'

const GOOD: FrameHeader = { length: 100, version: 1, type: 3, suite: 1, flags: 0 }
const WAITS_FOR_3: FrameExpectation = { step: 3, suites: [1] }

/** The alert that a header earns, or `fine`. */
function judge(header: Partial<FrameHeader>, expected = WAITS_FOR_3): string {
  return outcome(() => checkHeader({ ...GOOD, ...header }, expected))
}

function outcome(check: () => void): string {
  try {
    check()
    return 'fine'
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return `${error.code} at ${error.step}`
  }
}

describe('a frame on the wire (section 1)', () => {
  it('is a big-endian length that does not count itself, version, type, suite, flags and the body', () => {
    expect(toHex(encodeFrame(3, 1, hex('aabbcc')), ' ')).toBe('00 00 00 07 01 03 01 00 aa bb cc')
    expect(toHex(encodeFrame(TYPE_ALERT, 2, new Uint8Array(0x010203)).subarray(0, 8), ' ')).toBe(
      '00 01 02 07 01 7f 02 00',
    )
  })

  it('is read back field by field, wherever it stands in a buffer', () => {
    const buffer = hex('ffff' + '8000000a' + '01' + '07' + '02' + '80' + 'ff')
    const expected = { length: 0x8000000a, version: 1, type: 7, suite: 2, flags: 0x80 }
    expect(decodeHeader(buffer.subarray(2))).toEqual(expected)
  })

  it('has its header’s fields named without gap or overlap', () => {
    const ranges = headerRanges(GOOD, 'classic', 'Certificate request')
    expect(ranges.map(({ name, start, end }) => `${name} ${start}-${end}`)).toEqual([
      'length 0-4',
      'version 4-5',
      'type 5-6',
      'suite 6-7',
      'flags 7-8',
    ])
  })
})

describe('the limit of the length field', () => {
  const LIMITS: Readonly<Record<number, number>> = {
    1: 16_384,
    2: 16_384,
    3: 16_384,
    4: 16_384,
    5: 16_384,
    6: 16_384,
    7: 1_048_640,
    8: 1_048_640,
    [TYPE_ALERT]: 16_384,
  }

  it.each(Object.entries(LIMITS).map(([type, limit]) => ({ type: Number(type), limit })))(
    'of type $type is $limit: exactly that passes, one more is frame_too_large',
    ({ type, limit }) => {
      const step = type === TYPE_ALERT ? 4 : type
      const expected = { step, suites: [1] }
      expect(lengthLimit(type)).toBe(limit)
      expect(judge({ type, length: limit }, expected)).toBe('fine')
      expect(judge({ type, length: limit + 1 }, expected)).toBe(`frame_too_large at ${step}`)
      expect(judge({ type, length: 0xffffffff }, expected)).toBe(`frame_too_large at ${step}`)
    },
  )

  it('of an alert is that of the handshake, also while a session’s message is awaited', () => {
    expect(judge({ type: TYPE_ALERT, length: 16_385 }, { step: 8, suites: [1] })).toBe('frame_too_large at 8')
  })
})

describe('a length field without room for the rest of the header', () => {
  it.each([0, 1, 2, 3])('%i is malformed', (length) => {
    expect(outcome(() => checkLengthField(length, 5))).toBe('malformed at 5')
  })

  it('4, the header alone, passes', () => {
    expect(outcome(() => checkLengthField(4, 5))).toBe('fine')
    expect(judge({ length: 4 })).toBe('fine')
  })
})

describe('a header', () => {
  it.each([0, 2, 255])('of version %i is unsupported_version', (version) => {
    expect(judge({ version })).toBe('unsupported_version at 3')
  })

  it.each([0, 2, 9, 255])(
    'of suite %i, which the connection does not have, is unsupported_suite',
    (suite) => {
      expect(judge({ suite })).toBe('unsupported_suite at 3')
      // An alert may answer a frame before any suite is agreed.
      expect(judge({ suite, type: TYPE_ALERT })).toBe('fine')
    },
  )

  it('of any suite that is still open to the connection passes', () => {
    expect(judge({ suite: 1 }, { step: 3, suites: [1, 2] })).toBe('fine')
    expect(judge({ suite: 2 }, { step: 3, suites: [1, 2] })).toBe('fine')
    expect(judge({ suite: 3 }, { step: 3, suites: [1, 2] })).toBe('unsupported_suite at 3')
  })

  it.each(STEP_NUMBERS.filter((step) => step !== 3))(
    'of step %i where 3 comes next is unexpected_message, and the alert names the step that came',
    (type) => {
      expect(judge({ type })).toBe(`unexpected_message at ${type}`)
    },
  )

  it.each([0, 9, 0x20, 0x7e, 0x80, 0xff])(
    'of type %i, which is no step, is unexpected_message, and the alert names the step awaited',
    (type) => {
      expect(judge({ type })).toBe('unexpected_message at 3')
      expect(stepOfType(type, 3)).toBe(3)
    },
  )

  it('of any type where nothing more may come is unexpected_message', () => {
    expect(judge({ type: 1 }, { step: 0, suites: [1] })).toBe('unexpected_message at 1')
    expect(judge({ type: 0x20 }, { step: 0, suites: [1] })).toBe('unexpected_message at 0')
  })

  it('of an alert passes whatever step comes next', () => {
    for (const step of STEP_NUMBERS) expect(judge({ type: TYPE_ALERT }, { step, suites: [1] })).toBe('fine')
  })

  it.each([1, 0x80, 0xff])('with flags %i is malformed', (flags) => {
    expect(judge({ flags })).toBe('malformed at 3')
  })

  it('with everything wrong is refused for version, suite, type, length and flags in that order', () => {
    const wrong = { version: 2, suite: 9, type: 4, length: 0xffffffff, flags: 1 }
    expect(judge(wrong)).toBe('unsupported_version at 4')
    expect(judge({ ...wrong, version: 1 })).toBe('unsupported_suite at 4')
    expect(judge({ ...wrong, version: 1, suite: 1 })).toBe('unexpected_message at 4')
    expect(judge({ ...wrong, version: 1, suite: 1, type: 3 })).toBe('frame_too_large at 3')
    expect(judge({ ...wrong, version: 1, suite: 1, type: 3, length: 4 })).toBe('malformed at 3')
    expect(judge({ ...wrong, version: 1, suite: 1, type: 3, length: 4, flags: 0 })).toBe('fine')
  })
})
