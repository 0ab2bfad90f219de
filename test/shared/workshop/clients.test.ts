/** What is foretold of clients that are no judges. */
import { expect, it } from 'vitest'
import { CLIENT_IDS, clientDifferences, predictedOfClient } from '#shared/workshop/clients'
import { RECIPES } from '#shared/workshop/recipes'

it('what stands as an exception is one, of a recipe that is there and served', () => {
  const all = clientDifferences(RECIPES)
  const idle = all.filter(({ id, outcome }) => {
    const usual = RECIPES.find((recipe) => recipe.id === id)?.predicts.others['s-client']
    return usual === outcome || usual === 'unservable'
  })
  expect(idle).toEqual([])
  const named = RECIPES.flatMap((recipe) =>
    CLIENT_IDS.filter((client) => predictedOfClient(client, recipe).because !== undefined),
  )
  expect(named.length).toBe(all.length)
})

it('nobody refuses what has nothing wrong', () => {
  const good = RECIPES.find(({ id }) => id === 'good')!
  expect(CLIENT_IDS.map((client) => predictedOfClient(client, good))).toEqual(
    CLIENT_IDS.map(() => ({ outcome: 'accepted' })),
  )
})
