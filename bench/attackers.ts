/** Programs that ask for as much work as one request may, run in a process of their own, which is told what to do in its argument. */
import { setMaxListeners } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { mainEnvironment } from '#main/lab/environment'
import { Connections } from '#main/net/connections'
import { FULL_PACE } from '#main/net/converse'
import { toUtf8, type Bytes } from '#shared/bytes'
import { passOwnFault } from '#shared/errors'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { generateRsaKeyPair } from '#shared/crypto/primitives/rsa'
import { CONDUCTS } from '#shared/hl1/conducts'
import { Client } from '#shared/hl1/drivers/client'
import { startRegistration } from '#shared/hl1/drivers/registration'
import { frameTransport } from '#shared/hl1/drivers/transport'
import { encodeFrame, encodeHeader } from '#shared/hl1/frame'
import { build } from '#shared/hl1/message'
import { MAX_REQUEST_BYTES } from '#shared/hl1/requests'
import type { ClientState } from '#shared/hl1/state'
import { SUITES } from '#shared/hl1/suites'
import type { Attack, AttackOrder } from './attack-kinds'

const LOOPBACK = '127.0.0.1'
const NEVER = new AbortController().signal
setMaxListeners(0, NEVER)
const LIMIT_MS = 30_000
/** Small requests in one piece. */
const AHEAD = 500
/** Connections that each of those keeps open which say nothing, or a byte. */
const HELD = 64

const order = JSON.parse(process.argv[2] ?? '') as AttackOrder
const { settings, serverPort, authorityPort } = order
const trustAnchor = parseCertificate(order.trustAnchor)
const connections = new Connections()
/** One key pair is enough for an attacker. */
const keyPair = await generateRsaKeyPair(2048)
const environment = {
  ...mainEnvironment,
  crypto: { ...mainEnvironment.crypto, generateRsaKeyPair: async () => keyPair },
}

/** How often each attack was made. */
let made = 0
process.on('message', () => process.send?.(made))
process.on('disconnect', () => process.exit())

async function attackOnAndOn(): Promise<never> {
  for (;;) {
    try {
      await oneAttacker()
    } catch (error) {
      passOwnFault(error)
      // Refused, or closed upon: the next connection.
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
}

function oneAttacker(): Promise<void> {
  switch (order.attack) {
    case 'registrations':
      return askForCertificate()
    case 'silent':
      return hold(new Uint8Array())
    case 'dribbling':
      return hold(new Uint8Array(1))
    default:
      return askInSession(order.attack)
  }
}

/** Plaintexts of step 7 that are within the contract, and as much work as they can be. */
const PLAINTEXTS: Readonly<
  Record<Exclude<Attack, 'registrations' | 'silent' | 'dribbling'>, (start: string) => string>
> = {
  lists: (start) => filled(`${start},"x":`, '[', ']'),
  members: (start) => filled(start, ',"":1', ''),
  escapes: (start) => `${filled(`${start},"req":"`, '\\u00e4', '')}"`,
  echo: (start) => `${filled(`${start},"req":"echo `, 'x', '')}"`,
  bytes: (start) => `${start},"req":"bytes 524288"`,
  ahead: (start) => start,
}

function filled(start: string, before: string, after: string): string {
  const count = Math.floor((MAX_REQUEST_BYTES - start.length - 2) / (before.length + after.length))
  return start + before.repeat(count) + after.repeat(count)
}

async function askInSession(attack: keyof typeof PLAINTEXTS): Promise<void> {
  const parties = { opener: 'client', acceptor: 'server' } as const
  const { socket, connection } = await connections.open(
    { address: LOOPBACK, port: serverPort },
    parties,
    environment,
    NEVER,
  )
  try {
    const client = new Client({
      pipe: socket.pipe,
      connection,
      settings,
      trustAnchor,
      environment,
      ...FULL_PACE,
      onRecord: () => undefined,
      onFailure: () => undefined,
    })
    await client.open()
    const transport = frameTransport(socket.pipe, environment)
    const suite = SUITES[settings.suite]
    const expected = { step: 8, suites: [suite.byte] }
    let { state } = client
    for (;;) {
      const start = `{"req":"time","ts7":${Date.now()}`
      const plaintext = toUtf8(`${PLAINTEXTS[attack](start)}}`)
      const frames: Bytes[] = []
      for (let count = attack === 'ahead' ? AHEAD : 1; count > 0; count--) {
        const request = await seal(state, plaintext)
        frames.push(request.frame)
        state = request.state
      }
      for (let again = settings.suite === 'classic' ? AGAIN : 1; again > 0; again--) {
        for (const frame of frames) {
          const sending = transport.send(frame, LIMIT_MS, NEVER)
          if (attack !== 'ahead') await sending
        }
        for (const _ of frames) await transport.receive(expected, { idle: LIMIT_MS, frame: LIMIT_MS }, NEVER)
        made += frames.length
      }
    }
  } finally {
    socket.pipe.close()
  }
}

/** Suite `classic` takes a request again for as long as it is fresh: that saves the attacker its own work. */
const AGAIN = 10

async function seal(
  before: ClientState,
  plaintext: Bytes,
): Promise<{ readonly frame: Bytes; readonly state: ClientState }> {
  const conduct = CONDUCTS[settings.suite][7]
  const { byte } = SUITES[settings.suite]
  const { state } = await conduct.compose(before, { request: '' }, environment)
  const header = (length: number): Bytes => encodeHeader(7, byte, length)
  const body = await conduct.seal(state, [plaintext], { header }, environment)
  return { frame: encodeFrame(7, byte, body), state: conduct.sent?.(state) ?? state }
}

async function askForCertificate(): Promise<void> {
  const { suite, serverIdentity: idS, maxAge } = settings
  const state = startRegistration({ suite, idS, trustAnchor, rsaBits: 2048, maxAge })
  const { frame } = await build(1, state, {}, environment)
  const socket = await reach(authorityPort)
  socket.write(frame)
  await new Promise((resolve) => socket.resume().once('close', resolve))
  made++
}

/** Opens so many connections, each with no more than a few bytes said, and a new one for each that is closed. */
async function hold(bytes: Bytes): Promise<void> {
  const one = async (): Promise<never> => {
    for (;;) {
      const socket = await reach(serverPort)
      socket.write(bytes)
      made++
      await new Promise((resolve) => socket.resume().once('close', resolve))
    }
  }
  await Promise.all(Array.from({ length: HELD }, one))
}

async function reach(port: number): Promise<Socket> {
  const socket = createConnection({ host: LOOPBACK, port })
  // A reset shows as the end.
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))
  return socket
}

await Promise.all(Array.from({ length: order.attackers }, attackOnAndOn))
