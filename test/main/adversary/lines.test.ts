/** Connections as the adversary keeps them, and what becomes of frames on their way to an end. */
import { expect, it } from 'vitest'
import type { Fate } from '#shared/adversary/live'
import { webCrypto } from '#shared/crypto/provider'
import { encodeFrame } from '#shared/hl1/frame'
import type { Connection } from '#shared/record/connection'
import type { Line } from '#main/adversary/line'
import { Lines } from '#main/adversary/lines'

const CLIENT = { address: '127.0.0.1', port: 1 }
const RELAY = { address: '127.0.0.1', port: 2 }
const SERVER = { address: '127.0.0.1', port: 3 }
const CONNECTION: Connection = {
  id: 'connection-1',
  opener: 'client',
  acceptor: 'server',
  from: CLIENT,
  to: RELAY,
  suite: undefined,
}

const linesOf = (): Lines => new Lines({ onChange: () => undefined })
const crossing = (lines: Lines): Line =>
  lines.add({
    wire: 'server',
    kind: 'crossing',
    opener: CLIENT,
    onward: RELAY,
    ends: ['opener', 'acceptor'],
    send: async () => undefined,
    cut: () => undefined,
  })
const due = (step: number, isForged = false) => ({
  fate: { is: 'sent' } as Fate,
  step,
  bytes: encodeFrame(step, 1, new Uint8Array(8)),
  isForged,
})

it('those that are closed are forgotten beyond a hundred, those that are open never, and no number is given again', () => {
  const lines = linesOf()
  const open = crossing(lines)
  for (let more = 0; more < 105; more++) lines.close(crossing(lines))
  crossing(lines)
  expect(lines.all).toContain(open)
  expect(lines.all.filter(({ isOpen }) => !isOpen)).toHaveLength(100)
  expect(lines.all.at(-1)?.number).toBe(107)
  lines.forget()
  expect(lines.all.map(({ number }) => number)).toEqual([1, 107])
  expect(() => lines.open(50)).toThrow(expect.objectContaining({ code: 'unknown_connection' }))
})

it('what was being listened to when the keys were forgotten brings none of them back, nor does one that is closed keep any', async () => {
  const lines = linesOf()
  const [open, closed] = [crossing(lines), crossing(lines)]
  lines.close(closed)
  const listening = [open, closed].map((line) => {
    line.given.set('K_sess', { key: new Uint8Array(8), from: 'leaked' })
    return line.listen('opener', [], webCrypto)
  })
  lines.forget()
  await Promise.all(listening)
  for (const line of [open, closed]) expect([line.given.size, line.keys('opener').size]).toEqual([0, 0])
})

it('a connection of the lab is the one that its opener has opened; one that others have opened, the one that goes on from there', () => {
  const lines = linesOf()
  const line = crossing(lines)
  expect(lines.of(CONNECTION)).toBe(line)
  expect(lines.of({ ...CONNECTION, opener: undefined, from: RELAY, to: SERVER })).toBe(line)
  expect(lines.of({ ...CONNECTION, from: SERVER })).toBeUndefined()
  expect(lines.of({ ...CONNECTION, acceptor: 'authority' })).toBeUndefined()
})

it('each verdict of an end is about the oldest frame on its way there', () => {
  const line = crossing(linesOf())
  const [first, second] = [due(3), due(5, true)]
  line.expect('acceptor', first)
  line.expect('acceptor', second)
  line.judge(CONNECTION, 'server', { ok: true, step: 3 })
  expect([first.fate, second.fate]).toEqual([
    { is: 'accepted', by: 'server', unnoticed: false },
    { is: 'sent' },
  ])
  line.judge(CONNECTION, 'server', { ok: false, step: 5, code: 'decrypt_failed', check: 'decryption' })
  expect(second.fate).toMatchObject({ is: 'refused', by: 'server', step: 5, check: { id: 'decryption' } })
})

it('so it is where the oldest on its way were forgotten: their verdicts are about none of the others', () => {
  const line = crossing(linesOf())
  const frames = Array.from({ length: 1_002 }, () => due(7))
  for (const frame of frames) line.expect('acceptor', frame)
  const judge = (): void => line.judge(CONNECTION, 'server', { ok: true, step: 7 })
  judge()
  judge()
  expect(frames.filter(({ fate }) => fate.is === 'accepted')).toEqual([])
  judge()
  expect(frames.findIndex(({ fate }) => fate.is === 'accepted')).toBe(2)
  line.close()
  // Of those on their way the last four are kept: before them were 1 that was judged, and 995 more.
  for (let verdict = 0; verdict < 995; verdict++) judge()
  expect(frames.filter(({ fate }) => fate.is === 'accepted')).toHaveLength(1)
  judge()
  expect(frames.findLastIndex(({ fate }) => fate.is === 'accepted')).toBe(998)
})

it('what an end of the lab has said nothing of when the connection ends was not read; of others nobody knows', () => {
  const line = crossing(linesOf())
  const [toClient, toServer] = [due(4), due(5)]
  line.expect('opener', toClient)
  line.expect('acceptor', toServer)
  line.tells.add('opener')
  line.close()
  expect([toClient.fate, toServer.fate]).toEqual([{ is: 'unread' }, { is: 'sent' }])
})

it('another frame of an end says that it took what it got', () => {
  const line = crossing(linesOf())
  const step3 = due(3, true)
  line.expect('acceptor', step3)
  line.hearSay('acceptor', encodeFrame(4, 1, new Uint8Array(8)))
  expect(step3.fate).toEqual({ is: 'accepted', by: 'server', unnoticed: true })
})
