/**
 * Everything that a listener has to refuse, over real connections: the alert's code and step are those of protocol.md,
 * the connection is closed, and the listener serves the next one as well as those that were open all the time.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { concat, toBase64, type Bytes } from '#shared/bytes'
import type { AlertCode } from '#shared/protocol/alerts'
import { encodeFrame, lengthLimit, TYPE_ALERT } from '#shared/protocol/frame'
import { accept, build } from '#shared/protocol/message'
import type { ClientState } from '#shared/protocol/state'
import type { StepNumber } from '#shared/protocol/steps'
import { flip, sealed, withBody, withMembers, type Moment } from '../support/handshake'
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
/** A session that is open while all the attacks run. */
let bystander: Approach
beforeAll(async () => {
  loopback = await startLoopback({ lifetime: 3_600 })
  bystander = await approach(loopback, 7)
})
afterAll(async () => {
  bystander.peer.close()
  await loopback.stop()
})

interface Attack {
  readonly name: string
  /** The alert's code, or one for each step that the attack makes sense at. */
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
const FIRST_MEMBER: Partial<Record<StepNumber, string>> = { 1: 'k_tmp1', 3: 'id_c', 5: 'k_tmp2', 7: 'req' }
const HOUR = 3_600_000

const header = (moment: Moment, length: number, type: number = moment.step): Bytes =>
  concat(hex(length.toString(16).padStart(8, '0')), new Uint8Array([1, type, 1, 0]))
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
    make: ({ step }) => encodeFrame(step, 1, new Uint8Array(lengthLimit(step) - 4)),
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
    make: (moment) => withMembers(moment, { [FIRST_MEMBER[moment.step]!]: undefined }),
  },
  {
    name: 'a member of the wrong type',
    code: 'malformed',
    make: (moment) => withMembers(moment, { [`ts${moment.step}`]: String(Date.now()) }),
  },
  {
    name: 'a weak key',
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
    code: { 3: 'unknown_identity', 5: 'unknown_identity' },
    make: (moment) => withMembers(moment, { [ID_MEMBER[moment.step]!]: 'ID-Nobody' }),
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

const codeAt = ({ code }: Attack, step: ListenedStep): AlertCode | undefined =>
  typeof code === 'string' ? code : code[step]

describe.each(LISTENED_STEPS)('at step %i', (step) => {
  it.each(ATTACKS.filter((attack) => codeAt(attack, step)))('$name', async (attack) => {
    const { peer, moment } = await approach(loopback, step)
    const before = loopback.records.length
    await peer.send(await attack.make(moment))
    if (attack.finish) peer.finish()
    const { code, step: about, message } = await peer.alert()
    expect({ code, about }).toEqual({ code: codeAt(attack, step), about: attack.about?.(step) ?? step })
    expect(message).toMatch(/\.$/)
    peer.close()
    const recorded = loopback.records.slice(before)
    expect(recorded.find((entry) => entry.kind === 'alert')).toMatchObject({
      direction: 'sent',
      step: about,
      outcome: { ok: false, code },
    })
    expect(await goThrough(await approach(loopback, step))).toBe(true)
  })

  it('says the same whatever made the opening fail', async () => {
    const texts = new Set<string>()
    for (const attack of ATTACKS.filter(({ code }) => code === 'decrypt_failed')) {
      const { peer, moment } = await approach(loopback, step)
      await peer.send(await attack.make(moment))
      texts.add((await peer.alert()).message)
      peer.close()
    }
    expect([...texts]).toEqual(['The message could not be opened.'])
  })

  it('an alert, readable or not, is the end of the connection and gets no answer', async () => {
    for (const body of ['{"code":"busy","step":1,"message":"No."}', '?']) {
      const { peer } = await approach(loopback, step)
      await peer.send(encodeFrame(TYPE_ALERT, 1, new Uint8Array(Buffer.from(body))))
      await peer.end()
      peer.close()
    }
    expect(await goThrough(await approach(loopback, step))).toBe(true)
  })

  it('a peer that resets the connection, before or in the middle of its message, harms nobody', async () => {
    for (const share of [0, 0.1, 0.5, 0.9, 1]) {
      const { peer, moment } = await approach(loopback, step)
      await peer.send(moment.frame.slice(0, Math.round(moment.frame.length * share)))
      peer.reset()
    }
    expect(await goThrough(await approach(loopback, step))).toBe(true)
  })

  it('two messages at once: the first is answered, the second refused', async () => {
    const { peer, moment } = await approach(loopback, step)
    await peer.send(concat(moment.frame, set(moment.frame, 4, 9)))
    expect((await peer.frame())?.[5]).toBe(step + 1)
    // The authority has closed after step 2 and does not look at what comes after.
    if (step === 1) await peer.end()
    else expect(await peer.alert()).toMatchObject({ code: 'unsupported_version', step })
    peer.close()
  })

  it('a message byte by byte is as good as one at once', async () => {
    const { peer, moment } = await approach(loopback, step)
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

describe('a message of a hundred thousand members', () => {
  it('holds up nobody else for long', async () => {
    const { peer, moment } = await approach(loopback, 7)
    const many = Array.from({ length: 90_000 }, (_, index) => `"${index}":0`).join(',')
    await peer.send(await sealed(moment, `{"ä":"ä",${many},"req":"echo there","ts7":${Date.now()}}`))
    const started = Date.now()
    expect(await goThrough(await approach(loopback, 3))).toBe(true)
    expect((await peer.frame())?.[5]).toBe(8)
    expect(Date.now() - started).toBeLessThan(15_000)
    peer.close()
  })
})

describe('a session that was open all the time', () => {
  it('still answers', async () => {
    const { peer, moment } = bystander
    const state = moment.builder as ClientState
    const request = await build(7, state, { request: 'echo still here' }, moment.environment)
    await peer.send(request.frame)
    const answer = await peer.frame()
    const accepted = await accept(8, request.state, answer!, moment.environment)
    expect(accepted.state.data).toBe('still here')
  })
})
