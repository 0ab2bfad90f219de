/** What recipes say of themselves, and what is made of them for others. */
import { expect, it } from 'vitest'
import { nativeCrypto } from '#main/workshop/native-crypto'
import { boringDifferences, predictedWith } from '#shared/workshop/boring-ssl'
import { makeChain } from '#shared/workshop/make'
import { TOPICS } from '#shared/workshop/recipe'
import { RECIPES } from '#shared/workshop/recipes'
import { recipesFile } from '#shared/workshop/recipes-file'
import { chainServedByName, recipeServedBy, servedName } from '#shared/workshop/served-name'
import { JUDGE_IDS } from '#shared/workshop/verdicts'

it('each topic has recipes, and each recipe says all of itself in sentences', () => {
  const topics = new Set(RECIPES.map(({ topic }) => topic))
  expect([...topics].sort()).toEqual(Object.keys(TOPICS).sort())
  for (const { id, title, wrong, otherwise } of RECIPES) {
    expect(title, id).toMatch(/^[^.]+$/)
    expect(wrong, id).toMatch(/\.$/)
    expect(otherwise, id).toMatch(/\.$/)
  }
})

it('no two recipes make the same chain', () => {
  const chains = RECIPES.map(({ chain }) => JSON.stringify(chain))
  expect(new Set(chains).size).toBe(chains.length)
})

it('what is otherwise in Electron is about recipes that are there, and about judges that make a handshake', () => {
  const differences = boringDifferences(RECIPES)
  expect(differences.length).toBeGreaterThan(10)
  for (const { id, outcomes } of differences) {
    const recipe = RECIPES.find((each) => each.id === id)!
    for (const judge of JUDGE_IDS) {
      const [here, there] = (['OpenSSL', 'BoringSSL'] as const).map((library) =>
        predictedWith(library, recipe, judge),
      )
      const differs = outcomes[judge] !== undefined
      expect(here!.outcome !== there!.outcome, `${id}, ${judge}`).toBe(differs)
    }
  }
})

it('a name below localhost stands for a recipe', () => {
  for (const recipe of RECIPES) expect(recipeServedBy(servedName(recipe))).toBe(recipe.id)
  expect(recipeServedBy('EXPIRED.localhost.')).toBe('expired')
  for (const other of ['localhost', 'a.expired.localhost', 'expired.localhost.test', '', 'expired'])
    expect(recipeServedBy(other), other).toBeUndefined()
})

it('by name a chain is for that name; one about another host stays as it is', () => {
  for (const recipe of RECIPES) {
    const { chain } = recipe
    const served = chainServedByName(recipe)
    if (chain.host === 'localhost') expect(served.host).toBe(`${recipe.id}.localhost`)
    else expect(served).toBe(chain)
  }
})

it('recipes.json has files and expected verdicts, with reasons', async () => {
  const recipe = RECIPES.find(({ id }) => id === 'rsa-1024')!
  const chain = await makeChain(recipe.chain, nativeCrypto(), 0)
  const files = { leaf: 'a', chain: 'b', key: 'c', root: 'd' }
  const read = JSON.parse(recipesFile([{ recipe, chain, files }], 0)) as unknown
  expect(read).toMatchObject({
    format: 1,
    made: '1970-01-01T00:00:00.000Z',
    recipes: [
      {
        id: 'rsa-1024',
        host: 'localhost',
        files,
        expected: {
          'openssl-profile': { outcome: 'refused', check: 'key_size' },
          'node-tls': { outcome: 'accepted', because: expect.stringContaining('level 1') as unknown },
        },
      },
    ],
  })
})
