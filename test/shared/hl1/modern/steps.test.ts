import { beforeAll, describe, expect, it } from 'vitest'
import { concat, fromUtf8, type Bytes } from '#shared/bytes'
import { makeKeyShare } from '#shared/crypto/primitives/aead'
import { decodePem, encodePem } from '#shared/crypto/encodings/pem'
import { makeRequest } from '#shared/crypto/pki/request'
import { webCrypto } from '#shared/crypto/provider'
import { CONDUCTS } from '#shared/hl1/conducts'
import { encodeFrame, encodeHeader, HEADER_BYTES } from '#shared/hl1/frame'
import { accept, build } from '#shared/hl1/message'
import { ReplayMemory } from '#shared/hl1/replay-memory'
import type { AuthorityState, ClientState, RegistrationState, ServerState } from '#shared/hl1/state'
import { STEP_NUMBERS, type StepNumber } from '#shared/hl1/steps'
import { SUITES } from '#shared/hl1/suites'
import { keyPair } from '../../../support/credentials'
import { fakeEnvironment } from '../../../support/environment'
import {
  CLIENT,
  flip,
  judge,
  MAX_AGE,
  runHonestly,
  unreminded,
  withBody,
  type HonestRun,
  type Moment,
} from '../../../support/handshake'

const environment = fakeEnvironment('modern')
let run: HonestRun

beforeAll(async () => {
  run = await runHonestly(environment, { suite: 'modern' })
})

/** The moment as it was, but for what its receiver remembers having seen. */
const fresh = (step: StepNumber): Moment => unreminded(run.moments[step])

/** A client about to send the request with this number. */
function numbered(state: ClientState, nextRequest: number): ClientState {
  const { modern, ...rest } = state
  const session = { ...modern!.session!, nextRequest }
  return { ...rest, next: { act: 'build', step: 7 }, modern: { ...modern!, session } }
}

describe.each(STEP_NUMBERS)('step %i of suite modern', (step) => {
  it('is accepted as it was built, with every check of its definition passed', async () => {
    const moment = fresh(step)
    const verdict = await judge(moment, moment.frame)
    expect(verdict.code).toBe('accepted')
    const made = verdict.record.checks.filter((check) => check.result === 'passed').map((check) => check.id)
    expect(made).toEqual(expect.arrayContaining(['frame', 'decryption', 'members', 'freshness']))
    expect(made).toEqual(expect.arrayContaining([...SUITES.modern.sheets[step].checks]))
  })

  it('is refused when it is too old or lies ahead, and fresh at exactly the limit', async () => {
    const moment = fresh(step)
    const late = await judge(moment, moment.frame, { later: MAX_AGE * 1000 + 1 })
    const early = await judge(moment, moment.frame, { later: -MAX_AGE * 1000 - 1 })
    expect([late.code, late.step]).toEqual(['stale_timestamp', step])
    expect([early.code, early.step]).toEqual(['future_timestamp', step])
    const edge = await judge(moment, moment.frame, { later: MAX_AGE * 1000 })
    expect(edge.code).toBe('accepted')
  })

  it('names the bytes of every member', () => {
    const { record } = run.moments[step]
    for (const member of record.members) {
      expect(
        record.ranges.some((range) => range.member === member.name),
        member.name,
      ).toBe(true)
    }
  })
})

it.each(STEP_NUMBERS.filter((step) => step !== 3))(
  'step %i is refused when a byte of it is changed, taken away or added',
  async (step) => {
    const moment = fresh(step)
    const length = moment.frame.length
    for (const position of [
      HEADER_BYTES,
      HEADER_BYTES + 20,
      Math.floor(length / 2),
      length - 20,
      length - 1,
    ]) {
      const verdict = await judge(moment, flip(moment.frame, position))
      expect([verdict.code, verdict.step], `byte ${position}`).toEqual(['decrypt_failed', step])
    }
    for (const change of [
      (body: Bytes) => body.slice(0, -1),
      (body: Bytes) => new Uint8Array([...body, 0]),
      () => new Uint8Array(),
    ]) {
      const verdict = await judge(moment, withBody(moment, change))
      expect([verdict.code, verdict.step]).toEqual(['decrypt_failed', step])
    }
  },
)

it.each(STEP_NUMBERS.filter((step) => step !== 1 && step !== 3))(
  'step %i is refused when a frame before it was another one',
  async (step) => {
    const acceptor = run.moments[step].acceptor as ServerState
    const transcript = flip(acceptor.transcript, 0)
    const session = acceptor.modern?.session
    const modern = acceptor.modern && {
      ...acceptor.modern,
      ...(session ? { session: { ...session, transcript } } : {}),
    }
    const other = { ...acceptor, transcript, ...(modern ? { modern } : {}) }
    const verdict = await judge(run.moments[step], run.moments[step].frame, { acceptor: other })
    expect(verdict.code).toBe('decrypt_failed')
  },
)

