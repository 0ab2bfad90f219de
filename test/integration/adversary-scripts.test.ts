/** What was done by hand is done again by its script, in a lab that knows nothing of the first time. */
import { afterEach, expect, it } from 'vitest'
import { toUtf8 } from '#shared/bytes'
import { writeScript, type Action, type Rule } from '#shared/adversary/script'
import { closeAdversaries, held, judged, labWithAdversary, seen } from '../support/adversary'
import { closeLabs } from '../support/lab'
import { until } from '../support/wait'

const NEVER = new AbortController().signal
const clients: { readonly close: () => void }[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await closeAdversaries()
  await closeLabs()
})

async function registered() {
  const made = await labWithAdversary()
  await made.lab.register()
  return made
}

async function clientOf({ lab }: Awaited<ReturnType<typeof labWithAdversary>>) {
  const client = await lab.roles.connect(NEVER)
  clients.push(client)
  return client
}

/** A lab whose adversary follows these rules. */
async function following(rules: readonly Rule[]) {
  const made = await registered()
  made.adversary.openScript(writeScript({ title: 'A test', rules: [...rules] }))
  made.adversary.runScript(true)
  return made
}

const rule = (step: number, direction: Rule['on']['direction'], actions: readonly Action[]): Rule => ({
  on: { step, direction, nth: 1 },
  do: [...actions],
})

it('a flipped bit and a replay, recorded and run again', async () => {
  const first = await registered()
  const one = await clientOf(first)
  await one.open()
  await one.request('time')
  const step7 = await seen(first.adversary, 7)
  await first.adversary.send(step7.id, { connection: step7.connection, to: 'acceptor' })
  await judged(first.adversary, (await seen(first.adversary, 7, true)).id)
  first.adversary.setRule({ hold: 'next', step: 4, patient: true })
  const two = await clientOf(first)
  const opening = two.open().catch((error: unknown) => error)
  const step4 = await held(first.adversary, 4)
  await first.adversary.flip(step4.id, step4.length - 1, 0)
  first.adversary.pass(step4.id)
  expect(await opening).toMatchObject({ code: 'decrypt_failed' })
  expect(first.adversary.view.recorded).toHaveLength(2)
  const script = first.adversary.script('Both')

  const again = await registered()
  again.adversary.openScript(script)
  again.adversary.runScript(true)
  const three = await clientOf(again)
  await three.open()
  await three.request('time')
  expect((await judged(again.adversary, (await seen(again.adversary, 7, true)).id)).fate).toMatchObject({
    is: 'accepted',
  })
  await expect((await clientOf(again)).open()).rejects.toMatchObject({ code: 'decrypt_failed' })
  expect(again.adversary.view.script).toMatchObject({ title: 'Both', isRunning: true, done: [0, 1] })
  again.adversary.runScript(false)
  await (await clientOf(again)).open()
})

it.each(['hold', 'wait'] as const)(
  'what a script has wait (%s) goes on once when the person lets it pass, and the connection is read on',
  async (does) => {
    const { adversary, ...rest } = await following([
      rule(3, 'client_to_server', [does === 'hold' ? { does } : { does, seconds: 600 }]),
    ])
    const client = await clientOf({ adversary, ...rest })
    const opening = client.open()
    const step3 = await held(adversary, 3)
    await adversary.flip(step3.id, 7, 0)
    adversary.revert(step3.id)
    adversary.pass(step3.id)
    await opening
    expect(await client.request('time')).not.toBe('')
    for (const step of [3, 4, 5, 6, 7, 8]) {
      const { id } = await seen(adversary, step)
      expect((await judged(adversary, id)).fate, `step ${step}`).toMatchObject({ is: 'accepted' })
    }
    expect(adversary.view.deeds.filter(({ text }) => text.startsWith('The script has changed'))).toEqual([])
  },
)

