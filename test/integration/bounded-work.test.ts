/** What one peer may ask for at most, over real sockets: others have their turn meanwhile, and there is an end to it. */
import { afterEach, describe, expect, it } from 'vitest'
import { KEY_QUEUE } from '#main/authority/key-queue'
import { mainEnvironment } from '#main/lab/environment'
import { Roles } from '#main/lab/roles'
import { concat, toUtf8, type Bytes } from '#shared/bytes'
import type { RsaKeyPair } from '#shared/crypto/primitives/rsa'
import { CONDUCTS } from '#shared/hl1/conducts'
import { startRegistration } from '#shared/hl1/drivers/registration'
import { encodeFrame, encodeHeader, headerField, TYPE_ALERT } from '#shared/hl1/frame'
import { build } from '#shared/hl1/message'
import { MAX_REQUEST_BYTES } from '#shared/hl1/requests'
import type { ClientState } from '#shared/hl1/state'
import { SUITE_NAMES, SUITES, type SuiteName } from '#shared/hl1/suites'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { BYTES_PER_TURN } from '#shared/turn'
import { keyPair, withReadyKeys } from '../support/credentials'
import type { Moment } from '../support/handshake'
import { approach, askServer, startLoopback } from '../support/loopback'
import { RawPeer } from '../support/raw-peer'
import { until } from '../support/wait'

const running: { readonly stop: () => Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ stop }) => stop()))
})

/** Counts the rounds of the event loop from now on; the result says how many there were. */
function countRounds(): () => number {
  let rounds = 0
  let goesOn = true
  const round = (): void => {
    rounds++
    if (goesOn) setImmediate(round)
  }
  setImmediate(round)
  return () => {
    goesOn = false
    return rounds
  }
}

/** Step 7 around any plaintext, by an honest client's state before it. */
async function request(
  { builder, environment }: Moment,
  suite: SuiteName,
  plaintext: string,
): Promise<Bytes> {
  const conduct = CONDUCTS[suite][7]
  const { byte } = SUITES[suite]
  const { state } = await conduct.compose(builder as ClientState, { request: '' }, environment)
  const header = (length: number): Bytes => encodeHeader(7, byte, length)
  return encodeFrame(7, byte, await conduct.seal(state, [toUtf8(plaintext)], { header }, environment))
}

/** As many pieces as fit into a request. */
function many(piece: string): string {
  return piece.repeat(Math.floor((MAX_REQUEST_BYTES - 100) / piece.length))
}

const lists = many('[]').length / 2

describe.each(SUITE_NAMES)('suite %s', (suite) => {
  it.each([
    ['lists in one another', '['.repeat(lists) + ']'.repeat(lists)],
    ['lists beside one another', `[${many('[],')}0]`],
    ['members', `0${many(',"":1')}`],
  ])('a request that is nothing but %s is answered, in turns with everybody else', async (_, value) => {
    const loopback = await startLoopback({ suite, maxAge: 60 })
    running.push(loopback)
    const { peer, moment } = await approach(loopback, 7, suite)
    const plaintext = `{"req":"time","ts7":${Date.now()},"x":${value}}`
    const frame = await request(moment, suite, plaintext)
    const rounds = countRounds()
    const honest = askServer(loopback, ['echo x'])
    await peer.send(frame)
    expect((await peer.frame())?.[5]).toBe(8)
    expect(rounds()).toBeGreaterThan(frame.length / BYTES_PER_TURN)
    expect(await honest).toEqual(['x'])
    peer.close()
  })
})

it('small requests sent ahead, hundreds in one piece: there is a round of the event loop for each of them', async () => {
  const loopback = await startLoopback({ maxAge: 60 })
  running.push(loopback)
  const { peer, moment } = await approach(loopback, 7)
  const count = 500
  const rounds = countRounds()
  // Suite `classic` takes a request again for as long as it is fresh.
  await peer.send(concat(...Array.from({ length: count }, () => moment.frame)))
  for (let index = 0; index < count; index++) expect((await peer.frame())?.[5]).toBe(8)
  expect(rounds()).toBeGreaterThanOrEqual(count)
  peer.close()
})

