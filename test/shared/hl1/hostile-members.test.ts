/** Whatever a peer puts into the members of any step, its receiver never says `internal_error` (protocol.md section 7). */
import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { toBase64, type Bytes } from '#shared/bytes'
import { encodePem, type PemLabel } from '#shared/crypto/encodings/pem'
import { pemLabel } from '#shared/record/member'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITE_NAMES, SUITES, type SuiteName } from '#shared/hl1/suites'
import { fakeEnvironment, START } from '../../support/environment'
import {
  judge,
  runHonestly,
  withBody,
  withMembers,
  type HonestRun,
  type Moment,
} from '../../support/handshake'
import { malformedCertificates } from '../../support/malformed-certificates'

const runs = {} as Record<SuiteName, HonestRun>
const certificates: string[] = []
beforeAll(async () => {
  for (const suite of SUITE_NAMES) runs[suite] = await runHonestly(fakeEnvironment(), { suite })
  const { authority, server } = runs.classic
  const { malformed } = malformedCertificates(authority, server.publicKey.spki, START)
  // All of them are judged in test/integration/malformed-certificates.test.ts.
  certificates.push(...malformed.filter((_, index) => index % 4 === 0).map(({ pem }) => pem))
})

/** The moment with a builder that can close its message: in step 4 of suite modern its key is made while it is built. */
function closable({ moments }: HonestRun, step: Moment['step']): Moment {
  const moment = moments[step]
  if (step !== 4) return moment
  const after = moments[5].acceptor as Moment['builder']
  return { ...moment, builder: { ...after, transcript: moment.builder.transcript } as Moment['builder'] }
}

/** A message with another value for a member; undefined where that is too long for the RSA block that holds it. */
function closed(moment: Moment, name: string, value: unknown): Promise<Bytes | undefined> {
  const isInRsa = (moment.step === 1 && name !== 'csr_s') || moment.step === 5
  const isLong = typeof value === 'string' && value.length > (name.startsWith('k_') ? 44 : 20)
  return isInRsa && isLong ? Promise.resolve(undefined) : withMembers(moment, { [name]: value })
}

const some = (length: number): Bytes => new Uint8Array(randomBytes(length))

/** Values for a member of a kind, bad in every way that its kind allows, and some that it doesn't. */
function hostile(kind: string, label: string | undefined): readonly unknown[] {
  const anything = ['', 'x', '\0', 'é'.repeat(50), null, true, [], {}, 0, -1, 1.5, 2 ** 53, -(2 ** 53) + 1]
  const numbers = [8.64e15, 8.64e15 + 1, -8.64e15 - 1, 2 ** 53 - 1, 1 - 2 ** 53, -0]
  const bytes = [0, 1, 7, 8, 16, 31, 32, 64, 65, 256, 300].flatMap((length) => [
    toBase64(some(length)),
    toBase64(new Uint8Array(length)),
    toBase64(new Uint8Array(length).fill(0xff)),
  ])
  const pem = label
    ? [0, 1, 2, 20, 294, 1200].map((length) => encodePem(label as PemLabel, some(length)))
    : []
  const wrapped = certificates.map((text) => text.replaceAll('CERTIFICATE', label ?? 'CERTIFICATE'))
  if (kind === 'pem') return [...anything, ...pem, ...wrapped]
  return [...anything, ...numbers, ...bytes]
}

describe.each(SUITE_NAMES)('suite %s', (suite) => {
  it.each(STEP_NUMBERS)(
    'step %i',
    async (step) => {
      const moment = closable(runs[suite], step)
      const codes = new Map<string, number>()
      const hand = async (frame: Bytes | undefined, what: string): Promise<void> => {
        if (!frame) return
        const { code } = await judge(moment, frame)
        codes.set(code, (codes.get(code) ?? 0) + 1)
        expect(code, what).not.toBe('internal_error')
      }
      const inside = SUITES[suite].sheets[step].objects.flat()
      for (const spec of inside)
        for (const value of hostile(spec.kind, spec.kind === 'pem' ? pemLabel(spec) : undefined))
          await hand(await closed(moment, spec.name, value), `${spec.name}: ${String(value)}`)
      for (const length of [0, 1, 2, 8, 16, 64, 65, 66, 100, 256, 300, 600])
        await hand(
          withBody(moment, () => some(length)),
          `a body of ${length} bytes`,
        )
      expect([...codes.keys()]).not.toEqual(['accepted'])
      expect([...codes.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(40)
    },
    120_000,
  )
})
