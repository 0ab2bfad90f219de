/**
 * Everything that a listener has to refuse, in both suites and over real connections: the alert's code and step are those of protocol.md,
 * the connection is closed, and the listener serves the next one as well as those that were open all the time.
 */
import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { concat, toBase64, type Bytes } from '#shared/bytes'
import { makeRequest } from '#shared/crypto/pki/request'
import { publicKeyFromSpki, type RsaKeyPair } from '#shared/crypto/primitives/rsa'
import type { AlertCode } from '#shared/hl1/alert-codes'
import { webCrypto } from '#shared/crypto/provider'
import { encodeFrame, headerField, lengthLimit, TYPE_ALERT } from '#shared/hl1/frame'
import { accept, build } from '#shared/hl1/message'
import type { ClientState } from '#shared/hl1/state'
import type { StepNumber } from '#shared/hl1/steps'
import { SUITE_NAMES, SUITES, type SuiteName } from '#shared/hl1/suites'
import { keyPair } from '../support/credentials'
import { flip, membersOf, sealed, withBody, withMembers, type Moment } from '../support/handshake'
import {
  approach,
  goThrough,
  LISTENED_STEPS,
  startLoopback,
  type Approach,
  type ListenedStep,
  type Loopback,
} from '../support/loopback'
import { RawPeer } from '../support/raw-peer'
import { hex } from '../support/vectors'

let loopback: Loopback
/** A session of each suite that is open while all the attacks run. */
const bystanders = new Map<SuiteName, Approach>()
beforeAll(async () => {
  // Registered in `classic`, the server serves both suites.
  loopback = await startLoopback({ lifetime: 3_600 })
  for (const suite of SUITE_NAMES) bystanders.set(suite, await approach(loopback, 7, suite))
})
afterAll(async () => {
  for (const { peer } of bystanders.values()) peer.close()
  await loopback.stop()
})

interface Attack {
  readonly name: string
  /** The one suite that it makes sense in. */
  readonly suite?: SuiteName
  /** The alert's code, or one for each step that the attack makes sense at. What can't be opened is malformed where nothing is closed. */
  readonly code: AlertCode | Partial<Record<ListenedStep, AlertCode>>
  /** The step that the alert names; the one in hand unless said. */
  readonly about?: (step: ListenedStep) => number
  readonly make: (moment: Moment) => Bytes | Promise<Bytes>
  /** The peer sends no more after it. */
  readonly finish?: boolean
}

const OTHER_TYPE: Readonly<Record<ListenedStep, StepNumber>> = { 1: 3, 3: 5, 5: 7, 7: 3 }
const KEY_MEMBER: Partial<Record<StepNumber, string>> = { 1: 'k_tmp1', 5: 'k_tmp2' }
const ID_MEMBER: Partial<Record<StepNumber, string>> = { 1: 'id_s', 3: 'id_s', 5: 'id_c' }
const HOUR = 3_600_000

const header = (moment: Moment, length: number, type: number = moment.step): Bytes =>
  concat(
    hex(length.toString(16).padStart(8, '0')),
    new Uint8Array([1, type, headerField(moment.frame, 'suite'), 0]),
  )
const set = (frame: Bytes, position: number, value: number): Bytes =>
  concat(frame.slice(0, position), new Uint8Array([value]), frame.slice(position + 1))
const dated =
  (difference: number) =>
  (moment: Moment): Promise<Bytes> =>
    withMembers(moment, { [`ts${moment.step}`]: Date.now() + difference })