describe('a hundred servers that want to be certified at once', () => {
  it('are certified one after another, as many as may wait; the others are told busy, and this program’s own is served', async () => {
    const working = { now: 0, most: 0 }
    const generateRsaKeyPair = async (): Promise<RsaKeyPair> => {
      working.most = Math.max(working.most, ++working.now)
      await new Promise((resolve) => setTimeout(resolve, 30))
      working.now--
      return keyPair('server')
    }
    const environment = { ...mainEnvironment, crypto: { ...mainEnvironment.crypto, generateRsaKeyPair } }
    const settings = { ...DEFAULT_SETTINGS, authorityPort: 0, serverPort: 0, maxAge: 60 }
    const roles = new Roles({ settings: () => settings, environment })
    await roles.start()
    running.push({ stop: () => roles.close() })
    working.most = 0
    const trustAnchor = roles.authority.certificate!
    const ask = async (idS: string): Promise<number | undefined> => {
      const state = startRegistration({ suite: 'classic', idS, trustAnchor, rsaBits: 2048, maxAge: 60 })
      const { frame } = await build(1, state, {}, withReadyKeys(mainEnvironment))
      const peer = await RawPeer.connect(roles.authority.address!.port)
      await peer.send(frame)
      const answer: Bytes | undefined = await peer.frame()
      peer.close()
      return answer && headerField(answer, 'type')
    }
    const asking = Array.from({ length: 100 }, (_, index) => ask(`S${index}`))
    await until(() => working.most > 0)
    const own = roles.register()
    const types = await Promise.all(asking)
    await own
    expect(roles.server.credentials).toBeDefined()
    const [issued, refused] = [2, TYPE_ALERT].map((type) => types.filter((each) => each === type).length)
    expect(issued! + refused!).toBe(100)
    expect(refused).toBeGreaterThan(0)
    expect(issued).toBeGreaterThanOrEqual(KEY_QUEUE.places)
    expect(working.most).toBe(KEY_QUEUE.atOnce)
  })
})

it('many servers with keys of their own are worked for one after another, and all are certified', async () => {
  const working = { now: 0, most: 0 }
  const counted =
    <A extends readonly unknown[], R>(work: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      working.most = Math.max(working.most, ++working.now)
      try {
        return await work(...given)
      } finally {
        working.now--
      }
    }
  const { decryptOaep, verifyPkcs1, signPkcs1 } = mainEnvironment.crypto
  const environment = withReadyKeys({
    ...mainEnvironment,
    crypto: {
      ...mainEnvironment.crypto,
      decryptOaep: counted(decryptOaep),
      verifyPkcs1: counted(verifyPkcs1),
      signPkcs1: counted(signPkcs1),
    },
  })
  const settings = { ...DEFAULT_SETTINGS, authorityPort: 0, serverPort: 0, maxAge: 60 }
  const roles = new Roles({ settings: () => settings, environment })
  await roles.start()
  running.push({ stop: () => roles.close() })
  const trustAnchor = roles.authority.certificate!
  const frames = await Promise.all(
    Array.from({ length: 16 }, async (_, index) => {
      const start = { suite: 'modern', idS: `S${index}`, trustAnchor, rsaBits: 2048, maxAge: 60 } as const
      return (await build(1, startRegistration(start), {}, withReadyKeys(mainEnvironment))).frame
    }),
  )
  working.most = 0
  const types = await Promise.all(
    frames.map(async (frame) => {
      const peer = await RawPeer.connect(roles.authority.address!.port)
      await peer.send(frame)
      const answer = await peer.frame()
      peer.close()
      return answer && headerField(answer, 'type')
    }),
  )
  expect(types).toEqual(frames.map(() => 2))
  expect(working.most).toBe(1)
})
