import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { concat, toHex, type Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import { ProtocolError } from '#shared/hl1/alerts'
import { systemEnvironment } from '#shared/hl1/environment'
import { frameTransport, type BytePipe, type ReceiveLimits } from '#shared/hl1/drivers/transport'
import { encodeFrame, TYPE_ALERT } from '#shared/hl1/frame'
import { pipePair } from '../../../support/pipe-pair'
import { hex } from '../../../support/vectors'

const PATIENT: ReceiveLimits = { idle: undefined, frame: 60_000 }
const NEVER = new AbortController().signal
const STEP_3 = { step: 3, suites: [1] }
const FRAME = encodeFrame(3, 1, hex('00112233445566778899'))

/** A pipe that hands out these chunks and then ends, and that counts what was asked of it. */
function pipeOf(...chunks: readonly Bytes[]): BytePipe & { readonly reads: () => number } {
  const left = [...chunks]
  let reads = 0
  return {
    read: async () => {
      reads++
      return left.shift()
    },
    write: async () => undefined,
    close: () => undefined,
    reads: () => reads,
  }
}

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'none'
  } catch (error) {
    return error instanceof LabError ? error.code : String(error)
  }
}

describe('frames out of a stream of bytes', () => {
  it('are whole, however the stream was cut', async () => {
    const stream = concat(FRAME, FRAME, FRAME)
    for (let size = 1; size <= stream.length; size++) {
      const chunks: Bytes[] = []
      for (let start = 0; start < stream.length; start += size) chunks.push(stream.slice(start, start + size))
      const transport = frameTransport(pipeOf(...chunks), systemEnvironment)
      for (let count = 0; count < 3; count++) {
        expect(toHex(await transport.receive(STEP_3, PATIENT, NEVER))).toBe(toHex(FRAME))
      }
      expect(await failure(transport.receive(STEP_3, PATIENT, NEVER))).toBe('connection_closed')
    }
  })

  it('may have an empty body', async () => {
    const transport = frameTransport(pipeOf(encodeFrame(3, 1, new Uint8Array())), systemEnvironment)
    expect(await transport.receive(STEP_3, PATIENT, NEVER)).toHaveLength(8)
  })

  it('may be alerts', async () => {
    const alert = encodeFrame(TYPE_ALERT, 1, hex('7b7d'))
    expect(await frameTransport(pipeOf(alert), systemEnvironment).receive(STEP_3, PATIENT, NEVER)).toEqual(
      alert,
    )
  })

  it('end at every offset as what was there until then, and at none as a closed connection', async () => {
    for (let length = 1; length < FRAME.length; length++) {
      const transport = frameTransport(pipeOf(FRAME.slice(0, length)), systemEnvironment)
      expect(toHex(await transport.receive(STEP_3, PATIENT, NEVER))).toBe(toHex(FRAME.slice(0, length)))
    }
    expect(await failure(frameTransport(pipeOf(), systemEnvironment).receive(STEP_3, PATIENT, NEVER))).toBe(
      'connection_closed',
    )
  })
})

describe('a frame that can’t be accepted', () => {
  const body = new Uint8Array(1000)
  it.each([
    ['has another version', () => concat(FRAME.slice(0, 4), hex('02'), FRAME.slice(5))],
    ['has another suite', () => encodeFrame(3, 9, body)],
    ['has another type', () => encodeFrame(5, 1, body)],
    ['is too large', () => concat(hex('00004001'), FRAME.slice(4, 8), body)],
    ['says that it is 4 GiB', () => concat(hex('ffffffff'), FRAME.slice(4, 8), body)],
    ['has flags', () => concat(FRAME.slice(0, 7), hex('01'), FRAME.slice(8))],
  ])('because it %s is read no further than its header', async (_, make) => {
    const frame = make()
    const pipe = pipeOf(frame.slice(0, 8), frame.slice(8))
    const received = await frameTransport(pipe, systemEnvironment).receive(STEP_3, PATIENT, NEVER)
    expect(received).toEqual(frame.slice(0, 8))
    expect(received.buffer.byteLength).toBeLessThan(100)
    expect(pipe.reads()).toBeLessThanOrEqual(2)
  })

  it('because its length has no room for the header is read no further than that', async () => {
    for (const length of [0, 1, 2, 3]) {
      const start = new Uint8Array([0, 0, 0, length])
      const pipe = pipeOf(start, FRAME)
      expect(await frameTransport(pipe, systemEnvironment).receive(STEP_3, PATIENT, NEVER)).toEqual(start)
      expect(pipe.reads()).toBe(1)
    }
  })
})