const ATTACKS: readonly Attack[] = [
  { name: 'another version', code: 'unsupported_version', make: ({ frame }) => set(frame, 4, 2) },
  { name: 'a suite that there is none of', code: 'unsupported_suite', make: ({ frame }) => set(frame, 6, 9) },
  { name: 'no suite', code: 'unsupported_suite', make: ({ frame }) => set(frame, 6, 0) },
  { name: 'flags', code: 'malformed', make: ({ frame }) => set(frame, 7, 1) },
  { name: 'a type that is no step', code: 'unexpected_message', make: ({ frame }) => set(frame, 5, 0x20) },
  {
    name: 'the message of another step',
    code: 'unexpected_message',
    about: (step) => OTHER_TYPE[step],
    make: (moment) => set(moment.frame, 5, OTHER_TYPE[moment.step as ListenedStep]),
  },
  {
    name: 'the answer instead of the request',
    code: 'unexpected_message',
    about: (step) => step + 1,
    make: (moment) => set(moment.frame, 5, moment.step + 1),
  },
  {
    name: 'one byte over the limit, of which only the header comes',
    code: 'frame_too_large',
    make: (moment) => header(moment, lengthLimit(moment.step) + 1),
  },
  {
    name: 'a length of 4 GiB',
    code: 'frame_too_large',
    make: (moment) => concat(header(moment, 0xffffffff), new Uint8Array(1_000)),
  },
  {
    name: 'a length of 4 GiB and another type',
    code: 'unexpected_message',
    make: (moment) => header(moment, 0xffffffff, 0x20),
  },
  { name: 'a length without room for the header', code: 'malformed', make: () => hex('00000003') },
  { name: 'noise', code: 'unsupported_version', make: () => hex('00000a0d0a0d0a0d0a0d0a0d0a0d') },
  {
    name: 'another protocol’s greeting',
    code: 'unsupported_version',
    make: () => new Uint8Array(Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')),
  },
  {
    name: 'a flipped bit',
    code: 'decrypt_failed',
    make: (moment) => withBody(moment, (body) => flip(body, 0)),
  },
  {
    name: 'a flipped bit near its end',
    code: 'decrypt_failed',
    make: (moment) => withBody(moment, (body) => flip(body, -9, 0x10)),
  },
  {
    name: 'one byte less',
    code: 'decrypt_failed',
    make: (moment) => withBody(moment, (body) => body.slice(0, -1)),
  },
  {
    name: 'one block less',
    code: 'decrypt_failed',
    make: (moment) => withBody(moment, (body) => body.slice(0, -8)),
  },
  {
    name: 'an empty body',
    code: 'decrypt_failed',
    make: (moment) => withBody(moment, () => new Uint8Array()),
  },
  {
    name: 'a body as long as it may be, of nothing',
    code: 'decrypt_failed',
    make: (moment) => withBody(moment, () => new Uint8Array(lengthLimit(moment.step) - 4)),
  },
  {
    name: 'a plaintext that is no JSON',
    code: 'decrypt_failed',
    make: (moment) => sealed(moment, 'no JSON'),
  },
  { name: 'a plaintext that is a list', code: 'decrypt_failed', make: (moment) => sealed(moment, '[]') },
  { name: 'a plaintext of no bytes', code: 'decrypt_failed', make: (moment) => sealed(moment, '') },
  { name: 'no members', code: 'malformed', make: (moment) => sealed(moment, '{}') },
  {
    name: 'a member missing',
    code: 'malformed',
    make: (moment) => withMembers(moment, { [Object.keys(membersOf(moment))[0]!]: undefined }),
  },
  {
    name: 'a member of the wrong type',
    code: 'malformed',
    make: (moment) => withMembers(moment, { [`ts${moment.step}`]: String(Date.now()) }),
  },
  {
    name: 'a weak key',
    suite: 'classic',
    code: { 1: 'malformed', 5: 'malformed' },
    make: (moment) => withMembers(moment, { [KEY_MEMBER[moment.step]!]: toBase64(new Uint8Array(8)) }),
  },
  {
    name: 'a key that is too short',
    code: { 1: 'malformed', 5: 'malformed' },
    make: (moment) =>
      withMembers(moment, { [KEY_MEMBER[moment.step]!]: toBase64(new Uint8Array(7).fill(3)) }),
  },
  {
    name: 'an identity that is none',
    code: { 1: 'malformed', 3: 'malformed', 5: 'malformed' },
    make: (moment) => withMembers(moment, { [ID_MEMBER[moment.step]!]: 'No Identity' }),
  },
  {
    name: 'someone else’s identity',
    suite: 'classic',
    code: { 3: 'unknown_identity', 5: 'unknown_identity' },
    make: (moment) => withMembers(moment, { [ID_MEMBER[moment.step]!]: 'ID-Nobody' }),
  },
  {
    name: 'another server’s identity',
    suite: 'modern',
    code: { 3: 'unknown_identity' },
    make: (moment) => withMembers(moment, { id_s: 'ID-Nobody' }),
  },
  {
    name: 'a request in another name',
    suite: 'modern',
    code: { 1: 'bad_certificate' },
    make: (moment) => withMembers(moment, { id_s: 'ID-Nobody' }),
  },
  {
    name: 'a request that another key has signed',
    suite: 'modern',
    code: { 1: 'bad_certificate' },
    make: async (moment) => {
      const { publicKey } = await keyPair('server')
      const { privateKey } = await keyPair('other')
      return withMembers(moment, {
        csr_s: await makeRequest('ID-Server', { publicKey, privateKey }, webCrypto),
      })
    },
  },
  {
    name: 'a request for a key that is too short',
    suite: 'modern',
    code: { 1: 'bad_certificate' },
    make: async (moment) =>
      withMembers(moment, { csr_s: await makeRequest('ID-Server', shortKeyPair(), webCrypto) }),
  },
  {
    name: 'a share that is no point of the curve',
    suite: 'modern',
    code: { 3: 'malformed' },
    make: (moment) => withMembers(moment, { share_c: toBase64(new Uint8Array(65).fill(4)) }),
  },
  {
    name: 'a share in another encoding',
    suite: 'modern',
    code: { 3: 'malformed' },
    make: (moment) => withMembers(moment, { share_c: toBase64(new Uint8Array(33).fill(2)) }),
  },
  {
    name: 'the good message of another connection',
    suite: 'modern',
    code: { 5: 'decrypt_failed', 7: 'decrypt_failed' },
    make: async ({ step }) => {
      const other = await approach(loopback, step as ListenedStep, 'modern')
      other.peer.close()
      return other.moment.frame
    },
  },
  {
    name: 'a request with a number left out before it',
    suite: 'modern',
    code: { 7: 'replayed' },
    make: async ({ builder, environment }) => {
      const state = builder as ClientState
      const session = { ...state.modern!.session!, nextRequest: 1 }
      const { frame } = await build(7, { ...state, modern: { session } }, { request: 'time' }, environment)
      return frame
    },
  },
  { name: 'an old timestamp', code: 'stale_timestamp', make: dated(-HOUR) },
  { name: 'a timestamp from the future', code: 'future_timestamp', make: dated(HOUR) },
  {
    name: 'half a frame, and no more after it',
    code: 'malformed',
    make: ({ frame }) => frame.slice(0, Math.floor(frame.length / 2)),
    finish: true,
  },
  {
    name: 'half a header, and no more after it',
    code: 'malformed',
    make: ({ frame }) => frame.slice(0, 6),
    finish: true,
  },
  {
    name: 'half a length field, and no more after it',
    code: 'malformed',
    make: ({ frame }) => frame.slice(0, 2),
    finish: true,
  },
]

/** Whether anything in a step's message is closed to a stranger. */
const isClosed = (suite: SuiteName, step: ListenedStep): boolean =>
  SUITES[suite].sheets[step].layers.length > 0

function codeAt(
  { suite: only, code: codes }: Attack,
  suite: SuiteName,
  step: ListenedStep,
): AlertCode | undefined {
  if (only !== undefined && only !== suite) return undefined
  const code = typeof codes === 'string' ? codes : codes[step]
  return code === 'decrypt_failed' && !isClosed(suite, step) ? 'malformed' : code
}

/** RSA of 1024 bits, which this program makes none of. */
function shortKeyPair(): RsaKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const pkcs8 = new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }))
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
  return { publicKey: publicKeyFromSpki(spki), privateKey: { pkcs8, pem: '' } }
}

