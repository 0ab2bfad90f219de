/** What links members and bytes: the members that are pointed at just now, and the one that was chosen to stay. */
import { computed, shallowRef, type Ref } from 'vue'

export interface Highlight {
  /** Names of the members to mark: those pointed at, or else the chosen one. */
  readonly members: Readonly<Ref<readonly string[]>>
  readonly chosen: Readonly<Ref<string | undefined>>
  /** Marks members while the pointer or the byte cursor is on them; an empty list ends it. */
  readonly point: (members: readonly string[]) => void
  /** Marks a member until another is chosen; the same one again ends it. */
  readonly choose: (member: string) => void
  readonly clear: () => void
}

export function useHighlight(): Highlight {
  const pointed = shallowRef<readonly string[]>([])
  const chosen = shallowRef<string>()
  const members = computed(() => {
    if (pointed.value.length > 0) return pointed.value
    return chosen.value === undefined ? [] : [chosen.value]
  })
  return {
    members,
    chosen,
    point: (names) => void (pointed.value = names),
    choose: (name) => void (chosen.value = chosen.value === name ? undefined : name),
    clear: () => {
      pointed.value = []
      chosen.value = undefined
    },
  }
}
