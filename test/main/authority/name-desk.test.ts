import { beforeAll, describe, expect, it } from 'vitest'
import { NameDesk, QUESTIONS_AT_ONCE, type Asker } from '#main/authority/name-desk'
import { NAMES_KEPT } from '#shared/hl1/name-book'
import type { NamePolicy } from '#shared/hl1/names'
import type { Certificate } from '#shared/crypto/pki/certificate'
import type { RsaPublicKey } from '#shared/crypto/primitives/rsa'
import { authorityCredentials, keyPair } from '../../support/credentials'
import { fakeEnvironment, START } from '../../support/environment'
import { rejection } from '../../support/conversations'

let certificate: Certificate
let publicKey: RsaPublicKey
beforeAll(async () => {
  certificate = (await authorityCredentials(START)).certificate
  publicKey = (await keyPair('server')).publicKey
})

function open(policy: NamePolicy) {
  const environment = fakeEnvironment()
  const settings = { policy }
  let changes = 0
  const desk = new NameDesk({
    environment,
    policy: () => settings.policy,
    answerSeconds: () => 25,
    onChange: () => void changes++,
  })
  let port = 40_000
  /** Who asks; `stir` is what its connection tells of. */
  const come = (changed: Partial<Asker> = {}) => {
    const stirs = new Set<() => void>()
    const abort = new AbortController()
    const counter = desk.counter({
      from: { address: '127.0.0.1', port: ++port },
      isOwn: false,
      signal: abort.signal,
      onStir: (action) => {
        stirs.add(action)
        return () => stirs.delete(action)
      },
      ...changed,
    })
    return { counter, abort, stirs, stir: () => [...stirs].forEach((each) => each()) }
  }
  return { desk, environment, settings, come, changes: () => changes }
}

describe('a desk where anyone may register a name', () => {
  it('gives it again and again, and writes down who has it', async () => {
    const { desk, come } = open('anyone')
    for (const { counter } of [come(), come()]) {
      expect(counter.look('ID-A')).toMatchObject({ ok: true })
      expect(await counter.take({ name: 'ID-A' })).toMatchObject({ ok: true })
      counter.give('ID-A', certificate)
      counter.leave()
    }
    expect(desk.given).toMatchObject([{ name: 'ID-A', at: START, from: { port: 40_002 }, times: 2 }])
    expect(desk.given[0]?.fingerprint).toMatch(/^([0-9a-f]{2}:){31}[0-9a-f]{2}$/)
  })
})

describe('a desk where the first keeps a name', () => {
  it('gives it to one of two who ask at once', async () => {
    const { come } = open('first')
    const [one, two] = [come().counter, come().counter]
    expect([one.look('ID-A')?.ok, two.look('ID-A')?.ok]).toEqual([true, true])
    const found = await Promise.all([one.take({ name: 'ID-A' }), two.take({ name: 'ID-A' })])
    expect(found.map(({ ok }) => ok)).toEqual([true, false])
    one.give('ID-A', certificate)
    one.leave()
    two.leave()
    const third = come().counter.look('ID-A')
    expect(third).toMatchObject({
      ok: false,
      reason: expect.stringContaining('given to the first who asked'),
    })
    expect(third?.found).toContain('certificate ')
  })

  it('gives it to the next where the first came away with nothing', async () => {
    const { desk, come } = open('first')
    const first = come().counter
    await first.take({ name: 'ID-A' })
    expect(come().counter.look('ID-A')).toMatchObject({ ok: false })
    first.leave()
    expect(desk.given).toEqual([])
    expect(await come().counter.take({ name: 'ID-A' })).toMatchObject({ ok: true })
  })

  it('gives it once more where the person allows that', async () => {
    const { desk, come } = open('first')
    const first = come().counter
    await first.take({ name: 'ID-A' })
    first.give('ID-A', certificate)
    first.leave()
    desk.open('ID-A', true)
    const second = come().counter
    expect(second.look('ID-A')?.reason).toContain('allows another')
    expect(await second.take({ name: 'ID-A' })).toMatchObject({ ok: true })
    second.give('ID-A', certificate)
    second.leave()
    expect(come().counter.look('ID-A')).toMatchObject({ ok: false })
    expect(() => desk.open('ID-B', true)).toThrow(expect.objectContaining({ code: 'unknown_name' }))
  })

  it('that has given as many names as it remembers is busy, and forgets none', async () => {
    const { desk, come } = open('first')
    const { counter } = come()
    for (let count = 0; count < NAMES_KEPT; count++) counter.give(`ID-${count}`, certificate)
    const late = await rejection(come().counter.take({ name: 'ID-Late' }))
    expect(late).toMatchObject({ code: 'busy', step: 1 })
    expect(desk.given).toHaveLength(NAMES_KEPT)
    expect(come().counter.look('ID-0')).toMatchObject({ ok: false })
  })
})

