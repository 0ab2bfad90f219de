/** A TCP socket as the byte pipe that the protocol's drivers work with. */
import { connect as connectSocket, type Socket } from 'node:net'
import { LabError, passOwnFault, systemReason } from '#shared/errors'
import type { Bytes } from '#shared/bytes'
import { Deadline, type Timers } from '#shared/hl1/drivers/deadline'
import type { BytePipe } from '#shared/hl1/drivers/transport'
import type { Endpoint } from '#shared/record/connection'

export type { Timers }

/** How long a closed connection may take to send what is still under way. */
const LINGER_MS = 1_000
const CONNECT_TIMEOUT_MS = 5_000
const ANY_ADDRESS = '0.0.0.0'
/** What a socket tells of while its peer is not silent. */
const STIRS = ['readable', 'end', 'close'] as const

/** Both ends of a socket, as it sees them. */
export interface Ends {
  readonly local: Endpoint
  readonly peer: Endpoint
}

/** A connected socket: its pipe and both of its ends. */
export interface OpenSocket extends Ends {
  readonly pipe: BytePipe
  /** Has something done once the socket is closed, from whichever side. */
  readonly onClose: (action: () => void) => void
  /** Has something done once the peer says more, or leaves; nothing is taken of what it says. The result calls it off. */
  readonly onStir: (action: () => void) => () => void
}

/**
 * Wraps a connected socket. The socket must allow half-open connections, so that an alert still reaches a peer that has
 * stopped sending. Reading is by demand: what nobody reads stays in the kernel and slows the sender down.
 */
export function wrapSocket(socket: Socket, timers: Timers): OpenSocket {
  socket.setNoDelay(true)
  // Reads and writes report an error where it matters; without a listener it would end the process.
  socket.on('error', () => undefined)
  return {
    pipe: {
      read: (signal) => read(socket, signal),
      write: (bytes, signal) => write(socket, bytes, signal),
      finish: () => void socket.end(),
      close,
    },
    local: localEnd(socket),
    peer: { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 },
    onClose: (action) => void socket.once('close', action),
    onStir: (action) => {
      for (const event of STIRS) socket.on(event, action)
      return () => STIRS.forEach((event) => socket.off(event, action))
    },
  }

  function close(): void {
    if (socket.destroyed) return
    socket.end()
    socket.resume()
    socket.once('end', () => socket.destroySoon())
    socket.once(
      'close',
      timers.after(LINGER_MS, () => socket.destroy()),
    )
  }
}

function localEnd(socket: Socket): Endpoint {
  return { address: socket.localAddress ?? '', port: socket.localPort ?? 0 }
}

/**
 * Connects to a listener. `onBound` learns both ends before the listener can know of the connection.
 * @throws LabError `connection_refused` when nobody listens there or it does not answer in time
 */
export async function connect(
  endpoint: Endpoint,
  timers: Timers,
  signal: AbortSignal,
  onBound: (ends: Ends) => void = () => undefined,
): Promise<OpenSocket> {
  const socket = connectSocket({
    host: endpoint.address,
    port: endpoint.port,
    allowHalfOpen: true,
    family: 4,
  })
  // The address is a number, so the system is asked to connect in this turn of the event loop, and has chosen the port then.
  process.nextTick(() => {
    const { address, port } = localEnd(socket)
    // Windows names no address before it is connected; on the loopback interface both ends have the same.
    const local = { address: address === ANY_ADDRESS ? endpoint.address : address, port }
    if (port !== 0) onBound({ local, peer: endpoint })
  })
  const limit = new Deadline(timers)
  const either = limit.begin(signal)
  limit.set(CONNECT_TIMEOUT_MS, () => new Error(`no answer within ${CONNECT_TIMEOUT_MS / 1000} s`))
  try {
    await once(socket, ['connect'], either)
    return wrapSocket(socket, timers)
  } catch (cause) {
    socket.destroy()
    passOwnFault(cause)
    signal.throwIfAborted()
    const where = `${endpoint.address}:${endpoint.port}`
    throw new LabError(
      'connection_refused',
      `Nobody answers at ${where}: is it started? (${systemReason(cause)})`,
      {
        cause,
      },
    )
  } finally {
    limit.clear()
  }
}

async function read(socket: Socket, signal: AbortSignal): Promise<Bytes | undefined> {
  for (;;) {
    signal.throwIfAborted()
    const chunk = socket.read() as Buffer | null
    if (chunk) return new Uint8Array(chunk)
    if (socket.readableEnded || socket.destroyed) return undefined
    // An error closes the socket: the peer has ended, however rudely.
    await once(socket, STIRS, signal)
  }
}

async function write(socket: Socket, bytes: Bytes, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const lost = (cause?: unknown): LabError =>
    new LabError('connection_closed', 'The connection was closed before the message was sent.', { cause })
  if (socket.destroyed || !socket.writable) throw lost()
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => {
      socket.destroy()
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', abort, { once: true })
    socket.write(bytes, (error) => {
      signal.removeEventListener('abort', abort)
      if (error) reject(lost(error))
      else resolve()
    })
  })
}

/** Waits for the first of some events; rejects on the socket's error unless it is closed anyway, and on abort. */
function once(socket: Socket, events: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => (): void => {
      for (const event of events) socket.off(event, done)
      socket.off('error', failed)
      signal.removeEventListener('abort', aborted)
      settle()
    }
    const done = finish(resolve)
    const aborted = finish(() => reject(signal.reason as Error))
    const failed = (error: Error): void => finish(() => reject(error))()
    for (const event of events) socket.on(event, done)
    if (!events.includes('close')) socket.on('error', failed)
    signal.addEventListener('abort', aborted)
    if (signal.aborted) aborted()
  })
}
