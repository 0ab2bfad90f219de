/**
 * The client's window without a window: its walk, on top of a real lab and main's real handlers. A test that uses it has
 * to replace Electron, which main's handlers import.
 */
import { effectScope, shallowRef } from 'vue'
import { makeHandlers, type Services } from '#main/ipc/handlers'
import { toFault } from '#main/lab/fault'
import { RecordNews } from '#main/lab/record-news'
import { viewLab } from '#main/lab/view'
import type { CallName, CallsOf } from '#shared/ipc/contract'
import type { LabView } from '#shared/lab'
import type { Hl1Entry } from '#shared/hl1/types'
import type { Settings } from '#shared/settings'
import { useWalk } from '../../renderer/client/composables/use-walk'
import { CallError, type Call, type Lab } from '../../renderer/common/lab-bridge'
import type { makeLab } from './lab'
import { until } from './wait'

export type Made = ReturnType<typeof makeLab>

const NOTHING = {
  trustAnchorFile: undefined,
  notices: [],
  commandLine: [],
  versions: { app: '', electron: '', chrome: '', node: '' },
} as const

/** `news.held`: while it is true, the window hears nothing of what happens in main. */
export async function openClientWindow(made: Made) {
  const { lab, links, settings, told, watchers } = made
  const view = shallowRef<LabView>()
  const entries = shallowRef<readonly Hl1Entry[]>([])
  const news = { held: false }
  const look = (): Promise<LabView> => viewLab(lab, settings.current, NOTHING)
  const tell = (): void => {
    if (news.held) return
    void look().then((now) => {
      if (news.held) return
      view.value = now
      entries.value = [...told]
    })
  }
  watchers.add(tell)
  // Records reach this window as soon as they are made.
  const records = new RecordNews({ tell: () => undefined })
  const handlers = makeHandlers({ lab, links, news: records, view: look } as unknown as Services)
  const call = (async (name: CallName, argument: unknown) => {
    try {
      return await (handlers[name] as (argument: unknown, window: string) => unknown)(argument, 'client')
    } catch (error) {
      throw new CallError(toFault(error))
    }
  }) as Call<CallsOf<'client'>>
  const bridge: Lab<CallsOf<'client'>> = {
    view,
    settings: shallowRef<Settings>(settings.current),
    entries,
    fault: shallowRef(),
    call,
  }
  const scope = effectScope()
  const walk = scope.run(() => useWalk(bridge))
  if (!walk) throw new Error('The walk could not be set up.')
  tell()
  await until(() => view.value !== undefined)
  return {
    walk,
    call,
    view,
    entries,
    news,
    tell,
    close: () => {
      watchers.delete(tell)
      scope.stop()
    },
  }
}
