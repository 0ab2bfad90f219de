import { expect, it } from 'vitest'
import { attackById } from '#shared/adversary/attacks'
import { runOf } from '#shared/adversary/run'

it('a story begins with what the attack takes, which is told from what the adversary does first', () => {
  const cell = { attack: 'steal-the-key-later', suite: 'classic', without: [], outcome: { is: 'succeeded' } }
  const { story } = runOf(attackById(cell.attack)!, cell as never, { records: [], frames: [] }, 'Why.')
  expect(story.slice(0, 3)).toEqual([
    'What it takes: the server’s private key, which it gets long after the session.',
    'The adversary records a session that it can’t read.',
    'Long after its end it gets the server’s private key.',
  ])
})
