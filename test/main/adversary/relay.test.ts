/** The relay alone: it passes whatever comes, keeps ends as they end, and takes no more connections than it may have. */
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { Relay, type RelayOptions } from '#main/adversary/relay'
import { mainEnvironment } from '#main/lab/environment'
import { concat, toUtf8, type Bytes } from '#shared/bytes'
import { encodeFrame } from '#shared/hl1/frame'
import { expectNone } from '../../support/context'
import { until } from '../../support/wait'

const open: { readonly close: () => unknown }[] = []
afterEach(async () => {
  for (const { close } of open.splice(0).reverse()) await close()
})

/** A listener that keeps what it hears, and a relay to it. */
async function relayed(changes: Partial<RelayOptions> = {}) {
  const heard: { readonly socket: Socket; bytes: Bytes; isEnded: boolean }[] = []
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    const one = { socket, bytes: new Uint8Array(), isEnded: false }
    heard.push(one)
    socket.on('data', (data) => (one.bytes = concat(one.bytes, new Uint8Array(data))))
    socket.on('end', () => (one.isEnded = true))
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({ close: () => void server.close() })
  const { port } = server.address() as AddressInfo
  const relay = new Relay({
    to: () => ({ address: '127.0.0.1', port }),
    timers: mainEnvironment,
    onFrame: ({ frame }) => [frame],
    onFailure: expectNone,
    ...changes,
  })
  const at = await relay.start()
  open.push({ close: () => relay.stop() })
  const dial = (): Socket => {
    const socket = connect({ port: at.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.on('error', () => undefined)
    open.push({ close: () => void socket.destroy() })
    return socket
  }
  return { relay, heard, dial, at }
}

it('leads on bytes that are no frames as they come, and half a frame at the end', async () => {
  const { heard, dial } = await relayed()
  const foreign = toUtf8('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  dial().write(foreign)
  await until(() => heard[0]?.bytes.length === foreign.length)
  expect(heard[0]!.bytes).toEqual(foreign)
  const frame = encodeFrame(3, 1, new Uint8Array(100))
  dial().end(frame.slice(0, 50))
  await until(() => heard[1]?.isEnded === true)
  expect(heard[1]!.bytes).toEqual(frame.slice(0, 50))
})

it('an end that sends no more still hears the other', async () => {
  const { heard, dial } = await relayed()
  const socket = dial()
  socket.end(encodeFrame(3, 1, new Uint8Array(8)))
  await until(() => heard[0]?.isEnded === true)
  const answer = encodeFrame(4, 1, new Uint8Array(16))
  let got: Bytes = new Uint8Array()
  socket.on('data', (data) => (got = concat(got, new Uint8Array(data))))
  heard[0]!.socket.end(answer)
  await until(() => got.length === answer.length)
  expect(got).toEqual(answer)
})

it('frames that come in pieces, or several at once, come out whole and in order', async () => {
  const steps: number[] = []
  const { heard, dial } = await relayed({
    onFrame: ({ frame }) => {
      steps.push(frame[5]!)
      return [frame]
    },
  })
  const all = concat(...[3, 5, 7].map((step) => encodeFrame(step, 1, new Uint8Array(step))))
  const socket = dial()
  socket.setNoDelay(true)
  for (const byte of all.slice(0, 14)) socket.write(new Uint8Array([byte]))
  socket.write(all.slice(14))
  await until(() => heard[0]?.bytes.length === all.length)
  expect([steps, heard[0]!.bytes]).toEqual([[3, 5, 7], all])
})

const FRAME = encodeFrame(3, 1, new Uint8Array(8))
/** Resolves once a socket was closed by the other side. */
const closed = (socket: Socket): Promise<void> => {
  socket.resume()
  return until(() => socket.destroyed || socket.readableEnded)
}

it('closes what comes over its limit while all others have spoken, and takes others once there is room', async () => {
  const { heard, dial } = await relayed()
  const sockets = Array.from({ length: 64 }, dial)
  for (const socket of sockets) socket.write(FRAME)
  await until(() => heard.filter(({ bytes }) => bytes.length > 0).length === 64)
  await closed(dial())
  expect(heard).toHaveLength(64)
  sockets[0]!.destroy()
  await until(() => heard.some(({ isEnded }) => isEnded))
  for (const { socket, isEnded } of heard) if (isEnded) socket.end()
  // There is room once both sides have ended, which nobody here is told.
  const next = setInterval(() => void (heard.length === 64 && dial()), 20)
  open.push({ close: () => clearInterval(next) })
  await until(() => heard.length === 65)
  clearInterval(next)
})

it('whoever says nothing loses the place to whoever comes, the oldest first', async () => {
  const { heard, dial } = await relayed()
  const sockets = Array.from({ length: 64 }, dial)
  await until(() => heard.length === 64)
  sockets[0]!.write(FRAME)
  await until(() => heard.some(({ bytes }) => bytes.length > 0))
  const next = dial()
  next.write(FRAME)
  await until(() => heard.length === 65)
  await until(() => sockets.some((socket) => socket.resume().destroyed || socket.readableEnded))
  expect(sockets.filter((socket) => socket.destroyed || socket.readableEnded)).toEqual([sockets[1]])
})

it('whoever is served in the place of the acceptor has spoken as well, once a frame was heard', async () => {
  const heard: (() => void)[] = []
  const { dial } = await relayed({
    serve: ({ onClose }, onFrame) => {
      heard.push(onFrame)
      return new Promise((resolve) => onClose(resolve))
    },
  })
  const sockets = [dial()]
  await until(() => heard.length === 1)
  heard[0]!()
  sockets.push(...Array.from({ length: 63 }, dial))
  await until(() => heard.length === 64)
  dial()
  await until(() => sockets.some((socket) => socket.resume().destroyed || socket.readableEnded))
  expect(sockets[0]!.destroyed || sockets[0]!.readableEnded).toBe(false)
})

it('those of the lab come in whoever has spoken, also past messages that are held', async () => {
  let [lost, asked] = [0, 0]
  let isOwn = false
  let release: (instead: readonly Bytes[]) => void = () => undefined
  const held = new Promise<readonly Bytes[]>((resolve) => (release = resolve))
  const { heard, dial } = await relayed({
    onFrame: () => (asked++, held),
    onLost: () => void lost++,
    connections: { relay: () => undefined, hasOpened: () => isOwn },
  })
  for (let count = 0; count < 64; count++) dial().write(FRAME)
  await until(() => heard.length === 64 && asked === 64)
  // A stranger finds no place, one of the lab does.
  await closed(dial())
  isOwn = true
  const own = dial()
  await until(() => heard.length === 65 || own.destroyed || own.resume().readableEnded)
  expect([heard.length, lost]).toEqual([65, 1])
  release([])
})

it('reads no more of an end once the other one has left', async () => {
  const { heard, dial } = await relayed()
  const socket = dial()
  socket.write(FRAME)
  await until(() => heard[0]?.bytes.length === FRAME.length)
  heard[0]!.socket.destroy()
  const more = setInterval(() => socket.write(FRAME), 5)
  open.push({ close: () => clearInterval(more) })
  await until(() => socket.resume().destroyed || socket.readableEnded)
})

it('a connection whose acceptor has ended gives up its place, also where who has opened it stays', async () => {
  const ended: number[] = []
  const { heard, dial } = await relayed({ onClose: ({ number }) => void ended.push(number) })
  const frame = encodeFrame(3, 1, new Uint8Array(24))
  const opener = dial()
  opener.resume()
  opener.write(frame)
  await until(() => heard[0]?.bytes.length === frame.length)
  heard[0]!.socket.end()
  await until(() => ended.length === 1)
  expect(opener.writable && !opener.writableEnded).toBe(true)
})

it('stops with connections open, and whoever waits for a listener that is not there is closed', async () => {
  const { relay, heard, dial } = await relayed()
  const socket = dial()
  socket.write(encodeFrame(3, 1, new Uint8Array(8)))
  await until(() => heard.length === 1)
  socket.resume()
  await relay.stop()
  await until(() => socket.destroyed || socket.readableEnded)
  const nowhere = await relayed({ to: () => ({ address: '127.0.0.1', port: 1 }) })
  const lost = nowhere.dial()
  lost.resume()
  await until(() => lost.destroyed || lost.readableEnded)
})