describe('a desk that asks the person', () => {
  it('says what is asked, by whom, and who had the name before', async () => {
    const { desk, come, changes } = open('ask')
    const earlier = come().counter
    earlier.give('ID-A', certificate)
    const { counter } = come()
    expect(counter.look('ID-A')).toBeUndefined()
    const seen = changes()
    const taken = counter.take({ name: 'ID-A', publicKey })
    expect(changes()).toBe(seen + 1)
    const [question] = desk.questions
    expect(question).toMatchObject({
      name: 'ID-A',
      isOwn: false,
      from: { port: 40_002 },
      before: { from: { port: 40_001 }, at: START },
      askedAt: START,
      endsAt: START + 25_000,
    })
    expect(question?.key).toMatch(/^([0-9a-f]{2}:){31}[0-9a-f]{2}$/)
    desk.answer(question!.id, true)
    expect(await taken).toEqual({ ok: true, reason: 'The person at the authority allowed it.' })
    expect(desk.questions).toEqual([])
    expect(changes()).toBe(seen + 2)
  })

  it('takes no for an answer, and no answer for a no', async () => {
    const { desk, environment, come } = open('ask')
    const refused = come().counter.take({ name: 'ID-A' })
    desk.answer(desk.questions[0]!.id, false)
    expect(await refused).toMatchObject({ ok: false, reason: expect.stringContaining('refused') })
    const { counter, stirs } = come()
    const late = counter.take({ name: 'ID-A' })
    const { id } = desk.questions[0]!
    environment.pass(24_999)
    expect(desk.questions).toHaveLength(1)
    environment.pass(1)
    expect(await late).toMatchObject({ ok: false, reason: expect.stringContaining('within 25 s') })
    expect([desk.questions.length, stirs.size]).toEqual([0, 0])
    expect(() => desk.answer(id, true)).toThrow(expect.objectContaining({ code: 'unknown_question' }))
  })

  it('asks no longer when who asked leaves, when the authority stops, or becomes another', async () => {
    const { desk, come } = open('ask')
    const [left, stopped, closed] = [come(), come(), come()]
    const all = [left, stopped, closed].map(({ counter }) => counter.take({ name: 'ID-A' }))
    left.stir()
    stopped.abort.abort()
    desk.close('Another authority.')
    const found = await Promise.all(all)
    expect(found.map(({ ok }) => ok)).toEqual([false, false, false])
    expect(found.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('left'),
      expect.stringContaining('stopped'),
      'Another authority.',
    ])
    expect(desk.questions).toEqual([])
    const gone = come()
    gone.abort.abort()
    expect(await gone.counter.take({ name: 'ID-A' })).toMatchObject({ ok: false })
  })

  it('asks few at once, and this program’s own server besides', async () => {
    const { desk, come } = open('ask')
    const waiting = Array.from({ length: QUESTIONS_AT_ONCE }, (_, index) =>
      come().counter.take({ name: `ID-${index}` }),
    )
    expect(await rejection(come().counter.take({ name: 'ID-More' }))).toMatchObject({ code: 'busy', step: 1 })
    const own = come({ isOwn: true }).counter.take({ name: 'ID-Own' })
    expect(desk.questions.map(({ isOwn }) => isOwn)).toEqual([false, false, false, true])
    desk.answer(desk.questions[3]!.id, true)
    expect(await own).toMatchObject({ ok: true })
    desk.answer(desk.questions[0]!.id, false)
    void come().counter.take({ name: 'ID-Next' })
    expect(desk.questions).toHaveLength(QUESTIONS_AT_ONCE)
    desk.close('Over.')
    await Promise.all(waiting)
  })
})
