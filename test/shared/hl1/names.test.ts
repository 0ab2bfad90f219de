/** Step 1 asks the authority's policy for names (protocol.md section 7): first whether, last for good. */
import { beforeAll, describe, expect, it } from 'vitest'
import { ProtocolError } from '#shared/hl1/alerts'
import { build } from '#shared/hl1/message'
import type { NameRequest, Names } from '#shared/hl1/names'
import { ReplayMemory } from '#shared/hl1/replay-memory'
import { SUITE_NAMES } from '#shared/hl1/suites'
import type { Finding } from '#shared/record/checks'
import { fakeEnvironment } from '../../support/environment'
import { judge, runHonestly, withMembers, type HonestRun, type Moment } from '../../support/handshake'

const FINE: Finding = { ok: true, reason: 'Fine.' }
const TAKEN: Finding = { ok: false, reason: 'Taken.' }

/** A policy that says what it is told to, and what it was asked. */
function policy(look: Finding | undefined, take: Finding | ProtocolError = FINE) {
  const asked: string[] = []
  const requests: NameRequest[] = []
  const names: Names = {
    look: (name) => (asked.push(`look ${name}`), look),
    take: async (request) => {
      asked.push(`take ${request.name}`)
      requests.push(request)
      if (take instanceof ProtocolError) throw take
      return take
    },
    give: (name, { subject }) => void asked.push(`give ${name} to ${subject.commonName}`),
  }
  return { names, asked, requests }
}

describe.each(SUITE_NAMES)('step 1 of suite %s', (suite) => {
  let run: HonestRun
  beforeAll(async () => {
    run = await runHonestly(fakeEnvironment(), { suite })
  })
  const under = (names: Names): Moment => {
    const moment = run.moments[1]
    return { ...moment, environment: { ...moment.environment, seen: new ReplayMemory(), names } }
  }
  const nameCheck = ({ record }: Awaited<ReturnType<typeof judge>>) =>
    record.checks.find(({ id }) => id === 'name')

  it('is refused by the policy before anything else of it is looked at', async () => {
    const { names, asked } = policy(TAKEN)
    const moment = under(names)
    // Stale as well, which would be found last.
    const verdict = await judge(moment, await withMembers(moment, { ts1: 0 }))
    expect(verdict).toMatchObject({ code: 'unknown_identity', step: 1 })
    expect(nameCheck(verdict)).toMatchObject({ result: 'failed', reason: 'Taken.' })
    const others = verdict.record.checks.filter(({ result }) => result === 'not_made').map(({ id }) => id)
    const own = ['request_signature', 'request_subject', 'request_key_size', 'not_seen']
    expect(others).toEqual([...(suite === 'modern' ? own : []), 'freshness'])
    expect(asked).toEqual(['look ID-Server'])
  })

  it('takes the name once all else is right, and says so in its record', async () => {
    const { names, asked, requests } = policy(undefined, { ok: true, reason: 'Allowed.' })
    const moment = under(names)
    const verdict = await judge(moment, moment.frame)
    expect(verdict.code).toBe('accepted')
    expect(nameCheck(verdict)).toMatchObject({ result: 'passed', reason: 'Allowed.' })
    expect(asked).toEqual(['look ID-Server', 'take ID-Server'])
    expect(requests[0]?.publicKey !== undefined).toBe(suite === 'modern')
  })

  it('is refused by who was asked last, with the reason', async () => {
    const { names } = policy(undefined, TAKEN)
    const moment = under(names)
    const verdict = await judge(moment, moment.frame)
    expect(verdict).toMatchObject({ code: 'unknown_identity', step: 1 })
    expect(nameCheck(verdict)).toMatchObject({ result: 'failed', reason: 'Taken.' })
    expect(verdict.record.checks.every(({ id, result }) => id === 'name' || result === 'passed')).toBe(true)
  })

  it('asks nobody about a request that is not right: stale, or seen before', async () => {
    const { names, asked } = policy(undefined)
    const moment = under(names)
    const stale = await judge(moment, await withMembers(moment, { ts1: 0 }))
    expect(stale.code).toBe('stale_timestamp')
    expect(nameCheck(stale)).toMatchObject({ result: 'noted' })
    expect(asked).not.toContain('take ID-Server')
    if (suite === 'classic') return
    await judge(moment, moment.frame)
    expect((await judge(moment, moment.frame)).code).toBe('replayed')
    expect(asked.filter((each) => each.startsWith('take'))).toHaveLength(1)
  })

  it('may be told that the authority is busy', async () => {
    const busy = new ProtocolError({ code: 'busy', step: 1, message: 'Later.' })
    const moment = under(policy(undefined, busy).names)
    expect(await judge(moment, moment.frame)).toMatchObject({ code: 'busy', step: 1 })
  })

  it.each(['ID-CA', 'id-ca'])(
    'is refused in the authority’s own name, whatever the policy: %s',
    async (name) => {
      const { names, asked } = policy(FINE)
      const moment = under(names)
      const verdict = await judge(moment, await withMembers(moment, { id_s: name }))
      expect(verdict).toMatchObject({ code: 'unknown_identity', step: 1 })
      expect(nameCheck(verdict)).toMatchObject({ result: 'failed', found: name })
      expect(nameCheck(verdict)?.reason).toContain('the authority’s own name')
      expect(asked).toEqual([])
    },
  )

  it('lets anyone have any name where there is no policy', async () => {
    const { record, code } = await judge({ ...run.moments[1], ...fresh() }, run.moments[1].frame)
    expect(code).toBe('accepted')
    expect(record.checks.find(({ id }) => id === 'name')).toMatchObject({ result: 'passed' })
  })

  it('gives the name when step 2 is signed', async () => {
    const { names, asked } = policy(FINE)
    const { builder, environment } = run.moments[2]
    await build(2, builder as never, {}, { ...environment, names })
    expect(asked).toEqual(['give ID-Server to ID-Server'])
  })

  const fresh = (): Pick<Moment, 'environment'> => ({
    environment: { ...run.moments[1].environment, seen: new ReplayMemory() },
  })
})
