/** What the adversary's window may ask and is told: what somebody on the wire has, and nothing of the lab. SECURITY.md has a row each. */
import { afterEach, describe, expect, it } from 'vitest'
import { adversaryHandlers, type AdversaryServices } from '#main/ipc/adversary-calls'
import { requireOwnKey, roleOf } from '#main/ipc/rights'
import { RecordNews } from '#main/lab/record-news'
import { toBase64, toHex, toUtf8, type Bytes } from '#shared/bytes'
import { LEAK_IDS } from '#shared/adversary/live'
import { CALLS, mayCall, type CallName } from '#shared/ipc/contract'
import { WINDOW_NAMES, WINDOWS } from '#shared/windows'
import type { Question } from '#main/windows/person'
import { closeAdversaries, judged, labWithAdversary, seen } from '../../support/adversary'
import { expectNone } from '../../support/context'
import { closeLabs } from '../../support/lab'

afterEach(async () => {
  await closeAdversaries()
  await closeLabs()
})

const NAMES = Object.keys(CALLS) as CallName[]
/** Of the calls that every window has, those that the adversary’s has too: they give nothing of the lab. */
const COMMON: readonly CallName[] = ['log:report', 'text:copy', 'window:show', 'help:show']

it.each(NAMES)('%s is its own call, one that gives nothing of the lab, or not for its window', (name) => {
  expect(mayCall('adversary', name)).toBe(name.startsWith('adversary:') || COMMON.includes(name))
})

it.each(NAMES.filter((name) => name.startsWith('adversary:')))('%s is for no other window', (name) => {
  expect(WINDOW_NAMES.filter((window) => mayCall(window, name))).toEqual(['adversary'])
})

it('no private key and no record is shown there, and it is told of none', async () => {
  expect(() => roleOf('adversary')).toThrow('shows no role')
  for (const key of ['SK_CA', 'SK_S'] as const)
    expect(() => requireOwnKey(key, 'adversary')).toThrow('own role')
  const { lab, told } = await labWithAdversary()
  await lab.register()
  const news = new RecordNews(WINDOWS, { tell: () => undefined, fail: expectNone })
  expect(told.length).toBeGreaterThan(0)
  expect(told.some((entry) => news.concerns('adversary', entry))).toBe(false)
})

/** The window's calls, with a person who says `answer`. */
async function calls(answer: boolean) {
  const made = await labWithAdversary()
  const asked: Question[] = []
  const services: AdversaryServices = {
    adversary: made.adversary,
    person: {
      agrees: async (_, question) => {
        asked.push(question)
        return answer
      },
    },
    exports: { save: async () => undefined, choose: async () => undefined },
  }
  return { ...made, asked, handlers: adversaryHandlers(services) }
}

describe('a key', () => {
  it.each(LEAK_IDS)('%s leaks only once the person has agreed to what leaves, and to whom', async (key) => {
    const { adversary, asked, handlers, lab } = await calls(false)
    await lab.register()
    expect(await handlers['adversary:leak']({ key }, 'adversary')).toBe(false)
    expect(adversary.view.keys.some(({ from }) => from === 'leaked')).toBe(false)
    expect(asked).toHaveLength(1)
    expect(asked[0]!.message).toBe(`Leak ${key} to the adversary?`)
    expect(asked[0]!.detail.join(' ')).toContain('The adversary of this app gets')
  })

  it('leaks with a yes, and none of its bytes gets to the window', async () => {
    const { adversary, handlers, lab } = await calls(true)
    await lab.register()
    for (const key of ['SK_S', 'SK_CA'] as const)
      expect(await handlers['adversary:leak']({ key }, 'adversary')).toBe(true)
    await adversary.frame((await seen(adversary, 1)).id)
    expect(adversary.view.leaks.filter(({ isLeaked }) => isLeaked).map(({ id }) => id)).toEqual([
      'SK_S',
      'SK_CA',
    ])
    const text = JSON.stringify(await handlers['adversary:view'](undefined, 'adversary'))
    for (const { pem } of [lab.privateKey('SK_S'), lab.privateKey('SK_CA')])
      expect(text).not.toContain(pem.split('\n')[1])
  })

  it('that there is not can’t leak', async () => {
    const { handlers } = await calls(true)
    await expect(handlers['adversary:leak']({ key: 'K_sess' }, 'adversary')).rejects.toMatchObject({
      code: 'no_key',
    })
  })
})

it('everything that the window can get holds none of the lab’s secrets, nor the client’s name where nothing has opened it', async () => {
  const { adversary, lab, handlers, settings, told } = await calls(false)
  settings.current = { ...settings.current, suite: 'modern', clientIdentity: 'ID-Nobody-Knows' }
  await lab.register()
  const client = await lab.roles.connect(new AbortController().signal)
  await client.open()
  await client.request('echo unguessable')
  await judged(adversary, (await seen(adversary, 7)).id)
  const { kTmp2, session, modern } = client.state
  const secrets = [kTmp2, session?.key, modern?.session?.clientToServer, modern?.session?.serverToClient]
    .filter((secret) => secret !== undefined && secret.length > 0)
    .flatMap((secret) => formsOf(secret as Bytes))
  expect(secrets.length).toBeGreaterThanOrEqual(4)
  const got: unknown[] = [await handlers['adversary:view'](undefined, 'adversary')]
  for (const { id } of adversary.view.frames) got.push(await handlers['adversary:frame']({ id }, 'adversary'))
  const text = JSON.stringify(got, (_, value: unknown) =>
    value instanceof Uint8Array ? formsOf(value as Bytes) : value,
  )
  const mine = toHex(toUtf8('ID-Nobody-Knows'))
  for (const secret of [...secrets, 'ID-Nobody-Knows', mine, 'unguessable', toHex(toUtf8('unguessable'))])
    expect(text.includes(secret), secret).toBe(false)
  // The same search finds what is there: both names in the records of the lab.
  expect(JSON.stringify(told)).toContain('ID-Nobody-Knows')
  expect(text).toContain(settings.current.serverIdentity)
  client.close()
})

function formsOf(bytes: Bytes): readonly string[] {
  return [toHex(bytes), toBase64(bytes)]
}
