/** Inputs of a fuzz, each made of its number alone; and the fewest mutations of one that failed. */
import { Dice } from '../frame-damage'
import { nameOf, type Chosen, type Input } from './lane'
import { MUTATIONS, type Mutation } from './mutations'
import { STEPS, type Step, type Suite } from './members'

/** A stride that is no divisor of any number of cases: a part of a walk has some of every kind. */
const STRIDE = 611_953
const SEEDS = 1_000_000

/** Each mutation at each step that it fits, alone. */
export function singles(suite: Suite, steps: readonly Step[] = STEPS): readonly Input[] {
  const all = steps.flatMap((step) => fitting(suite, step).map((mutation) => ({ step, mutation })))
  return all.map((_, index) => {
    const { step, mutation } = all[(index * STRIDE) % all.length]!
    return { suite, step, chosen: [{ mutation, seed: index }] }
  })
}

/** The inputs by number: every second walks through all mutations alone, the others have two or three at once. */
export function inputsOf(suite: Suite, seed: string): (index: number) => Input {
  const alone = singles(suite)
  const groups = Object.fromEntries(STEPS.map((step) => [step, groupsOf(suite, step)]))
  return (index) => {
    const dice = new Dice(`${seed} ${suite} ${index}`)
    // The client's end is known here where whoever mutates is the client.
    const mayEnforce = dice.below(4) === 0
    const enforcedAt = (step: Step): boolean => mayEnforce && step % 2 === 1
    if (index % 2 === 0) {
      const { step, chosen } = alone[(index / 2) % alone.length]!
      return {
        suite,
        step,
        isEnforced: enforcedAt(step),
        chosen: [{ ...chosen[0]!, seed: dice.below(SEEDS) }],
      }
    }
    const step = dice.pick(STEPS)
    const chosen = Array.from({ length: dice.pick([2, 2, 2, 3]) }, (): Chosen => ({
      mutation: dice.pick(dice.pick(groups[step]!)),
      seed: dice.below(SEEDS),
    }))
    return { suite, step, isEnforced: enforcedAt(step), chosen }
  }
}

const fitting = (suite: Suite, step: Step): readonly Mutation[] =>
  MUTATIONS.filter(({ fits }) => fits(suite, step))

/** By what they change: a member, the texts, a layer; so that each has its share, however many ways it can be changed in. */
function groupsOf(suite: Suite, step: Step): readonly (readonly Mutation[])[] {
  const groups = new Map<string, Mutation[]>()
  for (const mutation of fitting(suite, step)) {
    const group = mutation.name.split(':', 1)[0]!
    groups.set(group, [...(groups.get(group) ?? []), mutation])
  }
  return [...groups.values()]
}

/** The first of an input's smaller ones that fails too, itself where there is none. */
export async function shrink(input: Input, fails: (smaller: Input) => Promise<boolean>): Promise<Input> {
  const { chosen } = input
  for (const left of chosen.length > 1 ? chosen.keys() : []) {
    const smaller = { ...input, chosen: chosen.filter((_, index) => index !== left) }
    if (await fails(smaller)) return shrink(smaller, fails)
  }
  return input
}

/** The command that does an input again. */
export const commandFor = (input: Input): string => `npm run fuzz -- "${nameOf(input)}"`
