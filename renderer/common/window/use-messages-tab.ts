/** The tabs of a role's window: its messages are one of them, and other views and windows may lead to one of these. */
import { onScopeDispose, ref, type Ref } from 'vue'
import type { Place } from '#shared/help/places'
import { inSight } from '../composables/use-help'
import { provideMessages } from '../inspect/messages'

/** Where Help is on the other tabs. */
const HELP: Readonly<Record<string, Place>> = {
  sessions: { page: 'protocol', anchor: '5' },
  keys: { page: 'guide', anchor: 'keys-and-certificates' },
  certificates: { page: 'protocol', anchor: '2' },
}

/** `tab`: the one in front; `chosen`: the record that the list of messages has chosen, undefined for the newest. */
export function useMessagesTab<Other extends string>(): {
  readonly tab: Ref<'messages' | Other>
  readonly chosen: Ref<string | undefined>
} {
  const tab: Ref<'messages' | Other> = ref('messages')
  const chosen = ref<string>()
  // A message says so itself.
  inSight('window', () => HELP[tab.value])
  const show = (id: string): void => {
    tab.value = 'messages'
    chosen.value = id
  }
  provideMessages(show)
  onScopeDispose(window.lab.on('record:show', ({ id }) => show(id)))
  return { tab, chosen }
}
