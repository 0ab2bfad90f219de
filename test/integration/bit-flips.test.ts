import { beforeAll, describe, expect, it } from 'vitest'
import { STEP_NUMBERS } from '#shared/protocol/steps'
import { flipEveryBit, unnoticed } from '../support/bit-flips'
import { fakeEnvironment } from '../support/environment'
import { flip, judge, runHonestly, sealed, type HonestRun } from '../support/handshake'

/** Every single bit of every frame, flipped in turn. The figures of one run are in docs/bit-flips.md. */
const PATIENCE_MS = 300_000

describe('in suite modern a flipped bit', () => {
  let run: HonestRun

  beforeAll(async () => {
    run = await runHonestly(fakeEnvironment('bits'), { suite: 'modern' })
  })

  it.each(STEP_NUMBERS.filter((step) => step !== 3))(
    'is refused wherever it is in step %i',
    async (step) => expect(unnoticed(await flipEveryBit(run.moments[step]))).toEqual({}),
    PATIENCE_MS,
  )

  it(
    'of step 3, which crosses in clear, is found by the client: the answer is bound to what the server received',
    async () => {
      const outcomes = Object.keys(unnoticed(await flipEveryBit(run.moments[3])))
      expect(outcomes.every((outcome) => /^accepted with (ts3|nonce_c)$/.test(outcome))).toBe(true)
      const { acceptor, frame } = run.moments[4]
      const other = { ...acceptor, transcript: flip(acceptor.transcript, 0) }
      expect((await judge(run.moments[4], frame, { acceptor: other })).code).toBe('decrypt_failed')
    },
    PATIENCE_MS,
  )
})

describe('in suite classic a flipped bit', () => {
  let run: HonestRun

  beforeAll(async () => {
    run = await runHonestly(fakeEnvironment('bits'), { suite: 'classic' })
  })

  it(
    'is refused wherever it is under RSA-OAEP',
    async () => {
      for (const step of [1, 5] as const) expect(unnoticed(await flipEveryBit(run.moments[step]))).toEqual({})
    },
    PATIENCE_MS,
  )

  it(
    'can go unnoticed under DES-CBC: it turns a block into noise, and some noise is still text',
    async () => {
      const plaintext = JSON.stringify({
        req: 'echo '.padEnd(4_000, 'x'),
        ts7: run.moments[7].environment.now(),
      })
      const frame = await sealed(run.moments[7], plaintext)
      expect(Object.keys(unnoticed(await flipEveryBit(run.moments[7], frame)))).toContain('accepted with req')
    },
    PATIENCE_MS,
  )
})