describe('the time limits', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const limits: ReceiveLimits = { idle: 30_000, frame: 10_000 }

  /** Waits for a frame on one end of a pair; the test plays the other. */
  function waiting(given: ReceiveLimits, signal = NEVER) {
    const [near, far] = pipePair()
    const state: { outcome: string; error?: unknown } = { outcome: 'waiting' }
    void frameTransport(near, systemEnvironment)
      .receive(STEP_3, given, signal)
      .then(
        () => (state.outcome = 'received'),
        (error: unknown) => {
          state.error = error
          state.outcome = error instanceof LabError ? error.code : String(error)
        },
      )
    return {
      state,
      send: (bytes: Bytes) => far.write(bytes, NEVER),
      pass: (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds),
    }
  }

  it('drop a peer that sends nothing, at the idle limit and not before', async () => {
    const { state, pass } = waiting(limits)
    await pass(29_999)
    expect(state.outcome).toBe('waiting')
    await pass(1)
    expect(state.outcome).toBe('timeout')
    expect(state.error).toBeInstanceOf(ProtocolError)
    expect(state.error).toMatchObject({
      step: 3,
      origin: 'local',
      message: 'No whole message came within 30 s.',
    })
  })

  it('drop a peer that has begun a frame and does not end it', async () => {
    const { state, send, pass } = waiting(limits)
    await pass(5_000)
    await send(FRAME.slice(0, 1))
    await pass(9_999)
    expect(state.outcome).toBe('waiting')
    await pass(1)
    expect(state.outcome).toBe('timeout')
    expect(state.error).toMatchObject({ step: 3, message: 'No whole message came within 10 s.' })
  })

  it('count from the frame’s first byte: one byte every now and then buys no time', async () => {
    const { state, send, pass } = waiting(limits)
    for (const byte of FRAME) {
      await send(new Uint8Array([byte]))
      await pass(1_000)
    }
    expect(state.outcome).toBe('timeout')
  })

  it('count idle time to the last byte too', async () => {
    const { state, send, pass } = waiting({ idle: 5_000, frame: 60_000 })
    await pass(4_000)
    await send(FRAME.slice(0, -1))
    await pass(1_000)
    expect(state.outcome).toBe('timeout')
  })

  it('let a peer think as long as it likes where there is no idle limit, but not stop within a frame', async () => {
    const { state, send, pass } = waiting({ idle: undefined, frame: 10_000 })
    await pass(86_400_000)
    expect(state.outcome).toBe('waiting')
    await send(FRAME.slice(0, 4))
    await pass(10_000)
    expect(state.outcome).toBe('timeout')
  })

  it('are met by a frame that is whole just in time', async () => {
    const { state, send, pass } = waiting(limits)
    await pass(19_000)
    await send(FRAME.slice(0, 5))
    await pass(9_999)
    await send(FRAME.slice(5))
    await pass(0)
    expect(state.outcome).toBe('received')
  })

  it('leave no timer behind', async () => {
    const { state, send, pass } = waiting(limits)
    await send(FRAME)
    await pass(0)
    expect(state.outcome).toBe('received')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('end with the caller’s own reason when it gives up', async () => {
    const abort = new AbortController()
    const { state, send, pass } = waiting(limits, abort.signal)
    await send(FRAME.slice(0, 5))
    await pass(1)
    abort.abort(new LabError('cancelled', 'Enough.'))
    await pass(0)
    expect(state.outcome).toBe('cancelled')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('end at once when the caller has given up before', async () => {
    const { state, pass } = waiting(limits, AbortSignal.abort(new LabError('cancelled', 'Enough.')))
    await pass(0)
    expect(state.outcome).toBe('cancelled')
  })
})
