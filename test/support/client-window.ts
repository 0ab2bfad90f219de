/**
 * The client's window without a window: its walk, on top of a real lab and main's real handlers. Neither Vue nor Electron
 * has to be there.
 */
import { toFault } from '#shared/errors'
import type { Adversary } from '#main/adversary/adversary'
import { makeHandlers, type Services } from '#main/ipc/handlers'
import { Losses } from '#main/ipc/losses'
import { RecordNews } from '#main/lab/record-news'
import { viewLab } from '#main/lab/view'
import type { CallName, CallsOf } from '#shared/ipc/contract'
import type { LabView } from '#shared/lab'
import type { Hl1Entry } from '#shared/hl1/types'
import { WINDOWS } from '#shared/windows'
import { pageClock } from '../../renderer/client/walk/session-end'
import { Walk } from '../../renderer/client/walk/walk'
import { CallError, type Call } from '../../renderer/common/call'
import { expectNone } from './context'
import type { makeLab } from './lab'
import { until } from './wait'

export type Made = ReturnType<typeof makeLab>

const NOTHING = {
  isOnWire: false,
  heldOnWire: 0,
  dropped: [],
  trustAnchorFile: undefined,
  notices: [],
  commandLine: [],
  versions: { app: '', electron: '', chrome: '', node: '' },
} as const

/** `asked`: what main has asked before something was lost, and `answer`, what the person says. `news.held`: while it is true, the window hears nothing of what happens in main. `adversary`: hears what the client makes of messages that cross its wire. */
export async function openClientWindow(made: Made, adversary?: Pick<Adversary, 'judge'>) {
  const { lab, links, settings, told, watchers } = made
  const window: { view: LabView | undefined; entries: readonly Hl1Entry[]; request: string } = {
    view: undefined,
    entries: [],
    request: 'time',
  }
  const news = { held: false }
  const forgotten = new Set<string>()
  let changes = 0
  const look = (): Promise<LabView> => viewLab(lab, settings.current, NOTHING)
  const tell = (): void => {
    if (news.held) return
    void look().then((now) => {
      if (news.held) return
      window.view = now
      window.entries = [...told]
      walk.hear()
    })
  }
  // Records reach this window as soon as they are made.
  const records = new RecordNews(WINDOWS, { tell: () => undefined, fail: expectNone })
  const person: { readonly asked: string[]; answer: 'yes' | 'Cancel' } = { asked: [], answer: 'yes' }
  const losses = new Losses({
    lab,
    kept: { has: () => false },
    isRunSaved: () => false,
    workshop: { served: 0 },
    held: () => 0,
    windows: { show: () => undefined, ask: () => undefined },
    person: {
      chooses: async (_, { message, detail, yes }) => {
        person.asked.push([message, ...detail].join('\n'))
        return person.answer === 'yes' ? yes : person.answer
      },
      choosesByThemselves: expectNone as () => never,
    },
    quit: expectNone as () => never,
  })
  const handlers = makeHandlers({
    lab,
    links,
    losses,
    news: records,
    view: look,
    adversary,
  } as unknown as Services)
  const call = (async (name: CallName, argument: unknown) => {
    try {
      return await (handlers[name] as (argument: unknown, window: string) => unknown)(argument, 'client')
    } catch (error) {
      throw new CallError(toFault(error))
    }
  }) as Call<CallsOf<'client'>>
  const walk = new Walk({
    call,
    view: () => window.view,
    settings: () => settings.current,
    newestRecord: () => window.entries.at(-1)?.id,
    request: () => window.request,
    loadClient: () => import('../../renderer/client/walk/client-role'),
    clock: pageClock,
    onForgotten: (ids) => ids.forEach((id) => forgotten.add(id)),
    onChange: () => changes++,
  })
  watchers.add(tell)
  tell()
  await until(() => window.view !== undefined)
  return {
    walk,
    call,
    window,
    news,
    forgotten,
    person,
    tell,
    seen: () => changes,
    close: () => {
      watchers.delete(tell)
      walk.close()
    },
  }
}
