import { expect, it } from 'vitest'
import { nextTurn } from '#shared/turn'

it('lets a timer that is due run while work goes on and on', async () => {
  let isDue = false
  setTimeout(() => (isDue = true), 0)
  let turns = 0
  while (!isDue && turns < 100_000) {
    await nextTurn()
    turns++
  }
  expect(isDue).toBe(true)
})
