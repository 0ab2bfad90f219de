/** Places that were looked at, with a way back and forward. */
import { computed, shallowRef, type ComputedRef } from 'vue'
import { placeText, type Place } from '#shared/help/places'

/** A place that was gone to. */
export interface Visit {
  readonly place: Place
  /** How far its page was scrolled when it was left, in pixels; undefined where the place itself says where to begin. */
  readonly scrolled: number | undefined
}

export interface History {
  readonly now: ComputedRef<Visit>
  readonly canGoBack: ComputedRef<boolean>
  readonly canGoForward: ComputedRef<boolean>
  readonly go: (place: Place) => void
  readonly back: () => void
  readonly forward: () => void
  /** Says how far the page is scrolled, whenever a place is left. */
  readonly attend: (scrolled: () => number) => void
}

/** More than so many are not kept. */
const MOST = 200

export function useHistory(start: Place): History {
  const visits = shallowRef<readonly Visit[]>([{ place: start, scrolled: undefined }])
  const at = shallowRef(0)
  let scrolledNow = (): number => 0

  const now = computed(() => visits.value[at.value] ?? { place: start, scrolled: undefined })

  function left(): readonly Visit[] {
    const { place } = now.value
    return visits.value.with(at.value, { place, scrolled: scrolledNow() })
  }

  function go(place: Place): void {
    if (placeText(place) === placeText(now.value.place)) {
      // Once more to where it is: after scrolling away, or by a second citation.
      visits.value = visits.value.with(at.value, { place, scrolled: undefined })
      return
    }
    const kept = left().slice(0, at.value + 1)
    const all = [...kept, { place, scrolled: undefined }].slice(-MOST)
    visits.value = all
    at.value = all.length - 1
  }

  function move(by: 1 | -1): void {
    if (!visits.value[at.value + by]) return
    visits.value = left()
    at.value += by
  }

  return {
    now,
    canGoBack: computed(() => at.value > 0),
    canGoForward: computed(() => at.value < visits.value.length - 1),
    go,
    back: () => move(-1),
    forward: () => move(1),
    attend: (scrolled) => void (scrolledNow = scrolled),
  }
}