it('waits, drops, cuts and makes steps', async () => {
  const waiting = await following([rule(3, 'client_to_server', [{ does: 'wait', seconds: 0.3 }])])
  const began = Date.now()
  await (await clientOf(waiting)).open()
  expect(Date.now() - began).toBeGreaterThanOrEqual(290)

  const cutting = await following([
    rule(7, 'client_to_server', [{ does: 'drop' }]),
    rule(8, 'server_to_client', [{ does: 'cut' }]),
  ])
  const client = await clientOf(cutting)
  await client.open()
  const asking = client.request('time').catch((error: unknown) => error)
  const dropped = await seen(cutting.adversary, 7)
  await until(() => cutting.adversary.view.frames.find(({ id }) => id === dropped.id)?.fate.is === 'dropped')
  cutting.adversary.cut(dropped.connection)
  expect(await asking).toMatchObject({ code: 'connection_closed' })

  const values = { k_tmp1: { hex: '0123456789abcdef' }, id_s: 'ID-Script', ts1: Date.now() }
  const forge = { does: 'forge', suite: 'classic', step: 1, values, on: 'new', to: 'acceptor' } as const
  const making = await labWithAdversary()
  making.adversary.openScript(writeScript({ title: 'x', rules: [rule(2, 'authority_to_server', [forge])] }))
  making.adversary.runScript(true)
  await making.lab.register()
  await until(() =>
    making.lab.authority.issued.some(({ certificate }) =>
      JSON.stringify(certificate.subject).includes('ID-Script'),
    ),
  )
})

it('what it sends, makes and cuts is told, each of the frame that it is, and a cut is kept for a saved run', async () => {
  const place = { step: 7, direction: 'client_to_server', nth: 1 } as const
  const values = { req: 'time', ts7: 1 }
  const forge = { does: 'forge', suite: 'classic', step: 7, values, on: 'same', to: 'acceptor' } as const
  const made = await following([
    rule(8, 'server_to_client', [
      { does: 'send', frame: place, on: 'same', to: 'acceptor' },
      forge,
      { does: 'cut' },
    ]),
  ])
  const { adversary } = made
  const client = await clientOf(made)
  await client.open()
  adversary.leak('K_sess')
  await client.request('time')
  await until(() => adversary.view.deeds.some(({ text }) => text.startsWith('The script has cut')))
  const step7 = adversary.view.frames.find(({ step, isOwn }) => step === 7 && !isOwn)!
  const [again, own] = adversary.view.frames.filter(({ step, isOwn }) => step === 7 && isOwn)
  expect([again!.of, own!.of]).toEqual([step7.id, undefined])
  const deeds = adversary.view.deeds.filter(({ text }) => text.startsWith('The script'))
  expect(deeds.map(({ text, frame }) => [text, frame])).toEqual([
    ['The script has sent step 7 from client to server again.', again!.id],
    ['The script has made a step 7.', own!.id],
    [`The script has cut connection ${step7.connection}.`, undefined],
  ])
  const kept = adversary.keep()!.adversary!([])
  const { wire, kind } =
    kept.lines[kept.deeds.flatMap((deed) => (deed.does === 'cut' ? [deed.line] : []))[0]!]!
  expect([wire, kind]).toEqual(['server', 'crossing'])
})

it('what it can’t do is said, and the frame passes as it came', async () => {
  const made = await following([
    rule(3, 'client_to_server', [
      { does: 'flip', byte: 100_000, bit: 0 },
      { does: 'member', member: 'nobody', value: 'x' },
      { does: 'replace', by: { step: 8, direction: 'server_to_client', nth: 9 } },
    ]),
  ])
  await (await clientOf(made)).open()
  const said = made.adversary.view.deeds.filter(({ text }) => text.startsWith('The script could not go on'))
  expect(said).toHaveLength(3)
})

it('a file that is no script changes nothing', async () => {
  const made = await following([rule(3, 'client_to_server', [{ does: 'cut' }])])
  expect(() => made.adversary.openScript(toUtf8('{}'))).toThrow(
    expect.objectContaining({ code: 'bad_script' }),
  )
  expect(made.adversary.view.script).toMatchObject({ title: 'A test', isRunning: true })
})