describe('registration in suite modern', () => {
  const built = (state: Partial<RegistrationState>, csr?: string): Promise<Bytes> => {
    const builder = { ...(run.moments[1].builder as RegistrationState), ...state }
    const steps = CONDUCTS.modern[1]
    return csr === undefined
      ? build(1, builder, {}, environment).then(({ frame }) => frame)
      : steps.compose(builder, {}, environment).then(async ({ values, state: composed }) => {
          const object = (names: readonly string[]) =>
            new TextEncoder().encode(
              JSON.stringify(
                Object.fromEntries(
                  names.map((name) => {
                    const value = name === 'csr_s' ? csr : values[name]
                    return [name, value instanceof Uint8Array ? btoa(String.fromCharCode(...value)) : value]
                  }),
                ),
              ),
            )
          const parts = [object(['k_tmp1', 'id_s', 'ts1']), object(['csr_s', 'nonce_s'])]

          const closed = await steps.seal(
            composed,
            parts,
            { header: (length) => encodeHeader(1, 2, length) },
            environment,
          )
          return encodeFrame(1, 2, closed)
        })
  }

  it('is not answered twice: the same frame, and the same nonce, are replayed', async () => {
    const moment = fresh(1)
    expect((await judge(moment, moment.frame)).code).toBe('accepted')
    const again = await judge(moment, moment.frame)
    expect([again.code, again.step]).toEqual(['replayed', 1])
  })

  it('is answered once when the same frame comes on two connections at the same time', async () => {
    const moment = fresh(1)
    const verdicts = await Promise.all([1, 2, 3].map(() => judge(moment, moment.frame)))
    expect(verdicts.map(({ code }) => code).sort()).toEqual(['accepted', 'replayed', 'replayed'])
    for (const { code, record } of verdicts) {
      const found = record.checks.filter(({ id }) => id === 'not_seen').map(({ result }) => result)
      expect(found).toEqual([code === 'accepted' ? 'passed' : 'failed'])
    }
  })

  it.each([
    [
      'signed with another key',
      async (): Promise<string> => {
        const [mine, other] = [await keyPair('server'), await keyPair('other')]
        return makeRequest(
          'ID-Server',
          { publicKey: other.publicKey, privateKey: mine.privateKey },
          webCrypto,
        )
      },
      'request_signature',
    ],
    [
      'in another name',
      async (): Promise<string> => makeRequest('ID-Other', await keyPair('server'), webCrypto),
      'request_subject',
    ],
    [
      'that is none',
      async (): Promise<string> => encodePem('CERTIFICATE REQUEST', new Uint8Array([0x30, 3, 2, 1, 5])),
      'request_signature',
    ],
    [
      'with something after it',
      async (): Promise<string> => {
        const der = decodePem(
          'CERTIFICATE REQUEST',
          await makeRequest('ID-Server', await keyPair('server'), webCrypto),
        )
        return encodePem('CERTIFICATE REQUEST', concat(der, new Uint8Array(1)))
      },
      'request_signature',
    ],
  ] as const)('refuses a request %s', async (_, csr, check) => {
    const verdict = await judge(fresh(1), await built({}, await csr()))
    expect([verdict.code, verdict.step]).toEqual(['bad_certificate', 1])
    expect(verdict.record.checks.find(({ result }) => result === 'failed')?.id).toBe(check)
  })

  it('refuses a request that is no PEM of one as malformed', async () => {
    for (const csr of ['hello', encodePem('CERTIFICATE', new Uint8Array([0x30, 3, 2, 1, 5]))]) {
      const verdict = await judge(fresh(1), await built({}, csr))
      expect([verdict.code, verdict.step]).toEqual(['malformed', 1])
    }
  })

  it('never carries the server’s private key', () => {
    for (const step of [1, 2] as const) {
      expect(fromUtf8(run.moments[step].record.plaintext!.bytes)).not.toContain('PRIVATE KEY')
    }
  })

  it('refuses an answer to another request', async () => {
    const acceptor = run.moments[2].acceptor as RegistrationState
    const own = { ...acceptor.own!, nonce: environment.random(32) }
    const verdict = await judge(run.moments[2], run.moments[2].frame, { acceptor: { ...acceptor, own } })
    expect([verdict.code, verdict.step]).toEqual(['replayed', 2])
  })

  it('says that it is busy rather than forget what it has seen', async () => {
    const seen = new ReplayMemory(1)
    const moment = { ...run.moments[1], environment: { ...environment, seen } }
    expect((await judge(moment, await built({}))).code).toBe('accepted')
    expect((await judge(moment, await built({}))).code).toBe('busy')
    expect(seen.size).toBe(1)
  })

  it('accepts nothing where nothing is remembered', async () => {
    const verdict = await judge({ ...run.moments[1], environment }, run.moments[1].frame)
    expect([verdict.code, verdict.step]).toEqual(['internal_error', 1])
  })

  it('refuses a request again that became fresh again with a higher age limit', async () => {
    const moment = fresh(1)
    const { frame } = moment
    expect((await judge(moment, frame)).code).toBe('accepted')
    // Under the limit of then it is stale as well, but having been seen comes first (section 7).
    const later = MAX_AGE * 2_000 + 1
    expect((await judge(moment, frame, { later })).code).toBe('replayed')
    const patient = { ...(moment.acceptor as AuthorityState), maxAge: 3_600 }
    const again = await judge(moment, frame, { acceptor: patient, later })
    expect([again.code, again.step]).toEqual(['replayed', 1])
    environment.setWallClock(later)
    const other = await judge(moment, await built({}), { acceptor: patient })
    environment.setWallClock(-later)
    expect(other.code).toBe('accepted')
  })
})