const MOMENTS = SUITE_NAMES.flatMap((suite) => LISTENED_STEPS.map((step) => ({ suite, step })))

describe.each(MOMENTS)('$suite, at step $step', ({ suite, step }) => {
  const approachThis = (): Promise<Approach> => approach(loopback, step, suite)

  it.each(ATTACKS.filter((attack) => codeAt(attack, suite, step)))('$name', async (attack) => {
    const { peer, moment } = await approachThis()
    const before = loopback.records.length
    await peer.send(await attack.make(moment))
    if (attack.finish) peer.finish()
    const { code, step: about, message } = await peer.alert()
    expect({ code, about }).toEqual({
      code: codeAt(attack, suite, step),
      about: attack.about?.(step) ?? step,
    })
    expect(message).toMatch(/\.$/)
    peer.close()
    const recorded = loopback.records.slice(before)
    expect(recorded.find((entry) => entry.kind === 'alert')).toMatchObject({
      direction: 'sent',
      step: about,
      outcome: { ok: false, code },
    })
    expect(await goThrough(await approachThis())).toBe(true)
  })

  if (isClosed(suite, step)) {
    it('says the same whatever made the opening fail', async () => {
      const texts = new Set<string>()
      for (const attack of ATTACKS.filter((each) => codeAt(each, suite, step) === 'decrypt_failed')) {
        const { peer, moment } = await approachThis()
        await peer.send(await attack.make(moment))
        texts.add((await peer.alert()).message)
        peer.close()
      }
      expect([...texts]).toEqual(['The message could not be opened.'])
    })
  }

  it('an alert, readable or not, is the end of the connection and gets no answer', async () => {
    for (const body of ['{"code":"busy","step":1,"message":"No."}', '?']) {
      const { peer } = await approachThis()
      await peer.send(encodeFrame(TYPE_ALERT, SUITES[suite].byte, new Uint8Array(Buffer.from(body))))
      await peer.end()
      peer.close()
    }
    expect(await goThrough(await approachThis())).toBe(true)
  })

  it('a peer that resets the connection, before or in the middle of its message, harms nobody', async () => {
    for (const share of [0, 0.1, 0.5, 0.9, 1]) {
      const { peer, moment } = await approachThis()
      await peer.send(moment.frame.slice(0, Math.round(moment.frame.length * share)))
      peer.reset()
    }
    expect(await goThrough(await approachThis())).toBe(true)
  })

  it('two messages at once: the first is answered, the second refused', async () => {
    const { peer, moment } = await approachThis()
    await peer.send(concat(moment.frame, set(moment.frame, 4, 9)))
    expect((await peer.frame())?.[5]).toBe(step + 1)
    // The authority has closed after step 2 and does not look at what comes after.
    if (step === 1) await peer.end()
    else expect(await peer.alert()).toMatchObject({ code: 'unsupported_version', step })
    peer.close()
  })

  it('a message byte by byte is as good as one at once', async () => {
    const { peer, moment } = await approachThis()
    for (const byte of moment.frame) await peer.send(new Uint8Array([byte]))
    expect((await peer.frame())?.[5]).toBe(step + 1)
    peer.close()
  })
})

