/** Rules that hold for every input, tried with inputs that nobody has thought of. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, fromBase64, fromHex, fromUtf8, toBase64, toHex, type Bytes } from '#shared/bytes'
import { encodePem } from '#shared/crypto/encodings/pem'
import { LabError } from '#shared/errors'
import { decodeAlert, encodeAlert, ProtocolError } from '#shared/hl1/alerts'
import { ALERT_CODES, type AlertCode } from '#shared/hl1/alert-codes'
import { systemEnvironment } from '#shared/hl1/environment'
import { frameTransport, type BytePipe } from '#shared/hl1/drivers/transport'
import {
  checkHeader,
  decodeHeader,
  encodeFrame,
  HEADER_BYTES,
  lengthLimit,
  TYPE_ALERT,
} from '#shared/hl1/frame'
import { isIdentity } from '#shared/hl1/identity'
import { encodeMembers, readMembers } from '#shared/hl1/members'
import { parseObject } from '#shared/hl1/read-object'
import type { MemberKind, MemberSpec, MemberValue } from '#shared/record/member'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITE_NAMES, SUITES } from '#shared/hl1/suites'

const RUNS = { numRuns: 500 }
const SUITE_BYTES = SUITE_NAMES.map((name) => SUITES[name].byte)
const bytes = (max: number) => fc.uint8Array({ maxLength: max }).map((array): Bytes => new Uint8Array(array))
const byte = fc.integer({ min: 0, max: 255 })

describe('the codec of frames', () => {
  it('reads back what it has written', () => {
    fc.assert(
      fc.property(byte, byte, bytes(300), (type, suite, body) => {
        const frame = encodeFrame(type, suite, body)
        expect(decodeHeader(frame)).toEqual({ length: body.length + 4, version: 1, type, suite, flags: 0 })
        expect(frame.slice(HEADER_BYTES)).toEqual(body)
      }),
      RUNS,
    )
  })

  it('lets a header pass if and only if section 1 does', () => {
    const header = fc.record({
      length: fc.oneof(fc.nat(), fc.constantFrom(4, 5, 16_384, 16_385, 1_048_640, 1_048_641, 0xffffffff)),
      version: fc.oneof(fc.constant(1), byte),
      type: fc.oneof(fc.constantFrom(...STEP_NUMBERS, TYPE_ALERT), byte),
      suite: fc.oneof(fc.constantFrom(...SUITE_BYTES), byte),
      flags: fc.oneof(fc.constant(0), byte),
    })
    fc.assert(
      fc.property(
        header,
        fc.constantFrom(...STEP_NUMBERS),
        fc.subarray(SUITE_BYTES),
        (given, step, suites) => {
          const isAlert = given.type === TYPE_ALERT
          const passes =
            given.version === 1 &&
            (isAlert || suites.includes(given.suite)) &&
            (isAlert || given.type === step) &&
            given.length <= lengthLimit(given.type) &&
            given.flags === 0
          const check = (): void => checkHeader(given, { step, suites })
          if (passes) check()
          else expect(check).toThrow(ProtocolError)
        },
      ),
      { numRuns: 3_000 },
    )
  })

  it('cuts a stream into the same frames however it comes in pieces', async () => {
    const chunks = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(bytes(120), { minLength: 1, maxLength: 4 }),
        chunks,
        async (bodies, sizes) => {
          const frames = bodies.map((body) => encodeFrame(3, 1, body))
          const pieces = cut(concat(...frames), sizes)
          const pipe: BytePipe = {
            read: async () => pieces.shift(),
            write: async () => undefined,
            close: () => undefined,
          }
          const transport = frameTransport(pipe, systemEnvironment)
          const limits = { idle: undefined, frame: 60_000 }
          const signal = new AbortController().signal
          const expected = { step: 3, suites: [1] }
          for (const frame of frames) expect(await transport.receive(expected, limits, signal)).toEqual(frame)
          await expect(transport.receive(expected, limits, signal)).rejects.toMatchObject({
            code: 'connection_closed',
          })
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('text forms of bytes', () => {
  it('base64 and hex are read back, and each byte string has one base64 text', () => {
    fc.assert(
      fc.property(bytes(100), (value) => {
        expect(fromBase64(toBase64(value))).toEqual(value)
        expect(fromHex(toHex(value))).toEqual(value)
      }),
      RUNS,
    )
    const alphabet = fc.constantFrom(...'AQgwBCabc012+/=- \n')
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 12 }), (text) => {
        const value = fromBase64(text)
        if (value) expect(toBase64(value)).toBe(text)
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('identities', () => {
  it('are 1 to 48 of the 65 allowed characters and nothing else', () => {
    const allowed = new Set('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-')
    const nearly = fc.string({ unit: fc.constantFrom(...allowed, ' ', 'ß', '\n', '/'), maxLength: 52 })
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string({ unit: 'binary', maxLength: 52 })), (text) => {
        const expected = text.length >= 1 && text.length <= 48 && [...text].every((each) => allowed.has(each))
        expect(isIdentity(text)).toBe(expected)
      }),
      { numRuns: 2_000 },
    )
  })
})

const KINDS: { readonly [K in MemberKind]: fc.Arbitrary<MemberValue> } = {
  identity: fc.string({ unit: fc.constantFrom(...'AZaz09._-'), minLength: 1, maxLength: 48 }),
  timestamp: fc.maxSafeInteger(),
  integer: fc.maxSafeInteger(),
  text: fc.string({ unit: 'grapheme' }),
  pem: fc.uint8Array({ minLength: 1, maxLength: 200 }).map((der) => encodePem('CERTIFICATE', der)),
  bytes: bytes(60),
}
const kind = fc.constantFrom(...(Object.keys(KINDS) as MemberKind[]))
/** Some members, each with a value of its kind. */
const message = fc
  .uniqueArray(
    kind.chain((of) =>
      fc.record({ name: fc.string({ minLength: 1 }), kind: fc.constant(of), value: KINDS[of] }),
    ),
    { selector: ({ name }) => name, maxLength: 6 },
  )
  // Of all names this one is no ordinary property in JavaScript; no step has it.
  .filter((members) => members.every(({ name }) => name !== '__proto__'))

