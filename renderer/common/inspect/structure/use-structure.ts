/** A structure as one view shows it: which element is chosen, which are folded, what is searched for. */
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import { nodeAt, type PackedStructure, type PlacedNode } from './packed'
import { ancestorsOf, foldedAll, foldedAtFirst, visibleRows, type Folded } from './rows'
import { searchStructure } from './search'

export interface StructureState {
  readonly folded: Readonly<Ref<Folded>>
  readonly rows: ComputedRef<Int32Array>
  /** Index of the chosen element; choosing one inside of folded ones unfolds them. */
  readonly selected: ComputedRef<number>
  readonly node: ComputedRef<PlacedNode | undefined>
  readonly select: (index: number) => void
  readonly fold: (index: number, folded: boolean) => void
  readonly foldAll: () => void
  readonly unfoldAll: () => void
  readonly query: Ref<string>
  /** Elements that the search has found; undefined while nothing is looked for. */
  readonly found: Readonly<Ref<readonly number[] | undefined>>
  /** Which of them is chosen, from 0. */
  readonly at: Readonly<Ref<number>>
  /** Goes on to the next find, or the one before. */
  readonly step: (by: 1 | -1) => void
}

/** What is kept of a structure while other tabs are looked at. */
interface Kept {
  readonly folded: Folded
  readonly selected: number
}

const kept = new WeakMap<PackedStructure, Kept>()

/** State for a structure; it is there again when the same structure is shown again. */
export function useStructure(packed: PackedStructure): StructureState {
  const before = kept.get(packed)
  const folded = shallowRef<Folded>(before?.folded ?? foldedAtFirst(packed))
  const selected = ref(before?.selected ?? 0)
  const query = ref('')
  const found = shallowRef<readonly number[]>()
  const at = ref(0)

  watch([folded, selected], () => kept.set(packed, { folded: folded.value, selected: selected.value }))
  watch(query, async (text, _, onCleanup) => {
    const newest = new AbortController()
    onCleanup(() => newest.abort())
    const indices = await searchStructure(packed, text, newest.signal)
    if (newest.signal.aborted) return
    found.value = text.trim() === '' ? undefined : indices
    at.value = 0
    const [first] = indices
    if (first !== undefined) select(first)
  })

  function select(index: number): void {
    const around = ancestorsOf(packed, index).filter((ancestor) => folded.value.has(ancestor))
    if (around.length > 0)
      folded.value = new Set([...folded.value].filter((other) => !around.includes(other)))
    selected.value = index
  }

  function fold(index: number, isFolded: boolean): void {
    const next = new Set(folded.value)
    if (isFolded) next.add(index)
    else next.delete(index)
    refold(next)
  }

  /** What was chosen stays to be seen: if not itself, then what it is folded into. */
  function refold(next: Folded): void {
    folded.value = next
    selected.value = ancestorsOf(packed, selected.value).find((index) => next.has(index)) ?? selected.value
  }

  function step(by: 1 | -1): void {
    const { value: indices = [] } = found
    if (indices.length === 0) return
    at.value = (at.value + by + indices.length) % indices.length
    select(indices[at.value] ?? 0)
  }

  return {
    folded,
    rows: computed(() => visibleRows(packed, folded.value)),
    selected: computed(() => selected.value),
    node: computed(() => nodeAt(packed, selected.value)),
    select,
    fold,
    foldAll: () => refold(foldedAll(packed)),
    unfoldAll: () => refold(new Set()),
    query,
    found,
    at,
    step,
  }
}
