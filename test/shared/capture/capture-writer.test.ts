/** Writing a capture is bounded, takes turns, and shows nothing that a peer could make of its comments. */
import { expect, it } from 'vitest'
import { readCapture } from '#shared/capture/capture-reader'
import { writeCapture } from '#shared/capture/capture-writer'
import { toHex, toUtf8, type Bytes } from '#shared/bytes'
import { encodeFrame, TYPE_ALERT } from '#shared/hl1/frame'
import type { Connection } from '#shared/record/connection'
import type { JournalEntry } from '#shared/record/record'

const OPTIONS = { application: 'Handshake Lab 0.0.0' }
const START = 1_800_000_000_000

function connection(number: number, changes: Partial<Connection> = {}): Connection {
  const from = { address: '127.0.0.1', port: 20_000 + number }
  const to = { address: '127.0.0.1', port: 17_402 }
  return {
    id: `connection-${number}`,
    opener: 'client',
    acceptor: 'server',
    from,
    to,
    suite: 'classic',
    ...changes,
  }
}

let count = 0
function entry(frame: Bytes, changes: Partial<JournalEntry> = {}): JournalEntry {
  return {
    ...{
      id: `record-${++count}`,
      protocol: 'HL/1',
      kind: 'message',
      suite: 'classic',
      step: 3,
      role: 'client',
    },
    ...{
      direction: 'sent',
      at: START + count,
      took: 0,
      frame,
      ranges: [],
      layers: [],
      members: [],
      checks: [],
    },
    ...{ outcome: { ok: true }, connection: connection(1), ...changes },
  }
}

const text = (capture: Bytes): string => new TextDecoder('latin1').decode(capture)

it('of 2,000 records is written, and other work has its turn meanwhile', async () => {
  const entries = Array.from({ length: 2_000 }, (_, index) =>
    entry(encodeFrame(7, 1, new Uint8Array(2_000).fill(index)), { connection: connection(index % 40) }),
  )
  let turns = 0
  const timer = setInterval(() => turns++, 0)
  const capture = await writeCapture(entries, OPTIONS)
  clearInterval(timer)
  expect(turns).toBeGreaterThan(3)
  const { connections } = await readCapture(capture)
  expect(connections.length).toBe(40)
  expect(connections.reduce((sum, { frames }) => sum + frames.length, 0)).toBe(2_000)
})

it('of nothing is refused, and so is one that is too long', async () => {
  await expect(writeCapture([], OPTIONS)).rejects.toMatchObject({ code: 'capture_empty' })
  await expect(writeCapture([entry(new Uint8Array())], OPTIONS)).rejects.toMatchObject({
    code: 'capture_empty',
  })
  const long = [entry(encodeFrame(7, 1, new Uint8Array(100_000)))]
  await expect(writeCapture(long, { ...OPTIONS, most: 50_000 })).rejects.toMatchObject({
    code: 'capture_too_large',
  })
})

it('an address that is none of IPv4 is refused; one that IPv6 has for it is taken', async () => {
  const from = (address: string) =>
    entry(encodeFrame(3, 1, new Uint8Array(8)), { connection: connection(1, { from: { address, port: 1 } }) })
  for (const address of ['::1', '127.0.0', '127.0.0.256', '1.2.3.4.5', 'localhost'])
    await expect(writeCapture([from(address)], OPTIONS)).rejects.toMatchObject({ code: 'bad_argument' })
  const { connections } = await readCapture(await writeCapture([from('::ffff:127.0.0.5')], OPTIONS))
  expect(connections[0]!.from).toEqual({ address: '127.0.0.5', port: 1 })
})

it('what an alert says is made visible, and cut where it is long', async () => {
  const message = `\u202egnissecorp\u0007${'x'.repeat(10_000)}`
  const alert = encodeFrame(TYPE_ALERT, 1, toUtf8(JSON.stringify({ code: 'busy', step: 3, message })))
  const capture = await writeCapture([entry(alert, { kind: 'alert' })], OPTIONS)
  const comment = text(capture).split('It says: ')[1]!
  expect(comment.startsWith(String.raw`\u{202e}gnissecorp\u{7}xxx`)).toBe(true)
  expect(comment.indexOf('x'.repeat(2_100))).toBe(-1)
})

it('where both ends have seen different things, the way on has ends of its own', async () => {
  const [sent, received] = [encodeFrame(3, 1, Uint8Array.of(1)), encodeFrame(3, 1, Uint8Array.of(2))]
  const entries = [entry(sent), entry(received, { role: 'server', direction: 'received' })]
  const listeners = { server: { address: '127.0.0.1', port: 40_402 } }
  const { connections } = await readCapture(await writeCapture(entries, { ...OPTIONS, listeners }))
  expect(connections.map(({ to, frames }) => [to.port, frames.map(({ frame }) => toHex(frame))])).toEqual([
    [17_402, [toHex(sent)]],
    [40_402, [toHex(received)]],
  ])
  // Also where nobody knows where the server listens: never the same two ends twice.
  const again = await readCapture(await writeCapture(entries, OPTIONS))
  expect(new Set(again.connections.map(({ from, to }) => `${from.port} ${to.port}`)).size).toBe(2)
})