describe('the handshake in suite modern', () => {
  it('refuses a share that is no point of the curve', async () => {
    const moment = run.moments[3]
    const text = fromUtf8(moment.frame.slice(HEADER_BYTES))
    const share = new Uint8Array(65).fill(4)
    const changed = text.replace(/"share_c":"[^"]*"/, `"share_c":"${btoa(String.fromCharCode(...share))}"`)
    const frame = withBody(moment, () => new TextEncoder().encode(changed))
    const verdict = await judge(moment, frame)
    expect([verdict.code, verdict.step]).toEqual(['malformed', 3])
    // What a share is belongs to the types of members, which come before the step's own checks.
    const acceptor = moment.acceptor as ServerState
    const other = { ...acceptor, credentials: { ...acceptor.credentials, identity: 'ID-Other' } }
    expect((await judge(moment, frame, { acceptor: other })).code).toBe('malformed')
  })

  it('refuses clear text that is no JSON object as malformed', async () => {
    const verdict = await judge(
      run.moments[3],
      withBody(run.moments[3], () => new TextEncoder().encode('hello')),
    )
    expect([verdict.code, verdict.step]).toEqual(['malformed', 3])
  })

  it.each([
    [[0xff], 'The body is not a JSON object: it is not UTF-8.'],
    [[0x7b], 'The body is not a JSON object: it is not JSON.'],
    [[0x5b, 0x5d], 'The body is not a JSON object.'],
  ])('says in the check what the alert says of a body in clear: %j', async (body, reason) => {
    const verdict = await judge(
      run.moments[3],
      withBody(run.moments[3], () => Uint8Array.from(body)),
    )
    expect(verdict.record.outcome).toMatchObject({ message: 'The body is not a JSON object.' })
    const failed = verdict.record.checks.filter(({ result }) => result === 'failed')
    expect(failed).toMatchObject([{ id: 'members', reason }])
  })

  it('refuses a server that shows the certificate without holding its key', async () => {
    const builder = run.moments[4].builder as ServerState
    const { privateKey } = await keyPair('other')
    const credentials = { ...builder.credentials, privateKey }
    const { frame } = await build(4, { ...builder, credentials }, {}, environment)
    const verdict = await judge(run.moments[4], frame)
    expect([verdict.code, verdict.step]).toEqual(['bad_certificate', 4])
    expect(verdict.record.checks.find(({ result }) => result === 'failed')?.id).toBe('proof')
  })

  it('can’t be opened with another ephemeral share', async () => {
    const acceptor = run.moments[4].acceptor as ClientState
    const modern = { ...acceptor.modern!, keyShare: await makeKeyShare() }
    const verdict = await judge(run.moments[4], run.moments[4].frame, { acceptor: { ...acceptor, modern } })
    expect(verdict.code).toBe('decrypt_failed')
  })

  it('counts requests: the same one again, and one too many, are replayed', async () => {
    const { builder, frame, acceptor } = run.moments[7]
    const first = await accept(7, acceptor as ServerState, frame, environment)
    const waiting: ServerState = { ...first.state, next: { act: 'accept', step: 7 } }
    const again = await judge(run.moments[7], frame, { acceptor: waiting })
    expect([again.code, again.step]).toEqual(['replayed', 7])
    const once = await build(7, builder as ClientState, { request: 'time' }, environment)
    const twice = await build(
      7,
      { ...once.state, next: { act: 'build', step: 7 } },
      { request: 'time' },
      environment,
    )
    const skipped = await judge(run.moments[7], twice.frame)
    expect([skipped.code, skipped.step]).toEqual(['replayed', 7])
    for (const number of [2 ** 53, 2 ** 64 - 2 ** 11]) {
      const far = await build(7, numbered(once.state, number), { request: 'time' }, environment)
      const verdict = await judge(run.moments[7], far.frame)
      expect([verdict.code, verdict.step]).toEqual(['replayed', 7])
    }
  })

  it('refuses another address only where that is enforced', async () => {
    const acceptor = { ...(run.moments[5].acceptor as ServerState), peer: { ...CLIENT, port: 1 } }
    expect((await judge(run.moments[5], run.moments[5].frame, { acceptor })).code).toBe('accepted')
    const strict = { ...acceptor, enforceAddress: true }
    expect((await judge(run.moments[5], run.moments[5].frame, { acceptor: strict })).code).toBe(
      'unknown_identity',
    )
  })
})
