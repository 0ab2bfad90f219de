/** What can't be read of the fields of one part of the form: it goes with the part. */
import { onUnmounted, useId } from 'vue'
import type { OwnPlan } from './use-own-plan'

export interface FieldProblems {
  readonly of: (field: string) => string | undefined
  /** Says what is wrong with a field, or that nothing is. */
  readonly set: (field: string, problem: string | undefined) => void
}

export function useProblems({ problems }: Pick<OwnPlan, 'problems'>): FieldProblems {
  const id = useId()
  const keyOf = (field: string): string => `${id} ${field}`
  onUnmounted(() => {
    problems.value = new Map([...problems.value].filter(([key]) => !key.startsWith(`${id} `)))
  })
  return {
    of: (field) => problems.value.get(keyOf(field)),
    set: (field, problem) => {
      const others = [...problems.value].filter(([key]) => key !== keyOf(field))
      problems.value = new Map(problem === undefined ? others : [...others, [keyOf(field), problem]])
    },
  }
}
