/**
 * Damaged conversations against both listeners over TCP, in both suites: from the recorded sessions, whose keys and clock the
 * listeners get, and from honest programs whose messages are damaged on the way. Whatever comes, every connection ends, every
 * honest one is served, nothing is thrown outside of it, and memory does not grow with their number.
 *
 * FUZZ_INPUTS sets how many (2,000; `npm run fuzz` and the long run try 200,000), FUZZ_SEED which.
 */
import { createPublicKey } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { connect as connectSocket, type Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApplicationServer } from '#main/server/application-server'
import { Authority } from '#main/authority/authority'
import { Journal } from '#main/lab/journal'
import { converse, type RoleContext } from '#main/net/converse'
import { wrapSocket } from '#main/net/socket-pipe'
import { connectClient, visit } from '#main/client/client'
import type { Bytes } from '#shared/bytes'
import { privateKeyFromPem, publicKeyFromSpki, type RsaKeyPair } from '#shared/crypto/primitives/rsa'
import { register, startRegistration } from '#shared/hl1/drivers/registration'
import { openSession, sendRequest, startClient } from '#shared/hl1/drivers/session'
import { systemEnvironment, type Environment } from '#shared/hl1/environment'
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import { damage, damageAll, Dice } from '../support/frame-damage'
import { ALL } from '../support/sample'
import { hex, readVector, type SuiteVector } from '../support/vectors'
import { until } from '../support/wait'
import { connectionOf, roleContext } from '../support/context'

const INPUTS = Number(process.env['FUZZ_INPUTS'] ?? (ALL ? 200_000 : 2_000))
const SEED = process.env['FUZZ_SEED'] ?? 'handshake'
const AT_ONCE = 16
/** An honest client has its turn after this many inputs. */
const HONEST_EVERY = 500
/** How long a connection may stay open after its peer has stopped sending: generous, for machines that are busy. */
const PATIENCE_MS = 20_000
/**
 * What the heap may grow by after the first half, however many inputs there are. The journal and the lists have reached
 * their bounds by then in a long run, and are nearly there in a short one.
 */
const GROWTH_BYTES = 48 * 1024 * 1024
const NEVER = new AbortController().signal
// Every conversation listens to it: more than ten are no sign of a leak.
setMaxListeners(0, NEVER)

const collectGarbage = ((): (() => void) => {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
})()

/** Things that went wrong outside of any conversation. */
const stray: unknown[] = []
const keepStray = (error: unknown): void => void stray.push(error)
beforeAll(() => {
  process.on('unhandledRejection', keepStray)
  process.on('uncaughtException', keepStray)
})
afterAll(() => {
  process.off('unhandledRejection', keepStray)
  process.off('uncaughtException', keepStray)
})

interface Target {
  readonly suite: SuiteName
  readonly authority: Authority
  readonly server: ApplicationServer
  readonly settings: Settings
  readonly context: RoleContext
  readonly environment: Environment
  /** Recorded frames of whoever connects, by listener. */
  readonly frames: { readonly authority: readonly Bytes[]; readonly server: readonly Bytes[] }
}

describe.each(SUITE_NAMES)('damaged conversations in suite %s', (suite) => {
  it(`of which ${INPUTS / 2} are tried harm nobody`, { timeout: 60_000 + INPUTS * 20 }, async () => {
    const target = await startTarget(suite)
    const dice = new Dice(`${SEED} ${suite}`)
    const kinds = [replayDamaged, registerDamaged, askDamaged, askDamaged]
    let heapAtHalf = 0
    const total = Math.ceil(INPUTS / 2)
    try {
      for (let done = 0; done < total;) {
        const count = Math.min(AT_ONCE, total - done)
        await Promise.all(Array.from({ length: count }, () => dice.pick(kinds)(target, dice)))
        const before = done
        done += count
        if (passes(before, done, HONEST_EVERY)) await serveHonestly(target)
        if (passes(before, done, Math.ceil(total / 2)) && heapAtHalf === 0) heapAtHalf = heapInUse()
      }
      await serveHonestly(target)
      expect(stray).toEqual([])
      const growth = heapInUse() - heapAtHalf
      console.info(
        `Fuzz, suite ${suite}, seed ${SEED}: ${total} inputs; the heap grew by ${(growth / 1e6).toFixed(1)} MB over the second half.`,
      )
      expect(growth).toBeLessThan(GROWTH_BYTES)
      await until(() => target.server.connections + target.authority.connections === 0)
    } finally {
      await target.server.stop()
      await target.authority.stop()
    }
  })
})

/** Authority and server with the keys and the clock of the recorded session, so that its frames are good ones. */
async function startTarget(suite: SuiteName): Promise<Target> {
  const vector: SuiteVector = suite === 'classic' ? readVector('classic') : readVector('modern')
  const pairs = [keyPairOf(vector.sk_ca), keyPairOf(vector.sk_s)]
  const at = recordedAt(vector)
  let made = 0
  const environment: Environment = {
    ...systemEnvironment,
    now: () => at,
    // The authority's own key first, then the server's, which is as good for whoever asks later.
    crypto: { ...systemEnvironment.crypto, generateRsaKeyPair: async () => pairs[Math.min(made++, 1)]! },
  }
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    suite,
    authorityPort: 0,
    serverPort: 0,
    authorityIdentity: vector.id_ca,
    serverIdentity: vector.id_s,
    clientIdentity: vector.id_c,
    bootstrapKey: vector.k_boot,
    maxConnections: 1_000,
  }
  const journal = new Journal({ onAdded: () => undefined })
  const context = roleContext({ environment, onRecord: (entry) => journal.add(entry) })
  const role = { ...context, settings: () => settings, onChange: () => undefined }
  const authority = new Authority(role)
  const server = new ApplicationServer(role)
  await authority.start()
  await server.start()
  await server.register(authority.address!, authority.certificate!)
  const sent = (steps: readonly number[]): readonly Bytes[] =>
    vector.frames.filter(({ step }) => steps.includes(step)).map(({ frame }) => hex(frame))
  const frames = { authority: sent([1]), server: sent([3, 5, 7]) }
  return { suite, authority, server, settings, context, environment, frames }
}