describe('memory', () => {
  it('is not taken for a length that a stranger has named', async () => {
    const peers: RawPeer[] = []
    const before = process.memoryUsage()
    for (let count = 0; count < 60; count++) {
      const { peer, moment } = await approach(loopback, 3)
      await peer.send(header(moment, 0xffffffff))
      peers.push(peer)
    }
    for (const peer of peers) expect((await peer.alert()).code).toBe('frame_too_large')
    const after = process.memoryUsage()
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(64 * 1024 * 1024)
    expect(after.rss - before.rss).toBeLessThan(512 * 1024 * 1024)
    for (const peer of peers) peer.close()
  })
})

describe.each(SUITE_NAMES)('a message of a hundred thousand members in suite %s', (suite) => {
  it('holds up nobody else for long', async () => {
    const { peer, moment } = await approach(loopback, 7, suite)
    const many = Array.from({ length: 90_000 }, (_, index) => `"${index}":0`).join(',')
    await peer.send(await sealed(moment, `{"ä":"ä",${many},"req":"echo there","ts7":${Date.now()}}`))
    const started = Date.now()
    expect(await goThrough(await approach(loopback, 3, suite))).toBe(true)
    expect((await peer.frame())?.[5]).toBe(8)
    expect(Date.now() - started).toBeLessThan(15_000)
    peer.close()
  })
})

describe('a request of suite modern', () => {
  it('registers once: on another connection it is replayed', async () => {
    const { peer, moment } = await approach(loopback, 1, 'modern')
    expect(await goThrough({ peer, moment })).toBe(true)
    const again = await approach(loopback, 1, 'modern')
    await again.peer.send(moment.frame)
    expect(await again.peer.alert()).toMatchObject({ code: 'replayed', step: 1 })
  })

  it('is answered once: sent a second time on its own connection it is replayed', async () => {
    const { peer, moment } = await approach(loopback, 7, 'modern')
    await peer.send(moment.frame)
    expect((await peer.frame())?.[5]).toBe(8)
    await peer.send(moment.frame)
    expect(await peer.alert()).toMatchObject({ code: 'replayed', step: 7 })
  })
})

describe.each(SUITE_NAMES)('a session of suite %s that was open all the time', (suite) => {
  it('still answers', async () => {
    const { peer, moment } = bystanders.get(suite)!
    const state = moment.builder as ClientState
    const request = await build(7, state, { request: 'echo still here' }, moment.environment)
    await peer.send(request.frame)
    const answer = await peer.frame()
    const accepted = await accept(8, request.state, answer!, moment.environment)
    expect(accepted.state.data).toBe('still here')
  })
})
