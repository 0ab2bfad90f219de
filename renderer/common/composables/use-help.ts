/** The way to *Help*, and what is in sight: the place that F1 opens Help at. */
import { inject, onScopeDispose, provide, type InjectionKey } from 'vue'
import { HOME, placeText, type Place } from '#shared/help/places'
import { call, logUnforeseen } from '../call'

type Go = (place: Place) => void

const WAY: InjectionKey<Go> = Symbol('the way to Help')

/** How a citation or a word leads to its place: by way of main, or within the window of Help itself. */
export function useWayToHelp(): Go {
  return inject(WAY, showHelp)
}

/** For the window of Help: whatever leads to a place leads there in this window. */
export function provideWayToHelp(go: Go): void {
  provide(WAY, go)
}

function showHelp(place: Place): void {
  call('help:show', { place: placeText(place) }).catch(logUnforeseen)
}

/** What lies over what: a dialog over the inspector, and that over the window. */
const LEVELS = ['dialog', 'inspector', 'window'] as const
interface Sight {
  readonly level: (typeof LEVELS)[number]
  readonly place: () => Place | undefined
}
// One page is one window: what is in sight is so for all of it.
const sights = new Set<Sight>()

/** Says for as long as the calling component lives where Help is on what it shows; undefined while it shows nothing. */
export function inSight(level: Sight['level'], place: () => Place | undefined): void {
  const sight: Sight = { level, place }
  sights.add(sight)
  onScopeDispose(() => sights.delete(sight))
}

/** Where Help is on what lies uppermost; of what lies side by side, on what came last. */
export function placeInSight(): Place {
  const all = [...sights].reverse()
  for (const level of LEVELS) {
    for (const sight of all) {
      const place = sight.level === level ? sight.place() : undefined
      if (place) return place
    }
  }
  return HOME
}

/** Opens Help at what is in sight. */
export function helpOnSight(): void {
  showHelp(placeInSight())
}

/** Answers F1 for as long as the calling component lives. For the root of a window. */
export function answerHelp(): void {
  onScopeDispose(window.lab.on('help:ask', helpOnSight))
}
