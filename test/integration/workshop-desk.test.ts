/** The desk of the certificate workshop, with its thread as it is built: judging, serving, plans that fail, and what is left behind. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { WorkshopDesk } from '#main/workshop/workshop-desk'
import { isAsPredicted } from '#shared/workshop/boring-ssl'
import { changed, leaf, PLAIN } from '#shared/workshop/plain'
import { RECIPES } from '#shared/workshop/recipes'
import { JUDGE_IDS } from '#shared/workshop/verdicts'
import type { ChosenChains, WorkshopProgress } from '#shared/workshop/view'
import { buildEntry, type BuiltProgram } from '../support/terminal-program'

let built: BuiltProgram
let desk: WorkshopDesk
let told: WorkshopProgress[]
let failures: unknown[]
let temporary: string
const before = process.env['TMPDIR']

beforeAll(async () => {
  built = await buildEntry('main/workshop/workshop-thread.ts')
})
afterAll(() => built.remove())
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'workshop-desk-'))
  process.env['TMPDIR'] = temporary
  told = []
  failures = []
  desk = new WorkshopDesk({
    thread: built.program,
    tell: (progress) => told.push(progress),
    log: { failed: (_, error) => failures.push(error) },
  })
})
afterEach(async () => {
  await desk.forget()
  if (before === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = before
  expect(readdirSync(temporary)).toEqual([])
  rmSync(temporary, { recursive: true })
})

const some = (count: number): ChosenChains => ({
  what: 'recipes',
  ids: RECIPES.slice(0, count).map(({ id }) => id),
})
/** Resolves when nothing is judged any more. */
async function rest(): Promise<void> {
  await expect.poll(async () => (await desk.view()).waiting, { timeout: 60_000 }).toEqual([])
}

it('all that is judged while something else is served again and again comes as predicted', async () => {
  await desk.judge(some(14))
  for (let round = 0; round < 6; round++) await desk.serve({ chosen: some(2), ports: 'one', port: 0 })
  await rest()
  const { verdicts, serving } = await desk.view()
  const wrong = verdicts.filter(({ chain, judge, judged }) => {
    const recipe = RECIPES.find(({ id }) => id === chain)!
    return !isAsPredicted('OpenSSL', recipe, judge, judged)
  })
  expect(wrong).toEqual([])
  expect(verdicts).toHaveLength(14 * JUDGE_IDS.length)
  expect(serving?.chains).toHaveLength(2)
  for (const progress of told) expect(progress.done).toBeLessThanOrEqual(progress.of)
  expect(failures).toEqual([])
}, 120_000)

it('what a killed program has left of recipes and of own chains is swept, and what others have put there stays', async () => {
  const left = join(temporary, 'handshake-lab-serving-999999999-abcdef')
  const others = join(temporary, 'handshake-lab-serving-999999998-abcdef')
  for (const folder of [left, others]) mkdirSync(folder)
  for (const name of ['own.leaf.pem', 'good.chain.pem', 'own.ca.pem']) writeFileSync(join(left, name), '')
  writeFileSync(join(others, 'mine.txt'), '')
  await desk.view()
  expect([existsSync(left), existsSync(others)]).toEqual([false, true])
  rmSync(others, { recursive: true })
}, 60_000)

it('a plan that can’t be made ends with a fault, and what waits behind it is judged', async () => {
  // Past the schema, as no window gets it: nobody has an ECDSA with MD5.
  await desk.judge({ what: 'own', plan: leaf({ signature: { hash: 'MD5' } }) })
  await desk.judge(some(1))
  await rest()
  expect(told.flatMap(({ fault }) => fault ?? [])).toMatchObject([{ code: 'bad_argument' }])
  const { verdicts } = await desk.view()
  expect(verdicts.map(({ chain }) => chain)).toEqual(JUDGE_IDS.map(() => 'good'))
  expect(failures).toEqual([])
}, 60_000)

it('what is given up ends soon, long keys or not, and leaves nothing waiting', async () => {
  const key = { kind: 'RSA', bits: 4096 } as const
  const plan = changed('root', { key }, changed('intermediate', { key }, leaf({ key })))
  await desk.judge({ what: 'own', plan })
  await desk.judge(some(20))
  desk.cancel()
  await rest()
  const { done, of } = await desk.view()
  expect([done, of]).toEqual([0, 0])
}, 60_000)

it('a plan is kept when the window goes, its verdicts are not; those of another plan are told apart', async () => {
  const other = { ...PLAIN, host: 'other.test' }
  await desk.judge({ what: 'own', plan: PLAIN })
  await rest()
  desk.keep(other)
  const view = await desk.view()
  expect([view.plan, view.judged]).toEqual([other, PLAIN])
  const [one, same] = [
    await desk.open({ what: 'own', plan: PLAIN }),
    await desk.open({ what: 'own', plan: PLAIN }),
  ]
  expect(one).toEqual(same)
  expect(await desk.open({ what: 'own', plan: other })).not.toEqual(one)
  await desk.forget()
  const after = await desk.view()
  expect([after.plan, after.judged, after.verdicts]).toEqual([other, undefined, []])
}, 60_000)

it('what is served ends with the window, also while it is being begun', async () => {
  const begun = desk.serve({ chosen: some(20), ports: 'each', port: 0 })
  const ended = expect(begun).rejects.toMatchObject({ code: 'cancelled' })
  // It is on its way by then.
  await new Promise((resolve) => setTimeout(resolve, 50))
  await desk.forget()
  await ended
  expect((await desk.view()).serving).toBeUndefined()
  const { chains } = await desk.serve({ chosen: some(1), ports: 'one', port: 0 })
  expect(chains[0]?.commands.map(({ client }) => client)).toContain('curl')
  await desk.stop()
  expect((await desk.view()).serving).toBeUndefined()
}, 60_000)
