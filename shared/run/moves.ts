/** What somebody in the middle of a run did, as windows show it: the attack in words, and every frame, with what became of it. */
import { crossedFrame } from '../adversary/crossed'
import { GOALS } from '../adversary/oracles'
import { outcomeText } from '../adversary/cell'
import { plainWords } from '../adversary/run'
import type { Party, TracedFrame } from '../adversary/stage'
import { attackById } from '../adversary/attacks'
import type { Bytes } from '../bytes'
import { defenceTitle } from '../hl1/defences'
import type { Hl1Entry } from '../hl1/types'
import { SameBytes } from '../same-bytes'
import { listed } from '../words'
import { attackRunOf } from './attack-again'
import type { Move, Moves } from './move'
import { movesOfAdversary } from './moves-of-adversary'
import type { KeptAttack, Run } from './run'

/** What was done in a run; undefined where nobody was in the middle. */
export function movesOf(run: Run): Moves | undefined {
  const { attack, adversary } = run
  if (attack) return movesOfAttack(run, attack)
  return adversary && movesOfAdversary(run, adversary)
}

function movesOfAttack(run: Run, kept: KeptAttack): Moves {
  const { attack: id, suite, without, outcome, frames } = kept
  const attack = attackById(id)
  const title = plainWords(attack?.title ?? id)
  const gone = without.length > 0 ? `without ${listed(without.map(defenceTitle))}` : 'with all defences'
  const came = outcomeText(outcome).replace(/\.$/, '')
  const again =
    without.length > 0
      ? ' Its checks were made again without that, as in the lab of that run; the lab behind it does without nothing.'
      : ''
  const goal = attack ? ` It succeeds when the adversary ${GOALS[attack.oracle.goal]}.` : ''
  return {
    summary: `A run of the attack “${title}” on ${suite}, ${gone}: ${came}.${again}`,
    attack: {
      title: `${title}: suite ${suite}, ${gone}`,
      wants: `It wants: ${attack?.wants ?? ''}${goal}`,
      hasSucceeded: outcome.is === 'succeeded',
      outcome: came,
      story: attackRunOf(run, kept).story,
    },
    frames: tracedMoves(frames, run.records),
    deeds: [],
  }
}

function tracedMoves(frames: readonly TracedFrame[], records: readonly Hl1Entry[]): readonly Move[] {
  const moments = new MomentsOf(records)
  return frames.map((traced) => {
    const { from, to, frame } = traced
    const moment =
      from === 'adversary' ? moments.next(to, 'received', frame) : moments.next(from, 'sent', frame)
    return { ...crossedFrame(traced), moment }
  })
}

/** Finds the moments at which frames were sent or received, of several that are the same one after another. */
class MomentsOf {
  readonly #moments = new Map<string, number[]>()
  readonly #same = new SameBytes()
  #last = 1

  constructor(records: readonly Hl1Entry[]) {
    for (const [index, { role, direction, frame }] of records.entries()) {
      const key = this.#keyOf(role, direction, frame)
      const alike = this.#moments.get(key)
      if (alike) alike.push(index + 1)
      else this.#moments.set(key, [index + 1])
    }
  }

  /** A frame that nobody has recorded so crossed after the one before it. */
  next(party: Party, direction: Hl1Entry['direction'], frame: Bytes): number {
    const found = this.#moments.get(this.#keyOf(party, direction, frame))?.shift()
    this.#last = Math.max(this.#last, found ?? 0)
    return this.#last
  }

  #keyOf(party: Party, direction: Hl1Entry['direction'], frame: Bytes): string {
    return `${party} ${direction} ${this.#same.numberOf(frame)}`
  }
}