function keyPairOf(pem: string): RsaKeyPair {
  const spki = createPublicKey(pem).export({ type: 'spki', format: 'der' })
  return { publicKey: publicKeyFromSpki(new Uint8Array(spki)), privateKey: privateKeyFromPem(pem) }
}

/** A moment at which the recorded timestamps are fresh. */
function recordedAt(vector: SuiteVector): number {
  for (const { plaintext } of vector.opened)
    if (plaintext?.['ts5'] !== undefined) return Number(plaintext['ts5'])
  throw new Error('The recording has no step 5.')
}

/** Recorded frames, damaged, in one go. */
async function replayDamaged({ authority, server, frames }: Target, dice: Dice): Promise<void> {
  const [port, own] =
    dice.below(3) === 0 ? [authority.address!.port, frames.authority] : [server.address!.port, frames.server]
  const others = [...frames.authority, ...frames.server]
  const damaged = damageAll(own, others, dice)
  const socket = await open(port)
  for (const frame of damaged) if (socket.writable) socket.write(frame)
  socket.end()
  socket.resume()
  await closed(socket)
}

/** An honest server that registers, one of whose messages is damaged on the way. */
async function registerDamaged(target: Target, dice: Dice): Promise<void> {
  const { authority, context, environment, settings, suite } = target
  const socket = await open(authority.address!.port)
  const state = startRegistration({
    suite,
    idS: settings.serverIdentity,
    trustAnchor: authority.certificate!,
    rsaBits: 2048,
    maxAge: settings.maxAge,
  })
  const opened = damagedConnection(socket, 0, dice)
  const quiet: RoleContext = { ...context, environment, onRecord: () => undefined }
  const conversation = converse(state, opened, quiet, {
    idleSeconds: () => 30,
    signal: NEVER,
  })
  await register(conversation).catch(() => undefined)
  await closed(socket)
}

/** An honest client, one of whose messages is damaged on the way. */
async function askDamaged(target: Target, dice: Dice): Promise<void> {
  const { authority, server, context, settings, suite } = target
  const socket = await open(server.address!.port)
  const opened = damagedConnection(socket, dice.below(3), dice)
  const state = startClient({
    suite,
    idC: settings.clientIdentity,
    idS: settings.serverIdentity,
    trustAnchor: authority.certificate!,
    kBoot: hex(settings.bootstrapKey),
    server: opened.socket.peer,
    maxAge: settings.maxAge,
  })
  const quiet: RoleContext = { ...context, onRecord: () => undefined }
  const conversation = converse(state, opened, quiet, {
    idleSeconds: () => 30,
    signal: NEVER,
  })
  await openSession(conversation, opened.socket.local)
    .then(() =>
      sendRequest(conversation, dice.pick(['time', 'whoami', 'echo x', 'bytes 10']), { force: false }),
    )
    .catch(() => undefined)
  await closed(socket)
}

/** Lets messages pass as they are until the one with this index, which is damaged; nothing is sent after it. */
function damagedConnection(socket: Socket, index: number, dice: Dice) {
  const wrapped = wrapSocket(socket, systemEnvironment)
  let written = 0
  const pipe = {
    ...wrapped.pipe,
    write: async (frame: Bytes, signal: AbortSignal): Promise<void> => {
      if (written++ < index) return wrapped.pipe.write(frame, signal)
      if (!socket.writable) return
      await wrapped.pipe.write(damage(frame, dice), signal)
      socket.end()
    },
  }
  return { socket: { ...wrapped, pipe }, connection: connectionOf('damaged') }
}

async function serveHonestly({ server, authority, settings, context }: Target): Promise<void> {
  const quiet: RoleContext = { ...context, onRecord: () => undefined }
  const answers = await visit(
    connectClient({
      server: server.address!,
      trustAnchor: authority.certificate!,
      settings,
      context: quiet,
      signal: NEVER,
    }),
    ['echo still here'],
  )
  expect(answers).toEqual(['still here'])
}

async function open(port: number): Promise<Socket> {
  const socket = connectSocket({ host: '127.0.0.1', port, allowHalfOpen: true })
  // The listener may close while something is being sent to it: that is its answer.
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('connect', resolve))
  return socket
}

/** Waits until the listener has ended the connection. */
async function closed(socket: Socket): Promise<void> {
  if (!socket.writableEnded) socket.end()
  socket.resume()
  if (socket.closed) return
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The listener left the connection open.')), PATIENCE_MS)
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

function passes(before: number, after: number, step: number): boolean {
  return Math.floor(before / step) < Math.floor(after / step)
}

function heapInUse(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
