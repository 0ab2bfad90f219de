/**
 * Every recipe of the certificate workshop, made, looked into, and judged by everybody: what comes is what its data foretells.
 * docs/recipes.md is held to the data; `UPDATE_DOCS=1` writes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { JUDGES } from '#main/workshop/judges/all'
import { nativeCrypto } from '#main/workshop/native-crypto'
import { runRecipes } from '#main/workshop/run-recipes'
import { isAsPredicted } from '#shared/workshop/boring-ssl'
import { makeChain, type MadeChain } from '#shared/workshop/make'
import { recipesPage } from '#shared/workshop/page'
import { RECIPES } from '#shared/workshop/recipes'
import { JUDGE_IDS, predicted, type JudgedChain, type JudgeId } from '#shared/workshop/verdicts'
import { EVIDENCE } from '../support/recipe-evidence'

const PAGE = resolve(import.meta.dirname, '../../docs/recipes.md')
const NEVER = new AbortController().signal
const crypto = nativeCrypto()

const verdicts = new Map<string, Map<JudgeId, JudgedChain>>()
const chains = new Map<string, MadeChain>()
beforeAll(async () => {
  await runRecipes({
    recipes: RECIPES,
    judges: JUDGES,
    crypto,
    now: Date.now,
    signal: NEVER,
    onMade: ({ id }, chain) => chains.set(id, chain),
    onDone: ({ id }, judge, judged) => {
      const of = verdicts.get(id) ?? new Map<JudgeId, JudgedChain>()
      verdicts.set(id, of.set(judge.id, judged))
    },
  })
}, 180_000)

it('every judge is installed, and says its version', async () => {
  const versions = await Promise.all(JUDGES.map((judge) => judge.version(NEVER)))
  expect(JUDGES.map(({ id }) => id)).toEqual(JUDGE_IDS)
  expect(versions).not.toContain(undefined)
})

it('recipes have ids of their own, fit to be the label of a host', () => {
  const ids = RECIPES.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length).toBeGreaterThanOrEqual(60)
  expect(ids.filter((id) => !/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(id))).toEqual([])
})

describe.each(RECIPES.map((recipe) => [recipe.id, recipe] as const))('%s', (id, recipe) => {
  const { predicts } = recipe
  it('has its fault in the bytes', async () => {
    expect(await EVIDENCE[id]?.(chains.get(id)!)).toBe(true)
  })

  it.each(JUDGE_IDS)('is judged by %s as foretold', (judge) => {
    const judged = verdicts.get(id)?.get(judge) ?? { outcome: 'undecided', said: 'nothing' }
    const { outcome, check } = predicted(predicts, judge)
    const difference = `foretold ${outcome} ${check ?? ''}, came ${judged.outcome} ${judged.check ?? ''}: ${judged.said}`
    expect(isAsPredicted('OpenSSL', recipe, judge, judged), difference).toBe(true)
  })

  it('says why of each judge that differs from OpenSSL strict', () => {
    const usual = predicted(predicts, 'openssl-profile').outcome
    const others = JUDGE_IDS.filter((judge) => judge !== 'openssl-profile' && judge !== 'web-profile')
    const silent = others.filter((judge) => {
      const { outcome } = predicted(predicts, judge)
      return outcome !== 'unservable' && outcome !== usual && predicts.because[judge] === undefined
    })
    expect(silent).toEqual([])
  })
})

it('no fault is seen in the good chain', async () => {
  const good = chains.get('good')!
  const seen: string[] = []
  // What is looked for by the id of a certificate that the good chain does not have is not there either.
  for (const [id, sees] of Object.entries(EVIDENCE)) {
    if (
      id !== 'good' &&
      (await Promise.resolve()
        .then(() => sees(good))
        .catch(() => false))
    )
      seen.push(id)
  }
  // Lists that are all empty are none at all in the good chain.
  expect(seen).toEqual(['not-revoked'])
  expect(good.lists).toEqual([])
})

it('keys and serial numbers are made afresh', async () => {
  const [{ chain }] = RECIPES as [(typeof RECIPES)[number]]
  const made = await Promise.all([makeChain(chain, crypto, Date.now()), makeChain(chain, crypto, Date.now())])
  const keys = made.flatMap(({ certificates }) =>
    certificates.map(({ key }) => Buffer.from(key.spki).toString('hex')),
  )
  expect(new Set(keys).size).toBe(6)
})

it('a run that is given up ends at once, with the reason', async () => {
  const abort = new AbortController()
  const reason = new Error('given up')
  let count = 0
  const run = runRecipes({
    recipes: RECIPES,
    judges: JUDGES,
    crypto,
    now: Date.now,
    signal: abort.signal,
    onDone: () => {
      if (++count === 5) abort.abort(reason)
    },
  })
  await expect(run).rejects.toBe(reason)
  expect(count).toBeLessThan(10)
})

it('docs/recipes.md is what the recipes say', () => {
  const page = recipesPage(RECIPES)
  if (process.env['UPDATE_DOCS']) writeFileSync(PAGE, page)
  expect(page).toBe(readFileSync(PAGE, 'utf8'))
})