describe('members', () => {
  it('are read back as they were written, and stand where they are said to stand', async () => {
    await fc.assert(
      fc.asyncProperty(message, async (members) => {
        const specs = members.map((member): MemberSpec => ({
          ...member,
          symbol: member.name,
          nature: { is: 'payload' },
          meaning: 'Any.',
        }))
        const values = Object.fromEntries(members.map(({ name, value }) => [name, value]))
        const encoded = encodeMembers(specs, values)
        const parsed = await parseObject(encoded.bytes, specs)
        expect(readMembers(specs, parsed.object)).toEqual({ values })
        expect(parsed.ranges).toEqual(encoded.ranges)
        for (const { name, start, end } of parsed.ranges) {
          const alone = JSON.parse(`{${fromUtf8(encoded.bytes.subarray(start, end))}}`) as Record<
            string,
            unknown
          >
          expect(alone).toEqual({ [name]: parsed.object[name] })
        }
      }),
      RUNS,
    )
  })

  it('of any JSON value are read or refused with a sentence, and never throw', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('m', 'n'), fc.jsonValue()), kind, (object, of) => {
        const spec: MemberSpec = {
          name: 'm',
          symbol: 'M',
          nature: { is: 'payload' },
          meaning: 'Any.',
          kind: of,
        }
        const read = readMembers([spec], object)
        if ('problem' in read) expect(read.problem).toMatch(/^The member m .*\.$/)
        else expect(read.values).toHaveProperty('m')
      }),
      { numRuns: 2_000 },
    )
  })

  it('of any bytes at all are an object or a SyntaxError', async () => {
    const json = fc.json().map((text): Bytes => new TextEncoder().encode(text))
    const broken = json.chain((text) =>
      fc.nat(Math.max(0, text.length - 1)).map((end): Bytes => text.slice(0, end)),
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes(80), json, broken), async (plaintext) => {
        try {
          const { object, ranges } = await parseObject(plaintext, [])
          expect(typeof object).toBe('object')
          for (const { start, end } of ranges) {
            expect(start).toBeLessThan(end)
            expect(end).toBeLessThanOrEqual(plaintext.length)
          }
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('alerts', () => {
  const code = fc.constantFrom(...(Object.keys(ALERT_CODES) as AlertCode[]))

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(code, fc.integer(), fc.string({ unit: 'grapheme', minLength: 1 }), (of, step, text) => {
        const alert = { code: of, step, message: text }
        expect(decodeAlert(encodeAlert(alert), 0)).toEqual(alert)
      }),
      RUNS,
    )
  })

  it('of any bytes at all have a code that the protocol knows', () => {
    const json = fc.json().map((text): Bytes => new TextEncoder().encode(text))
    fc.assert(
      fc.property(fc.oneof(bytes(80), json), (body) => {
        expect(Object.keys(ALERT_CODES)).toContain(decodeAlert(body, 5).code)
      }),
      { numRuns: 2_000 },
    )
  })

  it('never say more of a failed opening than the one text', () => {
    fc.assert(
      fc.property(fc.string(), (detail) => {
        const cause = new LabError('bad_ciphertext', detail)
        const refusal = new ProtocolError({ code: 'decrypt_failed', step: 5, message: detail }, { cause })
        expect(refusal.alert.message).toBe('The message could not be opened.')
      }),
      { numRuns: 50 },
    )
  })
})

/** Cuts bytes into pieces of the given sizes, again and again. */
function cut(stream: Bytes, sizes: readonly number[]): Bytes[] {
  const pieces: Bytes[] = []
  for (let start = 0, index = 0; start < stream.length; index++) {
    const size = sizes[index % sizes.length]!
    pieces.push(stream.slice(start, start + size))
    start += size
  }
  return pieces
}
