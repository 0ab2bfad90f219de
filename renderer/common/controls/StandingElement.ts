/**
 * The element that stands right after it, as what a trigger of reka-ui is drawn as: it gets the trigger's listeners, and whoever draws it
 * is told of the trigger's attributes. So a hint or a menu is mounted once somebody wants it, and what it is about stays the very element
 * that it was, with its focus.
 */
import {
  defineComponent,
  onMounted,
  onScopeDispose,
  onUpdated,
  ref,
  shallowRef,
  type PropType,
  type Ref,
  type ShallowRef,
} from 'vue'

/** Attributes of a trigger, by their names. */
export type TriggerAttributes = Readonly<Record<string, unknown>>

/** An element that may be replaced by another, which is what it is about from the next time on that somebody turns to it. */
export interface TurnedTo {
  /** Undefined until somebody has turned to one. */
  readonly element: Readonly<ShallowRef<HTMLElement | undefined>>
  /** The key of what is mounted for it: for another element that is mounted anew. */
  readonly turn: Readonly<Ref<number>>
  readonly turnTo: (element: HTMLElement) => void
}

/** For a hint or a menu that is mounted once somebody wants it. */
export function useTurnedTo(): TurnedTo {
  const element = shallowRef<HTMLElement>()
  const turn = ref(0)
  function turnTo(now: HTMLElement): void {
    if (now === element.value) return
    element.value = now
    turn.value++
  }
  return { element, turn, turnTo }
}

type Listener = (event: Event) => unknown

export default defineComponent({
  inheritAttrs: false,
  props: { element: { type: Object as PropType<HTMLElement>, required: true } },
  emits: { given: (attributes: TriggerAttributes) => typeof attributes === 'object' },
  setup({ element }, { attrs, emit }) {
    const listening = new AbortController()
    const isListener = (name: string): boolean => /^on[A-Z]/.test(name)
    const tell = (name: string, event: Event): void =>
      [attrs[name]].flat().forEach((listener) => void (listener as Listener | undefined)?.(event))
    const give = (): void => {
      const attributes = Object.entries(attrs).filter(([name]) => !isListener(name) && name !== 'style')
      emit('given', Object.fromEntries(attributes))
    }
    onMounted(() => {
      give()
      const { signal } = listening
      for (const name of Object.keys(attrs).filter(isListener))
        element.addEventListener(name.slice(2).toLowerCase(), (event) => tell(name, event), { signal })
      // What made it wanted is over, and nobody tells of it again.
      if (element.matches(':hover')) tell('onPointermove', new PointerEvent('pointermove'))
      if (document.activeElement === element) tell('onFocus', new FocusEvent('focus'))
    })
    onUpdated(give)
    onScopeDispose(() => listening.abort())
    return () => null
  },
})
